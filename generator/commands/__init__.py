"""The command `playbook`: one module a command, which reads its arguments and prints."""

from __future__ import annotations

from importlib import import_module

import click

# A command's name → its module here and its name there, in the order of the help.
COMMANDS = {
    "check": "check.check_command",
    "build": "build.build_command",
    "deploy": "deploy.deploy_command",
    "serve": "serve.serve_command",
    "print": "print.print_command",
    "schema": "schema.schema_command",
    "init": "init.init_command",
    "new": "new.new_group",
    "translations": "translations.translations_group",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is asked for: some load Typst and MkDocs, which takes a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(".")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="engagement-playbook")
def main() -> None:
    """Check a playbook of engagement rituals and build its handbook."""
