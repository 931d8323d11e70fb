"""A mentor's path through a newcomer's first months."""

from __future__ import annotations

from pydantic import Field

from generator.model.record import Owner, OwnId, Record, Reviewed, ReviewEvery
from generator.model.text import Line, Prose, Slug, Start, Summary, Title


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
