"""The preview's web server, and what keeps it up to date."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import resource_tracker
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from watchdog.events import EVENT_TYPE_CLOSED_NO_WRITE, EVENT_TYPE_OPENED, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from generator.preview.preview import Answer, Preview, kind_of
from generator.problems import Problem, errors
from generator.project import PROJECT, part

FIRST = 0.3  # seconds for the pages that browsers look at, before the others are made
QUIET = 2.0  # seconds without a save, before sheets are set
TOGETHER = 0.01  # seconds between what counts as one save
OURS = PROJECT / "templates" / "serve"


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
