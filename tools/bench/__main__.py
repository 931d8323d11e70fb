"""`python -m tools.bench`: what the handbook promises, measured."""

from __future__ import annotations

import re
from pathlib import Path

import click

from generator.commands.common import root_option
from generator.languages.language import GERMAN
from generator.model.playbook import published
from generator.pipeline import examine, printer_of, select


@click.group("bench")
def bench_group() -> None:
    """Measure what the handbook promises."""


@bench_group.command("build")
@root_option
@click.option("--sizes", default="100,1000", show_default=True, help="How many rituals, such as 100,1000,10000.")
@click.option("--also", type=click.Choice(["properdocs", "zensical"]), multiple=True, help="Measure this engine too.")
def bench_build_command(root: Path, sizes: str, also: tuple[str, ...]) -> None:
    """Whole builds of made-up handbooks, ours against stock Material on the same Markdown."""
    from tools.bench.build import bench_build

    if not re.fullmatch(r"[1-9]\d*(,[1-9]\d*)*", sizes):
        raise click.UsageError("--sizes needs numbers, such as 100,1000")
    folder = root / "build" / "bench"
    for line in bench_build(root, folder, [int(size) for size in sizes.split(",")], also):
        click.echo(line)
    click.echo(f"Left in {folder}: build.txt and build.svg.")


@bench_group.command("reader")
@root_option
def bench_reader_command(root: Path) -> None:
    """What a first page of the built site costs a reader: bytes, layout shift, Lighthouse's judgement on a phone."""
    from tools.bench.reader import bench_reader

    site, folder = root / "site", root / "build" / "bench"
    if not (site / "index.html").is_file():
        raise click.UsageError("there is no built site; run `playbook build` first")
    for line in bench_reader(site, folder):
        click.echo(line)
    click.echo(f"Left in {folder}: reader.txt.")


@bench_group.command("search")
@root_option
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Other judged queries.")
def bench_search_command(root: Path, queries: Path | None) -> None:
    """Ask the built site's search, Material's and Pagefind's the same judged queries, in Chromium."""
    from tools.bench.search import search_table  # needs what only `make test` installs

    site, docs = root / "site", root / "build" / "de" / "docs"
    if not (site / "search").is_dir() or not docs.is_dir():
        raise click.UsageError("there is no built site; run 'playbook build' first")
    for line in search_table(site, docs, queries or root / "tests" / "search" / "queries.tsv"):
        click.echo(line)


@bench_group.command("serve")
@root_option
def bench_serve_command(root: Path) -> None:
    """How long `playbook serve` takes from a save until a browser has the new page."""
    from tools.bench.serve import bench_serve

    for what, value in bench_serve(root):
        click.echo(f"{value:>14}  {what}")


@bench_group.command("print")
@root_option
def bench_print_command(root: Path) -> None:
    """Our sheets against WeasyPrint's, and all sheets from nothing and again."""
    from tools.bench.print import bench_print

    tree = examine(root)
    playbook = published(tree.playbook)
    try:
        for what, value in bench_print(playbook, printer_of(tree, select(tree, GERMAN))):
            click.echo(f"{value:>14}  {what}")
    except ImportError:
        raise click.UsageError("the benchmark needs the development tools: run `make test` once") from None


if __name__ == "__main__":
    bench_group(prog_name="python -m tools.bench")
