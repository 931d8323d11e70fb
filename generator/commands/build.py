"""`playbook build`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import get_args

import click

from generator.audience import site as guests
from generator.commands.common import PROBLEMS, audience_option, progress, report, root_option
from generator.files import fault, put_ours
from generator.load.files import is_source
from generator.model.playbook import published
from generator.model.text import Audience
from generator.pages.parts import SBOM
from generator.pipeline import build_for_guests, build_language, build_tree_anyway, checked, fonts, lock
from generator.preview.watch import different
from generator.preview.watch import state as state_of
from generator.problems import PlaybookError, Problem, errors, visible
from generator.processes import stoppable
from generator.project import PROJECT, part
from generator.site import epoch
from generator.site.deploy import POLICY, write_policy
from generator.site.engines import Engine
from generator.site.publish import MARKER, publish, refuse_foreign, refuse_links


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
    team = audience == Audience.TEAM
    site = site_dir or root / ("site" if team else guests.SITE)
    try:
        wanted = epoch.wanted()
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    marker = MARKER if team else guests.MARKER
    stopped = "Stopped. Whatever is published is one whole version; the next build tidies up."
    try:
        refuse_links(root)
        refuse_foreign(site, root, marker)
        with stoppable(stopped), lock(root) as is_held, progress() as say:
            before = state_of(root)
            say("check")
            day = wanted if wanted is not None else epoch.committed(root)
            tree, problems = checked(root, epoch.today(day))
            if errors(problems):
                raise PlaybookError(problems)
            os.environ[epoch.VARIABLE] = str(day if day is not None else epoch.reviewed(published(tree.playbook)))
            fonts(part(root, "templates"))
            html, whole = build_tree_anyway(tree, engine, say, build_language if team else build_for_guests)
            put_ours(root / "build" / SBOM, (PROJECT / SBOM).read_bytes())  # for operators; readers have the about page
            say("publish")
            if changed := [path for path in different(before, state_of(root)) if is_source(path)]:
                message = "changed while the handbook was being built; build again"
                raise PlaybookError(Problem(path, 1, 1, message) for path in changed)
            if not is_held():
                message = "somebody removed what is here while the handbook was being built; build again"
                raise PlaybookError([Problem("build", 1, 1, message)])
            refuse_foreign(site, root, marker)
            blocked = write_policy(html, (root / "build" if team else root / "build" / "guest") / POLICY)
            publish(html, site.resolve(), whole)
    except (PlaybookError, OSError) as error:
        report(root, error.problems if isinstance(error, PlaybookError) else [fault(error, site)])
        if site.is_dir():
            click.echo(f"The site in {site} is as it was.")
        raise SystemExit(PROBLEMS) from None
    report(root, [*problems, *blocked])
    click.echo(f"Built {visible(str(site))}.")
