"""Step 1, load: YAML and Markdown files into frozen models, every value with its place.

YAML is read from libyaml's event stream into plain data, with a position for
each key and value. The reader is stricter than YAML: whatever another tool may
understand differently (aliases, tags, `no`, `12:30`) is a problem, not a guess.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

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
from generator.problems import Problem, did_you_mean, nearest, quote

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Loc = tuple[str | int, ...]  # a path into a file's data, such as ("steps", 2, "role")
T = TypeVar("T")


@dataclass
class Source:
    """A file's text and data, and where each part of the data stands.

    `keys` and `values` map a path into the data, such as `("steps", 2, "role")`,
    to (line, column), counted from 1. `spans` gives a value's first and last
    character in `text`.
    """

    path: str
    text: str = ""
    data: Any = None
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    spans: dict[Loc, tuple[int, int]] = field(default_factory=dict)

    def place(self, *loc: str | int, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or the key) at `loc`, or of the nearest thing around it."""
        while True:
            if key and loc in self.keys:
                return self.keys[loc]
            if loc in self.values:
                return self.values[loc]
            if not loc:
                return (1, 1)
            loc, key = loc[:-1], True

    def problem(self, loc: Loc, message: str, *, key: bool = False, warning: bool = False) -> Problem:
        line, column = self.place(*loc, key=key)
        return Problem(self.path, line, column, message, "warning" if warning else "error")

    def place_of(self, loc: Loc, needle: str) -> tuple[int, int]:
        """Line and column of `needle` within the value at `loc`, or of the value."""
        start, end = self.spans.get(loc, (0, 0))
        index = self.text.find(needle, start, end)
        if index < 0:
            return self.place(*loc)
        return self.text.count("\n", 0, index) + 1, index - self.text.rfind("\n", 0, index)


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


# ------------------------------------------------------------------------ YAML

BOOLEAN = re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|True|TRUE|False|FALSE")
SEXAGESIMAL = re.compile(r"[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?")
INTEGER = re.compile(r"[-+]?(0|[1-9]\d{0,17})")
ODD_NUMBER = re.compile(r"[-+]?(0[0-9_]+|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0b[01_]+|\d+_[\d_]+|\d{19,})")
FLOAT = re.compile(r"[-+]?\d+\.\d*([eE][-+]\d+)?|[-+]?\.\d+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class _Builder:
    """Turns libyaml's events into data and places; collects problems instead of stopping."""

    def __init__(self, source: Source, line_offset: int) -> None:
        self.source, self.line_offset, self.problems = source, line_offset, list[Problem]()

    def complain(self, event: yaml.Event, message: str) -> None:
        line, column = self.mark(event)
        self.problems.append(Problem(self.source.path, line, column, message))

    def mark(self, event: yaml.Event) -> tuple[int, int]:
        return event.start_mark.line + 1 + self.line_offset, event.start_mark.column + 1

    def build(self, events: Iterator[yaml.Event], event: yaml.Event, loc: Loc) -> Any:
        if len(loc) > MAX_DEPTH:
            raise _TooDeep(self.mark(event))
        if isinstance(event, yaml.AliasEvent):
            self.complain(event, f"alias '*{event.anchor}': write the value out; aliases are not allowed")
            return None
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor is not None:
            self.complain(event, f"anchor '&{event.anchor}': remove it; anchors and aliases are not allowed")
        if getattr(event, "tag", None) is not None:
            self.complain(event, f"tag {quote(event.tag)}: remove it; tags are not allowed")
        self.source.values[loc] = self.mark(event)
        start = event.start_mark.index
        if isinstance(event, yaml.ScalarEvent):
            value: Any = self.scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self.sequence(events, loc)
        else:
            value = self.mapping(events, loc)
        self.source.spans[loc] = (start, event.end_mark.index)
        return value

    def sequence(self, events: Iterator[yaml.Event], loc: Loc) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self.build(events, event, (*loc, len(items))))
        return tuple(items)

    def mapping(self, events: Iterator[yaml.Event], loc: Loc) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self.complain(event, "a key must be a plain word, not a list or a mapping")
                self.build(events, event, (*loc, "?"))
                self.build(events, next(events), (*loc, "?"))
                continue
            key = str(event.value)
            if key == "<<" and event.implicit[0]:
                self.complain(event, "merge key '<<': write the values out; merging is not allowed")
            elif key in items:
                line, _ = self.source.keys[(*loc, key)]
                self.complain(event, f"key {quote(key)} is there twice, first in line {line}; remove one")
            if event.tag is not None or event.anchor is not None:
                self.complain(event, f"key {quote(key)}: remove the tag or anchor")
            first = key not in items
            if first:
                self.source.keys[(*loc, key)] = self.mark(event)
            value = self.build(events, next(events), (*loc, key if first else f"{key} (again)"))
            if first and key != "<<":
                items[key] = value
        return items

    def scalar(self, event: yaml.ScalarEvent) -> Any:
        text = str(event.value)
        if match := CONTROL.search(text):
            self.complain(event, f"the text has the control character U+{ord(match[0]):04X}; remove it")
            return CONTROL.sub("", text)
        if not event.implicit[0] or event.style:
            return text
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "false"):
            return text == "true"
        if BOOLEAN.fullmatch(text):
            self.complain(
                event, f"{quote(text)} is read as true or false by YAML; put text in quotes, or write true or false"
            )
        elif SEXAGESIMAL.fullmatch(text):
            self.complain(event, f"{quote(text)} is read as a number of base 60 by YAML; put it in quotes")
        elif ODD_NUMBER.fullmatch(text):
            self.complain(event, f"{quote(text)} is read as a number in some notation by YAML; put it in quotes")
        elif INTEGER.fullmatch(text):
            return int(text)
        elif FLOAT.fullmatch(text):
            return float(text)
        elif DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.complain(event, f"{quote(text)} is not a date of the calendar; write year-month-day")
        return text


class _TooDeep(Exception):
    def __init__(self, place: tuple[int, int]) -> None:
        self.place = place


def read_yaml(path: str, text: str, *, line_offset: int = 0) -> tuple[Source, list[Problem]]:
    """Parse one YAML document; `line_offset` is added to every line (for front matter).

    Mappings become dicts, sequences tuples, so that strict frozen models take them.
    """
    source = Source(path, text)
    builder = _Builder(source, line_offset)

    def fail(line: int, column: int, message: str) -> tuple[Source, list[Problem]]:
        return source, [*builder.problems, Problem(path, line + line_offset, column, message)]

    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        return fail(1, 1, f"the file is larger than {MAX_BYTES:,} bytes; split it")
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        next(events), next(events)  # stream start; document start, or stream end in an empty file
        first = next(events, None)
        if first is None:
            return fail(1, 1, "the file is empty; `playbook` expects `key: value` lines")
        source.data = builder.build(events, first, ())
        next(events)  # document end
        extra = next(events)
        if not isinstance(extra, yaml.StreamEndEvent):
            return fail(extra.start_mark.line + 1, 1, "a second YAML document ('---') starts here; one file, one document")
    except _TooDeep as deep:
        line, column = deep.place
        source.data = None
        return source, [Problem(path, line, column, f"nested deeper than {MAX_DEPTH} levels; flatten it")]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source.data = None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return fail(line, column, f"not valid YAML: {yaml_hint(text, line, str(error.problem or error.context))}")
    except yaml.reader.ReaderError as error:
        source.data = None
        before = text[: error.position] if isinstance(error.position, int) else ""
        return fail(
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
            f"the character U+{int(error.character):04X} is not allowed; remove it",
        )
    return source, builder.problems


def yaml_hint(text: str, line: int, problem: str) -> str:
    """libyaml's words, with what an author most likely has to do about it."""
    lines = text.splitlines()
    bad = lines[line - 1] if 0 < line <= len(lines) else ""
    if "mapping values are not allowed" in problem:
        return f"{problem}; put a text that contains ': ' in quotes"
    if "\t" in bad:
        return f"{problem}; indent with spaces, not tabs"
    if "found character that cannot start any token" in problem:
        return f"{problem}; put a text that starts with a special character in quotes"
    if "did not find expected key" in problem or "expected <block end>" in problem:
        return f"{problem}; check the indentation and the quotes of this line and the one before"
    if "end of stream" in problem or "unexpected end" in problem:
        return f"{problem}; a quote or bracket is not closed"
    return problem


# ------------------------------------------------------------------ validation


def validate(model: type[T], source: Source, **given: Any) -> tuple[T | None, list[Problem]]:
    """`source.data` as a `model`; `given` adds values that do not come from the file."""
    data = source.data
    if not isinstance(data, dict):
        return None, [source.problem((), f"expected `key: value` lines, not {kind_of(data)}")]
    problems = [
        source.problem((key,), f"remove '{key}': it follows from the file's place and name", key=True)
        for key in given
        if key in data
    ]
    adapter: TypeAdapter[T] = TypeAdapter(model)
    try:
        return adapter.validate_python({**data, **given}), problems
    except ValidationError as error:
        return None, problems + [explain(detail, source, model) for detail in error.errors(include_url=False)]


def explain(error: ErrorDetails, source: Source, model: Any) -> Problem:
    """A pydantic error, placed and worded by its type, for somebody who has never heard of pydantic."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    loc = error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"]
    name = f"'{loc[-1]}'" if loc and isinstance(loc[-1], str) else f"entry {int(loc[-1]) + 1}" if loc else "the file"
    at_key = kind in ("extra_forbidden", "missing") or error["loc"] != loc
    if kind == "missing":
        loc = loc[:-1]
        message = f"{name} is missing" + (f" in {describe(loc)}" if loc else "") + "; add it"
    elif kind == "extra_forbidden":
        fields = fields_at(model, loc[:-1])
        # `{qty: one, two}` makes a key of what follows the comma
        comma = value is None and str(loc[-1]) not in fields
        message = f"unknown key {name}" + (
            "; inside { }, put a text with a comma in quotes" if comma else nearest(str(loc[-1]), fields)
        )
    elif value is None:
        message = f"{name} is empty; write a value or remove the line"
    elif kind == "string_type":
        message = f"{name} must be text, not {kind_of(value)} ({quote(value)}); put it in quotes" if not isinstance(
            value, dict | tuple
        ) else f"{name} must be text, not {kind_of(value)}"
    elif kind == "string_pattern_mismatch" and context.get("pattern") == SLUG:
        message = f"{quote(value)} is not an id: use a-z, 0-9 and '-', at most 64 characters (no capitals, umlauts, spaces)"
    elif kind == "string_pattern_mismatch" and "#" in str(context.get("pattern")):
        message = f"{name} must be a colour such as \"#0b6b68\" (in quotes), not {quote(value)}"
    elif kind == "string_pattern_mismatch" and "\n" in str(value).strip():
        message = f"{name} must be a single line"
    elif kind in ("string_too_short", "string_pattern_mismatch"):
        message = f"{name} is empty; write some text"
    elif kind == "string_too_long":
        message = f"{name} has {len(str(value))} characters, at most {context['max_length']} fit; shorten it"
    elif kind in ("int_type", "int_parsing", "int_from_float"):
        message = f"{name} must be a whole number, not {kind_of(value)} ({quote(value)})"
    elif kind == "bool_type":
        message = f"{name} must be true or false, not {quote(value)}"
    elif kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        message = f"{name} must be {bound}, not {value}"
    elif kind in ("date_type", "date_from_datetime_parsing", "date_parsing"):
        message = f"{name} must be a date such as 2026-11-23 (without quotes), not {quote(value)}"
    elif kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']+)'", str(context.get("expected", "")))
        message = f"{name} must be one of {', '.join(known)}, not {quote(value)}{did_you_mean(str(value), known)}"
    elif kind in ("tuple_type", "list_type"):
        message = f"{name} must be a list (lines that start with '- '), not {kind_of(value)}"
    elif kind == "too_short":
        message = f"{name} needs at least {context['min_length']} entry"
    elif kind in ("model_type", "mapping_type", "dict_type", "model_attributes_type"):
        message = f"{name} must be `key: value` lines, not {kind_of(value)}"
    else:  # our own validators say what must be
        message = f"{name} {error['msg']}, not {quote(value)}"
    return source.problem(tuple(loc), message, key=at_key)


def kind_of(value: Any) -> str:
    """What YAML made of a value, in an author's words."""
    names = {
        dict: "`key: value` lines",
        tuple: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number with a decimal point",
        date: "a date",
        type(None): "nothing",
    }
    return names.get(type(value), type(value).__name__)


def describe(loc: tuple[str | int, ...]) -> str:
    """`('steps', 2)` as `steps, entry 3`."""
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else f"'{part}'" for part in loc)


def fields_at(model: Any, loc: tuple[str | int, ...]) -> list[str]:
    """The field names allowed at `loc` below `model`, without those the file's place gives."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        inner = [arg for arg in getattr(model, "__args__", ()) if arg is not type(None) and arg is not Ellipsis]
        return fields_at(inner[-1], loc[1:] if len(inner) > 1 or "tuple" in str(model) else loc) if inner else []
    if not loc:
        return [name for name in model.model_fields if name not in ("id", "universe")]
    info = model.model_fields.get(str(loc[0]))
    annotation = info.annotation if info else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return fields_at(annotation, loc[1:])
    return fields_at(annotation, loc[1:]) if annotation else []


# ----------------------------------------------------------------------- files


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
        whole, trouble = validate(Mapping[Slug, model], source)  # type: ignore[valid-type]
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
    return {key: value for key, value in valid.items() if re.match(SLUG, key)}


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
                    Problem(name, 1, 1, "front matter is missing: start with '---', 'title: …', 'description: …', '---'")
                )
                continue
            source, trouble = read_yaml(name, match[1], line_offset=1)
            front = None
            if not trouble:
                front, trouble = validate(FrontMatter, source)
            problems.extend(trouble)
            if front:
                body = text[match.end() :]
                yield Page(src_uri, front.title, front.description, front.order, body, source, text.count("\n", 0, match.end()))


