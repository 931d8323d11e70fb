"""Where a playbook's parts are: its own folder's, or the project's where that lacks one."""

from __future__ import annotations

import re
from pathlib import Path

from generator.problems import PlaybookError, Problem

LOCALES = "content/locales"


def catalogues(root: Path) -> dict[str, Path]:
    """The catalogue of each language but the first, by its code."""
    return {path.parts[-3]: path for path in sorted((root / LOCALES).glob("*/LC_MESSAGES/playbook.po"))}


READING_EXTENSIONS = ("generator.site.tables",)  # change what a page says
MARKDOWN_EXTENSIONS = ("generator.site.blocks", *READING_EXTENSIONS)  # ours
WATCHED = ("universes", "content", "templates", "mkdocs.yml")  # what a built site depends on

# Where `templates`, `mkdocs.yml` and the shipped catalogues are: at the repository's top, or in the installed package.
_HERE = Path(__file__).parent
PROJECT = _HERE if (_HERE / "templates").is_dir() else _HERE.parent


def part(root: Path, name: str) -> Path:
    """A part that a tree may have of its own, such as `templates` or `mkdocs.yml`; else the project's."""
    own = root / name
    return own if own.exists() else PROJECT / name


def symbols(root: Path) -> dict[str, str]:
    """The theme's symbols: name → SVG source. Raises PlaybookError for one that brings a comment or metadata along."""
    sources = {}
    for path in sorted(part(root, "templates").glob("theme/symbols/*.svg")):
        if path.is_file():  # `load` reports whatever is none
            sources[path.stem] = text = path.read_text("utf-8", "replace").strip()
            if note := re.search("<!--|<metadata", text):  # every page, those for guests too, holds all of it
                message = f"what stands in '{note[0]}' would be published; remove it"
                raise PlaybookError([Problem(str(path.absolute()), text.count("\n", 0, note.start()) + 1, 1, message)])
    return sources
