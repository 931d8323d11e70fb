"""Every sheet of the real handbook: its structure, its text, its looks on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import pytest

from generator.languages import labels
from generator.model.mentoring import MentorPath, Stage
from generator.model.playbook import published
from generator.model.ritual import Ritual
from generator.model.text import Audience, Offset
from generator.model.universe import Universe
from generator.pipeline import examine
from generator.problems import PlaybookError
from generator.project import PROJECT
from generator.sheets.kinds import KINDS, Pdf, Sheet, duties_at_pauses, is_follow_up
from generator.sheets.printer import Printer
from generator.sheets.typesetting import compiler
from tests.conftest import SMALL, TODAY
from tests.sheets.checks import Element, Paper, checkers, flowing, own, squeeze
from tests.sheets.conftest import Set, pieces

INSTRUCTIONS = {"do-confirm": "Tun, dann bestätigen.", "read-do": "Lesen, dann tun."}


def texts_of(press: Printer, sheet: Sheet) -> Iterator[str]:
    """What has to be readable on a sheet, from the data."""
    key = sheet.record.partition("/")[2]
    if sheet.kind == "booklet":
        yield from booklet_texts(press, [key] if key else list(press.playbook.universes))
    elif sheet.kind == "card":
        for ritual in press.playbook.rituals.values():
            if key in ("", ritual.universe, ritual.id):
                yield from card_texts(press, ritual)
    elif sheet.record.startswith("path/"):
        yield from path_texts(press, sheet, press.playbook.paths[key])
    elif sheet.kind == "worksheet":
        yield from worksheet_texts(press)
    else:
        yield from ritual_texts(press, sheet, press.playbook.rituals[key])


def ritual_texts(press: Printer, sheet: Sheet, ritual: Ritual) -> Iterator[str]:
    roles = press.playbook.roles
    yield from (f"Version {sheet.version}", f"Stand {labels.day(ritual.reviewed)}")
    if sheet.kind == "guest":
        yield ritual.guest_title or "Programm"
        for step in ritual.steps:
            if step.visible_to is Audience.GUEST:
                yield from [time(step.at), *([step.guest_text] if step.guest_text else pieces(step.text))]
        return
    yield from (ritual.title, press.playbook.universes[ritual.universe].title)
    for checklist in ritual.checklists:
        if sheet.kind in ("checklist", "followup") and is_follow_up(ritual, checklist.at) == (sheet.kind == "followup"):
            yield from (checklist.title, checklist.pause, time(checklist.at), INSTRUCTIONS[checklist.kind])
            yield f"Liest vor: {roles[checklist.caller].label}"
            for item in checklist.items:
                yield item.text
                yield from [roles[item.role].label] if item.role else []
                yield from [labels.offset(item.due)] if item.due else []
    if sheet.kind == "followup":
        yield ritual.owner
    if sheet.kind in ("run", "role"):
        for step in ritual.steps:
            if sheet.kind == "role" and roles[step.role].side == "guest":
                continue
            yield from (time(step.at), *pieces(step.text), step.say or "")
            yield from pieces(step.plan_b or "") if sheet.kind == "run" else []
            yield from [labels.duration(step.minutes)] if step.minutes else []
            yield roles[step.role].label
    if sheet.kind == "role":
        for key, text in ritual.roles.items():
            yield from [roles[key].label, text] if roles[key].side == "host" else []


def path_texts(press: Printer, sheet: Sheet, path: MentorPath) -> Iterator[str]:
    mentor = sheet.kind == "mentor"
    yield from (f"Version {sheet.version}", f"Stand {labels.day(path.reviewed)}")
    yield from (path.title, KINDS[sheet.kind], "Erster Arbeitstag")
    yield from (path.summary, path.owner, *pieces(path.anchor), *pieces(path.swap)) if mentor else []
    for stage in path.stages:
        end = labels.until(stage.until)
        yield from (stage.title, end[0].upper() + end[1:], stage.aim, stage.task.place, *pieces(stage.task.text))
        for practice in (*stage.observe, *stage.assist, *stage.lead):
            yield f"{press.playbook.rituals[practice.ritual].title}: {practice.task}"
        yield from mentors_own(stage) if mentor else []


def mentors_own(stage: Stage) -> Iterator[str]:
    """What the newcomer's sheet keeps to itself."""
    yield from (stage.teach_back.question, *stage.teach_back.good, *stage.prompts, *stage.ready_when)


def time(at: Offset) -> str:
    said = labels.offset(at)
    return said[0].upper() + said[1:]


def card_texts(press: Printer, ritual: Ritual) -> Iterator[str]:
    checklist = next(checklist for checklist in ritual.checklists if not is_follow_up(ritual, checklist.at))
    universe = press.playbook.universes[ritual.universe]
    yield from (ritual.title, ritual.summary, universe.title, ritual.owner, checklist.title)
    yield from (labels.duration(ritual.duration.run), press.playbook.occasions[ritual.occasion].label)
    yield from (item.text for item in checklist.items)
    yield f"Version {press.cards[ritual.id][0]}"


def booklet_texts(press: Printer, keys: list[str]) -> Iterator[str]:
    for universe in (press.playbook.universes[key] for key in keys):
        yield from universe_texts(press, universe)
        for ritual in press.rituals(universe):
            yield from (ritual.title, ritual.summary, ritual.owner, *ritual.roles.values())
            prose = [ritual.intention, ritual.trigger, ritual.avoid_when or "", *ritual.pitfalls]
            for step in ritual.steps:
                yield from (time(step.at), step.say or "")
                prose += [step.text, step.plan_b or ""]
            for variant in ritual.variants:
                yield variant.title
                prose.append(variant.text)
            for text in prose:
                yield from pieces(text)
            for checklist in ritual.checklists:
                yield from (checklist.title, checklist.pause, *(item.text for item in checklist.items))
            yield from (*ritual.signals.good, *ritual.signals.warning, *(m.text for m in ritual.materials))
            yield from (press.playbook.gates[gate].question for gate in ritual.gates)


def worksheet_texts(press: Printer) -> Iterator[str]:
    chooser = press.playbook.chooser
    assert chooser
    yield from (chooser.owner, "In welchem Universum sind wir?", "Kreist in jeder Zeile die Punkte eurer Antwort ein")
    for situation in chooser.situations:
        yield situation.text
        yield from (answer.text for answer in situation.answers)
    prose = [meaning.next for meaning in chooser.universes.values()]
    for friction in chooser.friction:
        yield friction.helps
        prose.append(friction.text)
    for text in (*prose, chooser.meeting or ""):
        yield from pieces(text)


def universe_texts(press: Printer, universe: Universe) -> Iterator[str]:
    yield from (universe.title, universe.claim, universe.speaker)
    prose = [universe.voice, *universe.shines, *universe.hurts, *universe.do, *universe.dont]
    prose += [*universe.coming_from.values(), *universe.no_ritual_for.values()]
    for key, answer in universe.profile.items():
        yield from (press.playbook.dimensions[key].label, answer.short)
        prose.append(answer.text)
    for text in prose:
        yield from pieces(text)


def items_of(press: Printer, sheet: Sheet) -> list[str]:
    """The texts that must not be small."""
    if sheet.record.startswith("path/"):
        stages = press.playbook.paths[sheet.record.removeprefix("path/")].stages
        return [p.task for stage in stages for p in (*stage.observe, *stage.assist, *stage.lead)]
    if sheet.kind == "worksheet" and press.playbook.chooser:
        return [answer.text for situation in press.playbook.chooser.situations for answer in situation.answers]
    if sheet.kind == "booklet" or not sheet.record.startswith("ritual/"):
        return []
    ritual = press.playbook.rituals[sheet.record.removeprefix("ritual/")]
    if sheet.kind in ("checklist", "followup"):
        lists = [c for c in ritual.checklists if is_follow_up(ritual, c.at) == (sheet.kind == "followup")]
        return [item.text for checklist in lists for item in checklist.items]
    if sheet.kind == "guest":
        return [step.guest_text for step in ritual.steps if step.guest_text and step.visible_to is Audience.GUEST]
    hosts = [key for key in ritual.roles if press.playbook.roles[key].side == "host"]
    return [piece for step in ritual.steps if step.role in hosts for piece in pieces(step.text)]


def test_every_kind_is_there(handbook: Set) -> None:
    kinds = [pdf.sheet.kind for pdf in handbook.pdfs.values()]
    playbook = handbook.printer.playbook
    rituals = len(playbook.rituals)
    assert set(kinds) == set(KINDS)
    assert rituals >= 26
    assert [kinds.count(kind) for kind in ("checklist", "run", "role")] == [rituals] * 3
    assert [kinds.count(kind) for kind in ("card", "booklet")] == [len(playbook.universes) + 1] * 2
    assert [kinds.count(kind) for kind in ("mentor", "mentee")] == [len(playbook.paths)] * 2
    assert kinds.count("followup") >= rituals - 3
    assert kinds.count("guest") >= rituals / 2


def picked(handbook: Set, every: bool) -> list[Pdf]:
    """Every sheet, or one of each kind: that with the most on it, but of the booklets the thinnest."""
    if every:
        return list(handbook.pdfs.values())
    pdfs = {kind: [pdf for pdf in handbook.pdfs.values() if pdf.sheet.kind == kind] for kind in KINDS}
    return [(min if kind == "booklet" else max)(of_kind, key=lambda pdf: pdf.size) for kind, of_kind in pdfs.items()]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["one a kind", "all"])
def test_nothing_is_wrong_with_any_sheet(handbook: Set, every: bool) -> None:
    for pdf in picked(handbook, every):
        found = list(own(pdf.path, pdf.sheet.kind, items_of(handbook.printer, pdf.sheet)))
        assert not found, f"{pdf.sheet.name}: {found}"


@pytest.mark.slow
def test_the_checkers_find_nothing(handbook: Set) -> None:
    """`outloud` and `pdfua` over some sheets of each kind."""
    for kind in KINDS:
        for sheet, _ in list(handbook.of_kind(kind))[:3]:
            found = list(checkers(handbook.pdfs[sheet.name].path))
            assert not found, f"{sheet.name}: {found}"


def flat(kind: str, pages: list[str]) -> str:
    """The text of all pages in one; across the pages of a booklet it goes on without their heads and feet."""
    if kind not in ("booklet", "mentor"):
        return squeeze("\n".join(pages))
    return squeeze(pages[0]) + squeeze(flowing(pages))


def test_text_is_that_of_the_source(handbook: Set) -> None:
    count = 0
    for sheet, paper in handbook.of_kind(*KINDS):
        text = flat(sheet.kind, paper.pages)
        for wanted in texts_of(handbook.printer, sheet):
            assert squeeze(wanted) in text, f"{sheet.name}: {wanted!r} is not there"
            count += 1
    assert count > 10_000
    booklets = "".join(paper.text for _, paper in handbook.of_kind("booklet"))
    assert all(char in booklets for char in "äöüÄÖÜß„“:–")


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_poppler_reads_the_same(handbook: Set) -> None:
    for kind in KINDS:
        sheet, _ = next(handbook.of_kind(kind))
        path = handbook.pdfs[sheet.name].path
        output = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True).stdout.decode()
        text = flat(kind, output.split("\f"))
        for wanted in texts_of(handbook.printer, sheet):
            assert squeeze(wanted) in text, f"{sheet.name}: {wanted!r} is not there"


def test_words_stay_whole_on_checklists(handbook: Set) -> None:
    """Nothing is hyphenated where people read aloud."""
    for _, paper in handbook.of_kind("checklist", "followup", "guest"):
        assert not re.search("[\u00ad\ufffe]", paper.text)


def test_items_are_13_to_14_points(handbook: Set) -> None:
    for sheet, paper in handbook.of_kind("checklist", "followup"):
        for item in items_of(handbook.printer, sheet):
            assert 13 <= (paper.smallest(item) or 0) <= 14


def test_one_page_sheets_have_one_page(handbook: Set) -> None:
    for pdf in handbook.pdfs.values():
        if pdf.sheet.record.startswith("ritual/"):
            ritual = handbook.printer.playbook.rituals[pdf.sheet.record.removeprefix("ritual/")]
            after = sum(is_follow_up(ritual, checklist.at) for checklist in ritual.checklists)
            hosts = sum(handbook.printer.playbook.roles[key].side == "host" for key in ritual.roles)
            expected = {"checklist": len(ritual.checklists) - after, "followup": after, "guest": 1, "role": hosts}
            assert pdf.pages == expected.get(pdf.sheet.kind, pdf.pages), pdf.sheet.name


def test_the_worksheet_can_be_ticked_and_added_up(handbook: Set) -> None:
    """A box and its points beside every answer, with names for who cannot see the symbols; room for every sum."""
    press, paper = handbook.printer, handbook.papers["kompass-worksheet"]
    chooser, universes = press.playbook.chooser, press.playbook.universes
    assert chooser
    answers = [answer for situation in chooser.situations for answer in situation.answers]
    assert 2 <= len(paper.pdf) <= 3
    assert paper.text.count("☐") == len(answers)
    for answer in answers:
        assert squeeze(answer.text) + "".join(map(str, answer.weights.values())) in squeeze(paper.text), answer.id
    with pikepdf.open(handbook.pdfs["kompass-worksheet"].path) as pdf:
        tree = Element(pdf.Root.StructTreeRoot, roles={}, shown=set())
        names = [str(figure.obj.Alt) for figure in tree.all() if figure.tag == "Figure"]
        rows = [row for row in tree.all() if row.tag == "TR"]
    assert Counter(names[1:]) == Counter(universes[key].title for answer in answers for key in answer.weights)
    assert len(rows) == len(chooser.situations) + 2  # and the head and the sum
    assert {len(row.kids) for row in rows} == {len(universes) + 1}


def test_the_last_pause_is_a_follow_up() -> None:
    """What is called when the ritual is over, not only what is called days later."""
    ritual = published(examine(SMALL, TODAY).playbook).rituals["gruss"]  # an hour long
    assert [is_follow_up(ritual, Offset(*at)) for at in ((0, -10), (0, 59), (0, 60), (1, 0))] == [
        False,
        False,
        True,
        True,
    ]
    short = ritual.model_copy(update={"duration": ritual.duration.model_copy(update={"run": 0})})
    assert [is_follow_up(short, Offset(0, at)) for at in (-10, 0, 1)] == [False, False, True]


def test_follow_up_has_an_owner_and_a_date_for_every_item(handbook: Set) -> None:
    for sheet, paper in handbook.of_kind("followup"):
        items = len(items_of(handbook.printer, sheet))
        text = squeeze(paper.text)
        assert text.count("Fällig:") == items
        assert text.count("Verantwortlich:") == items + len(paper.pdf)


def test_critical_items_are_marked_by_shape_and_weight(handbook: Set) -> None:
    marks = 0
    for sheet, paper in handbook.of_kind("checklist", "followup"):
        ritual = handbook.printer.playbook.rituals[sheet.record.removeprefix("ritual/")]
        text = squeeze(paper.text)
        for checklist in ritual.checklists:
            if is_follow_up(ritual, checklist.at) == (sheet.kind == "followup"):
                for item in checklist.items:
                    assert (f"▲{squeeze(item.text)}" in text) == item.critical, item.text
                    marks += item.critical
    assert marks > 50


def test_role_sheets_hold_only_what_the_role_does(handbook: Set) -> None:
    for sheet, paper in handbook.of_kind("role"):
        ritual = handbook.printer.playbook.rituals[sheet.record.removeprefix("ritual/")]
        hosts = [key for key in ritual.roles if handbook.printer.playbook.roles[key].side == "host"]
        for number, role in enumerate(hosts):
            text = squeeze(paper.pages[number])
            for step in ritual.steps:
                assert (squeeze(pieces(step.text)[0]) in text) == (step.role == role), (sheet.name, role, step.at)
            for checklist, items in duties_at_pauses(ritual, role):
                whole = all(squeeze(item.text) in text for item in items)
                assert whole or f"DeinePunkte,sieheCheckliste:{len(items)}" in text, (sheet.name, role, checklist.title)


def test_a_newcomers_sheet_keeps_what_is_the_mentors(handbook: Set) -> None:
    for sheet, paper in handbook.of_kind("mentee"):
        path, text = handbook.printer.playbook.paths[sheet.record.removeprefix("path/")], squeeze(paper.text)
        assert not [own for stage in path.stages for own in mentors_own(stage) if squeeze(own) in text], path.title


def test_paths_fit_two_pages_for_the_newcomer_and_two_facing_pages_a_stage_for_the_mentor(handbook: Set) -> None:
    for _, paper in handbook.of_kind("mentee"):
        assert len(paper.pdf) <= 2
    for sheet, paper in handbook.of_kind("mentor"):
        path = handbook.printer.playbook.paths[sheet.record.removeprefix("path/")]
        for number, stage in enumerate(path.stages):
            left, right = map(squeeze, paper.pages[3 + 2 * number : 5 + 2 * number])
            assert squeeze(stage.aim) in left, sheet.name
            assert squeeze(stage.ready_when[0]) in right, sheet.name
        assert len(paper.pdf) == 3 + 2 * len(path.stages)


def test_register_and_contents_lead_to_the_right_pages(handbook: Set) -> None:
    for sheet, paper in handbook.of_kind("booklet"):
        pages = paper.pages
        contents, entries = squeeze(pages[1]), squeeze("".join(pages[-8:]))
        for ritual in handbook.printer.playbook.rituals.values():
            if sheet.record in ("", f"universe/{ritual.universe}"):
                title = re.escape(squeeze(ritual.title))
                number = int(re.search(title + r"[.]+(\d+)", contents)[1])  # type: ignore[index]
                assert squeeze(ritual.summary) in squeeze(pages[number - 1]), ritual.title
                entry = re.search(title + r"·Ritual[.]+(\d+)", entries)
                assert entry, ritual.title
                assert int(entry[1]) == number


def test_running_heads_name_the_chapter_and_the_ritual_of_their_page(handbook: Set) -> None:
    paper = handbook.papers["handbook"]
    for ritual in handbook.printer.playbook.rituals.values():
        universe = handbook.printer.playbook.universes[ritual.universe]
        for page in map(squeeze, paper.pages):
            if squeeze(ritual.summary) in page and squeeze(ritual.intention[:20]) in page:
                assert squeeze(f"{universe.title}{ritual.title}") in page, ritual.title
                break
        else:
            pytest.fail(f"no page for {ritual.title}")


def test_cards_lie_back_to_back(handbook: Set) -> None:
    """What is left on the front is right on the back, so that duplex along the long edge fits."""
    for _, paper in handbook.of_kind("card"):
        for front in range(0, len(paper.pdf), 2):
            for ritual in handbook.printer.playbook.rituals.values():
                place, back = (place_of(paper, front + side, ritual.title, size) for side, size in ((0, 18), (1, 11)))
                if place or back:
                    assert place, ritual.title
                    assert back == (not place[0], place[1]), ritual.title


def place_of(paper: Paper, number: int, title: str, size: float) -> tuple[bool, bool] | None:
    """Whether the title of a card, in this size, stands (left, on top) on a page."""
    if squeeze(title) not in squeeze(paper.pages[number]):
        return None
    page, text = paper.pdf[number], paper.texts[number]
    search = text.search(title, match_case=True)
    while found := search.get_next():
        left, _, _, top = text.get_charbox(found[0])
        if round(pdfium.FPDFText_GetFontSize(text.raw, found[0])) == size:
            return left < page.get_width() / 2, top > page.get_height() / 2
    return None


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "am ersten Tag"),
        (2, "bis zum 3. Tag"),
        (6, "bis Ende der 1. Woche"),
        (13, "bis Ende der 2. Woche"),
        (30, "bis Ende des 1. Monats"),
        (41, "bis Ende der 6. Woche"),
        (89, "bis Ende des 3. Monats"),
        (499, "bis zum 500. Tag"),
    ],
)
def test_the_end_of_a_stage_in_words(days: int, said: str) -> None:
    assert labels.until(Offset(days, 0)) == said


def test_a_font_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    """Typst would leave its text out, or set it in another font, without a word."""
    shutil.copytree(PROJECT / "templates/print", tmp_path / "print")
    assert compiler(tmp_path / "print", "whole", 0)
    (tmp_path / "print/fonts/AtkinsonHyperlegibleNext_700Bold.ttf").write_text("no font")
    with pytest.raises(PlaybookError, match="print/fonts:1:1: a font is missing or damaged; put it back"):
        compiler(tmp_path / "print", "damaged", 0)
