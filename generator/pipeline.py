"""The ten steps in order: from YAML to a published site."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from generator.audience import site as guests
from generator.audience.guests import for_guests
from generator.files import REMEDIES, discard, files_below
from generator.languages.catalogue import read_catalogue
from generator.languages.extract import extract
from generator.languages.language import GERMAN, Language
from generator.languages.merge import judge, merge
from generator.languages.translate import languages_of, pages_in
from generator.load.settings import settings, site_url
from generator.load.source import Source
from generator.load.tree import Page, Tree
from generator.model.addresses import GUEST_START, START, page_uris
from generator.model.playbook import Playbook, published
from generator.pages.environment import Templates
from generator.pages.recipes import recipes
from generator.problems import PlaybookError, Problem, errors
from generator.project import PROJECT, catalogues, part, symbols
from generator.search.index import index
from generator.sheets.kinds import Offer
from generator.sheets.printer import Printer
from generator.sheets.typesetting import fonts_in, is_whole
from generator.site.config import configure
from generator.site.engines import Engine, build
from generator.site.navigation import navigation
from generator.site.publish import copy
from generator.site.write import write

if TYPE_CHECKING:
    from generator.load.tree import Memory, Tree


Say = Callable[[str], None]  # shows what is being done
BuildOne = Callable[[Tree, Language, list[Language], Engine, Say], Path]  # one language's site, for some readers
LOCK = ".lock"  # in build/


def checked(root: Path, today: date | None = None, *, strict: bool = False) -> tuple[Tree, list[Problem]]:
    """The sources and all that is wrong with them, and with their translations once they are right themselves."""
    tree = examine(root, today)
    if errors(tree.problems):
        return tree, tree.problems
    return tree, sorted([*tree.problems, *translation_problems(tree, strict=strict)])


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


def printer(tree: Tree, playbook: Playbook, language: Language = GERMAN) -> Printer:
    mine, templates = part(tree.root, "mkdocs.yml"), part(tree.root, "templates")
    team, others = site_url(settings(mine), language), site_url(guests.address(mine), language)
    return Printer(playbook, templates, symbols(tree.root), team, tree.sources, language, others)


def origins(tree: Tree) -> dict[str, str]:
    """`src_uri` → the source file an author would open."""
    found = {uri: page.source.path for uri, page in tree.pages.items()}
    for key, uri in page_uris(tree.playbook, tree.pages).items():
        source = tree.sources.get(f"ritual/{key}") or tree.sources.get(f"universe/{key}")
        if source:
            found[uri] = source.path
    return found


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


def misencoded(root: Path) -> list[Problem]:
    """Pages, styles and scripts of ours that are not UTF-8. Raises OSError for a folder that cannot be read."""
    problems = []
    for path in files_below(part(root, "templates")):
        if path.suffix in (".html", ".css", ".js") and path.is_file():
            try:
                path.read_text("utf-8")
            except UnicodeDecodeError as error:
                message = f"the byte {error.object[error.start]:#04x} is not UTF-8; save the file with this encoding"
                problems.append(Problem(str(path.absolute()), 1, 1, message))
    return problems


def examine(root: Path, today: date | None = None, memory: Memory | None = None) -> Tree:
    """Load and check the tree below `root`; all problems, sorted, are in the result's `problems`."""
    from generator.audience.rules import rules
    from generator.check import check
    from generator.check.html import handwritten
    from generator.load import load
    from generator.load.settings import settings

    tree = load(root, memory)
    if part(root, "templates") != PROJECT / "templates" and not (root / "templates" / "pages").is_dir():
        message = f"stands in the place of all of {PROJECT / 'templates'}; copy that here first, or remove this folder"
        tree.problems.append(Problem("templates", 1, 1, message))
    tree.problems.extend(misencoded(root))
    try:
        tree.problems.extend(check(tree, set(symbols(root)), today or date.today()))
        tree.problems.extend(rules(tree))
        if all(problem.path != "mkdocs.yml" for problem in tree.problems):
            tree.problems.extend(handwritten(tree, settings(part(root, "mkdocs.yml"))))
    except PlaybookError as error:
        tree.problems.extend(error.problems)
    tree.problems = sorted(set(tree.problems))
    return tree
