"""Sheets, cards and booklets as Typst source.

The templates `templates/print/*.typ.j2` say what is on a sheet, `look.typ` how it looks. Whatever a template prints
becomes a Typst literal, so text from YAML cannot become code. A sheet's version is the hash of its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from generator.languages import labels
from generator.languages.language import GERMAN, Language, _
from generator.load.source import Source
from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.playbook import Playbook
from generator.model.prose import plain
from generator.model.ritual import Ritual
from generator.model.text import Audience, Offset
from generator.model.universe import Universe
from generator.sheets import dates
from generator.sheets.kinds import (
    KINDS,
    LONG,
    Event,
    Kind,
    Sheet,
    content_hash,
    duties_at_pauses,
    is_follow_up,
)
from generator.sheets.literals import content, literal
from generator.sheets.register import register
from generator.sheets.typesetting import Typesetter, qr_code
from generator.templating import environment, fill


class Printer:
    """Every sheet of a playbook, as Typst source and as PDF."""

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
        """`site` is the address that printouts lead to; `guests` that of guests' printouts, if it is another.

        `sources` holds the YAML of each record by its key, such as `ritual/empfang`, for problems.
        """
        self.language = language
        self.playbook, self.symbols, self.sources = playbook, symbols, sources
        self.site, self.guests = (re.sub("^https://|/+$", "", address) for address in (site, guests or site))
        self.folder = templates / "print"
        self.typesetter = Typesetter(self.folder, sources)
        self.env = environment(self.folder, literal)
        self.env.globals["_"] = language.text
        more: dict[str, Callable[..., Any]] = {
            "minutes": lambda minutes: labels.duration(minutes, language) if minutes else "",
            "prose": content,
            "plain": plain,
            "is_long": lambda step: len(step.text) + len(step.say or "") + len(step.plan_b or "") > LONG,
        }
        self.env.filters |= labels.filters(language) | more

    def all(self) -> Iterator[Sheet]:
        """Every sheet of the handbook."""
        for ritual in self.playbook.rituals.values():
            yield from self.of_ritual(ritual)
        for universe in self.playbook.universes.values():
            yield from self.of_universe(universe)
        for path in self.playbook.paths.values():
            yield from self.of_path(path)
        if self.playbook.rituals:
            yield self.deck("all-card", self.language.text(_("Alle Karten")), self.playbook.rituals.values(), "")
        title = self.language.text(_("Playbook der Kund:innen-Einbindung"))
        yield self.booklet("handbook", title, list(self.playbook.universes.values()), "")
        if self.playbook.chooser:
            yield self.worksheet(self.playbook.chooser)

    def rituals(self, universe: Universe) -> list[Ritual]:
        return [ritual for ritual in self.playbook.rituals.values() if ritual.universe == universe.id]

    def selection(self, ids: Iterable[str], event: Event | None, role: str | None) -> Iterator[Sheet]:
        """The sheets of rituals, universes and paths, or all; of one ritual its card too; of a role its own."""
        for key in dict.fromkeys(ids):
            if path := self.playbook.paths.get(key):
                yield from () if role else self.of_path(path)
            elif universe := self.playbook.universes.get(key):
                yield from () if role else self.of_universe(universe)
            else:
                ritual = self.playbook.rituals[key]
                yield from self.for_event(ritual, event, role)
                if not role:
                    yield self.deck(f"{key}-card", ritual.title, [ritual], f"ritual/{key}")
        if not ids and (event or role):
            for ritual in self.playbook.rituals.values():
                yield from self.for_event(ritual, event, role)
        elif not ids:
            yield from self.all()

    def of_universe(self, universe: Universe) -> Iterator[Sheet]:
        """The deck and the booklet of a universe."""
        record, rituals = f"universe/{universe.id}", self.rituals(universe)
        if rituals:
            yield self.deck(f"{universe.id}-card", universe.title, rituals, record)
        yield self.booklet(f"{universe.id}-booklet", universe.title, [universe], record)

    def of_path(self, path: MentorPath) -> Iterator[Sheet]:
        """A path for the mentor, with all there is; and for the newcomer, without what is the mentor's alone."""
        chosen = [u for u in self.playbook.universes.values() if path.universe in (None, u.id)]
        kinds: tuple[Kind, ...] = ("mentor", "mentee")
        for kind in kinds:
            source = self.render(f"{kind}.typ.j2", path=path, universes=chosen, symbol=self.symbol)
            yield self.new_sheet(f"{path.id}-{kind}", kind, f"path/{path.id}", path.reviewed, source)

    def for_event(self, ritual: Ritual, event: Event | None, role: str | None = None) -> Iterator[Sheet]:
        """The sheets of one ritual for one event or role, with the versions of the sheets they are made from."""
        undated = {sheet.kind: sheet for sheet in self.of_ritual(ritual)}
        for sheet in self.of_ritual(ritual, event, role):
            original = undated[sheet.kind]
            yield replace(sheet, version=original.version, check_url=original.check_url)

    def of_ritual(self, ritual: Ritual, event: Event | None = None, role: str | None = None) -> Iterator[Sheet]:
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
        return [sheet for ritual in self.playbook.rituals.values() for sheet in self.programme(ritual)]

    def programme(self, ritual: Ritual, event: Event | None = None) -> Iterator[Sheet]:
        """What guests hold in their hands: the steps that they may read, if there are any."""
        steps = [step for step in ritual.steps if step.visible_to is Audience.GUEST]
        if steps:
            title = ritual.guest_title or self.language.text(_("Programm"))
            yield self.sheet(ritual, "guest", event, title=title, steps=steps)

    def sheet(self, ritual: Ritual, kind: Kind, event: Event | None, **context: Any) -> Sheet:
        start, people = (event.start, event.people) if event else (None, {})

        def role(key: str) -> str:
            label = self.playbook.roles[key].label
            return f"{people[key]} ({label})" if key in people else label

        def flag(at: Offset) -> str:
            return (start and dates.warning(start, at, self.language)) or ""

        def when(at: Offset) -> str:
            text = dates.date_text(start, at, self.language) if start else labels.offset(at, self.language)
            return f"{text} (▲ {flag(at)})" if flag(at) else text

        universe = self.playbook.universes[ritual.universe]
        source = self.render(
            f"{kind}.typ.j2",
            ritual=ritual,
            universe=universe,
            symbol=self.symbol(universe),
            role=role,
            flag=flag,
            when=when,
            time=lambda at: dates.clock_text(start, at, self.language) if start else labels.offset(at, self.language),
            start=dates.date_text(start, Offset(0, 0), self.language) if start else "",
            **context,
        )
        name, record = f"{ritual.id}-{kind}", f"ritual/{ritual.id}"
        return self.new_sheet(name, kind, record, ritual.reviewed, source)

    def deck(self, name: str, title: str, rituals: Iterable[Ritual], record: str) -> Sheet:
        """Cards of several rituals, four on a page, front and back; each card has a version of its own."""
        rituals = list(rituals)
        cards = [self.cards[ritual.id][1] for ritual in rituals]
        source = self.render("deck.typ.j2", title=f"{self.language.text(KINDS['card'])}: {title}", cards=cards)
        return self.new_sheet(name, "card", record, max(r.reviewed for r in rituals), source)

    @cached_property
    def cards(self) -> dict[str, tuple[str, Markup]]:
        """By ritual its card: the version, and the Typst source with that version on it."""
        return {ritual.id: self.card(ritual) for ritual in self.playbook.rituals.values()}

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
        url = self.check_url(f"{ritual.id}-card", version, self.site)
        return version, Markup(render(version, url, qr_code(url)))

    def booklet(self, name: str, title: str, universes: list[Universe], record: str) -> Sheet:
        """Universes from cover to cover, with contents, glossary and register."""
        chosen, whole = [universe.id for universe in universes], not record
        rituals = [ritual for ritual in self.playbook.rituals.values() if ritual.universe in chosen]
        glossary = self.playbook.glossary
        terms = [
            (key, term)
            for key, term in (glossary.terms.items() if glossary else ())
            if whole or set(term.universes) & set(chosen)
        ]
        reviewed = [universe.reviewed for universe in universes] + [ritual.reviewed for ritual in rituals]
        as_of = max(reviewed + ([glossary.reviewed] if glossary and terms else []))
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
            stand=as_of,
            terms=sorted(terms, key=lambda pair: labels.collation(pair[1].term)),
            register=register(rituals, dict(terms), self.language),
        )
        return self.new_sheet(name, "booklet", record, as_of, source)

    def worksheet(self, chooser: Chooser) -> Sheet:
        """Which universe a team is in, to be found out with a pencil."""
        universes = [universe for key, universe in self.playbook.universes.items() if key in chooser.universes]
        title = self.language.text(_("In welchem Universum sind wir?"))
        source = self.render("worksheet.typ.j2", title=title, chooser=chooser, universes=universes, symbol=self.symbol)
        return self.new_sheet("kompass-worksheet", "worksheet", "chooser", chooser.reviewed, source)

    def symbol(self, universe: Universe) -> str:
        return self.symbols[universe.symbol].replace("currentColor", universe.colour.light)

    def render(self, template: str, **context: Any) -> str:
        context |= {"playbook": self.playbook, "lang": self.language.code[:2]}
        return fill(self.env, self.folder, template, context)

    def new_sheet(self, name: str, kind: Kind, record: str, reviewed: date, source: str) -> Sheet:
        """A sheet with its version, and where its code leads: a card has a code of its own on each card."""
        version = content_hash(source)
        if kind == "card":
            url = ""
        elif kind == "guest":  # a guest's code does not say what the ritual is called in the house
            url = self.check_url("", version, self.guests)
        else:
            url = self.check_url(name, version, self.site)
        return Sheet(name, kind, record, reviewed, version, source, url)

    @staticmethod
    def check_url(name: str, version: str, site: str) -> str:
        """Where to see whether a printout is current; the version is in the fragment, which no server sees."""
        return f"{site}/print/aktuell/#{name + '-' if name else ''}{version}"

    def versions(self, sheets: Iterable[Sheet]) -> dict[str, tuple[str, date]]:
        """Of every printout its version and date of data, by the name in its QR code."""
        versions = {sheet.name: (sheet.version, sheet.as_of) for sheet in sheets if sheet.kind != "card"}
        return versions | {f"{r.id}-card": (self.cards[r.id][0], r.reviewed) for r in self.playbook.rituals.values()}
