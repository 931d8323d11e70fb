"""Step 1, load: YAML and Markdown files into frozen models, every problem at its place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from generator.explain import validate
from generator.models import (
    SLUG,
    Dimension,
    Gate,
    Glossary,
    Line,
    Occasion,
    Playbook,
    Record,
    Ritual,
    Role,
    Slug,
    Universe,
)
from generator.problems import Problem, quote
from generator.source import MAX_BYTES, Source, read_yaml

T = TypeVar("T")


@dataclass
class Page:
    """A hand-written Markdown page; `src_uri` is its path below `content/`."""

    src_uri: str
    title: str
    description: str
    order: int
    body: str
    source: Source
    body_line: int  # lines before the body, for places in it


@dataclass
class Tree:
    """All that was read below a root, valid or not.

    `playbook` holds the valid records, drafts included. `sources` holds every file
    by its record: `roles`, `glossary`, `universe/<id>`, `ritual/<id>`.
    """

    root: Path
    playbook: Playbook
    sources: dict[str, Source]
    pages: dict[str, Page]
    problems: list[Problem]

    def ids(self, kind: str) -> list[str]:
        """Ids of `universe` or `ritual` files, or the keys of a vocabulary, whether valid or not."""
        if kind in self.sources:
            data = self.sources[kind].data
            return list(data) if isinstance(data, dict) else []
        return [name.partition("/")[2] for name in self.sources if name.startswith(kind + "/")]


class FrontMatter(Record):
    title: Line
    description: Line
    order: int = 0  # among the hand-written pages in the navigation


def read_text(root: Path, path: Path) -> tuple[str, list[Problem]]:
    """A file's text; unreadable, binary or outside the root: a problem."""
    name = path.relative_to(root).as_posix()
    try:
        if not path.resolve(strict=True).is_relative_to(root.resolve()):
            return "", [Problem(name, 1, 1, "a link that leaves the folder; put the file itself here")]
        if path.stat().st_size > MAX_BYTES:
            return "", [Problem(name, 1, 1, f"the file is larger than {MAX_BYTES:,} bytes; split it")]
        raw = path.read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n"), []
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        return "", [Problem(name, line, column, "not UTF-8 text; save the file with the encoding UTF-8")]
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "a loop of links"
        return "", [Problem(name, 1, 1, f"cannot be read: {reason}")]


def load(root: Path) -> Tree:
    """Read everything below `root`; problems are collected in the tree, none is raised."""
    problems: list[Problem] = []
    sources: dict[str, Source] = {}

    def read(key: str, path: Path) -> Source | None:
        """Read and register one YAML file."""
        text, trouble = read_text(root, path)
        problems.extend(trouble)
        source = Source(path.relative_to(root).as_posix())
        if not trouble:
            source, trouble = read_yaml(source.path, text)
            problems.extend(trouble)
        sources[key] = source
        return source if source.data is not None or not trouble else None

    def take(model: type[T], source: Source | None, **given: Any) -> T | None:
        if source is None:
            return None
        value, trouble = validate(model, source, **given)
        problems.extend(trouble)
        return value

    def vocabulary(name: str, model: type[T]) -> dict[str, T]:
        path = root / "universes" / f"{name}.yml"
        if not path.exists() and not path.is_symlink():
            problems.append(Problem(f"universes/{name}.yml", 1, 1, f"the file is missing; it lists the {name}"))
            return {}
        source = read(name, path)
        if source is None or not isinstance(source.data, dict):
            take(dict, source)
            return {}
        whole, trouble = validate(Mapping[Slug, model], source)  # type: ignore[valid-type, type-abstract]
        problems.extend(trouble)
        return dict(whole) if whole is not None else _valid_entries(model, source.data)

    roles = vocabulary("roles", Role)
    occasions = vocabulary("occasions", Occasion)
    dimensions = vocabulary("dimensions", Dimension)
    gates = vocabulary("gates", Gate)

    universes: dict[str, Universe] = {}
    rituals: dict[str, Ritual] = {}
    for folder in _folders(root, problems):
        path = folder / "universe.yml"
        if not path.exists() and not path.is_symlink():
            name = path.relative_to(root).as_posix()
            problems.append(Problem(name, 1, 1, "the file is missing; every universe needs one"))
        elif universe := take(Universe, read(f"universe/{folder.name}", path), id=folder.name):
            universes[universe.id] = universe
        for file in _yaml_files(root, folder / "rituals", problems):
            if f"ritual/{file.stem}" in sources:
                other = sources[f"ritual/{file.stem}"].path
                name = file.relative_to(root).as_posix()
                problems.append(Problem(name, 1, 1, f"the id '{file.stem}' is taken by {other}; rename one file"))
                continue
            source = read(f"ritual/{file.stem}", file)
            if ritual := take(Ritual, source, id=file.stem, universe=folder.name):
                rituals[ritual.id] = ritual
    if not sources.keys() - {"roles", "occasions", "dimensions", "gates"}:
        problems.append(Problem("universes", 1, 1, "no universe found; expected universes/<universe>/universe.yml"))

    glossary = None
    if (path := root / "content" / "glossary.yml").exists():
        glossary = take(Glossary, read("glossary", path))

    pages: dict[str, Page] = {}
    for page in sorted(_pages(root, problems), key=lambda page: (page.order, page.src_uri)):
        pages[page.src_uri] = page

    order = list(occasions)
    playbook = Playbook(
        roles=roles,
        occasions=occasions,
        dimensions=dimensions,
        gates=gates,
        glossary=glossary,
        universes=dict(sorted(universes.items(), key=lambda item: (item[1].order, item[0]))),
        rituals=dict(
            sorted(
                rituals.items(),
                key=lambda item: (order.index(item[1].occasion) if item[1].occasion in order else 99, item[0]),
            )
        ),
    )
    return Tree(root, playbook, sources, pages, problems)


def _valid_entries(model: type[T], data: dict[str, Any]) -> dict[str, T]:
    """The entries of a vocabulary that are fine, so that one bad entry does not hide other problems."""
    adapter: TypeAdapter[T] = TypeAdapter(model)
    valid = {}
    for key, value in data.items():
        try:
            valid[key] = adapter.validate_python(value)
        except ValidationError:
            continue
    return {key: value for key, value in valid.items() if re.fullmatch(SLUG, key)}


def _folders(root: Path, problems: list[Problem]) -> Iterator[Path]:
    """The universes' folders, sorted."""
    base = root / "universes"
    if not base.is_dir():
        problems.append(Problem("universes", 1, 1, "the folder is missing; it holds one folder for each universe"))
        return
    for path in sorted(base.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "__")):
            if not path.resolve().is_relative_to(root.resolve()):
                name = path.relative_to(root).as_posix()
                problems.append(Problem(name, 1, 1, "a link that leaves the folder; put the folder itself here"))
            elif _is_slug(root, path, path.name, problems):
                yield path


def _yaml_files(root: Path, folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """The `.yml` files of a folder, sorted; names that are no ids and `.yaml` are problems."""
    if folder.is_symlink() and not folder.resolve().is_relative_to(root.resolve()):
        name = folder.relative_to(root).as_posix()
        problems.append(Problem(name, 1, 1, "a link that leaves the folder; put the folder itself here"))
        return
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith((".", "#")) or path.name.endswith("~"):
            continue
        if path.suffix != ".yml":
            name = path.relative_to(root).as_posix()
            problems.append(Problem(name, 1, 1, "not a ritual: the files here must end in .yml; rename or move it"))
        elif _is_slug(root, path, path.stem, problems):
            yield path


def _is_slug(root: Path, path: Path, name: str, problems: list[Problem]) -> bool:
    if re.fullmatch(SLUG, name):
        return True
    where = path.relative_to(root).as_posix()
    rule = "use a-z, 0-9 and '-', at most 64 characters (no capitals, umlauts, spaces)"
    problems.append(Problem(where, 1, 1, f"the name {quote(name)} is not an id: {rule}"))
    return False


def _pages(root: Path, problems: list[Problem]) -> Iterator[Page]:
    """Hand-written Markdown pages; each needs front matter with `title` and `description`."""
    base = root / "content"
    for folder, _, names in os.walk(base):  # does not follow links to folders
        for path in sorted(Path(folder, name) for name in names if name.endswith(".md")):
            src_uri = PurePosixPath(path.relative_to(base)).as_posix()
            text, trouble = read_text(root, path)
            name = path.relative_to(root).as_posix()
            problems.extend(trouble)
            if trouble:
                continue
            match = re.match(r"---\n(.*?\n)---\n", text, re.DOTALL)
            if match is None:
                problems.append(
                    Problem(
                        name, 1, 1, "front matter is missing: start with '---', 'title: …', 'description: …', '---'"
                    )
                )
                continue
            source, trouble = read_yaml(name, match[1], line_offset=1)
            front = None
            if not trouble:
                front, trouble = validate(FrontMatter, source)
            problems.extend(trouble)
            if front:
                body = text[match.end() :]
                yield Page(
                    src_uri, front.title, front.description, front.order, body, source, text.count("\n", 0, match.end())
                )
