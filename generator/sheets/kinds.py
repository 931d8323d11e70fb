"""The kinds of sheets, and what is known of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

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
STANDARDS: list[Any] = ["ua-1", "a-2a"]
VERSION_LENGTH = 7  # hex digits; enough to tell the versions of one sheet apart
LONG = 1500  # characters of a step from which its row of a table may be divided between pages
WORDS = {
    "author": _("Playbook der Kund:innen-Einbindung"),
    "qr": _("QR-Code zu"),
    "stand": _("Stand"),
    "version": _("Version"),
    "page": _("Seite"),
    "card": _("Karte"),
    "of": _("von"),
    "current": _("Noch aktuell?"),
    "calls": _("Liest vor"),
    "you-call": _("Du liest vor."),
    "points": _("Deine Punkte, siehe Checkliste"),
    "critical": _("darf nicht fehlen"),
    "name": _("Name"),
    "date": _("Datum"),
    "done": _("Alles erledigt am"),
    "signature": _("Unterschrift"),
    "owner": _("Verantwortlich"),
    "until": _("Fällig"),
    "latest": _("spätestens"),
    "when": _("Wann"),
    "minutes": _("Dauer"),
    "role": _("Rolle"),
    "what": _("Was"),
    "say": _("Sagen:"),
    "open": _("„"),
    "close": _("“"),
    "plan-b": _("Plan B"),
    "plan-b-elsewhere": _("Was tun, wenn etwas dazwischenkommt: Plan B steht im Ablaufplan."),
    "remember": _("Gelungen ist es so:"),
    "occasion": _("Anlass"),
    "people": _("Personen"),
    "prep": _("Vorbereiten"),
    "follow-up": _("Nachbereiten"),
    "effort": _("Aufwand für uns / Gäste"),
    "reviewed": _("Geprüft am"),
    "none": _("keine"),
    "contents": _("Inhalt"),
    "occasions": _("Anlässe"),
    "occasions-note": _(
        "Derselbe Anlass, in jedem Universum anders beantwortet; in Klammern die Seite. "
        "Wo nichts steht, verzichtet ein Universum bewusst; warum, steht in seinem Kapitel."
    ),
    "profile": _("Profil"),
    "do": _("Das tun"),
    "dont": _("Das lassen"),
    "shines": _("Hier glänzt es"),
    "hurts": _("Hier schmerzt es"),
    "coming-from": _("Wenn du aus einem anderen Universum kommst"),
    "from": _("Aus"),
    "without": _("Bewusst kein eigenes Ritual"),
    "why": _("Warum"),
    "trigger": _("Wann"),
    "avoid": _("Wann nicht"),
    "who": _("Wer dabei ist"),
    "materials": _("Was man braucht"),
    "good": _("Es gelingt"),
    "bad": _("Es kippt"),
    "pitfalls": _("Stolpersteine"),
    "variants": _("Varianten"),
    "gates": _("Vorher klären"),
    "ask": _("Fragen"),
    "related": _("Verwandte Rituale"),
    "roles-of-all": _("Rollen"),
    "glossary": _("Glossar"),
    "register": _("Register"),
    "ritual": _("Ritual"),
    "term": _("Begriff"),
    "place": _("Ort"),
    "see": _("siehe"),
    "mentor": KINDS["mentor"],
    "mentee": KINDS["mentee"],
    "anchor": _("Dein Part als Mentor:in"),
    "swap": _("Wann ihr die Rollen tauscht"),
    "accompanied": _("Wen du begleitest"),
    "first-day": _("Erster Arbeitstag"),
    "your-mentor": _("Deine Mentorin, dein Mentor"),
    "observe": _("Zuschauen"),
    "assist": _("Mitmachen"),
    "lead": _("Führen"),
    "prompts": _("Fragen für das Gespräch"),
    "teach-back": _("Erklären lassen"),
    "good-answer": _("Eine gute Antwort enthält:"),
    "place-task": _("Aufgabe vor Ort"),
    "ready-when": _("Weiter, wenn …"),
    "notes": _("Was war gut, was nehmen wir uns vor?"),
    "meeting": _("Gespräch am"),
    "questions": _("Meine Fragen"),
    "mentee-note": _(
        "Zuerst schaust du zu, dann übernimmst du einen Teil, am Ende leitest du selbst. Hak ab, was du gemacht hast, "
        "und schreib deine Fragen gleich dazu. Die Aufgaben stehen so da, wie dein Gegenüber sie liest: "
        "Mit „du“ ist die Mentorin oder der Mentor gemeint, die neue Person bist du."
    ),
    "all-universes": _("Alle Universen"),
    "programme": _("Programm"),
    "all-cards": _("Alle Karten"),
    "handbook": _("Alle Universen und ihre Rituale"),
    "worksheet": _("In welchem Universum sind wir?"),
    "worksheet-lead": _(
        "Kreuzt an, was bei euch am ehesten geschieht, und nicht, was am schönsten klingt. Daneben "
        "stehen die Punkte, die eine Antwort den Universen bringt."
    ),
    "worksheet-sum": _("Eure Anteile"),
    "worksheet-how": _(
        "Kreist in jeder Zeile die Punkte eurer Antwort ein und zählt jede Spalte zusammen. "
        "Liegen zwei Summen nah beieinander, gehört beides zu euch."
    ),
    "worksheet-situation": _("Situation"),
    "worksheet-total": _("Summe"),
    "worksheet-next": _("Beim nächsten Kontakt"),
    "worksheet-friction": _("Wo es reibt"),
    "worksheet-helps": _("Was hilft:"),
    "worksheet-meeting": _("Im Team"),
    "checklist": KINDS["checklist"],
    "followup": KINDS["followup"],
    "run": KINDS["run"],
    "roles": KINDS["role"],
}
EFFORTS = (_("gering"), _("mittel"), _("hoch"))
DO = {"do-confirm": _("Tun, dann bestätigen."), "read-do": _("Lesen, dann tun.")}


@dataclass(frozen=True)
class Sheet:
    """One PDF before it is set.

    `name` is its file's stem, `record` the YAML it is made of, such as `ritual/empfang`.
    `version` is that of the sheet without a date and names, which is what can go out of date.
    """

    name: str
    kind: Kind
    record: str
    stand: date
    version: str
    source: str

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
