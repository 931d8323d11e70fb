"""Every id that a record names is there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generator.check.common import draft, known, rituals, unknown
from generator.load.source import Loc, Source
from generator.load.tree import Tree
from generator.model.ritual import Ritual
from generator.problems import Problem, did_you_mean, quote


def references(tree: Tree) -> Iterator[Problem]:
    """Every id that a record names is there; roles of steps and checklists are among the ritual's."""
    ids = {kind: known(tree, kind) for kind in ("roles", "occasions", "gates", "universe", "ritual")}
    for ritual, source in rituals(tree):
        yield from unknown(ids["occasions"], source, ("occasion",), ritual.occasion, "occasion")
        for role in ritual.roles:
            yield from unknown(ids["roles"], source, ("roles", role), role, "role", key=True)
        for index, gate in enumerate(ritual.gates):
            yield from unknown(ids["gates"], source, ("gates", index), gate, "gate")
            if gate in ritual.gates[:index]:
                yield source.problem(("gates", index), f"{quote(gate)} is there twice; remove it")
        for index, other in enumerate(ritual.related):
            yield from another(tree, ids["ritual"], ritual, source, ("related", index), other, ritual.related[:index])
        parts = [part.ritual for part in ritual.parts]
        for index, other in enumerate(parts):
            yield from another(tree, ids["ritual"], ritual, source, ("parts", index, "ritual"), other, parts[:index])
        for loc, role in used_roles(ritual):
            if role not in ritual.roles:
                hint = did_you_mean(role, ritual.roles) or "; add it to the ritual's 'roles'"
                yield source.problem(loc, f"role {quote(role)} is not among this ritual's roles{hint}")
    if tree.playbook.glossary:
        source = tree.sources["glossary"]
        for key, term in tree.playbook.glossary.terms.items():
            for index, name in enumerate(term.universes):
                yield from unknown(ids["universe"], source, ("terms", key, "universes", index), name, "universe")
            for index, name in enumerate(term.see):
                yield from unknown(ids["ritual"], source, ("terms", key, "see", index), name, "ritual")
                if message := draft(tree, name, None):
                    yield source.problem(("terms", key, "see", index), message)


def another(
    tree: Tree,
    ids: dict[str, None] | None,
    ritual: Ritual,
    source: Source,
    loc: Loc,
    other: str,
    above: Collection[str],
) -> Iterator[Problem]:
    """A ritual that `ritual` names is there, is published, is another one, and is not in the list `above` already."""
    yield from unknown(ids, source, loc, other, "ritual")
    if message := draft(tree, other, ritual):
        yield source.problem(loc, message)
    if other == ritual.id or other in above:
        yield source.problem(loc, f"{quote(other)} is this ritual itself or there twice; remove it")


def used_roles(ritual: Ritual) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for i, step in enumerate(ritual.steps):
        yield ("steps", i, "role"), step.role
    for i, checklist in enumerate(ritual.checklists):
        yield ("checklists", i, "caller"), checklist.caller
        for j, item in enumerate(checklist.items):
            if item.role is not None:
                yield ("checklists", i, "items", j, "role"), item.role
