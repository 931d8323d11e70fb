"""How a playbook becomes a handbook: ten steps, in this order.

    load       YAML and Markdown files become records, each value with its place     load/
    check      rules that need more than one record; all problems at once             check/
    translate  the records and hand-written pages in one language                     languages/
    select     what one audience may read of them: an edition                         audience/
    print      the edition's sheets as PDF                                             sheets/
    render     a recipe for each Markdown page and data file                           pages/
    write      the files into `build/<language>/docs`, only those that changed        site/
    build      HTML by a site engine                                                   site/
    index      the search's files, made from the HTML                                  search/
    publish    the finished site takes the old one's place in one step                site/

`examine` does the first two, `build_language` the seven from translate to index, `build_site` all ten.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from generator.audience.edition import MARKERS, Edition, team_edition
from generator.audience.guests import guest_edition
from generator.audience.rules import rules as audience_rules
from generator.check import check
from generator.check.html import handwritten
from generator.files import file_times, write_file
from generator.languages.catalogue import read_catalogue
from generator.languages.extract import extract
from generator.languages.language import Language
from generator.languages.merge import catalogue_problems, merge
from generator.languages.translate import languages_of, translated_pages
from generator.load import load
from generator.load.files import is_source
from generator.load.settings import settings, site_url
from generator.load.source import Source
from generator.load.tree import Memory, Tree
from generator.model.addresses import START
from generator.model.playbook import published
from generator.model.text import Audience
from generator.pages.components import SBOM
from generator.pages.environment import Templates
from generator.pages.guests import default_start
from generator.pages.recipes import recipes
from generator.problems import PlaybookError, Problem, errors
from generator.project import PROJECT, WATCHED, catalogues, part, symbols
from generator.search.index import index
from generator.sheets.kinds import Offer
from generator.sheets.printer import Printer
from generator.site.config import configure
from generator.site.engines import Engine, build
from generator.site.epoch import VARIABLE, source_date
from generator.site.guest_files import remove_team_files
from generator.site.lock import one_build
from generator.site.navigation import navigation
from generator.site.publish import copy, publish, refuse_foreign
from generator.site.write import write

Report = Callable[[str], None]  # is told what is being done, such as `print (de)`


def examine(root: Path, today: date | None = None, memory: Memory | None = None) -> Tree:
    """Load and check the tree below `root`; the result's `problems` holds all that is wrong, sorted by place.

    `today` decides which reviews are due. A file that says the same as in `memory` is not parsed again.
    """
    tree = load(root, memory)
    if part(root, "templates") != PROJECT / "templates" and not (root / "templates" / "pages").is_dir():
        message = f"stands in the place of all of {PROJECT / 'templates'}; copy that here first, or remove this folder"
        tree.problems.append(Problem("templates", 1, 1, message))
    try:
        tree.problems.extend(check(tree, set(symbols(root)), today or date.today()))
        tree.problems.extend(audience_rules(tree))
        if all(problem.path != "mkdocs.yml" for problem in tree.problems):
            tree.problems.extend(handwritten(tree, settings(part(root, "mkdocs.yml"))))
    except PlaybookError as error:
        tree.problems.extend(error.problems)
    tree.problems = sorted(set(tree.problems))
    return tree


def examine_all(root: Path, today: date | None = None, *, strict: bool = False) -> Tree:
    """`examine`, and the translations too where the sources have no errors.

    `strict` also reports texts and pages whose translation is missing or out of date.
    """
    tree = examine(root, today)
    if not errors(tree.problems):
        tree.problems = sorted([*tree.problems, *translation_problems(tree, strict=strict)])
    return tree


def translation_problems(tree: Tree, *, strict: bool) -> Iterator[Problem]:
    """What is wrong with the catalogues of a tree without errors."""
    files = catalogues(tree.root)
    if not files:
        return
    texts, room = extract(tree, part(tree.root, "templates"), part(tree.root, "mkdocs.yml"))
    for code, path in files.items():
        name = path.relative_to(tree.root).as_posix()
        try:
            yield from catalogue_problems(name, merge(read_catalogue(tree.root, path), texts), room, strict=strict)
        except PlaybookError as error:
            yield from error.problems
        if strict:
            for src_uri, page in tree.pages.items():
                if src_uri not in tree.translations.get(code, {}):
                    message = f"no translation; write {src_uri.removesuffix('.md')}.{code}.md beside it"
                    yield Problem(page.source.path, 1, 1, message)


def build_site(
    root: Path,
    site: Path,
    audience: Audience = Audience.TEAM,
    engine: Engine = "mkdocs",
    report: Report = lambda _: None,
) -> list[Problem]:
    """Build one audience's site from the sources below `root` and publish it in `site`; returns the warnings.

    Raises PlaybookError for problems in the sources, OSError for files that cannot be read or written, and ValueError
    for a `SOURCE_DATE_EPOCH` that is no number of seconds. Whenever it raises, `site` is as it was.
    """
    refuse_foreign(site, root, MARKERS[audience])
    with one_build(root):
        report("check")
        before = file_times(root, WATCHED)
        tree = examine_all(root)
        if errors(tree.problems):
            raise PlaybookError(tree.problems)
        os.environ[VARIABLE] = str(source_date(root, published(tree.playbook)))  # for the engine
        languages = languages_of(tree)
        codes = [language.code for language in languages]
        html, *others = [build_language(tree, language, audience, codes, engine, report) for language in languages]
        for code, folder in zip(codes[1:], others, strict=True):
            copy(folder, html / code)
        report("publish")
        after = file_times(root, WATCHED)
        if changed := {path for path, _time in before.items() ^ after.items() if is_source(path)}:
            message = "changed while the handbook was being built; build again"
            raise PlaybookError(Problem(path, 1, 1, message) for path in changed)
        write_file(root / "build" / SBOM, (PROJECT / SBOM).read_bytes())  # for operators; readers have the about page
        publish(html, site.resolve())
    return tree.problems


def build_language(
    tree: Tree, language: Language, audience: Audience, codes: Sequence[str], engine: Engine, report: Report
) -> Path:
    """The site of one language and audience, below `build/`; `codes` are those of all languages. Returns its folder."""
    root, templates = tree.root, part(tree.root, "templates")
    edition = select(tree, language, audience, codes)
    folder = root / "build" / ("guest" if audience is Audience.GUEST else "") / language.code
    report(f"print ({language.code})")
    offer = print_sheets(tree, edition, folder / "print")
    report(f"render ({language.code})")  # each page when it is written
    write(folder / "docs", recipes(edition, Templates(templates / "pages", symbols(root)), offer))
    config = configure(
        folder,
        part(root, "mkdocs.yml"),
        templates / "theme",
        navigation(edition),
        edition.language,
        codes,
        guest_start=edition.pages.get(START, default_start(language)) if audience is Audience.GUEST else None,
    )
    report(f"build with {engine} ({language.code})")
    html = build(config, templates / "theme", engine, origins(tree, edition))
    if audience is Audience.GUEST:
        remove_team_files(html, templates / "theme" / "assets")
    report(f"index ({language.code})")
    index(html, edition.playbook, language.code)
    for pdf in offer.pdfs:
        shutil.copyfile(pdf.path, html / "print" / f"{pdf.sheet.name}.pdf")
    return html


def select(tree: Tree, language: Language, audience: Audience = Audience.TEAM, codes: Sequence[str] = ()) -> Edition:
    """What an audience reads in a language. `codes` are the languages, whose names no page of guests may take."""
    playbook, pages = language.translate(published(tree.playbook)), translated_pages(tree, language)
    if audience is Audience.GUEST:
        return guest_edition(playbook, pages, language, codes)
    return team_edition(playbook, pages, language)


def print_sheets(tree: Tree, edition: Edition, folder: Path) -> Offer:
    """Every sheet of an edition as PDF in `folder`. Raises PlaybookError with all that cannot be set."""
    printer = printer_of(tree, edition)
    if edition.audience is Audience.GUEST:
        return Offer(printer.typesetter.set_all(printer.programmes(), folder))
    pdfs = printer.typesetter.set_all(printer.all(), folder)
    return Offer(pdfs, printer.versions(pdf.sheet for pdf in pdfs))


def printer_of(tree: Tree, edition: Edition) -> Printer:
    """What makes the sheets of an edition."""
    config, templates = settings(part(tree.root, "mkdocs.yml")), part(tree.root, "templates")
    address = partial(site_url, config, edition.language.code)
    guests = address(Audience.GUEST)
    team = address() if edition.audience is Audience.TEAM else guests
    names = {f"ritual/{name}": f"ritual/{key}" for key, name in edition.names.items()}
    sources = tree.sources | {name: tree.sources.get(key, Source("")) for name, key in names.items()}
    return Printer(edition.playbook, templates, symbols(tree.root), team, sources, edition.language, guests)


def origins(tree: Tree, edition: Edition) -> dict[str, str]:
    """`src_uri` → the source file an author would open."""
    files = {uri: page.source.path for uri, page in edition.pages.items()}
    for key, uri in edition.uris.items():
        if source := tree.sources.get(f"ritual/{key}") or tree.sources.get(f"universe/{key}"):
            files[uri] = source.path
    return files
