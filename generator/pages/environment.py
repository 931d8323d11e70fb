"""The page templates with what every one of them may call, whoever reads the page."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Undefined

from generator.audience.edition import Edition
from generator.languages.labels import filters
from generator.load.links import page_links
from generator.load.tree import Page
from generator.model.addresses import link_key, relative_url
from generator.model.prose import Safe, html_line, inert, plain, prose, prose_line
from generator.model.ritual import Ritual
from generator.templating import environment, fill

Recipe = Callable[[], str | bytes]  # makes a file's text; as UTF-8 where the text is too long to be held twice


def content_of(recipe: Recipe) -> bytes:
    """What a recipe makes, as the bytes of its file."""
    text = recipe()
    return text if isinstance(text, bytes) else text.encode()


@dataclass(frozen=True)
class Templates:
    """Where the page templates are, and the theme's symbols by name (SVG source)."""

    folder: Path
    symbols: Mapping[str, str]


class PageTemplates:
    """The page templates, ready to be filled with an edition's records."""

    def __init__(self, edition: Edition, templates: Templates) -> None:
        playbook, language = edition.playbook, edition.language
        self.uris, self.folder = edition.uris, templates.folder
        self.by_universe: dict[str, list[Ritual]] = {key: [] for key in playbook.universes}
        for ritual in playbook.rituals.values():
            self.by_universe[ritual.universe].append(ritual)
        self.env = environment(templates.folder, printable)
        self.env.filters |= filters(language)
        self.env.filters |= {"front": front_matter, "attr": lambda text: inert(str(text)), "plain": plain}
        self.env.globals |= {
            "_": language.text,
            "number": language.number,
            "playbook": playbook,
            "by_universe": self.by_universe,
            "symbol": lambda universe: Safe(templates.symbols[universe.symbol]),
        }

    def recipe(self, src_uri: str, template: str, **context: Any) -> Recipe:
        """How to make the page at `src_uri`; the recipe raises PlaybookError at the template's line if that fails."""
        return partial(self.render, src_uri, template, context)

    def render(self, src_uri: str, template: str, context: Mapping[str, Any]) -> str:
        """The Markdown of the page at `src_uri`. Raises PlaybookError at the template's line."""

        def resolve(target: str) -> str | None:
            key, hash_, anchor = target.partition("#")
            uri = self.uris.get(key.strip("/"))
            return relative_url(src_uri, uri) + hash_ + anchor if uri else None

        def url(target: str) -> Safe:
            key, hash_, anchor = target.partition("#")
            return Safe(relative_url(src_uri, self.uris.get(key, key)) + hash_ + anchor)

        here = {
            "url": url,
            "prose": lambda text: prose(text, resolve),
            "line": lambda text: prose_line(text, resolve),
            "plain": lambda text: plain(text, resolve),
        }
        return fill(self.env, self.folder, template, {**context, **here})

    def body(self, page: Page) -> Safe:
        """A hand-written page's Markdown, its links leading to the pages' files as the site engine knows them."""
        folder, text = posixpath.dirname(page.src_uri), page.body
        done, pieces = 0, list[str]()
        for place, href in sorted(page_links(text), key=lambda link: link[0].start):
            if place.start >= done and text[place] and (uri := self.uris.get(link_key(href, folder))):
                target = posixpath.relpath(uri, folder or ".") + href[len(href.partition("#")[0]) :]
                pieces += text[done : place.start], target
                done = place.stop
        return Safe("".join((*pieces, text[done:])).strip("\n"))


def front_matter(text: str, *, quote: bool = False) -> Safe:
    """`text` as a YAML value in front matter, which themes print unescaped; `quote` where into an attribute."""
    return Safe(json.dumps(html_line(text, quote=quote), ensure_ascii=False))


def printable(value: Any) -> Any:
    """What `{{ … }}` prints: text is made inert; a missing value is a mistake in the template."""
    if isinstance(value, Undefined):  # Jinja lets `{{ "x" if … }}` without `else` pass
        value._fail_with_undefined_error()
    if value is None:
        raise TypeError("the template prints a value that is not there (None); test it with {% if %} first")
    return inert(value) if isinstance(value, str) else value
