"""`playbook init`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from generator.authoring.init import new_playbook
from generator.commands.common import TEXT
from generator.problems import visible


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", type=TEXT, help="What the handbook is called.  [default: made from DIR]")
def init_command(folder: Path, name: str | None) -> None:
    """Begin a playbook of your own in an empty folder: small, complete, ready to be built."""
    if folder.exists() and any(entry.name != ".git" for entry in folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; give another folder")
    new_playbook(folder, name or f"Playbook {visible(folder.resolve().name)}")
    click.echo(f"{folder} is a playbook now. Next: playbook build --root {shlex.quote(str(folder))}")
