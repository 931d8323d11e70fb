"""The configuration of one language's site."""

from __future__ import annotations

import importlib.resources
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from babel import Locale

from generator.files import write_file
from generator.languages.extract import PERMALINK_TITLE, permalink_options, theme_texts
from generator.languages.language import GERMAN, Language
from generator.load.settings import settings, site_url
from generator.load.tree import Page
from generator.model.prose import html_line
from generator.model.text import SOURCE, Audience
from generator.project import MARKDOWN_EXTENSIONS

# Zensical appends to an inherited list, where the others replace it; but not to a null. So the file that we write
# inherits from one that sets the lists to null, and only that one from the hand-edited file.
EMPTIED = "inherited.yml"
LISTS = {"nav": None, "theme": {"palette": None}, "markdown_extensions": None, "extra": {"languages": None}}

TEAM_SETTINGS = ("site_author", "copyright", "repo_url", "repo_name", "edit_uri")  # themes may print them
GUEST_EXTRA = ("generator",)  # what guests get of the team's `extra`, much of which themes print


def configure(
    folder: Path,
    base: Path,
    theme: Path,
    nav: list[object],
    language: Language = GERMAN,
    codes: Iterable[str] = (),
    guest_start: Page | None = None,
) -> Path:
    """Write the engine's `mkdocs.yml` for one language's site into `folder`, and return its path.

    `base` is the hand-edited one, `codes` are those of all the handbook's languages; with `guest_start`, the page where
    guests start, the site is theirs. What we write is JSON, which is YAML that leaves nothing in a title to be
    interpreted; what themes print unescaped is HTML already.
    """
    mine, audience = settings(base), Audience.GUEST if guest_start else Audience.TEAM
    code, name, description = language.code, mine.get("site_name", ""), mine.get("site_description") or ""
    words = {text: language.text(text) for text in theme_texts(mine, theme)}
    palette = mine.get("theme", {}).get("palette", [])
    for entry in palette:
        if "toggle" in entry:
            entry["toggle"]["name"] = html_line(language.text(entry["toggle"]["name"]), quote=True)
    permalink = permalink_options(mine)
    if title := permalink.get(PERMALINK_TITLE):
        permalink[PERMALINK_TITLE] = language.text(title)
    extra: dict[str, Any] = {
        "lang": code.replace("_", "-"),
        "source": SOURCE,
        "address": site_url(mine, audience=audience),
        "words": words,
        "languages": [_switch(other) for other in sorted({code, *codes})],
    }
    config: dict[str, Any] = {
        "INHERIT": EMPTIED,
        "site_name": html_line(language.text(name), quote=True),
        "site_description": html_line(language.text(description), quote=True),
        "site_url": site_url(mine, code, audience),
        "docs_dir": "docs",
        "site_dir": "site",
        "exclude_docs": "!/templates/",  # which MkDocs leaves out unless it is told
        "theme": {
            "custom_dir": os.path.relpath(theme, folder),
            "language": code if _material_knows(code) else "en",
            "palette": palette,
        },
        "markdown_extensions": [*mine.get("markdown_extensions", []), *MARKDOWN_EXTENSIONS],
        "nav": nav,
        "extra": extra,
    }
    if guest_start:
        config |= dict.fromkeys(TEAM_SETTINGS)
        config["site_name"] = html_line(guest_start.title, quote=True)
        config["site_description"] = html_line(guest_start.description, quote=True)
        hidden = {key: None for key in mine.get("extra") or {} if key not in GUEST_EXTRA}
        config["extra"] = {**hidden, **extra, "audience": "guest"}
    path = folder / "mkdocs.yml"
    for where, data in ((path, config), (path.with_name(EMPTIED), {"INHERIT": os.path.relpath(base, folder), **LISTS})):
        write_file(where, json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")
    return path


def _switch(code: str) -> dict[str, str]:
    """What the theme needs for leading to a language's site."""
    name = Locale.parse(code).get_display_name() or code
    return {"code": code.replace("_", "-"), "name": name, "path": "" if code == SOURCE else f"{code}/"}


def _material_knows(code: str) -> bool:
    languages = importlib.resources.files("material") / "templates/partials/languages"
    return (languages / f"{code.replace('_', '-')}.html").is_file()
