"""New files for authors: complete, commented, and fine for `check` before a word of them is changed.

What is left to write begins with „Hier steht“. A new universe makes others incomplete, which have to speak to those
who come from it; their files get what they lack.
"""

from __future__ import annotations

import errno
import json
import os
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from markupsafe import Markup

from generator.check import published
from generator.explain import validate
from generator.faults import files_below
from generator.load import Tree, id_like, load
from generator.models import OFFSET, SLUG, MentorPath, Ritual, Universe
from generator.problems import PlaybookError, quote
from generator.schema import FOLDER, KINDS, editor_settings, field, write_schemas
from generator.source import Loc, Source, plain, read_yaml
from generator.templating import environment, fill
from generator.uris import PATHS, RESERVED, page_uris
from generator.write import put, put_all

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
_PLAIN = re.compile(r"[\wäöüÄÖÜß„][\wäöüÄÖÜß„“ ./()–…;-]*", re.ASCII)

Files = dict[str, str]  # path below the root → text


def scalar(text: str) -> str:
    """A text as YAML, also within braces; in quotes only where it needs them."""
    if re.fullmatch(OFFSET, text):
        return text
    if _PLAIN.fullmatch(text) and text == text.strip() and plain(text) == (text, ""):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted) + '"'


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


# ------------------------------------------------------------- additions to others


def _welcomed(tree: Tree, key: str, title: str) -> Files:
    """The other universes' files and the chooser, with what a new universe asks of them."""
    files: Files = {}
    for other in tree.playbook.universes:
        source = tree.sources[f"universe/{other}"]
        advice = f"{scalar(key)}: {scalar('Hier steht ein Rat für alle, die von dort kommen.')}"
        files[source.path] = with_entry(source, ("coming_from",), advice)
    chooser = tree.playbook.chooser
    if chooser is None:
        return files
    source = tree.sources["chooser"]

    def add(loc: Loc, entry: str) -> None:
        nonlocal source
        source, _problems = read_yaml(source.path, with_entry(source, loc, entry))

    for index, situation in enumerate(chooser.situations):
        taken = {answer.id for answer in situation.answers}
        own = next(name for name in (key, *(f"{key[:60]}-{n}" for n in range(2, 99))) if name not in taken)
        text = scalar(f"Hier steht, was ein Team aus „{title}“ tut.")
        because = scalar("Hier steht, wie es nach „weil ihr“ weitergeht")
        add(
            ("situations", index, "answers"),
            f"{{id: {scalar(own)}, text: {text}, because: {because}, weights: {{{scalar(key)}: 3}}}}",
        )
    meaning = scalar("Hier steht, was das für den nächsten Kontakt bedeutet.")
    add(("universes",), f"{scalar(key)}: {{next: {meaning}}}")
    for other in tree.playbook.universes:
        text, helps = scalar("Hier steht, woran sich die beiden reiben."), scalar("Hier steht, was beiden hilft.")
        add(("friction",), f"{{between: [{scalar(other)}, {scalar(key)}], text: {text}, helps: {helps}}}")
    return {**files, source.path: source.text}


def with_entry(source: Source, loc: Loc, entry: str) -> str:
    """The file's text with one more entry at the end of the mapping or list at `loc`; all else stays as it is."""
    text = source.text
    value: Any = source.data
    for step in loc:
        value = value.get(step) if isinstance(value, dict) else value[step]
    if loc not in source.places.spans:
        return f"{text.rstrip()}\n{loc[-1]}:\n  - {entry}\n"
    start, end = source.places.spans[loc]
    if text[start : start + 1] in ("{", "["):
        inner = text[start + 1 : end - 1].rstrip()
        if not inner.strip() and len(loc) == 1:
            return f"{text[:start].rstrip()}\n  {'- ' if text[start] == '[' else ''}{entry}{text[end:]}"
        return text[: start + 1] + (f"{inner}, " if inner.strip() else "") + entry + text[end - 1 :]
    # A block ends where its last text or closing bracket does; comments after that belong to what follows.
    depth = len(loc)
    parts = [span for other, span in source.places.spans.items() if other[:depth] == loc and _closed(source, other)]
    ended = len(text[: max(end for _start, end in parts)].rstrip())
    line_end = (text + "\n").index("\n", ended)
    indent = " " * (source.places.values[loc][1] - 1)
    mark = "- " if isinstance(value, tuple) else ""
    return f"{text[:line_end]}\n{indent}{mark}{entry}{text[line_end:]}"


def _closed(source: Source, loc: Loc) -> bool:
    """Whether libyaml knows where the value at `loc` ends: a text, or something in brackets."""
    value: Any = source.data
    for step in loc:
        value = value[step]
    return not isinstance(value, dict | tuple) or source.text[source.places.spans[loc][0]] in "{["


def write_new(root: Path, files: Files) -> None:
    """Write the files below `root`, all or none; FileExistsError if the first, the new one, is there already."""
    first = root / next(iter(files))
    if os.path.lexists(first):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(first))
    put_all({root / path: text.encode() for path, text in files.items()})


# ------------------------------------------------------------- a playbook of one's own

# Each with a ritual: (id, title), (id, title); to be renamed.
BEGINNING = (
    (("werkstatt", "Werkstatt"), ("begruessung", "Begrüßung")),
    (("salon", "Salon"), ("einladung", "Einladung")),
)


def new_playbook(root: Path, templates: Path, config: Path, symbols: Iterable[str], name: str, today: date) -> None:
    """Fill an empty folder with a small playbook: vocabularies, two universes, a ritual each, pages, settings."""
    source = templates / "init"
    env = environment(source, lambda value: value)
    for path in files_below(source):
        target = root / path.relative_to(source).with_name(path.name.removesuffix(".j2"))
        text = path.read_text("utf-8")
        if path.suffix == ".j2":
            heading = Markup(re.sub(r"([\\`*_{}\[\]<>#&])", r"\\\1", name))
            text = fill(env, source, path.relative_to(source).as_posix(), {"heading": heading, "today": today})
        put(target, text.encode())
    put(root / "mkdocs.yml", _own_config(config.read_text("utf-8"), name).encode())
    put(root / ".gitignore", b"/build/\n/site/\n/site-guest/\n")
    write_schemas(root / FOLDER)
    settings = json.dumps(editor_settings(), ensure_ascii=False, indent=2) + "\n"
    put(root / ".vscode" / "settings.json", settings.encode())
    put(root / ".vscode" / "extensions.json", b'{\n  "recommendations": ["redhat.vscode-yaml"]\n}\n')
    values: dict[str, Any] = {"owner": "Redaktion", "today": today}
    for (universe, title), (ritual, ritual_title) in BEGINNING:
        tree = load(root)
        occasion = next(iter(tree.playbook.occasions))
        files = new_universe(tree, templates, universe, symbols, [occasion], title=title, **values)
        summary = "Hier steht, was geschieht und für wen."
        files |= new_ritual(
            tree,
            templates,
            ritual,
            universe,
            draft=False,
            occasion=occasion,
            title=ritual_title,
            summary=summary,
            **values,
        )
        write_new(root, files)


def _own_config(text: str, name: str) -> str:
    """The hand-edited `mkdocs.yml` for another playbook: the look and behaviour stay, the name is another."""
    own = {
        "site_name": scalar(name),
        "site_description": scalar("Wie wir Kund:innen begegnen, zum Nachschlagen und Ausdrucken."),
        "site_url": "http://127.0.0.1:8000/  # the address where it will be published; it is printed on sheets",
    }
    lines = (line for line in text.split("\n") if not line.startswith("  custom_dir:"))
    keys = ((line, line.partition(":")[0]) for line in lines)
    return "\n".join(f"{key}: {own[key]}" if key in own else line for line, key in keys)
