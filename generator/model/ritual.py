"""A ritual: what happens, when, and who does what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from generator.model.record import Owner, OwnId, Record, Reviewed, ReviewEvery, about
from generator.model.text import (
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
    VisibleTo,
)


class People(Record):
    min: int = about("Wie viele Personen es mindestens braucht.", 2, ge=1)
    max: int = about("Wie viele Personen höchstens dabei sind.", 6, ge=1)


class Duration(Record):
    prep: Minutes = about("Arbeitszeit für die Vorbereitung; ein „d“ ist ein Arbeitstag.", "45 min", "3 d")
    run: Minutes = about("Wie lange das Ritual selbst dauert.", "1 h 30 min", guests=True)
    follow_up: Minutes = about("Arbeitszeit für die Nachbereitung.", "10 min")


class Effort(Record):
    host: Level = about("Mühe auf unserer Seite, von 1 (gering) bis 3 (hoch).", 2)
    guest: Level = about("Mühe für die Gäste, von 1 (gering) bis 3 (hoch).", 1)


class Material(Record):
    text: Line = about("Was gebraucht wird.", "Magnete")
    qty: Annotated[int, Field(ge=1)] | Line | None = about(
        "Wie viel davon, als Zahl oder in Worten.", 40, "je Gast eines", default=None
    )


class Step(Record):
    at: Start = about(
        "Wann der Schritt beginnt, vom Beginn des Rituals aus gezählt.", "-1d", "0min", "+30min", guests=True
    )
    minutes: int = about("Wie viele Minuten er dauert.", 15, ge=0, le=10_000)
    role: Slug = about("Wer ihn macht; eine der Rollen dieses Rituals.", "gastgeber")
    text: Prose = about("Was zu tun ist.", "Dem Gast entgegengehen.", guests="guest_text")
    say: Line | None = about(
        "Ein Satz, den man dabei sagen kann.", "Womit können wir morgen eine Freude machen?", default=None
    )
    plan_b: Prose | None = about(
        "Was man tut, wenn es anders kommt.", "Hebt niemand ab, zwei Teesorten bereithalten.", default=None
    )
    visible_to: VisibleTo = about(
        "Wer den Schritt lesen darf: nur das Team („team“) oder auch Gäste („guest“).",
        "guest",
        guests=True,
        default=Audience.TEAM,
    )
    guest_text: Line | None = about(
        "Der Schritt in Worten für Gäste, im gedruckten Programm.",
        "Persönliche Begrüßung am Eingang",
        guests=True,
        default=None,
    )


class ChecklistItem(Record):
    text: Item = about("Der Zielzustand, den man bestätigt.", "Gästeliste: zwei Stück, am Eingang", guests=True)
    id: Slug | None = about(
        "Eine Id, mit der ein Häkchen auch nach einer Umformulierung erhalten bleibt.", "gaesteliste", default=None
    )
    role: Slug | None = about("Wer sich darum kümmert; eine der Rollen dieses Rituals.", "gastgeber", default=None)
    critical: bool = about(
        "Ob der Punkt keinesfalls fehlen darf; das gilt für ein bis drei Punkte je Liste.", True, default=False
    )
    due: Start | None = about(
        "Bis wann der Punkt erledigt ist, vom Beginn des Rituals aus gezählt.", "+2d", default=None
    )
    visible_to: VisibleTo = about(
        "Wer den Punkt lesen darf: nur das Team („team“) oder auch Gäste („guest“).",
        "guest",
        guests=True,
        default=Audience.TEAM,
    )


class Checklist(Record):
    title: Title = about("Wie die Liste heißt.", "Bevor der Wagen vorfährt")
    kind: Literal["do-confirm", "read-do"] = about(
        "„do-confirm“: tun, dann bestätigen; „read-do“: lesen, dann tun.", "do-confirm"
    )
    pause: Item = about(
        "Der Moment, in dem die Liste gelesen wird und der von selbst eintritt.", "Alle stehen an der Rezeption."
    )
    at: Start = about("Wann dieser Moment ist, vom Beginn des Rituals aus gezählt.", "-30min")
    caller: Slug = about("Wer die Liste vorliest; eine Rolle auf unserer Seite.", "gastgeber")
    items: tuple[ChecklistItem, ...] = about("Die Punkte, am besten fünf bis sieben.", guests=True, min_length=1)


class Signals(Record):
    good: tuple[Line, ...] = about(
        "Woran man merkt, dass es gelingt.", ["Der Gast greift von selbst zum Gebäck."], min_length=1
    )
    warning: tuple[Line, ...] = about(
        "Woran man merkt, dass etwas nicht stimmt.", ["Der Gast behält den Mantel an."], min_length=1
    )


class Variant(Record):
    title: Title = about("Wie die Variante heißt.", "Bei Regen")
    text: Prose = about("Was dann anders ist.", "Zwei Schirme an den Eingang stellen.")


class Part(Record):
    """Another ritual that a plan takes along: when it starts, seen from this one; `clock` is the time on that day."""

    ritual: Slug = about("Die Id des Rituals, das dazugehört.", "empfang")
    at: Start = about("Wann es beginnt, vom Beginn dieses Rituals aus gezählt.", "-1d")
    clock: Clock | None = about("Die Uhrzeit an jenem Tag, in Anführungszeichen.", "14:00", default=None)


class Ritual(Record):
    id: OwnId
    universe: Slug = about("Die Id des Universums folgt aus dem Ordner.")
    title: Title = about("Wie das Ritual heißt; der Titel kommt im Handbuch nur einmal vor.", "Empfang")
    guest_title: Title | None = about(
        "Wie es Gästen gegenüber heißt, wenn das etwas anderes ist.", "Herzlich willkommen", guests=True, default=None
    )
    guest_text: Line | None = about(
        "Was Gäste dabei erwartet, in Worten für sie, auf der Seite für Gäste.",
        "Wir holen Sie an der Tür ab, der Tee ist schon aufgegossen.",
        guests=True,
        default=None,
    )
    summary: Summary = about(
        "Was geschieht und für wen, in höchstens 160 Zeichen.",
        "Ein Gast wird an der Tür abgeholt und muss nichts erfragen.",
    )
    occasion: Slug = about("Die Id des Anlasses aus universes/occasions.yml.", "ankommen")
    intention: Prose = about("Was das Ritual für die Kund:innen bedeutet.", "Der Gast merkt, dass er erwartet wird.")
    trigger: Prose = about("Wann man es einsetzt.", "Jemand kommt zum ersten Mal ins Haus.")
    avoid_when: Prose | None = about(
        "Wann man es besser bleiben lässt.", "Nicht, wenn jemand nur etwas abholt.", default=None
    )
    roles: Mapping[Slug, Line] = about(
        "Die Rollen und was jede hier tut, unter ihrer Id aus universes/roles.yml.",
        {"gastgeber": "Holt den Gast selbst ab."},
    )
    people: People = about("Wie viele Personen dabei sind.", {"min": 2, "max": 6})
    duration: Duration = about(
        "Wie lange Vorbereitung, Ritual und Nachbereitung dauern.",
        {"prep": "45 min", "run": "20 min", "follow_up": "10 min"},
        guests=True,
    )
    effort: Effort = about("Wie viel Mühe es macht, von 1 bis 3.", {"host": 2, "guest": 1})
    steps: tuple[Step, ...] = about("Die Schritte in der Reihenfolge, in der sie geschehen.", guests=True, min_length=1)
    checklists: tuple[Checklist, ...] = about(
        "Die Checklisten; ein veröffentlichtes Ritual hat mindestens eine.", guests=True, default=()
    )
    signals: Signals = about("Woran man merkt, ob es gelingt.")
    materials: tuple[Material, ...] = about("Was bereitliegen muss.", default=())
    pitfalls: tuple[Prose, ...] = about(
        "Was leicht schiefgeht, und wie man es vermeidet.",
        ["**Zu spät beginnen:** Fünf Minuten früher dort sein."],
        default=(),
    )
    variants: tuple[Variant, ...] = about("Wie es unter anderen Umständen geht.", default=())
    gates: tuple[Slug, ...] = about(
        "Ids der Prüffragen aus universes/gates.yml, die vorher zu klären sind.", ["kontaktdaten"], default=()
    )
    related: tuple[Slug, ...] = about("Ids verwandter Rituale.", ["empfang"], default=())
    parts: tuple[Part, ...] = about("Rituale, die eine Planung zusammen mit diesem vorschlägt.", default=())
    owner: Owner
    reviewed: Reviewed = Field(json_schema_extra={GUEST: True})
    review_every: ReviewEvery = 12
    status: Literal["draft", "published"] = about(
        "Ein Entwurf („draft“) wird geprüft, erscheint aber nicht im Handbuch.", "draft", default="published"
    )
