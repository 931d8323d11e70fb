"""`playbook serve`: the handbook as it would be built now, page by page, while its sources are edited.

A save is loaded and checked as a whole, which is quick because unchanged files are remembered. Every page is then a
recipe: it is made when a browser asks for it, and made again only if its Markdown, or what all pages share, is no
longer the same. What nobody looks at follows in the background, so that its problems are found too, and the sheets
after a moment without a save. Nothing is ever guessed to be unchanged; `tests/preview/`
compares with cold builds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.audience.edition import team_edition
from generator.languages.language import GERMAN, Language
from generator.languages.translate import translated_pages
from generator.load.tree import Tree
from generator.model.addresses import START, site_path
from generator.model.playbook import Playbook, published
from generator.model.record import Record
from generator.pages.environment import Recipe, Templates, content_of
from generator.pages.recipes import recipes
from generator.pipeline import origins, printer_of
from generator.problems import PlaybookError, Problem
from generator.project import part, symbols
from generator.search.index import index
from generator.sheets.kinds import Offer
from generator.site.config import configure
from generator.site.lock import refuse_links
from generator.site.mkdocs_engine import Engine
from generator.site.navigation import navigation


@dataclass
class BuiltPage:
    """A page as it was made last; `round` and `state` are the site's and the engine's at that time."""

    markdown: str = ""
    html: str = ""
    round: int = -1
    state: int = -1
    problems: list[Problem] = field(default_factory=list)


class LiveSite:
    """The handbook in one language, whose pages are made when they are asked for."""

    def __init__(self, root: Path, language: Language, codes: list[str]) -> None:
        self.root, self.language = root, language
        refuse_links(root / "build")
        self.folder = root / "build" / "serve" / language.code
        (self.folder / "docs").mkdir(parents=True, exist_ok=True)
        base, theme = part(root, "mkdocs.yml"), part(root, "templates") / "theme"
        self.engine = Engine(configure(self.folder, base, theme, [{"-": START}], language, codes), theme)
        self.engine_problems: list[str] = []
        self.recipes: dict[str, Recipe] = {}
        self.built: dict[str, BuiltPage] = {}
        self.offer = Offer()
        self.nav: list[object] = []
        self.round = 0
        self.indexed = (-1, -1)
        self.translated: dict[str, tuple[Record, Record]] = {}

    def update(self, tree: Tree) -> None:
        """Show a checked tree from now on. Raises PlaybookError, and stays as it was, if the engine rejects it."""
        playbook = self.in_language(published(tree.playbook))
        edition = team_edition(playbook, translated_pages(tree, self.language), self.language)
        templates = part(self.root, "templates")
        new = recipes(edition, Templates(templates / "pages", symbols(self.root)), offer_for(playbook, self.offer))
        nav = navigation(edition)
        uris = [uri for uri in new if uri.endswith(".md")]
        if nav != self.nav or uris != list(self.built):
            complaints = self.engine.open(uris, nav, lambda uri: content_of(new[uri]).decode())
            self.nav, self.engine_problems = nav, [*self.engine.complaints, *complaints]
            self.built = {uri: self.built.get(uri, BuiltPage()) for uri in uris}
        self.playbook, self.edition, self.tree, self.recipes = playbook, edition, tree, new
        self.addresses = {site_path(uri): uri for uri in uris}
        self.origins = origins(tree, edition)
        self.round += 1

    def in_language(self, playbook: Playbook) -> Playbook:
        """The playbook in this language; records that are the same as before are not translated again."""
        if self.language == GERMAN:
            return playbook
        known, self.translated = self.translated, {}

        def translated(key: str, record: Record) -> Record:
            same = key in known and known[key][0] is record
            self.translated[key] = known[key] if same else (record, self.language.translate(record))
            return self.translated[key][1]

        kinds = ("universes", "rituals", "paths")
        rest = self.language.translate(playbook.model_copy(update={kind: {} for kind in kinds}))
        new = {
            kind: {key: translated(f"{kind}/{key}", record) for key, record in getattr(playbook, kind).items()}
            for kind in kinds
        }
        return rest.model_copy(update=new)

    def page(self, uri: str) -> BuiltPage:
        """A page as the sources have it now; where it cannot be made, the last good one with the problems."""
        built = self.built[uri]
        if (built.round, built.state) == (self.round, self.engine.state):
            return built
        try:
            markdown = content_of(self.recipes[uri]).decode()
            if markdown != built.markdown or built.state != self.engine.state:
                built.html, complaints = self.engine.page(uri, markdown)
                built.problems, built.markdown = [self.complaint(uri, text) for text in complaints], markdown
        except PlaybookError as error:
            built.problems, built.markdown = error.problems, ""
        built.round, built.state = self.round, self.engine.state
        return built

    def complaint(self, uri: str, text: str) -> Problem:
        return Problem(self.origins.get(uri, uri), 1, 1, f"mkdocs: {text}")

    def stale(self) -> list[str]:
        """The `src_uri`s of pages that may be out of date, long ones last: a save has to wait for one being made."""
        uris = [uri for uri, b in self.built.items() if (b.round, b.state) != (self.round, self.engine.state)]
        return sorted(uris, key=lambda uri: (uri in self.engine.in_nav, len(self.built[uri].markdown)))

    def problems(self) -> list[Problem]:
        """What is wrong with the pages, all of which must be up to date."""
        problems = [Problem("mkdocs.yml", 1, 1, f"mkdocs: {text}") for text in self.engine_problems]
        problems += [problem for built in self.built.values() for problem in built.problems]
        anchors = self.engine.anchors().items()
        return problems + [self.complaint(uri, text) for uri, complaints in anchors for text in complaints]

    def search(self) -> Path:
        """The folder of the search's files, made from all pages as they are now."""
        while stale := self.stale():
            for uri in stale:
                self.page(uri)
        site, now = self.folder / "site", (self.round, self.engine.state)
        if self.indexed != now:
            shutil.rmtree(site, ignore_errors=True)
            for address, uri in self.addresses.items():
                path = site / address / "index.html"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(self.built[uri].html, "utf-8")
            index(site, self.playbook, self.language.code)
            self.indexed = now
        return site

    def print(self, stop: Callable[[], bool]) -> Offer:
        """Every sheet as it would be printed now.

        Raises PlaybookError with all that cannot be set, and CancelledError once `stop` says so.
        """
        printer, folder = printer_of(self.tree, self.edition), self.folder / "print"
        last = self.root / "build" / self.language.code / "print"
        if not folder.is_dir() and last.is_dir():
            shutil.copytree(last, folder)
        pdfs = printer.typesetter.set_all(printer.all(), folder, stop)
        return Offer(pdfs, printer.versions(pdf.sheet for pdf in pdfs))

    def sheet(self, name: str) -> bytes | None:
        """A sheet as PDF, set anew from the sources as they are now."""
        printer, key = printer_of(self.tree, self.edition), name.rpartition("-")[0]
        known = {*self.playbook.rituals, *self.playbook.universes, *self.playbook.paths}
        sheets = printer.selection([key], None, None) if key in known else printer.all()
        return next((printer.typesetter.pdf(sheet) for sheet in sheets if sheet.name == name), None)


def offer_for(playbook: Playbook, offer: Offer) -> Offer:
    """What of an older offer can still be shown; nothing, if a page would miss something."""
    records = {"", "chooser" if playbook.chooser else ""}
    records |= {f"ritual/{key}" for key in playbook.rituals}
    records |= {f"universe/{key}" for key in playbook.universes}
    records |= {f"path/{key}" for key in playbook.paths}
    names = {pdf.sheet.name for pdf in offer.pdfs}
    if not all(f"{key}-booklet" in names for key in playbook.universes):
        return Offer()
    return replace(offer, pdfs=[pdf for pdf in offer.pdfs if pdf.sheet.record in records])
