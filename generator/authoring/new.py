"""New files for authors: complete, commented, and fine for `check` before a word of them is changed.

What is left to write begins with „Hier steht“. A new universe makes others incomplete, which have to speak to those
who come from it; their files get what they lack.
"""

from __future__ import annotations

import errno
import os
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from markupsafe import Markup

from generator.authoring.additions import _welcomed
from generator.authoring.scalars import Files, scalar
from generator.check.common import published
from generator.files import write_file
from generator.load.files import id_like
from generator.load.source import read_yaml
from generator.load.tree import Tree
from generator.load.validate import validate
from generator.model.addresses import PATHS, RESERVED, page_uris
from generator.model.mentoring import MentorPath
from generator.model.ritual import Ritual
from generator.model.schema import FOLDER, KINDS, field
from generator.model.text import SLUG
from generator.model.universe import Universe
from generator.problems import PlaybookError, quote
from generator.templating import environment, fill

WIDTH = 110  # of comments

# For light and for dark paper; `check` wants them to be readable there.
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


def title_of(key: str) -> str:
    """A first title for an id."""
    words = key.replace("-", " ").strip()
    return words[:1].upper() + words[1:48] or "Neu"


def refusal(tree: Tree, kind: str, key: str) -> str | None:
    """Why there cannot be a new `kind` with this id."""
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


def unfit(tree: Tree, kind: str, name: str, text: str) -> str | None:
    """Why a new `kind` cannot have this text in its field `name`."""
    most = field(kind, name)["maxLength"]
    if len(text) > most:
        return f"'{name}' has {len(text)} characters, at most {most} fit; shorten it"
    playbook = tree.playbook
    records: dict[str, Mapping[str, Ritual | Universe | MentorPath]] = {
        "ritual": playbook.rituals,
        "universe": playbook.universes,
        "path": playbook.paths,
    }
    for key, record in records[kind].items():
        if name == "title" and record.title.casefold() == text.casefold():
            return f"the title {quote(text)} is taken by {tree.sources[f'{kind}/{key}'].path}; take another one"
    return None


def new_ritual(tree: Tree, templates: Path, key: str, universe: str, *, draft: bool = True, **values: Any) -> Files:
    """`values`: title, summary, occasion, owner, today."""
    roles = tree.playbook.roles
    host = next(name for name, role in roles.items() if role.side == "host")
    guest = next((name for name, role in roles.items() if role.side == "guest"), None)
    path = f"universes/{universe}/rituals/{key}.yml"
    text = _filled(tree, templates, "ritual", path, host=host, guest=guest, draft=draft, **values)
    return _valid({path: text}, "ritual", path, id=key, universe=universe)


def new_path(tree: Tree, templates: Path, key: str, universe: str | None, **values: Any) -> Files:
    """`values`: title, summary, owner, today. There is a published ritual to lead through."""
    rituals = published(tree)
    ritual = next((r for r in rituals if r.universe == universe), rituals[0]).id
    order = max((path.order for path in tree.playbook.paths.values()), default=0) + 1
    path = f"content/paths/{key}.yml"
    text = _filled(
        tree, templates, "path", path, universe=universe, ritual=ritual, order=order, stages=STAGES, **values
    )
    return _valid({path: text}, "path", path, id=key)


def new_universe(
    tree: Tree, templates: Path, key: str, symbols: Iterable[str], answered: Iterable[str] = (), **values: Any
) -> Files:
    """`values`: title, owner, today; `answered` are the occasions that have a ritual here already."""
    universes, symbols = tree.playbook.universes.values(), list(symbols)
    free = [name for name in symbols if name not in {universe.symbol for universe in universes}]
    used = {universe.colour.light for universe in universes}
    colour = next((pair for pair in COLOURS if pair[0] not in used), COLOURS[0])
    path = f"universes/{key}/universe.yml"
    text = _filled(
        tree,
        templates,
        "universe",
        path,
        symbols=symbols,
        symbol=(free or symbols)[0],
        colour=colour,
        order=max((universe.order for universe in universes), default=0) + 1,
        reasons=[name for name in tree.playbook.occasions if name not in set(answered)],
        others=[name for name in tree.ids("universe") if name != key],
        **values,
    )
    files = _valid({path: text}, "universe", path, id=key)
    return files | _welcomed(tree, key, values["title"])


def _filled(tree: Tree, templates: Path, kind: str, path: str, today: date, **values: Any) -> str:
    """A template of `templates/new` with its values, each as YAML."""
    env = environment(templates / "new", lambda value: Markup(scalar(value)) if type(value) is str else value)
    known = {"symbols": values.get("symbols", ())} | {
        name: getattr(tree.playbook, name) for name in ("roles", "occasions", "gates", "universes")
    }
    depth = len(PurePosixPath(path).parts) - 1
    there = (tree.root / FOLDER / f"{kind}.json").is_file()
    context = {
        "playbook": tree.playbook,
        "today": today,
        "schema": Markup(f"{'../' * depth}{FOLDER}/{kind}.json") if there else "",
        "describe": lambda name: _comment(field(kind, name)["description"]),
        "example": lambda name: _example(field(kind, name)),
        "comment": _comment,
        "ids": lambda name: _comment(", ".join(known[name]) or "noch keine"),
    }
    return fill(env, templates / "new", f"{kind}.yml.j2", context | values)


def _example(node: dict[str, Any]) -> Any:
    """The first example, of a list its first entry."""
    example = node["examples"][0]
    return example[0] if isinstance(example, list) else example


def _comment(text: str) -> Markup:
    return Markup("\n# ".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)))


def _valid(files: Files, kind: str, path: str, **given: Any) -> Files:
    """The files, if the new one is fine by itself. Raises PlaybookError, for instance for a title that is too long."""
    source, problems = read_yaml(path, files[path])
    _record, more = validate(KINDS[kind].model, source, **given)
    if problems or more:
        raise PlaybookError([replace(problem, line=1, column=1) for problem in (*problems, *more)])
    return files


def write_new(root: Path, files: Files) -> None:
    """Write the files below `root`. Raises FileExistsError if the first, the new one, is there already."""
    first = root / next(iter(files))
    if os.path.lexists(first):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(first))
    for path, text in files.items():
        write_file(root / path, text.encode())
