"""New files for authors: complete, commented, and valid before a word of them is changed.

What is left to write begins with „Hier steht“.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from datetime import date
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from markupsafe import Markup

from generator.authoring.scalars import scalar
from generator.load.files import id_like
from generator.load.source import odd_characters
from generator.load.tree import Tree
from generator.model.addresses import PATHS, RESERVED, page_uris
from generator.model.playbook import published
from generator.model.schema import FOLDER, field
from generator.model.text import SLUG
from generator.problems import quote
from generator.project import part, symbols
from generator.templating import environment, fill

COMMENT_WIDTH = 110
OWNER, SUMMARY = "Redaktion", "Hier steht, was geschieht und für wen."  # until there are better ones

# For light and for dark paper; the contrast of each is one that `check` accepts.
COLOURS = (
    ("#0b6b68", "#5fd0c5"),
    ("#8a2a6b", "#f09ad0"),
    ("#7a4a10", "#e8b36a"),
    ("#2f5aa8", "#9cbcf5"),
    ("#4a6b12", "#b3d16a"),
    ("#5b3fa0", "#c3aef5"),
)
STAGES = (
    ("tag-1", "Tag 1: Zusehen", "+0d", "observe"),
    ("monat-1", "Monat 1: Mithelfen", "+30d", "assist"),
    ("monat-3", "Monat 3: Leiten", "+90d", "lead"),
)


class NewFile(NamedTuple):
    path: str  # below the root
    text: str


def title_of(key: str) -> str:
    """A first title for an id."""
    words = key.replace("-", " ").strip()
    return words[:1].upper() + words[1:48] or "Neu"


def id_problem(tree: Tree, kind: str, key: str) -> str | None:
    """Why there cannot be a new `kind` (ritual, universe or path) with this id; None if there can."""
    if not re.fullmatch(SLUG, key):
        hint = f"; did you mean '{meant}'?" if (meant := id_like(key)) else ""
        rule = "use a-z, 0-9 and '-', at most 64 characters (no capitals, umlauts, spaces)"
        return f"{quote(key)} is not an id: {rule}{hint}"
    if key in (*RESERVED, PATHS):
        return f"the site needs the name '{key}' itself; take another id"
    for other in ("universe", "ritual", "path"):
        if source := tree.sources.get(f"{other}/{key}"):
            return f"the id '{key}' is taken by {source.path}; take another one"
    if kind != "path" and key in page_uris(tree.playbook, tree.pages):
        return f"the address {key}/ is taken by a page; take another id"
    return None


def text_problem(tree: Tree, kind: str, name: str, text: str) -> str | None:
    """Why a new `kind` cannot have this text in its field `name`; None if it can."""
    limits = field(kind, name)
    for problem in odd_characters("", text):
        return problem.message
    if len(text) > limits["maxLength"]:
        return f"'{name}' has {len(text)} characters, at most {limits['maxLength']} fit; shorten it"
    if not re.search(limits["pattern"], text):
        return f"'{name}' must be one line of text"
    for key, record in getattr(tree.playbook, f"{kind}s").items():
        if name == "title" and record.title.casefold() == text.casefold():
            return f"the title {quote(text)} is taken by {tree.sources[f'{kind}/{key}'].path}; take another one"
    return None


def new_ritual(tree: Tree, key: str, *, universe: str, draft: bool = True, **values: Any) -> NewFile:
    """A ritual; `values` are its title, summary, occasion and owner."""
    sides = {
        side: [key for key, role in tree.playbook.roles.items() if role.side == side] for side in ("host", "guest")
    }
    values |= {"host": sides["host"][0], "guest": next(iter(sides["guest"]), None), "draft": draft}
    return _from_template(tree, "ritual", f"universes/{universe}/rituals/{key}.yml", values)


def new_path(tree: Tree, key: str, *, universe: str | None, **values: Any) -> NewFile:
    """A path that leads through one of the published rituals; `values` are its title, summary and owner."""
    rituals = [*published(tree.playbook).rituals.values()]
    ritual = next((ritual for ritual in rituals if ritual.universe == universe), rituals[0])
    order = max((path.order for path in tree.playbook.paths.values()), default=0) + 1
    values |= {"universe": universe, "ritual": ritual.id, "order": order, "stages": STAGES}
    return _from_template(tree, "path", f"content/paths/{key}.yml", values)


def new_universe(
    tree: Tree, key: str, *, others: Iterable[str], answered: Iterable[str] = (), **values: Any
) -> NewFile:
    """A universe, with a symbol and a colour that no other has, if there are any left; `values` are title and owner.

    `others` are the ids of all other universes, `answered` the occasions that it will have a ritual for.
    """
    universes, signs = tree.playbook.universes.values(), sorted(symbols(tree.root))
    used = {universe.symbol for universe in universes} | {universe.colour.light for universe in universes}
    values |= {
        "symbols": signs,
        "symbol": next((sign for sign in signs if sign not in used), signs[0]),
        "colour": next((pair for pair in COLOURS if pair[0] not in used), COLOURS[0]),
        "order": max((universe.order for universe in universes), default=0) + 1,
        "reasons": [occasion for occasion in tree.playbook.occasions if occasion not in answered],
        "others": others,
    }
    return _from_template(tree, "universe", f"universes/{key}/universe.yml", values)


def _from_template(tree: Tree, kind: str, path: str, values: dict[str, Any]) -> NewFile:
    """A file from the template of its kind; every text among the values is written as YAML."""
    templates = part(tree.root, "templates") / "new"
    env = environment(templates, lambda value: Markup(scalar(value)) if type(value) is str else value)
    schema = f"{FOLDER}/{kind}.json"
    up = "../" * (len(PurePosixPath(path).parts) - 1)
    context = {
        "playbook": tree.playbook,
        "today": date.today(),
        "schema": Markup(up + schema) if (tree.root / schema).is_file() else "",
        "describe": lambda name: _comment(field(kind, name)["description"]),
        "example": lambda name: _example(field(kind, name)),
        "comment": _comment,
    }
    return NewFile(path, fill(env, templates, f"{kind}.yml.j2", context | values))


def _example(node: dict[str, Any]) -> Any:
    """A field's first example; where that is a list, its first entry."""
    example = node["examples"][0]
    return example[0] if isinstance(example, list) else example


def _comment(text: str) -> Markup:
    return Markup("\n# ".join(textwrap.wrap(text, COMMENT_WIDTH, break_long_words=False, break_on_hyphens=False)))
