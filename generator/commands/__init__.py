"""The command `playbook`: one module a command, which reads its arguments and prints."""

from __future__ import annotations

import click

from generator.commands.build import build_command
from generator.commands.check import check_command
from generator.commands.deploy import deploy_command
from generator.commands.init import init_command
from generator.commands.new import new_group
from generator.commands.print import print_command
from generator.commands.schema import schema_command
from generator.commands.serve import serve_command
from generator.commands.translations import translations_group


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="engagement-playbook")
def main() -> None:
    """Check a playbook of engagement rituals and build its handbook."""


for command in (
    check_command,
    build_command,
    deploy_command,
    serve_command,
    print_command,
    schema_command,
    init_command,
    new_group,
    translations_group,
):
    main.add_command(command)
