"""Which universe are we in? Situations, answers and what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.record import Owner, Record, Reviewed, about
from generator.model.text import Item, Level, Line, Prose, Slug


class Choice(Record):
    """What a team does in a situation; `because` completes „weil ihr …“, `weights` name the universes it speaks for."""

    id: Slug = about("Eine Id, die in dieser Situation nur einmal vorkommt.", "kaffee")
    text: Item = about("Was ein Team in dieser Situation tut.", "Wir setzen uns mit ihr in die Küche.")
    because: Item = about("Ergänzt den Satz „weil ihr …“.", "euch für ein Anliegen Zeit nehmt")
    weights: Mapping[Slug, Level] = about(
        "Für welche Universen die Antwort spricht, und wie sehr, von 1 bis 3.",
        {"dialog": 3, "purpose": 1},
        min_length=1,
    )


class Situation(Record):
    id: Slug = about("Eine Id, die unter den Situationen nur einmal vorkommt.", "tuer")
    text: Line = about(
        "Was geschieht, mit einer Frage am Schluss.", "Eine Kundin steht unangemeldet im Eingang. Was tut ihr?"
    )
    answers: tuple[Choice, ...] = about("Die Antworten, mindestens zwei; am besten eine je Universum.", min_length=2)


class Meaning(Record):
    """What a universe means for the next contact with a customer."""

    next: Prose = about(
        "Was das Universum für den nächsten Kontakt mit Kund:innen bedeutet.", "Ruf noch heute an und frag nach."
    )


class Friction(Record):
    """Where people of two universes rub against each other, and what helps both."""

    between: tuple[Slug, Slug] = about("Die Ids der beiden Universen.", ["dialog", "tradition"])
    text: Prose = about("Woran sich die beiden reiben.", "Die einen fragen, die anderen warten, bis man sie fragt.")
    helps: Line = about("Was beiden hilft.", "Vorher ausmachen, wer das Wort hat.")


class Chooser(Record):
    owner: Owner
    reviewed: Reviewed
    situations: tuple[Situation, ...] = about("Die Situationen, in denen ein Team sich wiedererkennt.", min_length=1)
    universes: Mapping[Slug, Meaning] = about("Was ein Ergebnis bedeutet, unter der Id jedes Universums.")
    friction: tuple[Friction, ...] = about(
        "Wo Menschen aus zwei Universen aneinandergeraten, einmal für jedes Paar.", default=()
    )
    meeting: Prose | None = about(
        "Wie ein Team die Fragen gemeinsam beantwortet.",
        "Alle antworten zuerst für sich, dann wird verglichen.",
        default=None,
    )
