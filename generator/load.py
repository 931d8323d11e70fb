"""Step 1, load: YAML and Markdown files into frozen models, every problem at its place."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from generator.explain import validate
from generator.models import (
    SLUG,
    Audience,
    Chooser,
    Dimension,
    Gate,
    Glossary,
    Line,
    MentorPath,
    Occasion,
    Playbook,
    Record,
    Ritual,
    Role,
    Slug,
    Universe,
)
from generator.parallel import spread
from generator.problems import Problem, closest
from generator.source import MAX_BYTES, Loc, Source, line_column, odd_characters, read_yaml

T = TypeVar("T")

VOCABULARIES = ("roles", "occasions", "dimensions", "gates")
OPTIONAL = ("glossary", "chooser")
BATCH = 1000  # files that are read before they are judged
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


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


def read_text(root: Path, where: PurePath) -> tuple[str, list[Problem]]:
    """The text of a file below `root`; unreadable, binary or elsewhere: a problem."""
    name = where.as_posix()
    path = os.path.join(root, where)
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
                return "", [Problem(name, 1, 1, "a link that leaves the folder; put the file itself here")]
            status = os.stat(path) if os.path.exists(path) else status
        if not stat.S_ISREG(status.st_mode):
            return "", [Problem(name, 1, 1, "not a file, or a link to none; put the file itself here")]
        if status.st_size > MAX_BYTES:
            return "", [Problem(name, 1, 1, f"the file is larger than {MAX_BYTES:,} bytes; split it")]
        raw = Path(path).read_bytes()
        text = raw.decode("utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text, []
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        message = f"the byte {raw[error.start]:#04x} is not UTF-8; save the file with the encoding UTF-8"
        return "", [Problem(name, *line_column(before, len(before)), message)]
    except OSError as error:
        return "", [Problem(name, 1, 1, f"cannot be read: {error.strerror}; check the file and its permissions")]


# ---------------------------------------------------------------------- places


def find(root: Path) -> tuple[dict[str, PurePath], dict[str, Source], list[Problem]]:
    """The files below `root` by key; empty sources of those that are missing or elsewhere; the problems.

    Keys are those of `Tree.sources`, and `page/<src_uri>`.
    """
    files: dict[str, PurePath] = {}
    sources: dict[str, Source] = {}
    strays: list[PurePath] = []
    problems: list[Problem] = []

    def tell(path: PurePath | str, message: str) -> None:
        problems.append(Problem(str(path), 1, 1, message))

    for path in walk(root, tell):
        key = key_of(path)
        if key is None:
            strays.append(path)
        elif key in files:
            tell(path, f"the id '{path.stem}' is taken by {files[key]}; rename one file")
        else:
            files[key] = path
    base, needed = root / "universes", {name: f"content/{name}.yml" for name in OPTIONAL}
    if not base.is_dir():
        tell("universes", "the folder is missing; it holds one folder for each universe")
    elif not base.is_symlink():
        needed |= {name: f"universes/{name}.yml" for name in VOCABULARIES}
        folders = [path.name for path in base.glob("*/") if re.fullmatch(SLUG, path.name) and not path.is_symlink()]
        needed |= {f"universe/{name}": f"universes/{name}/universe.yml" for name in folders}
        if not folders:
            tell("universes", "no universe found; expected universes/<universe>/universe.yml")
    for path in foreign_links(root):
        tell(path, "a link that leaves the folder; put the file itself here")
    for path in strays:
        places = possible_places(path, needed)
        meant = closest(str(path), (place for place, key in places.items() if key not in files))
        if meant == needed["chooser"] and not closest(path.stem, ["chooser"]):  # only the folder is alike
            meant = None
        if meant is None:
            expected = "universes/<universe>/rituals/<ritual>.yml or content/<page>.md"
            tell(path, f"nothing is read from here; move it out, or to {expected}")
            continue
        sources[places[meant]] = Source(meant)
        parts, wanted = path.parts, PurePath(meant).parts
        if len(parts) == len(wanted):  # a single name is wrong: of the file, or of a folder above it
            depth = 1 + next(i for i, part in enumerate(parts) if part != wanted[i])
            parts, wanted = parts[:depth], wanted[:depth]
        tell(PurePath(*parts), f"nothing is read from here; rename or move it to '{PurePath(*wanted)}'")
    for key in needed.keys() - files.keys() - sources.keys() - set(OPTIONAL):
        sources[key] = Source(needed[key])
        tell(needed[key], "the file is missing; add it")
    return files, sources, problems


def walk(root: Path, tell: Callable[[PurePath | str, str], None]) -> Iterator[PurePath]:
    """The files in `content/` and `universes/`, relative to `root`; links to folders are not followed."""

    def unreadable(error: OSError) -> None:
        tell(os.path.relpath(error.filename, root), f"cannot be read: {error.strerror}; check the permissions")

    for folder, folders, names in os.walk(root, onerror=unreadable):
        here = PurePath(folder).relative_to(root)
        if not here.parts:
            folders[:], names = {"content", "universes"} & set(folders), []
        folders[:] = sorted(filter(_visible, folders))
        for name in folders:
            if os.path.islink(root / here / name):
                tell(here / name, "a link to a folder; put the folder itself here")
        files = (here / name for name in sorted(filter(_visible, names)))
        yield from (path for path in files if not _is_catalogue(path))


def is_source(path: str) -> bool:
    """Whether a changed file means anything; not one that an editor keeps beside those that do."""
    return _visible(PurePath(path).name)


def foreign_links(root: Path) -> Iterator[PurePath]:
    """What of the parts that are no records leads out of `root`, or is no file: templates, settings, catalogues."""
    home = os.path.realpath(root)
    parts = [root / "mkdocs.yml", root / "templates", *(root / "templates").rglob("*")]
    for path in (*parts, *(root / "content" / "locales").glob("*/LC_MESSAGES/*.po")):
        led_out = path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home)
        if led_out or not (path.is_file() or path.is_dir() or not path.exists()):
            yield path.relative_to(root)


def _is_catalogue(path: PurePath) -> bool:
    return path.parts[:2] == ("content", "locales") and path.suffix in (".po", ".pot", ".mo")


def _visible(name: str) -> bool:
    """Not a hidden file, nor one that editors and systems make."""
    return not name.startswith((".", "#", "~", "__")) and not name.endswith("~")


def key_of(path: PurePath) -> str | None:
    """The key of a file at `path`; None where nothing is read."""
    language = re.search(r"(?<=\.)[a-z]{2,3}(_[A-Z]{2})?(?=\.md$)", path.name)
    if language:
        path = path.with_name(f"{path.name[: language.start() - 1]}.md")
    if not all(re.fullmatch(SLUG, part) for part in path.with_suffix("").parts):
        return None
    match path.parts:
        case ("universes", _) if path.suffix == ".yml" and path.stem in VOCABULARIES:
            return path.stem
        case ("universes", universe, "universe.yml"):
            return f"universe/{universe}"
        case ("universes", _, "rituals", _) if path.suffix == ".yml":
            return f"ritual/{path.stem}"
        case ("content", "glossary.yml" | "chooser.yml"):
            return path.stem
        case ("content", "paths", _) if path.suffix == ".yml":
            return f"path/{path.stem}"
        case ("content", *_) if path.suffix == ".md":
            return f"page{'.' + language[0] if language else ''}/{path.relative_to('content')}"
    return None


def id_like(name: str) -> str:
    """The id nearest to a name; empty if the name has neither letters nor digits."""
    return re.sub("[^a-z0-9]+", "-", name.lower().translate(_UMLAUTS)).strip("-")[:64]


def possible_places(path: PurePath, needed: Mapping[str, str]) -> dict[str, str]:
    """Where a YAML or Markdown file may belong, with its key there: its name put right, a ritual, what is needed."""
    match = re.fullmatch(r"(.+?)\.([ym])\w+(\.\w+)?", path.name, re.IGNORECASE)
    if match is None:
        return {}
    top, *folders, stem = map(id_like, (*path.parts[:-1], match[1]))
    suffix = ".yml" if match[2] in "yY" else ".md"
    places = ["/".join((top, *folders, stem)) + suffix, "/".join((top, *folders[:1], "rituals", stem)) + suffix]
    own = {place: key for place in places if (key := key_of(PurePath(place)))}
    return {place: key for key, place in needed.items() if suffix == ".yml"} | own
