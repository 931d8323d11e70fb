"""`playbook deploy`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from generator.audience.edition import MARKERS, SITES
from generator.commands.common import audience_option, reported, root_option
from generator.model.text import Audience
from generator.project import part
from generator.site.deploy import deploy
from generator.site.lock import one_build


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
    readers = Audience(audience)
    folder = root / "build" / ("deploy" if readers is Audience.TEAM else "deploy-guest")
    with reported(root), one_build(root):
        deploy(site_dir or root / SITES[readers], folder, MARKERS[readers])
    click.echo(f"{folder} is ready; {os.path.relpath(part(root, 'deploy') / 'README.md')} says where it goes.")
