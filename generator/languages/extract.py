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
from generator.languages.language import in_context
from generator.languages.region import public_holidays
from generator.load.settings import settings
from generator.load.source import Loc
from generator.load.tree import Tree
from generator.model.record import map_texts
from generator.model.schema import descriptions

EXTRACTED = [("**.md.j2", "jinja2"), ("**.typ.j2", "jinja2")]
OPTIONS = {pattern: {"trimmed": "true", "silent": "false", "encoding": "utf-8"} for pattern, _ in EXTRACTED}
KEYWORDS = {"_": None, "number": (1, 2)}

# What scripts say: t("…") and n("one …", "many …"), wherever it stands; Babel's reader misses some places.
SAID = re.compile(r"""(?<![\w$.])(?:t\(|n\()\s*("(?:[^"\\\n]|\\.)*")(?:,\s*("(?:[^"\\\n]|\\.)*"))?""")
Found = dict[tuple[str, ...], list[str]]  # a text, or its forms for one and for many → where it stands


def extract(tree: Tree, templates: Path, config: Path) -> tuple[Found, dict[str, int]]:
    """Every text to be translated, with where it stands; and how many characters the shortest such place has room for.

    They are the playbook's, the templates' and scripts', those of `mkdocs.yml` and the theme, and the generator's own.
    """
    found: Found = defaultdict(list)
    room: dict[str, int] = {}
    for record, source, loc in tree.records():

        def note(loc: Loc, text: str, most: int, path: str = source.path) -> str:
            key = in_context(text, loc)
            found[(key,)].append(f"{path}#{'.'.join(map(str, loc))}")
            room[key] = min(most, room.get(key, most))
            return text

        map_texts(record, note, loc=loc)
    for folder, methods in ((templates, EXTRACTED), (Path(__file__).parents[1], [("**.py", "python")])):
        for name, _, message, _, _ in extract_from_dir(folder, methods, OPTIONS, KEYWORDS):
            found[(message,) if isinstance(message, str) else tuple(message)].append(f"{folder.name}/{name}")
    for ids, place in script_texts(templates):
        found[ids].append(place)
    for text, places in own_words(settings(config), templates / "theme").items():
        found[(text,)] += places
    for text in descriptions():
        found[(text,)].append("generator/models.py")
    for name in public_holidays().values():
        found[(name,)].append("generator/dates.py")
    return dict(found), room


def script_texts(templates: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """What the theme's scripts say: (text, or its forms for one and for many; the script)."""
    for script in sorted((templates / "theme" / "assets").glob("*.js")):
        for ids in SAID.findall(script.read_text("utf-8")):
            yield tuple(json.loads(text) for text in ids if text), f"templates/theme/assets/{script.name}"


TITLE = "permalink_title"


def own_words(mine: Mapping[str, Any], theme: Path) -> dict[str, list[str]]:
    """What the hand-edited `mkdocs.yml` and the theme say to readers, each with the files that say it."""
    found: dict[str, list[str]] = {}
    toggles = [entry["toggle"]["name"] for entry in mine.get("theme", {}).get("palette", []) if "toggle" in entry]
    for text in (mine.get("site_name"), mine.get("site_description"), *toggles, _permalink(mine).get(TITLE)):
        if text:
            found.setdefault(text, []).append("mkdocs.yml")
    for path in (path for path in files_below(theme) if path.suffix == ".html"):
        for text in re.findall(r'words\["([^"]+)"\]', path.read_text("utf-8")):
            found.setdefault(text, []).append(f"templates/theme/{path.relative_to(theme).as_posix()}")
    return found


def _permalink(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the links beside headings."""
    extensions = settings.get("markdown_extensions", [])
    return next((entry["toc"] for entry in extensions if isinstance(entry, dict) and entry.get("toc")), {})
