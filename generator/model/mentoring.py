"""A mentor's path through a newcomer's first months."""

from __future__ import annotations

from generator.model.record import Owner, OwnId, Record, Reviewed, ReviewEvery, about
from generator.model.text import Line, Prose, Slug, Start, Summary, Title


class Practice(Record):
    """A ritual on a mentor's path, and what the newcomer does there."""

    ritual: Slug = about("Die Id des Rituals.", "empfang")
    task: Line = about("Was die oder der Neue dabei tut.", "Zähl mit, wie oft der Gast etwas fragen muss.")


class TeachBack(Record):
    question: Line = about(
        "Was die oder der Neue in eigenen Worten erklärt.", "Warum holt bei uns die Gastgeberin selbst ab?"
    )
    good: tuple[Line, ...] = about(
        "Woran eine gute Antwort zu erkennen ist.", ["Nennt den Gast zuerst und den Ablauf danach."], min_length=1
    )


class PlaceTask(Record):
    place: Line = about("Wo die Aufgabe zu lösen ist.", "An der Rezeption")
    text: Prose = about("Was dort zu tun ist.", "Setz dich zehn Minuten hin und schau, wer wen begrüßt.")


class Stage(Record):
    """A stage of a path; `until` is its last day, counted from the first day at work."""

    id: Slug = about("Eine Id, die auf diesem Weg nur einmal vorkommt.", "woche-1")
    title: Title = about("Wie die Etappe heißt.", "Woche 1: Zusehen")
    until: Start = about("Ihr letzter Tag, vom ersten Arbeitstag aus gezählt.", "+6d")
    aim: Line = about("Was am Ende der Etappe erreicht ist.", "Die Abläufe kennen und wissen, wen man fragt.")
    observe: tuple[Practice, ...] = about("Rituale, bei denen die oder der Neue zusieht.", default=())
    assist: tuple[Practice, ...] = about("Rituale, bei denen die oder der Neue mithilft.", default=())
    lead: tuple[Practice, ...] = about("Rituale, die die oder der Neue leitet.", default=())
    prompts: tuple[Line, ...] = about("Fragen für das Gespräch danach.", ["Was hat dich überrascht?"], min_length=1)
    teach_back: TeachBack = about("Was die oder der Neue zurückerklärt.")
    task: PlaceTask = about("Eine Aufgabe, die an einen Ort im Haus führt.")
    ready_when: tuple[Line, ...] = about(
        "Woran zu erkennen ist, dass die nächste Etappe beginnen kann.", ["Findet allein zurück."], min_length=1
    )


class MentorPath(Record):
    """A newcomer's first months; without `universe` it leads through all of them."""

    id: OwnId
    title: Title = about("Wie der Weg heißt.", "Am Tisch")
    summary: Summary = about(
        "Wohin der Weg führt, in höchstens 160 Zeichen.", "Von der ersten Begrüßung bis zum eigenen Gespräch."
    )
    universe: Slug | None = about(
        "Die Id des Universums; ohne Angabe führt der Weg durch alle.", "dialog", default=None
    )
    order: int = about("Die Stelle in der Reihenfolge der Wege; kleinere Zahlen stehen vorn.", 1, default=0)
    anchor: Prose = about("Woran sich Neue halten können.", "Wie hier miteinander geredet wird.")
    swap: Prose = about(
        "Was Mentor:innen ihrerseits von Neuen lernen.", "Am Ende zeigt die Neue, was ihr aufgefallen ist."
    )
    stages: tuple[Stage, ...] = about("Die Etappen in der Reihenfolge der Zeit.", min_length=1)
    owner: Owner
    reviewed: Reviewed
    review_every: ReviewEvery = 12
