"""`playbook new`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from generator.authoring.new import (
    OWNER,
    SUMMARY,
    NewFile,
    id_problem,
    new_path,
    new_ritual,
    new_universe,
    text_problem,
    title_of,
)
from generator.commands.common import PROBLEMS, report, root_option
from generator.files import write_file
from generator.load.tree import Tree
from generator.model.playbook import published
from generator.pipeline import examine
from generator.problems import errors, nearest


@click.group("new")
def new_group() -> None:
    """Write a new file, complete and commented; what is not given as an option is asked for."""


id_argument = click.argument("key", metavar="[ID]", required=False)
title_option = click.option("--title", help="What readers call it.")
summary_option = click.option("--summary", help="A sentence of at most 160 characters.")
owner_option = click.option("--owner", help="Who is responsible for the content.")


@new_group.command("ritual")
@root_option
@id_argument
@click.option("--universe", help="The universe's id.")
@click.option("--occasion", help="The occasion's id.")
@title_option
@summary_option
@owner_option
def new_ritual_command(
    root: Path, key: str | None, universe: str | None, occasion: str | None, **texts: str | None
) -> None:
    """Write a ritual as a draft."""
    tree, key = start(root, "ritual", key)
    universe = ask("Universe", universe, known=tree.ids("universe"))
    occasion = ask("Occasion", occasion, known=tree.ids("occasions"))
    values = ask_texts(tree, "ritual", texts, title=title_of(key), summary=SUMMARY)
    finish(root, new_ritual(tree, key, universe=universe, occasion=occasion, **values))


@new_group.command("universe")
@root_option
@id_argument
@title_option
@owner_option
def new_universe_command(root: Path, key: str | None, **texts: str | None) -> None:
    """Write a universe; warnings show what the other universes and the chooser then lack."""
    tree, key = start(root, "universe", key)
    values = ask_texts(tree, "universe", texts, title=title_of(key))
    finish(root, new_universe(tree, key, others=tree.ids("universe"), **values))


@new_group.command("path")
@root_option
@id_argument
@click.option("--universe", help="The universe's id; '-' for a path through all of them.")
@title_option
@summary_option
@owner_option
def new_path_command(root: Path, key: str | None, universe: str | None, **texts: str | None) -> None:
    """Write a mentors' path."""
    tree, key = start(root, "path", key)
    if not published(tree.playbook).rituals:
        raise click.UsageError("a path leads through published rituals, and there is none yet")
    universe = ask("Universe ('-' for all)", universe, "-", known=["-", *tree.ids("universe")])
    values = ask_texts(tree, "path", texts, title=title_of(key), summary="Hier steht, wohin der Weg führt.")
    finish(root, new_path(tree, key, universe=None if universe == "-" else universe, **values))


def start(root: Path, kind: str, key: str | None) -> tuple[Tree, str]:
    """The checked tree and the id of the new file. Exits if the tree has errors: they would hide those of the file."""
    tree = examine(root)
    if errors(tree.problems):
        report(root, tree.problems)
        raise SystemExit(PROBLEMS)
    return tree, ask("Id (the file's name, for ever)", key, problem=partial(id_problem, tree, kind))


def ask(
    prompt: str,
    given: str | None,
    default: str | None = None,
    *,
    known: Sequence[str] = (),
    problem: Callable[[str], str | None] = lambda _: None,
) -> str:
    """The value given as an option, or else typed at a prompt, which is repeated until the value is accepted.

    It must be one of the `known`, if there are any, and `problem` must find nothing wrong with it.
    """

    def accept(text: str) -> str:
        unknown = f"there is no '{text}'{nearest(text, known)}" if known and text not in known else None
        if message := unknown or problem(text):
            raise click.UsageError(message)
        return text

    if given is not None:
        return accept(given)
    choices = click.Choice(known) if known else str
    return str(click.prompt(prompt, default=default, type=choices, value_proc=accept))


def ask_texts(tree: Tree, kind: str, given: dict[str, str | None], **defaults: str) -> dict[str, Any]:
    """The texts of a new `kind`: each field in `defaults`, and the owner."""
    return {
        name: ask(name.title(), given[name], default, problem=partial(text_problem, tree, kind, name))
        for name, default in {**defaults, "owner": OWNER}.items()
    }


def finish(root: Path, file: NewFile) -> None:
    """Write the file and report what is left to do, here and in other files."""
    path = root / file.path
    if os.path.lexists(path):
        raise click.UsageError(f"{path} is there already; it was left as it is")
    write_file(path, file.text.encode())
    click.echo(os.path.relpath(path))
    problems = examine(root).problems
    report(root, problems)
    if errors(problems):
        raise SystemExit(PROBLEMS)
    click.echo("Fine for `playbook check`; now replace whatever begins with „Hier steht“.")
