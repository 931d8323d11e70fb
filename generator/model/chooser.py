"""Which universe are we in? Situations, answers and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from generator.model.record import Owner, Record, Reviewed
from generator.model.text import Item, Level, Line, Prose, Slug


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
