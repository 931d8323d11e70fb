"""`playbook serve`: the preview's web server, and what keeps the preview up to date."""

from __future__ import annotations

import re
import socket
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from generator.preview.preview import Answer, Preview, content_type
from generator.preview.watch import changes
from generator.problems import Problem, errors
from generator.project import PROJECT

FIRST = 0.3  # seconds for the pages that browsers look at, before the others are made
QUIET = 2.0  # seconds without a save, before sheets are set
ASSETS = PROJECT / "templates" / "serve"


class Handler(BaseHTTPRequestHandler):
    """Answers a browser; every page gets the script that listens for changes."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        if not self.server.is_meant(self.headers.get("Host", "")):
            message = b"This is a handbook's preview; open it at the address that `playbook serve` printed."
            self.send(Answer(content_type(""), message, HTTPStatus.MISDIRECTED_REQUEST))
            return
        try:
            address = urlsplit(self.path)
        except ValueError:  # an address such as `http://[`
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        path = unquote(address.path).removeprefix("/")
        try:
            if path == "__serve.events":
                self.send_events(parse_qs(address.query).get("path", ["/"])[0].removeprefix("/"))
            elif path in ("__serve.js", "__serve.css"):
                self.send(Answer(content_type(path), (ASSETS / path.removeprefix("__")).read_bytes()))
            else:
                self.send(self.server.preview.answer(path), f"{address.path}/")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the browser has left the page

    do_HEAD = do_GET

    def send(self, answer: Answer, location: str = "") -> None:
        body = answer.body
        if answer.mark:
            script = f'<script type="module" src="/__serve.js?page={answer.mark[:16]}"></script>'
            links = f'<link rel="stylesheet" href="/__serve.css">{script}</head>'
            body = body.replace(b"</head>", links.encode(), 1)
        self.send_response(answer.status)
        if answer.status == HTTPStatus.MOVED_PERMANENTLY:
            self.send_header("Location", location)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_events(self, path: str) -> None:
        """Server-sent events: what the page at `path` is to know, now and after every change."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        preview, sent, version = self.server.preview, "", -1
        while True:
            with preview.changed:
                if preview.version == version:
                    preview.changed.wait(15)
                version, state = preview.version, preview.state(path)
            self.wfile.write(f"data: {state}\n\n".encode() if state != sent else b":\n\n")  # a comment: still there
            self.wfile.flush()
            sent = state

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serves one preview to browsers that ask for it by the name of this computer."""

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
        match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[0-9.]+|(?P<name>[^:\s]+))(:[0-9]+)?", name)
        return match is not None and (match["name"] is None or match["name"].lower() in self.names)

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def keep_up_to_date(preview: Preview, saved: threading.Event, tell: Callable[[list[Problem]], None]) -> None:
    """Update the preview whenever something was `saved`, for ever; `tell` gets the problems whenever they change.

    Pages that browsers look at come first, then all others, and after a moment without a save the sheets.
    """
    told: list[Problem] = []

    def tell_changes() -> None:
        nonlocal told
        if preview.problems != told:
            told = preview.problems
            tell(told)

    while True:
        saved.clear()
        preview.update()
        if errors(preview.source_problems):
            tell_changes()
        elif not saved.wait(FIRST) and preview.settle(saved.is_set):
            tell_changes()
            if not saved.wait(QUIET):
                preview.reprint(saved.is_set)
                tell_changes()
        saved.wait()


def serve(root: Path, host: str, port: int, tell: Callable[[list[Problem]], None], *, poll: bool = False) -> Server:
    """A server of the handbook below `root`, already at work. Raises OSError where the port is taken."""
    preview, saved = Preview(root.resolve()), threading.Event()
    server = Server(preview, host, port)

    def watch() -> None:
        for _paths in changes(preview.root, poll=poll):
            saved.set()

    for work in (server.serve_forever, watch, lambda: keep_up_to_date(preview, saved, tell)):
        threading.Thread(target=work, daemon=True).start()
    return server
