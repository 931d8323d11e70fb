"""`python -m tools.bench reader`: what a first page costs a reader: bytes, shifts, Lighthouse's judgement.

Bytes and shifts are the same on any machine; Lighthouse's scores are not, so the machine's load is printed with them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from generator.project import PROJECT
from tools.bench.search import CHROMIUM, browser, served

PHONE, DESK = (360, 740), (1280, 800)  # wide and high, in CSS pixels
MOST_BYTES, MOST_SHIFT, LEAST_SCORE = 300_000, 0.01, 95
RUNS = 3  # of Lighthouse; the middle one counts
LIGHTHOUSE = PROJECT / "tests" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"

_TOOLS = {"finder": "finden/", "plan": "plan/", "chooser": "kompass/"}
_KINDS = ("start", "universe", "ritual", "path")
_KIND = re.compile(r'<div class="pb" data-kind="(\w+)"')
_WIRE = {"document": "HTML", "stylesheet": "CSS", "script": "JS", "font": "fonts"}  # the rest are "other"


def heaviest(site: Path) -> dict[str, str]:
    """Kinds of pages, and of each the largest page of a built site: its address from the site's root."""
    found: dict[str, tuple[int, str]] = {}
    for path in site.rglob("index.html"):
        text = path.read_text("utf-8")
        kind, uri = _KIND.search(text), path.parent.relative_to(site).as_posix()
        if kind:
            found[kind[1]] = max(found.get(kind[1], (0, "")), (len(text), "" if uri == "." else f"{uri}/"))
    tools = {name: uri for name, uri in _TOOLS.items() if (site / uri).is_dir()}
    return {kind: found[kind][1] for kind in _KINDS if kind in found} | tools


# ------------------------------------------------------------------- in the browser


def weight(chromium: Any, url: str) -> Counter[str]:
    """Bytes over the wire by kind, headers included, until a page with an empty cache asks for nothing more."""
    page = chromium.new_page(viewport=_size(PHONE))
    answered: list[Any] = []
    page.on("requestfinished", lambda request: answered.append(request))
    page.goto(url, wait_until="networkidle")
    wire: Counter[str] = Counter()
    for request in answered:
        sizes = request.sizes()
        wire[_WIRE.get(request.resource_type, "other")] += sizes["responseHeadersSize"] + sizes["responseBodySize"]
    page.close()
    return wire


# Set before the page has anything; a node that has gone meanwhile has no name.
_SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value, sources }) => [
    value, sources.map(({ node, previousRect: from, currentRect: to }) =>
        `${from.x},${from.y} to ${to.x},${to.y}: ${(node?.outerHTML ?? node?.data ?? "?").trim().slice(0, 90)}`),
]))).observe({ type: "layout-shift", buffered: true });
"""
_DRAWN = """() => new Promise((drawn) => new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) drawn();
}).observe({ type: "paint", buffered: true }))"""
# Also what the last frames did has been noted.
_SETTLED = """async () => {
    for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
    return window.shifts;
}"""


def shifts(chromium: Any, url: str, size: tuple[int, int], *, late: bool = False) -> list[tuple[float, str]]:
    """What moves by itself while a page loads, its cache empty: how much, as CLS counts it, and from where to where.

    With `late`, fonts and scripts are sent only once all else has been drawn, as happens on a slow line. Of the scripts
    `early.js` alone is not late: without it nothing is drawn on any line.
    """
    page = chromium.new_page(viewport=_size(size))
    page.add_init_script(_SHIFTS)
    held: list[Any] = []
    drawn = not late

    def hold(route: Any) -> None:
        kind, url = route.request.resource_type, route.request.url
        if drawn or kind not in ("font", "script") or url.endswith("/early.js"):
            route.continue_()
        else:
            held.append(route)

    page.route("**/*", hold)
    page.goto(url, wait_until="commit")
    page.evaluate(_DRAWN)
    page.evaluate(_SETTLED)
    drawn = True
    for route in held:
        route.continue_()
    page.wait_for_load_state("networkidle")
    found = [(value, "; ".join(moved)) for value, moved in page.evaluate(_SETTLED)]
    page.close()
    return found


def _size(size: tuple[int, int]) -> dict[str, int]:
    return {"width": size[0], "height": size[1]}


# ------------------------------------------------------------------------ Lighthouse


def _lighthouse() -> list[str]:
    """The command that runs Lighthouse; wrong usage where it is not installed."""
    node = shutil.which("node", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if not node or not LIGHTHOUSE.is_file():
        raise click.UsageError("the benchmark needs Lighthouse: run `make .venv/lighthouse` once")
    return [node, str(LIGHTHOUSE)]


def lighthouse(url: str, chromium: str) -> Any:
    """Lighthouse's report on the performance of a page, on the phone it makes believe: its JSON."""
    flags = ["--headless=new", *CHROMIUM, "--host-resolver-rules='MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'"]
    command = [*_lighthouse(), url, "--quiet", "--only-categories=performance", "--no-enable-error-reporting"]
    command += ["--output=json", "--output-path=stdout", f"--chrome-flags={' '.join(flags)}"]
    environment = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"Lighthouse failed: {done.stderr.strip()[-800:]}")
    return json.loads(done.stdout)


def score(report: Any) -> int:
    """Of performance, 0 to 100."""
    return int(report["categories"]["performance"]["score"] * 100 + 0.5)


# ------------------------------------------------------------------------- the bench


def bench_reader(site: Path, folder: Path) -> Iterator[str]:
    """Lines of three tables, and whether all of it holds; a copy of them is left in `folder`/reader.txt."""
    _lighthouse()  # before anything is measured
    lines: list[str] = []
    for line in _tables(site, heaviest(site)):
        lines.append(line)
        yield line
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "reader.txt").write_text("\n".join(lines) + "\n", "utf-8")


def _tables(site: Path, pages: Mapping[str, str]) -> Iterator[str]:
    missed: list[str] = []
    names = {kind: f"  {f'{kind} /{uri}':36}" for kind, uri in pages.items()}
    with served(site) as (base, _wire):
        with browser() as chromium:
            columns = [*_WIRE.values(), "other"]
            yield f"kB over the wire, cache empty (Chromium {chromium.version}; at most {MOST_BYTES / 1000:.0f})"
            yield f"  {'':36}" + "".join(f"{column:>8}" for column in ("all", *columns))
            for kind, uri in pages.items():
                wire = weight(chromium, base + uri)
                numbers = [wire.total(), *(wire[column] for column in columns)]
                yield names[kind] + "".join(f"{number / 1000:8.1f}" for number in numbers)
                missed += [f"{kind} weighs too much"] if wire.total() > MOST_BYTES else []
            ways = [(size, late) for size in (PHONE, DESK) for late in (False, True)]
            yield f"layout shift (at most {MOST_SHIFT}); late: fonts and scripts come once all else is drawn"
            yield f"  {'':36}" + "".join(f"{f'{size[0]} px' + ', late' * late:>14}" for size, late in ways)
            for kind, uri in pages.items():
                sums = [sum(v for v, _ in shifts(chromium, base + uri, size, late=late)) for size, late in ways]
                yield names[kind] + "".join(f"{each:14.4f}" for each in sums)
                missed += [f"{kind} shifts"] if max(sums) > MOST_SHIFT else []
            program = shutil.which("chromium") or chromium.browser_type.executable_path
        yield f"Lighthouse on its phone, the middle of {RUNS} runs (performance at least {LEAST_SCORE})"
        for kind, uri in pages.items():
            reports = sorted((lighthouse(base + uri, program) for _ in range(RUNS)), key=score)
            yield names[kind] + _verdict(reports)
            missed += [f"{kind} is slow"] if score(reports[RUNS // 2]) < LEAST_SCORE else []
    yield "falls short: " + ", ".join(missed) if missed else "all of it holds"


def _verdict(reports: list[Any]) -> str:
    """What the middle of sorted reports measured, and how busy the machine is."""
    middle = reports[len(reports) // 2]
    audits = {name: audit.get("numericValue", 0) for name, audit in middle["audits"].items()}
    return (
        f"{score(middle):4} of {', '.join(str(score(report)) for report in reports)}; "
        f"FCP {audits['first-contentful-paint'] / 1000:.1f} s, LCP {audits['largest-contentful-paint'] / 1000:.1f} s, "
        f"TBT {audits['total-blocking-time']:.0f} ms, CLS {audits['cumulative-layout-shift']:.3f}; "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
