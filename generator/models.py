"""The playbook model: what universes, rituals and vocabularies are made of.

Every class mirrors one YAML mapping. Models are strict (no silent conversion),
frozen, and refuse unknown keys. Rules that need more than one record are in
`check.py`.

Three kinds of text:

* `Slug`   an id: ASCII, kebab-case, the stem of a file or a key of a vocabulary;
* `Line`   one line of plain text; nothing in it is ever read as markup;
* `Prose`  text with the small Markdown subset of `prose.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

SLUG = r"^[a-z0-9-]{1,64}$"
WORKING_DAY = 8 * 60  # minutes

TEXT, MARKDOWN = "text", "markdown"  # mark what is translated, and what of it is prose

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\n\r]*\S[^\n\r]*$"), TEXT]
Title = Annotated[str, StringConstraints(min_length=1, max_length=48, pattern=r"^[^\n\r]*\S[^\n\r]*$"), TEXT]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=r"^[^\n\r]*\S[^\n\r]*$"), TEXT]
Item = Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=r"^[^\n\r]*\S[^\n\r]*$"), TEXT]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S"), TEXT, MARKDOWN]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class Offset(NamedTuple):
    """A moment relative to the start: whole days, then minutes.

    Days are kept apart because a day is not always 24 hours long: `-1d` is the
    same clock time on the day before, also across a change to summer time.
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
    match = re.fullmatch(r"([+-]?)(\d{1,4})(min|h|d)", value) if isinstance(value, str) else None
    if match is None or (not match[1] and int(match[2])):
        raise PydanticCustomError("offset", "must be an offset from the start such as -42d, -1h, 0min or +30min")
    number = int(match[1] + match[2])
    return Offset(number, 0) if match[3] == "d" else Offset(0, number * (60 if match[3] == "h" else 1))


def parse_minutes(value: Any) -> int:
    """Read a working time, `45 min`, `1 h 30 min`, `2,5 h`, `3 d`, as minutes; a `d` is a working day of 8 hours."""
    units = {"min": 1, "h": 60, "d": WORKING_DAY}
    pattern = r"(\d{1,4}(?:[.,]5)?) ?(min|h|d)"
    if not isinstance(value, str) or not re.fullmatch(rf"{pattern}(?: {pattern})*", value):
        raise PydanticCustomError(
            "duration", "must be a duration such as 45 min, 5 h, 1 h 30 min or 3 d (working days of 8 hours)"
        )
    return sum(int(float(n.replace(",", ".")) * units[unit]) for n, unit in re.findall(pattern, value))


def parse_months(value: Any) -> int:
    """Read `6 months` as a number of months."""
    match = re.fullmatch(r"(\d{1,2}) months?", value) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise PydanticCustomError("months", "must be a number of months such as 6 months")
    return int(match[1])


def parse_clock(value: Any) -> str:
    """Read a time of day, `14:00`."""
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return value
    raise PydanticCustomError("clock", 'must be a time of day such as "14:00", in quotes')


Clock = Annotated[str, BeforeValidator(parse_clock)]
Start = Annotated[Offset, BeforeValidator(parse_offset)]
Minutes = Annotated[int, BeforeValidator(parse_minutes)]
Months = Annotated[int, BeforeValidator(parse_months)]
Level = Annotated[int, Field(ge=1, le=3)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Audience(StrEnum):
    """Who may read a step or a checklist item."""

    TEAM = "team"
    GUEST = "guest"


class Record(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


AnyRecord = TypeVar("AnyRecord", bound=Record)


# ---------------------------------------------------------------- vocabularies


class Role(Record):
    label: Title
    side: Literal["host", "guest"]
    text: Prose


class Occasion(Record):
    label: Title
    question: Line
    text: Prose


class Scale(Record):
    """The two ends of a dimension that is plotted: `low` at 0, `high` at 100."""

    low: Title
    high: Title


class Dimension(Record):
    label: Title
    question: Line
    scale: Scale | None = None


class Gate(Record):
    """A question to be put to somebody before going on; never a legal threshold."""

    label: Title
    question: Line
    ask: Line


class Term(Record):
    term: Title
    kind: Literal["term", "place"] = "term"
    text: Prose
    synonyms: tuple[Line, ...] = ()
    universes: tuple[Slug, ...] = ()
    see: tuple[Slug, ...] = ()


class Glossary(Record):
    owner: Line
    reviewed: date
    terms: Mapping[Slug, Term] = Field(default_factory=dict)
    found_by: Mapping[str, tuple[Line, ...]] = Field(default_factory=dict)  # page or page#anchor → words for the search
    # What stands for a form with a colon where the site is to be neutral: „Kund:innen“ → „Kundinnen und Kunden“.
    neutral: Mapping[str, Annotated[str, StringConstraints(min_length=1, max_length=80)]] = Field(default_factory=dict)


# ------------------------------------------------------------------- universes


class ColourPair(Record):
    """The accent colour on light and on dark paper; contrast is checked."""

    light: Colour
    dark: Colour


class Answer(Record):
    """A universe's answer to one dimension; `position` where the dimension has a scale."""

    short: Item
    text: Prose
    position: Percent | None = None


class Universe(Record):
    id: Slug
    title: Title
    order: int = 0
    symbol: Slug
    colour: ColourPair
    claim: Item
    summary: Summary
    speaker: Line
    voice: Prose
    profile: Mapping[Slug, Answer]
    no_ritual_for: Mapping[Slug, Prose] = Field(default_factory=dict)
    shines: tuple[Prose, ...] = Field(min_length=1)
    hurts: tuple[Prose, ...] = Field(min_length=1)
    do: tuple[Prose, ...] = Field(min_length=1)
    dont: tuple[Prose, ...] = Field(min_length=1)
    coming_from: Mapping[Slug, Prose]
    owner: Line
    reviewed: date
    review_every: Months = 12


# --------------------------------------------------------------------- rituals


class People(Record):
    min: int = Field(ge=1)
    max: int = Field(ge=1)


class Duration(Record):
    prep: Minutes
    run: Minutes
    follow_up: Minutes


class Effort(Record):
    host: Level
    guest: Level


class Material(Record):
    text: Line
    qty: Annotated[int, Field(ge=1)] | Line | None = None


class Step(Record):
    at: Start
    minutes: int = Field(ge=0, le=10_000)
    role: Slug
    text: Prose
    say: Line | None = None
    plan_b: Prose | None = None
    visible_to: Audience = Field(default=Audience.TEAM, strict=False)
    guest_text: Line | None = None


class ChecklistItem(Record):
    text: Item
    id: Slug | None = None
    role: Slug | None = None
    critical: bool = False
    due: Start | None = None
    visible_to: Audience = Field(default=Audience.TEAM, strict=False)


class Checklist(Record):
    title: Title
    kind: Literal["do-confirm", "read-do"]
    pause: Item
    at: Start
    caller: Slug
    items: tuple[ChecklistItem, ...] = Field(min_length=1)


class Signals(Record):
    good: tuple[Line, ...] = Field(min_length=1)
    warning: tuple[Line, ...] = Field(min_length=1)


class Variant(Record):
    title: Title
    text: Prose


class Part(Record):
    """Another ritual that a plan takes along: when it starts, seen from this one; `clock` is the time on that day."""

    ritual: Slug
    at: Start
    clock: Clock | None = None


class Ritual(Record):
    id: Slug
    universe: Slug
    title: Title
    guest_title: Title | None = None
    summary: Summary
    occasion: Slug
    intention: Prose
    trigger: Prose
    avoid_when: Prose | None = None
    roles: Mapping[Slug, Line]
    people: People
    duration: Duration
    effort: Effort
    steps: tuple[Step, ...] = Field(min_length=1)
    checklists: tuple[Checklist, ...] = ()
    signals: Signals
    materials: tuple[Material, ...] = ()
    pitfalls: tuple[Prose, ...] = ()
    variants: tuple[Variant, ...] = ()
    gates: tuple[Slug, ...] = ()
    related: tuple[Slug, ...] = ()
    parts: tuple[Part, ...] = ()
    owner: Line
    reviewed: date
    review_every: Months = 12
    status: Literal["draft", "published"] = "published"


# ------------------------------------------------- which universe, and the way in


class Choice(Record):
    """What a team does in a situation; `because` completes „weil ihr …“, `weights` name the universes it speaks for."""

    id: Slug
    text: Item
    because: Item
    weights: Mapping[Slug, Level] = Field(min_length=1)


class Situation(Record):
    id: Slug
    text: Line
    answers: tuple[Choice, ...] = Field(min_length=2)


class Meaning(Record):
    """What a universe means for the next contact with a customer."""

    next: Prose


class Friction(Record):
    """Where people of two universes rub against each other, and what helps both."""

    between: tuple[Slug, Slug]
    text: Prose
    helps: Line


class Chooser(Record):
    owner: Line
    reviewed: date
    situations: tuple[Situation, ...] = Field(min_length=1)
    universes: Mapping[Slug, Meaning]
    friction: tuple[Friction, ...] = ()
    meeting: Prose | None = None  # how a team does it together


class Practice(Record):
    """A ritual on a mentor's path, and what the newcomer does there."""

    ritual: Slug
    task: Line


class TeachBack(Record):
    question: Line
    good: tuple[Line, ...] = Field(min_length=1)


class PlaceTask(Record):
    place: Line
    text: Prose


class Stage(Record):
    """A stage of a path; `until` is its last day, counted from the first day at work."""

    id: Slug
    title: Title
    until: Start
    aim: Line
    observe: tuple[Practice, ...] = ()
    assist: tuple[Practice, ...] = ()
    lead: tuple[Practice, ...] = ()
    prompts: tuple[Line, ...] = Field(min_length=1)
    teach_back: TeachBack
    task: PlaceTask
    ready_when: tuple[Line, ...] = Field(min_length=1)


class MentorPath(Record):
    """A newcomer's first months; without `universe` it leads through all of them."""

    id: Slug
    title: Title
    summary: Summary
    universe: Slug | None = None
    order: int = 0
    anchor: Prose
    swap: Prose
    stages: tuple[Stage, ...] = Field(min_length=1)
    owner: Line
    reviewed: date
    review_every: Months = 12


class Playbook(Record):
    """A whole handbook, checked, drafts left out. Mappings keep the order of their files."""

    roles: Mapping[Slug, Role]
    occasions: Mapping[Slug, Occasion]
    dimensions: Mapping[Slug, Dimension]
    gates: Mapping[Slug, Gate]
    glossary: Glossary | None
    universes: Mapping[Slug, Universe]
    rituals: Mapping[Slug, Ritual]
    chooser: Chooser | None
    paths: Mapping[Slug, MentorPath]


# --------------------------------------------------------------------- ticking


class Translated(str):
    """A text in another language. It knows its `source`, so that what is stored by words is found in each language."""

    source: str


def item_key(checklist: Checklist, item: ChecklistItem) -> str:
    """What a tick is stored by: the item's id, so that its words may change; without one the words."""
    return item.id or _digest(checklist.title, item.text)


def step_key(step: Step) -> str:
    """What a step's tick is stored by."""
    return _digest(str(step.at.total), step.role, step.text)


def _digest(*words: str) -> str:
    sources = (word.source if isinstance(word, Translated) else word for word in words)
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()[:8]


# --------------------------------------------------------------------- walking

# A text's path, the text, and how many characters it may have → the text in its place.
Change = Callable[[tuple[str | int, ...], str, int], str]


def map_texts(record: AnyRecord, change: Change, mark: str = TEXT, loc: tuple[str | int, ...] = ()) -> AnyRecord:
    """The record with every text of the fields that bear `mark` changed; the path is that into the YAML data."""
    new = {
        name: _mapped(getattr(record, name), hint, change, mark, (*loc, name)) for name, hint in _hints(type(record))
    }
    return record.model_copy(update=new)


def prose_fields(record: Record, loc: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Every `Prose` text of a record, with its path into the data."""
    found = []

    def note(loc: tuple[str | int, ...], text: str, most: int) -> str:
        found.append((loc, text))
        return text

    map_texts(record, note, MARKDOWN, loc)
    return found


@cache
def _hints(model: type[Record]) -> list[tuple[str, Any]]:
    return list(get_type_hints(model, include_extras=True).items())


def _mapped(value: Any, hint: Any, change: Change, mark: str, loc: tuple[str | int, ...]) -> Any:
    if isinstance(value, Record):
        return map_texts(value, change, mark, loc)
    if isinstance(value, str):
        about = next((m for arg in (hint, *get_args(hint)) if mark in (m := getattr(arg, "__metadata__", ()))), None)
        return change(loc, value, next(c.max_length for c in about if hasattr(c, "max_length"))) if about else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        inner = get_args(hint)[0]
        return tuple(_mapped(item, inner, change, mark, (*loc, index)) for index, item in enumerate(value))
    if isinstance(value, dict):
        inner = get_args(hint)[1]
        return {key: _mapped(item, inner, change, mark, (*loc, key)) for key, item in value.items()}
    return value
