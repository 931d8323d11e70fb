"""Ids that records name."""

from __future__ import annotations

from collections.abc import Iterator

from generator.check.common import draft, known_ids, mentor_paths, repeated, rituals, universes
from generator.load.source import Loc, Source
from generator.load.tree import Tree
from generator.model.ritual import Ritual
from generator.problems import Problem, did_you_mean, nearest, quote

Ids = list[tuple[Loc, str]]  # with their places


def references(tree: Tree) -> Iterator[Problem]:
    """Every id that a record names exists, is named once in a list, and means neither a draft nor the record itself."""
    kinds = ("universe", "ritual", "role", "occasion", "dimension", "gate")
    known = {kind: known_ids(tree, kind if kind in ("universe", "ritual") else f"{kind}s") for kind in kinds}
    for source, ritual, kind, named in _named(tree):
        ids = known[kind]
        for loc, name in named:
            if ids is not None and name not in ids:
                message = f"unknown {kind} {quote(name)}{nearest(name, ids)}"
                yield source.problem(loc, message, key=loc[-1] == name)
            if kind == "ritual" and (told := draft(tree, name, from_draft=bool(ritual and ritual.status == "draft"))):
                yield source.problem(loc, told)
            if kind == "ritual" and ritual and name == ritual.id:
                yield source.problem(loc, f"{quote(name)} is this ritual itself; remove it")
        yield from repeated(source, named)


def _named(tree: Tree) -> Iterator[tuple[Source, Ritual | None, str, Ids]]:
    """Every list of ids: the file, the ritual that it is of, what the ids are of, and the ids."""
    for ritual, source in rituals(tree):
        yield source, ritual, "occasion", [(("occasion",), ritual.occasion)]
        yield source, ritual, "role", [(("roles", key), key) for key in ritual.roles]
        yield source, ritual, "gate", [(("gates", i), key) for i, key in enumerate(ritual.gates)]
        yield source, ritual, "ritual", [(("related", i), key) for i, key in enumerate(ritual.related)]
        yield source, ritual, "ritual", [(("parts", i, "ritual"), part.ritual) for i, part in enumerate(ritual.parts)]
    for universe, source in universes(tree):
        yield source, None, "dimension", [(("profile", key), key) for key in universe.profile]
        yield source, None, "occasion", [(("no_ritual_for", key), key) for key in universe.no_ritual_for]
        yield source, None, "universe", [(("coming_from", key), key) for key in universe.coming_from]
    for path, source in mentor_paths(tree):
        yield source, None, "universe", [(("universe",), path.universe)] if path.universe else []
        for i, stage in enumerate(path.stages):
            for field in ("observe", "assist", "lead"):
                practices = enumerate(getattr(stage, field))
                yield source, None, "ritual", [(("stages", i, field, j, "ritual"), p.ritual) for j, p in practices]
    if chooser := tree.playbook.chooser:
        source = tree.sources["chooser"]
        yield source, None, "universe", [(("universes", key), key) for key in chooser.universes]
        for i, friction in enumerate(chooser.friction):
            between = enumerate(friction.between)
            yield source, None, "universe", [(("friction", i, "between", j), key) for j, key in between]
        for i, situation in enumerate(chooser.situations):
            for j, answer in enumerate(situation.answers):
                loc = ("situations", i, "answers", j, "weights")
                yield source, None, "universe", [((*loc, key), key) for key in answer.weights]
    for name, term in tree.playbook.glossary.terms.items() if tree.playbook.glossary else ():
        source = tree.sources["glossary"]
        yield source, None, "universe", [(("terms", name, "universes", i), key) for i, key in enumerate(term.universes)]
        yield source, None, "ritual", [(("terms", name, "see", i), key) for i, key in enumerate(term.see)]


def own_roles(tree: Tree) -> Iterator[Problem]:
    """Steps, checklists and items name roles of their ritual."""
    for ritual, source in rituals(tree):
        used: Ids = [(("steps", i, "role"), step.role) for i, step in enumerate(ritual.steps)]
        for i, checklist in enumerate(ritual.checklists):
            items = enumerate(checklist.items)
            used.append((("checklists", i, "caller"), checklist.caller))
            used += [(("checklists", i, "items", j, "role"), item.role) for j, item in items if item.role]
        for loc, role in used:
            if role not in ritual.roles:
                hint = did_you_mean(role, ritual.roles) or "; add it to the ritual's 'roles'"
                yield source.problem(loc, f"role {quote(role)} is not among this ritual's roles{hint}")
