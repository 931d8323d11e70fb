"""YAML with a place for every key and value.

Read from libyaml's event stream into plain data. The reader is stricter than YAML:
whatever another tool may understand differently (aliases, tags, `no`, `12:30`) is a
problem, not a guess.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

import yaml

from generator.load.scalars import plain
from generator.load.syntax import syntax_problem
from generator.problems import Problem, quote

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 6_000
MAX_PROBLEMS = 100  # in one file; with more it is not read to its end
_DIRECTIVE = re.compile("^%", re.MULTILINE)  # libyaml compares each with all above it
Loc = tuple[str | int, ...]  # a path into a file's data, such as ("steps", 2, "role")


@dataclass
class Places:
    """Where each part of a file's data stands.

    `keys` and `values` map a path into the data, such as `("steps", 2, "role")`, to (line, column), counted from 1.
    `spans` gives a value's first and last character in the text.
    """

    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    spans: dict[Loc, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Source:
    """A file's text (as UTF-8) and data, and where each part of the data stands. A valid ritual keeps its text alone.

    `doubtful` holds the places of unquoted text that other tools read as something else.
    """

    path: str
    raw: bytes = b""  # of thousands of files, half of what the text would take
    data: Any = None
    doubtful: set[tuple[int, int]] = field(default_factory=set)
    # The texts with links in them and the links, by where their record stands in the file; found once, by `check`.
    linking: dict[Loc, list[tuple[Loc, str, list[str]]]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.raw.decode(errors="surrogatepass")

    @cached_property
    def places(self) -> Places:
        """Found by reading the text once more: few files have problems, and places are most of what reading costs."""
        places = Places()
        with suppress(yaml.YAMLError, _Stop):
            _Builder(self, places).document()
        return places

    def place(self, *loc: str | int, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or the key) at `loc`, or of the nearest thing around it."""
        while True:
            if key and loc in self.places.keys:
                return self.places.keys[loc]
            if loc in self.places.values:
                return self.places.values[loc]
            if not loc:
                return (1, 1)
            loc, key = loc[:-1], True

    def problem(self, loc: Loc, message: str, *, key: bool = False, warning: bool = False) -> Problem:
        line, column = self.place(*loc, key=key)
        return Problem(self.path, line, column, message, "warning" if warning else "error")

    def place_of(self, loc: Loc, needle: str, *, nth: int = 0, into: int = 0) -> tuple[int, int]:
        """Where `needle` stands (from its character `into`; the `nth` one) in the value at `loc`, or the value."""
        text, (start, end) = self.text, self.places.spans.get(loc, (0, 0))
        found = [start + match.start() for match in re.finditer(re.escape(needle), text[start:end])]
        return line_column(text, found[nth] + into) if nth < len(found) else self.place(*loc)


def line_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


# Control characters, line ends that editors do not count, and what Unicode says is no character
_NONE = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_ODD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef{_NONE}\ud800-\udfff]")


def odd_characters(path: str, text: str) -> list[Problem]:
    """A problem for each character that no editor shows."""
    found = islice(_ODD.finditer(text), MAX_PROBLEMS)
    return [Problem(path, *line_column(text, match.start()), _not_allowed(match)) for match in found]


def _not_allowed(match: re.Match[str]) -> str:
    return f"the invisible character U+{ord(match[0]):04X} is not allowed; remove it"


_COMMENT = re.compile(r"[ \t]+(#[^\s#!].*)")  # with no blank after the `#`, it was meant as text
_HASH = re.compile(r"#[^\s#!]")


def read_yaml(path: str, text: str) -> tuple[Source, list[Problem]]:
    """Parse one YAML document.

    Mappings become dicts, sequences tuples, so that strict frozen models take them.
    """
    source = Source(path, text.encode(errors="surrogatepass"))
    if problems := odd_characters(path, text):
        return source, problems
    if extra := next(islice(_DIRECTIVE.finditer(text), MAX_PROBLEMS, None), None):
        message = f"more than {MAX_PROBLEMS} lines start with '%' up to here; remove them"
        return Source(path), [Problem(path, *line_column(text, extra.start()), message)]  # nor is it read for places
    builder = _Builder(source)
    try:
        source.data = builder.document()
    except yaml.MarkedYAMLError as error:
        builder.problems += syntax_problem(path, source.text, error, builder.last)
    except _Stop:
        pass
    return source, builder.problems


class _Stop(Exception):
    """Nothing more is to be read in this file."""


class _Builder:
    """Turns libyaml's events into data; collects problems instead of stopping. Notes `places` if they are wanted."""

    def __init__(self, source: Source, places: Places | None = None) -> None:
        self.source, self.places, self.problems = source, places, list[Problem]()
        self.text = text = source.text
        self.event = yaml.CSafeLoader(text).get_event
        self.last: Any = None  # the event read last
        self.loc: list[str | int] = []  # of the value that is being read
        self.count = 0  # of the values so far
        self.cut = any(text[match.start() - 1] in " \t" for match in _HASH.finditer(text))

    def next(self) -> Any:
        self.last = event = self.event()
        return event

    def complain(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.source.path, *_place(event.start_mark), message))
        if len(self.problems) == MAX_PROBLEMS:
            self.stop(event, f"{MAX_PROBLEMS} problems up to here; the rest of the file was not read")

    def doubt(self, event: Any, message: str) -> None:
        self.source.doubtful.add(_place(event.start_mark))
        self.complain(event, f"{quote(event.value)} {message}")

    def stop(self, event: Any, message: str) -> None:
        self.problems.append(Problem(self.source.path, *_place(event.start_mark), message))
        raise _Stop

    def document(self) -> Any:
        self.next()  # start of the stream
        start = self.next()
        if isinstance(start, yaml.StreamEndEvent):
            return None
        if start.version or start.tags:
            self.complain(start, "remove the lines that start with '%'; directives are not allowed")
        data = self.build(self.next())
        self.next()  # end of the document
        if not isinstance(extra := self.next(), yaml.StreamEndEvent):
            self.stop(extra, "a second YAML document ('---') starts here; one file, one document")
        return data

    def below(self, key: str | int) -> Any:
        """The value that comes next, as an entry of the one that is being read."""
        self.loc.append(key)
        value = self.build(self.next())
        self.loc.pop()
        return value

    def build(self, event: Any) -> Any:
        if self.count == MAX_VALUES:
            self.stop(event, f"more than {MAX_VALUES:,} values up to here; split the file")
        self.count += 1
        if self.places:
            self.places.values[tuple(self.loc)] = _place(event.start_mark)
        kind, value = type(event), None
        if kind is yaml.AliasEvent or event.anchor is not None or event.tag is not None:
            self.refuse(event)
        if kind is yaml.ScalarEvent:
            value = self.scalar(event)
        elif kind is not yaml.AliasEvent:
            if len(self.loc) == MAX_DEPTH:
                self.stop(event, f"nested deeper than {MAX_DEPTH} levels; flatten it")
            value = self.sequence() if kind is yaml.SequenceStartEvent else self.mapping()
        if self.places:
            self.places.spans[tuple(self.loc)] = (event.start_mark.index, self.last.end_mark.index)
        return value

    def refuse(self, event: Any) -> None:
        """An alias, an anchor or a tag."""
        if isinstance(event, yaml.AliasEvent):
            what = f"'*{event.anchor}' is an alias; write the value out, or put a text that starts with '*' in quotes"
        elif event.anchor is not None:
            what = f"'&{event.anchor}' is an anchor; remove it, or put a text that starts with '&' in quotes"
        else:
            tag = quote(event.tag.replace("tag:yaml.org,2002:", "!!"))
            what = f"{tag} is a tag; remove it, or put a text that starts with '!' in quotes"
        self.complain(event, what)

    def sequence(self) -> tuple[Any, ...]:
        items: list[Any] = []
        self.loc.append(0)
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            self.loc[-1] = len(items)
            items.append(self.build(event))
        self.loc.pop()
        return tuple(items)

    def mapping(self) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self.key(event, items)
            value = self.below(f"?{event.start_mark.index}" if key is None else key)
            if key is not None:
                items[key] = value
        return items

    def key(self, event: Any, items: dict[str, Any]) -> str | None:
        """The text of a key of a mapping with `items`, or None if it is none or there already."""
        if type(event) is not yaml.ScalarEvent:
            if isinstance(event, yaml.CollectionStartEvent):
                self.complain(event, "a key must be a word, not a list or a mapping; put text in quotes")
            self.loc.append("?")
            self.build(event)
            self.loc.pop()
            return None
        if event.anchor is not None or event.tag is not None:
            self.refuse(event)
        key = str(event.value)
        if key == "<<" and not event.style:
            self.complain(event, "'<<' merges values, which is not allowed; write them out")
        elif key in items:
            line, _ = (self.places or self.source.places).keys[*self.loc, key]
            self.complain(event, f"key {quote(key)} is there twice, first in line {line}; remove one")
        else:
            if not isinstance(self.scalar(event), str):
                self.doubt(event, "is not read as text by YAML tools; put a key in quotes")
            if self.places:
                self.places.keys[*self.loc, key] = _place(event.start_mark)
            return key
        return None

    def scalar(self, event: Any) -> Any:
        text, style = event.value, event.style
        if style == '"' and (match := _ODD.search(text)):  # an escape; all else was searched before
            self.complain(event, _not_allowed(match))
        if style or not event.implicit[0]:
            return text
        value, doubt = plain(text)
        if doubt:
            self.doubt(event, doubt)
        if self.cut and (comment := _COMMENT.match(self.text, event.end_mark.index)):
            self.complain(event, f"{quote(comment[1])} is cut off as a comment; put the text in quotes, or write '# '")
        return value


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1
