"""What a new universe asks of other files."""

from __future__ import annotations

from typing import Any

from generator.authoring.scalars import Files, scalar
from generator.load.source import Loc, Source, read_yaml
from generator.load.tree import Tree


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
