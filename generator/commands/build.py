"""`playbook build`."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from generator.audience.edition import SITES
from generator.commands.common import PROBLEMS, audience_option, progress, report, root_option
from generator.files import file_problem
from generator.model.text import Audience
from generator.pipeline import build_site
from generator.problems import PlaybookError, visible
from generator.site.engines import Engine


@click.command("build")
@root_option
@click.option(
    "--engine", type=click.Choice(get_args(Engine)), default="mkdocs", show_default=True, help="What makes the HTML."
)
@click.option(
    "--site-dir",
    type=click.Path(path_type=Path),
    help="Where to publish the site.  [default: ROOT/site, for guests ROOT/site-guest]",
)
@audience_option
def build_command(root: Path, engine: Engine, site_dir: Path | None, audience: str) -> None:
    """Check the sources and build the handbook; a failed build leaves the published site as it was."""
    readers = Audience(audience)
    site = site_dir or root / SITES[readers]
    try:
        with progress() as show:
            warnings = build_site(root, site, readers, engine, show)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except (PlaybookError, OSError) as error:
        report(root, error.problems if isinstance(error, PlaybookError) else [file_problem(error, site)])
        if site.is_dir():
            click.echo(f"The site in {site} is as it was.")
        raise SystemExit(PROBLEMS) from None
    report(root, warnings)
    click.echo(f"Built {visible(str(site))}.")
