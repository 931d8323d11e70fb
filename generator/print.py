"""Step 7, print: sheets, cards and booklets as PDF, by Jinja and Typst.

Templates in `templates/print/*.typ.j2` say what is on a sheet, `look.typ` how it looks.
Whatever a template prints becomes a Typst literal, so text from YAML cannot become code.
A sheet's version is the hash of its Typst source: same data and templates, same version,
same bytes.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, cast

import segno
import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pypdf import PdfReader

from generator import dates, labels
from generator.literals import content, literal
from generator.models import Audience, Offset, Playbook, Ritual, Term, Universe
from generator.problems import PlaybookError, Problem
from generator.prose import plain
from generator.source import Loc, Source

Kind = Literal["checklist", "followup", "run", "role", "guest", "card", "booklet"]
KINDS: dict[str, str] = {
    "checklist": "Checkliste",
    "followup": "Nachbereitung",
    "run": "Ablaufplan",
    "role": "Rollenblätter",
    "guest": "Gästeprogramm",
    "card": "Karten",
    "booklet": "Heft",
}
STANDARDS: list[Any] = ["ua-1", "a-2a"]
VERSION_LENGTH = 7  # hex digits; enough to tell the versions of one sheet apart

WORDS = {
    "author": "Playbook der Kund:innen-Einbindung",
    "qr": "QR-Code zu",
    "stand": "Stand",
    "version": "Version",
    "page": "Seite",
    "of": "von",
    "current": "Noch aktuell?",
    "calls": "Liest vor",
    "you-call": "Du liest vor.",
    "your-items": "Deine Punkte",
    "critical": "darf nicht fehlen",
    "name": "Name",
    "date": "Datum",
    "due": "Erledigt am",
    "signature": "Unterschrift",
    "owner": "Verantwortlich",
    "when": "Wann",
    "minutes": "Dauer",
    "role": "Rolle",
    "what": "Was",
    "say": "Sagen:",
    "plan-b": "Plan B",
    "plan-b-elsewhere": "Plan B zu diesen Schritten steht im Ablaufplan.",
    "latest": "spätestens",
    "contents": "Inhalt",
    "register": "Register",
    "remember": "Gelungen ist es so:",
    "occasion": "Anlass",
    "people": "Personen",
    "prep": "Vorbereiten",
    "none": "keine",
    "why": "Warum",
    "avoid": "Wann nicht",
    "do": "Das tun",
    "dont": "Das lassen",
    "coming-from": "Aus dem Universum",
    "profile": "Profil",
    "signals": "Woran man es merkt",
    "pitfalls": "Stolpersteine",
    "variants": "Varianten",
    "gates": "Vorher klären",
    "ask": "Fragen",
    "glossary": "Glossar",
    "subtitle": "Vier Arbeitsuniversen und ihre Rituale",
    "checklist": KINDS["checklist"],
    "followup": KINDS["followup"],
    "run": KINDS["run"],
    "roles": KINDS["role"],
}
DO = {"do-confirm": "Tun, dann bestätigen.", "read-do": "Lesen, dann tun."}


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


class Printer:
    """Makes the Typst source of every sheet of a playbook, and PDFs of it."""

    def __init__(
        self,
        playbook: Playbook,
        templates: Path,
        symbols: Mapping[str, str],
        site: str,
        sources: Mapping[str, Source],
    ) -> None:
        self.playbook, self.symbols, self.sources = playbook, symbols, sources
        self.site = site.removeprefix("https://").removeprefix("http://").rstrip("/")
        self.folder = templates / "print"
        self.env = Environment(
            loader=FileSystemLoader(self.folder),
            undefined=StrictUndefined,
            autoescape=True,
            finalize=literal,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters |= {
            "day": labels.day,
            "offset": labels.offset,
            "people": lambda people: labels.people(people.min, people.max),
            "minutes": lambda minutes: labels.duration(minutes) if minutes else "",
            "prose": content,
            "plain": plain,
        }

    # ---- what there is

    def all(self) -> Iterator[Sheet]:
        """Every sheet of the handbook."""
        for ritual in self.all_rituals:
            yield from self.of(ritual)
        for universe in self.playbook.universes.values():
            yield from self.bound(universe)
        universes = list(self.playbook.universes.values())
        yield self.deck("all-card", "Alle Karten", self.all_rituals, "")
        yield self.booklet("handbook", "Das ganze Handbuch", universes, "")

    @property
    def all_rituals(self) -> Iterable[Ritual]:
        return self.playbook.rituals.values()

    def rituals(self, universe: Universe) -> list[Ritual]:
        return [ritual for ritual in self.all_rituals if ritual.universe == universe.id]

    def selection(self, ids: Iterable[str], event: Event | None, role: str | None) -> Iterator[Sheet]:
        """The sheets of rituals and universes, or all; of a single ritual also its card."""
        for key in ids:
            if universe := self.playbook.universes.get(key):
                yield from self.bound(universe)
            else:
                ritual = self.playbook.rituals[key]
                yield from self.dated(ritual, event, role)
                yield self.deck(f"{key}-card", ritual.title, [ritual], f"ritual/{key}")
        if not ids:
            yield from self.all()

    def bound(self, universe: Universe) -> Iterator[Sheet]:
        """The deck and the booklet of a universe."""
        record = f"universe/{universe.id}"
        yield self.deck(f"{universe.id}-card", universe.title, self.rituals(universe), record)
        yield self.booklet(f"{universe.id}-booklet", universe.title, [universe], record)

    def dated(self, ritual: Ritual, event: Event | None, role: str | None = None) -> Iterator[Sheet]:
        """The sheets of one ritual for one event or role, with the versions of the sheets they are made from."""
        versions = {sheet.kind: sheet.version for sheet in self.of(ritual)}
        for sheet in self.of(ritual, event, role):
            yield replace(sheet, version=versions[sheet.kind])

    def of(self, ritual: Ritual, event: Event | None = None, role: str | None = None) -> Iterator[Sheet]:
        """The sheets of one ritual, dated where there is an event, for one role if it is given."""
        numbered = list(enumerate(ritual.checklists))
        after = [pair for pair in numbered if is_follow_up(ritual, pair[1].at)]
        before = [pair for pair in numbered if pair not in after]
        if before:
            yield self.sheet(ritual, "checklist", event, checklists=before)
        if after:
            yield self.sheet(ritual, "followup", event, checklists=after)
        yield self.sheet(ritual, "run", event)
        roles = [key for key in ritual.roles if self.playbook.roles[key].side == "host" and role in (None, key)]
        yield self.sheet(
            ritual,
            "role",
            event,
            duties=[(key, ritual.roles[key]) for key in roles],
            steps_of=lambda key: [step for step in ritual.steps if step.role == key],
            items_of=lambda key: [
                (checklist, items)
                for checklist in ritual.checklists
                for items in [[item for item in checklist.items if item.role == key]]
                if items or checklist.caller == key
            ],
        )
        steps = [step for step in ritual.steps if step.visible_to is Audience.GUEST]
        if steps:
            yield self.sheet(ritual, "guest", event, title=ritual.guest_title or "Programm", steps=steps)

    # ---- Typst source

    def sheet(self, ritual: Ritual, kind: Kind, event: Event | None, **context: Any) -> Sheet:
        def role(key: str) -> str:
            label = self.playbook.roles[key].label
            return f"{event.people[key]} ({label})" if event and key in event.people else label

        def note(item: Any) -> str:
            due = f"{WORDS['latest']} {when(item.due)}" if item.due else ""
            return ", ".join(part for part in (role(item.role) if item.role else "", due) if part)

        def when(at: Offset) -> str:
            return dates.said(event.start, at) if event and event.start else labels.offset(at)

        universe = self.playbook.universes[ritual.universe]
        source = self.render(
            f"{kind}.typ.j2",
            ritual=ritual,
            universe=universe,
            symbol=self.symbol(universe),
            role=role,
            note=note,
            when=when,
            clock=lambda at: dates.clock(event.start, at) if event and event.start else labels.offset(at),
            flag=lambda at: (dates.warning(event.start, at) or "") if event and event.start else "",
            start=dates.said(event.start, Offset(0, 0)) if event and event.start else "",
            kinds=DO,
            **context,
        )
        name, record = f"{ritual.id}-{kind}", f"ritual/{ritual.id}"
        return Sheet(name, kind, record, ritual.reviewed, content_hash(source), source)

    def deck(self, name: str, title: str, rituals: Iterable[Ritual], record: str) -> Sheet:
        """Cards of several rituals, four on a page, front and back; each card has a version of its own."""
        rituals = list(rituals)
        cards = [self.card(ritual)[1] for ritual in rituals]
        source = self.render("deck.typ.j2", title=f"{KINDS['card']}: {title}", cards=cards)
        return Sheet(name, "card", record, max(r.reviewed for r in rituals), content_hash(source), source)

    def card(self, ritual: Ritual) -> tuple[str, Markup]:
        """A ritual's card: its version, and its Typst source with that version on it."""
        universe = self.playbook.universes[ritual.universe]

        def render(**stamp: str) -> str:
            checklist = next((c for c in ritual.checklists if not is_follow_up(ritual, c.at)), ritual.checklists[0])
            return self.render(
                "card.typ.j2",
                ritual=ritual,
                universe=universe,
                symbol=self.symbol(universe),
                checklist=checklist,
                **stamp,
            )

        version = content_hash(render(version="", url="", qr=""))
        url = self.check_url(f"{ritual.id}-card", version)
        return version, Markup(render(version=version, url=url, qr=qr_code(url)))

    def booklet(self, name: str, title: str, universes: list[Universe], record: str) -> Sheet:
        """Universes from cover to cover, with contents, glossary and register."""
        chosen = [universe.id for universe in universes]
        rituals = [ritual for ritual in self.all_rituals if ritual.universe in chosen]
        glossary = self.playbook.glossary
        terms = [
            (key, term)
            for key, term in (glossary.terms.items() if glossary else ())
            if len(chosen) == len(self.playbook.universes) or set(term.universes) & set(chosen)
        ]
        stand = max([u.reviewed for u in universes] + [r.reviewed for r in rituals])
        source = self.render(
            "booklet.typ.j2",
            title=title,
            subtitle=universes[0].summary if len(universes) == 1 else WORDS["subtitle"],
            universes=universes,
            all_universes=list(self.playbook.universes.values()),
            rituals=self.rituals,
            symbol=self.symbol,
            role=lambda key: self.playbook.roles[key].label,
            stand=stand,
            terms=sorted(terms, key=lambda pair: labels.collation(pair[1].term)),
            register=register(rituals, terms),
        )
        return Sheet(name, "booklet", record, stand, content_hash(source), source)

    def symbol(self, universe: Universe) -> str:
        return self.symbols[universe.symbol].replace("currentColor", universe.colour.light)

    def render(self, template: str, **context: Any) -> str:
        return self.env.get_template(template).render(words=WORDS, lang="de", playbook=self.playbook, **context)

    def check_url(self, name: str, version: str) -> str:
        """Where to see whether a printout is current; the version is in the fragment, which no server sees."""
        return f"{self.site}/print/aktuell/#{name + '-' if name else ''}{version}"

    def versions(self, sheets: Iterable[Sheet]) -> dict[str, tuple[str, date]]:
        """Of every printout its version and date of data, by the name in its QR code."""
        found = {sheet.name: (sheet.version, sheet.stand) for sheet in sheets if sheet.kind != "card"}
        cards = {f"{ritual.id}-card": (self.card(ritual)[0], ritual.reviewed) for ritual in self.all_rituals}
        return found | cards

    # ---- PDF

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF/UA-1 and PDF/A-2a. Raises PlaybookError if it does not fit its page."""
        # A guest's programme does not say what the ritual is called in the house.
        name = "" if sheet.kind == "guest" else sheet.name
        url = "" if sheet.kind in ("card", "booklet") else self.check_url(name, sheet.version)
        inputs = {"version": sheet.version, "url": url, "qr": qr_code(url) if url else ""}
        try:
            result = compiler(self.folder).compile(
                input=sheet.source.encode(),
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=datetime.combine(sheet.stand, time(), UTC),
            )
        except typst.TypstError as error:
            raise PlaybookError([self.problem(sheet, error.message)]) from None
        return bytes(result)  # type: ignore[arg-type]  # one document, not a list of pages

    def problem(self, sheet: Sheet, message: str) -> Problem:
        """What Typst says, at the YAML that is to blame; `overflow|place|mm` is our own check in the look."""
        overflow = re.search(r"overflow\|([^|]*)\|(\d+)", message)
        record, loc = sheet.record, cast(Loc, ())
        if overflow:
            place = overflow[1]
            if place.startswith("card/"):
                record, place = f"ritual/{place.removeprefix('card/')}", "checklists/0"
            loc = tuple(int(part) if part.isdigit() else part for part in place.split("/"))
            message = f"does not fit its page: {overflow[2]} mm too long; shorten the texts or split them"
        source = self.sources.get(record, Source("mkdocs.yml"))
        return source.problem(loc, f"the sheet '{sheet.title}' {message}", key=True)

    def set_all(self, sheets: Iterable[Sheet], cache: Path) -> list[Pdf]:
        """Every sheet as a file in `cache`; what is there already is not set again. All problems at once."""
        done, problems = [], []
        cache.mkdir(parents=True, exist_ok=True)
        look = look_hash(self.folder)
        for sheet in sheets:
            path = cache / f"{sheet.name}.{content_hash(look + sheet.version + sheet.source)}.pdf"
            try:
                if not path.exists():
                    temporary = path.with_suffix(".new")
                    temporary.write_bytes(self.pdf(sheet))
                    temporary.rename(path)
                done.append(Pdf(sheet, path, len(PdfReader(path).pages), path.stat().st_size))
            except PlaybookError as error:
                problems += error.problems
        if problems:
            raise PlaybookError(problems)
        for stale in set(cache.iterdir()) - {pdf.path for pdf in done}:
            stale.unlink()
        return done


@cache
def look_hash(folder: Path) -> str:
    """A hash of what changes a PDF without changing its source: the look, the fonts, Typst itself."""
    files = sorted([folder / "look.typ", *folder.glob("fonts/*")])
    return content_hash(version("typst") + "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in files))


def content_hash(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:VERSION_LENGTH]


def register(rituals: Iterable[Ritual], terms: Iterable[tuple[str, Term]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """A–Z of rituals and terms: (letter, [(title, Typst label)])."""
    entries = [(ritual.title, f"ritual-{ritual.id}") for ritual in rituals]
    entries += [(term.term, f"term-{key}") for key, term in terms]
    letters: dict[str, list[tuple[str, str]]] = {}
    for title, target in sorted(entries, key=lambda entry: labels.collation(entry[0])):
        letters.setdefault(labels.collation(title)[:1].upper(), []).append((title, target))
    return list(letters.items())


def is_follow_up(ritual: Ritual, at: Offset) -> bool:
    return at.total > ritual.duration.run


def qr_code(url: str) -> str:
    """The QR code of a URL as SVG, a quiet zone around it."""
    stream = io.BytesIO()
    segno.make("https://" + url, error="m").save(stream, kind="svg", border=2, xmldecl=False, omitsize=True)
    return stream.getvalue().decode()


@cache
def compiler(folder: Path) -> typst.Compiler:
    """One compiler for all sheets, with the fonts beside the templates and no others."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder / "fonts"])
    return typst.Compiler(root=folder, font_paths=fonts)
