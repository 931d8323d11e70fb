"""The Jinja environment of pages and what templates may call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Undefined

from generator.languages import labels
from generator.languages.language import Language
from generator.load.tree import Page
from generator.model.addresses import page_uris, relative_url
from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.playbook import Playbook
from generator.model.prose import Safe, html_line, inert, plain, prose, prose_line
from generator.model.ritual import Ritual
from generator.model.tasks import item_key, step_key
from generator.pages.views import earliest, lanes, lead_days, phases
from generator.sheets.kinds import Offer, Pdf
from generator.templating import environment, fill

MAX_SIBLINGS = 24  # rituals in the side navigation; above, a page would grow with the handbook


@dataclass(frozen=True)
class Templates:
    """Where the page templates are, and the theme's symbols by name (SVG source)."""

    folder: Path
    symbols: Mapping[str, str]


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
