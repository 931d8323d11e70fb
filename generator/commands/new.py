"""`playbook new`."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import click

from generator.authoring.new import new_path, new_ritual, new_universe, refusal, title_of, unfit, write_new
from generator.authoring.scalars import Files
from generator.commands.common import PROBLEMS, TEXT, report, root_option
from generator.load.tree import Tree
from generator.model.playbook import published
from generator.pipeline import examine
from generator.problems import PlaybookError, errors, nearest
from generator.project import part, symbols


@click.group("new")
def new_group() -> None:
    """Write a new file, complete and commented; what is not given as an option is asked for."""


id_argument = click.argument("key", metavar="[ID]", required=False)
title_option = click.option("--title", type=TEXT, help="What readers call it.")
summary_option = click.option("--summary", type=TEXT, help="A sentence of at most 160 characters.")
owner_option = click.option("--owner", type=TEXT, help="Who is responsible for the content.")


@new_group.command("ritual")
@root_option
@id_argument
@click.option("--universe", help="The universe's id.")
@click.option("--occasion", help="The occasion's id.")
@title_option
@summary_option
@owner_option
def new_ritual_command(
    root: Path,
    key: str | None,
    universe: str | None,
    occasion: str | None,
    title: str | None,
    summary: str | None,
    owner: str | None,
) -> None:
    """Write a ritual as a draft."""
    tree, key = start_new(root, "ritual", key)
    refuse = partial(unfit, tree, "ritual")
    values: dict[str, Any] = {
        "universe": ask("Universe", universe, known=tree.ids("universe")),
        "occasion": ask("Occasion", occasion, known=tree.ids("occasions")),
        "title": ask("Title", title, title_of(key), refuse=partial(refuse, "title")),
        "summary": ask("Summary", summary, "Hier steht, was geschieht und für wen.", refuse=partial(refuse, "summary")),
        "owner": ask("Owner", owner, "Redaktion", refuse=partial(refuse, "owner")),
    }
    finish_new(root, lambda: new_ritual(tree, part(root, "templates"), key, today=date.today(), **values))


@new_group.command("universe")
@root_option
@id_argument
@title_option
@owner_option
def new_universe_command(root: Path, key: str | None, title: str | None, owner: str | None) -> None:
    """Write a universe, and into the others what they then have to say about it."""
    tree, key = start_new(root, "universe", key)
    refuse = partial(unfit, tree, "universe")
    values = {
        "title": ask("Title", title, title_of(key), refuse=partial(refuse, "title")),
        "owner": ask("Owner", owner, "Redaktion", refuse=partial(refuse, "owner")),
    }
    signs = sorted(symbols(root))
    finish_new(root, lambda: new_universe(tree, part(root, "templates"), key, signs, today=date.today(), **values))


@new_group.command("path")
@root_option
@id_argument
@click.option("--universe", help="The universe's id; '-' for a path through all of them.")
@title_option
@summary_option
@owner_option
def new_path_command(
    root: Path, key: str | None, universe: str | None, title: str | None, summary: str | None, owner: str | None
) -> None:
    """Write a mentors' path."""
    tree, key = start_new(root, "path", key)
    if not published(tree.playbook).rituals:
        raise click.UsageError("a path leads through published rituals, and there is none yet")
    where = ask("Universe ('-' for all)", universe, "-", known=["-", *tree.ids("universe")])
    refuse = partial(unfit, tree, "path")
    values = {
        "title": ask("Title", title, title_of(key), refuse=partial(refuse, "title")),
        "summary": ask("Summary", summary, "Hier steht, wohin der Weg führt.", refuse=partial(refuse, "summary")),
        "owner": ask("Owner", owner, "Redaktion", refuse=partial(refuse, "owner")),
    }
    place = None if where == "-" else where
    finish_new(root, lambda: new_path(tree, part(root, "templates"), key, place, today=date.today(), **values))


def start_new(root: Path, kind: str, key: str | None) -> tuple[Tree, str]:
    """The tree that a new file is for, and the file's id; wrong usage if it cannot have that."""
    tree = examine(root)
    if errors(tree.problems):  # what is written then could not be checked
        report(root, tree.problems)
        raise SystemExit(PROBLEMS)
    return tree, ask("Id (the file's name, for ever)", key, refuse=partial(refusal, tree, kind))


def ask(
    what: str,
    given: str | None,
    default: str | None = None,
    known: Sequence[str] = (),
    refuse: Callable[[str], str | None] = lambda _: None,
) -> str:
    """What was given as an option; or is typed now, again until it is `known`, if some are, and nothing refuses it."""

    def accepted(text: str) -> str:
        if message := f"there is no '{text}'{nearest(text, known)}" if known and text not in known else refuse(text):
            raise click.UsageError(message)
        return text

    if given is not None:
        return accepted(given)
    choices = click.Choice(known) if known else str
    return str(click.prompt(what, default=default, type=choices, value_proc=accepted))


def finish_new(root: Path, make: Callable[[], Files]) -> None:
    """Write the files and say what is to be done with them."""
    try:
        files = make()
        write_new(root, files)
    except PlaybookError as error:
        raise click.UsageError("; ".join(problem.message for problem in error.problems)) from None
    except FileExistsError as error:
        raise click.UsageError(f"{error.filename} is there already; it was left as it is") from None
    for path in files:
        click.echo(os.path.relpath(root / path))
    problems = examine(root).problems
    report(root, problems)
    if errors(problems):
        raise SystemExit(PROBLEMS)
    click.echo("Fine for `playbook check`; now replace whatever begins with „Hier steht“.")
