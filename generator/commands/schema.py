"""`playbook schema`."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import root_option
from generator.model.schema import FOLDER, write_schemas


@click.command("schema")
@root_option
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="Where to write.  [default: ROOT/schema]"
)
def schema_command(root: Path, output: Path | None) -> None:
    """Write JSON Schema for every kind of YAML file, for completion and help in editors."""
    for path in write_schemas(output or root / FOLDER):
        click.echo(path)
