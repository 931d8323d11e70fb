"""`playbook deploy`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from generator.audience import site as guests
from generator.commands.common import audience_option, reported, root_option
from generator.model.text import Audience
from generator.pipeline import lock
from generator.project import part
from generator.site.deploy import deploy
from generator.site.publish import MARKER


@click.command("deploy")
@root_option
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path),
    help="Where the site was published.  [default: ROOT/site, for guests ROOT/site-guest]",
)
@audience_option
def deploy_command(root: Path, site_dir: Path | None, audience: str) -> None:
    """Put into build/deploy/ what a web server needs: the built site, compressed too, and its security policy."""
    site, name, marker = ("site", "deploy", MARKER)
    if audience == Audience.GUEST:
        site, name, marker = (guests.SITE, "deploy-guest", guests.MARKER)
    with reported(root), lock(root):
        folder = root / "build" / name
        deploy(site_dir or root / site, folder, marker)
    click.echo(f"{folder} is ready; {os.path.relpath(part(root, 'deploy') / 'README.md')} says where it goes.")
