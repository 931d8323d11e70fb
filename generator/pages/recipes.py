"""Step 3, render: models through Jinja into the files of a site engine's docs folder.

A pure function of the playbook, the pages and the templates. Whatever a template
prints goes through `inert` (see `prose.py`), so text from YAML cannot become markup.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from generator.languages import labels
from generator.languages.language import GERMAN, Language, _
from generator.load.links import page_links
from generator.load.source import Source
from generator.load.tree import Page
from generator.model.addresses import START, link_key, site_path
from generator.model.playbook import Playbook
from generator.model.prose import Safe
from generator.model.universe import Universe
from generator.pages.data import catalogue_js, playbook_json, ritual_json, safe_json, vienna_js
from generator.pages.environment import Templates, _Pages
from generator.pages.fields import references
from generator.pages.parts import parts
from generator.pages.views import register
from generator.sheets.kinds import Offer
from generator.site.write import Recipe, made

# Hand-written pages that end in something made from the sources.
OWN_TEMPLATES = {START: "index.md.j2", "mentoring.md": "mentoring.md.j2", "ueber.md": "about.md.j2"}

# For a tree without a `content/index.md` of its own.
DEFAULT_START = Page(
    START, "Start", "Universen und Anlässe auf einen Blick.", 0, "# Start\n", Source("content/index.md"), 0
)


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
    current = {name: {"title": title, "version": version} for name, (title, version, _reviewed) in versions.items()}
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
        label = language.text(titles.get(name, _("Karte")))
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


def universe_css(universes: Iterable[Universe]) -> str:
    """One accent colour for each universe, on light and on dark paper."""
    rules = []
    for universe in universes:
        rules.append(f'[data-universe="{universe.id}"]{{--universe:{universe.colour.light}}}')
        dark = f'[data-universe="{universe.id}"]{{--universe:{universe.colour.dark}}}'
        rules.append(f'@media screen{{[data-md-color-scheme="slate"] {dark}}}')
    return "\n".join(rules) + "\n"
