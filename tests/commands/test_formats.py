"""`playbook check` for other programs, and again and again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.commands.formats import as_github, as_json, as_sarif
from generator.pipeline import examine
from generator.problems import Problem
from tests.conftest import Edit

GRUSS = "universes/hafen/rituals/gruss.yml"


@pytest.fixture
def broken(small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One error, and one warning."""
    edit(GRUSS, "minutes: 15", "minutes: viel")
    edit("universes/turm/universe.yml", "reviewed: 2026-11-01", "reviewed: 2020-11-01")
    monkeypatch.chdir(small)
    return small


def check(form: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", "--format", form])
    return result.exit_code, result.stdout


def test_json_is_the_problems(broken: Path) -> None:
    code, output = check("json")
    assert code == 1
    problems = examine(broken).problems
    assert [Problem(**entry) for entry in json.loads(output)] == problems
    assert {entry["severity"] for entry in json.loads(output)} == {"error", "warning"}


def test_github_annotates_the_lines(broken: Path) -> None:
    code, output = check("github")
    assert code == 1
    assert f"::error file={GRUSS},line=14,col=14::'minutes' must be a whole number" in output
    assert "::warning file=universes/turm/universe.yml,line=" in output
    assert len(output.splitlines()) == len(examine(broken).problems)


def test_github_s_own_marks_are_escaped() -> None:
    problem = Problem("a,b:c%.yml", 1, 2, "100 %: x, y\n::error::", "warning")
    assert as_github([problem]) == "::warning file=a%2Cb%3Ac%25.yml,line=1,col=2::100 %25: x, y\\n::error::\n"


def test_sarif_says_where(broken: Path) -> None:
    code, output = check("sarif")
    assert code == 1
    log = json.loads(output)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    ids = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result, problem in zip(run["results"], examine(broken).problems, strict=True):
        assert result["ruleId"] in ids
        assert (result["level"], result["message"]["text"]) == (problem.severity, problem.message)
        place = result["locations"][0]["physicalLocation"]
        assert unquote(place["artifactLocation"]["uri"]) == problem.path
        assert place["region"] == {"startLine": problem.line, "startColumn": problem.column}


def test_a_path_in_sarif_is_a_uri() -> None:
    uris = []
    for path in ("a b/ü.yml", "/x/y z.yml", "../c#1.yml"):
        found = json.loads(as_sarif([Problem(path, 1, 1, "x")]))["runs"][0]["results"][0]["locations"][0]
        uris.append(found["physicalLocation"]["artifactLocation"]["uri"])
    assert uris == ["a%20b/%C3%BC.yml", "file:///x/y%20z.yml", "../c%231.yml"]


@pytest.mark.parametrize(("form", "empty"), [("json", []), ("github", None), ("sarif", [])])
def test_a_fine_playbook_has_no_entries(small: Path, form: str, empty: object) -> None:
    result = CliRunner().invoke(main, ["check", "--format", form, "--root", str(small)])
    assert result.exit_code == 0
    found: Any = json.loads(result.output) if result.output else None
    assert (found["runs"][0]["results"] if form == "sarif" else found) == empty


def test_odd_names_of_files_are_no_trouble() -> None:
    odd = [Problem("\udcff\n.yml", 1, 1, "x")]
    for make in (as_json, as_github, as_sarif):
        assert make(odd).encode("ascii")


def test_watching_checks_again_until_it_is_stopped(small: Path, edit: Edit) -> None:
    command = [sys.executable, "-u", "-m", "generator", "check", "--watch", "--root", str(small)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        assert "Ctrl-C ends." in process.stdout.readline()
        assert process.stdout.readline() == "2 universes and 2 rituals are fine.\n"
        edit(GRUSS, "minutes: 15", "minutes: viel")
        assert GRUSS in process.stdout.readline()
        assert "'minutes' must be a whole number" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
