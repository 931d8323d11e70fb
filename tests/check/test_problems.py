"""Every problem an author can cause: what it says, and where. The cases are data, in `golden/problems/`.

A case breaks the small playbook by its `edits`, one after the other. Each has a `path` and

* `old` and `new`: replaces text that is there,
* `text`, with an `encoding` if it is not UTF-8: writes a file,
* `delete: true`: removes a file or folder,
* `symlink`: makes a link to there.

With `guides: true` the case has a chooser and a mentors' path as well, which name rituals and universes.

`expect` is all that `playbook check` has to say about the result; `UPDATE_GOLDEN=1` writes what it says now.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from generator.commands import main
from generator.pipeline import examine
from generator.problems import PlaybookError, Problem, did_you_mean, nearest, quote
from generator.project import PROJECT
from tests.conftest import SMALL, TODAY

CASES = sorted((PROJECT / "tests" / "golden" / "problems").glob("*.yml"))


def break_tree(root: Path, path: str, **edit: Any) -> None:
    file = root / path
    if "old" in edit:
        text = file.read_bytes().decode()
        assert edit["old"] in text, f"{edit['old']!r} is not in {path}"
        file.write_bytes(text.replace(edit["old"], edit["new"], 1).encode())
    elif "delete" in edit:
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        if "symlink" in edit:
            file.symlink_to(edit["symlink"])
        else:
            file.write_bytes(edit["text"].encode(edit.get("encoding", "utf-8")))


def without_guides(root: Path) -> None:
    (root / "content/chooser.yml").unlink()
    shutil.rmtree(root / "content/paths")


def check(root: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """`playbook check`, run in `root` on the day of the tests."""
    monkeypatch.chdir(root)
    monkeypatch.setattr("generator.pipeline.examine", lambda root, _today: examine(root, TODAY))
    return CliRunner().invoke(main, ["check"])


def test_there_are_cases() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize("case", CASES, ids=lambda path: str(path.stem))
def test_problems(case: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = yaml.safe_load(case.read_text("utf-8"))
    if not data.get("guides"):
        without_guides(small)
    for edit in data["edits"]:
        break_tree(small, **edit)
    result = check(small, monkeypatch)
    if os.environ.get("UPDATE_GOLDEN"):
        lines = [line for line in result.output.splitlines() if re.match(r".*?:\d+:\d+: ", line)]
        listed = "".join(f"  - {json.dumps(line, ensure_ascii=False)}\n" for line in lines)
        head = case.read_text("utf-8").partition("\nexpect:")[0]
        case.write_text(f"{head}\nexpect:{chr(10) + listed if lines else ' []' + chr(10)}", "utf-8")
        return

    warnings = sum(": warning: " in line for line in data["expect"])
    failures = len(data["expect"]) - warnings
    counts = [f"{n} {word}{'s' if n > 1 else ''}" for n, word in ((failures, "error"), (warnings, "warning")) if n]
    lines = result.output.split("\n")[:-1]
    fine = [] if failures else [line for line in lines if line.endswith(" are fine.")]
    assert lines == data["expect"] + ([" and ".join(counts) + "."] if counts else []) + fine
    assert bool(fine) == (not failures)
    assert result.exit_code == (1 if failures else 0)
    assert result.exception is None or isinstance(result.exception, SystemExit)  # no traceback


def test_the_small_playbook_is_fine(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = check(small, monkeypatch)
    assert (result.exit_code, result.output) == (0, "2 universes and 2 rituals are fine.\n")


# -------------------------------------------------- what cannot be written as data


def test_a_name_that_is_no_text(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / os.fsdecode(b"content/\xff.txt")).write_text("x")
    result = check(small, monkeypatch)
    assert result.exit_code == 1
    assert result.output.startswith("content/\\udcff.txt:1:1: this file is not used")


@pytest.mark.parametrize("path", ["universes/hafen/rituals/rohr.yml", "universes/roles.yml", "content/rohr.md"])
def test_a_pipe_is_not_read(path: str, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / path).unlink(missing_ok=True)
    os.mkfifo(small / path)
    assert check(small, monkeypatch).output == (
        f"{path}:1:1: neither a file nor a link to one; put the file itself here\n1 error.\n"
    )


def test_a_file_without_permission(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    lines = check(small, monkeypatch).output.splitlines()
    files = [path for path in SMALL.rglob("*") if path.is_file()]
    assert len(lines) == len(files) + 2  # the settings, which are the project's, and the count
    assert lines[2] == "content/glossary.yml:1:1: cannot be read: Permission denied; check the file and its permissions"


def test_a_folder_without_permission(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def refuse(path: str) -> Any:
        if str(path).endswith("turm"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    problems = check(small, monkeypatch).output
    assert "universes/turm:1:1: cannot be read: Permission denied; check the permissions\n" in problems


def test_a_draft_is_not_in_the_playbook(small: Path) -> None:
    """The problems around drafts are in the golden cases; here is what comes of a fine one."""
    from generator.model.playbook import published

    case = yaml.safe_load((CASES[0].parent / "drafts-fine.yml").read_text("utf-8"))
    for edit in case["edits"]:
        break_tree(small, **edit)
    without_guides(small)
    tree = examine(small, TODAY)
    assert [ritual.status for ritual in tree.playbook.rituals.values()] == ["draft", "draft"]
    assert published(tree.playbook).rituals == {}


# ------------------------------------------------------------------------ words


def test_a_problem_is_one_line_that_any_terminal_can_show() -> None:
    assert str(Problem("a\nb", 2, 3, "x\x1b[31m\xa0\ud800")) == "a\\nb:2:3: x\\x1b[31m\\xa0\\ud800"
    assert str(Problem("ä.yml", 1, 1, "„Größe“", "warning")) == "ä.yml:1:1: warning: „Größe“"


def test_an_error_holds_every_problem_once_and_sorted() -> None:
    problems = [Problem("b", 1, 1, "x"), Problem("a", 10, 1, "x"), Problem("a", 9, 1, "x"), Problem("b", 1, 1, "x")]
    assert str(PlaybookError(problems)) == "a:9:1: x\na:10:1: x\nb:1:1: x"


@pytest.mark.parametrize(
    ("value", "words"),
    [(True, "'true'"), ("a\n  b", "'a b'"), ("x" * 60, f"'{'x' * 60}'"), ("x" * 61, f"'{'x' * 57}…'"), ("", "''")],
)
def test_quote(value: object, words: str) -> None:
    assert quote(value) == words


def test_hints() -> None:
    assert did_you_mean("Titel", ["title", "text"]) == "; did you mean 'title'?"
    assert did_you_mean("wetter", ["title", "text"]) == ""
    assert nearest("wetter", ["title", "text"]) == "; known: title, text"
    assert nearest("wetter", map(str, range(12))).endswith("10, 11")
    assert nearest("wetter", map(str, range(13))) == nearest("wetter", []) == "; remove it"
