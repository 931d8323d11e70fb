"""The vocabularies: roles, occasions, dimensions, gates, the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from generator.model.record import Owner, Record, Reviewed
from generator.model.text import LINE, Line, Prose, Slug, Title


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
