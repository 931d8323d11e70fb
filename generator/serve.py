"""`playbook serve`: the handbook as it would be built now, page by page, while its sources are edited.

A save is loaded and checked as a whole, which is quick because unchanged files are remembered. Every page is then a
recipe: it is made when a browser asks for it, and made again only if its Markdown, or what all pages share, is no
longer the same. What nobody looks at follows in the background, so that its problems are found too, and the sheets
after a moment's quiet, in a process of their own. Nothing is ever guessed to be unchanged; `tests/test_serve.py`
compares with cold builds.
"""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from watchdog.events import EVENT_TYPE_CLOSED_NO_WRITE, EVENT_TYPE_OPENED, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from generator import PROJECT, examine, part, symbols
from generator.build import configure, navigation
from generator.cli import languages_of, origins, pages_of, printer
from generator.engine import Engine
from generator.faults import fault
from generator.index import index
from generator.language import GERMAN, SOURCE, Language, catalogues
from generator.load import Memory, Tree
from generator.models import Playbook, Record
from generator.problems import PlaybookError, Problem, errors
from generator.publish import refuse_links
from generator.render import Offer, Templates, published, recipes
from generator.uris import START, site_path
from generator.write import Recipe, made

FIRST = 0.3  # seconds for the pages that browsers look at, before the others are made
QUIET = 2.0  # seconds without a save, before sheets are set
TOGETHER = 0.01  # seconds between what counts as one save
EMPTY = b"<!doctype html><head><title>Playbook</title></head><body></body>"  # as long as no sources were good
OURS = PROJECT / "templates" / "serve"


@dataclass
class Built:
    """A page as it was made last; `round` says when it was last looked after, `state` is the engine's of then."""

    markdown: str = ""
    html: str = ""
    round: int = -1
    state: int = -1
    problems: list[Problem] = field(default_factory=list)


class Edition:
    """The handbook in one language."""

    def __init__(self, root: Path, language: Language, codes: list[str]) -> None:
        self.root, self.language = root, language
        refuse_links(root)
        self.folder = root / "build" / "serve" / language.code
        (self.folder / "docs").mkdir(parents=True, exist_ok=True)
        base, theme = part(root, "mkdocs.yml"), part(root, "templates") / "theme"
        self.engine = Engine(configure(self.folder, base, theme, [{"-": START}], language, codes), theme)
        self.engine_problems: list[str] = []
        self.recipes: dict[str, Recipe] = {}
        self.built: dict[str, Built] = {}
        self.offer = Offer()
        self.nav: list[object] = []
        self.round = 0
        self.indexed = (-1, -1)
        self.translated: dict[str, tuple[Record, Record]] = {}

    def take(self, tree: Tree) -> None:
        """Go on with a checked tree. Raises PlaybookError, and stays as it was, if the engine does not take it."""
        playbook, content = self.in_language(published(tree.playbook)), pages_of(tree, self.language)
        templates = part(self.root, "templates")
        new = recipes(
            playbook,
            content,
            Templates(templates / "pages", symbols(self.root)),
            offer_for(playbook, self.offer),
            self.language,
        )
        nav = navigation(playbook, {uri: page.title for uri, page in content.items()}, self.language)
        uris = [uri for uri in new if uri.endswith(".md")]
        if nav != self.nav or uris != list(self.built):
            said = self.engine.open(uris, nav, lambda uri: made(new[uri]).decode())
            self.nav, self.engine_problems = nav, [*self.engine.complaints, *said]
            self.built = {uri: self.built.get(uri, Built()) for uri in uris}
        self.playbook, self.tree, self.recipes = playbook, tree, new
        self.addresses = {site_path(uri): uri for uri in uris}
        self.origins = origins(tree)
        self.round += 1

    def in_language(self, playbook: Playbook) -> Playbook:
        """The playbook in this language; records that are the same as before are not translated again."""
        if self.language == GERMAN:
            return playbook
        known, self.translated = self.translated, {}

        def translated(key: str, record: Record) -> Record:
            same = key in known and known[key][0] is record
            self.translated[key] = known[key] if same else (record, self.language.record(record))
            return self.translated[key][1]

        kinds = ("universes", "rituals", "paths")
        rest = self.language.record(playbook.model_copy(update={kind: {} for kind in kinds}))
        new = {
            kind: {key: translated(f"{kind}/{key}", record) for key, record in getattr(playbook, kind).items()}
            for kind in kinds
        }
        return rest.model_copy(update=new)

    def page(self, uri: str) -> Built:
        """A page as the sources have it now; the last good one, with what is wrong, where it cannot be made."""
        built = self.built[uri]
        if (built.round, built.state) == (self.round, self.engine.state):
            return built
        try:
            markdown = made(self.recipes[uri]).decode()
            if markdown != built.markdown or built.state != self.engine.state:
                built.html, said = self.engine.page(uri, markdown)
                built.problems, built.markdown = [self.complaint(uri, text) for text in said], markdown
        except PlaybookError as error:
            built.problems, built.markdown = error.problems, ""
        built.round, built.state = self.round, self.engine.state
        return built

    def complaint(self, uri: str, text: str) -> Problem:
        return Problem(self.origins.get(uri, uri), 1, 1, f"mkdocs: {text}")

    def stale(self) -> list[str]:
        """The pages to be looked after, long ones last: a save has to wait for the one that is being made."""
        found = [uri for uri, b in self.built.items() if (b.round, b.state) != (self.round, self.engine.state)]
        return sorted(found, key=lambda uri: (uri in self.engine.in_nav, len(self.built[uri].markdown)))

    def problems(self) -> list[Problem]:
        """What is wrong with the pages, all of which must be up to date."""
        found = [Problem("mkdocs.yml", 1, 1, f"mkdocs: {text}") for text in self.engine_problems]
        found += [problem for built in self.built.values() for problem in built.problems]
        return found + [self.complaint(uri, text) for uri, said in self.engine.anchors().items() for text in said]

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

    def sheet(self, name: str) -> bytes | None:
        """A sheet as PDF, set anew from the sources as they are now."""
        press = printer(self.tree, self.playbook, self.language)
        key = name.rpartition("-")[0]
        known = {*self.playbook.rituals, *self.playbook.universes, *self.playbook.paths}
        sheets = press.selection([key], None, None) if key in known else press.all()
        return next((press.pdf(sheet) for sheet in sheets if sheet.name == name), None)


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
            return Answer(kind_of(path), made(edition.recipes[path]))
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
        looks = self.shared + made(edition.recipes["assets/universes.css"])
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
            press = printer(tree, language.record(published(tree.playbook)), language)
            cache, last = (root / "build" / name / "print" for name in (f"serve/{language.code}", language.code))
            if not cache.is_dir() and last.is_dir():
                shutil.copytree(last, cache)
            pdfs = press.set_all(press.all(), cache)
            offers[language.code] = Offer(pdfs, press.versions(pdf.sheet for pdf in pdfs))
    except PlaybookError as error:
        problems = error.problems
    except OSError as error:
        problems = [fault(error, root)]
    pipe.send((offers, problems))


# ------------------------------------------------------------------- the server


class Handler(BaseHTTPRequestHandler):
    """Answers a browser; every page gets the script that listens for changes."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if not self.server.is_meant(self.headers.get("Host", "")):
            self.send(Answer(kind_of(""), b"This is the preview of a handbook; open the address that it says.", 421))
            return
        try:
            address = urlsplit(self.path)
        except ValueError:  # an address such as `http://[`
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        path = unquote(address.path).removeprefix("/")
        try:
            if path == "__serve.events":
                self.listen(parse_qs(address.query).get("path", ["/"])[0].removeprefix("/"))
            elif path in ("__serve.js", "__serve.css"):
                self.send(Answer(kind_of(path), (OURS / path.removeprefix("__")).read_bytes()))
            else:
                self.send(self.server.preview.answer(path), f"{address.path}/")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the browser has left the page

    def send(self, answer: Answer, location: str = "") -> None:
        body = answer.body
        if answer.mark:
            script = f'<script type="module" src="/__serve.js?page={answer.mark[:16]}"></script>'
            ours = f'<link rel="stylesheet" href="/__serve.css">{script}</head>'
            body = body.replace(b"</head>", ours.encode(), 1)
        self.send_response(answer.status)
        if answer.status == HTTPStatus.MOVED_PERMANENTLY:
            self.send_header("Location", location)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def listen(self, path: str) -> None:
        """Server-sent events: what the page at `path` is to know, now and after every change."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        preview, said, version = self.server.preview, "", -1
        while True:
            with preview.changed:
                if preview.version == version:
                    preview.changed.wait(15)
                version, state = preview.version, preview.state(path)
            self.wfile.write(f"data: {state}\n\n".encode() if state != said else b":\n\n")  # a comment: still there
            self.wfile.flush()
            said = state

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, preview: Preview, host: str, port: int) -> None:
        self.preview = preview
        self.names = {"localhost", host.lower(), socket.gethostname().lower()}
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), Handler)

    def is_meant(self, name: str) -> bool:
        """Whether a request's Host is this server, and not a name that somebody else's page leads here (DNS rebinding).

        An address that is a number is nobody else's; a name has to be that of this computer.
        """
        found = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[0-9.]+|(?P<name>[^:\s]+))(:[0-9]+)?", name)
        return found is not None and (found["name"] is None or found["name"].lower() in self.names)

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exception() if hasattr(sys, "exception") else sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Watch(FileSystemEventHandler):
    """Sets `changed` when anything is saved that the handbook is made of."""

    def __init__(self, root: Path) -> None:
        self.root, self.changed = root, threading.Event()
        warnings.filterwarnings("ignore", module="watchdog")  # pages of it, when a folder is renamed and comes back
        self.observer = Observer()
        self.seen: list[tuple[Path, int]] = []
        self.observer.start()
        self.look()

    def look(self) -> None:
        """Watch the folders there are; one that was made anew is another."""
        folders = [self.root / "universes", self.root / "content", part(self.root, "templates")]
        self.watched = [*folders, part(self.root, "mkdocs.yml"), self.root / "templates", self.root / "mkdocs.yml"]
        seen = [(folder, folder.stat().st_ino) for folder in folders if folder.is_dir()]
        if seen != self.seen:
            self.observer.unschedule_all()
            for folder, _inode in seen:
                self.observer.schedule(self, str(folder), recursive=True)
            for folder in filter(Path.is_dir, {self.root, part(self.root, "mkdocs.yml").parent}):
                self.observer.schedule(self, str(folder))
            self.seen = seen
            self.changed.set()  # something may have been saved meanwhile

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in (EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE):
            return  # that was our own reading
        for path in map(Path, (os.fsdecode(event.src_path), os.fsdecode(event.dest_path or event.src_path))):
            if any(path.is_relative_to(watched) for watched in self.watched):
                self.changed.set()


def follow(preview: Preview, watch: Watch, tell: Callable[[list[Problem]], None]) -> None:
    """Keep the preview up to date, for ever; `tell` gets the problems whenever they are others."""
    resource_tracker.ensure_running()  # which would undo the next line if it came later
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # for the process that sets sheets: Ctrl-C is for us
    told, stop = list[Problem](), watch.changed.is_set

    def tell_news() -> None:
        nonlocal told
        if preview.problems != told:
            told = preview.problems
            tell(told)

    while True:
        watch.look()
        watch.changed.clear()
        preview.update()
        if not gc.get_freeze_count():
            gc.freeze()  # to go through all that has been read, in the middle of a save, takes longer than the save
        if errors(preview.found):
            tell_news()
        elif not watch.changed.wait(FIRST) and preview.settle(stop):
            tell_news()
            if not watch.changed.wait(QUIET):
                gc.unfreeze()
                gc.collect()
                gc.freeze()
                preview.reprint(stop)
                tell_news()
        while not watch.changed.wait(1):
            watch.look()  # of what happens to the folder that ours is in, nobody tells
        while watch.changed.is_set():  # an editor may save in several steps
            watch.changed.clear()
            time.sleep(TOGETHER)


def serve(root: Path, host: str, port: int, tell: Callable[[list[Problem]], None]) -> Server:
    """A server of the handbook below `root`, already at work. Raises OSError where the port is taken."""
    preview = Preview(root.resolve())
    server = Server(preview, host, port)
    watch = Watch(preview.root)
    for work in (server.serve_forever, lambda: follow(preview, watch, tell)):
        threading.Thread(target=work, daemon=True).start()
    return server
