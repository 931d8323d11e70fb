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
from generator.model.prose import links
from generator.model.record import Record, prose_fields
from generator.problems import Problem, quote

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_VALUES = 6_000
MAX_PROBLEMS = 100  # in one file; with more it is not read to its end
Loc = tuple[str | int, ...]  # a path into a file's data, such as ("steps", 2, "role")


@dataclass
class Places:
    """Where each part of a file's data is: (line, column) from 1 of keys and values, first and last index of values."""

    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    spans: dict[Loc, tuple[int, int]] = field(default_factory=dict)


@dataclass
class Source:
    """A file's text and data. Of a valid ritual the data is not kept.

    `doubtful` holds the places of unquoted text that other tools read as something else.
    """

    path: str
    raw: bytes = b""  # UTF-8, which takes half the memory of a str
    data: Any = None
    doubtful: set[tuple[int, int]] = field(default_factory=set)
    _links: dict[Loc, list[tuple[Loc, str, list[str]]]] = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        return self.raw.decode(errors="surrogatepass")

    @cached_property
    def places(self) -> Places:
        """Found by reading the text again: few files have problems, and places are most of the work of reading."""
        places = Places()
        with suppress(yaml.YAMLError, _Stop):
            _Reader(self, places).document()
        return places

    def place(self, *loc: str | int, key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or the key) at `loc`, or of the nearest thing around it."""
        while loc:
            if key and loc in self.places.keys:
                return self.places.keys[loc]
            if loc in self.places.values:
                return self.places.values[loc]
            loc, key = loc[:-1], True
        return self.places.values.get((), (1, 1))

    def problem(self, loc: Loc, message: str, *, key: bool = False, warning: bool = False) -> Problem:
        """A problem with the value (or the key) at `loc`."""
        line, column = self.place(*loc, key=key)
        return Problem(self.path, line, column, message, "warning" if warning else "error")

    def place_of(self, loc: Loc, needle: str, *, nth: int = 0, into: int = 0) -> tuple[int, int]:
        """Place of the `nth` `needle` in the value at `loc`, `into` characters further; of the value, without one."""
        text, (start, end) = self.text, self.places.spans.get(loc, (0, 0))
        starts = [start + match.start() for match in re.finditer(re.escape(needle), text[start:end])]
        return line_column(text, starts[nth] + into) if nth < len(starts) else self.place(*loc)

    def links(self, record: Record, loc: Loc) -> list[tuple[Loc, str, list[str]]]:
        """The texts with links in the record at `loc`: place, text, targets. Kept, for `serve` asks again."""
        if loc not in self._links:
            texts = ((place, text) for place, text in prose_fields(record, loc) if "](" in text)
            self._links[loc] = [(place, text, list(links(text))) for place, text in texts]
        return self._links[loc]


def line_column(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def _place(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


# Control characters, line ends that editors do not count, and what Unicode says is no character
_NONE = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_ODD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufdd0-\ufdef{_NONE}\ud800-\udfff]")


def odd_characters(path: str, text: str) -> list[Problem]:
    """A problem for each character that no editor shows."""
    matches = islice(_ODD.finditer(text), MAX_PROBLEMS)
    return [Problem(path, *line_column(text, match.start()), _not_allowed(match)) for match in matches]


def _not_allowed(match: re.Match[str]) -> str:
    return f"the invisible character U+{ord(match[0]):04X} is not allowed; remove it"


def read_yaml(path: str, text: str) -> tuple[Source, list[Problem]]:
    """Parse one YAML document.

    Mappings become dicts, sequences tuples, so that strict frozen models take them.
    """
    source = Source(path, text.encode(errors="surrogatepass"))
    if problems := odd_characters(path, text):
        return source, problems
    reader = _Reader(source)
    try:
        source.data = reader.document()
    except yaml.MarkedYAMLError as error:
        reader.problems += syntax_problem(path, source.text, error, reader.last)
    except _Stop:
        pass
    return source, reader.problems


class _Stop(Exception):
    """Nothing more is to be read in this file."""


# A comment with no blank after the `#`, which was probably meant as text.
_TIGHT_COMMENT = re.compile(r"[ \t]+(#[^\s#!].*)")


class _Reader:
    """Turns libyaml's events into data; collects problems instead of stopping. Fills `places` if given."""

    def __init__(self, source: Source, places: Places | None = None) -> None:
        self.source, self.places, self.problems = source, places, list[Problem]()
        self.text = source.text
        self.event = yaml.CSafeLoader(self.text).get_event
        self.last: Any = None  # the event read last
        self.loc: list[str | int] = []  # of the value that is being read
        self.count = 0  # of the values so far
        self.has_tight_comments = _TIGHT_COMMENT.search(self.text) is not None

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
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        data = self.value(self.next())
        self.next()  # end of the document
        if not isinstance(extra := self.next(), yaml.StreamEndEvent):
            self.stop(extra, "a second YAML document ('---') starts here; keep one document per file")
        return data

    def value(self, event: Any) -> Any:
        """The value that begins with `event`."""
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

    def below(self, key: str | int, event: Any) -> Any:
        """The value that begins with `event`, as an entry of the one that is being read."""
        self.loc.append(key)
        value = self.value(event)
        self.loc.pop()
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
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            items.append(self.below(len(items), event))
        return tuple(items)

    def mapping(self) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self.key(event, items)
            value = self.below("?" if key is None else key, self.next())
            if key is not None:
                items[key] = value
        return items

    def key(self, event: Any, items: dict[str, Any]) -> str | None:
        """The text of a key of a mapping with `items`; None if it is among them already."""
        if type(event) is not yaml.ScalarEvent:
            self.stop(event, "a key must be a word, not a list, a mapping or an alias; put text in quotes")
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
                self.doubt(event, "is not read as text by YAML tools; put the key in quotes")
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
        if self.has_tight_comments and (comment := _TIGHT_COMMENT.match(self.text, event.end_mark.index)):
            self.complain(event, f"{quote(comment[1])} is cut off as a comment; put the text in quotes, or write '# '")
        return value
