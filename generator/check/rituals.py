"""Checklists, times, guests and numbers of a ritual."""

from __future__ import annotations

from collections.abc import Iterator

from generator.check.common import mentor_paths, rituals, universes
from generator.load.tree import Tree
from generator.model.text import Audience
from generator.problems import Problem, quote

ITEMS_WARN, ITEMS_FAIL = 7, 9


def checklists(tree: Tree) -> Iterator[Problem]:
    """A published ritual has a checklist; lists are short enough to be read aloud; hosts read them."""
    for ritual, source in rituals(tree):
        if not ritual.checklists and ritual.status == "published":
            message = "a published ritual needs at least one checklist; add one, or set 'status: draft'"
            yield source.problem(("checklists",), message, key=True)
        ids: set[str] = set()
        for i, checklist in enumerate(ritual.checklists):
            count = len(checklist.items)
            if count > ITEMS_WARN:
                yield source.problem(
                    ("checklists", i, "items"),
                    f"{count} items in one pause; "
                    + (
                        f"more than {ITEMS_FAIL} cannot be called: split it or keep only what is critical"
                        if count > ITEMS_FAIL
                        else f"aim for 5 to {ITEMS_WARN}, so that it is read aloud in a minute"
                    ),
                    key=True,
                    warning=count <= ITEMS_FAIL,
                )
            caller = tree.playbook.roles.get(checklist.caller)
            if caller and caller.side == "guest":
                yield source.problem(
                    ("checklists", i, "caller"), f"{quote(checklist.caller)} is a guest; a host reads the list aloud"
                )
            texts: set[str] = set()
            for j, item in enumerate(checklist.items):
                loc = ("checklists", i, "items", j)
                if item.text in texts:
                    yield source.problem((*loc, "text"), f"the item {quote(item.text)} is there twice; remove one")
                if item.id in ids:
                    yield source.problem(
                        (*loc, "id"), f"the id {quote(item.id)} is there twice in this ritual; rename one"
                    )
                texts.add(item.text)
                ids |= {item.id} if item.id else set()


def order(tree: Tree) -> Iterator[Problem]:
    """Steps stand in the order of time."""
    for ritual, source in rituals(tree):
        for i in range(1, len(ritual.steps)):
            if ritual.steps[i].at.total < ritual.steps[i - 1].at.total:
                message = "this step begins before the one above it; put the steps in order of time"
                yield source.problem(("steps", i, "at"), message)


def guests(tree: Tree) -> Iterator[Problem]:
    """Words for guests only where guests may read."""
    for ritual, source in rituals(tree):
        for i, step in enumerate(ritual.steps):
            if step.guest_text and step.visible_to is Audience.TEAM:
                message = "words for guests, but the step is for the team; add 'visible_to: guest' or remove this"
                yield source.problem(("steps", i, "guest_text"), message, key=True)


def numbers(tree: Tree) -> Iterator[Problem]:
    """Numbers and titles that contradict each other."""
    for ritual, source in rituals(tree):
        if ritual.people.min > ritual.people.max:
            yield source.problem(
                ("people", "min"), f"'min' ({ritual.people.min}) is larger than 'max' ({ritual.people.max})"
            )
    for kind in (rituals, universes, mentor_paths):
        titles: dict[str, str] = {}
        for record, source in kind(tree):
            folded = record.title.casefold()
            if folded in titles:
                taken = f"the title {quote(record.title)} is taken by {titles[folded]}"
                yield source.problem(("title",), f"{taken}; readers could not tell them apart")
            titles[folded] = source.path
