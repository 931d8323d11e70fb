"""A universe: a way of involving customers."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.record import Owner, OwnId, Record, Reviewed, ReviewEvery, about
from generator.model.text import Colour, Item, Line, Percent, Prose, Slug, Summary, Title


class ColourPair(Record):
    """The accent colour on light and on dark paper; contrast is checked."""

    light: Colour = about("Die Farbe auf hellem Grund, dunkel genug zum Lesen.", "#0b6b68", guests=True)
    dark: Colour = about("Die Farbe auf dunklem Grund, hell genug zum Lesen.", "#5fd0c5", guests=True)


class Answer(Record):
    """A universe's answer to one dimension; `position` where the dimension has a scale."""

    short: Item = about("Die Antwort in einer Zeile.", "Jede Woche ein fester Termin, dazwischen jederzeit")
    text: Prose = about(
        "Die Antwort ausführlich, mit einem Beispiel.", "Der Termin findet immer zur selben Stunde statt."
    )
    position: Percent | None = about(
        "Wo das Universum auf der Skala steht, von 0 bis 100; nur bei Dimensionen mit Skala.", 20, default=None
    )


class Universe(Record):
    id: OwnId
    title: Title = about("Wie das Universum heißt.", "Dialog auf Augenhöhe")
    order: int = about("Die Stelle in der Reihenfolge der Universen; kleinere Zahlen stehen vorn.", 1, default=0)
    symbol: Slug = about(
        "Das Zeichen des Universums, eine Datei in templates/theme/symbols ohne „.svg“.", "dialog", guests=True
    )
    colour: ColourPair = about(
        "Die Farbe des Universums, für helle und für dunkle Ansicht.",
        {"light": "#0b6b68", "dark": "#5fd0c5"},
        guests=True,
    )
    guest_title: Title | None = about(
        "Wie das Universum Gästen gegenüber heißt; ohne Angabe stehen seine Rituale für sich.",
        "Mittendrin statt nur dabei",
        guests=True,
        default=None,
    )
    guest_text: Line | None = about(
        "Was Gäste in diesem Universum erwartet, in Worten für sie.",
        "Du arbeitest einen Tag lang mit uns an einem Tisch.",
        guests=True,
        default=None,
    )
    claim: Item = about(
        "Ein Satz, an dem man das Universum erkennt.", "Wer die Kiste findet, ohne zu fragen, gehört dazu."
    )
    summary: Summary = about(
        "Was das Universum ausmacht, in höchstens 160 Zeichen.", "Kund:innen arbeiten als Fachleute mit."
    )
    speaker: Line = about("Wer in „voice“ erzählt.", "Projektmitarbeiterin in der Teambase")
    voice: Prose = about(
        "Eine Stimme aus dem Universum erzählt, wie es dort zugeht.",
        "In meiner ersten Woche nahm mich ein Kollege in ein Gespräch mit.",
    )
    profile: Mapping[Slug, Answer] = about("Die Antwort auf jede Dimension, unter deren Id.")
    no_ritual_for: Mapping[Slug, Prose] = about(
        "Anlässe, für die es mit Absicht kein Ritual gibt, und der Grund dafür.",
        {"feiern": "Gefeiert wird nebenbei, ohne Programm."},
        default={},
    )
    shines: tuple[Prose, ...] = about(
        "Wann diese Art zu arbeiten glänzt.", ["Wenn noch niemand weiß, was gebraucht wird."], min_length=1
    )
    hurts: tuple[Prose, ...] = about(
        "Wann diese Art zu arbeiten wehtut.", ["Wenn eine Entscheidung heute fallen muss."], min_length=1
    )
    do: tuple[Prose, ...] = about("Was man hier tut.", ["Zuerst fragen, dann erklären."], min_length=1)
    dont: tuple[Prose, ...] = about("Was man hier bleiben lässt.", ["Halbfertiges verstecken."], min_length=1)
    coming_from: Mapping[Slug, Prose] = about(
        "Ein Rat für alle, die aus einem anderen Universum kommen, unter dessen Id.",
        {"tradition": "Wundere dich nicht über das Du."},
    )
    owner: Owner
    reviewed: Reviewed
    review_every: ReviewEvery = 12
