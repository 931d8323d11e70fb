"""Step 7, print: sheets, cards and booklets as PDF, by Jinja and Typst.

Templates in `templates/print/*.typ.j2` say what is on a sheet, `look.typ` how it looks.
Whatever a template prints becomes a Typst literal, so text from YAML cannot become code.
A sheet's version is the hash of its Typst source: same data and templates, same version,
same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from generator import dates, labels
from generator.models import Audience, Offset, Playbook, Ritual, Term, Universe
from generator.problems import PlaybookError, Problem
from generator.prose import is_page_target, parse, plain

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
    """One PDF: `name` is its file's stem, `record` the YAML it is made of, such as `ritual/empfang`."""

    name: str
    kind: Kind
    title: str
    record: str
    stand: date
    source: str

    @property
    def version(self) -> str:
        return content_hash(self.source)


@dataclass(frozen=True)
class Event:
    """A real date for a sheet: its start, local to Vienna, and names for roles."""

    start: datetime
    people: Mapping[str, str]


class Printer:
    """Makes the Typst source of every sheet of a playbook, and PDFs of it."""

    def __init__(self, playbook: Playbook, templates: Path, symbols: Mapping[str, str], site: str) -> None:
        self.playbook, self.symbols = playbook, symbols
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
        for ritual in self.playbook.rituals.values():
            yield from self.of(ritual)
        for universe in self.playbook.universes.values():
            yield self.deck(f"{universe.id}-card", universe.title, self.rituals(universe), f"universe/{universe.id}")
            yield self.booklet(f"{universe.id}-booklet", universe.title, [universe], f"universe/{universe.id}")
        universes = list(self.playbook.universes.values())
        yield self.deck("all-card", "Alle Karten", self.playbook.rituals.values(), "mkdocs.yml")
        yield self.booklet("handbook", "Das ganze Handbuch", universes, "mkdocs.yml")

    def rituals(self, universe: Universe) -> list[Ritual]:
        return [ritual for ritual in self.playbook.rituals.values() if ritual.universe == universe.id]

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
            return dates.said(event.start, at) if event else labels.offset(at)

        universe = self.playbook.universes[ritual.universe]
        source = self.render(
            f"{kind}.typ.j2",
            ritual=ritual,
            universe=universe,
            symbol=self.symbol(universe),
            role=role,
            note=note,
            when=when,
            flag=lambda at: (dates.warning(event.start, at) or "") if event else "",
            start=dates.said(event.start, Offset(0, 0)) if event else "",
            kinds=DO,
            **context,
        )
        return Sheet(f"{ritual.id}-{kind}", kind, KINDS[kind], f"ritual/{ritual.id}", ritual.reviewed, source)

    def deck(self, name: str, title: str, rituals: Iterable[Ritual], record: str) -> Sheet:
        """Cards of several rituals, four on a page, front and back; each card has a version of its own."""
        rituals = list(rituals)
        cards = [self.card(ritual) for ritual in rituals]
        source = self.render("deck.typ.j2", title=f"{KINDS['card']}: {title}", cards=cards)
        return Sheet(name, "card", KINDS["card"], record, max(r.reviewed for r in rituals), source)

    def card(self, ritual: Ritual) -> Markup:
        universe = self.playbook.universes[ritual.universe]

        def render(**stamp: str) -> str:
            checklist = next((c for c in ritual.checklists if not is_follow_up(ritual, c.at)), ritual.checklists[0])
            return self.render(
                "card.typ.j2", ritual=ritual, universe=universe, symbol=self.symbol(universe), checklist=checklist, **stamp
            )

        version = content_hash(render(version="", url="", qr=""))
        url = self.check_url(f"{ritual.id}-card", version)
        return Markup(render(version=version, url=url, qr=qr_code(url)))

    def booklet(self, name: str, title: str, universes: list[Universe], record: str) -> Sheet:
        """Universes from cover to cover, with contents, glossary and register."""
        chosen = [universe.id for universe in universes]
        rituals = [ritual for ritual in self.playbook.rituals.values() if ritual.universe in chosen]
        glossary = self.playbook.glossary
        terms = [
            (key, term)
            for key, term in (glossary.terms.items() if glossary else ())
            if len(chosen) == len(self.playbook.universes) or set(term.universes) & set(chosen)
        ]
        stand = max(record.reviewed for record in [*universes, *rituals])
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
        return Sheet(name, "booklet", KINDS["booklet"], record, stand, source)

    def symbol(self, universe: Universe) -> str:
        return self.symbols[universe.symbol].replace("currentColor", universe.colour.light)

    def render(self, template: str, **context: Any) -> str:
        return self.env.get_template(template).render(words=WORDS, lang="de", playbook=self.playbook, **context)

    def check_url(self, name: str, version: str) -> str:
        """Where to see whether a printout is current; the version is in the fragment, which no server sees."""
        return f"{self.site}/print/aktuell/#{name}-{version}"

    # ---- PDF

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF/UA-1 and PDF/A-2a. Raises PlaybookError if it does not fit its page."""
        url = "" if sheet.kind in ("card", "booklet") else self.check_url(sheet.name, sheet.version)
        inputs = {"version": sheet.version, "url": url, "qr": qr_code(url) if url else ""}
        try:
            result = compiler(self.folder).compile(
                input=sheet.source.encode(),
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=datetime.combine(sheet.stand, time(), UTC),
            )
        except typst.TypstError as error:
            raise PlaybookError([complaint(sheet, error)]) from None
        assert isinstance(result, bytes)
        return result



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


def complaint(sheet: Sheet, error: typst.TypstError) -> Problem:
    """Our own overflow check in the look, or whatever else Typst says; placed by the caller."""
    match = re.search(r"overflow\|([^|]*)\|(\d+)", error.message)
    if match:
        message = f"the {sheet.kind} sheet does not fit its page: {match[2]} mm too long; shorten the texts or split it"
        return Problem(f"{sheet.record}#{match[1]}", 1, 1, message)
    return Problem(sheet.record, 1, 1, f"the {sheet.kind} sheet cannot be set: {error.message}")


def is_follow_up(ritual: Ritual, at: Offset) -> bool:
    return at.total > ritual.duration.run


# ------------------------------------------------------------------- literals


def literal(value: Any) -> Markup:
    """A Python value as a Typst literal; `Markup` is Typst code already."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("none")
    if isinstance(value, bool):
        return Markup("true" if value else "false")
    if isinstance(value, int | float):
        return Markup(value)
    if isinstance(value, str):
        return Markup(quoted(value))
    if isinstance(value, Mapping):
        return Markup("(" + "".join(f"{quoted(key)}: {literal(item)}, " for key, item in value.items()) + ")")
    if isinstance(value, list | tuple):
        return Markup("(" + "".join(f"{literal(item)}, " for item in value) + ")")
    raise TypeError(f"no Typst literal for {type(value).__name__}")


def quoted(text: str) -> str:
    """A string literal: JSON's escapes are Typst's, but for those of characters by number."""
    text = "".join(char if char.isprintable() or char == "\n" else f"\x00{ord(char):x}\x01" for char in text)
    return json.dumps(text, ensure_ascii=False).replace("\\u0000", "\\u{").replace("\\u0001", "}")


def content(text: str) -> Markup:
    """Prose as Typst content: paragraphs, lists, emphasis; links are plain text on paper."""
    return Markup(f"[{''.join(map(_block, SyntaxTreeNode(parse(text)).children))}]")


def _block(node: SyntaxTreeNode) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        items = "".join(f"[{''.join(map(_block, item.children))}], " for item in node.children)
        return f"#{'list' if node.type == 'bullet_list' else 'enum'}({items})"
    inline = "".join(_inline(child) for part in node.children for child in part.children)
    return f"#par[{inline}]"


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.type == "link" and not is_page_target(str(node.attrs["href"])):
        return f"#{quoted(node.meta['typed'])}"
    inner = "".join(map(_inline, node.children)) if node.children else f"#{quoted(node.content)}"
    return {"em": f"#emph[{inner}]", "strong": f"#strong[{inner}]"}.get(node.type, inner)


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
