"""The chooser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from generator.check.common import known_ids, missing, repeated
from generator.load.tree import Tree
from generator.model.chooser import Choice, Chooser
from generator.problems import Problem


def chooser(tree: Tree) -> Iterator[Problem]:
    """Every universe can be the result, has its advice, and meets every other one.

    What is missing is a warning, for a new universe must not stop the others; the page leaves out what is not there.
    """
    names, chooser = known_ids(tree, "universe"), tree.playbook.chooser
    if chooser is None or names is None:
        return
    source = tree.sources["chooser"]
    for key in missing(chooser.universes, names):
        entry = f"`{key}: {{next: What does it mean for the next contact?}}`"
        message = f"'{key}' is missing in 'universes', so the page leaves it out; add it: {entry}"
        yield source.problem(("universes",), message, key=True, warning=True)
    pairs: set[frozenset[str]] = set()
    for i, friction in enumerate(chooser.friction):
        pair = frozenset(friction.between)
        if pair in pairs:
            yield source.problem(("friction", i, "between"), "this pair appears twice; remove one")
        pairs.add(pair)
    for one, other in combinations(names, 2):
        if frozenset((one, other)) not in pairs:
            entry = f"`- {{between: [{one}, {other}], text: Where do they rub?, helps: What helps both?}}`"
            message = f"the pair '{one}' and '{other}' is missing in 'friction'; add it: {entry}"
            yield source.problem(("friction",), message, key=True, warning=True)
    yield from repeated(source, ((("situations", i, "id"), s.id) for i, s in enumerate(chooser.situations)))
    for i, situation in enumerate(chooser.situations):
        answers = enumerate(situation.answers)
        yield from repeated(source, ((("situations", i, "answers", j, "id"), answer.id) for j, answer in answers))
    for key in names:
        if not reachable(chooser, key, names):
            entry = f"`- {{id: {key}, text: What would they do?, because: why they do it, weights: {{{key}: 3}}}}`"
            message = f"'{key}' can never be the result; give it more weight in the answers, or add some: {entry}"
            yield source.problem(("situations",), message, key=True, warning=True)


def reachable(chooser: Chooser, universe: str, names: Iterable[str]) -> bool:
    """Whether a team that always answers as `universe` would ends with more points for it than for any other."""
    others = [name for name in names if name != universe]

    def margin(answer: Choice) -> int:
        return answer.weights.get(universe, 0) - max((answer.weights.get(name, 0) for name in others), default=0)

    points = Counter[str]()
    for situation in chooser.situations:
        points.update(max(situation.answers, key=margin).weights)
    return all(points[universe] > points[name] for name in others)
