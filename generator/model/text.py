"""The types of single values in YAML files.

Text is one of three kinds:

* `Slug`   an id: ASCII, kebab-case, the stem of a file or a key of a vocabulary;
* `Line`   one line of plain text, never read as markup; `Title`, `Summary` and `Item` are shorter ones;
* `Prose`  text with the small Markdown subset of `prose.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any, LiteralString, NamedTuple

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

WORKING_DAY = 8 * 60  # minutes
SOURCE = "de"  # the language that everything is written in

# Patterns, used both to validate and in the JSON Schema.
SLUG = r"^[a-z0-9-]{1,64}$"

# Direction marks, joiners, soft hyphens, fillers: a text of nothing else looks empty.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\uffa0"
)
VISIBLE = rf"[^\s{_UNSEEN}]"
LINE = rf"^[^\n\r]*{VISIBLE}[^\n\r]*$"
PROSE = VISIBLE
COLOUR = r"^#[0-9a-fA-F]{6}$"
OFFSET = r"^([+-][0-9]{1,4}|0{1,4})(min|h|d)$"
DURATION = r"^[0-9]{1,4}([.,]5)? ?(min|h|d)( [0-9]{1,4}([.,]5)? ?(min|h|d))*$"
MONTHS = r"^(0?[1-9]|[1-9][0-9]) months?$"
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

# Marks in a type's metadata: a text to be translated, and one that is prose.
TEXT, MARKDOWN = "text", "markdown"

# The key in a field's JSON Schema that makes it readable for guests; see `record.about`. All other fields are internal.
GUEST = "x-guest"

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE), TEXT]
Title = Annotated[str, StringConstraints(min_length=1, max_length=48, pattern=LINE), TEXT]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=LINE), TEXT]
Item = Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=LINE), TEXT]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=PROSE), TEXT, MARKDOWN]
Colour = Annotated[str, StringConstraints(pattern=COLOUR)]


class Offset(NamedTuple):
    """A moment relative to the start: whole days, then minutes.

    Days are separate because not every day has 24 hours: `-1d` is the same time of day on the day before, also
    across a change to summer time.
    """

    days: int
    minutes: int

    @property
    def total(self) -> int:
        """Minutes from the start, a day counted as 24 hours; good for sorting."""
        return self.days * 24 * 60 + self.minutes


def parse_offset(value: Any) -> Offset:
    """Read `-42d`, `-1h`, `+30min`, `0min`."""
    if isinstance(value, Offset):
        return value
    match = _match(OFFSET, value, "offset", "must be an offset from the start such as -42d, -1h, 0min or +30min")
    number = int(match[1])
    return Offset(number, 0) if match[2] == "d" else Offset(0, number * (60 if match[2] == "h" else 1))


def parse_minutes(value: Any) -> int:
    """Read a working time, `45 min`, `1 h 30 min`, `2,5 h`, `3 d`, as minutes; a `d` is a working day of 8 hours."""
    message = "must be a duration such as 45 min, 5 h, 1 h 30 min or 3 d (working days of 8 hours)"
    text = _match(DURATION, value, "duration", message)[0]
    units = {"min": 1, "h": 60, "d": WORKING_DAY}
    numbers = re.findall(r"([0-9]+(?:[.,]5)?) ?(min|h|d)", text)
    return sum(int(float(number.replace(",", ".")) * units[unit]) for number, unit in numbers)


def parse_months(value: Any) -> int:
    """Read `6 months` as a number of months."""
    return int(_match(MONTHS, value, "months", "must be a number of months such as 6 months")[1])


def parse_clock(value: Any) -> str:
    """Read a time of day, `14:00`."""
    return _match(CLOCK, value, "clock", 'must be a time of day such as "14:00", in quotes')[0]


def _match(pattern: str, value: Any, kind: LiteralString, message: LiteralString) -> re.Match[str]:
    """The match of a whole value. Raises an error that goes on after the field's name: "'at' must be …"."""
    if isinstance(value, str) and (match := re.fullmatch(pattern, value)):
        return match
    raise PydanticCustomError(kind, message)


Clock = Annotated[str, BeforeValidator(parse_clock), WithJsonSchema({"type": "string", "pattern": CLOCK})]
Start = Annotated[Offset, BeforeValidator(parse_offset), WithJsonSchema({"type": "string", "pattern": OFFSET})]
Minutes = Annotated[int, BeforeValidator(parse_minutes), WithJsonSchema({"type": "string", "pattern": DURATION})]
Months = Annotated[int, BeforeValidator(parse_months), WithJsonSchema({"type": "string", "pattern": MONTHS})]
Level = Annotated[int, Field(ge=1, le=3)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Audience(StrEnum):
    """Who may read a step, a checklist item or a hand-written page. The team may read what guests may."""

    TEAM = "team"
    GUEST = "guest"


VisibleTo = Annotated[Audience, Field(strict=False), WithJsonSchema({"enum": [*Audience], "type": "string"})]


class Translated(str):
    """A translated text and its original, `source`: keys made from words must be the same in every language."""

    source: str


class Foreign(str):
    """A text without a translation, still in the source language; pages mark it as such for screen readers."""

    __slots__ = ()
