"""Mentors' paths."""

from __future__ import annotations

from collections.abc import Iterator

from generator.check.common import mentor_paths, repeated
from generator.load.tree import Tree
from generator.problems import Problem


def stages(tree: Tree) -> Iterator[Problem]:
    """Every stage of a mentor's path has rituals, and ends after the one before."""
    for path, source in mentor_paths(tree):
        yield from repeated(source, ((("stages", i, "id"), stage.id) for i, stage in enumerate(path.stages)))
        end = -1
        for i, stage in enumerate(path.stages):
            if not (stage.observe or stage.assist or stage.lead):
                message = "this stage has no ritual; name one in 'observe', 'assist' or 'lead'"
                yield source.problem(("stages", i), message)
            if stage.until.total <= end:
                message = "this stage ends before it begins; 'until' is its last day, such as +6d, counted from day one"
                yield source.problem(("stages", i, "until"), message)
            end = max(end, stage.until.total)
