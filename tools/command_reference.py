"""Writes `docs/commands.md`: every command with its arguments and options, from the commands themselves.

`python -m tools.command_reference` writes it; `tests/tools/test_command_reference.py` tells when it is out of date.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from generator.commands import main
from generator.project import PROJECT

PAGE = PROJECT / "docs" / "commands.md"
INTRODUCTION = """# Commands

Made by `python -m tools.command_reference`; do not edit.

`make handbook` installs `.venv/bin/playbook`; `python -m generator` is the same. Exit code 0 is fine, 1 means problems
in the sources, 2 wrong usage. A problem is printed as `path:line:column: message`.

`--root DIR` runs a command on another folder with `universes/` and `content/`; what that folder lacks of `templates/`
and `mkdocs.yml` is taken from this project.

Bash completes commands and options after `eval "$(_PLAYBOOK_COMPLETE=bash_source playbook)"`, zsh and fish with
`zsh_source` and `fish_source`.
"""


def reference() -> str:
    """The page as Markdown."""
    return "\n".join((INTRODUCTION, *sections(main, "playbook")))


def sections(group: click.Group, name: str) -> Iterator[str]:
    """A section for each command of a group and of the groups in it."""
    context = click.Context(group)
    for key in group.list_commands(context):
        command = group.get_command(context, key)
        if isinstance(command, click.Group):
            yield from sections(command, f"{name} {key}")
        elif command:
            yield section(command, f"{name} {key}")


def section(command: click.Command, name: str) -> str:
    """A command's usage, what it does, and a table of its options."""
    context = click.Context(command)
    arguments = [param.make_metavar(context) for param in command.params if isinstance(param, click.Argument)]
    lines = [f"## `{' '.join((name, *arguments))}`", "", (command.help or "").strip(), ""]
    options = [param for param in command.params if isinstance(param, click.Option)]
    if options:
        lines += ["| option | what it does |", "| --- | --- |"]
        lines += [row(option, context) for option in options] + [""]
    return "\n".join(lines)


def row(option: click.Option, context: click.Context) -> str:
    """An option's row of the table."""
    names, help_text = option.get_help_record(context) or ("", "")
    cells = (f"`{names}`", help_text)
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def write(page: Path = PAGE) -> None:
    """Write the page."""
    page.write_text(reference(), "utf-8")


if __name__ == "__main__":
    write()
