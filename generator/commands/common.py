"""What the commands share: options, and how problems are printed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from generator.files import file_problem
from generator.load.source import odd_characters
from generator.model.text import Audience
from generator.problems import PlaybookError, Problem, errors

PROBLEMS = 1  # exit code; 0 is fine, 2 is wrong usage (click's own)


class Text(click.ParamType[str]):
    """What goes into files: a terminal also hands over bytes that are no text, and characters that nobody sees."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        for problem in odd_characters("", value):
            self.fail(problem.message, param, ctx)
        return value


TEXT = Text()
root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="this folder",
    help="The folder with universes/ and content/.",
)
poll_option = click.option(
    "--poll", is_flag=True, help="Look at all files again and again; for Docker mounts, WSL and network shares."
)
audience_option = click.option(
    "--audience",
    type=click.Choice([audience.value for audience in Audience]),
    default=Audience.TEAM.value,
    show_default=True,
    help="For guests a site of its own, of only what they may see.",
)


def report(root: Path, problems: Sequence[Problem]) -> None:
    """Print problems, sorted, with paths as seen from here, and count them."""
    for problem in seen_from_here(root, problems):
        click.echo(str(problem))
    if problems:
        bad, warned = len(errors(problems)), len(problems) - len(errors(problems))
        counts = [f"{n} {word}{'s' * (n != 1)}" for n, word in ((bad, "error"), (warned, "warning")) if n]
        click.echo(f"{' and '.join(counts)}.")


def seen_from_here(root: Path, problems: Sequence[Problem]) -> list[Problem]:
    return [replace(problem, path=os.path.relpath(root / problem.path)) for problem in problems]


@contextmanager
def reported(root: Path) -> Iterator[None]:
    """Problems, and files that cannot be written, as lines and an exit code."""
    try:
        yield
    except PlaybookError as error:
        report(root, error.problems)
        raise SystemExit(PROBLEMS) from None
    except OSError as error:
        report(root, [file_problem(error, root)])
        raise SystemExit(PROBLEMS) from None


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line that says what is being done; nothing where the output is no terminal."""
    # Here, because they take longer to be imported than most commands to be run; so in `print` and `dates`.
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda text: bar.update(task, description=text)
