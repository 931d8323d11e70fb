"""What is to be done in a ritual, and what its ticks are stored by."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from generator.model.prose import plain
from generator.model.ritual import Checklist, ChecklistItem, Ritual, Step
from generator.model.text import Offset, Translated


def item_key(checklist: Checklist, item: ChecklistItem) -> str:
    """What a tick is stored by: the item's id, so that its words may change; without one the words."""
    return item.id or _digest(checklist.title, item.text)


def step_key(step: Step) -> str:
    """What a step's tick is stored by."""
    return _digest(str(step.at.total), step.role, step.text)


def _digest(*words: str) -> str:
    sources = (word.source if isinstance(word, Translated) else word for word in words)
    return hashlib.sha256("\n".join(sources).encode()).hexdigest()[:8]


class Task(NamedTuple):
    """Something to be done: a step, or an item of a checklist with a due date (`minutes` 0)."""

    at: Offset
    minutes: int
    role: str
    text: str
    key: str  # of its tick


def tasks(ritual: Ritual) -> list[Task]:
    """The steps and the dated items of a ritual, by time."""
    found = [Task(step.at, step.minutes, step.role, plain(step.text), step_key(step)) for step in ritual.steps]
    for checklist in ritual.checklists:
        found += [
            Task(item.due, 0, item.role or checklist.caller, item.text, item_key(checklist, item))
            for item in checklist.items
            if item.due
        ]
    return sorted(found, key=lambda task: task.at.total)
