"""A universe: a way of involving customers."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from generator.model.record import Owner, OwnId, Record, Reviewed, ReviewEvery
from generator.model.text import FOR_GUESTS, Colour, Item, Line, Percent, Prose, Slug, Summary, Title


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
