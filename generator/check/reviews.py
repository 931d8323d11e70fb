"""Reviews that are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from generator.check.common import mentor_paths, rituals, universes
from generator.load.source import Source
from generator.load.tree import Tree
from generator.problems import Problem


def reviews(tree: Tree, today: date) -> Iterator[Problem]:
    """A review that is due warns; one in the future is a slip."""
    dated: list[tuple[Source, date, int | None]] = [(s, r.reviewed, r.review_every) for r, s in rituals(tree)]
    dated += [(s, u.reviewed, u.review_every) for u, s in universes(tree)]
    dated += [(s, p.reviewed, p.review_every) for p, s in mentor_paths(tree)]
    for name in ("glossary", "chooser"):
        if record := getattr(tree.playbook, name):
            dated.append((tree.sources[name], record.reviewed, None))
    for source, reviewed, months in dated:
        if reviewed > today:
            yield source.problem(("reviewed",), f"{reviewed} is in the future; write the date of the last review")
        elif reviewed.year < 1970:  # files could not be dated so
            yield source.problem(("reviewed",), f"{reviewed} is too long ago; write the date of the last review")
        elif months:
            year, month = divmod(reviewed.year * 12 + reviewed.month - 1 + months, 12)
            if (year, month + 1, reviewed.day) < (today.year, today.month, today.day):
                message = f"last reviewed {reviewed}, due every {months} months; read it again and set the date"
                yield source.problem(("reviewed",), message, warning=True)
