"""`python -m tools.bench search`: measures what the handbook promises; needs the packages of `make test`."""

from __future__ import annotations

import csv
import functools
import gzip
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import click

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NONSENSE = "nonsense"

Ask = Callable[[str], list[str]]  # the URLs an engine answers a query with, best first


@dataclass(frozen=True)
class Query:
    split: str  # `tune` or `held`
    category: str
    text: str
    pages: frozenset[str]  # any of these is right; none for nonsense


@dataclass
class Score:
    """What one engine answered in one category."""

    asked: int = 0
    found: int = 0  # with a right page among the first three
    reciprocal: float = 0  # sum of 1 / place of the first right page
    missed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.found / self.asked:4.0%} {self.reciprocal / self.asked:.2f}" if self.asked else "        -"


def queries(path: Path, split: str | None = None) -> list[Query]:
    """The judged queries of a file with the columns split, category, query, pages; of one split or all."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = [
        Query(r["split"], r["category"], r["query"], frozenset(filter(None, (r["pages"] or "").split(","))))
        for r in rows
    ]
    return [query for query in found if split in (None, query.split)]


def evaluate(asked: Sequence[Query], ask: Ask) -> dict[str, Score]:
    """Recall among the first three and mean reciprocal rank by category; for nonsense, how often nothing was found."""
    scores: dict[str, Score] = defaultdict(Score)
    for query in asked:
        pages = list(dict.fromkeys(urlsplit(url).path.lstrip("/") or "/" for url in ask(query.text)))
        place = next((place for place, page in enumerate(pages, 1) if page in query.pages), 0)
        right = not pages if query.category == NONSENSE else 0 < place <= 3
        score = scores[query.category]
        score.asked += 1
        score.found += right
        score.reciprocal += right if query.category == NONSENSE else 1 / place if place else 0
        if not right or (place != 1 and query.category != NONSENSE):
            score.missed.append(f"{query.text} -> {', '.join(pages[:3]) or 'nothing'}")
    return dict(scores)


def overall(scores: dict[str, Score]) -> Score:
    """All categories but nonsense together."""
    real = [score for name, score in scores.items() if name != NONSENSE]
    return Score(sum(s.asked for s in real), sum(s.found for s in real), sum(s.reciprocal for s in real))


# ------------------------------------------------------------------- in the browser


class Host(http.server.SimpleHTTPRequestHandler):
    """Static files, compressed as a host does."""

    protocol_version = "HTTP/1.1"
    wire: ClassVar[dict[str, int]]  # path → bytes sent, headers apart

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        squeezed = path.suffix not in (
            ".woff2",
            ".png",
            ".pdf",
            ".gz",
            ".pagefind",
            ".pf_index",
            ".pf_fragment",
            ".pf_meta",
        )
        body = gzip.compress(body, 6, mtime=0) if squeezed else body
        self.wire[urlsplit(self.path).path] = len(body)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        if squeezed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes its connection early is none."""


@contextmanager
def served(site: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """The address of a folder, and the bytes sent for each path so far."""

    class Counting(Host):
        wire: ClassVar[dict[str, int]] = {}

    server = Server(("127.0.0.1", 0), functools.partial(Counting, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", Counting.wire
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def browser() -> Iterator[Any]:
    missing = click.UsageError("the benchmark needs a browser: run `make browser` once")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise missing from None

    with sync_playwright() as playwright:
        try:
            program = shutil.which("chromium") or shutil.which("chromium-headless-shell")
            chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        except Error:
            raise missing from None
        yield chromium
        chromium.close()


def ours(page: Any) -> Ask:
    """The handbook's own search, through its field and its list of results."""
    page.keyboard.press("/")

    def ask(query: str) -> list[str]:
        return list(page.evaluate(_ASKED, query))

    return ask


# In one call instead of three, since there are hundreds of queries.
_ASKED = """async (query) => {
  const find = document.querySelector('.pb-find'), field = find.querySelector('input');
  field.value = query;
  field.dispatchEvent(new InputEvent('input', {bubbles: true}));
  for (const end = Date.now() + 10_000; find.dataset.answer !== query.trim();) {
    if (Date.now() > end) throw new Error(`no answer to ${query}`);
    await new Promise((later) => setTimeout(later, 2));
  }
  return [...find.querySelectorAll('.pb-find__results a')].map((a) => a.href);
}"""


def stock(page: Any) -> Ask:
    """Material's search as it comes, through its field; it says nothing when done, so wait until nothing changes."""
    page.keyboard.press("/")
    page.wait_for_timeout(1500)

    def ask(query: str) -> list[str]:
        for text in ("", query):
            page.fill(".md-search__input", text)
            page.locator(".md-search__input").dispatch_event("keyup")
            page.wait_for_timeout(120 if text else 30)
        links = "list => [...list.querySelectorAll('.md-search-result__link')].map(a => a.href)"
        return list(page.locator(".md-search-result__list").evaluate(links))

    return ask


def plain_pagefind(page: Any) -> Ask:
    """Pagefind as it comes, by its JavaScript interface."""

    def ask(query: str) -> list[str]:
        script = """async (query) => {
            window.engine ??= await import('/pagefind/pagefind.js');
            const { results } = await window.engine.search(query);
            return Promise.all(results.slice(0, 10).map(async (result) => (await result.data()).url));
        }"""
        return list(page.evaluate(script, query))

    return ask


# ------------------------------------------------------------------------ the bench


def first_query(chromium: Any, site: Path, query: str = "Kundinnen Vertrag") -> tuple[int, float]:
    """Bytes over the wire that a first query loads beyond the page itself; milliseconds from last key to results."""
    with served(site) as (base, wire):
        page = chromium.new_page()
        page.goto(base)
        page.wait_for_load_state("networkidle")
        before = sum(wire.values()) - wire.get("/assets/search.js", 0)
        ask = ours(page)
        ask(query)
        page.wait_for_load_state("networkidle")
        weight = sum(wire.values()) - before
        times = [page.evaluate(_TIMED, text) for text in ("Räume", "Tee und Gebäck", "Gastgeberinnen", "Bertrag")]
        page.close()
        return weight, max(times)


# From the last key to the answer, the letters before it typed and answered.
_TIMED = """async (text) => {
    const [box, field] = [document.querySelector('.pb-find'), document.querySelector('.pb-find__input')];
    const type = (value) => new Promise((done) => {
        const start = performance.now();
        const watch = new MutationObserver(() => {
            if (box.dataset.answer === value) { watch.disconnect(); done(performance.now() - start); }
        });
        watch.observe(box, { attributes: true });
        field.value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await type(text.slice(0, -1));
    return type(text);
}"""


def stock_site(docs: Path, folder: Path) -> Path:
    """The same pages built by MkDocs with Material as it comes and its own search."""
    config = folder / "stock.yml"
    settings = {
        "site_name": "Stock",
        "docs_dir": str(docs.resolve()),
        "site_dir": str(folder / "stock"),
        "theme": {"name": "material", "language": "de", "font": False},
        "plugins": ["search"],
        "markdown_extensions": ["admonition", "attr_list", "tables", "toc"],
    }
    config.write_text(json.dumps(settings), "utf-8")
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config)], check=True, capture_output=True)
    return folder / "stock"


def search_table(site: Path, docs: Path, path: Path) -> Iterator[str]:
    """Lines of the comparison: the queries' categories, each engine's recall among three and mean reciprocal rank."""
    every = queries(path)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        material = stock_site(docs, folder)
        pagefind = folder / "pagefind"
        shutil.copytree(site, pagefind)
        command = [sys.executable, "-m", "pagefind", "--site", str(pagefind), "--root-selector", "article"]
        subprocess.run(command, check=True, capture_output=True)
        engines = (("handbook", site, ours), ("Material", material, stock), ("Pagefind", pagefind, plain_pagefind))
        for split in ("tune", "held"):
            asked = [query for query in every if query.split == split]
            tables = []
            for _, folder_, make in engines:
                with served(folder_) as (base, _wire), browser() as chromium:
                    page = chromium.new_page()
                    page.goto(base)
                    tables.append(evaluate(asked, make(page)))
            yield f"{split + ', recall@3 and MRR':28}" + "".join(f"{name:>12}" for name, _, _ in engines)
            for category in sorted(tables[0]):
                count = f"{category} ({tables[0][category].asked})"
                yield f"  {count:26}" + "".join(f"{table[category]!s:>12}" for table in tables)
            yield f"  {'all but nonsense':26}" + "".join(f"{overall(table)!s:>12}" for table in tables)
    with browser() as chromium:
        weight, slowest = first_query(chromium, site)
    yield f"first query: {weight / 1000:.0f} kB over the wire (gzip -6); at most {slowest:.0f} ms from the last key"
