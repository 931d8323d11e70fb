"""What guests hold in their hands says nothing that is not for them.

Every internal text and id of a playbook becomes a canary, a word of its own, found by
walking the model; none may be anywhere in the file: not in its text, its metadata, its
bookmarks, its structure, nor in any of its streams.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from generator.model.playbook import Playbook, published
from generator.model.ritual import Ritual
from generator.model.text import Audience, Slug
from generator.pipeline import examine
from generator.sheets.kinds import Event
from tests.conftest import SMALL, TODAY
from tests.sheets.checks import Paper, squeeze
from tests.sheets.conftest import Set, pieces, printer, walk

FOR_GUESTS = {"Ritual.guest_title", "Step.guest_text"}
KEPT = {"Universe.symbol"}  # the name of a picture
EVENT = Event(datetime(2027, 6, 18, 18, 0), {})


class Cage:
    """Makes canaries and remembers where each one lives."""

    def __init__(self, free: set[str]) -> None:
        self.free, self.birds = free, dict[str, str]()
        self.ids: dict[str, str] = {}

    def change(self, where: str, hint: Any, text: str) -> str:
        if where in KEPT:
            return text
        if hint == Slug:
            if text not in self.ids:
                self.ids[text] = self.bird(f"the id {text}")
            return self.ids[text]
        return f"frei{self.bird(where, free=True)}" if where in self.free else self.bird(where)

    def bird(self, where: str, free: bool = False) -> str:
        name = f"kanarie{len(self.birds)}x"
        self.birds[name] = "" if free else where
        return name


def canaries(free: set[str], **step: Any) -> tuple[Cage, Playbook, Ritual]:
    playbook = published(examine(SMALL, TODAY).playbook)
    rituals = {
        key: ritual.model_copy(
            update={
                "guest_title": "Titel",
                "steps": tuple(
                    s.model_copy(update=step) if s.visible_to is Audience.GUEST else s for s in ritual.steps
                ),
            }
        )
        for key, ritual in playbook.rituals.items()
    }
    cage = Cage(free)
    changed = walk(playbook.model_copy(update={"rituals": rituals}), Playbook, cage.change)
    return cage, changed, next(iter(changed.rituals.values()))


def everything_in(path: Path) -> str:
    """All that a file holds, from what is drawn to the last string and decompressed stream."""
    found = [Paper(path).text]
    with pikepdf.open(path) as pdf:
        for obj in (*pdf.objects, pdf.trailer):
            found += strings(obj)
            if isinstance(obj, pikepdf.Stream):
                raw = obj.read_bytes() if obj.get("/Subtype") != "/Image" else obj.read_raw_bytes()
                found += [raw.decode("latin-1"), raw.decode("utf-8", "ignore"), raw.decode("utf-16-be", "ignore")]
        with pdf.open_outline() as outline:
            found += [item.title for item in outline.root]
        found += pdf.attachments
    found.append(path.read_bytes().decode("latin-1"))
    return squeeze("\n".join(found))


def strings(obj: Any) -> Iterator[str]:
    """Every string, name and key in an object, but not in those it refers to."""
    if isinstance(obj, pikepdf.String | pikepdf.Name):
        yield str(obj)
    elif isinstance(obj, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
        pairs: Any = enumerate(obj) if isinstance(obj, pikepdf.Array) else obj.items()
        for key, value in pairs:
            yield str(key)
            if not getattr(value, "is_indirect", False):
                yield from strings(value)


def guest_sheet(playbook: Playbook, ritual: Ritual, folder: Path, event: Event | None) -> Path:
    press = printer(examine(SMALL, TODAY), playbook)
    (sheet,) = (sheet for sheet in press.of_ritual(ritual, event) if sheet.kind == "guest")
    path = folder / "guest.pdf"
    path.write_bytes(press.typesetter.pdf(sheet))
    return path


@pytest.mark.parametrize("event", [None, EVENT, Event(None, {})])
def test_no_canary_escapes(tmp_path: Path, event: Event | None) -> None:
    cage, playbook, ritual = canaries(FOR_GUESTS)
    if event and event.start:
        event = Event(event.start, {key: f"{cage.bird('a name')}" for key in ritual.roles})
    text = everything_in(guest_sheet(playbook, ritual, tmp_path, event))
    escaped = [cage.birds[bird] for bird in re.findall(r"kanarie\d+x", text) if cage.birds[bird]]
    assert not escaped
    assert len([where for where in cage.birds.values() if where]) > 100  # there were some to escape


def test_what_is_for_guests_is_there(tmp_path: Path) -> None:
    """So that the test above looks at a sheet that is not empty."""
    _, playbook, ritual = canaries(FOR_GUESTS)
    text = everything_in(guest_sheet(playbook, ritual, tmp_path, EVENT))
    words = [ritual.guest_title, *(s.guest_text for s in ritual.steps if s.visible_to is Audience.GUEST)]
    assert len(words) == 2
    assert all(word and word in text for word in words)


def test_canaries_are_found_where_they_are(tmp_path: Path) -> None:
    """The search sees text, title, bookmarks and structure of a sheet that is not for guests."""
    _, playbook, ritual = canaries(FOR_GUESTS)
    press = printer(examine(SMALL, TODAY), playbook)
    sheet = next(iter(press.of_ritual(ritual)))
    (tmp_path / "team.pdf").write_bytes(press.typesetter.pdf(sheet))
    text = everything_in(tmp_path / "team.pdf")
    with pikepdf.open(tmp_path / "team.pdf") as pdf, pdf.open_outline() as outline, pdf.open_metadata() as xmp:
        places = [
            str(pdf.docinfo["/Title"]),
            str(xmp["dc:title"]),
            outline.root[0].title,
            Paper(tmp_path / "team.pdf").text,
        ]
    assert all(ritual.title in place for place in (text, *places))
    assert ritual.id in text  # in the address of the QR code


def test_without_words_for_guests_the_step_itself_is_shown(tmp_path: Path) -> None:
    cage, playbook, ritual = canaries({"Ritual.guest_title", "Step.text"}, guest_text=None, plan_b="b", say="s")
    visible = [step for step in ritual.steps if step.visible_to is Audience.GUEST]
    hidden = [step for step in ritual.steps if step.visible_to is Audience.TEAM]
    text = everything_in(guest_sheet(playbook, ritual, tmp_path, None))
    assert all(step.text in text for step in visible)
    assert not any(step.text in text for step in hidden)
    assert not [cage.birds[bird] for bird in re.findall(r"kanarie\d+x", text) if cage.birds[bird]]


def test_without_a_title_for_guests_it_is_a_programme(tmp_path: Path) -> None:
    _, playbook, ritual = canaries(FOR_GUESTS)
    text = everything_in(guest_sheet(playbook, ritual.model_copy(update={"guest_title": None}), tmp_path, None))
    assert "Programm" in text
    assert ritual.title not in text


def test_no_programme_without_a_visible_step() -> None:
    playbook = published(examine(SMALL, TODAY).playbook)
    ritual = playbook.rituals["gruss"]
    steps = tuple(step.model_copy(update={"visible_to": Audience.TEAM}) for step in ritual.steps)
    press = printer(examine(SMALL, TODAY), playbook)
    assert "guest" not in {sheet.kind for sheet in press.of_ritual(ritual.model_copy(update={"steps": steps}))}


def test_real_programmes_hold_nothing_internal(handbook: Set) -> None:
    """Owners, roles, ids, what to say, plan B and the steps for the team, of the real handbook."""
    playbook, count = handbook.printer.playbook, 0
    for sheet, _ in handbook.of_kind("guest"):
        ritual = playbook.rituals[sheet.record.removeprefix("ritual/")]
        text = everything_in(handbook.pdfs[sheet.name].path)
        shown = squeeze((ritual.guest_title or "") + "".join(step.guest_text or "" for step in ritual.steps))
        internal = [ritual.id, ritual.title, ritual.owner, ritual.summary, playbook.universes[ritual.universe].title]
        internal += [
            *ritual.roles.values(),
            *(item.text for checklist in ritual.checklists for item in checklist.items),
        ]
        internal += [*ritual.signals.good, *ritual.signals.warning]
        for step in ritual.steps:
            internal += [step.say or "", *pieces(step.plan_b or "")]
            internal += pieces(step.text) if step.guest_text or step.visible_to is Audience.TEAM else []
        for words in map(squeeze, internal):
            assert not words or words in shown or words not in text, f"{sheet.name}: {words}"
            count += 1
    assert count > 500
