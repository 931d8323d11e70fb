"""The chooser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from generator.check.common import compare, known, unknown
from generator.load.tree import Tree
from generator.model.chooser import Choice, Chooser
from generator.problems import Problem, quote


def chooser(tree: Tree) -> Iterator[Problem]:
    """Every universe can be the result, has its advice, and meets every other one.

    What is missing is a warning, for a new universe must not stop the others; the page leaves out what is not there.
    """
    names, chooser = known(tree, "universe"), tree.playbook.chooser
    if chooser is None or names is None:
        return
    source = tree.sources["chooser"]
    hints, missing = compare(chooser.universes, names)
    for key, hint in hints.items():
        yield source.problem(("universes", key), f"unknown universe {quote(key)}{hint}", key=True)
    for key in missing:
        entry = f"`{key}: {{next: What does it mean for the next contact?}}`"
        message = f"'{key}' is missing in 'universes', so the page leaves it out; add it: {entry}"
        yield source.problem(("universes",), message, key=True, warning=True)
    pairs: set[frozenset[str]] = set()
    for i, friction in enumerate(chooser.friction):
        for j, key in enumerate(friction.between):
            yield from unknown(names, source, ("friction", i, "between", j), key, "universe")
        pair = frozenset(friction.between)
        if len(pair) == 1 or pair in pairs:
            yield source.problem(("friction", i, "between"), "two different universes, each pair once; remove this")
        pairs.add(pair)
    for one, other in combinations(names, 2):
        if frozenset((one, other)) not in pairs:
            entry = f"`- {{between: [{one}, {other}], text: Where do they rub?, helps: What helps both?}}`"
            message = f"the pair '{one}' and '{other}' is missing in 'friction'; add it: {entry}"
            yield source.problem(("friction",), message, key=True, warning=True)
    seen = Counter(situation.id for situation in chooser.situations)
    for i, situation in enumerate(chooser.situations):
        if seen[situation.id] > 1:
            yield source.problem(("situations", i, "id"), f"the id {quote(situation.id)} is there twice; rename one")
        answers = Counter(answer.id for answer in situation.answers)
        for j, answer in enumerate(situation.answers):
            loc = ("situations", i, "answers", j)
            if answers[answer.id] > 1:
                yield source.problem((*loc, "id"), f"the id {quote(answer.id)} is there twice; rename one")
            for key in answer.weights:
                yield from unknown(names, source, (*loc, "weights", key), key, "universe", key=True)
    for key in names:
        if not reachable(chooser, key, names):
            entry = f"`- {{id: {key}, text: What would they do?, because: why they do it, weights: {{{key}: 3}}}}`"
            message = f"'{key}' can never be the result; give it more weight in the answers, or add some: {entry}"
            yield source.problem(("situations",), message, key=True, warning=True)


def reachable(chooser: Chooser, universe: str, names: Iterable[str]) -> bool:
    """Whether a team that always answers as `universe` would, comes out with more points for it than for any other."""
    others = [name for name in names if name != universe]

    def margin(answer: Choice) -> int:
        return answer.weights.get(universe, 0) - max((answer.weights.get(name, 0) for name in others), default=0)

    answers = [max(situation.answers, key=margin) for situation in chooser.situations]
    points = Counter[str]()
    for answer in answers:
        points.update(answer.weights)
    return all(points[universe] > points[name] for name in others)
