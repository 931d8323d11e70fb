"""The playbook model: what universes, rituals and vocabularies are made of.

Every class mirrors one YAML mapping. Models are strict (no silent conversion),
frozen, and refuse unknown keys. Rules that need more than one record are in
`check.py`.

Three kinds of text:

* `Slug`   an id: ASCII, kebab-case, the stem of a file or a key of a vocabulary;
* `Line`   one line of plain text; nothing in it is ever read as markup;
* `Prose`  text with the small Markdown subset of `prose.py`.

A field's description and examples are for authors, hence in German. They are in the JSON Schema
(`schema.py`), which editors show, in the files that `playbook new` writes, and on the page „Felder“.
"""

from __future__ import annotations

import hashlib
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

WORKING_DAY = 8 * 60  # minutes

# What a text looks like; the same for us and for editors.
SLUG = r"^[a-z0-9-]{1,64}$"
# Marks of direction, joiners, soft hyphens, fillers: a text of nothing else is empty to whoever reads it.
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

TEXT, MARKDOWN = "text", "markdown"  # mark what is translated, and what of it is prose

# Marks a field that guests may read (see `audience.py`); all others are internal. It is in the JSON Schema, for the
# page „Felder“. With the name of another field: guests read this one where the other is not given.
GUEST = "x-guest"
FOR_GUESTS: dict[str, JsonValue] = {GUEST: True}

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE), TEXT]
Title = Annotated[str, StringConstraints(min_length=1, max_length=48, pattern=LINE), TEXT]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=160, pattern=LINE), TEXT]
Item = Annotated[str, StringConstraints(min_length=1, max_length=140, pattern=LINE), TEXT]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=PROSE), TEXT, MARKDOWN]
Colour = Annotated[str, StringConstraints(pattern=COLOUR)]


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
    match = re.fullmatch(OFFSET, value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("offset", "must be an offset from the start such as -42d, -1h, 0min or +30min")
    number = int(match[1])
    return Offset(number, 0) if match[2] == "d" else Offset(0, number * (60 if match[2] == "h" else 1))


def parse_minutes(value: Any) -> int:
    """Read a working time, `45 min`, `1 h 30 min`, `2,5 h`, `3 d`, as minutes; a `d` is a working day of 8 hours."""
    units = {"min": 1, "h": 60, "d": WORKING_DAY}
    if not isinstance(value, str) or not re.fullmatch(DURATION, value):
        raise PydanticCustomError(
            "duration", "must be a duration such as 45 min, 5 h, 1 h 30 min or 3 d (working days of 8 hours)"
        )
    numbers = re.findall(r"([0-9]+(?:[.,]5)?) ?(min|h|d)", value)
    return sum(int(float(n.replace(",", ".")) * units[unit]) for n, unit in numbers)


def parse_months(value: Any) -> int:
    """Read `6 months` as a number of months."""
    match = re.fullmatch(MONTHS, value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("months", "must be a number of months such as 6 months")
    return int(match[1])


def parse_clock(value: Any) -> str:
    """Read a time of day, `14:00`."""
    if isinstance(value, str) and re.fullmatch(CLOCK, value):
        return value
    raise PydanticCustomError("clock", 'must be a time of day such as "14:00", in quotes')


Clock = Annotated[str, BeforeValidator(parse_clock), WithJsonSchema({"type": "string", "pattern": CLOCK})]
Start = Annotated[Offset, BeforeValidator(parse_offset), WithJsonSchema({"type": "string", "pattern": OFFSET})]
Minutes = Annotated[int, BeforeValidator(parse_minutes), WithJsonSchema({"type": "string", "pattern": DURATION})]
Months = Annotated[int, BeforeValidator(parse_months), WithJsonSchema({"type": "string", "pattern": MONTHS})]
Level = Annotated[int, Field(ge=1, le=3)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Audience(StrEnum):
    """Who may read a step, a checklist item or a hand-written page; guests' pages are the team's as well."""

    TEAM = "team"
    GUEST = "guest"


# Fields that several records have.
Owner = Annotated[
    Line, Field(description="Die Stelle, die für den Inhalt verantwortlich ist.", examples=["Empfang und Sekretariat"])
]
Reviewed = Annotated[
    date,
    Field(
        description="Tag, an dem jemand Zuständiges alles gelesen und für richtig befunden hat.",
        examples=["2026-11-16"],
    ),
]
ReviewEvery = Annotated[
    Months,
    Field(
        description="Nach so vielen Monaten ist es wieder durchzulesen, ohne Angabe nach zwölf.", examples=["6 months"]
    ),
]
OwnId = Annotated[Slug, Field(description="Die Id folgt aus dem Namen der Datei.")]


class Record(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    @property  # type: ignore[misc]  # in the place of an attribute
    def __pydantic_fields_set__(self) -> set[str]:
        """All fields: nobody asks which of them were given, and to remember it takes a quarter of a record's memory."""
        return set(type(self).model_fields)

    @__pydantic_fields_set__.setter
    def __pydantic_fields_set__(self, given: set[str]) -> None:
        pass


AnyRecord = TypeVar("AnyRecord", bound=Record)


# ---------------------------------------------------------------- vocabularies


class Role(Record):
    label: Title = Field(description="Wie die Rolle heißt.", examples=["Gastgeber:in"])
    side: Literal["host", "guest"] = Field(
        description="Auf welcher Seite die Rolle steht: „host“ bei uns, „guest“ bei den Kund:innen.", examples=["host"]
    )
    text: Prose = Field(
        description="Was die Rolle ausmacht, in ein bis zwei Sätzen.",
        examples=["Begrüßt, entscheidet und verabschiedet."],
    )


class Occasion(Record):
    label: Title = Field(description="Wie der Anlass heißt.", examples=["Ankommen"])
    question: Line = Field(
        description="Die Frage, auf die jedes Universum bei diesem Anlass antwortet.", examples=["Wie empfangen wir?"]
    )
    text: Prose = Field(
        description="Worum es bei diesem Anlass geht.",
        examples=["Jemand kommt zur Tür herein, zum ersten oder zum hundertsten Mal."],
    )


class Scale(Record):
    """The two ends of a dimension that is plotted: `low` at 0, `high` at 100."""

    low: Title = Field(description="Das Ende, das bei 0 steht.", examples=["Nähe"])
    high: Title = Field(description="Das Ende, das bei 100 steht.", examples=["Distanz"])


class Dimension(Record):
    label: Title = Field(description="Wie die Dimension heißt.", examples=["Beziehung"])
    question: Line = Field(
        description="Die Frage, die jedes Universum beantwortet.", examples=["Wie stehen wir zueinander?"]
    )
    scale: Scale | None = Field(
        default=None,
        description="Zwei Enden, wenn die Dimension im Lagebild stehen soll.",
        examples=[{"low": "Nähe", "high": "Distanz"}],
    )


class Gate(Record):
    """A question to be put to somebody before going on; never a legal threshold."""

    label: Title = Field(description="Worum es geht, in wenigen Wörtern.", examples=["Fotos und Filme"])
    question: Line = Field(
        description="Was vorher zu klären ist, als Frage und nie als Grenzwert.",
        examples=["Haben alle zugestimmt, die man erkennt?"],
    )
    ask: Line = Field(description="Die Stelle, die darauf antwortet.", examples=["Datenschutz"])


class Term(Record):
    term: Title = Field(description="Das Wort, wie es im Glossar steht.", examples=["Anker"])
    kind: Literal["term", "place"] = Field(
        default="term", description="Ein Begriff („term“) oder ein Ort („place“).", examples=["place"]
    )
    text: Prose = Field(
        description="Was das Wort hier bedeutet.", examples=["Was einem Halt gibt, wenn alles neu ist."]
    )
    synonyms: tuple[Line, ...] = Field(
        default=(),
        description="Andere Wörter dafür; sie stehen im Glossar und führen in der Suche hierher.",
        examples=[["Halt", "Orientierung"]],
    )
    universes: tuple[Slug, ...] = Field(
        default=(), description="Ids der Universen, in denen das Wort zu Hause ist.", examples=[["dialog"]]
    )
    see: tuple[Slug, ...] = Field(
        default=(), description="Ids von Ritualen, in denen es vorkommt.", examples=[["empfang"]]
    )


class Glossary(Record):
    owner: Owner
    reviewed: Reviewed
    terms: Mapping[Slug, Term] = Field(
        default_factory=dict,
        description="Die Einträge, jeder unter seiner Id, die zugleich die Sprungmarke auf der Seite ist.",
    )
    found_by: Mapping[str, tuple[Line, ...]] = Field(
        default_factory=dict,
        description="Wörter, die in der Suche zu einer Seite führen sollen und nirgends angezeigt werden.",
        examples=[{"empfang": ["Begrüßung", "Rezeption"]}],
    )
    # What stands for a form with a colon where the site is to be neutral: „Kund:innen“ → „Kundinnen und Kunden“.
    neutral: Mapping[str, Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LINE)]] = Field(
        default_factory=dict,
        description="Was statt einer Form mit Doppelpunkt steht, wenn die Seiten neutral formuliert sein sollen.",
        examples=[{"Kund:innen": "Kundinnen und Kunden"}],
    )


# ------------------------------------------------------------------- universes


class ColourPair(Record):
    """The accent colour on light and on dark paper; contrast is checked."""

    light: Colour = Field(
        json_schema_extra=FOR_GUESTS,
        description="Die Farbe auf hellem Grund, dunkel genug zum Lesen.",
        examples=["#0b6b68"],
    )
    dark: Colour = Field(
        json_schema_extra=FOR_GUESTS,
        description="Die Farbe auf dunklem Grund, hell genug zum Lesen.",
        examples=["#5fd0c5"],
    )


class Answer(Record):
    """A universe's answer to one dimension; `position` where the dimension has a scale."""

    short: Item = Field(
        description="Die Antwort in einer Zeile.", examples=["Jede Woche ein fester Termin, dazwischen jederzeit"]
    )
    text: Prose = Field(
        description="Die Antwort ausführlich, mit einem Beispiel.",
        examples=["Der Termin findet immer zur selben Stunde statt."],
    )
    position: Percent | None = Field(
        default=None,
        description="Wo das Universum auf der Skala steht, von 0 bis 100; nur bei Dimensionen mit Skala.",
        examples=[20],
    )


class Universe(Record):
    id: OwnId
    title: Title = Field(description="Wie das Universum heißt.", examples=["Dialog auf Augenhöhe"])
    order: int = Field(
        default=0, description="Die Stelle in der Reihenfolge der Universen; kleinere Zahlen stehen vorn.", examples=[1]
    )
    symbol: Slug = Field(
        json_schema_extra=FOR_GUESTS,
        description="Das Zeichen des Universums, eine Datei in templates/theme/symbols ohne „.svg“.",
        examples=["dialog"],
    )
    colour: ColourPair = Field(
        json_schema_extra=FOR_GUESTS,
        description="Die Farbe des Universums, für helle und für dunkle Ansicht.",
        examples=[{"light": "#0b6b68", "dark": "#5fd0c5"}],
    )
    guest_title: Title | None = Field(
        json_schema_extra=FOR_GUESTS,
        default=None,
        description="Wie das Universum Gästen gegenüber heißt; ohne Angabe stehen seine Rituale für sich.",
        examples=["Mittendrin statt nur dabei"],
    )
    guest_text: Line | None = Field(
        json_schema_extra=FOR_GUESTS,
        default=None,
        description="Was Gäste in diesem Universum erwartet, in Worten für sie.",
        examples=["Du arbeitest einen Tag lang mit uns an einem Tisch."],
    )
    claim: Item = Field(
        description="Ein Satz, an dem man das Universum erkennt.",
        examples=["Wer die Kiste findet, ohne zu fragen, gehört dazu."],
    )
    summary: Summary = Field(
        description="Was das Universum ausmacht, in höchstens 160 Zeichen.",
        examples=["Kund:innen arbeiten als Fachleute mit."],
    )
    speaker: Line = Field(description="Wer in „voice“ erzählt.", examples=["Projektmitarbeiterin in der Teambase"])
    voice: Prose = Field(
        description="Eine Stimme aus dem Universum erzählt, wie es dort zugeht.",
        examples=["In meiner ersten Woche nahm mich ein Kollege in ein Gespräch mit."],
    )
    profile: Mapping[Slug, Answer] = Field(description="Die Antwort auf jede Dimension, unter deren Id.")
    no_ritual_for: Mapping[Slug, Prose] = Field(
        default_factory=dict,
        description="Anlässe, für die es mit Absicht kein Ritual gibt, und der Grund dafür.",
        examples=[{"feiern": "Gefeiert wird nebenbei, ohne Programm."}],
    )
    shines: tuple[Prose, ...] = Field(
        min_length=1,
        description="Wann diese Art zu arbeiten glänzt.",
        examples=[["Wenn noch niemand weiß, was gebraucht wird."]],
    )
    hurts: tuple[Prose, ...] = Field(
        min_length=1,
        description="Wann diese Art zu arbeiten wehtut.",
        examples=[["Wenn eine Entscheidung heute fallen muss."]],
    )
    do: tuple[Prose, ...] = Field(
        min_length=1, description="Was man hier tut.", examples=[["Zuerst fragen, dann erklären."]]
    )
    dont: tuple[Prose, ...] = Field(
        min_length=1, description="Was man hier bleiben lässt.", examples=[["Halbfertiges verstecken."]]
    )
    coming_from: Mapping[Slug, Prose] = Field(
        description="Ein Rat für alle, die aus einem anderen Universum kommen, unter dessen Id.",
        examples=[{"tradition": "Wundere dich nicht über das Du."}],
    )
    owner: Owner
    reviewed: Reviewed
    review_every: ReviewEvery = 12


# --------------------------------------------------------------------- rituals


class People(Record):
    min: int = Field(ge=1, description="Wie viele Personen es mindestens braucht.", examples=[2])
    max: int = Field(ge=1, description="Wie viele Personen höchstens dabei sind.", examples=[6])


class Duration(Record):
    prep: Minutes = Field(
        description="Arbeitszeit für die Vorbereitung; ein „d“ ist ein Arbeitstag.", examples=["45 min", "3 d"]
    )
    run: Minutes = Field(
        json_schema_extra=FOR_GUESTS, description="Wie lange das Ritual selbst dauert.", examples=["1 h 30 min"]
    )
    follow_up: Minutes = Field(description="Arbeitszeit für die Nachbereitung.", examples=["10 min"])


class Effort(Record):
    host: Level = Field(description="Mühe auf unserer Seite, von 1 (gering) bis 3 (hoch).", examples=[2])
    guest: Level = Field(description="Mühe für die Gäste, von 1 (gering) bis 3 (hoch).", examples=[1])


class Material(Record):
    text: Line = Field(description="Was gebraucht wird.", examples=["Magnete"])
    qty: Annotated[int, Field(ge=1)] | Line | None = Field(
        default=None, description="Wie viel davon, als Zahl oder in Worten.", examples=[40, "je Gast eines"]
    )


class Step(Record):
    at: Start = Field(
        json_schema_extra=FOR_GUESTS,
        description="Wann der Schritt beginnt, vom Beginn des Rituals aus gezählt.",
        examples=["-1d", "0min", "+30min"],
    )
    minutes: int = Field(ge=0, le=10_000, description="Wie viele Minuten er dauert.", examples=[15])
    role: Slug = Field(description="Wer ihn macht; eine der Rollen dieses Rituals.", examples=["gastgeber"])
    text: Prose = Field(
        json_schema_extra={GUEST: "guest_text"}, description="Was zu tun ist.", examples=["Dem Gast entgegengehen."]
    )
    say: Line | None = Field(
        default=None,
        description="Ein Satz, den man dabei sagen kann.",
        examples=["Womit können wir morgen eine Freude machen?"],
    )
    plan_b: Prose | None = Field(
        default=None,
        description="Was man tut, wenn es anders kommt.",
        examples=["Hebt niemand ab, zwei Teesorten bereithalten."],
    )
    visible_to: Audience = Field(
        json_schema_extra=FOR_GUESTS,
        default=Audience.TEAM,
        strict=False,
        description="Wer den Schritt lesen darf: nur das Team („team“) oder auch Gäste („guest“).",
        examples=["guest"],
    )
    guest_text: Line | None = Field(
        json_schema_extra=FOR_GUESTS,
        default=None,
        description="Der Schritt in Worten für Gäste, im gedruckten Programm.",
        examples=["Persönliche Begrüßung am Eingang"],
    )


class ChecklistItem(Record):
    text: Item = Field(
        json_schema_extra=FOR_GUESTS,
        description="Der Zielzustand, den man bestätigt.",
        examples=["Gästeliste: zwei Stück, am Eingang"],
    )
    id: Slug | None = Field(
        default=None,
        description="Eine Id, mit der ein Häkchen auch nach einer Umformulierung erhalten bleibt.",
        examples=["gaesteliste"],
    )
    role: Slug | None = Field(
        default=None, description="Wer sich darum kümmert; eine der Rollen dieses Rituals.", examples=["gastgeber"]
    )
    critical: bool = Field(
        default=False,
        description="Ob der Punkt keinesfalls fehlen darf; das gilt für ein bis drei Punkte je Liste.",
        examples=[True],
    )
    due: Start | None = Field(
        default=None,
        description="Bis wann der Punkt erledigt ist, vom Beginn des Rituals aus gezählt.",
        examples=["+2d"],
    )
    visible_to: Audience = Field(
        json_schema_extra=FOR_GUESTS,
        default=Audience.TEAM,
        strict=False,
        description="Wer den Punkt lesen darf: nur das Team („team“) oder auch Gäste („guest“).",
        examples=["guest"],
    )


class Checklist(Record):
    title: Title = Field(description="Wie die Liste heißt.", examples=["Bevor der Wagen vorfährt"])
    kind: Literal["do-confirm", "read-do"] = Field(
        description="„do-confirm“: tun, dann bestätigen; „read-do“: lesen, dann tun.", examples=["do-confirm"]
    )
    pause: Item = Field(
        description="Der Moment, in dem die Liste gelesen wird und der von selbst eintritt.",
        examples=["Alle stehen an der Rezeption."],
    )
    at: Start = Field(description="Wann dieser Moment ist, vom Beginn des Rituals aus gezählt.", examples=["-30min"])
    caller: Slug = Field(description="Wer die Liste vorliest; eine Rolle auf unserer Seite.", examples=["gastgeber"])
    items: tuple[ChecklistItem, ...] = Field(
        json_schema_extra=FOR_GUESTS, min_length=1, description="Die Punkte, am besten fünf bis sieben."
    )


class Signals(Record):
    good: tuple[Line, ...] = Field(
        min_length=1,
        description="Woran man merkt, dass es gelingt.",
        examples=[["Der Gast greift von selbst zum Gebäck."]],
    )
    warning: tuple[Line, ...] = Field(
        min_length=1,
        description="Woran man merkt, dass etwas nicht stimmt.",
        examples=[["Der Gast behält den Mantel an."]],
    )


class Variant(Record):
    title: Title = Field(description="Wie die Variante heißt.", examples=["Bei Regen"])
    text: Prose = Field(description="Was dann anders ist.", examples=["Zwei Schirme an den Eingang stellen."])


class Part(Record):
    """Another ritual that a plan takes along: when it starts, seen from this one; `clock` is the time on that day."""

    ritual: Slug = Field(description="Die Id des Rituals, das dazugehört.", examples=["empfang"])
    at: Start = Field(description="Wann es beginnt, vom Beginn dieses Rituals aus gezählt.", examples=["-1d"])
    clock: Clock | None = Field(
        default=None, description="Die Uhrzeit an jenem Tag, in Anführungszeichen.", examples=["14:00"]
    )


class Ritual(Record):
    id: OwnId
    universe: Slug = Field(description="Die Id des Universums folgt aus dem Ordner.")
    title: Title = Field(
        description="Wie das Ritual heißt; der Titel kommt im Handbuch nur einmal vor.", examples=["Empfang"]
    )
    guest_title: Title | None = Field(
        json_schema_extra=FOR_GUESTS,
        default=None,
        description="Wie es Gästen gegenüber heißt, wenn das etwas anderes ist.",
        examples=["Herzlich willkommen"],
    )
    guest_text: Line | None = Field(
        json_schema_extra=FOR_GUESTS,
        default=None,
        description="Was Gäste dabei erwartet, in Worten für sie, auf der Seite für Gäste.",
        examples=["Wir holen Sie an der Tür ab, der Tee ist schon aufgegossen."],
    )
    summary: Summary = Field(
        description="Was geschieht und für wen, in höchstens 160 Zeichen.",
        examples=["Ein Gast wird an der Tür abgeholt und muss nichts erfragen."],
    )
    occasion: Slug = Field(description="Die Id des Anlasses aus universes/occasions.yml.", examples=["ankommen"])
    intention: Prose = Field(
        description="Was das Ritual für die Kund:innen bedeutet.", examples=["Der Gast merkt, dass er erwartet wird."]
    )
    trigger: Prose = Field(description="Wann man es einsetzt.", examples=["Jemand kommt zum ersten Mal ins Haus."])
    avoid_when: Prose | None = Field(
        default=None, description="Wann man es besser bleiben lässt.", examples=["Nicht, wenn jemand nur etwas abholt."]
    )
    roles: Mapping[Slug, Line] = Field(
        description="Die Rollen und was jede hier tut, unter ihrer Id aus universes/roles.yml.",
        examples=[{"gastgeber": "Holt den Gast selbst ab."}],
    )
    people: People = Field(description="Wie viele Personen dabei sind.", examples=[{"min": 2, "max": 6}])
    duration: Duration = Field(
        json_schema_extra=FOR_GUESTS,
        description="Wie lange Vorbereitung, Ritual und Nachbereitung dauern.",
        examples=[{"prep": "45 min", "run": "20 min", "follow_up": "10 min"}],
    )
    effort: Effort = Field(description="Wie viel Mühe es macht, von 1 bis 3.", examples=[{"host": 2, "guest": 1}])
    steps: tuple[Step, ...] = Field(
        json_schema_extra=FOR_GUESTS, min_length=1, description="Die Schritte in der Reihenfolge, in der sie geschehen."
    )
    checklists: tuple[Checklist, ...] = Field(
        json_schema_extra=FOR_GUESTS,
        default=(),
        description="Die Checklisten; ein veröffentlichtes Ritual hat mindestens eine.",
    )
    signals: Signals = Field(description="Woran man merkt, ob es gelingt.")
    materials: tuple[Material, ...] = Field(default=(), description="Was bereitliegen muss.")
    pitfalls: tuple[Prose, ...] = Field(
        default=(),
        description="Was leicht schiefgeht, und wie man es vermeidet.",
        examples=[["**Zu spät beginnen:** Fünf Minuten früher dort sein."]],
    )
    variants: tuple[Variant, ...] = Field(default=(), description="Wie es unter anderen Umständen geht.")
    gates: tuple[Slug, ...] = Field(
        default=(),
        description="Ids der Prüffragen aus universes/gates.yml, die vorher zu klären sind.",
        examples=[["kontaktdaten"]],
    )
    related: tuple[Slug, ...] = Field(default=(), description="Ids verwandter Rituale.", examples=[["empfang"]])
    parts: tuple[Part, ...] = Field(default=(), description="Rituale, die eine Planung zusammen mit diesem vorschlägt.")
    owner: Owner
    reviewed: Reviewed = Field(json_schema_extra=FOR_GUESTS)
    review_every: ReviewEvery = 12
    status: Literal["draft", "published"] = Field(
        default="published",
        description="Ein Entwurf („draft“) wird geprüft, erscheint aber nicht im Handbuch.",
        examples=["draft"],
    )


# ------------------------------------------------- which universe, and the way in


class Choice(Record):
    """What a team does in a situation; `because` completes „weil ihr …“, `weights` name the universes it speaks for."""

    id: Slug = Field(description="Eine Id, die in dieser Situation nur einmal vorkommt.", examples=["kaffee"])
    text: Item = Field(
        description="Was ein Team in dieser Situation tut.", examples=["Wir setzen uns mit ihr in die Küche."]
    )
    because: Item = Field(description="Ergänzt den Satz „weil ihr …“.", examples=["euch für ein Anliegen Zeit nehmt"])
    weights: Mapping[Slug, Level] = Field(
        min_length=1,
        description="Für welche Universen die Antwort spricht, und wie sehr, von 1 bis 3.",
        examples=[{"dialog": 3, "purpose": 1}],
    )


class Situation(Record):
    id: Slug = Field(description="Eine Id, die unter den Situationen nur einmal vorkommt.", examples=["tuer"])
    text: Line = Field(
        description="Was geschieht, mit einer Frage am Schluss.",
        examples=["Eine Kundin steht unangemeldet im Eingang. Was tut ihr?"],
    )
    answers: tuple[Choice, ...] = Field(
        min_length=2, description="Die Antworten, mindestens zwei; am besten eine je Universum."
    )


class Meaning(Record):
    """What a universe means for the next contact with a customer."""

    next: Prose = Field(
        description="Was das Universum für den nächsten Kontakt mit Kund:innen bedeutet.",
        examples=["Ruf noch heute an und frag nach."],
    )


class Friction(Record):
    """Where people of two universes rub against each other, and what helps both."""

    between: tuple[Slug, Slug] = Field(description="Die Ids der beiden Universen.", examples=[["dialog", "tradition"]])
    text: Prose = Field(
        description="Woran sich die beiden reiben.",
        examples=["Die einen fragen, die anderen warten, bis man sie fragt."],
    )
    helps: Line = Field(description="Was beiden hilft.", examples=["Vorher ausmachen, wer das Wort hat."])


class Chooser(Record):
    owner: Owner
    reviewed: Reviewed
    situations: tuple[Situation, ...] = Field(
        min_length=1, description="Die Situationen, in denen ein Team sich wiedererkennt."
    )
    universes: Mapping[Slug, Meaning] = Field(description="Was ein Ergebnis bedeutet, unter der Id jedes Universums.")
    friction: tuple[Friction, ...] = Field(
        default=(), description="Wo Menschen aus zwei Universen aneinandergeraten, einmal für jedes Paar."
    )
    meeting: Prose | None = Field(
        default=None,
        description="Wie ein Team die Fragen gemeinsam beantwortet.",
        examples=["Alle antworten zuerst für sich, dann wird verglichen."],
    )


class Practice(Record):
    """A ritual on a mentor's path, and what the newcomer does there."""

    ritual: Slug = Field(description="Die Id des Rituals.", examples=["empfang"])
    task: Line = Field(
        description="Was die oder der Neue dabei tut.", examples=["Zähl mit, wie oft der Gast etwas fragen muss."]
    )


class TeachBack(Record):
    question: Line = Field(
        description="Was die oder der Neue in eigenen Worten erklärt.",
        examples=["Warum holt bei uns die Gastgeberin selbst ab?"],
    )
    good: tuple[Line, ...] = Field(
        min_length=1,
        description="Woran eine gute Antwort zu erkennen ist.",
        examples=[["Nennt den Gast zuerst und den Ablauf danach."]],
    )


class PlaceTask(Record):
    place: Line = Field(description="Wo die Aufgabe zu lösen ist.", examples=["An der Rezeption"])
    text: Prose = Field(
        description="Was dort zu tun ist.", examples=["Setz dich zehn Minuten hin und schau, wer wen begrüßt."]
    )


class Stage(Record):
    """A stage of a path; `until` is its last day, counted from the first day at work."""

    id: Slug = Field(description="Eine Id, die auf diesem Weg nur einmal vorkommt.", examples=["woche-1"])
    title: Title = Field(description="Wie die Etappe heißt.", examples=["Woche 1: Zusehen"])
    until: Start = Field(description="Ihr letzter Tag, vom ersten Arbeitstag aus gezählt.", examples=["+6d"])
    aim: Line = Field(
        description="Was am Ende der Etappe erreicht ist.", examples=["Die Abläufe kennen und wissen, wen man fragt."]
    )
    observe: tuple[Practice, ...] = Field(default=(), description="Rituale, bei denen die oder der Neue zusieht.")
    assist: tuple[Practice, ...] = Field(default=(), description="Rituale, bei denen die oder der Neue mithilft.")
    lead: tuple[Practice, ...] = Field(default=(), description="Rituale, die die oder der Neue leitet.")
    prompts: tuple[Line, ...] = Field(
        min_length=1, description="Fragen für das Gespräch danach.", examples=[["Was hat dich überrascht?"]]
    )
    teach_back: TeachBack = Field(description="Was die oder der Neue zurückerklärt.")
    task: PlaceTask = Field(description="Eine Aufgabe, die an einen Ort im Haus führt.")
    ready_when: tuple[Line, ...] = Field(
        min_length=1,
        description="Woran zu erkennen ist, dass die nächste Etappe beginnen kann.",
        examples=[["Findet allein zurück."]],
    )


class MentorPath(Record):
    """A newcomer's first months; without `universe` it leads through all of them."""

    id: OwnId
    title: Title = Field(description="Wie der Weg heißt.", examples=["Am Tisch"])
    summary: Summary = Field(
        description="Wohin der Weg führt, in höchstens 160 Zeichen.",
        examples=["Von der ersten Begrüßung bis zum eigenen Gespräch."],
    )
    universe: Slug | None = Field(
        default=None, description="Die Id des Universums; ohne Angabe führt der Weg durch alle.", examples=["dialog"]
    )
    order: int = Field(
        default=0, description="Die Stelle in der Reihenfolge der Wege; kleinere Zahlen stehen vorn.", examples=[1]
    )
    anchor: Prose = Field(description="Woran sich Neue halten können.", examples=["Wie hier miteinander geredet wird."])
    swap: Prose = Field(
        description="Was Mentor:innen ihrerseits von Neuen lernen.",
        examples=["Am Ende zeigt die Neue, was ihr aufgefallen ist."],
    )
    stages: tuple[Stage, ...] = Field(min_length=1, description="Die Etappen in der Reihenfolge der Zeit.")
    owner: Owner
    reviewed: Reviewed
    review_every: ReviewEvery = 12


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
    new = {}
    for name, hint in _bearing(type(record), mark):
        value = getattr(record, name)
        if (mapped := _mapped(value, hint, change, mark, (*loc, name))) is not value:
            new[name] = mapped
    return record.model_copy(update=new) if new else record


def prose_fields(record: Record, loc: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Every `Prose` text of a record, with its path into the data."""
    found = []

    def note(loc: tuple[str | int, ...], text: str, most: int) -> str:
        found.append((loc, text))
        return text

    map_texts(record, note, MARKDOWN, loc)
    return found


@cache
def _bearing(model: type[Record], mark: str) -> list[tuple[str, Any]]:
    """The fields of a model, with their types, that hold texts with `mark`."""
    return [(name, hint) for name, hint in get_type_hints(model, include_extras=True).items() if _bears(hint, mark)]


def _bears(hint: Any, mark: str) -> bool:
    if isinstance(hint, type) and issubclass(hint, Record):
        return bool(_bearing(hint, mark))
    return mark in getattr(hint, "__metadata__", ()) or any(_bears(part, mark) for part in get_args(hint))


@cache
def _room(hint: Any, mark: str) -> int:
    """How many characters fit into a text of this type; 0 if it does not bear the mark."""
    metadata = (getattr(arg, "__metadata__", ()) for arg in (hint, *get_args(hint)))
    return next((c.max_length for found in metadata if mark in found for c in found if hasattr(c, "max_length")), 0)


def _mapped(value: Any, hint: Any, change: Change, mark: str, loc: tuple[str | int, ...]) -> Any:
    if isinstance(value, Record):
        return map_texts(value, change, mark, loc)
    if isinstance(value, str):
        room = _room(hint, mark)
        return change(loc, value, room) if room else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        inner = get_args(hint)[0]
        items = tuple([_mapped(item, inner, change, mark, (*loc, index)) for index, item in enumerate(value)])
        return value if all(map(operator.is_, value, items)) else items
    if isinstance(value, dict):
        inner = get_args(hint)[1]
        new = {key: _mapped(item, inner, change, mark, (*loc, key)) for key, item in value.items()}
        return value if all(map(operator.is_, value.values(), new.values())) else new
    return value
