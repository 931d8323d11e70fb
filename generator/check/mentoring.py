"""Mentors' paths."""

from __future__ import annotations

from collections.abc import Iterator

from generator.check.common import draft, known, mentor_paths, unknown
from generator.load.tree import Tree
from generator.problems import Problem, quote


def paths(tree: Tree) -> Iterator[Problem]:
    """A mentor's path leads through rituals that are there, stage after stage."""
    ids = {kind: known(tree, kind) for kind in ("universe", "ritual")}
    for path, source in mentor_paths(tree):
        if path.universe:
            yield from unknown(ids["universe"], source, ("universe",), path.universe, "universe")
        for i, stage in enumerate(path.stages):
            for field in ("observe", "assist", "lead"):
                practices = getattr(stage, field)
                for j, practice in enumerate(practices):
                    loc = ("stages", i, field, j, "ritual")
                    if any(practice.ritual == other.ritual for other in practices[:j]):
                        yield source.problem(loc, f"{quote(practice.ritual)} is there twice; join the two tasks")
                    yield from unknown(ids["ritual"], source, loc, practice.ritual, "ritual")
                    if message := draft(tree, practice.ritual, None):
                        yield source.problem(loc, message)
            if not (stage.observe or stage.assist or stage.lead):
                message = "a stage without a ritual; name one in 'observe', 'assist' or 'lead'"
                yield source.problem(("stages", i), message)
            before = path.stages[:i]
            if any(stage.id == other.id for other in before):
                yield source.problem(("stages", i, "id"), f"the id {quote(stage.id)} is there twice; rename one")
            if stage.until.total <= max((other.until.total for other in before), default=-1):
                message = "this stage ends before it begins; 'until' is its last day, such as +6d, counted from day one"
                yield source.problem(("stages", i, "until"), message)
