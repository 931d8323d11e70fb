"""German for people of all genders: three spellings, one source."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator import load_playbook
from generator.commands import main
from generator.languages.gender import asterisk, neutral
from generator.project import PROJECT
from generator.search.words import rules_for
from tests.conftest import Edit

GRUSS = "universes/hafen/rituals/gruss.yml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kund:innen und Kolleg:innen", "Kund*innen und Kolleg*innen"),
        ("Kund:innen-Bereich", "Kund*innen-Bereich"),
        ("jede:r Erste:r", "jede*r Erste*r"),
        ("Um 18:30, Anlass:in Wien", "Um 18:30, Anlass*in Wien"),
        ("Siehe: innen", "Siehe: innen"),
        ("[x](a:innenhof)", "[x](a:innenhof)"),
    ],
)
def test_asterisk(text: str, expected: str) -> None:
    assert asterisk(text) == expected


def test_neutral_takes_the_longest_form_and_leaves_what_it_does_not_know() -> None:
    style = neutral({"Kund:innen": "Kundinnen und Kunden", "Kund:innen-Bereich": "Gästebereich"})
    assert style("Kund:innen im Kund:innen-Bereich") == "Kundinnen und Kunden im Gästebereich"
    assert style("Großkund:innen, Kund:innenX, Kund:innen-Fest") == "Großkund:innen, Kund:innenX, Kund:innen-Fest"
    assert neutral({})("Kund:innen") == "Kund:innen"


def build(root: Path, style: str) -> str:
    """The pages of the small handbook in a style, and its search index."""
    (root / "mkdocs.yml").write_text(
        (PROJECT / "mkdocs.yml").read_text("utf-8").replace("gender: colon", style), "utf-8"
    )
    result = CliRunner().invoke(main, ["build", "--root", str(root)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    pages = ("hafen/gruss/index.html", "hilfe/index.html", "assets/catalogue.js", "mentoring/anlegen/index.html")
    return "\n".join((root / "site" / page).read_text("utf-8").replace("&#42;", "*") for page in pages)


@pytest.fixture
def gendered(small: Path, edit: Edit) -> Path:
    edit(GRUSS, "Alles herrichten.", "Mit den Wirt:innen, *nicht* allein, alles für Kund:innen herrichten.")
    edit("content/hilfe.md", "# Hilfe", "# Hilfe\n\nFür Kund:innen und *alle* Wirt:innen.")
    edit("content/glossary.yml", "terms:", "neutral:\n  Kund:innen: Kundinnen und Kunden\nterms:")
    return small


def test_the_whole_site_follows_the_style(gendered: Path) -> None:
    text = build(gendered, "gender: asterisk")
    assert "Mit den Wirt*innen, <em>nicht</em> allein, alles für Kund*innen herrichten." in text
    assert "Für Kund*innen und <em>alle</em> Wirt*innen." in text
    assert '"Weg für Mentor*innen"' in text  # what scripts say
    assert not re.search(r"[a-z]:innen\b", re.sub(r'"[^"]*":\[', "", text))
    text = build(gendered, "gender: neutral")
    assert "Mit den Wirt:innen, <em>nicht</em> allein, alles für Kundinnen und Kunden herrichten." in text
    assert "Für Kundinnen und Kunden und <em>alle</em> Wirt:innen." in text


@pytest.mark.parametrize(
    "other", ["<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "<b>&lt;Kundschaft", "`Kund*innen` **x**"]
)
def test_a_neutral_form_is_no_markup_in_a_page(other: str, gendered: Path) -> None:
    """It gets into a page's Markdown after that has been judged."""
    path = gendered / "content/glossary.yml"
    path.write_text(path.read_text().replace("Kundinnen und Kunden", f"'{other}'"))
    build(gendered, "gender: neutral")
    page = (gendered / "site/hilfe/index.html").read_text("utf-8")
    (line,) = re.findall("<p>(Für .* <em>alle</em>.*)</p>", page)
    assert html.unescape(line) == f"Für {other} und <em>alle</em> Wirt:innen."
    assert re.findall("<[a-z]+", line) == ["<em"]


def test_an_unknown_style_is_a_problem(small: Path) -> None:
    (small / "mkdocs.yml").write_text(
        (PROJECT / "mkdocs.yml").read_text("utf-8").replace("gender: colon", "gender: stern")
    )
    (number,) = (
        n for n, line in enumerate((small / "mkdocs.yml").read_text("utf-8").split("\n"), 1) if "stern" in line
    )
    for command in ("check", "build"):
        result = CliRunner().invoke(main, [command, "--root", str(small)])
        assert result.exit_code == 1
        wanted = "must be one of colon, asterisk, neutral, not the text 'stern'; did you mean 'asterisk'?"
        assert f"mkdocs.yml:{number}:11: 'gender' {wanted}" in result.output


def test_the_search_knows_every_spelling() -> None:
    """The terms of a form with a colon are among those of the other spellings."""
    glossary = load_playbook(PROJECT).glossary
    assert glossary is not None
    rules = rules_for("de")
    for form, other in glossary.neutral.items():
        if form.endswith(":innen") and other.startswith(form.removesuffix(":innen")):
            spellings = [{term for term, _ in rules.terms(text)} for text in (form, asterisk(form), other.split()[0])]
            assert set.intersection(*spellings), form
