"""Step 7, print: sheets, cards and booklets as PDF, by Jinja and Typst.

Templates in `templates/print/*.typ.j2` say what is on a sheet, `look.typ` how it looks.
Whatever a template prints becomes a Typst literal, so text from YAML cannot become code.
A sheet's version is the hash of its Typst source: same data and templates, same version,
same bytes.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst
from markupsafe import Markup

from generator.files import discard, put
from generator.languages import labels
from generator.languages.language import GERMAN, Language, _
from generator.load.source import Loc, Source, read_yaml
from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.playbook import Playbook
from generator.model.prose import plain
from generator.model.ritual import Ritual
from generator.model.text import Audience, Offset
from generator.model.universe import Universe
from generator.model.vocabulary import Term
from generator.problems import PlaybookError, Problem
from generator.sheets import dates
from generator.sheets.kinds import (
    KINDS,
    LONG,
    STANDARDS,
    Event,
    Kind,
    Pdf,
    Sheet,
    content_hash,
    duties_at_pauses,
    is_follow_up,
)
from generator.sheets.literals import content, literal
from generator.sheets.typesetting import compiler, qr_code, reader
from generator.templating import environment, fill


class Printer:
    """Makes the Typst source of every sheet of a playbook, and PDFs of it."""

    def __init__(
        self,
        playbook: Playbook,
        templates: Path,
        symbols: Mapping[str, str],
        site: str,
        sources: Mapping[str, Source],
        language: Language = GERMAN,
        guests: str = "",
    ) -> None:
        """`site` is where printouts lead to; `guests` where those for guests do, if it is elsewhere."""
        self.language = language
        self.playbook, self.symbols, self.sources = playbook, symbols, sources
        self.site, self.guests = (re.sub("^https://|/+$", "", address) for address in (site, guests or site))
        self.folder = templates / "print"
        self.look = look_hash(self.folder)
        self.env = environment(self.folder, literal)
        self.env.globals["_"] = language.text
        more: dict[str, Callable[..., Any]] = {
            "minutes": lambda minutes: labels.duration(minutes, language) if minutes else "",
            "prose": content,
            "plain": plain,
            "is_long": lambda step: len(step.text) + len(step.say or "") + len(step.plan_b or "") > LONG,
        }
        self.env.filters |= labels.filters(language) | more

    # ---- what there is

    def all(self) -> Iterator[Sheet]:
        """Every sheet of the handbook."""
        for ritual in self.all_rituals:
            yield from self.of(ritual)
        for universe in self.playbook.universes.values():
            yield from self.bound(universe)
        for path in self.playbook.paths.values():
            yield from self.accompanying(path)
        if self.playbook.rituals:
            yield self.deck("all-card", self.language.text(_("Alle Karten")), self.all_rituals, "")
        title = self.language.text(_("Playbook der Kund:innen-Einbindung"))
        yield self.booklet("handbook", title, list(self.playbook.universes.values()), "")
        if self.playbook.chooser:
            yield self.worksheet(self.playbook.chooser)

    @property
    def all_rituals(self) -> Iterable[Ritual]:
        return self.playbook.rituals.values()

    def rituals(self, universe: Universe) -> list[Ritual]:
        return [ritual for ritual in self.all_rituals if ritual.universe == universe.id]

    def selection(self, ids: Iterable[str], event: Event | None, role: str | None) -> Iterator[Sheet]:
        """The sheets of rituals, universes and paths, or all; of one ritual its card too; of a role its own."""
        for key in dict.fromkeys(ids):
            if path := self.playbook.paths.get(key):
                yield from () if role else self.accompanying(path)
            elif universe := self.playbook.universes.get(key):
                yield from () if role else self.bound(universe)
            else:
                ritual = self.playbook.rituals[key]
                yield from self.dated(ritual, event, role)
                if not role:
                    yield self.deck(f"{key}-card", ritual.title, [ritual], f"ritual/{key}")
        if not ids and (event or role):
            for ritual in self.all_rituals:
                yield from self.dated(ritual, event, role)
        elif not ids:
            yield from self.all()

    def bound(self, universe: Universe) -> Iterator[Sheet]:
        """The deck and the booklet of a universe."""
        record, rituals = f"universe/{universe.id}", self.rituals(universe)
        if rituals:
            yield self.deck(f"{universe.id}-card", universe.title, rituals, record)
        yield self.booklet(f"{universe.id}-booklet", universe.title, [universe], record)

    def accompanying(self, path: MentorPath) -> Iterator[Sheet]:
        """A path for the mentor, with all there is; and for the newcomer, without what is the mentor's alone."""
        chosen = [u for u in self.playbook.universes.values() if path.universe in (None, u.id)]
        kinds: tuple[Kind, ...] = ("mentor", "mentee")
        for kind in kinds:
            source = self.render(f"{kind}.typ.j2", path=path, universes=chosen, symbol=self.symbol)
            yield Sheet(f"{path.id}-{kind}", kind, f"path/{path.id}", path.reviewed, content_hash(source), source)

    def dated(self, ritual: Ritual, event: Event | None, role: str | None = None) -> Iterator[Sheet]:
        """The sheets of one ritual for one event or role, with the versions of the sheets they are made from."""
        versions = {sheet.kind: sheet.version for sheet in self.of(ritual)}
        for sheet in self.of(ritual, event, role):
            yield replace(sheet, version=versions[sheet.kind])

    def of(self, ritual: Ritual, event: Event | None = None, role: str | None = None) -> Iterator[Sheet]:
        """The sheets of one ritual, dated where there is an event; only one role's sheet if a role is given."""
        hosts = [key for key in ritual.roles if self.playbook.roles[key].side == "host" and role in (None, key)]
        if hosts:
            duties = [(key, ritual.roles[key]) for key in hosts]
            steps_of = {key: [step for step in ritual.steps if step.role == key] for key in hosts}
            items_of = {key: list(duties_at_pauses(ritual, key)) for key in hosts}
            roles = self.sheet(
                ritual, "role", event, duties=duties, steps_of=steps_of.__getitem__, items_of=items_of.__getitem__
            )
        if role:
            yield from [roles] if hosts else []
            return
        numbered = list(enumerate(ritual.checklists))
        after = [pair for pair in numbered if is_follow_up(ritual, pair[1].at)]
        before = [pair for pair in numbered if pair not in after]
        if before:
            yield self.sheet(ritual, "checklist", event, checklists=before)
        if after:
            yield self.sheet(ritual, "followup", event, checklists=after)
        yield self.sheet(ritual, "run", event)
        if hosts:
            yield roles
        yield from self.programme(ritual, event)

    def programmes(self) -> list[Sheet]:
        """The sheets for guests."""
        return [sheet for ritual in self.all_rituals for sheet in self.programme(ritual)]

    def programme(self, ritual: Ritual, event: Event | None = None) -> Iterator[Sheet]:
        """What guests hold in their hands: the steps that they may read, if there are any."""
        steps = [step for step in ritual.steps if step.visible_to is Audience.GUEST]
        if steps:
            title = ritual.guest_title or self.language.text(_("Programm"))
            yield self.sheet(ritual, "guest", event, title=title, steps=steps)

    # ---- Typst source

    def sheet(self, ritual: Ritual, kind: Kind, event: Event | None, **context: Any) -> Sheet:
        start, people = (event.start, event.people) if event else (None, {})

        def role(key: str) -> str:
            label = self.playbook.roles[key].label
            return f"{people[key]} ({label})" if key in people else label

        def flag(at: Offset) -> str:
            return (start and dates.warning(start, at, self.language)) or ""

        def when(at: Offset) -> str:
            said = dates.said(start, at, self.language) if start else labels.offset(at, self.language)
            return f"{said} (▲ {flag(at)})" if flag(at) else said

        universe = self.playbook.universes[ritual.universe]
        source = self.render(
            f"{kind}.typ.j2",
            ritual=ritual,
            universe=universe,
            symbol=self.symbol(universe),
            role=role,
            flag=flag,
            when=when,
            time=lambda at: dates.clock(start, at, self.language) if start else labels.offset(at, self.language),
            start=dates.said(start, Offset(0, 0), self.language) if start else "",
            **context,
        )
        name, record = f"{ritual.id}-{kind}", f"ritual/{ritual.id}"
        return Sheet(name, kind, record, ritual.reviewed, content_hash(source), source)

    def deck(self, name: str, title: str, rituals: Iterable[Ritual], record: str) -> Sheet:
        """Cards of several rituals, four on a page, front and back; each card has a version of its own."""
        rituals = list(rituals)
        cards = [self.cards[ritual.id][1] for ritual in rituals]
        source = self.render("deck.typ.j2", title=f"{self.language.text(KINDS['card'])}: {title}", cards=cards)
        return Sheet(name, "card", record, max(r.reviewed for r in rituals), content_hash(source), source)

    @cached_property
    def cards(self) -> dict[str, tuple[str, Markup]]:
        """By ritual its card: the version, and the Typst source with that version on it."""
        return {ritual.id: self.card(ritual) for ritual in self.all_rituals}

    def card(self, ritual: Ritual) -> tuple[str, Markup]:
        universe = self.playbook.universes[ritual.universe]
        numbered = list(enumerate(ritual.checklists))
        index, checklist = next((pair for pair in numbered if not is_follow_up(ritual, pair[1].at)), numbered[0])

        def render(version: str, url: str, qr: str) -> str:
            return self.render(
                "card.typ.j2",
                ritual=ritual,
                universe=universe,
                symbol=self.symbol(universe),
                index=index,
                checklist=checklist,
                version=version,
                url=url,
                qr=qr,
            )

        version = content_hash(render("", "", ""))
        url = self.check_url(f"{ritual.id}-card", version)
        return version, Markup(render(version, url, qr_code(url)))

    def booklet(self, name: str, title: str, universes: list[Universe], record: str) -> Sheet:
        """Universes from cover to cover, with contents, glossary and register."""
        chosen, whole = [universe.id for universe in universes], not record
        rituals = [ritual for ritual in self.all_rituals if ritual.universe in chosen]
        glossary = self.playbook.glossary
        terms = [
            (key, term)
            for key, term in (glossary.terms.items() if glossary else ())
            if whole or set(term.universes) & set(chosen)
        ]
        reviewed = [universe.reviewed for universe in universes] + [ritual.reviewed for ritual in rituals]
        stand = max(reviewed + ([glossary.reviewed] if glossary and terms else []))
        of_all = self.language.text(_("Alle Universen und ihre Rituale"))
        source = self.render(
            "booklet.typ.j2",
            title=title,
            subtitle=universes[0].summary if len(universes) == 1 else of_all,
            universes=universes,
            whole=whole,
            rituals=self.rituals,
            symbol=self.symbol,
            role=lambda key: self.playbook.roles[key].label,
            flag=lambda at: "",
            when=self.env.filters["offset"],
            time=self.env.filters["offset"],
            stand=stand,
            terms=sorted(terms, key=lambda pair: labels.collation(pair[1].term)),
            register=register(rituals, terms, self.language),
        )
        return Sheet(name, "booklet", record, stand, content_hash(source), source)

    def worksheet(self, chooser: Chooser) -> Sheet:
        """Which universe a team is in, to be found out with a pencil."""
        universes = list(self.playbook.universes.values())
        title = self.language.text(_("In welchem Universum sind wir?"))
        source = self.render("worksheet.typ.j2", title=title, chooser=chooser, universes=universes, symbol=self.symbol)
        return Sheet("kompass-worksheet", "worksheet", "chooser", chooser.reviewed, content_hash(source), source)

    def symbol(self, universe: Universe) -> str:
        return self.symbols[universe.symbol].replace("currentColor", universe.colour.light)

    def render(self, template: str, **context: Any) -> str:
        context |= {"playbook": self.playbook, "lang": self.language.code[:2]}
        return fill(self.env, self.folder, template, context)

    def check_url(self, name: str, version: str, site: str = "") -> str:
        """Where to see whether a printout is current; the version is in the fragment, which no server sees."""
        return f"{site or self.site}/print/aktuell/#{name + '-' if name else ''}{version}"

    def versions(self, sheets: Iterable[Sheet]) -> dict[str, tuple[str, date]]:
        """Of every printout its version and date of data, by the name in its QR code."""
        found = {sheet.name: (sheet.version, sheet.stand) for sheet in sheets if sheet.kind != "card"}
        return found | {f"{r.id}-card": (self.cards[r.id][0], r.reviewed) for r in self.all_rituals}

    # ---- PDF

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF/UA-1 and PDF/A-2a. Raises PlaybookError if it cannot be set or does not fit its page."""
        # A guest's programme does not say what the ritual is called in the house.
        name, site = ("", self.guests) if sheet.kind == "guest" else (sheet.name, self.site)
        url = "" if sheet.kind == "card" else self.check_url(name, sheet.version, site)
        inputs = {"version": sheet.version, "url": url, "qr": qr_code(url) if url else ""}
        message = ""
        for careful in ("", "yes"):  # measuring takes time, so it is done only where the look says that it must be
            try:
                return self.compile(sheet.source, sheet.stand, inputs | {"careful": careful})
            except typst.TypstError as error:
                message = error.message
            if "overflow|" not in message:
                raise PlaybookError(self.undrawable(sheet) or [self.problem(sheet, message)])
        raise PlaybookError([self.problem(sheet, message)])

    def compile(self, source: str, stand: date, inputs: dict[str, str]) -> bytes:
        result = compiler(self.folder, self.look, threading.get_ident()).compile(
            input=source.encode(),
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=datetime.combine(stand, time(), UTC),
        )
        return bytes(result)  # type: ignore[arg-type]  # one document, not a list of pages

    def problem(self, sheet: Sheet, message: str) -> Problem:
        """What Typst says, at the YAML that is to blame; `overflow|place|mm` is our own check in the look."""
        overflow = re.search(r"overflow\|([^|]*)\|(\d+)", message)
        record, loc = sheet.record, Loc()
        if overflow:
            loc = tuple(int(part) if part.isdigit() else part for part in overflow[1].split("/"))
            if sheet.kind == "card":
                record, loc = f"ritual/{loc[0]}", loc[1:]
            what = f"does not fit its page: {overflow[2]} mm too long; shorten the texts or split them"
        else:
            what = f"cannot be set: {' '.join(message.split())}"
        source = self.sources.get(record, Source("mkdocs.yml"))
        return source.problem(loc, f"the sheet '{sheet.title}' {what}", key=True)

    def undrawable(self, sheet: Sheet) -> list[Problem]:
        """The characters of a sheet that the fonts lack, each wherever it stands in the YAML."""
        text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), sheet.source)
        lacking = [char for char in sorted(set(text)) if not char.isascii() and not self.draws(char)]
        return [
            Problem(source.path, *source.place_of(loc, char), f"{what_character(char)}; write it in another way")
            for key, source in self.sources.items()
            if not key.startswith("ritual/") or key.removeprefix("ritual/") in self.playbook.rituals
            for loc, value in texts(source.data or read_yaml(source.path, source.text)[0].data)
            for char in lacking
            if char in value
        ]

    def draws(self, char: str) -> bool:
        source = '#import "look.typ": *\n#show: document-of.with(title: "-", words: (author: ""), footed: false)\n'
        try:
            self.compile(f"{source}#{literal(char)}", date(2000, 1, 1), {})
        except typst.TypstError:
            return False
        return True

    def set_all(self, sheets: Iterable[Sheet], cache: Path) -> list[Pdf]:
        """Every sheet as a file in `cache`; what is there already is not set again. All problems at once."""
        cache.mkdir(parents=True, exist_ok=True)

        # <sheet>.<hash of what it is made of>.<pages>.<hash of its bytes>.pdf, so that no damaged one is published
        there = {tuple(path.name.split(".")[:2]): path for path in cache.glob("*.*.*.*.pdf")}

        def set_one(sheet: Sheet) -> Pdf | PlaybookError:
            where = self.guests if sheet.kind == "guest" else self.site
            key = (sheet.name, content_hash(self.look + where + sheet.version + sheet.source))
            path = there.get(key)
            if path is None or not is_sound(path):
                try:
                    data = self.pdf(sheet)
                except PlaybookError as error:
                    return error
                path = cache / f"{'.'.join(key)}.{count_pages(data)}.{byte_hash(data)}.pdf"
                put(path, data)
            return Pdf(sheet, path, int(path.name.split(".")[2]), path.stat().st_size)

        with ThreadPoolExecutor() as pool:
            results = list(pool.map(set_one, sheets))
        if failed := [result for result in results if isinstance(result, PlaybookError)]:
            raise PlaybookError(problem for error in failed for problem in error.problems)
        done = [result for result in results if isinstance(result, Pdf)]
        for stale in {*cache.glob("*.pdf"), *cache.glob("*.new")} - {pdf.path for pdf in done}:
            discard(stale)
        return done


def look_hash(folder: Path) -> str:
    """A hash of what changes a PDF without changing its source: the look, the fonts, this module, Typst itself."""
    files = [*sorted([*folder.glob("*.typ"), *folder.glob("fonts/*")]), *sorted(Path(__file__).parent.glob("*.py"))]
    return content_hash(
        version("typst") + version("segno") + "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    )


def byte_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def count_pages(pdf: bytes) -> int:
    return reader(pdf).get_num_pages()


def is_sound(path: Path) -> bool:
    """Whether a sheet in the cache is as it was written; its name ends with the hash of its bytes."""
    try:
        return byte_hash(path.read_bytes()) == path.name.split(".")[3]
    except OSError:
        return False


def register(
    rituals: Iterable[Ritual], terms: Iterable[tuple[str, Term]], language: Language
) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """A–Z of rituals, terms and their synonyms: (letter, [(title, what it is, Typst label)])."""
    kinds = {"term": language.text(_("Begriff")), "place": language.text(_("Ort"))}
    entries = [(ritual.title, language.text(_("Ritual")), f"ritual-{ritual.id}") for ritual in rituals]
    for key, term in terms:
        entries.append((term.term, kinds[term.kind], f"term-{key}"))
        entries += [(name, f"{language.text(_('siehe'))} {term.term}", f"term-{key}") for name in term.synonyms]
    return labels.by_letter(entries, lambda entry: entry[0], lambda entry: entry)


def texts(data: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every text in a file's data, with its path."""
    if isinstance(data, str):
        yield loc, data
    elif isinstance(data, dict | tuple):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from texts(value, (*loc, key))


def what_character(char: str) -> str:
    shown = f"'{char}' (U+{ord(char):04X})" if char.isprintable() else f"U+{ord(char):04X}"
    return f"the character {shown} is in none of the fonts for print"
