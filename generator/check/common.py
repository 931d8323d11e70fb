"""What the rules share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.load.source import Loc, Source
from generator.load.tree import Tree
from generator.model.mentoring import MentorPath
from generator.model.ritual import Ritual
from generator.model.universe import Universe
from generator.problems import Problem, closest, quote


def rituals(tree: Tree) -> Iterator[tuple[Ritual, Source]]:
    return ((ritual, tree.sources[f"ritual/{key}"]) for key, ritual in tree.playbook.rituals.items())


def universes(tree: Tree) -> Iterator[tuple[Universe, Source]]:
    return ((universe, tree.sources[f"universe/{key}"]) for key, universe in tree.playbook.universes.items())


def mentor_paths(tree: Tree) -> Iterator[tuple[MentorPath, Source]]:
    return ((path, tree.sources[f"path/{key}"]) for key, path in tree.playbook.paths.items())


def known_ids(tree: Tree, kind: str) -> dict[str, None] | None:
    """The ids of a kind, in their order; None if they could not be read, so that nothing can be said about any."""
    unread = kind in tree.sources and not isinstance(tree.sources[kind].data, dict)
    return None if unread or not tree.ids("universe") else dict.fromkeys(tree.ids(kind))


def missing(given: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """The wanted ids that are not given, except for those that are only misspelt."""
    given, wanted = list(given), list(wanted)
    misspelt = [closest(key, wanted) for key in given if key not in wanted]
    return [key for key in wanted if key not in given and key not in misspelt]


def repeated(source: Source, values: Iterable[tuple[Loc, str | None]]) -> Iterator[Problem]:
    """A problem at each value that came before; `values` are those of a list, with their places."""
    seen = set[str]()
    for loc, value in values:
        if value in seen:
            yield source.problem(loc, f"{quote(value)} appears twice; remove or rename one")
        seen |= {value} if value else set()


def draft(tree: Tree, key: str, *, from_draft: bool) -> str | None:
    """A message if `key` means a draft, which nothing may lead to except another draft."""
    ritual = tree.playbook.rituals.get(key.rpartition("/")[2])
    if from_draft or ritual is None or ritual.status == "published":
        return None
    if key not in (ritual.id, f"{ritual.universe}/{ritual.id}"):
        return None
    return f"{quote(key)} is a draft and will not be in the handbook; publish it or remove this"
