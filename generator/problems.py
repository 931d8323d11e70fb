"""What is wrong in the sources: one form for every problem, whatever step finds it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne


@dataclass(frozen=True, order=True)
class Problem:
    """A problem at a place: `path` relative to the root, `line` and `column` counted from 1."""

    path: str
    line: int
    column: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return visible(f"{self.path}:{self.line}:{self.column}: {mark}{self.message}")


class PlaybookError(Exception):
    """The sources cannot be used; `problems` says why, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[PlaybookError], tuple[list[Problem]]]:
        return PlaybookError, (self.problems,)  # from one process to another


def errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def quote(value: object) -> str:
    """The bad value as it goes into a message: as an author wrote it, on one line, at most 60 characters."""
    text = str(value).lower() if isinstance(value, bool) else re.sub(r"[ \t\n]+", " ", str(value))
    return f"'{text if len(text) <= 60 else text[:57] + '…'}'"


def visible(text: str) -> str:
    """`text` on one line that any terminal can show: what has no shape is written as `\\n`, `\\xa0`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The nearest of `known`, if it is near enough to have been meant."""
    match = extractOne(word.lower(), list(known), scorer=ratio, score_cutoff=60)
    return match and match[0]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of `known`, or nothing."""
    match = closest(word, known)
    return f"; did you mean '{match}'?" if match else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """What an author may have meant by an unknown word: the nearest known one, or all if they are few."""
    words = list(known)
    listed = f"; known: {', '.join(words)}" if 0 < len(words) <= 12 else "; remove it"
    return did_you_mean(word, words) or listed
