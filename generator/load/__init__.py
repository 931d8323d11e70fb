"""Step 1, load: YAML and Markdown files into frozen models, every problem at its place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
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
from generator.model.text import SLUG, Audience, Slug
from generator.model.universe import Universe
from generator.model.vocabulary import Dimension, Gate, Glossary, Occasion, Role
from generator.parallel import spread
from generator.problems import Problem

T = TypeVar("T")
BATCH = 1000  # files that are read before they are judged


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
    pages = {page.src_uri: page for page in sorted(loader.pages(), key=lambda page: (page.order, page.src_uri))}
    translations: dict[str, dict[str, Page]] = defaultdict(dict)
    for code in sorted({key.partition("/")[0][5:] for key in loader.files if key.startswith("page.")}):
        translations[code] = {
            page.src_uri: replace(page, audience=pages[page.src_uri].audience) if page.src_uri in pages else page
            for page in loader.pages(f"page.{code}")
        }
    return Tree(root, playbook, loader.sources, pages, dict(translations), loader.problems)


class _Loader:
    """Turns files into records; collects their sources and problems."""

    def __init__(self, root: Path, memory: Memory) -> None:
        self.root, self.memory = root, memory
        self.files, self.sources, self.problems = find(root)

    def record(self, key: str, model: type[T], **given: Any) -> T | None:
        """The file of `key` as a `model`; None if it is not there or not valid."""
        return self.take(key, self.read(key), model, **given) if key in self.files else None

    def read(self, key: str) -> tuple[Source, list[Problem]] | None:
        """The file of `key` and the problems of its YAML; None if it says the same as in `memory`."""
        name = self.files[key].as_posix()
        text, unreadable = read_text(self.root, self.files[key])
        if unreadable:
            return Source(name), unreadable
        same = name in self.memory and self.memory[name][0].raw == text.encode()
        return None if same else read_yaml(name, text)

    def read_all(self, keys: Sequence[str]) -> list[tuple[Source, list[Problem]] | None]:
        return [self.read(key) for key in keys]

    def take(self, key: str, read: tuple[Source, list[Problem]] | None, model: type[T], **given: Any) -> T | None:
        """What was read of a file as a `model`."""
        name = self.files[key].as_posix()
        if read is None:
            source, problems, value = self.memory[name]
        else:
            source, problems = read
            value, problems = judge(source, problems, model, **given)
            if source.raw:  # a file that cannot be read has none; it may be another one next time
                self.memory[name] = (source, problems, value)
        self.sources[key] = source
        self.problems += problems
        return value  # type: ignore[no-any-return]  # a file's path says its model

    def records(self, kind: str, model: type[T]) -> list[T]:
        """All valid records of a kind; their file's name says their id, a ritual's folder its universe."""
        found, keys = [], [key for key in self.files if key.startswith(f"{kind}/")]
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            known = self.files[batch[0]].as_posix() in self.memory  # then there is little to be done
            readings = self.read_all(batch) if known else spread(self.read_all, batch)
            for key, read in zip(batch, readings, strict=True):
                universe = {"universe": self.files[key].parts[1]} if kind == "ritual" else {}
                found.append(self.take(key, read, model, id=key.partition("/")[2], **universe))
                if kind == "ritual" and found[-1]:
                    self.sources[key].data = None  # of thousands, once is enough
        return [record for record in found if record is not None]

    def vocabulary(self, name: str, model: type[T]) -> dict[str, T]:
        """The valid entries of a vocabulary, so that one bad entry does not hide other problems."""
        before = len(self.problems)
        whole = self.record(name, Mapping[Slug, model])  # type: ignore[valid-type, type-abstract]
        if whole is not None or name not in self.files:
            return dict(whole or {})
        source, adapter, valid = self.sources[name], TypeAdapter(model), {}
        entries = source.data if isinstance(source.data, dict) else {}
        for key, value in entries.items():
            try:
                valid[key] = adapter.validate_python(value)
            except ValidationError:
                continue
        no_ids = any(not isinstance(entry, dict) for entry in entries.values())
        if no_ids or any(problem.column == 1 for problem in self.problems[before:]):
            self.sources[name] = replace(source, data=None)  # with a problem in an id, nothing can be said about any
        return {key: value for key, value in valid.items() if re.fullmatch(SLUG, key)}

    def pages(self, kind: str = "page") -> Iterator[Page]:
        """Hand-written pages, or their translations (`page.en`), whether their front matter is valid or not."""
        for key, path in self.files.items():
            if not key.startswith(f"{kind}/"):
                continue
            name = path.as_posix()
            text, problems = read_text(self.root, path)
            problems = problems or odd_characters(name, text)
            match = re.match(r"---[ \t]*\n(.*?\S.*?^)---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
            source, front = Source(name), None
            if match:
                source, reading = read_yaml(name, "\n" + match[1])  # the line break stands for the first `---`
                front, reading = judge(source, reading, FrontMatter)
                self.problems += reading
            elif not problems:
                message = "no front matter; a page starts with the lines '---', 'title: …', 'description: …', '---'"
                problems = [Problem(name, 1, 1, message)]
            self.problems += problems
            start = match.end() if match else 0
            title, description, order = (front.title, front.description, front.order) if front else ("", "", 0)
            uri = key.partition("/")[2]
            of, audience = ((front.of or ""), front.audience) if front else ("", Audience.TEAM)
            before = text.count("\n", 0, start)
            yield Page(uri, title, description, order, text[start:], source, before, of=of, audience=audience)


def judge(source: Source, reading: list[Problem], model: type[T], **given: Any) -> tuple[T | None, list[Problem]]:
    """A source as a `model`, None if reading it or the model finds a problem; one problem for one place."""
    value, judging = None, list[Problem]()
    if source.data is not None or not reading:
        value, judging = validate(model, source, **given)
    judged = {(problem.line, problem.column) for problem in judging}
    # Of a text that other tools read as something else, the model knows better what it should be.
    reading = [p for p in reading if (p.line, p.column) not in judged & source.doubtful]
    misread = {(problem.line, problem.column) for problem in reading}
    problems = reading + [p for p in judging if (p.line, p.column) not in misread]
    return None if problems else value, problems
