"""The kinds of sheets, and what is known of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from generator.languages.language import _
from generator.model.ritual import Checklist, ChecklistItem, Ritual
from generator.model.text import Offset

Kind = Literal["checklist", "followup", "run", "role", "guest", "card", "booklet", "mentor", "mentee", "worksheet"]
KINDS: dict[str, str] = {
    "checklist": _("Checkliste"),
    "followup": _("Nachbereitung"),
    "run": _("Ablaufplan"),
    "role": _("Rollenblätter"),
    "guest": _("Gästeprogramm"),
    "card": _("Karten"),
    "booklet": _("Heft"),
    "mentor": _("Heft für Mentor:innen"),
    "mentee": _("Blatt für Neue"),
    "worksheet": _("Arbeitsblatt"),
}
VERSION_LENGTH = 7  # hex digits; enough to tell the versions of one sheet apart
LONG = 1500  # characters of a step from which its row of a table may be divided between pages


@dataclass(frozen=True)
class Sheet:
    """One PDF before it is set.

    `name` is its file's stem, `record` the YAML it is made of, such as `ritual/empfang`, `as_of` the day of its data.
    `version` is that of the sheet without a date and names, which is what can go out of date; `check_url` is where its
    code leads.
    """

    name: str
    kind: Kind
    record: str
    as_of: date
    version: str
    source: str
    check_url: str = ""

    @property
    def title(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True)
class Pdf:
    """A sheet as it is offered to readers: its file, number of pages and size in bytes."""

    sheet: Sheet
    path: Path
    pages: int
    size: int


@dataclass(frozen=True)
class Event:
    """A real event for a sheet: its start, local to Vienna, if it is known, and names for roles."""

    start: datetime | None
    people: Mapping[str, str]


def content_hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:VERSION_LENGTH]


def is_follow_up(ritual: Ritual, at: Offset) -> bool:
    """Whether a checklist at this time is worked through when the ritual is over."""
    return at.total >= max(ritual.duration.run, 1)


def duties_at_pauses(ritual: Ritual, role: str) -> Iterator[tuple[Checklist, list[ChecklistItem]]]:
    """The checklists that concern a role, each with the items that are its own."""
    for checklist in ritual.checklists:
        items = [item for item in checklist.items if item.role == role]
        if items or checklist.caller == role:
            yield checklist, items


@dataclass(frozen=True)
class Offer:
    """What is offered as PDF, and the current version and date of every printout by its name."""

    pdfs: Sequence[Pdf] = ()
    versions: Mapping[str, tuple[str, date]] = field(default_factory=dict)
