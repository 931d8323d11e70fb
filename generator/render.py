"""Step 3, render: models through Jinja into the files of a site engine's docs folder.

A pure function of the playbook, the pages and the templates. Whatever a template
prints goes through `inert` (see `prose.py`), so text from YAML cannot become markup.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any

from jinja2 import Undefined

from generator import labels
from generator.api import catalogue_js, playbook_json, ritual_json, safe_json, vienna_js
from generator.fields import references
from generator.language import GERMAN, Language
from generator.load import Page
from generator.models import WORKING_DAY, Chooser, MentorPath, Offset, Playbook, Ritual, Universe, item_key, step_key
from generator.parts import parts
from generator.print import WORDS, Pdf
from generator.prose import Safe, html_line, inert, plain, prose, prose_line
from generator.source import Source
from generator.templating import environment, fill
from generator.uris import START, link_key, page_links, page_uris, relative_url, site_path
from generator.write import Recipe, made

MAX_SIBLINGS = 24  # rituals in the side navigation; above, a page would grow with the handbook
# Hand-written pages that end in something made from the sources.
OWN_TEMPLATES = {START: "index.md.j2", "mentoring.md": "mentoring.md.j2", "ueber.md": "about.md.j2"}
# For a tree without a `content/index.md` of its own.
DEFAULT_START = Page(
    START, "Start", "Universen und Anlässe auf einen Blick.", 0, "# Start\n", Source("content/index.md"), 0
)


@dataclass(frozen=True)
class Templates:
    """Where the page templates are, and the theme's symbols by name (SVG source)."""

    folder: Path
    symbols: Mapping[str, str]


def published(playbook: Playbook) -> Playbook:
    """The playbook without its drafts."""
    rituals = {key: ritual for key, ritual in playbook.rituals.items() if ritual.status == "published"}
    return playbook.model_copy(update={"rituals": rituals})


@dataclass(frozen=True)
class Offer:
    """What is offered as PDF, and the current version and date of every printout by its name."""

    pdfs: Sequence[Pdf] = ()
    versions: Mapping[str, tuple[str, date]] = field(default_factory=dict)


def render(
    playbook: Playbook,
    content: Mapping[str, Page],
    templates: Templates,
    offer: Offer | None = None,
    language: Language = GERMAN,
) -> dict[str, str]:
    """All text files of the docs folder: `src_uri` → text. `playbook` has no drafts, and is in `language`.

    Raises PlaybookError for a missing template, a syntax error or an undefined variable.
    """
    files = recipes(playbook, content, templates, offer, language)
    return {src_uri: made(recipe).decode() for src_uri, recipe in files.items()}


def recipes(
    playbook: Playbook,
    content: Mapping[str, Page],
    templates: Templates,
    offer: Offer | None = None,
    language: Language = GERMAN,
) -> dict[str, Recipe]:
    """How to make each file that `render` gives, by its `src_uri`; each can be made alone."""
    offer = offer or Offer()
    pages = _Pages(playbook, content, templates, offer, language)
    uris = pages.uris
    files: dict[str, Recipe] = {}

    def add(src_uri: str, template: str, **context: Any) -> None:
        files[src_uri] = partial(pages.render, template, src_uri, **context)

    for src_uri, page in ({START: DEFAULT_START} | dict(content)).items():
        template = OWN_TEMPLATES.get(src_uri, "page.md.j2")
        add(src_uri, template, page=page, body=Safe(with_links(page, uris).strip("\n")), parts=parts)
    for universe in playbook.universes.values():
        add(uris[universe.id], "universe.md.j2", universe=universe)
    for ritual in playbook.rituals.values():
        add(uris[ritual.id], "ritual.md.j2", ritual=ritual)
        files[f"api/rituals/{ritual.id}.json"] = partial(ritual_json, playbook, ritual, site_path(uris[ritual.id]))
    for path in playbook.paths.values():
        add(uris[f"mentoring/{path.id}"], "path.md.j2", path=path)
    add(uris["finden"], "finder.md.j2")
    add(uris["plan"], "plan.md.j2")
    if playbook.chooser:
        add(uris["kompass"], "chooser.md.j2", chooser=playbook.chooser)
    add(uris["anlaesse"], "occasions.md.j2")
    for key, occasion in playbook.occasions.items():
        add(uris[f"anlaesse/{key}"], "occasion.md.j2", key=key, occasion=occasion)
    add(uris["vergleich"], "comparison.md.j2")
    add(uris["rollen"], "roles.md.j2")
    for key, role in playbook.roles.items():
        add(uris[f"rollen/{key}"], "role.md.j2", key=key, role=role)
    add(uris["register"], "register.md.j2", register=partial(register, playbook))
    if playbook.glossary:
        terms = sorted(playbook.glossary.terms.items(), key=lambda item: (labels.collation(item[1].term), item[0]))
        add(uris["glossar"], "glossary.md.j2", glossary=playbook.glossary, terms=terms)
    add(uris["prueffragen"], "gates.md.j2")
    add(uris["felder"], "fields.md.j2", references=references(language.text))
    versions = named_versions(playbook, offer, language)
    add(uris["print"], "print.md.j2", sheets={pdf.sheet.name: pdf for pdf in offer.pdfs})
    add(uris["print/aktuell"], "current.md.j2", versions=versions)
    current = {name: {"title": title, "version": version} for name, (title, version, _) in versions.items()}
    files["print/versions.json"] = partial(safe_json, current)
    files["assets/universes.css"] = partial(universe_css, playbook.universes.values())
    files["assets/vienna.js"] = partial(vienna_js, language)
    if language.words:
        files["assets/catalogue.js"] = partial(catalogue_js, language)
    files["api/playbook.json"] = partial(playbook_json, playbook, language)
    return files


def named_versions(playbook: Playbook, offer: Offer, language: Language) -> dict[str, tuple[str, str, date]]:
    """Of every printout its title in words, its version and the date of its data, by its name."""
    titles = {pdf.sheet.name: pdf.sheet.title for pdf in offer.pdfs}
    named = {}
    for name, (version, stand) in offer.versions.items():
        key = name.rpartition("-")[0]
        record = playbook.rituals.get(key) or playbook.universes.get(key) or playbook.paths.get(key)
        label = language.text(titles.get(name, WORDS["card"]))
        named[name] = (f"{record.title}: {label}" if record else label, version, stand)
    return named


def with_links(page: Page, uris: Mapping[str, str]) -> str:
    """A hand-written page's Markdown, its links leading to the pages' files as the site engine knows them."""
    folder = posixpath.dirname(page.src_uri)
    ends, parts = 0, list[str]()
    for place, href in sorted(page_links(page.body), key=lambda link: link[0].start):
        if place.start >= ends and page.body[place] and (uri := uris.get(link_key(href, folder))):
            target = posixpath.relpath(uri, folder or ".") + href[len(href.partition("#")[0]) :]
            parts += page.body[ends : place.start], target
            ends = place.stop
    return "".join((*parts, page.body[ends:]))


class _Pages:
    """The Jinja environment and what templates may call."""

    def __init__(
        self,
        playbook: Playbook,
        content: Mapping[str, Page],
        templates: Templates,
        offer: Offer,
        language: Language,
    ) -> None:
        self.playbook = playbook
        self.uris = page_uris(playbook, content)
        self.folder = templates.folder
        self.env = environment(templates.folder, printed)
        self.env.filters |= {
            "duration": partial(labels.duration, language=language),
            "offset": partial(labels.offset, language=language),
            "lead": partial(labels.lead, language=language),
            "until": partial(labels.until, language=language),
            "day": partial(labels.day, language=language),
            "filesize": partial(labels.size, language=language),
            "people": lambda people: labels.people(people.min, people.max, language),
            "front": front,
            "attr": lambda text: inert(str(text)),
        }
        by_universe: dict[str, list[Ritual]] = {key: [] for key in playbook.universes}
        places: dict[str, int] = {}  # a ritual's place in its universe
        by_occasion: dict[tuple[str, str], list[Ritual]] = {}
        by_role: dict[str, list[Ritual]] = {key: [] for key in playbook.roles}
        by_gate: dict[str, list[Ritual]] = {key: [] for key in playbook.gates}
        for ritual in playbook.rituals.values():
            places[ritual.id] = len(by_universe[ritual.universe])
            by_universe[ritual.universe].append(ritual)
            by_occasion.setdefault((ritual.universe, ritual.occasion), []).append(ritual)
            for key in ritual.roles:
                by_role[key].append(ritual)
            for key in ritual.gates:
                by_gate[key].append(ritual)
        by_record: dict[str, list[Pdf]] = {}
        for pdf in offer.pdfs:
            by_record.setdefault(pdf.sheet.record, []).append(pdf)
        self.env.globals |= {
            "_": language.text,
            "number": language.number,
            "playbook": playbook,
            "by_universe": by_universe,
            "by_occasion": by_occasion,
            "by_role": by_role,
            "by_gate": by_gate,
            "symbol": lambda universe: Safe(templates.symbols[universe.symbol]),
            "siblings": lambda ritual: _siblings(by_universe[ritual.universe], places[ritual.id]),
            "sheets_of": lambda record: by_record.get(_record_key(record), []),
            "phases": phases,
            "lanes": lanes,
            "tasks": tasks,
            "earliest": earliest,
            "lead_days": lead_days,
            "has": self.uris.__contains__,
            "item_key": item_key,
            "step_key": step_key,
        }

    def render(self, template: str, src_uri: str, **context: Any) -> str:
        def url(key: str) -> Safe:
            page, _, anchor = key.partition("#")
            return Safe(relative_url(src_uri, self.uris.get(page, page)) + (f"#{anchor}" if anchor else ""))

        def resolve(target: str) -> str | None:
            page, hash_, anchor = target.partition("#")
            uri = self.uris.get(page.strip("/"))
            return relative_url(src_uri, uri) + hash_ + anchor if uri else None

        context |= {
            "url": url,
            "prose": lambda text: prose(text, resolve),
            "line": lambda text: prose_line(text, resolve),
            "plain": lambda text: plain(text, resolve),
        }
        return fill(self.env, self.folder, template, context)


def _record_key(record: Ritual | MentorPath | Chooser) -> str:
    """The record's key as sheets name it."""
    if isinstance(record, Chooser):
        return "chooser"
    return f"{'path' if isinstance(record, MentorPath) else 'ritual'}/{record.id}"


def front(text: str, *, quote: bool = False) -> Safe:
    """`text` as a YAML value in front matter, from where themes print it as it is; `quote` if into an attribute."""
    return Safe(json.dumps(html_line(text, quote=quote), ensure_ascii=False))


def printed(value: Any) -> Any:
    """What `{{ … }}` prints: text becomes inert; nothing at all is a template's mistake."""
    if isinstance(value, Undefined):  # Jinja lets `{{ "x" if … }}` without `else` pass
        value._fail_with_undefined_error()
    if value is None:
        raise TypeError("the template prints a value that is not there (None); test it with {% if %} first")
    return inert(value) if isinstance(value, str) else value


def _siblings(rituals: list[Ritual], place: int) -> list[Ritual]:
    """The rituals beside the one at `place` in the navigation, at most MAX_SIBLINGS around it."""
    start = max(0, min(place - MAX_SIBLINGS // 2, len(rituals) - MAX_SIBLINGS))
    return rituals[start : start + MAX_SIBLINGS]


def phases(ritual: Ritual) -> list[tuple[str, list[Any]]]:
    """The steps as (`before` | `during` | `after`, steps), empty phases left out."""

    def phase(at: Offset) -> str:
        return "before" if at.total < 0 else "during" if at.total <= ritual.duration.run and not at.days else "after"

    grouped = {name: [s for s in ritual.steps if phase(s.at) == name] for name in ("before", "during", "after")}
    return [(name, steps) for name, steps in grouped.items() if steps]


def earliest(ritual: Ritual) -> Offset:
    """When a ritual first asks for something: a step, a checklist or a dated item; the start, if all of it is later."""
    items = [item.due for checklist in ritual.checklists for item in checklist.items if item.due]
    moments = [step.at for step in ritual.steps] + [checklist.at for checklist in ritual.checklists] + items
    return min([Offset(0, 0), *moments], key=lambda at: at.total)


def lead_days(at: Offset) -> int:
    """Days before the date that `at` needs; hours count as the same day as long as they are a working day's."""
    return -at.days if at.days else ceil(-at.minutes / (24 * 60)) if -at.minutes > WORKING_DAY else 0


def lanes(universes: Iterable[Universe], dimension: str) -> list[tuple[Universe, int, int]]:
    """(universe, position, lane) for the plot: marks closer than 9 of 100 go to lanes below each other."""
    placed: list[tuple[Universe, int, int]] = []
    for universe in sorted(universes, key=lambda u: u.profile[dimension].position or 0):
        position = universe.profile[dimension].position or 0
        taken = {lane for _, other, lane in placed if position - other < 9}
        placed.append((universe, position, min(set(range(len(taken) + 1)) - taken)))
    return placed


def tasks(ritual: Ritual, role: str) -> list[tuple[Offset, str]]:
    """What a role does in a ritual: (when, prose) of its steps."""
    return [(step.at, step.text) for step in ritual.steps if step.role == role]


def register(playbook: Playbook) -> list[tuple[str, list[dict[str, Any]]]]:
    """A–Z: (letter, entries) of rituals, terms and places, each with `title`, `key` and `kind`."""
    entries: list[dict[str, Any]] = [
        {"title": r.title, "key": r.id, "kind": "ritual", "universe": playbook.universes[r.universe]}
        for r in playbook.rituals.values()
    ]
    for key, term in (playbook.glossary.terms if playbook.glossary else {}).items():
        entries.append({"title": term.term, "key": f"glossar#{key}", "kind": term.kind, "universe": None})
        entries += [
            {"title": synonym, "key": f"glossar#{key}", "kind": "synonym", "universe": None, "see": term.term}
            for synonym in term.synonyms
        ]
    letters: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda e: (labels.collation(e["title"]), e["key"])):
        first = labels.collation(entry["title"])[:1].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append(entry)
    return list(letters.items())


def universe_css(universes: Iterable[Universe]) -> str:
    """One accent colour for each universe, on light and on dark paper."""
    rules = []
    for universe in universes:
        rules.append(f'[data-universe="{universe.id}"]{{--universe:{universe.colour.light}}}')
        dark = f'[data-universe="{universe.id}"]{{--universe:{universe.colour.dark}}}'
        rules.append(f'@media screen{{[data-md-color-scheme="slate"] {dark}}}')
    return "\n".join(rules) + "\n"
