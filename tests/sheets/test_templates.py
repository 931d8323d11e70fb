"""A broken print template is a problem at its line, never a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.project import PROJECT


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ p.masthead(", "{{ p.mastheed(", "run.typ.j2:4:1: "),
        ("#timetable(", "{% for %}#timetable(", "run.typ.j2:5:1: template syntax: "),
        ("{{ p.open(", "{{ nirgends }}{{ p.open(", "run.typ.j2:3:1: 'nirgends' is undefined"),
        ('"_parts.typ.j2"', '"_teile.typ.j2"', "template '_teile.typ.j2' is missing"),
    ],
)
@pytest.mark.parametrize("command", [["build"], ["print", "gruss", "--sheet", "run"]])
def test_broken_template(small: Path, command: list[str], old: str, new: str, said: str) -> None:
    shutil.copytree(PROJECT / "templates", small / "templates")
    path = small / "templates/print/run.typ.j2"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    result = CliRunner().invoke(main, [*command, "--root", str(small)])
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert said in result.output
    assert "run.typ.j2:" in result.output
