"""Problems in the forms that other programs read: JSON, GitHub's annotations, SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from generator.problems import Problem, visible

RULE = "playbook"  # problems are of one kind: something in the sources is to be mended


def as_json(problems: Sequence[Problem]) -> str:
    """A list of objects with path, line, column, message, severity."""
    return _dump([asdict(problem) for problem in problems])


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands, which GitHub shows beside the lines they are about."""

    def data(text: str) -> str:
        return visible(text).replace("%", "%25")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    return "".join(
        f"::{p.severity} file={value(p.path)},line={p.line},col={p.column}::{data(p.message)}\n" for p in problems
    )


def as_sarif(problems: Sequence[Problem]) -> str:
    """SARIF 2.1.0, one run."""
    results = [
        {
            "ruleId": RULE,
            "level": problem.severity,
            "message": {"text": problem.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": _uri(problem.path)},
                        "region": {"startLine": problem.line, "startColumn": problem.column},
                    }
                }
            ],
        }
        for problem in problems
    ]
    driver = {"name": "playbook", "rules": [{"id": RULE, "shortDescription": {"text": "A problem in the sources"}}]}
    return _dump(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
        }
    )


FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {"json": as_json, "github": as_github, "sarif": as_sarif}


def _uri(path: str) -> str:
    """A path as a URI: relative, or `file:` and absolute."""
    pure = PurePath(path)
    return f"file://{quote(str(pure), errors='replace')}" if pure.is_absolute() else quote(str(pure), errors="replace")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, indent=1) + "\n"  # lone surrogates of odd file names stay readable
