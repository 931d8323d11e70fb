"""YAML and Markdown files into frozen models, every problem at its place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from generator.load.files import find, read_text
from generator.load.source import Source, odd_characters, read_yaml
from generator.load.tree import FrontMatter, Memory, Page, Tree
from generator.load.validate import validate
from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.playbook import Playbook
from generator.model.ritual import Ritual
from generator.model.text import SLUG, Slug
from generator.model.universe import Universe
from generator.model.vocabulary import Dimension, Gate, Glossary, Occasion, Role
from generator.parallel import spread
from generator.problems import Problem

T = TypeVar("T")
BATCH = 1000  # files that are read before they are validated; the data of all would take too much memory
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\S.*?^)---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def load(root: Path, memory: Memory | None = None) -> Tree:
    """Read everything below `root`; problems are collected in the tree, none is raised.

    A file that says the same as in `memory` is not parsed again.
    """
    loader = _Loader(root, {} if memory is None else memory)
    occasions = loader.vocabulary("occasions", Occasion)
    rank = {key: index for index, key in enumerate(occasions)}
    universes = loader.records("universe", Universe)
    rituals = loader.records("ritual", Ritual)
    paths = loader.records("path", MentorPath)
    playbook = Playbook(
        roles=loader.vocabulary("roles", Role),
        occasions=occasions,
        dimensions=loader.vocabulary("dimensions", Dimension),
        gates=loader.vocabulary("gates", Gate),
        glossary=loader.record("glossary", Glossary),
        universes={u.id: u for u in sorted(universes, key=lambda u: (u.order, u.id))},
        rituals={r.id: r for r in sorted(rituals, key=lambda r: (rank.get(r.occasion, len(rank)), r.id))},
        chooser=loader.record("chooser", Chooser),
        paths={p.id: p for p in sorted(paths, key=lambda p: (p.order, p.id))},
    )
    pages = {page.src_uri: page for page in sorted(loader.pages("page"), key=lambda page: (page.order, page.src_uri))}
    translations: dict[str, dict[str, Page]] = defaultdict(dict)
    for code in sorted({key.partition("/")[0][5:] for key in loader.files if key.startswith("page.")}):
        for page in loader.pages(f"page.{code}"):
            original = pages.get(page.src_uri, page)
            translations[code][page.src_uri] = replace(page, audience=original.audience)
    return Tree(root, playbook, loader.sources, pages, dict(translations), loader.problems)


class _Loader:
    """Turns files into records; collects their sources and problems."""

    def __init__(self, root: Path, memory: Memory) -> None:
        self.root, self.memory = root, memory
        self.files, self.sources, self.problems = find(root)

    def record(self, key: str, model: type[T]) -> T | None:
        """The file of `key` as a `model`; None if it does not exist or is not valid."""
        return self.take(key, self.read(key), model) if key in self.files else None

    def read(self, key: str) -> tuple[Source, list[Problem]] | None:
        """The file of `key` and the problems of its YAML; None if it says the same as in `memory`."""
        name = self.files[key].as_posix()
        text, problems = read_text(self.root, self.files[key])
        if problems:
            return Source(name), problems
        same = name in self.memory and self.memory[name][0].raw == text.encode()
        return None if same else read_yaml(name, text)

    def read_all(self, keys: Sequence[str]) -> list[tuple[Source, list[Problem]] | None]:
        return [self.read(key) for key in keys]

    def take(self, key: str, read: tuple[Source, list[Problem]] | None, model: type[T], **given: Any) -> T | None:
        """What `read` returned as a `model`; None if it is not valid."""
        name = self.files[key].as_posix()
        if read:
            source, problems = read
            value, problems = validated(source, problems, model, **given)
            if source.raw:  # otherwise it could not be read, which may change without the text
                self.memory[name] = (source, problems, value)
        else:
            source, problems, value = self.memory[name]
        self.sources[key] = source
        self.problems += problems
        return value

    def records(self, kind: str, model: type[T]) -> list[T]:
        """All valid records of a kind; their file's name says their id, a ritual's folder its universe."""
        records, keys = list[T](), [key for key in self.files if key.startswith(f"{kind}/")]
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            remembered = self.files[batch[0]].as_posix() in self.memory  # then there is little to be done
            readings = self.read_all(batch) if remembered else spread(self.read_all, batch)
            for key, read in zip(batch, readings, strict=True):
                given = {"universe": self.files[key].parts[1]} if kind == "ritual" else {}
                record = self.take(key, read, model, id=key.partition("/")[2], **given)
                if record is not None:
                    records.append(record)
                    if kind == "ritual":
                        self.sources[key].data = None  # of thousands, once is enough
        return records

    def vocabulary(self, name: str, model: type[T]) -> dict[str, T]:
        """The valid entries of a vocabulary, so that a bad one does not make problems elsewhere."""
        before = len(self.problems)
        vocabulary = self.record(name, Mapping[Slug, model])  # type: ignore[valid-type, type-abstract]
        if vocabulary is not None or name not in self.files:
            return dict(vocabulary or {})
        source, valid = self.sources[name], dict[str, T]()
        entries = source.data if isinstance(source.data, dict) else {}
        for key, value in entries.items():
            with suppress(ValidationError):
                valid |= {key: TypeAdapter(model).validate_python(value)} if re.fullmatch(SLUG, key) else {}
        at_key = any(problem.column == 1 for problem in self.problems[before:])
        if at_key or not all(isinstance(entry, dict) for entry in entries.values()):
            self.sources[name] = replace(source, data=None)  # no id is known then
        return valid

    def pages(self, kind: str) -> Iterator[Page]:
        """Hand-written pages (`page`) or their translations (`page.en`), with a valid front matter or without."""
        for key, path in self.files.items():
            if key.startswith(f"{kind}/"):
                page, problems = _page(self.root, path, key.partition("/")[2])
                self.problems += problems
                yield page


def _page(root: Path, path: PurePath, src_uri: str) -> tuple[Page, list[Problem]]:
    name = path.as_posix()
    text, problems = read_text(root, path)
    problems = problems or odd_characters(name, text)
    match = _FRONT_MATTER.match(text)
    if match is None:
        message = "no front matter; a page starts with the lines '---', 'title: …', 'description: …', '---'"
        return Page(src_uri, "", "", 0, text, Source(name), 0), problems or [Problem(name, 1, 1, message)]
    source, reading = read_yaml(name, "\n" + match[1])  # the line break stands for the first `---`
    front, reading = validated(source, reading, FrontMatter)
    front = front or FrontMatter.model_construct(title="", description="")
    body, before = text[match.end() :], text.count("\n", 0, match.end())
    page = Page(src_uri, front.title, front.description, front.order, body, source, before)
    return replace(page, of=front.of or "", audience=front.audience), problems + reading


def validated(source: Source, reading: list[Problem], model: type[T], **given: Any) -> tuple[T | None, list[Problem]]:
    """A source as a `model`, None if there is a problem; one problem for one place.

    `reading` holds the problems of its YAML, which win, except about text that may be meant otherwise: what it should
    be, the model knows better.
    """
    value, problems = None, list[Problem]()
    if source.data is not None or not reading:
        value, problems = validate(model, source, **given)
    invalid = {(problem.line, problem.column) for problem in problems}
    reading = [p for p in reading if (p.line, p.column) not in invalid & source.doubtful]
    misread = {(problem.line, problem.column) for problem in reading}
    problems = reading + [p for p in problems if (p.line, p.column) not in misread]
    return None if problems else value, problems
