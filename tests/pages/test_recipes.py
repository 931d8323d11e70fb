"""What `render` makes of a playbook. `UPDATE_GOLDEN=1 pytest tests/pages` rewrites tests/golden/render."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from mkdocs.utils.meta import get_data

from generator.audience.edition import team_edition
from generator.commands import main
from generator.load.tree import Tree
from generator.model.playbook import Playbook, published
from generator.pages.environment import Templates
from generator.pages.recipes import render
from generator.pages.team import MAX_SIBLINGS
from generator.pipeline import examine
from generator.problems import PlaybookError, Problem
from generator.project import PROJECT
from generator.sheets.kinds import Kind, Offer, Pdf, Sheet
from tests.conftest import SMALL, TODAY

GOLDEN = PROJECT / "tests/golden/render"
SYMBOLS = {name: f"<svg><title>{name}</title></svg>" for name in ("stern", "dialog")}
TEMPLATES = Templates(PROJECT / "templates/pages", SYMBOLS)


@pytest.fixture(scope="module")
def tree() -> Tree:
    return examine(SMALL, TODAY)


def offer(playbook: Playbook) -> Offer:
    """One checklist for each ritual, and what there is for universes and for everything."""
    names: list[tuple[str, Kind, str]] = [("handbook", "booklet", ""), ("all-card", "card", "")]
    names += [(f"{key}-booklet", "booklet", f"universe/{key}") for key in playbook.universes]
    names += [(f"{key}-card", "card", f"universe/{key}") for key in playbook.universes]
    names += [(f"{key}-checklist", "checklist", f"ritual/{key}") for key in playbook.rituals]
    sheets = [Sheet(name, kind, record, date(2026, 11, 1), "0a1b2c3", "") for name, kind, record in names]
    versions = {sheet.name: (sheet.version, sheet.as_of) for sheet in sheets}
    return Offer([Pdf(sheet, Path(f"{sheet.name}.pdf"), 2, 34567) for sheet in sheets], versions)


def rendered(tree: Tree, templates: Templates = TEMPLATES) -> dict[str, str]:
    playbook = published(tree.playbook)
    return render(team_edition(playbook, tree.pages), templates, offer(playbook))


def test_files_are_as_committed(tree: Tree) -> None:
    files = rendered(tree)
    if os.environ.get("UPDATE_GOLDEN"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        for uri, text in files.items():
            path = GOLDEN / uri
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    committed = {p.relative_to(GOLDEN).as_posix(): p.read_text("utf-8") for p in GOLDEN.rglob("*") if p.is_file()}
    assert sorted(files) == sorted(committed)
    for uri, text in files.items():
        assert text == committed[uri], (
            f"{uri} has changed; if it was meant: UPDATE_GOLDEN=1 pytest tests/pages/test_recipes.py"
        )


def test_same_input_gives_same_output(tree: Tree) -> None:
    assert rendered(tree) == rendered(tree)


def test_pages_are_tidy(tree: Tree) -> None:
    """Front matter first; no runs of blank lines; no id twice on a page; every heading has one."""
    for uri, text in rendered(tree).items():
        if uri.endswith(".md"):
            assert text.startswith("---\ntitle: "), uri
            assert "\n\n\n" not in text, uri
            ids = re.findall(r' id="([^"]+)"|\{: #(\S+) \}', text)
            assert len(ids) == len(set(ids)), uri


# Every anchor that templates write themselves, as far as it could be an id.
ANCHORS = sorted(
    {
        one or other
        for path in (PROJECT / "templates/pages").glob("*.j2")
        for one, other in re.findall(r' id="([a-z0-9-]+)"|\{: #([a-z0-9-]+) \}', path.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("key", [*ANCHORS, "glossar", "null", "true", "123", "1e3", "-x"])
def test_any_id_is_fit_for_a_page(tree: Tree, key: str) -> None:
    """An id may look like one of the page's own anchors, or like something else than text to YAML."""
    small = tree.playbook
    hafen, gruss = small.universes["hafen"], small.rituals["gruss"]
    assert small.glossary
    terms = {key: small.glossary.terms["kai"].model_copy(update={"universes": (key,)})}
    playbook = small.model_copy(
        update={
            "universes": {key: hafen.model_copy(update={"id": key, "coming_from": {}})},
            "rituals": {key: gruss.model_copy(update={"id": key, "universe": key, "related": ()})},
            "occasions": {key: small.occasions["ankommen"]},
            "roles": {key: small.roles["gast"], **small.roles},
            "gates": {key: small.gates["foto"], **small.gates},
            "glossary": small.glossary.model_copy(update={"terms": terms}),
            "chooser": None,
            "paths": {},
        }
    )
    way = small.paths["anlegen"]
    stages = tuple(stage.model_copy(update={"observe": (), "lead": (), "id": key}) for stage in way.stages[:1])
    playbook = playbook.model_copy(
        update={
            "rituals": {key: playbook.rituals[key].model_copy(update={"occasion": key})},
            "paths": {"weg": way.model_copy(update={"id": "weg", "universe": key, "stages": stages})},
        }
    )
    for uri, text in render(team_edition(playbook, {}), TEMPLATES, offer(playbook)).items():
        if uri.endswith(".md"):
            body, front = get_data(text)
            assert front.get("universe", key) == key, uri
            ids = [one or other for one, other in re.findall(r' id="([^"]+)"|\{: #(\S+) \}', body)]
            assert len(ids) == len(set(ids)), uri


def test_links_of_hand_written_pages_lead_to_files(tree: Tree) -> None:
    body = "[a](gruss) [b](gruss#wann) [c](hafen) [d](hilfe.md) [e](hafen/gruss/) [f](https://example.org/gruss)\n"
    page = replace(tree.pages["hilfe.md"], body=body)
    text = render(team_edition(tree.playbook, {"hilfe.md": page}), TEMPLATES)["hilfe.md"]
    assert text.endswith(
        "\n[a](hafen/gruss/index.md) [b](hafen/gruss/index.md#wann) [c](hafen/index.md) [d](hilfe.md)"
        " [e](hafen/gruss/index.md) [f](https://example.org/gruss)\n"
    )


def test_links_of_hand_written_pages_however_they_are_typed(tree: Tree) -> None:
    body = (
        "`[a](gruss)` [a](gruss) [b][x] [b][x] [c]( hafen 'Titel') [d](<gruss#wann>)\n\n"
        "| a | b |\n|---|---|\n| [e](gruss) | [f](gruss) |\n\n    [g](gruss)\n\n[x]: gruss\n"
    )
    page = replace(tree.pages["hilfe.md"], body=body)
    assert render(team_edition(tree.playbook, {"hilfe.md": page}), TEMPLATES)["hilfe.md"].endswith(
        "\n`[a](gruss)` [a](hafen/gruss/index.md) [b][x] [b][x] [c]( hafen/index.md 'Titel')"
        " [d](<hafen/gruss/index.md#wann>)\n\n| a | b |\n|---|---|\n| [e](hafen/gruss/index.md)"
        " | [f](hafen/gruss/index.md) |\n\n    [g](gruss)\n\n[x]: hafen/gruss/index.md\n"
    )


def test_hand_written_markdown_goes_through(tree: Tree) -> None:
    body = "# Titel {: #x }\n\n<b>*fett*</b> {{ 7*7 }} &amp; \\*\n\n```\na\n\n\n\nb\n```\n"
    for uri in ("hilfe.md", "index.md"):
        assert (
            f"\n\n{body}"
            in render(team_edition(tree.playbook, {uri: replace(tree.pages[uri], body=body)}), TEMPLATES)[uri]
        )


def test_glossary_is_in_the_order_of_the_alphabet(tree: Tree) -> None:
    glossary = tree.playbook.glossary
    assert glossary
    names = ["Zeder", "Ähre", "anker", "„Bug“", "Öl", "Oase"]
    terms = {f"t{i}": glossary.terms["kai"].model_copy(update={"term": name}) for i, name in enumerate(names)}
    playbook = tree.playbook.model_copy(update={"glossary": glossary.model_copy(update={"terms": terms})})
    text = render(team_edition(playbook, {}), TEMPLATES)["glossar/index.md"]
    assert re.findall("<dt>(.*?) <", text) == ["Ähre", "anker", "„Bug“", "Oase", "Öl", "Zeder"]


def test_navigation_shows_the_nearest_siblings(tree: Tree) -> None:
    gruss = tree.playbook.rituals["gruss"]
    rituals = {f"r{i:03}": gruss.model_copy(update={"id": f"r{i:03}", "related": ()}) for i in range(100)}
    alone = {"rituals": rituals, "glossary": None, "paths": {}}
    files = render(team_edition(tree.playbook.model_copy(update=alone), {}), TEMPLATES)
    for key, first in [("r000", 0), ("r050", 50 - MAX_SIBLINGS // 2), ("r099", 100 - MAX_SIBLINGS)]:
        siblings = get_data(files[f"hafen/{key}/index.md"])[1]["siblings"]
        assert len(siblings) == MAX_SIBLINGS
        assert siblings[0]["url"] == ("./" if key == f"r{first:03}" else f"../r{first:03}/")
        assert [sibling["url"] for sibling in siblings if sibling.get("active")] == ["./"]


# ---------------------------------------------------------------------------- JSON


def test_json_is_the_playbook(tree: Tree) -> None:
    data = json.loads(rendered(tree)["api/playbook.json"])
    assert data["version"] == 1
    assert data["rituals"]["gruss"]["steps"][0]["at"] == {"days": -1, "minutes": 0}
    assert data["rituals"]["gruss"]["reviewed"] == "2026-11-01"
    assert "status" not in data["rituals"]["gruss"]


def test_json_keeps_records_that_are_called_status(tree: Tree) -> None:
    role = tree.playbook.roles["gast"]
    playbook = tree.playbook.model_copy(update={"roles": {**tree.playbook.roles, "status": role}})
    data = json.loads(render(team_edition(playbook, {}), TEMPLATES)["api/playbook.json"])
    assert data["roles"]["status"] == data["roles"]["gast"]


# -------------------------------------------------------------------------- drafts


# The fields of a draft whose texts must not be found; the others are ids, roles and times.
SAID = (
    "title summary intention trigger steps text say plan_b guest_text checklists pause items"
    " signals good warning materials pitfalls variants"
).split()


def test_drafts_appear_nowhere(small: Path) -> None:
    """Neither a draft's id nor any of its texts is in the docs, the site, the search, the sitemap or the JSON."""
    draft = yaml.safe_load((small / "universes/hafen/rituals/gruss.yml").read_text("utf-8"))

    def marked(value: object) -> object:
        if isinstance(value, dict):
            return {key: marked(item) if key in SAID else item for key, item in value.items()}
        if isinstance(value, list):
            return [marked(item) for item in value]
        return f"{value} Geheimnis" if isinstance(value, str) else value

    draft = {key: marked(value) if key in SAID else value for key, value in draft.items()}
    draft |= {"title": "Geheimnis", "status": "draft", "guest_title": "Geheimnis", "owner": "Geheimnis"}
    source = yaml.safe_dump(draft, allow_unicode=True, sort_keys=False)
    assert source.count("Geheimnis") > 20, source
    (small / "universes/hafen/rituals/verborgen.yml").write_text(source, "utf-8")

    tree = examine(small, TODAY)
    assert tree.problems == []
    assert "verborgen" in tree.playbook.rituals
    result = CliRunner().invoke(main, ["build", "--root", str(small)])
    assert result.exit_code == 0, result.output
    paths = [path for part in ("build", "site") for path in (small / part).rglob("*") if path.is_file()]
    names = {path.relative_to(small).as_posix() for path in paths}
    assert {"site/search/index.json", "site/sitemap.xml", "site/api/playbook.json"} <= names
    for path in paths:
        assert "verborgen" not in path.name
        assert not re.search(b"verborgen|Geheimnis", path.read_bytes()), path
    assert any(b"gruss" in path.read_bytes() for path in (small / "site/search").glob("text-*.json"))


# ----------------------------------------------------------------- broken templates

Break = Callable[[str, str, str], None]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "templates/pages", tmp_path / "pages"))


def problem(tree: Tree, templates: Path) -> Problem:
    with pytest.raises(PlaybookError) as caught:
        rendered(tree, Templates(templates, SYMBOLS))
    (found,) = caught.value.problems
    assert found.severity == "error"
    return found


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{{ gibtsnicht }}", "'gibtsnicht' is undefined"),
        ("{{ playbook.gibtsnicht }}", "'generator.model.playbook.Playbook object' has no attribute 'gibtsnicht'"),
        ("{% if gibtsnicht %}x{% endif %}", "'gibtsnicht' is undefined"),
        ("{% for x in gibtsnicht %}x{% endfor %}", "'gibtsnicht' is undefined"),
        (
            '{{ "x" if false }}',
            "the inline if-expression on line 5 in 'gates.md.j2' evaluated to false",
        ),
        ('{% include "teil/kaputt.md.j2" %}', "'gibtsnicht' is undefined"),
        ('{% include "fehlt.md.j2" %}', "template 'fehlt.md.j2' is missing"),
        ('{% from "fehlt.md.j2" import x %}', "template 'fehlt.md.j2' is missing"),
        ("{{ m.gibtsnicht() }}", "'jinja2.environment.TemplateModule object' has no attribute 'gibtsnicht'"),
        ("{% if %}x{% endif %}", "template syntax: Expected an expression, got 'end of statement block'"),
        ("{% endfor %}", "template syntax: Encountered unknown tag 'endfor'."),
        ("{{ 1 2 }}", "template syntax: expected token 'end of print statement', got 'integer'"),
        ("{{ 'offen }}", "template syntax: unexpected char"),
        ("{{ 1|gibtsnicht }}", "template syntax: No filter named 'gibtsnicht'."),
        ("{% if true %}{{ 1|gibtsnicht }}{% endif %}", "No filter named 'gibtsnicht' found."),
        ("{% if 1 is gibtsnicht %}{% endif %}", "No test named 'gibtsnicht' found."),
        ("{{ playbook.rituals.gruss.guest_title }}", "TypeError: the template prints a value that is not there (None)"),
        ("{{ 1 // 0 }}", "ZeroDivisionError: "),
        ("{{ 1 + 'x' }}", "TypeError: unsupported operand"),
        ("{{ url() }}", "TypeError: "),
        ("{{ symbol(playbook) }}", "AttributeError: 'Playbook' object has no attribute 'symbol'"),
        ("{% macro x() %}{{ x() }}{% endmacro %}{{ x() }}", "RecursionError: "),
        ("{% set a = [] %}{{ [1].pop(7) }}", "IndexError: "),
    ],
)
def test_broken_line_is_named(tree: Tree, templates: Path, line: str, message: str) -> None:
    path = templates / "gates.md.j2"
    lines = path.read_text("utf-8").splitlines()
    lines[4:4] = [line]
    path.write_text("\n".join(lines), "utf-8")
    (templates / "teil").mkdir()
    (templates / "teil/kaputt.md.j2").write_text("eins\n\n{{ gibtsnicht }}\n", "utf-8")
    found = problem(tree, templates)
    place = (templates / "teil/kaputt.md.j2", 3, 1) if "teil" in line else (path, 5, 1)
    assert (Path(found.path), found.line, found.column) == place
    assert found.message.startswith(message)
    assert "\n" not in str(found)


def test_missing_template_is_named(tree: Tree, templates: Path) -> None:
    (templates / "gates.md.j2").unlink()
    found = problem(tree, templates)
    assert str(found) == f"{templates}/gates.md.j2:1:1: template 'gates.md.j2' is missing"


def test_missing_macros_are_named_where_they_are_wanted(tree: Tree, templates: Path) -> None:
    (templates / "_macros.md.j2").unlink()
    assert re.search(r"/\w+\.md\.j2:1:1: template '_macros\.md\.j2' is missing$", str(problem(tree, templates)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ ritual.title }}", "{{ ritual.tilte }}", "has no attribute 'tilte'"),
        ("{{ ritual.title }}", "{{ ritual.title }", "template syntax: "),
        ("{{ ritual.title }}", "{{ ritual.title|upcase }}", "template syntax: No filter named 'upcase'."),
        ("{{ ritual.title }}", "{{ gibtsnicht }}", "'gibtsnicht' is undefined"),
    ],
)
def test_mistakes_in_a_macro_are_named_in_the_macro(
    tree: Tree, templates: Path, old: str, new: str, message: str
) -> None:
    path = templates / "_macros.md.j2"
    text = path.read_text("utf-8")
    line = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1), "utf-8")
    found = problem(tree, templates)
    assert (Path(found.path), found.line) == (path, line)
    assert message in found.message


def test_template_that_is_no_text_is_named(tree: Tree, templates: Path) -> None:
    (templates / "gates.md.j2").write_bytes(b"\xff\xfe")
    assert str(problem(tree, templates)).startswith(f"{templates}/gates.md.j2:1:1: UnicodeDecodeError: ")


def test_command_prints_where_a_template_is_broken(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROJECT / "templates", small / "templates")
    path = small / "templates/pages/gates.md.j2"
    path.write_text(path.read_text("utf-8") + "{{ gibtsnicht }}\n", "utf-8")
    line = path.read_text("utf-8").count("\n")
    monkeypatch.chdir(small)
    result = CliRunner().invoke(main, ["build"])
    assert result.exit_code == 1
    assert result.output == f"templates/pages/gates.md.j2:{line}:1: 'gibtsnicht' is undefined\n1 error.\n"
    assert not (small / "site").exists()


@pytest.mark.parametrize(
    "line",
    [
        '{{ m.dots(1) ~ "<i>" ~ playbook.gates.foto.label }}',
        '{{ [m.dots(1), "<i>", playbook.gates.foto.label]|join("<u>") }}',
        '{{ "%s<i>%s"|format(m.dots(1), playbook.gates.foto.label) }}',
        "{{ playbook.gates.foto.label|upper|lower }} {{ m.dots(1) }}",
        "{% set label %}{{ m.dots(1) }}{{ playbook.gates.foto.label }}{% endset %}{{ label }}",
    ],
)
def test_text_joined_with_markup_in_a_template_stays_text(tree: Tree, templates: Path, line: str) -> None:
    (templates / "gates.md.j2").write_text(f'{{% import "_macros.md.j2" as m with context %}}\n{line}\n', "utf-8")
    gate = tree.playbook.gates["foto"].model_copy(update={"label": "<b>fotos"})
    playbook = tree.playbook.model_copy(update={"gates": {"foto": gate}})
    text = render(team_edition(playbook, {}), Templates(templates, SYMBOLS))["prueffragen/index.md"]
    assert "gering" in text
    assert "fotos" in text
    assert set(re.findall("<[a-z]+", text)) <= {"<span"}
