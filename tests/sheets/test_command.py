"""`playbook print`: what it writes, what it says, what it returns; and the same bytes wherever it runs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.project import PROJECT
from generator.sheets.kinds import KINDS
from tests.conftest import SMALL, Edit
from tests.sheets.checks import Paper, squeeze
from tests.sheets.test_hostile import FOLLOW_UP


def run(*args: str | Path, root: Path = SMALL) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["print", "--root", str(root), *map(str, args)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, to run in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("booklet", "mentor", "mentee", "worksheet")])
def test_one_sheet(kind: str, here: Path, small: Path, edit: Edit) -> None:
    edit("universes/hafen/rituals/gruss.yml", "signals:", FOLLOW_UP + "signals:")
    assert run("gruss", "--sheet", kind, root=small) == (0, f"gruss-{kind}.pdf\n")
    assert names(here) == [f"gruss-{kind}.pdf"]
    assert (here / f"gruss-{kind}.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_booklet_is_of_a_universe(here: Path) -> None:
    assert run("hafen", "--sheet", "booklet") == (0, "hafen-booklet.pdf\n")
    assert run("gruss", "--sheet", "booklet")[0] == 2


def test_a_path_is_for_two(here: Path) -> None:
    assert run("anlegen") == (0, "anlegen-mentor.pdf\nanlegen-mentee.pdf\n")
    assert run("anlegen", "--sheet", "mentee", "-o", "blatt.pdf") == (0, "blatt.pdf\n")
    assert run("anlegen", "--sheet", "run")[0] == 2
    assert "did you mean 'anlegen'" in run("anlegn")[1]


def test_a_worksheet_is_of_the_whole_handbook(here: Path) -> None:
    assert run("--sheet", "worksheet") == (0, "kompass-worksheet.pdf\n")
    assert run("gruss", "--sheet", "worksheet")[0] == 2


def test_a_ritual_has_all_its_sheets(here: Path) -> None:
    code, output = run("gruss")
    assert code == 0
    assert names(here) == [f"gruss-{kind}.pdf" for kind in ("card", "checklist", "guest", "role", "run")]
    assert sorted(output.split()) == names(here)


def test_several_and_each_only_once(here: Path) -> None:
    assert run("gruss", "wache", "gruss", "turm", "--sheet", "card", "-o", "karten")[0] == 0
    assert names(here / "karten") == ["gruss-card.pdf", "turm-card.pdf", "wache-card.pdf"]


def test_everything(here: Path) -> None:
    code, output = run("-o", "alles")
    assert code == 0
    assert len(output.split()) == len(names(here / "alles")) == 2 * 4 + 2 * 2 + 2 + 3
    assert {"handbook.pdf", "all-card.pdf"} <= {*names(here / "alles")}


def test_everything_with_a_date(here: Path) -> None:
    assert run("--sheet", "run", "--date", "2027-06-18T18:00", "-o", "alles")[0] == 0
    assert names(here / "alles") == ["gruss-run.pdf", "wache-run.pdf"]


# ------------------------------------------------------------------- options


def test_a_role_has_its_own_sheet_only(here: Path) -> None:
    assert run("gruss", "--role", "wirt") == (0, "gruss-role.pdf\n")
    paper = Paper(here / "gruss-role.pdf")
    assert len(paper.pdf) == 1
    assert "Wirt:in" in paper.text


def test_a_role_of_guests_has_no_sheet() -> None:
    code, output = run("gruss", "--role", "gast")
    assert code == 2
    assert "there is no such sheet for it; known: none" in output
    code, output = run("gruss", "--sheet", "booklet")
    assert code == 2
    assert "there is no such sheet for it; known: " in output
    assert "checklist" in output


def test_dates_are_real(here: Path) -> None:
    assert run("gruss", "--date", "2027-06-14T18:00", "--sheet", "run")[0] == 0
    text = squeeze(Paper(here / "gruss-run.pdf").text)
    for wanted in ("Mo, 14. Juni 2027, 18:00", "So, 13. Juni 2027", "▲ Sonntag", "Mi, 16. Juni 2027"):
        assert squeeze(wanted) in text
    assert squeeze("1 Tag vorher") not in text


def test_the_version_is_that_of_the_undated_sheet(here: Path) -> None:
    run("gruss", "--sheet", "run", "-o", "a.pdf")
    run("gruss", "--sheet", "run", "-o", "b.pdf", "--date", "2027-06-14T18:00", "--person", "wirt=Anna")
    versions = [text.split("Version ")[1][:7] for text in (Paper(here / name).text for name in ("a.pdf", "b.pdf"))]
    assert versions[0] == versions[1]


def test_people_have_names(here: Path) -> None:
    assert run("gruss", "--person", "wirt=Anna = Berger", "--sheet", "checklist")[0] == 0
    assert squeeze("Anna = Berger (Wirt:in)") in squeeze(Paper(here / "gruss-checklist.pdf").text)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["grus"], "there is no 'grus'; did you mean 'gruss'?"),
        (["gruss", "--role", "wird"], "there is no 'wird'; did you mean 'wirt'?"),
        (["gruss", "--person", "wird=Anna"], "there is no 'wird'; did you mean 'wirt'?"),
        (["gruss", "--sheet", "plakat"], "'plakat' is not one of"),
        (["gruss", "--date", "18.6.2027"], "'18.6.2027' does not match"),
        (["gruss", "--date", "2027-06-31T18:00"], "does not match"),
        (["gruss", "--date", "2027-06-18"], "does not match"),
        (["gruss", "--ics", "x.ics"], "--ics needs one ritual and --date"),
        (["hafen", "--ics", "x.ics", "--date", "2027-06-18T18:00"], "--ics needs one ritual and --date"),
        (["--root", "/nowhere"], "does not exist"),
        (["gruss", "--frage"], "No such option"),
    ],
)
def test_wrong_usage(args: list[str], said: str, here: Path) -> None:
    code, output = run(*args)
    assert code == 2
    assert said in output
    assert not names(here)


@pytest.mark.parametrize(
    "args",
    [
        ["gruss", "--person", "wirt"],
        ["gruss", "--person", "wirt="],
        ["gruss", "--date", "0001-01-01T00:00"],
        ["gruss", "--date", "9999-12-31T23:59"],
        ["gruss", "-o", "alles.pdf"],
    ],
)
def test_what_cannot_be_meant_is_refused(args: list[str], here: Path) -> None:
    assert run(*args)[0] == 2
    assert not names(here)


# -------------------------------------------------------------------- output


def test_one_file_is_written_where_told(here: Path) -> None:
    assert run("gruss", "--sheet", "run", "-o", "neu/plan.pdf") == (0, "neu/plan.pdf\n")
    (here / "da").mkdir()
    assert run("gruss", "--sheet", "run", "-o", "da") == (0, "da/gruss-run.pdf\n")


def test_a_file_that_is_there_is_written_anew(here: Path) -> None:
    (here / "plan.pdf").write_text("alt")
    assert run("gruss", "--sheet", "run", "-o", "plan.pdf")[0] == 0
    assert (here / "plan.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("output", ["datei/plan.pdf", "datei/tief/plan.pdf"])
def test_where_nothing_can_be_written(output: str, here: Path) -> None:
    (here / "datei").write_text("keine Mappe")
    code, said = run("gruss", "--sheet", "run", "-o", output)
    assert code == 1
    assert said.startswith("datei")


def test_sheet_that_does_not_fit(small: Path, edit: Edit, here: Path) -> None:
    items = "".join(f'      - {{text: "{number} {"wort " * 26}"}}\n' for number in range(9)) * 4
    edit(
        "universes/hafen/rituals/gruss.yml",
        "      - {id: tuer",
        items.replace("{text", "{role: wirt, text") + "      - {id: tuer",
    )
    code, output = run("gruss", "--sheet", "checklist", root=small)
    assert code == 1
    assert "universes/hafen/rituals/gruss.yml:" in output


def test_problems_in_the_sources_come_first(small: Path, edit: Edit, here: Path) -> None:
    edit("universes/hafen/rituals/gruss.yml", "owner: Redaktion", "ovner: Redaktion")
    code, output = run("gruss", root=small)
    assert code == 1
    assert "did you mean 'owner'" in output
    assert not names(here)


def test_drafts_are_not_printed(small: Path, edit: Edit, here: Path) -> None:
    edit("universes/hafen/rituals/gruss.yml", "owner: Redaktion", "owner: Redaktion\nstatus: draft")
    edit("universes/hafen/universe.yml", "no_ritual_for:", "no_ritual_for:\n  ankommen: Noch nicht.")
    edit("universes/turm/rituals/wache.yml", "related: [gruss]", "related: []")
    edit("universes/turm/rituals/wache.yml", ", siehe [das andere](gruss)", "")
    edit("content/glossary.yml", ", see: [gruss]", "")
    edit("content/index.md", "](hafen/gruss.md)", "](hilfe.md)")
    (small / "content/paths/anlegen.yml").unlink()
    (small / "content/chooser.yml").unlink()
    code, output = run("gruss", root=small)
    assert code == 2
    assert "there is no 'gruss'" in output
    assert run("-o", "alles", root=small)[0] == 0
    assert "gruss" not in "".join(names(here / "alles"))
    assert "hafen-card.pdf" not in names(here / "alles")  # there is no card for it


# ------------------------------------------------------------ the same bytes


def test_same_bytes_wherever_it_runs(tmp_path: Path) -> None:
    digests = []
    environments = (
        {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Los_Angeles", "LC_ALL": "de_AT.UTF-8", "PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "0"},
    )
    for number, environment in enumerate(environments):
        folder = tmp_path / f"ort-{number}"
        folder.mkdir()
        command = [sys.executable, "-m", "generator", "print", "gruss", "hafen", "--root", str(SMALL), "-o", "."]
        result = subprocess.run(
            [*command, "--date", "2027-06-18T18:00"],
            cwd=folder,
            env={**os.environ, **environment, "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert not result.stderr
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()})
    assert len(digests[0]) == 7
    assert digests[0] == digests[1]
