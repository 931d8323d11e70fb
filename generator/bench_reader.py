"""`playbook bench reader`: what a first page costs a reader, its cache empty: bytes, shifts, Lighthouse's judgement.

The site is sent the way `deploy/` has nginx send it: compressed beforehand, with its Content-Security-Policy. Numbers of
bytes and shifts do not depend on the machine; Lighthouse's do, so the load is printed with them.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import click

from generator import PROJECT
from generator.bench_search import CHROMIUM, browser
from generator.deploy import deploy, policy
from generator.models import Playbook

WIDTHS = {"phone": (360, 740), "desk": (1280, 800)}
MOST_BYTES, MOST_SHIFT, LEAST_SCORE = 300_000, 0.01, 95  # what issue 7 promises
RUNS = 3  # of Lighthouse; the middle one counts
LIGHTHOUSE = PROJECT / "tests" / "lighthouse"
KINDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "JS", "Font": "fonts"}  # as Chromium calls them; else "other"

# --------------------------------------------------------------------------- the host


class Host(http.server.SimpleHTTPRequestHandler):
    """A deployed site: texts compressed beforehand, and a policy with each answer."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".woff2": "font/woff2"}

    def __init__(self, *args: Any, policy: str, **kwargs: Any) -> None:
        self.policy = policy
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        small = path.with_name(f"{path.name}.gz")
        body = (small if small.is_file() else path).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        if small.is_file():
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cache-Control", "private, no-cache")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes its connection early is none."""


@contextmanager
def hosted(site: Path) -> Iterator[str]:
    """The address of a built site, which is deployed into a temporary folder; it ends with a slash."""
    with tempfile.TemporaryDirectory() as temporary:
        deployed = Path(temporary) / "deploy"
        deploy(site, deployed)
        rules, _blocked = policy(deployed / "site")
        server = Server(("127.0.0.1", 0), functools.partial(Host, directory=str(deployed / "site"), policy=rules))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()


def pages_to_measure(playbook: Playbook, site: Path) -> dict[str, str]:
    """The kinds of pages that are measured, and the address of the heaviest of each within the site."""
    universes = [f"{name}/" for name in playbook.universes]
    rituals = [f"{ritual.universe}/{name}/" for name, ritual in playbook.rituals.items()]

    def heaviest(pages: list[str]) -> str:
        return max(pages, key=lambda page: (site / page / "index.html").stat().st_size)

    return {"start": "", "universe": heaviest(universes), "ritual": heaviest(rituals), "finder": "finden/"}


# ------------------------------------------------------------------- in the browser


def weight(chromium: Any, url: str, size: tuple[int, int] = WIDTHS["phone"]) -> Counter[str]:
    """Bytes over the wire by kind, headers included, until a page with an empty cache asks for nothing more."""
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    wire: Counter[str] = Counter()

    def answered(event: Mapping[str, Any]) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "other")

    def finished(event: Mapping[str, Any]) -> None:
        wire[kinds[event["requestId"]]] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    context.close()
    return wire


# Set before the page has anything; a node that has gone meanwhile has no name.
_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value, sources }) => ({
    value, moved: sources.map(({ node, previousRect: from, currentRect: to }) =>
        `${from.x},${from.y} to ${to.x},${to.y}: ${(node?.outerHTML ?? node?.data ?? "?").trim().slice(0, 90)}`),
})))).observe({ type: "layout-shift", buffered: true });
"""
_DRAWN = """() => new Promise((drawn) => new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) drawn();
}).observe({ type: "paint", buffered: true }))"""
# Also what the last frames did has been noted.
_SETTLED = """async () => {
    await document.fonts.ready;
    for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
    return window.shifts;
}"""


def shifts(chromium: Any, url: str, size: tuple[int, int], *, late_fonts: bool = False) -> tuple[float, list[str]]:
    """How much of a page moves by itself while it loads (the sum of all, as CLS has it), and what.

    With `late_fonts`, fonts are only sent once all else is there and text has been drawn.
    """
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]})
    context.add_init_script(_SHIFTS)
    page = context.new_page()
    held: list[Any] = []
    if late_fonts:
        page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(url, wait_until="domcontentloaded")  # not all of it: that waits for fonts
    page.evaluate(_DRAWN)
    page.evaluate(_SETTLED.replace("await document.fonts.ready;", ""))
    for request in held:
        request.continue_()
    if late_fonts:
        page.unroute("**/*.woff2")
    page.wait_for_load_state("networkidle")
    found = page.evaluate(_SETTLED)
    context.close()
    return sum(shift["value"] for shift in found), [f"{s['value']:.4f} {', '.join(s['moved'])}" for s in found]


# ------------------------------------------------------------------------ Lighthouse


def lighthouse(url: str) -> dict[str, Any]:
    """Lighthouse's report on the performance of a page, on the phone it makes believe: its JSON."""
    scripts = Path(sys.executable).parent
    node = shutil.which("node", path=f"{scripts}{os.pathsep}{os.environ['PATH']}")
    program = LIGHTHOUSE / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not node or not program.is_file():
        raise click.UsageError("the benchmark needs Lighthouse: run `make reader`")
    flags = ["--headless=new", *CHROMIUM, "--host-resolver-rules='MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'"]
    command = [node, str(program), url, "--quiet", "--only-categories=performance", "--no-enable-error-reporting"]
    command += ["--output=json", "--output-path=stdout", f"--chrome-flags={' '.join(flags)}"]
    environment = dict(os.environ)
    if found := shutil.which("chromium"):
        environment["CHROME_PATH"] = found
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"Lighthouse failed: {done.stderr.strip()[-800:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def judged(url: str) -> tuple[list[int], str]:
    """The scores (0 to 100) of several runs, the middle one first, and what the middle run measured."""
    reports = sorted((lighthouse(url) for _ in range(RUNS)), key=score)
    middle = reports[RUNS // 2]
    audits = middle["audits"]
    said = (
        f"FCP {audits['first-contentful-paint']['numericValue'] / 1000:.1f} s, "
        f"LCP {audits['largest-contentful-paint']['numericValue'] / 1000:.1f} s, "
        f"TBT {audits['total-blocking-time']['numericValue']:.0f} ms, "
        f"CLS {audits['cumulative-layout-shift']['numericValue']:.3f}, "
        f"SI {audits['speed-index']['numericValue'] / 1000:.1f} s; "
        f"processor {middle['environment']['benchmarkIndex']:.0f}"
    )
    return [score(report) for report in reports], said


def score(report: Mapping[str, Any]) -> int:
    return round(report["categories"]["performance"]["score"] * 100)


# ------------------------------------------------------------------------- the bench


def bench_reader(playbook: Playbook, site: Path, folder: Path) -> Iterator[str]:
    """Lines of three tables; a copy of them is left in `folder`/reader.txt."""
    lines: list[str] = []
    for line in tables(pages_to_measure(playbook, site), site):
        lines.append(line)
        yield line
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reader.txt").write_text("\n".join(lines) + "\n", "utf-8")


def tables(pages: Mapping[str, str], site: Path) -> Iterator[str]:
    missed = []
    with hosted(site) as base:
        with browser() as chromium:
            yield f"kB over the wire, cache empty (Chromium {chromium.version}; at most {MOST_BYTES / 1000:.0f})"
            yield f"  {'':36}" + "".join(f"{kind:>8}" for kind in ("all", *KINDS.values(), "other"))
            for name, path in pages.items():
                wire = weight(chromium, base + path)
                numbers = (wire.total(), *(wire[kind] for kind in (*KINDS.values(), "other")))
                yield f"  {f'{name} /{path}':36}" + "".join(f"{number / 1000:8.1f}" for number in numbers)
                missed += [f"{name} weighs too much"] if wire.total() > MOST_BYTES else []
            ways = [(width, late) for width in WIDTHS for late in (False, True)]
            yield f"layout shift (at most {MOST_SHIFT})"
            yield f"  {'':36}" + "".join(f"{width + ', late fonts' * late:>18}" for width, late in ways)
            for name, path in pages.items():
                found = [shifts(chromium, base + path, WIDTHS[width], late_fonts=late)[0] for width, late in ways]
                yield f"  {f'{name} /{path}':36}" + "".join(f"{shift:18.4f}" for shift in found)
                missed += [f"{name} shifts"] if max(found) > MOST_SHIFT else []
        version = json.loads((LIGHTHOUSE / "package.json").read_text("utf-8"))["devDependencies"]["lighthouse"]
        load = os.getloadavg()[0]
        yield f"Lighthouse {version}, phone, performance (at least {LEAST_SCORE}); load {load:.1f} on {os.cpu_count()} cores"
        for name, path in pages.items():
            scores, said = judged(base + path)
            yield f"  {f'{name} /{path}':36}{median(scores):4.0f} of {scores}; {said}"
            missed += [f"{name} is slow"] if median(scores) < LEAST_SCORE else []
    yield "falls short: " + ", ".join(missed) if missed else "all of it holds"
