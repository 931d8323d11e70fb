"""A built site, served the way a host does, and a browser to read it with."""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from generator import load_playbook
from generator.commands import main
from generator.model.playbook import Playbook
from generator.project import PROJECT

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Page]


def none_of(problems: list[str]) -> None:
    """Fail with all the problems at once."""
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems)


class Host(http.server.SimpleHTTPRequestHandler):
    """Static files; for everything else the site's own 404 page with status 404."""

    protocol_version = "HTTP/1.1"  # keeps connections, else the walk takes twice as long

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        body = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def list_directory(self, path: Any) -> None:
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes its connection early is none."""


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real playbook; templates and configuration stay the project's."""
    folder = tmp_path_factory.mktemp("playbook")
    for name in ("universes", "content"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def playbook(root: Path) -> Playbook:
    return load_playbook(root)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`built("site", …)` gives the real playbook as `playbook build …` makes it; one for all of xdist's workers."""
    here = tmp_path_factory.getbasetemp()
    root = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "built"

    def build(name: str, *options: str) -> Path:
        root.mkdir(exist_ok=True)
        with (root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (root / name).exists():  # a site is there at once and whole, or it is not
                for source in ("universes", "content"):
                    shutil.copytree(PROJECT / source, root / source, dirs_exist_ok=True)
                result = CliRunner().invoke(main, ["build", "--root", str(root), *options], catch_exceptions=False)
                assert result.exit_code == 0, result.output
        return root / name

    return build


@pytest.fixture(scope="session")
def site(built: Callable[..., Path]) -> Path:
    return built("site")


@pytest.fixture(scope="session")
def guest_site(built: Callable[..., Path]) -> Path:
    return built("site-guest", "--audience", "guest")


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the served site, with a slash at the end."""
    server = Server(("127.0.0.1", 0), functools.partial(Host, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def base(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def guest_base(guest_site: Path) -> Iterator[str]:
    with served(guest_site) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Open]:
    """`visit(path, **context)` opens a page of the site in a fresh context, such as `color_scheme="dark"`."""
    contexts: list[BrowserContext] = []

    def open_page(path: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
