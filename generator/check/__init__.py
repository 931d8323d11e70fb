"""The rules that need more than one record, each a function that yields problems.

A rule looks only at records that are valid by themselves; an id counts as known
when its file or entry is there, so that one mistake makes one problem.
"""

from __future__ import annotations

from datetime import date

from generator.check.chooser import chooser
from generator.check.mentoring import stages
from generator.check.pages import addresses, links, titles, translations
from generator.check.references import own_roles, references
from generator.check.reviews import reviews
from generator.check.rituals import checklists, people, steps
from generator.check.universes import appearance, coming_from, occasions, profiles
from generator.load.tree import Tree
from generator.problems import Problem

RULES = (
    *(references, own_roles, profiles, occasions, coming_from, checklists, steps, people, stages, chooser),
    *(addresses, titles, translations, links),
)


def check(tree: Tree, symbols: set[str], today: date) -> list[Problem]:
    """All problems of the records together. `symbols` holds the names of the theme's symbols."""
    problems = [problem for rule in RULES for problem in rule(tree)]
    return [*problems, *appearance(tree, symbols), *reviews(tree, today)]
