"""The configuration of one language's site."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Iterable
from pathlib import Path

from babel import Locale

from generator.files import put
from generator.languages.extract import TITLE, _permalink, own_words
from generator.languages.language import GERMAN, Language
from generator.load.settings import settings, site_url
from generator.model.prose import html_line
from generator.model.text import SOURCE
from generator.project import OURS

# Zensical adds to a list that it inherits, where the others replace it; but not to nothing. So what we write inherits
# from a file without any, and that from the hand-edited one.
EMPTIED = "inherited.yml"
LISTS = {"nav": None, "theme": {"palette": None}, "markdown_extensions": None, "extra": {"languages": None}}


def configure(
    folder: Path, base: Path, theme: Path, nav: list[object], language: Language = GERMAN, others: Iterable[str] = ()
) -> Path:
    """Write `mkdocs.yml` for one language tree into `folder`; `base` is the hand-edited one. Returns its path.

    `others` are the codes of the handbook's other languages. JSON is YAML, and leaves nothing in a title to be
    interpreted; what themes print as it is, is HTML already.
    """
    mine, code = settings(base), language.code
    words = {text: language.text(text) for text in own_words(mine, theme)}
    palette = mine.get("theme", {}).get("palette", [])
    for entry in palette:
        if "toggle" in entry:
            entry["toggle"]["name"] = html_line(language.text(entry["toggle"]["name"]), quote=True)
    extensions = mine.get("markdown_extensions", [])
    if title := _permalink(mine).get(TITLE):
        _permalink(mine)[TITLE] = language.text(title)
    config = {
        "INHERIT": EMPTIED,
        "site_name": html_line(language.text(mine.get("site_name", "")), quote=True),
        "site_description": html_line(language.text(mine.get("site_description") or ""), quote=True),
        "site_url": site_url(mine, language),
        "docs_dir": "docs",
        "site_dir": "site",
        "exclude_docs": "!/templates/",  # which MkDocs leaves out unless it is told
        "theme": {
            "custom_dir": os.path.relpath(theme, folder),
            "language": code if _material_knows(code) else "en",
            "palette": palette,
        },
        "markdown_extensions": [*extensions, *OURS],
        "nav": nav,
        "extra": {
            "lang": code.replace("_", "-"),
            "source": SOURCE,
            "address": site_url(mine),
            "words": words,
            "languages": [_switch(other) for other in sorted({code, *others})],
        },
    }
    path = folder / "mkdocs.yml"
    for where, data in ((path, config), (path.with_name(EMPTIED), {"INHERIT": os.path.relpath(base, folder), **LISTS})):
        put(where, json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")
    return path


def _switch(code: str) -> dict[str, str]:
    """What the theme needs for leading to a language's site."""
    name = Locale.parse(code).get_display_name() or code
    return {"code": code.replace("_", "-"), "name": name, "path": "" if code == SOURCE else f"{code}/"}


def _material_knows(code: str) -> bool:
    languages = importlib.resources.files("material") / "templates/partials/languages"
    return (languages / f"{code.replace('_', '-')}.html").is_file()
