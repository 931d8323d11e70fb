"""`python -m tools.bench build`: whole builds of made-up handbooks, ours against plain Material on the same Markdown.

Each build is a process of its own, started from nothing, so its time, processor time and peak memory are its own.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from math import log10
from pathlib import Path
from typing import TypeVar

from generator.audience.edition import team_edition
from generator.check import check
from generator.load import load
from generator.load.settings import settings
from generator.model.playbook import published
from generator.pages.environment import Templates
from generator.pages.recipes import recipes
from generator.problems import PlaybookError, errors
from generator.project import part, symbols
from generator.search.index import index
from generator.site.config import configure
from generator.site.engines import build
from generator.site.navigation import navigation
from generator.site.publish import publish
from generator.site.write import write

T = TypeVar("T")

OURS = "ours"
SEED = 7
_WORD = re.compile(r"(?<![\w#&/-])[A-ZÄÖÜ][a-zäöüß]{5,}(?![\w-])")  # capital letter: a noun, never a key or an id
_LETTERS = "abdefghiklmnoprstuw"


@dataclass
class Build:
    """One build: who built how many rituals, and what it took."""

    who: str
    rituals: int
    seconds: float
    processor: float  # seconds of all cores
    memory: int  # bytes of the largest process
    output: int  # bytes
    pages: int
    phases: Mapping[str, Sequence[float]] = field(default_factory=dict)  # (seconds, processor) of each


def bench_build(source: Path, folder: Path, sizes: Sequence[int], also: Sequence[str] = ()) -> Iterator[str]:
    """Lines of a table; a copy of it and a plot are left in `folder`. `source` is the handbook to multiply."""
    builds: list[Build] = []
    for count in sizes:
        root = folder / str(count)
        shutil.rmtree(root, ignore_errors=True)
        made = handbook(source, root, count)
        builds.append(run(OURS, [sys.executable, "-m", __name__, str(root)], root / "site", made))
        for engine in ("mkdocs", *also):
            config = plain(root, folder / f"{count}-{engine}")
            command = [sys.executable, "-m", engine, "build", "--quiet", "-f", str(config)]
            if engine == "zensical":
                command.remove("--quiet")
            builds.append(run(f"plain {engine}", command, config.parent / "site", made))
            shutil.rmtree(config.parent)
    lines = list(table(builds))
    (folder / "build.txt").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "build.svg").write_text(plot(builds), "utf-8")
    yield from lines


# ---------------------------------------------------------------- made-up handbooks


def handbook(source: Path, root: Path, count: int) -> int:
    """A tree of `count` rituals: those of `source`, and copies in other words. Returns how many they have become.

    A copy leads to the copies made with it, as the original does to its neighbours.
    """
    for path in (
        *source.glob("universes/**/*.yml"),
        *source.glob("content/**/*"),
        *source.glob("templates/**/*"),
        *source.glob("mkdocs.yml"),
    ):
        if path.is_file() and "locales" not in path.parts and not re.search(r"\.\w\w\.md$", path.name):
            target = root / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    originals = {path: path.read_text("utf-8") for path in sorted(root.glob("universes/*/rituals/*.yml"))}
    ids = re.compile(rf"(?<![\w-])(?:{'|'.join(path.stem for path in originals)})(?![\w-])")
    nouns: dict[int, list[str]] = defaultdict(list)  # by length, so that a text keeps to its room
    for word in sorted({word for text in originals.values() for word in _WORD.findall(text)}):
        nouns[len(word)].append(word)
    chance = random.Random(SEED)  # noqa: S311 (nothing is secret here)

    def other(match: re.Match[str]) -> str:
        """Mostly the word itself; sometimes another one, rarely one that nobody has heard of."""
        word, dice = match[0], chance.random()
        if dice < 0.02:
            return word[0] + "".join(chance.choices(_LETTERS, k=len(word) - 1))
        return chance.choice(nouns[len(word)]) if dice < 0.3 else word

    copies = [(number, path) for number in range(2, count) for path in originals][: max(0, count - len(originals))]
    stems = {f"{path.stem}-{number}" for number, path in copies}
    for number, path in copies:

        def copied(match: re.Match[str], number: int = number) -> str:
            return key if (key := f"{match[0]}-{number}") in stems else match[0]

        title, body = ids.sub(copied, originals[path]).split("\n", 1)
        title = f"{title[: len('title: ') + 48 - 5]} {number}"
        path.with_stem(f"{path.stem}-{number}").write_text(f"{title}\n{_WORD.sub(other, body)}", "utf-8")
    return len(originals) + len(copies)


def plain(root: Path, folder: Path) -> Path:
    """Stock Material for the Markdown of a built tree: every page in the navigation, its own search."""
    shutil.rmtree(folder, ignore_errors=True)
    docs = folder / "docs"
    shutil.copytree(root / "build" / "de" / "docs", docs)
    nav: dict[str, list[object]] = defaultdict(list)
    for path in sorted(docs.rglob("*.md")):
        uri = path.relative_to(docs).as_posix()
        title = json.loads(re.search(r"^title: (.*)$", path.read_text("utf-8"), re.M)[1])  # type: ignore[index]
        nav[uri.partition("/")[0]].append({title: uri})
    config = {
        "site_name": "Playbook",
        "site_url": "https://playbook.example/",
        "theme": {"name": "material", "language": "de", "font": False},
        "plugins": ["search"],
        "markdown_extensions": settings(part(root, "mkdocs.yml"))["markdown_extensions"],
        "nav": [entries[0] if len(entries) == 1 else {name: entries} for name, entries in nav.items()],
    }
    path = folder / "mkdocs.yml"
    path.write_text(json.dumps(config, ensure_ascii=False), "utf-8")
    return path


# ---------------------------------------------------------------- measuring


def run(who: str, command: list[str], site: Path, rituals: int) -> Build:
    """A command that builds `site`, and what it took."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {said}")
    phases = json.loads(said) if who == OURS else {}
    processor = usage.ru_utime + usage.ru_stime
    if phases:
        whole, busy = (sum(taken) for taken in zip(*phases.values(), strict=True))
        phases = {"start": (seconds - whole, processor - busy), **phases}
    files = [path for path in site.rglob("*") if path.is_file()]
    return Build(
        who,
        rituals,
        seconds,
        processor,
        usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        sum(path.stat().st_size for path in files),
        sum(path.name == "index.html" for path in files),
        phases,
    )


def build_ours(root: Path) -> dict[str, tuple[float, float]]:
    """What `playbook build` does with a tree in one language, without sheets; (seconds, processor) by phase."""
    taken: dict[str, tuple[float, float]] = {}

    def timed(phase: str, work: Callable[[], T]) -> T:
        start, busy = time.perf_counter(), sum(os.times()[:4])
        result = work()
        taken[phase] = (time.perf_counter() - start, sum(os.times()[:4]) - busy)
        return result

    folder, templates = root / "build" / "de", part(root, "templates")
    tree = timed("load", lambda: load(root))
    problems = tree.problems + timed("check", lambda: check(tree, set(symbols(root)), date.today()))
    if wrong := errors(problems):
        raise PlaybookError(wrong)
    playbook = published(tree.playbook)
    edition = team_edition(playbook, tree.pages)
    files = recipes(edition, Templates(templates / "pages", symbols(root)))
    timed("render", lambda: write(folder / "docs", files))
    config = configure(folder, part(root, "mkdocs.yml"), templates / "theme", navigation(edition))
    html = timed("engine", lambda: build(config, templates / "theme", "mkdocs", {}))
    timed("index", lambda: index(html, playbook))
    timed("publish", lambda: publish(html, root / "site"))
    return taken


# ---------------------------------------------------------------- showing


def table(builds: Sequence[Build]) -> Iterator[str]:
    yield f"{'rituals':>8} {'who':<16}{'seconds':>9}{'cpu':>9}{'ms/page':>9}{'peak MB':>9}{'out MB':>9}{'pages':>8}"
    for size in dict.fromkeys(b.rituals for b in builds):
        ours, *others = [b for b in builds if b.rituals == size]
        for b in (ours, *others):
            yield (
                f"{size:>8} {b.who:<16}{b.seconds:>9.2f}{b.processor:>9.2f}{1000 * b.seconds / b.pages:>9.2f}"
                f"{b.memory / 1e6:>9.0f}{b.output / 1e6:>9.1f}{b.pages:>8}"
            )
        yield " " * 9 + ", ".join(f"{name} {wall:.2f} ({cpu:.2f})" for name, (wall, cpu) in ours.phases.items())
        for b in others:
            yield (
                f"{'':9}than {b.who}: {b.seconds / ours.seconds:.1f} × faster ({b.processor / ours.processor:.1f} × "
                f"less processor time), output {b.output / ours.output:.1f} × smaller"
            )


def plot(builds: Sequence[Build]) -> str:
    """Milliseconds a page against the number of rituals, both axes by powers of ten: what is level grows in a line."""
    width, height, left, top = 640, 360, 64, 24
    sizes = sorted({b.rituals for b in builds})
    spent = [1000 * b.seconds / b.pages for b in builds]
    low, high = log10(min(spent)) - 0.1, log10(max(spent)) + 0.1
    across = max(log10(sizes[-1]) - log10(sizes[0]), 0.1)

    def x(size: int) -> float:
        return left + (width - left - 160) * (log10(size) - log10(sizes[0])) / across

    def y(milliseconds: float) -> float:
        return top + (height - top - 48) * (high - log10(milliseconds)) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="13"><rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{left}" y="{height - 8}">rituals</text><text x="8" y="{top - 8}">ms a page</text>',
    ]
    for step in (d * 10**e for e in range(-1, 5) for d in (1, 2, 5)):
        if low <= log10(step) <= high:
            parts.append(f'<path d="M{left} {y(step):.0f}H{width - 150}" stroke="#ddd"/>')
            parts.append(f'<text x="{left - 8}" y="{y(step) + 4:.0f}" text-anchor="end">{step:g}</text>')
    parts += [f'<text x="{x(n):.0f}" y="{height - 28}" text-anchor="middle">{n:,}</text>' for n in sizes]
    colours = ("#0b6e4f", "#b3261e", "#6750a4", "#8a5a00")
    for who, colour in zip(dict.fromkeys(b.who for b in builds), colours, strict=False):
        points = [(x(b.rituals), y(1000 * b.seconds / b.pages)) for b in builds if b.who == who]
        line = " ".join(f"{px:.0f},{py:.0f}" for px, py in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{px:.0f}" cy="{py:.0f}" r="4" fill="{colour}"/>' for px, py in points]
        parts.append(
            f'<text x="{points[-1][0] + 10:.0f}" y="{points[-1][1] + 4:.0f}" fill="{colour}">{escape(who)}</text>'
        )
    return "\n".join((*parts, "</svg>\n"))


if __name__ == "__main__":
    print(json.dumps(build_ours(Path(sys.argv[1]))))
