"""A built site, served the way a host does, and a browser to read it with."""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page, WebError, expect, sync_playwright

from generator.commands import main
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

# The shell has no windows to draw, and costs a third of the whole browser; None is Playwright's own.
PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
PATIENCE = 60_000  # milliseconds; a busy machine is slow, and where all is well nobody waits
MATERIAL = "/assets/javascripts/"  # the theme's own scripts; ours lie in assets/ itself

Open = Callable[..., Page]

expect.set_options(timeout=PATIENCE)


def none_of(problems: list[str]) -> None:
    """Fail with all the problems at once."""
    assert not problems, f"{len(problems)} problems\n" + "\n".join(problems)


def is_ours(stack: str) -> bool:
    """Whether an error with that stack was raised by a script of the handbook, and not by one of the theme's.

    The theme may fail where a page is left before it has settled ("executing a cancelled action"), or where a test
    takes the browser's storage away. Without any address it counts as ours.
    """
    raised = re.search(r"^\s+at .*?(https?://\S+)", stack, re.MULTILINE)
    return raised is None or MATERIAL not in raised[1]


def errors_in(context: BrowserContext) -> list[str]:
    """The uncaught errors of our own scripts in all pages of `context`; the list grows while they run."""
    errors: list[str] = []

    def note(web_error: WebError) -> None:
        stack = web_error.error.stack or ""
        if is_ours(stack):
            errors.append(f"{web_error.page.url if web_error.page else ''}: {web_error.error.message}\n{stack}")

    context.on("weberror", note)
    return errors


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
    request_queue_size = 128  # a busy machine does not take each connection at once

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes its connection early is none."""


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
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Open]:
    """`visit(path, at="…", script="…", **context)` opens a page of the site as a new reader.

    `at` is the time there, fixed; `script` runs before the page's own scripts; `context` are options of the browser's
    context, such as `color_scheme="dark"`. When the test ends, no script of ours may have failed in any of the pages.
    """
    contexts: list[BrowserContext] = []
    errors: list[list[str]] = []

    def open_page(path: str = "", *, at: str | datetime = "", script: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        errors.append(errors_in(context))
        if at:
            context.clock.set_fixed_time(at)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    none_of([error for found in errors for error in found])
