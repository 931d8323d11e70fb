"""Step 2, check: the rules that need more than one record, each a function that yields problems.

A rule looks only at records that are valid by themselves; an id counts as known
when its file or entry is there, so that one mistake makes one problem.
"""

from __future__ import annotations

from datetime import date

from generator.check.chooser import chooser
from generator.check.mentoring import paths
from generator.check.pages import pages, targets
from generator.check.references import references
from generator.check.reviews import reviews
from generator.check.rituals import checklists, guests, numbers, order
from generator.check.universes import looks, neighbours, occasions, profiles
from generator.load.tree import Tree
from generator.problems import Problem


def check(tree: Tree, symbols: set[str], today: date) -> list[Problem]:
    """All problems of the records together. `symbols` holds the names of the theme's symbols."""
    found: list[Problem] = []
    for rule in (references, profiles, occasions, neighbours, checklists, order, guests, numbers, paths, chooser):
        found.extend(rule(tree))
    found.extend(pages(tree))
    found.extend(targets(tree))
    found.extend(looks(tree, symbols))
    found.extend(reviews(tree, today))
    return found
