"""`playbook check`."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click

from generator.commands.common import PROBLEMS, poll_option, report, root_option, seen_from_here
from generator.commands.formats import FORMATS
from generator.model.playbook import published
from generator.pipeline import examine_all
from generator.preview.watch import changes
from generator.problems import errors
from generator.signals import Stopped


@click.command("check")
@root_option
@click.option("--strict-translations", "strict", is_flag=True, help="Also mind translations that are missing or fuzzy.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="For people, or for other programs.",
)
@click.option("--watch", "watching", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@poll_option
def check_command(root: Path, strict: bool, form: str, watching: bool, poll: bool) -> None:
    """Report every problem in the sources as path:line:column: message."""
    if not watching:
        if not check_once(root, strict, form):
            raise SystemExit(PROBLEMS)
        return
    with suppress(Stopped, KeyboardInterrupt):  # watchfiles turns the one into the other
        for changed in changes(root, poll=poll):
            if form == "text":
                click.secho(f"{datetime.now():%H:%M:%S} {', '.join(changed) or 'Ctrl-C ends.'}", dim=True)
            check_once(root, strict, form)


def check_once(root: Path, strict: bool, form: str) -> bool:
    """Check and print in a format of `formats.py`, or as text; whether there are no errors."""
    tree = examine_all(root, strict=strict)
    fine = not errors(tree.problems)
    if form != "text":
        click.echo(FORMATS[form](seen_from_here(root, tree.problems)), nl=False)
        return fine
    report(root, tree.problems)
    if fine:
        count = len(published(tree.playbook).rituals)
        click.echo(f"{len(tree.playbook.universes)} universes and {count} rituals are fine.")
    return fine
