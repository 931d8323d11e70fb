"""`playbook init`."""

from __future__ import annotations

import shlex
from contextlib import suppress
from datetime import date
from pathlib import Path

import click

from generator.authoring.init import new_playbook
from generator.commands.common import TEXT
from generator.files import remove
from generator.problems import visible
from generator.project import PROJECT, symbols

UNFINISHED = ".unfinished"  # where `playbook init` works


@click.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", type=TEXT, help="What the handbook is called.  [default: made from DIR]")
def init_command(folder: Path, name: str | None) -> None:
    """Begin a playbook of your own in an empty folder: small, complete, ready to be built."""
    if folder.exists() and any(entry.name not in (".git", UNFINISHED) for entry in folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; give another folder")
    title = name or f"Playbook {visible(folder.resolve().name)}"
    signs = sorted(symbols(PROJECT))
    whole, moved = folder / UNFINISHED, list[Path]()
    remove(whole)  # of one that was stopped
    try:  # what fails leaves nothing, so it can be tried again
        whole.mkdir(parents=True)
        new_playbook(whole, PROJECT / "templates", PROJECT / "mkdocs.yml", signs, title, date.today())
        for entry in sorted(whole.iterdir()):
            moved.append(entry.rename(folder / entry.name))
        moved.clear()
    finally:
        for rest in (*moved, whole):
            with suppress(OSError):
                remove(rest)
    click.echo(f"{folder} is a playbook now. Next: playbook build --root {shlex.quote(str(folder))}")
