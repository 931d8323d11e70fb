"""What the command prints and returns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator import PlaybookError, load_playbook
from generator.commands import main
from tests.conftest import SMALL, Edit
from tests.site.test_publish import make_site


def run(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    return result.exit_code, result.output


def test_check_says_what_is_fine(small: Path) -> None:
    assert run("check", "--root", small) == (0, "2 universes and 2 rituals are fine.\n")


def test_check_sorts_and_counts(small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("universes/turm/rituals/wache.yml", "owner: Redaktion", "ovner: Redaktion")
    edit("universes/hafen/rituals/gruss.yml", "minutes: 15", "minutes: viel")
    edit("universes/hafen/universe.yml", "reviewed: 2026-11-01", "reviewed: 2020-11-01")
    monkeypatch.chdir(small)
    code, output = run("check")
    *problems, count = output.splitlines()
    assert code == 1
    assert count == f"{len(problems) - 1} errors and 1 warning."
    assert problems == sorted(problems)
    assert all(line.startswith("universes/") for line in problems)


def test_warnings_do_not_fail(small: Path, edit: Edit) -> None:
    edit("universes/hafen/rituals/gruss.yml", "reviewed: 2026-11-01", "reviewed: 2020-11-01")
    code, output = run("check", "--root", small)
    assert code == 0
    assert "warning: last reviewed 2020-11-01" in output
    assert "1 warning.\n" in output


def test_paths_are_as_seen_from_here(small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch) -> None:
    edit("universes/hafen/rituals/gruss.yml", "minutes: 15", "minutes: viel")
    monkeypatch.chdir(small / "universes")
    assert run("check", "--root", "..")[1].startswith("hafen/rituals/gruss.yml:")


@pytest.mark.parametrize(
    "args", [["chek"], ["check", "--root", "/nowhere"], ["build", "--engine", "hugo"], ["check", "x"]]
)
def test_wrong_usage_is_2(args: list[str]) -> None:
    code, output = run(*args)
    assert code == 2
    assert "Traceback" not in output


def test_module_and_console_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("playbook")
    one = subprocess.run([script, "check", "--root", SMALL], capture_output=True, text=True)
    other = subprocess.run(
        [sys.executable, "-m", "generator", "check", "--root", SMALL], capture_output=True, text=True
    )
    assert (
        (one.returncode, one.stdout) == (other.returncode, other.stdout) == (0, "2 universes and 2 rituals are fine.\n")
    )


def test_quiet_when_not_a_terminal(small: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "generator", "build", "--root", small], capture_output=True, text=True
    )
    assert (result.stdout, result.stderr) == (f"Built {small / 'site'}.\n", "")


def test_works_with_umlauts_and_blanks_in_the_path_and_a_plain_locale(tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "Bücher & Räume"
    shutil.copytree(SMALL, root)
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"}
    result = subprocess.run(
        [sys.executable, "-m", "generator", "build", "--root", root], capture_output=True, text=True, env=environment
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "Grüß Gott" in (root / "site/hafen/gruss/index.html").read_text(encoding="utf-8")


def test_library_use(small: Path, edit: Edit) -> None:
    playbook = load_playbook(small)
    assert playbook.rituals["gruss"].steps[0].at.days == -1
    edit("universes/hafen/rituals/gruss.yml", "title: Gruss", "title: Gruss\nstatus: draft")
    with pytest.raises(PlaybookError) as caught:
        load_playbook(small)
    assert all(problem.line for problem in caught.value.problems)


def test_a_terminal_is_told_what_is_being_done(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the output is no terminal, such as in a pipe, there is none of that (the tests above)."""
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich's way to say that this is one
    result = CliRunner().invoke(main, ["print", "gruss", "--sheet", "card", "--root", str(small), "-o", str(small)])
    assert result.exit_code == 0, result.output
    assert "gruss-card" in result.stderr
    assert result.stdout.endswith("gruss-card.pdf\n")
    monkeypatch.delenv("FORCE_COLOR")
    result = CliRunner().invoke(main, ["print", "gruss", "--sheet", "card", "--root", str(small), "-o", str(small)])
    assert result.stderr == ""


@pytest.mark.parametrize(("name", "code"), [("neu.md", 1), (".#hilfe.md", 0)])
def test_what_is_saved_during_a_build_stops_it_but_no_editors_own_file(
    name: str, code: int, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> Path:
        (small / "content" / name).write_text("x")
        return make_site(small / "build/made", "x")

    monkeypatch.setattr("generator.pipeline.build_language", slow)
    result, output = run("build", "--root", small)
    assert result == code, output
    assert (f"content/{name}:1:1: changed while the handbook was being built; build again" in output) == bool(code)
    assert (small / "site").exists() == (not code)


def test_a_disk_that_is_full_is_a_message(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", str(small / "build/de"))

    monkeypatch.setattr("generator.pipeline.build_language", full)
    code, output = run("build", "--root", small)
    assert code == 1
    assert "small/build/de:1:1: No space left on device; make room there, then try again" in output
    assert not (small / "site").exists()
