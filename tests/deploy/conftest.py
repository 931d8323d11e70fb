"""The built site on a real nginx."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage

from generator.audience.edition import MARKERS
from generator.model.text import Audience
from generator.site.deploy import deploy
from tests.deploy.host import Host, in_container, on_debian

REPORT = """addEventListener('securitypolicyviolation', (event) => console.error(
  `Content Security Policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`))"""


class Reporting:
    """A browser whose contexts sign in with `headers`, and note whatever the policy refuses."""

    def __init__(self, browser: Browser, headers: dict[str, str]) -> None:
        self.browser, self.headers = browser, headers
        self.refused: list[str] = []

    def new_context(self, **options: Any) -> BrowserContext:
        context = self.browser.new_context(**options, extra_http_headers=self.headers, ignore_https_errors=True)
        context.add_init_script(REPORT)
        context.on("console", self.note)
        return context

    def note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.refused.append(f"{message.page.url if message.page else ''}: {message.text}")


class Identity(BaseHTTPRequestHandler):
    """Stands in for oauth2-proxy: who has the cookie may pass, everybody else gets a page for signing in."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, dict[str, str]]]] = []  # addresses and headers

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        signed_in = "session=gut" in self.headers.get("Cookie", "")
        if self.path == "/oauth2/auth":
            status = HTTPStatus.ACCEPTED if signed_in else HTTPStatus.UNAUTHORIZED
            body = b"a word that only nginx may see"
        else:  # oauth2-proxy says 200 or 403 here
            status, body = HTTPStatus.FORBIDDEN, f"sign in, then {self.headers['X-Auth-Request-Redirect']}".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if signed_in and "renew" in self.headers.get("Cookie", ""):
            self.send_header("Set-Cookie", "session=gut2; Secure; HttpOnly")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def deployed(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "deploy"
    deploy(site, folder)
    hidden = folder / "site" / ".git"  # what should not be there, but sometimes is
    hidden.mkdir()
    (hidden / "config").write_text("secret")
    (folder / "site" / ".htpasswd").write_text("secret")
    return folder


@pytest.fixture(scope="session")
def debian(deployed: Path) -> Iterator[Host]:
    with on_debian(deployed) as host:
        yield host


@pytest.fixture(scope="session")
def identity() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Identity)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def container(deployed: Path, identity: ThreadingHTTPServer) -> Iterator[Host]:
    with in_container(deployed, identity.server_port) as host:
        yield host


@pytest.fixture(scope="session")
def for_guests(guest_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The guests' site, which everybody may read."""
    folder = tmp_path_factory.mktemp("deploy") / "deploy-guest"
    deploy(guest_site, folder, MARKERS[Audience.GUEST])
    with on_debian(folder, access="access-open.conf") as host:
        yield host
