"""The vocabularies: roles, occasions, dimensions, gates, the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import StringConstraints

from generator.model.record import Owner, Record, Reviewed, about
from generator.model.text import LINE, Line, Prose, Slug, Title


class Role(Record):
    label: Title = about("Wie die Rolle heißt.", "Gastgeber:in")
    side: Literal["host", "guest"] = about(
        "Auf welcher Seite die Rolle steht: „host“ bei uns, „guest“ bei den Kund:innen.", "host"
    )
    text: Prose = about("Was die Rolle ausmacht, in ein bis zwei Sätzen.", "Begrüßt, entscheidet und verabschiedet.")


class Occasion(Record):
    label: Title = about("Wie der Anlass heißt.", "Ankommen")
    question: Line = about("Die Frage, auf die jedes Universum bei diesem Anlass antwortet.", "Wie empfangen wir?")
    text: Prose = about(
        "Worum es bei diesem Anlass geht.", "Jemand kommt zur Tür herein, zum ersten oder zum hundertsten Mal."
    )


class Scale(Record):
    """The two ends of a dimension that is plotted: `low` at 0, `high` at 100."""

    low: Title = about("Das Ende, das bei 0 steht.", "Nähe")
    high: Title = about("Das Ende, das bei 100 steht.", "Distanz")


class Dimension(Record):
    label: Title = about("Wie die Dimension heißt.", "Beziehung")
    question: Line = about("Die Frage, die jedes Universum beantwortet.", "Wie stehen wir zueinander?")
    scale: Scale | None = about(
        "Zwei Enden, wenn die Dimension im Lagebild stehen soll.", {"low": "Nähe", "high": "Distanz"}, default=None
    )


class Gate(Record):
    """A question to be put to somebody before going on; never a legal threshold."""

    label: Title = about("Worum es geht, in wenigen Wörtern.", "Fotos und Filme")
    question: Line = about(
        "Was vorher zu klären ist, als Frage und nie als Grenzwert.", "Haben alle zugestimmt, die man erkennt?"
    )
    ask: Line = about("Die Stelle, die darauf antwortet.", "Datenschutz")


class Term(Record):
    term: Title = about("Das Wort, wie es im Glossar steht.", "Anker")
    kind: Literal["term", "place"] = about("Ein Begriff („term“) oder ein Ort („place“).", "place", default="term")
    text: Prose = about("Was das Wort hier bedeutet.", "Was einem Halt gibt, wenn alles neu ist.")
    synonyms: tuple[Line, ...] = about(
        "Andere Wörter dafür; sie stehen im Glossar und führen in der Suche hierher.",
        ["Halt", "Orientierung"],
        default=(),
    )
    universes: tuple[Slug, ...] = about("Ids der Universen, in denen das Wort zu Hause ist.", ["dialog"], default=())
    see: tuple[Slug, ...] = about("Ids von Ritualen, in denen es vorkommt.", ["empfang"], default=())


class Glossary(Record):
    owner: Owner
    reviewed: Reviewed
    terms: Mapping[Slug, Term] = about(
        "Die Einträge, jeder unter seiner Id, die zugleich die Sprungmarke auf der Seite ist.", default={}
    )
    found_by: Mapping[str, tuple[Line, ...]] = about(
        "Wörter, die in der Suche zu einer Seite führen sollen und nirgends angezeigt werden.",
        {"empfang": ["Begrüßung", "Rezeption"]},
        default={},
    )
    # What stands for a form with a colon where the site is to be neutral: „Kund:innen“ → „Kundinnen und Kunden“.
    neutral: Mapping[str, Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=LINE)]] = about(
        "Was statt einer Form mit Doppelpunkt steht, wenn die Seiten neutral formuliert sein sollen.",
        {"Kund:innen": "Kundinnen und Kunden"},
        default={},
    )
