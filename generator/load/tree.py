"""All that is read below a root: records, sources, hand-written pages, problems."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field

from generator.load.source import Loc, Source
from generator.model.playbook import Playbook
from generator.model.record import Record
from generator.model.text import Audience, Line
from generator.problems import Problem

VOCABULARIES = ("roles", "occasions", "dimensions", "gates")
OPTIONAL = ("glossary", "chooser")


@dataclass
class Page:
    """A hand-written Markdown page; `src_uri` is its path below `content/`, that of the original for a translation."""

    src_uri: str
    title: str
    description: str
    order: int
    body: str
    source: Source
    body_line: int  # lines before the body, for places in it
    language: str = ""  # of its text, where that is not the page's own
    of: str = ""  # of a translation: the digest of the page that was translated
    audience: Audience = Audience.TEAM  # a translation has that of its original

    @property
    def digest(self) -> str:
        """Changes with every word of the page."""
        words = "\n".join((self.title, self.description, self.body.strip()))
        return hashlib.sha256(words.encode()).hexdigest()[:8]


@dataclass
class Tree:
    """All that was read below a root, valid or not.

    `playbook` holds the valid records, drafts included. `sources` holds every YAML
    file by its record: `roles`, `glossary`, `chooser`, `universe/<id>`, `ritual/<id>`, `path/<id>`; without
    data where a file is missing, in the wrong place (then `page/<src_uri>` too) or
    cannot be read.
    """

    root: Path
    playbook: Playbook
    sources: dict[str, Source]
    pages: dict[str, Page]
    translations: dict[str, dict[str, Page]]  # of pages: language → `src_uri` → page
    problems: list[Problem]

    def all_pages(self) -> list[Page]:
        """Every hand-written page, and every translation of one."""
        return [page for pages in (self.pages, *self.translations.values()) for page in pages.values()]

    def ids(self, kind: str) -> list[str]:
        """Ids of `universe` or `ritual` files, or the keys of a vocabulary, whether valid or not."""
        if kind in self.sources:
            data = self.sources[kind].data
            return list(data) if isinstance(data, dict) else []
        return [name.partition("/")[2] for name in self.sources if name.startswith(kind + "/")]

    def records(self) -> Iterator[tuple[Record, Source, Loc]]:
        """Every valid record with texts in it, its file, and where it stands in the file."""
        for name in VOCABULARIES:
            for key, entry in getattr(self.playbook, name).items():
                yield entry, self.sources[name], (key,)
        for kind in ("universe", "ritual", "path"):
            for key, record in getattr(self.playbook, f"{kind}s").items():
                yield record, self.sources[f"{kind}/{key}"], ()
        for name in OPTIONAL:
            if record := getattr(self.playbook, name):
                yield record, self.sources[name], ()


class FrontMatter(Record):
    title: Line
    description: Line
    order: int = 0  # among the hand-written pages in the navigation
    of: Line | None = None  # in a translation: the digest of the page that was translated
    audience: Audience = Field(default=Audience.TEAM, strict=False)  # who may read it


# A file, its problems and what was made of it, by its path, for whoever reads the same tree again and again.
Memory = dict[str, tuple[Source, list[Problem], Any]]
