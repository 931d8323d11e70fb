"""What there is to translate."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir

from generator.files import files_below
from generator.languages.language import catalogue_key
from generator.languages.region import public_holidays
from generator.load.settings import settings
from generator.load.source import Loc
from generator.load.tree import Tree
from generator.model.record import map_texts
from generator.model.schema import KINDS, schema

PACKAGE = Path(__file__).parents[1]
TEMPLATES = [("**.md.j2", "jinja2"), ("**.typ.j2", "jinja2")]
OPTIONS = {pattern: {"trimmed": "true", "silent": "false", "encoding": "utf-8"} for pattern, _method in TEMPLATES}
KEYWORDS = {"_": None, "number": (1, 2)}

# t("…") and n("one …", "many …") in scripts, of which Babel's own reader misses some.
SCRIPT_TEXT = re.compile(r"""(?<![\w$.])(?:t\(|n\()\s*("(?:[^"\\\n]|\\.)*")(?:,\s*("(?:[^"\\\n]|\\.)*"))?""")

PERMALINK_TITLE = "permalink_title"

# By a text's key, or by that and the text for many, where it stands: `universes/roles.yml#gast.label`, or only a file.
Texts = dict[tuple[str, ...], list[str]]


def extract(tree: Tree, templates: Path, config: Path) -> tuple[Texts, dict[str, int]]:
    """Every text to be translated, and by a text's key how many characters there are at most for its translation.

    `templates` is the folder of all templates, `config` the hand-edited `mkdocs.yml`.
    """
    texts: Texts = defaultdict(list)
    room: dict[str, int] = {}
    for record, source, loc in tree.records():

        def note(loc: Loc, text: str, most: int, path: str = source.path) -> str:
            key = catalogue_key(text, loc)
            texts[(key,)].append(f"{path}#{'.'.join(map(str, loc))}")
            room[key] = min(most, room.get(key, most))
            return text

        map_texts(record, note, loc=loc)
    for folder, methods in ((templates, TEMPLATES), (PACKAGE, [("**.py", "python")])):
        for name, _line, message, _comments, _context in extract_from_dir(folder, methods, OPTIONS, KEYWORDS):
            texts[(message,) if isinstance(message, str) else tuple(message)].append(f"{folder.name}/{name}")
    for ids, place in script_texts(templates):
        texts[ids].append(place)
    for text, places in theme_texts(settings(config), templates / "theme").items():
        texts[(text,)] += places
    for text in model_texts():
        texts[(text,)].append("generator/model/schema.py")
    for name in public_holidays().values():
        texts[(name,)].append("generator/languages/region.py")
    return dict(texts), room


def script_texts(templates: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the theme's scripts say: (text, or its forms for one and for many; the script)."""
    for script in sorted((templates / "theme" / "assets").glob("*.js")):
        for ids in SCRIPT_TEXT.findall(script.read_text("utf-8")):
            yield tuple(json.loads(text) for text in ids if text), f"templates/theme/assets/{script.name}"


def theme_texts(config: Mapping[str, Any], theme: Path) -> dict[str, list[str]]:
    """What the hand-edited `mkdocs.yml` and the theme's HTML say to readers, each text with the files that say it."""
    texts: dict[str, list[str]] = {}
    toggles = [entry["toggle"]["name"] for entry in config.get("theme", {}).get("palette", []) if "toggle" in entry]
    permalink = permalink_options(config).get(PERMALINK_TITLE)
    for text in (config.get("site_name"), config.get("site_description"), *toggles, permalink):
        if text:
            texts.setdefault(text, []).append("mkdocs.yml")
    for path in (path for path in files_below(theme) if path.suffix == ".html"):
        for text in re.findall(r'words\["([^"]+)"\]', path.read_text("utf-8")):
            texts.setdefault(text, []).append(f"templates/theme/{path.relative_to(theme).as_posix()}")
    return texts


def permalink_options(config: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the links beside headings, in `mkdocs.yml`."""
    extensions = config.get("markdown_extensions", [])
    return next((entry["toc"] for entry in extensions if isinstance(entry, dict) and entry.get("toc")), {})


def model_texts() -> Iterator[str]:
    """What the schema says to authors: the title of each kind of file, and the descriptions of its fields."""
    for name, kind in KINDS.items():
        yield kind.title
        whole = schema(name)
        for model in (whole, *whole.get("$defs", {}).values()):
            yield from (field["description"] for field in model.get("properties", {}).values())
