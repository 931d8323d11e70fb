"""YAML with a place for every key and value.

Read from libyaml's event stream into plain data. The reader is stricter than YAML:
whatever another tool may understand differently (aliases, tags, `no`, `12:30`) is a
problem, not a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from generator.problems import Problem, quote

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Loc = tuple[str | int, ...]  # a path into a file's data, such as ("steps", 2, "role")


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

    def complain(self, event: Any, message: str) -> None:
        line, column = self.mark(event)
        self.problems.append(Problem(self.source.path, line, column, message))

    def mark(self, event: Any) -> tuple[int, int]:
        return event.start_mark.line + 1 + self.line_offset, event.start_mark.column + 1

    def build(self, events: Iterator[Any], event: Any, loc: Loc) -> Any:
        if len(loc) > MAX_DEPTH:
            raise _TooDeep(self.mark(event))
        if isinstance(event, yaml.AliasEvent):
            self.complain(event, f"alias '*{event.anchor}': write the value out; aliases are not allowed")
            return None
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

    def sequence(self, events: Iterator[Any], loc: Loc) -> tuple[Any, ...]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self.build(events, event, (*loc, len(items))))
        return tuple(items)

    def mapping(self, events: Iterator[Any], loc: Loc) -> dict[str, Any]:
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

    def scalar(self, event: Any) -> Any:
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
        events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        next(events), next(events)  # stream start; document start, or stream end in an empty file
        first = next(events, None)
        if first is None:
            return fail(1, 1, "the file is empty; `playbook` expects `key: value` lines")
        source.data = builder.build(events, first, ())
        next(events)  # document end
        extra = next(events)
        if not isinstance(extra, yaml.StreamEndEvent):
            return fail(
                extra.start_mark.line + 1, 1, "a second YAML document ('---') starts here; one file, one document"
            )
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
