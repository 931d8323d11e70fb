"""The pages of the guests' site. It has templates of its own (`guest-*.md.j2`), since the team's are about work."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any

from generator.audience.edition import MARKERS, Edition
from generator.files import files_below
from generator.languages.extract import script_texts
from generator.languages.language import Language, _
from generator.load.source import Source
from generator.load.tree import Page
from generator.model.addresses import START
from generator.model.playbook import Playbook
from generator.model.prose import inert
from generator.model.ritual import Ritual
from generator.model.text import Audience
from generator.model.universe import Universe
from generator.pages.data import catalogue_js, safe_json, universe_css
from generator.pages.environment import PageTemplates, Recipe, Templates
from generator.sheets.kinds import Offer

SCRIPTS = ("current.js",)  # what pages load besides what the theme does


def guest_recipes(edition: Edition, templates: Templates, offer: Offer) -> dict[str, Recipe]:
    """How to make each file of the guests' docs folder, by its `src_uri`."""
    playbook, uris, language = edition.playbook, edition.uris, edition.language
    programmes = {pdf.sheet.record.removeprefix("ritual/"): pdf for pdf in offer.pdfs}
    pages = PageTemplates(edition, templates)

    def title(record: Universe | Ritual) -> str:
        return record.guest_title or language.text(_("Programm"))

    pages.env.filters["title"] = title
    pages.env.globals["sheets"] = programmes
    files: dict[str, Recipe] = {}

    def add(src_uri: str, template: str, **context: Any) -> None:
        files[src_uri] = pages.recipe(src_uri, f"guest-{template}.md.j2", **context)

    for src_uri, page in ({START: default_start(language)} | dict(edition.pages)).items():
        add(src_uri, "index" if src_uri == START else "page", page=page, body=pages.body(page))
    for universe in universes_with_page(playbook):
        add(uris[universe.id], "universe", universe=universe)
    for ritual in playbook.rituals.values():
        add(uris[ritual.id], "ritual", ritual=ritual, universe=playbook.universes[ritual.universe])
    add(uris["print/aktuell"], "current", programmes=programmes)
    versions = {
        pdf.sheet.name: {"title": title(playbook.rituals[key]), "version": pdf.sheet.version}
        for key, pdf in programmes.items()
    }
    files["print/versions.json"] = partial(safe_json, versions)
    files["assets/universes.css"] = partial(universe_css, playbook.universes.values())
    files["assets/catalogue.js"] = partial(catalogue_js, language, texts_of_scripts(templates.folder.parent))
    files[MARKERS[Audience.GUEST]] = partial(safe_json, {"audience": "guest", "language": language.code})
    return files


def default_start(language: Language) -> Page:
    """For a tree without a start page for guests."""
    title, description = language.text(_("Herzlich willkommen")), language.text(_("Was Sie bei uns erwartet."))
    return Page(START, title, description, 0, f"# {inert(title)}\n", Source("content/gast.md"), 0)


def universes_with_page(playbook: Playbook) -> list[Universe]:
    """The universes that have a page of their own for guests."""
    return [universe for universe in playbook.universes.values() if universe.guest_title]


def texts_of_scripts(templates: Path) -> list[str]:
    """What the scripts on the guests' site say, in German."""
    scripts = guest_scripts(templates / "theme" / "assets")
    return [ids[0] for ids, place in script_texts(templates) if place.rpartition("/")[2] in scripts]


def guest_scripts(assets: Path) -> set[str]:
    """The names of the scripts that guests' pages load, with all that these import; `assets` is the theme's folder."""
    theme = [path.read_text("utf-8") for path in files_below(assets.parent) if path.suffix == ".html"]
    scripts, waiting = set[str](), [*SCRIPTS, *re.findall(r"""src="\{\{ 'assets/([\w-]+\.js)'""", "".join(theme))]
    while waiting:
        name = waiting.pop()
        if name not in scripts:
            scripts.add(name)
            waiting += re.findall(r"""(?:from|import)\s*\(?\s*"\./([\w-]+\.js)\"""", (assets / name).read_text("utf-8"))
    return scripts
