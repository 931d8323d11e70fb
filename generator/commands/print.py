"""`playbook print`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from generator.commands.common import PROBLEMS, TEXT, progress, report, reported, root_option
from generator.files import write_file
from generator.languages.language import GERMAN
from generator.model.playbook import published
from generator.pipeline import examine, printer_of, select
from generator.problems import errors, nearest
from generator.sheets.calendar import calendar
from generator.sheets.kinds import KINDS, Event


@click.command("print")
@root_option
@click.argument("ids", nargs=-1, metavar="[RITUAL|UNIVERSE|PATH]...")
@click.option("--sheet", "kind", type=click.Choice(list(KINDS)), help="Only this kind of sheet.")
@click.option("--role", help="Only this role's page of the role sheets.")
@click.option("--date", "start", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Start, such as 2027-06-18T18:00.")
@click.option(
    "--person", "people", type=TEXT, multiple=True, metavar="ROLE=NAME", help="A name for a role; may be repeated."
)
@click.option(
    "--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write the tasks as a calendar; needs --date."
)
@click.option("-o", "output", type=click.Path(path_type=Path), help="A file for one sheet, a folder for several.")
def print_command(
    root: Path,
    ids: tuple[str, ...],
    kind: str | None,
    role: str | None,
    start: datetime | None,
    people: tuple[str, ...],
    ics: Path | None,
    output: Path | None,
) -> None:
    """Print sheets of rituals, decks and booklets of universes, mentors' paths, or everything, as PDF."""
    tree = examine(root)
    if errors(tree.problems):
        report(root, tree.problems)
        raise SystemExit(PROBLEMS)
    for option, path, kind_of_file in (("-o", output, ".pdf"), ("--ics", ics, ".ics")):
        if path and path.exists() and not (path.is_file() or path.is_dir()):  # it would replace /dev/null
            raise click.UsageError(f"{option} writes a file, and '{path}' is a device or the like; take another name")
        if path and path.suffix != kind_of_file and (path.is_file() or option == "--ics"):
            raise click.UsageError(f"{option} writes a file that ends in '{kind_of_file}', and '{path}' does not")
    playbook = published(tree.playbook)
    names = dict(person.partition("=")[::2] for person in people)
    if not all(names.values()):
        raise click.UsageError('--person needs ROLE=NAME, such as gastgeber="Anna Berger"')
    if start and not 1970 < start.year < 2100:
        raise click.UsageError("--date needs a year from 1971 to 2099")
    records = {*playbook.rituals, *playbook.universes, *playbook.paths}
    for words, known in ((ids, records), ((*names, *([role] if role else [])), {*playbook.roles})):
        for word in words:
            if word not in known:
                raise click.UsageError(f"there is no '{word}'{nearest(word, known)}")
    if ics and not (start and len(ids) == 1 and ids[0] in playbook.rituals):
        raise click.UsageError("--ics needs one ritual and --date")
    with reported(root):
        printer = printer_of(tree, select(tree, GERMAN))
        event = Event(start, names) if start else Event(None, names) if names else None
        sheets = [sheet for sheet in printer.selection(ids, event, role) if kind in (None, sheet.kind)]
        if not sheets:
            kinds = {sheet.kind: None for sheet in printer.selection(ids, event, role)}
            raise click.UsageError(f"there is no such sheet for it; known: {', '.join(kinds) or 'none'}")
        if len(sheets) > 1 and output and output.suffix == ".pdf":
            raise click.UsageError(f"{len(sheets)} sheets do not fit one file; give a folder with -o, or one --sheet")
        with progress() as say:
            for sheet in sheets:
                say(sheet.name)
                single = len(sheets) == 1 and not (output and output.is_dir())
                path = (output or Path(f"{sheet.name}.pdf")) if single else (output or Path()) / f"{sheet.name}.pdf"
                write_file(path, printer.typesetter.pdf(sheet))
                click.echo(path)
        if ics and start:
            write_file(ics, calendar(playbook, playbook.rituals[ids[0]], start, names))
            click.echo(ics)
