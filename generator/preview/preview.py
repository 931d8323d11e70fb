"""The handbook as it would be built now."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from generator.files import file_problem
from generator.languages.translate import languages_of
from generator.load.tree import Memory
from generator.model.text import SOURCE
from generator.pages.environment import content_of
from generator.pipeline import examine, printer_of, select
from generator.preview.edition import EMPTY, Edition
from generator.problems import PlaybookError, Problem, errors
from generator.project import PROJECT, catalogues, part
from generator.sheets.kinds import Offer


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
        self.editions: dict[str, Edition] = {}
        self.found: list[Problem] = []  # in the sources
        self.problems: list[Problem] = []  # there, on pages and on sheets
        self.unset: list[Problem] = []  # on sheets
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
            shared = self.look()
            shared += repr(tree.playbook.glossary.neutral if tree.playbook.glossary else "").encode()
            editions = dict(self.editions)
            if shared != self.shared:
                languages = languages_of(tree)
                codes = [language.code for language in languages]
                editions = {language.code: Edition(self.root, language, codes) for language in languages}
            with self.changed:
                for code, edition in editions.items():
                    if (old := self.editions.get(code)) and old is not edition:  # what was good stays, if this is not
                        edition.offer, edition.built = old.offer, old.built
                    edition.take(tree)
                self.editions, self.shared = editions, shared
            self.found = tree.problems
        except PlaybookError as error:
            self.found = error.problems
        except OSError as error:  # a file that went away in this moment; the next look will be right
            self.found = [Problem(str(error.filename), 1, 1, f"cannot be read: {error.strerror}")]
        return self.say(self.found)

    def look(self) -> bytes:
        """Stands for all that every page depends on: templates, theme, configuration, catalogues."""
        files = [part(self.root, "mkdocs.yml"), *catalogues(self.root).values(), *catalogues(PROJECT).values()]
        files += sorted(path for path in part(self.root, "templates").rglob("*") if path.is_file())
        whole = hashlib.sha256()
        for path in files:
            whole.update(b"\0" + os.fsencode(path) + b"\0" + path.read_bytes())
        return whole.digest()

    def say(self, problems: list[Problem]) -> list[Problem]:
        """Tell whoever listens what there is now."""
        with self.changed:
            self.problems = problems
            self.version += 1
            self.changed.notify_all()
        return problems

    def settle(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Bring every page up to date and say what is wrong with any; False if `stop` said so before the end."""
        if errors(self.found):
            return False
        found = [*self.found, *self.unset]
        for edition in self.editions.values():
            while stale := edition.stale():
                for uri in stale:
                    if stop():
                        return False
                    with self.changed:
                        edition.page(uri)
                    time.sleep(0.0005)  # lets in whoever waits for a page
            with self.changed:
                found += edition.problems()
        self.say(sorted(set(found)))
        return True

    def reprint(self, stop: Callable[[], bool] = lambda: False) -> None:
        """Set all sheets, in a process of its own that nobody waits for, then show what they are like."""
        spawn = multiprocessing.get_context("spawn")
        mine, its = spawn.Pipe(duplex=False)
        process = spawn.Process(target=print_all, args=(self.root, its), daemon=True)
        self.note = "The sheets are being set anew; sizes and versions on this page are those of before."
        self.say(self.problems)
        process.start()
        its.close()
        try:
            while not mine.poll(0.1):
                if stop():
                    return
            offers, self.unset = mine.recv()
        except EOFError:  # it was ended, or the sources are no good any more
            offers = {}
        finally:
            process.kill()
            process.join()
        with self.changed:
            self.note = ""
            for code, edition in self.editions.items():
                edition.offer = offers.get(code, edition.offer)
                edition.take(edition.tree)
            self.say(self.problems)
        self.settle(stop)

    # ---- what a browser asks for

    def answer(self, path: str) -> Answer:
        """What stands at a path of the site, such as `en/hafen/`; without the script that `serve` adds."""
        with self.changed:
            if not self.editions:
                return Answer("text/html", EMPTY, 503, "-")
            first, _, rest = path.partition("/")
            edition = self.editions[SOURCE]
            if first in self.editions and first != SOURCE:
                edition, path = self.editions[first], rest
            path = path.removesuffix("index.html") if path.endswith(("/index.html", "index.html")) else path
            try:
                return self.find(edition, path)
            except Exception as error:  # what was removed since the last good save may be missed in any way
                found = error.problems if isinstance(error, PlaybookError) else [*self.problems, repr(error)]
                text = "\n".join(map(str, found))
                return Answer("text/plain; charset=utf-8", text.encode(), 500)

    def find(self, edition: Edition, path: str) -> Answer:
        engine = edition.engine
        if path in edition.addresses:
            return self.html(edition, edition.page(edition.addresses[path]).html)
        if f"{path}/" in edition.addresses:
            return Answer("", b"", 301)
        if path.startswith("print/") and path.endswith(".pdf"):
            body = edition.sheet(path.removeprefix("print/").removesuffix(".pdf"))
            if body:
                return Answer("application/pdf", body)
        if path in edition.recipes and not path.endswith(".md"):
            return Answer(kind_of(path), content_of(edition.recipes[path]))
        if path == "sitemap.xml":
            return Answer(kind_of(path), engine.template(path).encode())
        if re.fullmatch(r"search/(index|(words|ends|hits|text)-\d{1,9})\.json", path):
            file = edition.search() / path
            if file.is_file():
                return Answer(kind_of(path), file.read_bytes())
        if file_ := engine.asset(path):
            return Answer(kind_of(path), file_.read_bytes())
        return replace(self.html(edition, engine.template("404.html")), status=404)

    def html(self, edition: Edition, html: str) -> Answer:
        looks = self.shared + content_of(edition.recipes["assets/universes.css"])
        return Answer(kind_of(".html"), html.encode(), mark=hashlib.sha256(looks + html.encode()).hexdigest())

    def state(self, path: str) -> str:
        """What the script on the page at `path` is told."""
        with self.changed:
            problems = [str(problem) for problem in self.problems]
            return json.dumps({"page": self.answer(path).mark[:16], "problems": problems, "note": self.note})


def kind_of(path: str) -> str:
    kinds = {
        ".css": "text/css; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
        ".png": "image/png",
        ".xml": "application/xml",
        ".html": "text/html; charset=utf-8",
    }
    return kinds.get(Path(f"x{path}").suffix, "text/plain; charset=utf-8")


def print_all(root: Path, pipe: Connection) -> None:
    """Send what there is of sheets, by language, and the problems of those that cannot be set."""
    offers, problems = dict[str, Offer](), list[Problem]()
    try:
        tree = examine(root)
        if errors(tree.problems):
            return
        for language in languages_of(tree):
            press = printer_of(tree, select(tree, language))
            cache, last = (root / "build" / name / "print" for name in (f"serve/{language.code}", language.code))
            if not cache.is_dir() and last.is_dir():
                shutil.copytree(last, cache)
            pdfs = press.set_all(press.all(), cache)
            offers[language.code] = Offer(pdfs, press.versions(pdf.sheet for pdf in pdfs))
    except PlaybookError as error:
        problems = error.problems
    except OSError as error:
        problems = [file_problem(error, root)]
    pipe.send((offers, problems))
