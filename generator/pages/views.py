"""A ritual and a playbook as templates want to see them."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Any

from generator.model.ritual import Ritual
from generator.model.text import WORKING_DAY, Offset
from generator.model.universe import Universe


def phases(ritual: Ritual) -> list[tuple[str, list[Any]]]:
    """The steps as (`before` | `during` | `after`, steps), empty phases left out."""

    def phase(at: Offset) -> str:
        return "before" if at.total < 0 else "during" if at.total <= ritual.duration.run and not at.days else "after"

    grouped = {name: [s for s in ritual.steps if phase(s.at) == name] for name in ("before", "during", "after")}
    return [(name, steps) for name, steps in grouped.items() if steps]


def earliest(ritual: Ritual) -> Offset:
    """When a ritual first asks for something: a step, a checklist or a dated item; the start, if all of it is later."""
    items = [item.due for checklist in ritual.checklists for item in checklist.items if item.due]
    moments = [step.at for step in ritual.steps] + [checklist.at for checklist in ritual.checklists] + items
    return min([Offset(0, 0), *moments], key=lambda at: at.total)


def lead_days(at: Offset) -> int:
    """Days before the date that `at` needs; hours count as the same day as long as they are a working day's."""
    return -at.days if at.days else ceil(-at.minutes / (24 * 60)) if -at.minutes > WORKING_DAY else 0


def lanes(universes: Iterable[Universe], dimension: str) -> list[tuple[Universe, int, int]]:
    """(universe, position, lane) for the plot: marks closer than 9 of 100 go to lanes below each other."""
    placed: list[tuple[Universe, int, int]] = []
    for universe in sorted(universes, key=lambda u: u.profile[dimension].position or 0):
        position = universe.profile[dimension].position or 0
        taken = {lane for _, other, lane in placed if position - other < 9}
        placed.append((universe, position, min(set(range(len(taken) + 1)) - taken)))
    return placed
