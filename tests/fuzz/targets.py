"""What is fuzzed: functions that take any bytes, and fail only if we have made a mistake."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from markdown_it import MarkdownIt

from generator.audience.edition import team_edition
from generator.check.html import findings
from generator.languages.catalogue import language_from, read_catalogue
from generator.languages.extract import extract
from generator.languages.merge import judge, merge
from generator.load.links import page_links
from generator.load.source import read_yaml
from generator.load.tree import Memory, Tree
from generator.load.validate import validate
from generator.model.addresses import link_key
from generator.model.playbook import published
from generator.model.prose import inert, plain, prose, prose_line
from generator.model.schema import KINDS
from generator.pages.environment import Templates
from generator.pages.recipes import render
from generator.pipeline import examine
from generator.problems import PlaybookError, Problem, errors
from generator.project import PROJECT, symbols
from generator.sheets.calendar import calendar
from generator.sheets.literals import content
from generator.sheets.printer import Printer
from tests.check.test_html import EXTENSIONS
from tests.conftest import SMALL, TODAY


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def placed(problems: list[Problem], text: str) -> None:
    """Each problem stands on a line of its own, somewhere in the text."""
    lines = [*text.split("\n"), ""]
    for problem in problems:
        assert "\n" not in str(problem)
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 2, problem


def a_yaml_file(data: bytes) -> None:
    """Any text as YAML, judged by every model."""
    text = text_of(data).replace("\r\n", "\n").replace("\r", "\n")
    source, problems = read_yaml("x.yml", text)
    placed(problems, text)
    for kind in KINDS.values():
        _record, found = validate(kind.model, source)
        placed(found, text)


class Elements(HTMLParser):
    """The elements of a piece of HTML and their attributes, which must be those that prose may have."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open = list[str]()
        self.feed(html)
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ("p", "ul", "ol", "li", "em", "strong", "a", "br"), tag
        for name, value in attrs:
            assert (tag, name) in (("a", "href"), ("ol", "start")), name
            assert re.fullmatch(r"[\w./#-]*", value or ""), value
        self.open += [tag] if tag != "br" else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    handle_pi = unknown_decl = handle_comment


@cache
def commonmark() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def a_text(data: bytes) -> None:
    """Any text as a line and as prose, for pages and for sheets."""
    text = text_of(data)

    def resolve(target: str) -> str | None:
        return f"../{target}/" if len(target) % 2 else None

    for html in (prose(text, resolve), prose_line(text, resolve), inert(text)):
        Elements(html)
    plain(text)
    line = f"x {inert(text)}"
    assert "<" not in commonmark().renderInline(line).replace("&lt;", ""), line
    code = re.sub(r'"(?:[^"\\]|\\.)*"', "", content(text))
    assert re.fullmatch(r"(?:#(?:par|emph|strong|list|enum)|start: \d+|[\[\](), #])*", code), code
    assert code.count("[") == code.count("]")


# ------------------------------------------------------------------- whole trees


@cache
def folder() -> tuple[Path, Memory]:
    """A copy of the small playbook, and what was read of it before."""
    root = Path(tempfile.mkdtemp(prefix="playbook-fuzz-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    shutil.copytree(SMALL, root, dirs_exist_ok=True)
    return root, {}


@cache
def templates() -> Templates:
    return Templates(PROJECT / "templates/pages", symbols(PROJECT))


def with_file(name: str, text: str) -> Tree:
    """The small playbook with another text in one file, loaded and checked, and rendered if it is fine."""
    root, memory = folder()
    before = (root / name).read_bytes() if (root / name).is_file() else None
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8", errors="replace", newline="")
    try:
        tree = examine(root, TODAY, memory)
        for problem in tree.problems:
            assert "\n" not in str(problem)
        if not errors(tree.problems):
            made(tree)
        return tree
    finally:
        if before is None:
            (root / name).unlink()
        else:
            (root / name).write_bytes(before)


def made(tree: Tree) -> None:
    """Everything short of the engine and of Typst: pages, JSON, the sheets' sources, calendars."""
    playbook = published(tree.playbook)
    render(team_edition(playbook, tree.pages), templates())
    list(Printer(playbook, PROJECT / "templates", templates().symbols, "https://x.example/", tree.sources).all())
    for ritual in playbook.rituals.values():
        Calendar.from_ical(calendar(playbook, ritual, datetime(2027, 3, 28, 1, 30), {}))


FILES = sorted(path.relative_to(SMALL).as_posix() for path in SMALL.rglob("*") if path.is_file())
PIECES = [
    *(
        "- ",
        "  ",
        ": ",
        "\n",
        '"',
        "'",
        "{",
        "}",
        "[",
        "]",
        "|\n",
        ">",
        "&a ",
        "*a",
        "!!x ",
        "# ",
        "---\n",
        "<b>",
        "](x)",
    ),
    *("null", "~", "true", "no", "0", "-1", "99999999999999999999", "1e9", "12:30", "2026-02-30", "+0min", "-9999d"),
    *("\u202e", "\u200b", "\u00ad", "\u0301", "\u2028", "\x00", "\x1b", "\ufeff", "ﬁ", "👩‍👩‍👧", "ש", "a" * 400),
]


@st.composite
def changed_files(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the small playbook with some of its pieces cut out, doubled, or others put in."""
    name = draw(st.sampled_from(FILES))
    text = (SMALL / name).read_text("utf-8")
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 2, 5, 20, 100])))
        piece = draw(st.sampled_from([*PIECES, text[start:end] * 2]) | st.text(max_size=12))
        text = text[:start] + piece + text[end:]
    return name, text


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(changed_files())
def a_changed_tree(changed: tuple[str, str]) -> None:
    """A playbook with mistakes in one of its files; Hypothesis makes them, and atheris drives Hypothesis."""
    with_file(*changed)


def a_page(data: bytes) -> None:
    """Any text as the body of a hand-written page; the files that make a page are among those of `a_changed_tree`."""
    text = text_of(data)
    for needle, message in findings(text, EXTENSIONS):
        assert "\n" not in message
        assert isinstance(needle, str)
    for place, target in page_links(text):
        assert 0 <= place.start <= place.stop <= len(text)
        assert isinstance(link_key(target, ""), str)


def a_catalogue(data: bytes) -> None:
    """Any text as the catalogue of a language."""
    root, _memory = folder()
    path = root / "content/locales/en/LC_MESSAGES/playbook.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    try:
        catalogue = read_catalogue(root, path)
    except PlaybookError as error:
        placed(error.problems, text_of(data) + "\n" * 9)
        return
    finally:
        shutil.rmtree(root / "content/locales")
    language = language_from("en", catalogue)
    playbook = language.record(published(small().playbook))
    render(team_edition(playbook, small().pages, language), templates())
    for count in (0, 1, 2, 5, 100):
        language.number("{n} Ritual", "{n} Rituale", count)
    found, room = everything()
    for problem in judge("x.po", merge(catalogue, found), room, strict=True):
        assert "\n" not in str(problem)


@cache
def small() -> Tree:
    return examine(SMALL, TODAY)


@cache
def everything() -> tuple[dict[tuple[str, ...], list[str]], dict[str, int]]:
    return extract(small(), PROJECT / "templates", PROJECT / "mkdocs.yml")


TARGETS: dict[str, Callable[[bytes], object]] = {
    "yaml": a_yaml_file,
    "text": a_text,
    "tree": a_changed_tree.hypothesis.fuzz_one_input,  # type: ignore[attr-defined]
    "page": a_page,
    "catalogue": a_catalogue,
}
