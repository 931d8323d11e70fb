"""`playbook new`: what it writes is fine at once, says what belongs where, and spoils nothing that is there."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from generator.authoring.new import COLOURS, NewFile, new_ritual
from generator.authoring.scalars import scalar
from generator.check.universes import CONTRAST, PAPER, contrast
from generator.commands import main
from generator.load import load
from generator.load.source import read_yaml
from generator.pipeline import examine
from generator.problems import errors
from generator.project import PROJECT
from tests.conftest import TODAY, Edit

GRUSS = "universes/hafen/rituals/gruss.yml"


def new(root: Path, *args: str, typed: str = "\n" * 9) -> Result:
    return CliRunner().invoke(main, ["new", *args, "--root", str(root)], input=typed)


def texts(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def test_a_ritual_is_a_draft_that_check_likes(small: Path) -> None:
    args = (
        "--universe",
        "turm",
        "--occasion",
        "feiern",
        "--title",
        "Fest: groß",
        "--summary",
        "Alle",
        "--owner",
        "Wir",
    )
    result = new(small, "ritual", "sommer-fest", *args)
    assert result.exit_code == 0, result.output
    assert "universes/turm/rituals/sommer-fest.yml" in result.output
    tree = examine(small)
    assert not errors(tree.problems)
    ritual = tree.playbook.rituals["sommer-fest"]
    assert (ritual.title, ritual.occasion, ritual.summary, ritual.owner) == ("Fest: groß", "feiern", "Alle", "Wir")
    assert ritual.status == "draft"
    text = (small / "universes/turm/rituals/sommer-fest.yml").read_text("utf-8")
    assert "# Bekannt sind: ankommen, feiern.\n" in text
    assert "yaml-language-server" not in text, "there is no schema here"


def test_commented_lines_can_be_used_as_they_are(small: Path) -> None:
    """Somebody removes the `# ` before an example."""
    new(small, "ritual", "fest", "--universe", "turm", "--occasion", "feiern")
    path = small / "universes/turm/rituals/fest.yml"
    text = re.sub(
        r"^# (?=(guest_title|avoid_when|materials|pitfalls|variants|gates|related|  - ))",
        "",
        path.read_text(),
        flags=re.M,
    )
    path.write_text(text)
    tree = examine(small)
    assert not errors(tree.problems)
    ritual = tree.playbook.rituals["fest"]
    assert ritual.guest_title
    assert ritual.avoid_when
    assert ritual.materials
    assert ritual.pitfalls
    assert ritual.variants


def test_what_is_not_given_is_asked_for(small: Path) -> None:
    result = new(small, "ritual", typed="lampe\nturm\nfeiern\nLampe\n\n\n")
    assert result.exit_code == 0, result.output
    ritual = load(small).playbook.rituals["lampe"]
    assert (ritual.universe, ritual.title, ritual.owner) == ("turm", "Lampe", "Redaktion")


def test_what_cannot_be_is_asked_for_again(small: Path) -> None:
    """Nobody begins anew because of one slip among the answers."""
    typed = (
        "Süße Lampe",
        "gruss",
        "lampe",
        "trum",
        "turm",
        "feiern",
        "x" * 49,
        "wache",
        "Lampe",
        "y" * 161,
        "Kurz",
        "",
    )
    result = new(small, "ritual", typed="\n".join(typed) + "\n")
    assert result.exit_code == 0, result.output
    ritual = load(small).playbook.rituals["lampe"]
    assert (ritual.universe, ritual.title, ritual.summary) == ("turm", "Lampe", "Kurz")
    assert not errors(examine(small).problems)
    for said in ("did you mean 'suesse-lampe'", "is taken by universes/hafen", "did you mean 'turm'", "at most 48 fit"):
        assert said in result.output


def test_the_editor_finds_the_schema_of_a_new_file(small: Path) -> None:
    CliRunner().invoke(main, ["schema", "--root", str(small)])
    new(small, "ritual", "fest", "--universe", "turm", "--occasion", "feiern")
    first = (small / "universes/turm/rituals/fest.yml").read_text("utf-8").splitlines()[0]
    target = first.removeprefix("# yaml-language-server: $schema=")
    assert (small / "universes/turm/rituals" / target).resolve() == (small / "schema/ritual.json").resolve()


LEFT_TO_DO = [
    "content/chooser.yml:3:1: warning: 'speicher' can never be the result; ",
    "content/chooser.yml:9:1: warning: 'speicher' is missing in 'universes', so the page leaves it out; ",
    "content/chooser.yml:12:1: warning: the pair 'hafen' and 'speicher' is missing in 'friction'; ",
    "content/chooser.yml:12:1: warning: the pair 'speicher' and 'turm' is missing in 'friction'; ",
    "universes/hafen/universe.yml:19:1: warning: 'speicher' is missing in 'coming_from'; ",
    "universes/turm/universe.yml:19:1: warning: 'speicher' is missing in 'coming_from'; ",
]


def test_a_universe_answers_everything_and_names_what_the_others_lack(small: Path) -> None:
    before = texts(small)
    result = new(small, "universe", "speicher", "--title", "Der Speicher", "--owner", "Wir")
    assert result.exit_code == 0, result.output
    tree = examine(small)
    universe = tree.playbook.universes["speicher"]
    assert set(universe.profile) == {"beziehung", "ort"}
    assert set(universe.no_ritual_for) == {"ankommen", "feiern"}
    assert set(universe.coming_from) == {"hafen", "turm"}
    assert universe.symbol not in {tree.playbook.universes[key].symbol for key in ("hafen", "turm")}
    left = [problem for problem in tree.problems if "last reviewed" not in problem.message]
    assert [str(problem).partition("; ")[0] + "; " for problem in left] == LEFT_TO_DO
    assert all(problem.message in result.output for problem in left)
    assert texts(small) == before | {"universes/speicher/universe.yml": texts(small)["universes/speicher/universe.yml"]}


def test_what_a_warning_shows_can_be_pasted(small: Path, edit: Edit) -> None:
    new(small, "universe", "speicher")
    edit("universes/speicher/universe.yml", f"reviewed: {date.today()}", f"reviewed: {TODAY}")
    for problem in examine(small, TODAY).problems:
        entry = re.findall("`(.+)`", problem.message)[0]
        path = small / problem.path
        lines = path.read_text("utf-8").splitlines()
        key = re.findall(r"in '(\w+)'[;,]", problem.message) or ["answers"]
        (place,) = (number for number, line in enumerate(lines) if line.strip() == f"{key[0]}:")
        indent = lines[place + 1][: -len(lines[place + 1].lstrip())]
        lines.insert(place + 1, indent + entry)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    assert examine(small, TODAY).problems == []


def test_a_site_bears_a_universe_that_the_others_do_not_know_yet(small: Path, edit: Edit) -> None:
    new(small, "universe", "speicher", "--title", "Der Speicher")
    edit("content/chooser.yml", "weights: {hafen: 3}", "weights: {hafen: 3, speicher: 1}")
    edit("universes/turm/universe.yml", "coming_from:\n  hafen: So benimmt man sich hier.", "coming_from: {}")
    result = CliRunner().invoke(main, ["build", "--root", str(small)])
    assert result.exit_code == 0, result.output
    chooser = (small / "site/kompass/index.html").read_text("utf-8")
    chooser = chooser[chooser.index('class="pb-chooser"') : chooser.index("pb-colophon")]
    assert "speicher" not in chooser.lower()
    assert "data-between=hafen turm" in chooser.replace('"', "")
    html = {key: (small / f"site/{key}/index.html").read_text("utf-8") for key in ("hafen", "turm", "speicher")}
    assert 'id="von-anderswo"' in html["hafen"]
    assert "von-anderswo" not in html["turm"], "there is no advice yet, and no heading without it"
    assert html["speicher"].count("Hier steht ein Rat für alle, die von dort kommen.") == 2


def test_universes_one_after_the_other(small: Path) -> None:
    for key in ("eins", "true", "123"):
        assert new(small, "universe", key).exit_code == 0
    assert list(load(small).playbook.universes) == ["hafen", "turm", "eins", "true", "123"]
    assert not errors(examine(small).problems)


def test_the_real_handbook_takes_a_fifth_universe(tmp_path: Path) -> None:
    for name in ("universes", "content"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    assert new(tmp_path, "universe", "handwerk").exit_code == 0
    assert new(tmp_path, "ritual", "probestueck", "--universe", "handwerk", "--occasion", "zeigen").exit_code == 0
    assert new(tmp_path, "path", "werkbank", "--universe", "handwerk").exit_code == 0
    assert not errors(examine(tmp_path).problems)


def test_a_path_leads_through_a_ritual_of_its_universe(small: Path) -> None:
    assert new(small, "path", "wachsam", "--universe", "turm").exit_code == 0
    assert new(small, "path", "ueberall", "--universe", "-").exit_code == 0
    tree = examine(small)
    assert not errors(tree.problems)
    path = tree.playbook.paths["wachsam"]
    assert path.universe == "turm"
    assert {p.ritual for stage in path.stages for p in (*stage.observe, *stage.assist, *stage.lead)} == {"wache"}
    assert tree.playbook.paths["ueberall"].universe is None


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("ritual", "Größe"), "'Größe' is not an id"),
        (("ritual", "Süßes Lager"), "did you mean 'suesses-lager'?"),
        (
            ("ritual", "neu", "--universe", "turm", "--occasion", "feiern", "--title", "WACHE"),
            "taken by universes/turm",
        ),
        (("universe", "neu", "--title", "Turm"), "the title 'Turm' is taken by universes/turm/universe.yml"),
        (("ritual", "gruss"), "the id 'gruss' is taken by universes/hafen/rituals/gruss.yml"),
        (("ritual", "turm"), "the id 'turm' is taken by universes/turm/universe.yml"),
        (("universe", "turm"), "the id 'turm' is taken by universes/turm/universe.yml"),
        (("universe", "glossar"), "the site needs the name 'glossar' itself"),
        (("universe", "hilfe"), "the address hilfe/ is taken by a page"),
        (("path", "anlegen"), "the id 'anlegen' is taken by content/paths/anlegen.yml"),
        (("path", "../x"), "'../x' is not an id"),
        (("ritual", "neu", "--universe", "trum"), "there is no 'trum'; did you mean 'turm'?"),
        (("ritual", "neu", "--universe", "turm", "--occasion", "fest"), "there is no 'fest'; known: ankommen, feiern"),
        (("ritual", "neu", "--universe", "turm", "--occasion", "feiern", "--title", "x" * 49), "has 49 characters"),
        (("ritual", "neu", "--universe", "turm", "--occasion", "feiern", "--title", ""), "'title'"),
    ],
)
def test_refusals_change_nothing(small: Path, args: tuple[str, ...], message: str) -> None:
    before = texts(small)
    result = new(small, *args)
    assert result.exit_code == 2
    assert message in result.output
    assert texts(small) == before


def test_a_file_that_somebody_else_began_meanwhile_is_left(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small / "universes/turm/rituals/lampe.yml"

    def slow(*args: Any, **values: Any) -> NewFile:
        path.write_text("von anderen")
        return new_ritual(*args, **values)

    monkeypatch.setattr("generator.commands.new.new_ritual", slow)
    result = new(small, "ritual", "lampe", "--universe", "turm", "--occasion", "feiern")
    assert (result.exit_code, path.read_text()) == (2, "von anderen")
    assert "lampe.yml is there already; it was left as it is" in result.output


def test_a_path_needs_a_published_ritual(small: Path, edit: Edit) -> None:
    shutil.rmtree(small / "content/paths")
    (small / "content/chooser.yml").unlink()
    (small / "content/glossary.yml").unlink()
    (small / "content/index.md").unlink()
    for universe, key, occasion in (("hafen", "gruss", "ankommen"), ("turm", "wache", "feiern")):
        edit(f"universes/{universe}/rituals/{key}.yml", "owner:", "status: draft\nowner:")
        edit(f"universes/{universe}/universe.yml", "no_ritual_for:", f"no_ritual_for:\n  {occasion}: Nein.")
    result = new(small, "path", "weg")
    assert (result.exit_code, "none yet" in result.output) == (2, True), result.output


def test_nothing_is_written_into_a_tree_with_errors(small: Path, edit: Edit) -> None:
    edit(GRUSS, "minutes: 15", "minutes: viel")
    before = texts(small)
    result = new(small, "ritual", "neu")
    assert result.exit_code == 1
    assert "minutes" in result.output
    assert texts(small) == before


@pytest.mark.parametrize(
    "text",
    [
        "a: b",
        "- x",
        "#1",
        "ja # nein",
        "true",
        "no",
        "12:30",
        "2026-11-01",
        "1e3",
        "„x“, y",
        'a"b\\',
        "[x]",
        "x ",
        "@x",
        "\x07",
        "Süß",
    ],
)
def test_any_text_is_written_so_that_it_is_read_again(text: str) -> None:
    for line in (f"x: {scalar(text)}\n", f"x: {{z: {scalar(text)}}}\n"):
        source, problems = read_yaml("x.yml", line)
        assert [problem for problem in problems if "invisible" not in problem.message] == []
        value = source.data["x"]
        assert (value["z"] if isinstance(value, dict) else value) == text


def test_colours_can_be_read() -> None:
    for light, dark in COLOURS:
        assert contrast(light, PAPER["light"]) >= CONTRAST
        assert contrast(dark, PAPER["dark"]) >= CONTRAST
