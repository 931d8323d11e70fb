"""Universes answer every dimension, occasion and neighbour, and can be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from generator.check.common import known_ids, missing, universes
from generator.load.tree import Tree
from generator.model.vocabulary import Scale
from generator.problems import Problem, nearest, quote

CONTRAST = 4.5  # WCAG 2.2 AA for text
PAPER = {"light": "#ffffff", "dark": "#16181d"}  # the backgrounds in templates/theme/assets/playbook.css


def profiles(tree: Tree) -> Iterator[Problem]:
    """Every universe answers every dimension, with a position where the dimension has a scale."""
    dimensions = known_ids(tree, "dimensions")
    if dimensions is None:
        return
    for universe, source in universes(tree):
        for key in missing(universe.profile, dimensions):
            dimension = tree.playbook.dimensions.get(key)
            position = f", with a position: {_ends(dimension.scale)}" if dimension and dimension.scale else ""
            message = f"dimension '{key}' is not answered; add it to 'profile'{position}"
            yield source.problem(("profile",), message, key=True)
        for key, answer in universe.profile.items():
            dimension = tree.playbook.dimensions.get(key)
            if dimension and dimension.scale and answer.position is None:
                message = f"'position' is missing for '{key}': {_ends(dimension.scale)}"
                yield source.problem(("profile", key), message, key=True)
            elif dimension and not dimension.scale and answer.position is not None:
                message = f"dimension '{key}' has no scale; remove 'position'"
                yield source.problem(("profile", key, "position"), message, key=True)


def _ends(scale: Scale) -> str:
    return f"0 is {quote(scale.low)}, 100 is {quote(scale.high)}"


def occasions(tree: Tree) -> Iterator[Problem]:
    """Every universe answers every occasion: by a published ritual, or by saying why not."""
    names = known_ids(tree, "occasions")
    if names is None:
        return
    published = {(r.universe, r.occasion) for r in tree.playbook.rituals.values() if r.status == "published"}
    answered: defaultdict[str, set[str]] = defaultdict(set)  # by universe
    for key in tree.ids("ritual"):
        source, ritual = tree.sources[f"ritual/{key}"], tree.playbook.rituals.get(key)
        if ritual is None or ritual.status == "published":
            data = source.data if isinstance(source.data, dict) else {}
            occasion = ritual.occasion if ritual else data.get("occasion")
            # A ritual with mistakes answers its occasion all the same; if that is the mistake, it may be any.
            answered[source.path.split("/")[1]] |= {occasion} if occasion in list(names) else set(names)
    for universe, source in universes(tree):
        for key in universe.no_ritual_for:
            if (universe.id, key) in published:
                message = f"there is a ritual for '{key}'; remove the reason why there is none"
                yield source.problem(("no_ritual_for", key), message, key=True)
        for key in missing([*universe.no_ritual_for, *answered[universe.id]], names):
            message = f"no published ritual for the occasion '{key}'; add one, or say why not in 'no_ritual_for'"
            yield source.problem(("no_ritual_for",), message, key=True)


def coming_from(tree: Tree) -> Iterator[Problem]:
    """Every universe speaks to those who come from each other one; a warning, for a new universe concerns them all."""
    for universe, source in universes(tree):
        if universe.id in universe.coming_from:
            message = f"'{universe.id}' is this universe itself; remove it"
            yield source.problem(("coming_from", universe.id), message, key=True)
        for key in missing(universe.coming_from, (key for key in tree.ids("universe") if key != universe.id)):
            if tree.sources[f"universe/{key}"].data is not None:
                entry = f"`{key}: How should a person used to {key} behave here?`"
                message = f"'{key}' is missing in 'coming_from'; add it: {entry}"
                yield source.problem(("coming_from",), message, key=True, warning=True)


def appearance(tree: Tree, symbols: set[str]) -> Iterator[Problem]:
    """A universe's symbol exists and its colour can be read on paper."""
    for universe, source in universes(tree):
        if universe.symbol not in symbols:
            hint = nearest(universe.symbol, sorted(symbols))
            yield source.problem(("symbol",), f"unknown symbol {quote(universe.symbol)}{hint}")
        for mode, paper in PAPER.items():
            colour = getattr(universe.colour, mode)
            ratio = contrast(colour, paper)
            if ratio < CONTRAST:
                contrasts = f"{colour} has a contrast of {ratio:.1f} on {mode} paper, {CONTRAST} is needed"
                wanted = "darker" if mode == "light" else "lighter"
                yield source.problem(("colour", mode), f"{contrasts}; choose a {wanted} one")


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""

    def luminance(colour: str) -> float:
        channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
