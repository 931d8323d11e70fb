"""Hostile text in every field of every sheet: it is printed as it was typed, or a problem says where it stands.

The fields are found by walking the model. Every text ends with a number of its own
(`zq17z`), by which it is found again in the PDF's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from generator.model.playbook import Playbook, published
from generator.model.ritual import Ritual
from generator.model.text import Offset, Prose, Slug
from generator.pipeline import examine
from generator.problems import PlaybookError
from generator.sheets.kinds import KINDS, Event, Sheet
from generator.sheets.printer import Printer
from tests.conftest import SMALL, TODAY, Edit
from tests.sheets.checks import MM, Paper, flowing, squeeze
from tests.sheets.conftest import pieces, printer, small_printer, walk

PAYLOADS = [
    # Typst
    '#panic("x")',
    '#import "@preview/cetz:0.3.0": *',
    '#read("/etc/passwd")',
    '#include "look.typ"',
    "#{ panic() }",
    "#let x = 1; #x",
    "#(1 + 1)",
    "#sys.inputs",
    '#set page(paper: "a6")',
    "#pagebreak()",
    "#",
    "\\#",
    "$x^2$ $",
    "$ sum_(i=0)^n $",
    "`raw` und ```typ #panic()```",
    "@ref @ritual-gruss",
    "<label> <ritual-gruss>",
    "= Titel",
    "== Titel <x>",
    "/ Begriff: Erklärung",
    "+ eins",
    "// Kommentar",
    "/* offen",
    "*/ zu",
    "https://example.org/?a=b&c=d#e",
    "a ~ b -- c --- d ...",
    "a\\ b \\u{41} \\n \\t \\",
    # Brackets, quotes: what could end a literal
    '"',
    '\\"',
    '", #panic("x"), "',
    '")]}#panic("x")',
    "]",
    "}",
    ")",
    "[[{{(((",
    "'einfach' \"doppelt\" „deutsch“ ‚halb‘ »so«",
    # Jinja
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "{% include 'look.typ' %} ${7*7}",
    # Our own way of saying what overflows
    "overflow|checklists/0|99",
    # HTML, Markdown that is none here
    "<script>alert(1)</script> &amp; &lt;b&gt;",
    "[klick](javascript:alert(1))",
    "![Bild](x.png)",
    "| a | b |",
    "~~weg~~ ==da== ^hoch^",
    # Characters
    "Kund:innen, z.\u00a0B. 5\u202f€, 3\u2009%",
    "Null\u200bbreit weich\u00adtrenn",
    "a\u0301 o\u0308 n\u0303",
    "rechts\u200f und links\u200e",
    "Zeile\u2028Absatz\u2029Ende\tTab\x0bVT",
    "ÄÖÜäöüß ẞ éèêëñçøåłž €£¥ ½¼ ©®™ §¶ …",
    "☐ ✓ ▲ ●",
    "0" * 90,
    "Donaudampfschifffahrtsgesellschaft" * 3,
    "https://example.org/" + "abc/" * 25,
    "W" * 48,
    "nur\u00a0mit\u00a0geschützten\u00a0Leerzeichen\u00a0" * 3 + "x",
    # What HTML, calendars and tables might take for theirs
    "=1+1 @SUM(1) +cmd|' /C calc'!A0",
    "a;b,c:d\\n\\N\\; ATTACH:https://example.org/",
    "? &anker *alias !!tag | > % @ ` ? : ,",
]
# A character the fonts lack, and the text it comes in.
LACKING = {
    "👩": "Familie 👩‍👩‍👧",
    "中": "auf 中文",
    "ع": "rechts العربية",
    "ש": "שלום",
    "①": "① zuerst",
    "ﬁ": "ﬁnal",
    "→": "hin → her",
    "\u20dd": "a\u20dd im Kreis",
    "Ж": "Жук",
    "\u2011": "E\u2011Mail",
    "\ue000": "privat \ue000",
}


class Fields:
    """Puts payloads into all texts, one after the other, and remembers what is where."""

    def __init__(self, payloads: Iterable[str]) -> None:
        self.payloads, self.given = cycle(payloads), list[tuple[str, Any, str]]()

    def change(self, where: str, hint: Any, text: str) -> str:
        if hint == Slug:
            return text
        self.given.append((where, hint, next(self.payloads)))
        return f"{self.given[-1][2]} zq{len(self.given) - 1}z"

    def found(self, text: str, place: str) -> set[str]:
        """The fields that `text` holds; each of them as it was typed."""
        text, seen = squeeze(text), set()
        for match in re.finditer(r"zq(\d+)z", text):
            where, hint, payload = self.given[int(match[1])]
            typed = f"{payload} {match[0]}"
            shown = squeeze(pieces(typed)[-1] if hint == Prose else typed)
            assert text[max(0, match.end() - len(shown)) : match.end()] == shown, f"{place}: {where}: {payload}"
            seen.add(where)
        return seen


def filled(payloads: Iterable[str]) -> tuple[Fields, Printer]:
    """A playbook of one ritual with a payload in every text, also where none is set."""
    tree = examine(SMALL, TODAY)
    whole = published(tree.playbook)
    one = whole.model_copy(update={"rituals": {"gruss": ritual(whole)}})
    fields = Fields(payloads)
    return fields, printer(tree, walk(one, Playbook, fields.change, fill=True))


def ritual(playbook: Playbook) -> Ritual:
    """With a checklist for afterwards, and nothing that leads to another ritual."""
    gruss = playbook.rituals["gruss"]
    first = gruss.checklists[0]
    item = first.items[0].model_copy(update={"due": Offset(1, 0), "role": "wirt"})
    after = first.model_copy(update={"at": Offset(0, 90), "items": (item,)})
    return gruss.model_copy(update={"checklists": (first, after), "related": ()})


# What is on no sheet: words for the pages of the site only.
UNSEEN = {
    *("Occasion.question", "Occasion.text", "Dimension.question", "Scale.low", "Scale.high"),
    *("Universe.guest_title", "Universe.guest_text", "Ritual.guest_text"),
    *("Universe.owner", "Glossary.owner", "Choice.because"),
}


SHORT = [payload for payload in PAYLOADS if len(payload) <= 40]  # these fit wherever they stand
TURNS = [[*SHORT[turn:], *SHORT[:turn]] for turn in range(0, len(SHORT), 8)]


@pytest.mark.parametrize("payloads", TURNS, ids=range(len(TURNS)))
def test_texts_in_many_fields_are_printed_as_typed(payloads: list[str], tmp_path: Path) -> None:
    printed_as_typed(payloads, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_in_every_field_is_printed_as_typed(payload: str, tmp_path: Path) -> None:
    printed_as_typed([payload], tmp_path)


def printed_as_typed(payloads: list[str], tmp_path: Path) -> None:
    fields, press = filled(payloads)
    long, seen = not {*payloads} <= {*SHORT}, set[str]()
    for sheet in (*press.of_ritual(press.playbook.rituals["gruss"]), *whole(press)):
        path = tmp_path / f"{sheet.name}.pdf"
        try:
            path.write_bytes(press.typesetter.pdf(sheet))
        except PlaybookError as error:
            if long and all("mm too long" in problem.message for problem in error.problems):
                continue
            raise
        paper = Paper(path)
        if sheet.kind in ("booklet", "mentor"):
            pages = [flowing(paper.pages[:1], 0), flowing(paper.pages[1:])] if not long else []
        else:
            pages = paper.pages
        seen |= fields.found("\n".join(pages), sheet.name)
        right = max(text.get_rect(i)[2] for text in paper.texts for i in range(text.count_rects()))
        assert right <= paper.pdf[0].get_width() - 8 * MM, f"{sheet.name}: runs out of the page"
    missing = {where for where, *_ in fields.given} - seen
    assert long or missing == UNSEEN


def whole(press: Printer) -> Iterator[Sheet]:
    """What is of no single ritual or universe; the whole handbook has more in it than the booklet of a universe."""
    return (sheet for sheet in press.all() if sheet.record in ("", "chooser") or sheet.record.startswith("path/"))


def test_there_is_enough_to_be_afraid_of() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS)
    assert len(PAYLOADS) + len(LACKING) >= 60


def test_characters_that_cannot_be_printed_are_problems_at_their_places(small: Path, edit: Edit) -> None:
    edit("universes/hafen/rituals/gruss.yml", '"Tür: offen"', f'"Tür: {", ".join(LACKING.values())}"')
    line = (small / "universes/hafen/rituals/gruss.yml").read_text("utf-8").split("\n")[35]
    press = small_printer(small)
    with pytest.raises(PlaybookError) as caught:
        press.typesetter.set_all(press.all(), small / "cache")
    messages = [str(problem) for problem in caught.value.problems]
    for char in LACKING:
        shown = f"'{char}' (U+{ord(char):04X})" if char.isprintable() else f"U+{ord(char):04X}"
        place = f"universes/hafen/rituals/gruss.yml:36:{line.index(char) + 1}"
        message = f"{place}: the character {shown} is in none of the fonts for print; write it in another way"
        assert message in messages
    assert {problem.line for problem in caught.value.problems} == {36}


def test_every_place_is_named_once(small: Path, edit: Edit) -> None:
    """In whatever files they stand and on how many sheets, escaped or not."""
    edit("universes/hafen/rituals/gruss.yml", "Alles herrichten.", "Alles → herrichten.")
    edit("universes/turm/rituals/wache.yml", "owner: Redaktion", 'owner: "Redaktion \\u2192"')
    edit("universes/roles.yml", "label: Wirt:in", "label: Wirt→in")
    edit("universes/turm/universe.yml", "order:", "# → in a comment\norder:")
    press = small_printer(small)
    with pytest.raises(PlaybookError) as caught:
        press.typesetter.set_all(press.all(), small / "cache")
    places = [str(problem).partition(": ")[0] for problem in caught.value.problems]
    assert places == [
        "universes/hafen/rituals/gruss.yml:16:17",
        "universes/roles.yml:2:14",
        "universes/turm/rituals/wache.yml:48:8",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_names_and_dates_from_the_command_line_are_text_as_well(
    kind: str, small: Path, edit: Edit, tmp_path: Path
) -> None:
    edit("universes/hafen/rituals/gruss.yml", "signals:", FOLLOW_UP + "signals:")
    press = small_printer(small)
    name = '"] #panic("x") \\ $*_`'
    for sheet in press.selection(["gruss", "hafen"], Event(None, {"wirt": name}), None):
        if sheet.kind == kind:
            path = tmp_path / "x.pdf"
            path.write_bytes(press.typesetter.pdf(sheet))
            assert (squeeze(name) in squeeze(Paper(path).text)) == (kind in ("checklist", "followup", "run", "role"))


FOLLOW_UP = """\
  - title: Danach
    kind: read-do
    pause: Alle sind fort.
    at: +2h
    caller: wirt
    items:
      - {text: "Kerzen: aus", role: wirt, due: +1d}
"""


def test_templates_read_nothing_from_elsewhere(project: Path) -> None:
    for path in (project / "templates/print").glob("*.typ*"):
        code = re.sub(r"\{%.*?%\}|//.*", "", path.read_text("utf-8"))
        assert set(re.findall(r"\b(?:import|include|read|image|json|yaml|plugin|bibliography)\W*\"([^\"]*)", code)) <= {
            "look.typ"
        }
        assert "@preview" not in code
