"""`playbook translations`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from babel.messages.catalog import Catalog

from generator.commands.common import reported, root_option
from generator.languages.catalogue import new_catalogue, read_catalogue, write_catalogue
from generator.languages.extract import extract
from generator.languages.merge import merge, progress
from generator.pipeline import examine
from generator.problems import PlaybookError, errors
from generator.project import LOCALES, catalogues, part


@click.group("translations")
def translations_group() -> None:
    """Keep the catalogues of other languages in step with the German texts."""


@translations_group.command("update")
@root_option
@click.argument("codes", nargs=-1, metavar="[LANGUAGE]...")
def translations_update_command(root: Path, codes: tuple[str, ...]) -> None:
    """Bring catalogues up to date; a LANGUAGE such as `en` or `pt_BR` that has none yet gets one."""
    with reported(root):
        for code, catalogue in merged(root, codes):
            name = f"{LOCALES}/{code}/LC_MESSAGES/playbook.po"
            changed = write_catalogue(root / name, catalogue)
            click.echo(f"{name}: {'updated' if changed else 'was up to date'}")


@translations_group.command("status")
@root_option
@click.argument("codes", nargs=-1, metavar="[LANGUAGE]...")
def translations_status_command(root: Path, codes: tuple[str, ...]) -> None:
    """Say for each language and file how many texts are done, fuzzy and missing."""
    with reported(root):
        for code, catalogue in merged(root, codes):
            counts = progress(catalogue)
            click.echo(f"{code}: {_in_words(counts.pop(''))}, {len(catalogue.obsolete)} obsolete")
            for name, in_file in sorted(counts.items()):
                if in_file["fuzzy"] or in_file["missing"]:
                    click.echo(f"  {name}: {_in_words(in_file)}")


def _in_words(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[status]} {status}" for status in ("done", "fuzzy", "missing"))


def merged(root: Path, codes: Sequence[str] = ()) -> Iterator[tuple[str, Catalog]]:
    """(language, its catalogue as it is with today's texts) of those asked for, or of all there are."""
    tree = examine(root)
    if errors(tree.problems):
        raise PlaybookError(tree.problems)
    found, _ = extract(tree, part(root, "templates"), part(root, "mkdocs.yml"))
    there = catalogues(root)
    for code in codes or there:
        yield code, merge(read_catalogue(root, there[code]) if code in there else new_catalogue(code), found)
