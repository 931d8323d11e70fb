"""`playbook serve`."""

from __future__ import annotations

import time
from ipaddress import ip_address
from pathlib import Path

import click

from generator.commands.common import PROBLEMS, TEXT, poll_option, report, root_option
from generator.problems import Problem
from generator.signals import Stopped


@click.command("serve")
@root_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen at; 0 takes a free one.",
)
@click.option("--host", type=TEXT, default="127.0.0.1", show_default=True, help="The address to listen at.")
@poll_option
def serve_command(root: Path, port: int, host: str, poll: bool) -> None:
    """Show the handbook in a browser while it is written; what is saved is there at once."""
    from generator.preview.server import serve  # which loads MkDocs and Typst

    def tell(problems: list[Problem]) -> None:
        report(root, problems)
        if not problems:
            click.echo("All is fine.")

    try:
        server = serve(root, host, port, tell, poll=poll)
    except OSError as error:
        what = f"Cannot listen at {host}, port {port}: {error.strerror or error}; take another with --port."
        click.echo(what, err=True)
        raise SystemExit(PROBLEMS) from None
    name, number = str(server.server_address[0]), server.server_address[1]
    if not ip_address(name).is_loopback:
        click.echo("Warning: whoever can reach this computer over the network can read the handbook.", err=True)
    click.echo(f"http://{f'[{name}]' if ':' in name else name}:{number}/ shows {root.resolve()}; Ctrl-C ends it.")
    try:
        while True:
            time.sleep(3600)
    except Stopped:
        server.shutdown()
        click.echo("\nEnded.")
