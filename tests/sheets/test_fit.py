"""Texts grow: what has to fit one page fails and says where and by how much, the rest flows on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from generator.model.playbook import Playbook, published
from generator.model.ritual import Ritual
from generator.model.text import Offset, Prose, Slug
from generator.pipeline import examine
from generator.problems import PlaybookError
from generator.sheets.kinds import Sheet
from generator.sheets.printer import Printer
from tests.conftest import SMALL, TODAY
from tests.sheets.checks import MM, Paper, flowing, own, squeeze
from tests.sheets.conftest import Set, pieces, printer, walk

LONGER = re.compile(
    r"^(.+):(\d+):(\d+): the sheet '(.+)' does not fit its page: (\d+) mm too long; shorten the texts or split them$"
)


def grown(press: Printer, factor: int) -> Printer:
    """The same handbook with every text so many times as long."""

    def grow(where: str, hint: Any, text: str) -> str:
        if hint == Slug:
            return text
        return ("\n\n" if hint == Prose else " ").join([text] * factor)

    playbook = walk(press.playbook, Playbook, grow)
    return Printer(playbook, press.folder.parent, press.symbols, press.site, press.sources)


def result(press: Printer, sheet: Sheet, folder: Path) -> Paper | str:
    """The sheet, or what is said about it."""
    path = folder / f"{sheet.name}.pdf"
    try:
        path.write_bytes(press.typesetter.pdf(sheet))
    except PlaybookError as error:
        (problem,) = error.problems
        return str(problem)
    return Paper(path)


@pytest.fixture(scope="module")
def tripled(handbook: Set) -> Printer:
    return grown(handbook.printer, 3)


@pytest.mark.slow
def test_three_times_as_long_fits_or_fails_with_its_place(handbook: Set, tripled: Printer, tmp_path: Path) -> None:
    failed: dict[str, int] = {}
    for sheet in tripled.all():
        if sheet.kind in ("run", "booklet", "worksheet", "mentor", "mentee"):
            continue
        found = result(tripled, sheet, tmp_path)
        if isinstance(found, Paper):
            assert len(found.pdf) == handbook.pdfs[sheet.name].pages, sheet.name
            continue
        match = LONGER.match(found)
        assert match, found
        path, line, title = match[1], int(match[2]), match[4]
        assert title == sheet.title
        if sheet.kind != "card":
            assert path == tripled.sources[sheet.record].path
        text = (Path(tripled.folder).parents[1] / path).read_text("utf-8").split("\n")[line - 1]
        assert re.match(EXPECTED[sheet.kind], text), f"{sheet.name} is blamed on {text!r}"
        failed[sheet.kind] = failed.get(sheet.kind, 0) + 1
    assert set(failed) >= set(EXPECTED) - {"followup"}, failed  # its items are few and have room
    assert sum(failed.values()) > 40


EXPECTED = {
    "checklist": r"  - title: ",
    "followup": r"  - title: ",
    "role": r"  [a-z-]+: ",
    "guest": r"steps:",
    "card": r"  - title: |(title|summary|owner): ",
}


def test_three_times_as_long_flows_on(handbook: Set, tripled: Printer, tmp_path: Path) -> None:
    ritual = tripled.playbook.rituals["sommerevent"]
    (run,) = (sheet for sheet in tripled.of_ritual(ritual) if sheet.kind == "run")
    universe = tripled.playbook.universes["exklusiv"]
    (booklet,) = (sheet for sheet in tripled.of_universe(universe) if sheet.kind == "booklet")
    for sheet in (run, booklet):
        paper = result(tripled, sheet, tmp_path)
        assert isinstance(paper, Paper), paper
        assert len(paper.pdf) > 1.8 * handbook.pdfs[sheet.name].pages
        text = squeeze(flowing(paper.pages) if sheet is booklet else paper.text).replace("WannDauerRolleWas", "")
        for step in ritual.steps:
            for wanted in (*pieces(step.text), *pieces(step.plan_b or ""), step.say or ""):
                assert squeeze(wanted) in text, f"{sheet.name}: {wanted}"
    path = tmp_path / f"{run.name}.pdf"
    assert not [fault for fault in own(path, "run") if "margin" in fault or "small" in fault]


# ---------------------------------------------------------- one field at a time


def small_ritual(**update: Any) -> tuple[Printer, Ritual]:
    tree = examine(SMALL, TODAY)
    playbook = published(tree.playbook)
    ritual = playbook.rituals["gruss"].model_copy(update=update)
    playbook = playbook.model_copy(update={"rituals": {**playbook.rituals, "gruss": ritual}})
    return printer(tree, playbook), ritual


BEFORE = Offset(0, -10)


def with_items(text: str, count: int, at: Offset = BEFORE) -> dict[str, Any]:
    checklist = published(examine(SMALL, TODAY).playbook).rituals["gruss"].checklists[0]
    item = checklist.items[0].model_copy(update={"text": text})
    return {"checklists": (checklist, checklist.model_copy(update={"items": (item,) * count, "at": at}))}


def sheet_of(press: Printer, ritual: Ritual, kind: str) -> Sheet:
    return next(sheet for sheet in press.of_ritual(ritual) if sheet.kind == kind)


@pytest.mark.parametrize(("kind", "at"), [("checklist", BEFORE), ("followup", Offset(1, 0))])
def test_the_checklist_that_is_too_long_is_blamed(kind: str, at: Offset, tmp_path: Path) -> None:
    """Nine items of 140 characters, the most the model allows, fit; and from some length on the excess grows."""
    excess = []
    for length in (140, 560, 700, 840):
        press, ritual = small_ritual(**with_items(("wort " * 200)[:length], 9, at))
        found = result(press, sheet_of(press, ritual, kind), tmp_path)
        if isinstance(found, str):
            match = LONGER.match(found)
            assert match, found
            assert match[1].endswith("hafen/rituals/gruss.yml")
            excess.append(int(match[5]))
        else:
            assert len(found.pdf) == (2 if kind == "checklist" else 1)
            excess.append(0)
    assert excess[0] == 0
    assert 0 < excess[1] < excess[2] < excess[3]


def test_the_second_checklist_is_named_by_its_own_line(small: Path, tmp_path: Path) -> None:
    path = small / "universes/hafen/rituals/gruss.yml"
    text = path.read_text("utf-8")
    items = "".join(f'      - {{text: "{number} {"wort " * 26}"}}\n' for number in range(30))
    head = ["  - title: Viel zu lang", "kind: read-do", "pause: Nie.", "at: -5min", "caller: wirt", "items:"]
    second = "\n    ".join(head) + "\n" + items
    path.write_text(text.replace("signals:", second + "signals:"), "utf-8")
    tree = examine(small, TODAY)
    press = printer(tree, tree.playbook)
    sheet = sheet_of(press, tree.playbook.rituals["gruss"], "checklist")
    line = path.read_text("utf-8").split("\n").index("  - title: Viel zu lang") + 1
    assert str(result(press, sheet, tmp_path)).startswith(
        f"universes/hafen/rituals/gruss.yml:{line}:5: the sheet 'Checkliste'"
    )


@pytest.mark.parametrize("field", ["title", "summary", "owner"])
def test_the_text_that_is_too_long_for_a_card_is_blamed(field: str, tmp_path: Path) -> None:
    press, _ = small_ritual(**{field: "wort " * 170})
    (sheet,) = (s for s in press.selection(["gruss"], None, None) if s.kind == "card")
    found = str(result(press, sheet, tmp_path))
    match = LONGER.match(found)
    assert match, found
    lines = (SMALL / "universes/hafen/rituals/gruss.yml").read_text("utf-8").split("\n")
    assert lines[int(match[2]) - 1].startswith(f"{field}:")


@pytest.mark.parametrize("title", ["W" * 48, "Donaudampfschifffahrtsgesellschaft auf der Donau", "wort " * 9 + "aus"])
def test_the_longest_title_and_summary_fit_a_card(title: str, tmp_path: Path) -> None:
    """What `playbook check` lets pass can be printed."""
    assert len(title) == 48
    press, _ = small_ritual(title=title, summary=("Ein längeres Wort " * 10)[:160], **with_items("x" * 140, 3))
    for sheet in press.selection(["gruss"], None, None):
        assert isinstance(result(press, sheet, tmp_path), Paper)


def test_a_step_longer_than_a_page_is_divided(tmp_path: Path) -> None:
    """Nothing of it is lost below the edge."""
    step = published(examine(SMALL, TODAY).playbook).rituals["gruss"].steps[0]
    words = " ".join(f"wort{number}" for number in range(1500))
    press, ritual = small_ritual(steps=(step.model_copy(update={"text": words}), step))
    paper = result(press, sheet_of(press, ritual, "run"), tmp_path)
    assert isinstance(paper, Paper)
    assert len(paper.pdf) > 2
    assert min(text.get_rect(i)[1] for text in paper.texts for i in range(text.count_rects())) >= 8 * MM
    text = squeeze(re.sub(r"Stand .*\n.*\n?.*Wann Dauer Rolle Was", "", paper.text))
    assert all(f"wort{number}" in text for number in range(1500))


def test_room_is_saved_step_by_step_on_role_sheets(tmp_path: Path) -> None:
    """First plan B is left out, then the items, each with a word on where they are; then it fails."""
    base = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    step = base.steps[1]
    seen = []
    for count in (1, 11, 12, 13, 14, 15, 16, 17, 18, 60):
        steps = tuple(step.model_copy(update={"at": Offset(0, number)}) for number in range(count))
        press, ritual = small_ritual(steps=steps)
        found = result(press, sheet_of(press, ritual, "role"), tmp_path)
        if isinstance(found, str):
            assert LONGER.match(found), found
            seen.append("fails")
        else:
            assert len(found.pdf) == 1
            text = found.text
            seen.append(("B" if "Hintereingang" in text else "b") + ("I" if "Licht: an" in text else "i"))
            assert ("Hintereingang" in text) != ("Plan B steht im Ablaufplan" in text)
            assert ("Licht: an" in text) != ("Deine Punkte, siehe Checkliste: 1" in " ".join(text.split()))
    assert seen[0] == "BI"
    assert seen[-1] == "fails"
    assert "bI" in seen
