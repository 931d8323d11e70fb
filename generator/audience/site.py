"""The guests' site: its pages, navigation, words and files, all made of what `audience.py` lets through.

It has pages and templates of its own (`templates/pages/guest-*.md.j2`), since the team's are about work. What the theme
says is the same, but for a few words; scripts that no page of it loads are not on it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from generator.audience.guests import Guests
from generator.files import files_below
from generator.languages import labels
from generator.languages.extract import own_words, script_texts
from generator.languages.language import Language, _
from generator.load.settings import settings, site_url
from generator.load.source import Source
from generator.load.tree import Page
from generator.model.addresses import START, relative_url
from generator.model.playbook import Playbook
from generator.model.prose import Safe, html_line, inert, plain
from generator.model.ritual import Ritual
from generator.model.universe import Universe
from generator.pages.data import safe_json
from generator.pages.environment import Templates, front, printed
from generator.pages.recipes import universe_css, with_links
from generator.sheets.kinds import Pdf
from generator.sheets.printer import Printer
from generator.site.write import Recipe
from generator.templating import environment, fill

SITE = "site-guest"  # where it is published, below the root
MARKER = "api/guest.json"  # what it is told by, as the team's by `publish.MARKER`
APPS = ("current.js",)  # scripts that pages load, besides those that the theme does
STYLES = ("playbook.css", "universes.css")
TEAMS = ("site_author", "copyright", "repo_url", "repo_name", "edit_uri")  # settings that themes may print
EXTRA = ("generator",)  # what guests get of the team's `extra`; themes print much of it

# What is said otherwise here, by the theme and by its scripts.
INSTEAD = {
    "Handbuch": _("Seiten"),
    "Inhalt des Handbuchs": _("Inhalt"),
    "„{word}“ steht nirgends im Handbuch.": _("„{word}“ kommt hier nicht vor."),
    "„{word}“ steht nirgends im Handbuch. Gesucht wurde nach {words}.": _(
        "„{word}“ kommt hier nicht vor. Gesucht wurde nach {words}."
    ),
    "Zum Register von A bis Z": _("Zur Startseite"),
    "Vielleicht wurde sie umbenannt, oder im Link hat sich ein Buchstabe verirrt. So kommst du weiter:": _(
        "Vielleicht wurde sie umbenannt, oder im Link hat sich ein Buchstabe verirrt. So geht es weiter:"
    ),
}


def programmes(press: Printer) -> list[Any]:
    """The sheets for guests."""
    return [sheet for ritual in press.all_rituals for sheet in press.programme(ritual)]


def guest_pages(
    guests: Guests, templates: Templates, pdfs: Iterable[Pdf], scripts: Path, language: Language
) -> dict[str, Recipe]:
    """How to make each text file of the docs folder, by its `src_uri`, as `render.recipes` gives them for the team.

    `scripts` is the theme's folder of assets. A recipe raises PlaybookError where a template fails.
    """
    playbook, say = guests.playbook, language.text
    by_universe: dict[str, list[Ritual]] = {key: [] for key in playbook.universes}
    for ritual in playbook.rituals.values():
        by_universe[ritual.universe].append(ritual)
    sheets = {pdf.sheet.record.removeprefix("ritual/"): pdf for pdf in pdfs}
    env = environment(templates.folder, printed)
    env.filters |= {
        "plain": plain,
        "duration": partial(labels.duration, language=language),
        "offset": partial(labels.offset, language=language),
        "day": partial(labels.day, language=language),
        "filesize": partial(labels.size, language=language),
        "front": front,
        "attr": lambda text: inert(str(text)),
        "title": lambda record: record.guest_title or say(_("Programm")),
    }
    env.globals |= {
        "_": say,
        "number": language.number,
        "playbook": playbook,
        "by_universe": by_universe,
        "symbol": lambda universe: Safe(templates.symbols[universe.symbol]),
        "sheets": sheets,
    }
    files: dict[str, Recipe] = {}

    def add(src_uri: str, template: str, **context: Any) -> None:
        def url(key: str) -> Safe:
            return Safe(relative_url(src_uri, guests.uris.get(key, key)))

        files[src_uri] = partial(fill, env, templates.folder, f"guest-{template}.md.j2", {"url": url, **context})

    for src_uri, page in ({START: start_page(language)} | dict(guests.pages)).items():
        body = Safe(with_links(page, guests.uris).strip("\n"))
        add(src_uri, "index" if src_uri == START else "page", page=page, body=body)
    for universe in listed(playbook):
        add(guests.uris[universe.id], "universe", universe=universe)
    for ritual in playbook.rituals.values():
        add(guests.uris[ritual.id], "ritual", ritual=ritual, universe=playbook.universes[ritual.universe])
    add(guests.uris["print/aktuell"], "current", programmes=sheets)
    versions = {
        pdf.sheet.name: {"title": env.filters["title"](playbook.rituals[key]), "version": pdf.sheet.version}
        for key, pdf in sheets.items()
    }
    files["print/versions.json"] = partial(safe_json, versions)
    files["assets/universes.css"] = partial(universe_css, playbook.universes.values())
    files["assets/catalogue.js"] = partial(catalogue, scripts, language)
    files[MARKER] = partial(safe_json, {"audience": "guest", "language": language.code})
    return files


def start_page(language: Language) -> Page:
    """For a tree without a start page for guests."""
    title, description = language.text(_("Herzlich willkommen")), language.text(_("Was Sie bei uns erwartet."))
    return Page(START, title, description, 0, f"# {inert(title)}\n", Source("content/gast.md"), 0)


def listed(playbook: Playbook) -> list[Universe]:
    """The universes that have a page."""
    return [universe for universe in playbook.universes.values() if universe.guest_title]


def guest_navigation(guests: Guests, language: Language) -> list[object]:
    """MkDocs' `nav`, as `build.navigation` makes it for the team."""
    groups = {
        _("Was Sie erwartet"): {u.guest_title or "": guests.uris[u.id] for u in listed(guests.playbook)},
        _("Gut zu wissen"): {page.title: uri for uri, page in guests.pages.items() if uri != START},
    }
    return [
        {html_line(language.text(_("Start"))): START},
        *(
            {html_line(language.text(name)): [{html_line(title): uri} for title, uri in pages.items()]}
            for name, pages in groups.items()
            if pages
        ),
    ]


def address(config: Path) -> dict[str, Any]:
    """Where the hand-edited `mkdocs.yml` says that the guests' site is: at `guest_url`, or else where the team's is."""
    mine = settings(config)
    return {"site_url": (mine.get("extra") or {}).get("guest_url") or mine.get("site_url")}


def adapt(config: Path, mine: Path, theme: Path, start: Page, language: Language) -> None:
    """Change what `build.configure` wrote to `config`: the site's name, address and words are those for guests."""
    where, said = address(mine), own_words(settings(mine), theme)
    data = json.loads(config.read_text("utf-8"))
    data |= {"site_name": start.title, "site_description": start.description}
    data["site_url"] = site_url(where, language)
    data |= dict.fromkeys(TEAMS)
    data["extra"] = {key: None for key in settings(mine).get("extra") or {} if key not in EXTRA} | data["extra"]
    data["extra"] |= {"audience": "guest", "address": site_url(where)}
    data["extra"]["words"] |= {text: language.text(other) for text, other in INSTEAD.items() if text in said}
    config.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")


def catalogue(assets: Path, language: Language) -> str:
    """The words of the scripts that the site has."""
    ours = modules(assets)
    texts = [ids[0] for ids, place in script_texts(assets.parents[1]) if place.rpartition("/")[2] in ours]
    words = {text: language.words[text] for text in texts if text in language.words}
    words |= {text: (language.text(other),) for text, other in INSTEAD.items() if text in texts}
    return f"export const words = {safe_json(words).strip()};\nexport const plural = (n) => {language.plural};\n"


def modules(assets: Path) -> set[str]:
    """The scripts that guests' pages load, with all that these import."""
    theme = [path.read_text("utf-8") for path in files_below(assets.parent) if path.suffix == ".html"]
    found, waiting = set[str](), [*APPS, *re.findall(r"""src="\{\{ 'assets/([\w-]+\.js)'""", "".join(theme))]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += re.findall(r"""(?:from|import)\s*\(?\s*"\./([\w-]+\.js)\"""", (assets / name).read_text("utf-8"))
    return found


def prune(html: Path, assets: Path) -> None:
    """Delete the team's part of the theme from a built site: scripts, styles, pictures and whatever no page here names.

    Symbols too, which pages hold themselves; of the fonts nothing, for their licence goes with them. And the sitemap's
    date, which is the day that somebody last worked on anything at all, a draft or a page of the team's.
    """
    sitemap = html / "sitemap.xml"
    sitemap.write_text(re.sub(r"\s*<lastmod>.*?</lastmod>", "", sitemap.read_text("utf-8")), "utf-8")
    shutil.rmtree(html / "symbols", ignore_errors=True)
    kept = {os.path.normpath(html / "assets" / name) for name in (*modules(assets), *STYLES)}
    for page in files_below(html):
        kept |= named(page) if page.suffix == ".html" else set()
    for path in [Path(name) for name in kept if name.endswith(".css")]:
        kept |= named(path) if path.is_file() else set()
    for path in files_below(assets.parent):
        copy = html / path.relative_to(assets.parent)
        if os.path.normpath(copy) not in kept and path.suffix != ".html" and path.parent != assets / "fonts":
            copy.unlink(missing_ok=True)


def named(path: Path) -> set[str]:
    """The files that a page or a style sheet names, wherever they are: two pictures may be called the same."""
    found = re.findall(r"""(?:href|src)="([^"?#]+)|url\(["']?([^"')?#]+)""", path.read_text("utf-8"))
    return {os.path.normpath(path.parent / unquote(unescape(one or other))) for one, other in found}
