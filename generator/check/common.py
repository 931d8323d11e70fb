"""What the rules share: iterators over records, known ids, hints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.load.source import Loc, Source
from generator.load.tree import Tree
from generator.model.mentoring import MentorPath
from generator.model.ritual import Ritual
from generator.model.universe import Universe
from generator.problems import Problem, closest, did_you_mean, nearest, quote


def published(tree: Tree) -> list[Ritual]:
    return [ritual for ritual in tree.playbook.rituals.values() if ritual.status == "published"]


def rituals(tree: Tree) -> Iterator[tuple[Ritual, Source]]:
    for key, ritual in tree.playbook.rituals.items():
        yield ritual, tree.sources[f"ritual/{key}"]


def universes(tree: Tree) -> Iterator[tuple[Universe, Source]]:
    for key, universe in tree.playbook.universes.items():
        yield universe, tree.sources[f"universe/{key}"]


def mentor_paths(tree: Tree) -> Iterator[tuple[MentorPath, Source]]:
    for key, path in tree.playbook.paths.items():
        yield path, tree.sources[f"path/{key}"]


def known(tree: Tree, kind: str) -> dict[str, None] | None:
    """The ids of a kind, in their order; None where nothing can be said, because they could not be read."""
    unread = kind in tree.sources and not isinstance(tree.sources[kind].data, dict)
    return None if unread or not tree.ids("universe") else dict.fromkeys(tree.ids(kind))


def unknown(
    ids: dict[str, None] | None, source: Source, loc: Loc, value: str, what: str, *, key: bool = False
) -> Iterator[Problem]:
    """A problem if `value` is not among the `ids`, as far as they are known."""
    if ids is not None and value not in ids:
        yield source.problem(loc, f"unknown {what} {quote(value)}{nearest(value, ids)}", key=key)


def compare(given: Iterable[str], wanted: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The unknown among the given ids, each with a hint; and the missing ones, but none that is only misspelt."""
    given, wanted = list(given), list(wanted)
    unknown = {key: closest(key, wanted) for key in given if key not in wanted}
    hints = {key: did_you_mean(key, wanted) or "; remove it" for key in unknown}
    return hints, [key for key in wanted if key not in given and key not in unknown.values()]


def draft(tree: Tree, key: str, user: Ritual | None) -> str | None:
    """Something published must not lead to a draft; `user` is the ritual that does, if it is one."""
    ritual = tree.playbook.rituals.get(key.rpartition("/")[2])
    if ritual is None or key not in (ritual.id, f"{ritual.universe}/{ritual.id}"):
        return None
    if ritual.status == "published" or (user and user.status == "draft"):
        return None
    return f"{quote(key)} is a draft and will not be in the handbook; publish it or remove this"
