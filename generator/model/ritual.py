"""A ritual: what happens, when, and who does what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from generator.model.record import Owner, OwnId, Record, Reviewed, ReviewEvery
from generator.model.text import (
    FOR_GUESTS,
    GUEST,
    Audience,
    Clock,
    Item,
    Level,
    Line,
    Minutes,
    Prose,
    Slug,
    Start,
    Summary,
    Title,
)


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
