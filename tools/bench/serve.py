"""How long it takes from a save until a browser has the new page: watching, checking, rendering, and HTTP included."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from statistics import median

from generator.preview.server import serve
from generator.project import PROJECT

SAVES = 15
PAUSE = 1.0  # seconds between saves; the pages nobody looks at are still being made


def bench_serve(root: Path) -> Iterator[tuple[str, str]]:
    """(what, milliseconds) of saves in a copy of the tree below `root`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve()
        for name in ("universes", "content", "templates", "mkdocs.yml"):
            source = root / name if (root / name).exists() else PROJECT / name
            if source.is_dir():
                shutil.copytree(source, copy / name)
            else:
                shutil.copy(source, copy)
        rituals = sorted(copy.glob("universes/*/rituals/*.yml"))
        server = serve(copy, "127.0.0.1", 0, lambda problems: None)
        try:
            took = list(saves(server.server_port, rituals[0]))
        finally:
            server.shutdown()
    yield "median", f"{median(took):.0f} ms"
    yield "slowest", f"{max(took):.0f} ms"
    yield "rituals", str(len(rituals))


def saves(port: int, ritual: Path) -> Iterator[float]:
    """Milliseconds from saving a ritual until its page, which a browser looks at, has come anew."""
    path = f"/{ritual.parts[-3]}/{ritual.stem}/"
    while ask(port, path).status != HTTPStatus.OK:  # it is only starting
        time.sleep(PAUSE)
    events = ask(port, f"/__serve.events?path={path}")
    for number in range(SAVES):
        new = f"summary: Stand {number}."
        text = re.sub(r"^summary:.*(\n +.*)*", new, ritual.read_text("utf-8"), count=1, flags=re.M)
        time.sleep(PAUSE)
        start, page = time.perf_counter(), b""
        ritual.write_text(text, "utf-8")
        while f"Stand {number}.".encode() not in page:
            while not events.readline().startswith(b"data"):
                pass
            page = ask(port, path).read()
        yield (time.perf_counter() - start) * 1000


def ask(port: int, path: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    return connection.getresponse()
