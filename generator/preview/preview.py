"""The handbook in all languages as it would be built now, and what a browser is told of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path

from generator.languages.translate import languages_of
from generator.load.tree import Memory
from generator.model.text import SOURCE
from generator.pages.environment import content_of
from generator.pipeline import examine
from generator.preview.live_site import LiveSite
from generator.problems import PlaybookError, Problem, errors
from generator.project import PROJECT, catalogues, part
from generator.sheets.kinds import Offer

EMPTY = b"<!doctype html><head><title>Playbook</title></head><body></body>"  # until the sources have been good once
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}


def content_type(path: str) -> str:
    """What a file is served as, by the ending of its name."""
    return CONTENT_TYPES.get(Path(path).suffix, "text/plain; charset=utf-8")


@dataclass(frozen=True)
class Answer:
    """What goes to a browser: a file, some bytes with their kind, or an address to go to."""

    kind: str
    body: bytes
    status: int = 200
    mark: str = ""  # of a page: stands for what it says


class Preview:
    """The handbook below `root` as it would be built now. Safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.memory: Memory = {}
        self.sites: dict[str, LiveSite] = {}
        self.source_problems: list[Problem] = []
        self.sheet_problems: list[Problem] = []
        self.problems: list[Problem] = []  # these, and those of pages
        self.note = ""
        self.shared = b""
        self.changed = threading.Condition(threading.RLock())
        self.version = 0

    def update(self) -> list[Problem]:
        """Take the sources as they are now, if they have no errors; returns all problems."""
        try:
            tree = examine(self.root, memory=self.memory)
            if errors(tree.problems):
                raise PlaybookError(tree.problems)
            shared = self.shared_hash()
            shared += repr(tree.playbook.glossary.neutral if tree.playbook.glossary else "").encode()
            sites = dict(self.sites)
            if shared != self.shared:
                languages = languages_of(tree)
                codes = [language.code for language in languages]
                sites = {language.code: LiveSite(self.root, language, codes) for language in languages}
            with self.changed:
                for code, site in sites.items():
                    if (old := self.sites.get(code)) and old is not site:  # what was good stays, if this is not
                        site.offer, site.built = old.offer, old.built
                    site.update(tree)
                self.sites, self.shared = sites, shared
            self.source_problems = tree.problems
        except PlaybookError as error:
            self.source_problems = error.problems
        except OSError as error:  # a file that went away in this moment; the next look will be right
            self.source_problems = [Problem(str(error.filename), 1, 1, f"cannot be read: {error.strerror}")]
        return self.announce(self.source_problems)

    def shared_hash(self) -> bytes:
        """A hash of all that every page depends on: templates, theme, configuration, catalogues."""
        files = [part(self.root, "mkdocs.yml"), *catalogues(self.root).values(), *catalogues(PROJECT).values()]
        files += sorted(path for path in part(self.root, "templates").rglob("*") if path.is_file())
        whole = hashlib.sha256()
        for path in files:
            whole.update(b"\0" + os.fsencode(path) + b"\0" + path.read_bytes())
        return whole.digest()

    def announce(self, problems: list[Problem]) -> list[Problem]:
        """Wake every open page, to be told the problems and whether it has changed."""
        with self.changed:
            self.problems = problems
            self.version += 1
            self.changed.notify_all()
        return problems

    def settle(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Bring every page up to date and tell what is wrong with any; False if `stop` ended it early."""
        if errors(self.source_problems):
            return False
        problems = [*self.source_problems, *self.sheet_problems]
        for site in self.sites.values():
            while stale := site.stale():
                for uri in stale:
                    if stop():
                        return False
                    with self.changed:
                        site.page(uri)
                    time.sleep(0.0005)  # or whoever waits for the lock might never get it
            with self.changed:
                problems += site.problems()
        self.announce(sorted(set(problems)))
        return True

    def reprint(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Set all sheets, unless `stop` ends it early, then show their sizes and versions on the pages."""
        self.note = "The sheets are being set anew; sizes and versions on this page are those of before."
        self.announce(self.problems)
        offers, self.sheet_problems = dict[str, Offer](), list[Problem]()
        for code, site in self.sites.items():
            try:
                offers[code] = site.print(stop)
            except PlaybookError as error:
                self.sheet_problems += error.problems
            except CancelledError:
                return
        with self.changed:
            self.note = ""
            for code, offer in offers.items():
                self.sites[code].offer = offer
                self.sites[code].update(self.sites[code].tree)
            self.announce(self.problems)
        self.settle(stop)

    def answer(self, path: str) -> Answer:
        """What stands at a path of the site, such as `en/hafen/`; without the script that `serve` adds."""
        with self.changed:
            if not self.sites:
                return Answer(CONTENT_TYPES[".html"], EMPTY, 503, "-")
            first, _, rest = path.partition("/")
            site = self.sites[SOURCE]
            if first in self.sites and first != SOURCE:
                site, path = self.sites[first], rest
            path = path.removesuffix("index.html") if path.endswith(("/index.html", "index.html")) else path
            try:
                return self.find(site, path)
            except Exception as error:  # what was removed since the last good save may be missed in any way
                problems = error.problems if isinstance(error, PlaybookError) else [*self.problems, repr(error)]
                text = "\n".join(map(str, problems))
                return Answer("text/plain; charset=utf-8", text.encode(), 500)

    def find(self, site: LiveSite, path: str) -> Answer:
        engine = site.engine
        if path in site.addresses:
            return self.html(site, site.page(site.addresses[path]).html)
        if f"{path}/" in site.addresses:
            return Answer("", b"", 301)
        if path.startswith("print/") and path.endswith(".pdf"):
            body = site.sheet(path.removeprefix("print/").removesuffix(".pdf"))
            if body:
                return Answer(CONTENT_TYPES[".pdf"], body)
        if path in site.recipes and not path.endswith(".md"):
            return Answer(content_type(path), content_of(site.recipes[path]))
        if path == "sitemap.xml":
            return Answer(content_type(path), engine.template(path).encode())
        if re.fullmatch(r"search/(index|(words|ends|hits|text)-\d{1,9})\.json", path):
            file = site.search() / path
            if file.is_file():
                return Answer(content_type(path), file.read_bytes())
        if file_ := engine.asset(path):
            return Answer(content_type(path), file_.read_bytes())
        return replace(self.html(site, engine.template("404.html")), status=404)

    def html(self, site: LiveSite, html: str) -> Answer:
        looks = self.shared + content_of(site.recipes["assets/universes.css"])
        return Answer(CONTENT_TYPES[".html"], html.encode(), mark=hashlib.sha256(looks + html.encode()).hexdigest())

    def state(self, path: str) -> str:
        """What the script on the page at `path` is told."""
        with self.changed:
            return json.dumps(
                {
                    "page": self.answer(path).mark[:16],
                    "problems": [str(problem) for problem in self.problems],
                    "outdated": bool(self.sites) and bool(errors(self.problems)),
                    "note": self.note,
                }
            )
