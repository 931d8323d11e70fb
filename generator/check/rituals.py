"""Checklists, times, guests and numbers of a ritual."""

from __future__ import annotations

from collections.abc import Iterator

from generator.check.common import repeated, rituals
from generator.load.source import Loc
from generator.load.tree import Tree
from generator.model.text import Audience
from generator.problems import Problem, quote

ITEMS_WARN, ITEMS_FAIL = 7, 9


def checklists(tree: Tree) -> Iterator[Problem]:
    """A published ritual has a checklist; lists are short enough to be read aloud, by a host; no item is repeated."""
    for ritual, source in rituals(tree):
        if not ritual.checklists and ritual.status == "published":
            message = "a published ritual needs at least one checklist; add one, or set 'status: draft'"
            yield source.problem(("checklists",), message, key=True)
        ids: list[tuple[Loc, str | None]] = []
        for i, checklist in enumerate(ritual.checklists):
            count, loc = len(checklist.items), ("checklists", i, "items")
            if count > ITEMS_WARN:
                advice = f"aim for 5 to {ITEMS_WARN}, so that it can be read aloud in a minute"
                if count > ITEMS_FAIL:
                    advice = f"more than {ITEMS_FAIL} cannot be read aloud; split the list or keep what is critical"
                message = f"{count} items in one pause; {advice}"
                yield source.problem(loc, message, key=True, warning=count <= ITEMS_FAIL)
            caller = tree.playbook.roles.get(checklist.caller)
            if caller and caller.side == "guest":
                message = f"{quote(checklist.caller)} is a guest role; name the host role that reads the list aloud"
                yield source.problem(("checklists", i, "caller"), message)
            yield from repeated(source, (((*loc, j, "text"), item.text) for j, item in enumerate(checklist.items)))
            ids += [((*loc, j, "id"), item.id) for j, item in enumerate(checklist.items)]
        yield from repeated(source, ids)


def steps(tree: Tree) -> Iterator[Problem]:
    """Steps are in the order of time, and have words for guests only where guests may read."""
    for ritual, source in rituals(tree):
        for i, step in enumerate(ritual.steps):
            if i and step.at.total < ritual.steps[i - 1].at.total:
                message = "this step begins before the one above it; put the steps in order of time"
                yield source.problem(("steps", i, "at"), message)
            if step.guest_text and step.visible_to is Audience.TEAM:
                message = "a text for guests, but the step is for the team; add 'visible_to: guest' or remove this"
                yield source.problem(("steps", i, "guest_text"), message, key=True)


def people(tree: Tree) -> Iterator[Problem]:
    """The least number of people is not above the greatest."""
    for ritual, source in rituals(tree):
        if ritual.people.min > ritual.people.max:
            message = f"'min' ({ritual.people.min}) is larger than 'max' ({ritual.people.max})"
            yield source.problem(("people", "min"), message)
