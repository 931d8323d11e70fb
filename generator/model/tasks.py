"""What there is to do in a ritual, and the keys that ticks are stored under."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from generator.model.prose import plain
from generator.model.ritual import Checklist, ChecklistItem, Ritual, Step
from generator.model.text import Offset, Translated


class Task(NamedTuple):
    """Something to do at a time: a step, or an item of a checklist with a due date (`minutes` 0)."""

    at: Offset
    minutes: int
    role: str
    text: str
    key: str  # of its tick


def tasks(ritual: Ritual) -> list[Task]:
    """The steps of a ritual and its items with a due date, in order of time."""
    steps = [Task(step.at, step.minutes, step.role, plain(step.text), step_key(step)) for step in ritual.steps]
    items = [
        Task(item.due, 0, item.role or checklist.caller, item.text, item_key(checklist, item))
        for checklist in ritual.checklists
        for item in checklist.items
        if item.due
    ]
    return sorted(steps + items, key=lambda task: task.at.total)


def item_key(checklist: Checklist, item: ChecklistItem) -> str:
    """The key of an item's tick: its id, so that its words may change, or else a hash of its words."""
    return item.id or _hash(checklist.title, item.text)


def step_key(step: Step) -> str:
    """The key of a step's tick."""
    return _hash(str(step.at.total), step.role, step.text)


def _hash(*words: str) -> str:
    originals = (word.source if isinstance(word, Translated) else word for word in words)
    return hashlib.sha256("\n".join(originals).encode()).hexdigest()[:8]
