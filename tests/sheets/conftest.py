"""The sheets of the real handbook; and ways to change every text of a playbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from generator import pipeline
from generator.languages.language import GERMAN
from generator.load.tree import Tree
from generator.model.playbook import Playbook, published
from generator.model.prose import is_page_target, parse
from generator.model.record import Record
from generator.model.text import Item, Line, Offset, Prose, Slug, Summary, Title
from generator.pipeline import examine
from generator.project import PROJECT, symbols
from generator.sheets.kinds import Pdf, Sheet
from generator.sheets.printer import Printer
from tests.conftest import SMALL, TODAY
from tests.pages.test_hostile import begins
from tests.sheets.checks import Paper

SITE = "https://playbook.example/"
TEMPLATES = PROJECT / "templates"
TEXT = (Line, Title, Summary, Item, Prose)


def printer(tree: Tree, playbook: Playbook | None = None) -> Printer:
    return Printer(playbook or published(tree.playbook), TEMPLATES, symbols(PROJECT), SITE, tree.sources)


def small_printer(root: Path = SMALL) -> Printer:
    return printer(examine(root, TODAY))


@dataclass
class Set:
    """Sheets that have been set, by name."""

    printer: Printer
    pdfs: dict[str, Pdf]

    @cached_property
    def papers(self) -> dict[str, Paper]:
        return {name: Paper(pdf.path) for name, pdf in self.pdfs.items()}

    def of_kind(self, *kinds: str) -> Iterator[tuple[Sheet, Paper]]:
        for name, pdf in self.pdfs.items():
            if pdf.sheet.kind in kinds:
                yield pdf.sheet, self.papers[name]


@pytest.fixture(scope="session")
def handbook(built: Callable[..., Path]) -> Set:
    """Every sheet of the real handbook, as `playbook build` has set it."""
    root = built("site").parent
    tree = examine(root, TODAY)
    press = pipeline.printer_of(tree, pipeline.select(tree, GERMAN))
    pdfs = press.typesetter.set_all(press.all(), root / "build/de/print")  # where they are already
    return Set(press, {pdf.sheet.name: pdf for pdf in pdfs})


Change = Callable[[str, Any, str], str]


def walk(value: Any, hint: Any, change: Change, where: str = "", *, fill: bool = False) -> Any:
    """`value` with every text and id changed: `change(where, hint, text)`; found by the model's own hints.

    With `fill`, texts that are not set are changed from nothing.
    """
    own = next((kind for kind in (*TEXT, Slug) for part in (hint, *get_args(hint)) if begins(part, kind)), None)
    if isinstance(value, str) and not isinstance(value, Enum):
        return change(where, own, value) if own else value
    if value is None:
        return change(where, own, "") if fill and own in TEXT else None
    if isinstance(value, Record):
        fields = get_type_hints(type(value), include_extras=True)
        name = type(value).__name__
        return value.model_copy(
            update={key: walk(getattr(value, key), fields[key], change, f"{name}.{key}", fill=fill) for key in fields}
        )
    if isinstance(value, dict):
        key_hint, item_hint = get_args(hint)
        return {
            walk(key, key_hint, change, where): walk(item, item_hint, change, where, fill=fill)
            for key, item in value.items()
        }
    if isinstance(value, tuple) and not isinstance(value, Offset):
        return tuple(walk(item, get_args(hint)[0], change, where, fill=fill) for item in value)
    return value


def pieces(text: str) -> list[str]:
    """The paragraphs and list items of prose, as they are read on paper."""
    found = []
    for inline in (token.children or [] for token in parse(text) if token.type == "inline"):
        words, typed = "", False  # within a link that leads out of the handbook
        for token in inline:
            if token.type in ("link_open", "link_close"):
                typed = token.type == "link_open" and not is_page_target(str(token.attrs["href"]))
                words += token.meta["typed"] if typed else ""
            elif not typed:
                words += token.content or " " * token.type.endswith("break")
        found.append(words)
    return found
