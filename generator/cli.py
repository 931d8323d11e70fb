"""The command `playbook`: reads the arguments, runs the flow, prints problems."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_args

import click
from babel.messages.catalog import Catalog

from generator import PROJECT, epoch, examine, guests, part, symbols
from generator.audience import for_guests
from generator.build import Engine, build, configure, navigation, settings, site_url
from generator.dates import calendar
from generator.deploy import POLICY, deploy, write_policy
from generator.faults import REMEDIES, discard, fault, files_below, interruptible, stoppable
from generator.formats import FORMATS
from generator.index import index
from generator.language import (
    GERMAN,
    LOCALES,
    SOURCE,
    Language,
    asterisk,
    catalogues,
    language_from,
    neutral,
    new_catalogue,
    read_catalogue,
)
from generator.load import Page, Tree, is_source
from generator.models import Audience, Playbook
from generator.new import Files, new_path, new_playbook, new_ritual, new_universe, refusal, title_of, unfit, write_new
from generator.parts import SBOM
from generator.print import KINDS, Event, Printer, fonts_in, is_whole
from generator.problems import PlaybookError, Problem, errors, nearest, visible
from generator.prose import inert
from generator.publish import MARKER, copy, publish, refuse_foreign, refuse_links
from generator.render import Offer, Templates, published, recipes
from generator.schema import FOLDER, write_schemas
from generator.source import Source, odd_characters
from generator.translations import extract, judge, merge, script_texts, state, write_catalogue
from generator.uris import GUEST_START, START, page_uris
from generator.watch import changes, different
from generator.watch import state as state_of
from generator.write import put, put_ours, write

Say = Callable[[str], None]  # shows what is being done
BuildOne = Callable[[Tree, Language, list[Language], Engine, Say], Path]  # one language's site, for some readers

LOCK = ".lock"  # in build/
UNFINISHED = ".unfinished"  # where `playbook init` works
PROBLEMS = 1  # exit code; 0 is fine, 2 is wrong usage (click's own)


class Text(click.ParamType[str]):
    """What goes into files: a terminal also hands over bytes that are no text, and characters that nobody sees."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        for problem in odd_characters("", value):
            self.fail(problem.message, param, ctx)
        return value


TEXT = Text()
root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    show_default="this folder",
    help="The folder with universes/ and content/.",
)
audience_option = click.option(
    "--audience",
    type=click.Choice([audience.value for audience in Audience]),
    default=Audience.TEAM.value,
    show_default=True,
    help="For guests a site of its own, of only what they may see.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="engagement-playbook")
def main() -> None:
    """Check a playbook of engagement rituals and build its handbook."""


@main.command("check")
@root_option
@click.option("--strict-translations", "strict", is_flag=True, help="Also mind translations that are missing or fuzzy.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="For people, or for other programs.",
)
@click.option("--watch", "watching", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
def check_command(root: Path, strict: bool, form: str, watching: bool) -> None:
    """Report every problem in the sources as path:line:column: message."""
    if not watching:
        if not check_once(root, strict, form):
            raise SystemExit(PROBLEMS)
        return
    interruptible()
    with suppress(KeyboardInterrupt):
        for changed in changes(root):
            if form == "text":
                click.secho(f"{datetime.now():%H:%M:%S} {', '.join(changed) or 'Ctrl-C ends.'}", dim=True)
            check_once(root, strict, form)


def check_once(root: Path, strict: bool, form: str) -> bool:
    """Check and print in a format of `formats.py`, or as text; whether there are no errors."""
    tree, problems = checked(root, strict=strict)
    fine = not errors(problems)
    if form != "text":
        click.echo(FORMATS[form](seen_from_here(root, problems)), nl=False)
        return fine
    report(root, problems)
    if fine:
        count = len(published(tree.playbook).rituals)
        click.echo(f"{len(tree.playbook.universes)} universes and {count} rituals are fine.")
    return fine


def checked(root: Path, today: date | None = None, *, strict: bool = False) -> tuple[Tree, list[Problem]]:
    """The sources and all that is wrong with them, and with their translations once they are right themselves."""
    tree = examine(root, today)
    if errors(tree.problems):
        return tree, tree.problems
    return tree, sorted([*tree.problems, *translation_problems(tree, strict=strict)])


@main.command("build")
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


@main.command("deploy")
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


@main.command("serve")
@root_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen at; 0 takes a free one.",
)
@click.option("--host", type=TEXT, default="127.0.0.1", show_default=True, help="The address to listen at.")
def serve_command(root: Path, port: int, host: str) -> None:
    """Show the handbook in a browser while it is written; what is saved is there at once."""
    from generator.serve import serve  # which needs this module

    def tell(problems: list[Problem]) -> None:
        report(root, problems)
        if not problems:
            click.echo("All is fine.")

    try:
        server = serve(root, host, port, tell)
    except OSError as error:
        what = f"Cannot listen at {host}, port {port}: {error.strerror or error}; take another with --port."
        click.echo(what, err=True)
        raise SystemExit(PROBLEMS) from None
    name, number = str(server.server_address[0]), server.server_address[1]
    if not ip_address(name).is_loopback:
        click.echo("Warning: whoever can reach this computer over the network can read the handbook.", err=True)
    click.echo(f"http://{f'[{name}]' if ':' in name else name}:{number}/ shows {root.resolve()}; Ctrl-C ends it.")
    interruptible()
    try:
        while True:
            signal.pause()
    except KeyboardInterrupt:
        server.shutdown()
        click.echo("\nEnded.")


def translation_problems(tree: Tree, *, strict: bool) -> Iterator[Problem]:
    """What is wrong with the catalogues; `strict` also minds texts and pages that are not translated."""
    there = catalogues(tree.root)
    if not there:
        return
    found, room = extract(tree, part(tree.root, "templates"), part(tree.root, "mkdocs.yml"))
    for code, path in there.items():
        name = path.relative_to(tree.root).as_posix()
        try:
            yield from judge(name, merge(read_catalogue(tree.root, path), found), room, strict=strict)
        except PlaybookError as error:
            yield from error.problems
        if strict:
            for src_uri, page in tree.pages.items():
                if src_uri not in tree.translations.get(code, {}):
                    message = f"no translation; write {src_uri.removesuffix('.md')}.{code}.md beside it"
                    yield Problem(page.source.path, 1, 1, message)


def build_tree_anyway(tree: Tree, engine: Engine, say: Say, build_one: BuildOne) -> tuple[Path, list[str]]:
    """`build_tree`; where what an earlier build has left behind is in the way, without that."""
    try:
        return build_tree(tree, engine, say, build_one)
    except (PlaybookError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in REMEDIES:
            raise
        say("once more, from nothing")
        for path in (tree.root / "build").iterdir():
            if path.name not in (LOCK, "bench", "serve"):
                discard(path)
        return build_tree(tree, engine, say, build_one)


def fonts(templates: Path) -> None:
    """Raise PlaybookError where a font is missing or damaged: sheets would be empty, pages look like anything."""
    missing, folder = [], templates / "print/fonts"
    there = sorted(path for path in folder.glob("*") if path.suffix in (".otf", ".ttf"))
    if not there:
        missing.append(Problem(str(folder.absolute()), 1, 1, "there is no font; put it back"))
    known = fonts_in(folder)
    damaged = [path for path in there if not is_whole(path) or path.name not in known]
    missing += [Problem(str(path.absolute()), 1, 1, "no font, or a damaged one; put it back") for path in damaged]
    for style in sorted(templates.glob("theme/assets/*.css")):
        for number, line in enumerate(style.read_text("utf-8").splitlines(), 1):
            for match in re.finditer(r"url\([\"']?(fonts/[^\"')]+)", line):
                path = style.parent / match[1]
                if not path.is_file() or not is_whole(path):
                    message = f"there is no {match[1]}, or it is damaged; put the font back"
                    missing.append(Problem(str(style.absolute()), number, match.start(1) + 1, message))
    if missing:
        raise PlaybookError(missing)


def build_tree(tree: Tree, engine: Engine, say: Say, build_one: BuildOne) -> tuple[Path, list[str]]:
    """Print, render, write, build and index a checked tree in all its languages.

    Returns the folder with the HTML, and all that has been made in it.
    """
    languages = languages_of(tree)
    sites, whole = list[Path](), list[str]()
    for language in languages:
        site = build_one(tree, language, languages, engine, say)
        below = language.code if sites else ""
        whole += (os.path.join(below, path.relative_to(site)) for path in files_below(site))
        sites.append(site)
    for language, folder in zip(languages[1:], sites[1:], strict=True):
        copy(folder, sites[0] / language.code)
    return sites[0], whole


def languages_of(tree: Tree) -> list[Language]:
    """German, and every language that has a catalogue. Words of the interface may come from the project's own."""
    found, said = [], frozenset(ids[0] for ids, _place in script_texts(part(tree.root, "templates")))
    for code, path in catalogues(tree.root).items():
        own = language_from(code, read_catalogue(tree.root, path))
        shipped = catalogues(PROJECT).get(code)
        words = language_from(code, read_catalogue(PROJECT, shipped)) if shipped and not shipped.samefile(path) else own
        found.append(replace(own, words={**words.words, **own.words}, scripts=said))
    return [german(tree), *found]


def german(tree: Tree) -> Language:
    """German in the gender style that `mkdocs.yml` asks for."""
    config, glossary = part(tree.root, "mkdocs.yml"), tree.playbook.glossary
    wanted = (settings(config).get("extra") or {}).get("gender", "colon")
    if wanted == "colon":
        return GERMAN
    forms = glossary.neutral if glossary else {}
    style: Callable[[str], str] = asterisk
    restyle: Callable[[str], str] = partial(asterisk, star="\\*")
    if wanted == "neutral":
        style, restyle = neutral(forms), neutral({form: inert(other) for form, other in forms.items()})
    texts = script_texts(part(tree.root, "templates"))
    words = {ids[0]: tuple(map(style, ids)) for ids, _place in texts}
    return Language(words=words, scripts=frozenset(words), style=style, restyle=restyle)


def build_language(tree: Tree, language: Language, languages: list[Language], engine: Engine, say: Say) -> Path:
    """One language's site, in `build/<language>/site`."""
    root, templates = tree.root, part(tree.root, "templates")
    playbook = language.record(published(tree.playbook))
    folder = root / "build" / language.code
    for made in (folder, folder / "print", folder / "docs", folder / "site"):
        if made.is_symlink() or made.is_file():
            discard(made)  # something else has been put there
    say(f"print ({language.code})")
    press = printer(tree, playbook, language)
    pdfs = press.set_all(press.all(), folder / "print")
    say(f"render ({language.code})")  # each page when it is written
    offer = Offer(pdfs, press.versions(pdf.sheet for pdf in pdfs))
    content = pages_of(tree, language)
    files = recipes(playbook, content, Templates(templates / "pages", symbols(root)), offer, language)
    write(folder / "docs", files)
    nav = navigation(playbook, {uri: page.title for uri, page in content.items()}, language)
    codes = [other.code for other in languages]
    config = configure(folder, part(root, "mkdocs.yml"), templates / "theme", nav, language, codes)
    say(f"build with {engine} ({language.code})")
    html = build(config, templates / "theme", engine, origins(tree))
    say(f"index ({language.code})")
    index(html, playbook, language.code)
    for pdf in pdfs:
        shutil.copyfile(pdf.path, html / "print" / f"{pdf.sheet.name}.pdf")
    return html


def build_for_guests(tree: Tree, language: Language, languages: list[Language], engine: Engine, say: Say) -> Path:
    """One language's site for guests, in `build/guest/<language>/site`; the team's build shares nothing with it."""
    root, templates, mine = tree.root, part(tree.root, "templates"), part(tree.root, "mkdocs.yml")
    codes = [other.code for other in languages]
    shared = for_guests(language.record(published(tree.playbook)), pages_in(tree, language), codes)
    folder, theme = root / "build" / "guest" / language.code, templates / "theme"
    say(f"print ({language.code})")
    sources = {f"ritual/{name}": tree.sources.get(f"ritual/{key}", Source("")) for key, name in shared.names.items()}
    site = site_url(guests.address(mine), language)
    press = Printer(shared.playbook, templates, symbols(root), site, sources, language)
    pdfs = press.set_all(guests.programmes(press), folder / "print")
    say(f"render ({language.code})")
    look = Templates(templates / "pages", symbols(root))
    write(folder / "docs", guests.guest_pages(shared, look, pdfs, theme / "assets", language))
    config = configure(folder, mine, theme, guests.guest_navigation(shared, language), language, codes)
    guests.adapt(config, mine, theme, shared.pages.get(START, guests.start_page(language)), language)
    say(f"build with {engine} ({language.code})")
    html = build(config, theme, engine, {uri: page.source.path for uri, page in shared.pages.items()})
    guests.prune(html, theme / "assets")
    say(f"index ({language.code})")
    index(html, shared.playbook, language.code)
    for pdf in pdfs:
        shutil.copyfile(pdf.path, html / "print" / f"{pdf.sheet.name}.pdf")
    return html


def pages_of(tree: Tree, language: Language) -> dict[str, Page]:
    """The team's hand-written pages in a language, all but where guests start."""
    return {uri: page for uri, page in pages_in(tree, language).items() if uri != GUEST_START}


def pages_in(tree: Tree, language: Language) -> dict[str, Page]:
    """The hand-written pages in a language; those without a translation, or with an old one, stay German and say so."""
    if language.code == SOURCE:
        return {uri: restyled(page, language) for uri, page in tree.pages.items()}
    there = tree.translations.get(language.code, {})
    return {
        uri: there[uri] if uri in there and there[uri].of == page.digest else replace(page, language=SOURCE)
        for uri, page in tree.pages.items()
    }


def restyled(page: Page, language: Language) -> Page:
    """A German page in the language's gender style."""
    if language == GERMAN:
        return page
    title, description = language.style(page.title), language.style(page.description)
    return replace(page, title=title, description=description, body=language.restyle(page.body))


def printer(tree: Tree, playbook: Playbook, language: Language = GERMAN) -> Printer:
    mine, templates = part(tree.root, "mkdocs.yml"), part(tree.root, "templates")
    team, others = site_url(settings(mine), language), site_url(guests.address(mine), language)
    return Printer(playbook, templates, symbols(tree.root), team, tree.sources, language, others)


@main.command("print")
@root_option
@click.argument("ids", nargs=-1, metavar="[RITUAL|UNIVERSE|PATH]...")
@click.option("--sheet", "kind", type=click.Choice(list(KINDS)), help="Only this kind of sheet.")
@click.option("--role", help="Only this role's page of the role sheets.")
@click.option("--date", "start", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Start, such as 2027-06-18T18:00.")
@click.option(
    "--person", "people", type=TEXT, multiple=True, metavar="ROLE=NAME", help="A name for a role; may be repeated."
)
@click.option(
    "--ics", type=click.Path(dir_okay=False, path_type=Path), help="Write the tasks as a calendar; needs --date."
)
@click.option("-o", "output", type=click.Path(path_type=Path), help="A file for one sheet, a folder for several.")
def print_command(
    root: Path,
    ids: tuple[str, ...],
    kind: str | None,
    role: str | None,
    start: datetime | None,
    people: tuple[str, ...],
    ics: Path | None,
    output: Path | None,
) -> None:
    """Print sheets of rituals, decks and booklets of universes, mentors' paths, or everything, as PDF."""
    tree = examine(root)
    if errors(tree.problems):
        report(root, tree.problems)
        raise SystemExit(PROBLEMS)
    for option, path, kind_of_file in (("-o", output, ".pdf"), ("--ics", ics, ".ics")):
        if path and path.exists() and not (path.is_file() or path.is_dir()):  # it would replace /dev/null
            raise click.UsageError(f"{option} writes a file, and '{path}' is a device or the like; take another name")
        if path and path.suffix != kind_of_file and (path.is_file() or option == "--ics"):
            raise click.UsageError(f"{option} writes a file that ends in '{kind_of_file}', and '{path}' does not")
    playbook = published(tree.playbook)
    names = dict(person.partition("=")[::2] for person in people)
    if not all(names.values()):
        raise click.UsageError('--person needs ROLE=NAME, such as gastgeber="Anna Berger"')
    if start and not 1970 < start.year < 2100:
        raise click.UsageError("--date needs a year from 1971 to 2099")
    records = {*playbook.rituals, *playbook.universes, *playbook.paths}
    for words, known in ((ids, records), ((*names, *([role] if role else [])), {*playbook.roles})):
        for word in words:
            if word not in known:
                raise click.UsageError(f"there is no '{word}'{nearest(word, known)}")
    if ics and not (start and len(ids) == 1 and ids[0] in playbook.rituals):
        raise click.UsageError("--ics needs one ritual and --date")
    with reported(root):
        fonts(part(root, "templates"))
        press = printer(tree, playbook)
        event = Event(start, names) if start else Event(None, names) if names else None
        sheets = [sheet for sheet in press.selection(ids, event, role) if kind in (None, sheet.kind)]
        if not sheets:
            there = {sheet.kind: None for sheet in press.selection(ids, event, role)}
            raise click.UsageError(f"there is no such sheet for it; known: {', '.join(there) or 'none'}")
        if len(sheets) > 1 and output and output.suffix == ".pdf":
            raise click.UsageError(f"{len(sheets)} sheets do not fit one file; give a folder with -o, or one --sheet")
        with progress() as say:
            for sheet in sheets:
                say(sheet.name)
                single = len(sheets) == 1 and not (output and output.is_dir())
                path = (output or Path(f"{sheet.name}.pdf")) if single else (output or Path()) / f"{sheet.name}.pdf"
                put(path, press.pdf(sheet))
                click.echo(path)
        if ics and start:
            put(ics, calendar(playbook, playbook.rituals[ids[0]], start, names))
            click.echo(ics)


@main.command("schema")
@root_option
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), help="Where to write.  [default: ROOT/schema]"
)
def schema_command(root: Path, output: Path | None) -> None:
    """Write JSON Schema for every kind of YAML file, which editors complete and explain by."""
    for path in write_schemas(output or root / FOLDER):
        click.echo(path)


@main.command("init")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", type=TEXT, help="What the handbook is called.  [default: made from DIR]")
def init_command(folder: Path, name: str | None) -> None:
    """Begin a playbook of your own in an empty folder: small, complete, ready to be built."""
    if folder.exists() and any(entry.name not in (".git", UNFINISHED) for entry in folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty; give another folder")
    title = name or f"Playbook {visible(folder.resolve().name)}"
    signs = sorted(symbols(PROJECT))
    whole, moved = folder / UNFINISHED, list[Path]()
    discard(whole)  # of one that was stopped
    try:  # what fails leaves nothing, so it can be tried again
        whole.mkdir(parents=True)
        new_playbook(whole, PROJECT / "templates", PROJECT / "mkdocs.yml", signs, title, date.today())
        for entry in sorted(whole.iterdir()):
            moved.append(entry.rename(folder / entry.name))
        moved.clear()
    finally:
        for rest in (*moved, whole):
            with suppress(OSError):
                discard(rest)
    click.echo(f"{folder} is a playbook now. Next: playbook build --root {shlex.quote(str(folder))}")


@main.group("new")
def new_group() -> None:
    """Write a new file, complete and commented; what is not given as an option is asked for."""


id_argument = click.argument("key", metavar="[ID]", required=False)
title_option = click.option("--title", type=TEXT, help="What readers call it.")
summary_option = click.option("--summary", type=TEXT, help="A sentence of at most 160 characters.")
owner_option = click.option("--owner", type=TEXT, help="Who is responsible for the content.")


@new_group.command("ritual")
@root_option
@id_argument
@click.option("--universe", help="The universe's id.")
@click.option("--occasion", help="The occasion's id.")
@title_option
@summary_option
@owner_option
def new_ritual_command(
    root: Path,
    key: str | None,
    universe: str | None,
    occasion: str | None,
    title: str | None,
    summary: str | None,
    owner: str | None,
) -> None:
    """Write a ritual as a draft."""
    tree, key = start_new(root, "ritual", key)
    refuse = partial(unfit, tree, "ritual")
    values: dict[str, Any] = {
        "universe": ask("Universe", universe, known=tree.ids("universe")),
        "occasion": ask("Occasion", occasion, known=tree.ids("occasions")),
        "title": ask("Title", title, title_of(key), refuse=partial(refuse, "title")),
        "summary": ask("Summary", summary, "Hier steht, was geschieht und für wen.", refuse=partial(refuse, "summary")),
        "owner": ask("Owner", owner, "Redaktion", refuse=partial(refuse, "owner")),
    }
    finish_new(root, lambda: new_ritual(tree, part(root, "templates"), key, today=date.today(), **values))


@new_group.command("universe")
@root_option
@id_argument
@title_option
@owner_option
def new_universe_command(root: Path, key: str | None, title: str | None, owner: str | None) -> None:
    """Write a universe, and into the others what they then have to say about it."""
    tree, key = start_new(root, "universe", key)
    refuse = partial(unfit, tree, "universe")
    values = {
        "title": ask("Title", title, title_of(key), refuse=partial(refuse, "title")),
        "owner": ask("Owner", owner, "Redaktion", refuse=partial(refuse, "owner")),
    }
    signs = sorted(symbols(root))
    finish_new(root, lambda: new_universe(tree, part(root, "templates"), key, signs, today=date.today(), **values))


@new_group.command("path")
@root_option
@id_argument
@click.option("--universe", help="The universe's id; '-' for a path through all of them.")
@title_option
@summary_option
@owner_option
def new_path_command(
    root: Path, key: str | None, universe: str | None, title: str | None, summary: str | None, owner: str | None
) -> None:
    """Write a mentors' path."""
    tree, key = start_new(root, "path", key)
    if not published(tree.playbook).rituals:
        raise click.UsageError("a path leads through published rituals, and there is none yet")
    where = ask("Universe ('-' for all)", universe, "-", known=["-", *tree.ids("universe")])
    refuse = partial(unfit, tree, "path")
    values = {
        "title": ask("Title", title, title_of(key), refuse=partial(refuse, "title")),
        "summary": ask("Summary", summary, "Hier steht, wohin der Weg führt.", refuse=partial(refuse, "summary")),
        "owner": ask("Owner", owner, "Redaktion", refuse=partial(refuse, "owner")),
    }
    place = None if where == "-" else where
    finish_new(root, lambda: new_path(tree, part(root, "templates"), key, place, today=date.today(), **values))


def start_new(root: Path, kind: str, key: str | None) -> tuple[Tree, str]:
    """The tree that a new file is for, and the file's id; wrong usage if it cannot have that."""
    tree = examine(root)
    if errors(tree.problems):  # what is written then could not be checked
        report(root, tree.problems)
        raise SystemExit(PROBLEMS)
    return tree, ask("Id (the file's name, for ever)", key, refuse=partial(refusal, tree, kind))


def ask(
    what: str,
    given: str | None,
    default: str | None = None,
    known: Sequence[str] = (),
    refuse: Callable[[str], str | None] = lambda _: None,
) -> str:
    """What was given as an option; or is typed now, again until it is `known`, if some are, and nothing refuses it."""

    def accepted(text: str) -> str:
        if message := f"there is no '{text}'{nearest(text, known)}" if known and text not in known else refuse(text):
            raise click.UsageError(message)
        return text

    if given is not None:
        return accepted(given)
    choices = click.Choice(known) if known else str
    return str(click.prompt(what, default=default, type=choices, value_proc=accepted))


def finish_new(root: Path, make: Callable[[], Files]) -> None:
    """Write the files and say what is to be done with them."""
    try:
        files = make()
        write_new(root, files)
    except PlaybookError as error:
        raise click.UsageError("; ".join(problem.message for problem in error.problems)) from None
    except FileExistsError as error:
        raise click.UsageError(f"{error.filename} is there already; it was left as it is") from None
    for path in files:
        click.echo(os.path.relpath(root / path))
    problems = examine(root).problems
    report(root, problems)
    if errors(problems):
        raise SystemExit(PROBLEMS)
    click.echo("Fine for `playbook check`; now replace whatever begins with „Hier steht“.")


def origins(tree: Tree) -> dict[str, str]:
    """`src_uri` → the source file an author would open."""
    found = {uri: page.source.path for uri, page in tree.pages.items()}
    for key, uri in page_uris(tree.playbook, tree.pages).items():
        source = tree.sources.get(f"ritual/{key}") or tree.sources.get(f"universe/{key}")
        if source:
            found[uri] = source.path
    return found


@main.group("translations")
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
            counted = state(catalogue)
            click.echo(
                f"{code}: {counted.done} done, {counted.fuzzy} fuzzy, {counted.missing} missing, "
                f"{counted.obsolete} obsolete"
            )
            for name, files in sorted(counted.files.items()):
                if files["fuzzy"] or files["missing"]:
                    click.echo(f"  {name}: {files['done']} done, {files['fuzzy']} fuzzy, {files['missing']} missing")


def merged(root: Path, codes: Sequence[str] = ()) -> Iterator[tuple[str, Catalog]]:
    """(language, its catalogue as it is with today's texts) of those asked for, or of all there are."""
    tree = examine(root)
    if errors(tree.problems):
        raise PlaybookError(tree.problems)
    found, _ = extract(tree, part(root, "templates"), part(root, "mkdocs.yml"))
    there = catalogues(root)
    for code in codes or there:
        yield code, merge(read_catalogue(root, there[code]) if code in there else new_catalogue(code), found)


@main.group("bench")
def bench_group() -> None:
    """Measure what the handbook promises."""


@bench_group.command("build")
@root_option
@click.option("--sizes", default="100,1000", show_default=True, help="How many rituals, such as 100,1000,10000.")
@click.option("--also", type=click.Choice(["properdocs", "zensical"]), multiple=True, help="Measure this engine too.")
def bench_build_command(root: Path, sizes: str, also: tuple[str, ...]) -> None:
    """Whole builds of made-up handbooks, ours against stock Material on the same Markdown."""
    from generator.bench_build import bench_build

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
    from generator.bench_reader import bench_reader

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
    from generator.bench_search import search_table  # needs what only `make test` installs

    site, docs = root / "site", root / "build" / "de" / "docs"
    if not (site / "search").is_dir() or not docs.is_dir():
        raise click.UsageError("there is no built site; run 'playbook build' first")
    for line in search_table(site, docs, queries or root / "tests" / "search" / "queries.tsv"):
        click.echo(line)


@bench_group.command("serve")
@root_option
def bench_serve_command(root: Path) -> None:
    """How long `playbook serve` takes from a save until a browser has the new page."""
    from generator.bench_serve import bench_serve

    for what, value in bench_serve(root):
        click.echo(f"{value:>14}  {what}")


@bench_group.command("print")
@root_option
def bench_print_command(root: Path) -> None:
    """Our sheets against WeasyPrint's, and all sheets from nothing and again."""
    from generator.bench_print import bench_print

    tree = examine(root)
    playbook = published(tree.playbook)
    try:
        for what, value in bench_print(playbook, printer(tree, playbook)):
            click.echo(f"{value:>14}  {what}")
    except ImportError:
        raise click.UsageError("the benchmark needs the development tools: run `make test` once") from None


# ---------------------------------------------------------------------- output


def report(root: Path, problems: Sequence[Problem]) -> None:
    """Print problems, sorted, with paths as seen from here, and count them."""
    for problem in seen_from_here(root, problems):
        click.echo(str(problem))
    if problems:
        bad, warned = len(errors(problems)), len(problems) - len(errors(problems))
        counts = [f"{n} {word}{'s' * (n != 1)}" for n, word in ((bad, "error"), (warned, "warning")) if n]
        click.echo(f"{' and '.join(counts)}.")


def seen_from_here(root: Path, problems: Sequence[Problem]) -> list[Problem]:
    return [replace(problem, path=os.path.relpath(root / problem.path)) for problem in problems]


@contextmanager
def reported(root: Path) -> Iterator[None]:
    """Problems, and files that cannot be written, as lines and an exit code."""
    try:
        yield
    except PlaybookError as error:
        report(root, error.problems)
        raise SystemExit(PROBLEMS) from None
    except OSError as error:
        report(root, [fault(error, root)])
        raise SystemExit(PROBLEMS) from None


@contextmanager
def progress() -> Iterator[Say]:
    """A line that says what is being done; nothing where the output is no terminal."""
    # Here, because they take longer to be imported than most commands to be run; so in `print` and `dates`.
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda text: bar.update(task, description=text)


@contextmanager
def lock(root: Path) -> Iterator[Callable[[], bool]]:
    """Keep a second build of the same tree from running at the same time; gives whether it still does."""
    folder, file = root / "build", root / "build" / LOCK
    if folder.exists() and not folder.is_dir():
        raise PlaybookError([Problem("build", 1, 1, "no folder; rename it, for the build makes a folder of this name")])
    folder.mkdir(exist_ok=True)
    if file.is_symlink() or not file.is_file():  # a pipe, too: opening it would never end
        discard(file)
    with open(file, "w") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PlaybookError(
                [Problem("build", 1, 1, "another build is running here; wait until it has ended")]
            ) from None
        yield lambda: file.is_file() and os.path.samestat(os.fstat(opened.fileno()), file.stat())
