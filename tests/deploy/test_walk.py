"""Every page of both built sites, as nginx serves it and a browser shows it under the Content-Security-Policy."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, Response

from tests.browser.serve import none_of
from tests.deploy.conftest import Reporting
from tests.deploy.host import Host

NARROW, WIDE = 320, 1920
PATIENCE = {"index.html", "404.html", "vergleich/index.html", "tradition/empfang/index.html"}  # wait for all they load
LEFTOVERS = re.compile(r"\bNone\b|\bundefined\b|\bNaN\b|\{\{|\}\}|\{%|\{:|&#|&amp;|&lt;|\[object ")

# What a page says of itself at one width. Graphics and controls without a name are judged where they are seen.
LOOK = """() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const seen = (e) => e.checkVisibility({visibilityProperty: true});
  const named = (e) =>
    e && (e.getAttribute('aria-label') || e.getAttribute('title') || (e.innerText || e.textContent).trim());
  const labelled = (e) => named(e) || e.getAttribute('aria-labelledby') || [...(e.labels || [])].some(named);
  const short = (e) => e.outerHTML.replace(/\\s+/g, ' ').slice(0, 120);
  const graphics = all('img, svg').filter((e) => seen(e) && !e.closest('[aria-hidden=true]'))
    .filter((e) => !e.parentElement.closest('svg'));
  const controls = all('a[href], button, input, select, textarea, summary, label.md-icon, label[role=button]');
  return {
    width: document.scrollingElement.scrollWidth,
    text: document.body.innerText,
    nameless: [
      ...graphics.filter((e) => !(e.alt === '' || e.alt || labelled(e) || e.querySelector(':scope > title')
        || named(e.closest('a, button, label, summary')))),
      ...controls.filter((e) => seen(e) && e.type !== 'hidden' && !labelled(e)),
    ].map(short),
  };
}"""
FACTS = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  return {
    lang: document.documentElement.lang,
    title: document.title.trim(),
    description: document.querySelector('meta[name=description]')?.content.trim() || '',
    headings: all('h1, h2, h3, h4, h5, h6').filter((e) => !e.closest('[hidden]'))
      .map((e) => [Number(e.tagName[1]), e.innerText.trim()]),
    ids: all('[id]').map((e) => e.id),
    links: all('a[href]').map((e) => [e.getAttribute('href'), e.href]),
    words: all('[alt], [title], [aria-label], [placeholder]').flatMap(
      (e) => ['alt', 'title', 'aria-label', 'placeholder'].map((name) => e.getAttribute(name)).filter(Boolean)),
    current: all('nav.pb-side a[aria-current="page"]').map((e) => e.href),
    crumbs: all('nav.pb-crumbs a').map((e) => e.href),
  };
}"""


@dataclass
class Seen:
    """One page after a visit."""

    url: str
    status: int
    facts: dict[str, Any]
    looks: dict[int, dict[str, Any]]
    trouble: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


Walk = dict[str, Seen]


@pytest.fixture(scope="module", params=["site", "guest_site"])
def published(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@pytest.fixture(scope="module")
def host(request: pytest.FixtureRequest, published: Path) -> Host:
    host: Host = request.getfixturevalue("debian" if published.name == "site" else "for_guests")
    return host


@pytest.fixture(scope="module")
def base(host: Host) -> str:
    return host.base


@pytest.fixture(scope="module", name="browser")
def reporting(browser: Browser, host: Host, published: Path) -> Reporting:
    return Reporting(browser, host.signed_in if published.name == "site" else {})


@pytest.fixture(scope="module")
def walk(browser: Reporting, base: str, published: Path) -> Walk:
    """Each HTML file's path → what was seen there. One page object does the whole round."""
    context = browser.new_context(viewport={"width": NARROW, "height": 640})
    page = context.new_page()
    trouble: list[str] = []
    strangers: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            trouble.append(f"{message.type}: {message.text}")

    def request(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            strangers.append(request.url)

    def response(response: Response) -> None:
        if response.status >= 400:
            trouble.append(f"status {response.status}: {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # we went on to the next page before it was there
            trouble.append(f"failed: {request.url} {request.failure}")

    page.on("console", console)
    page.on("pageerror", lambda error: trouble.append(f"error: {error}"))
    page.on("request", request)
    page.on("requestfailed", failed)
    page.on("response", response)

    found: Walk = {}
    for path in sorted(file.relative_to(published).as_posix() for file in published.rglob("*.html")):
        trouble.clear()
        strangers.clear()
        page.set_viewport_size({"width": NARROW, "height": 640})
        answer = page.goto(base + path.removesuffix("index.html"))
        page.evaluate("document.fonts.ready.then(() => null)")
        looks = {NARROW: page.evaluate(LOOK)}
        facts = page.evaluate(FACTS)
        page.set_viewport_size({"width": WIDE, "height": 1080})
        looks[WIDE] = page.evaluate(LOOK)
        if path in PATIENCE:
            page.wait_for_load_state("networkidle")
        found[path] = Seen(
            page.url, answer.status if answer else 0, facts, looks, trouble=list(trouble), strangers=list(strangers)
        )
    context.close()
    return found


def language(path: str) -> str:
    return "en" if path.startswith("en/") else "de"


def file_of(path: str) -> str:
    """The file a host answers the path of an address with."""
    path = unquote(path).lstrip("/")
    return path + "index.html" if not path or path.endswith("/") else path


def test_all_pages_are_found(walk: Walk, published: Path) -> None:
    some = {"site": "tradition/empfang", "site-guest": "von-haus-zu-haus/willkommen-in-unserem-haus"}[published.name]
    assert {"index.html", "404.html", "print/aktuell/index.html", f"{some}/index.html"} <= walk.keys()
    none_of([f"{path}: status {seen.status}" for path, seen in walk.items() if seen.status != 200])


def test_no_page_complains(walk: Walk, browser: Reporting) -> None:
    """Also of what the policy refuses, be it so late that another page is already open."""
    none_of([f"{path}: {line}" for path, seen in walk.items() for line in seen.trouble] + browser.refused)


def test_nothing_is_asked_of_another_host(walk: Walk) -> None:
    none_of([f"{path}: {url}" for path, seen in walk.items() for url in seen.strangers])


class Addresses(HTMLParser):
    """Collects the addresses that a page would load: all of them except ordinary links and the canonical address."""

    NAMES = frozenset("src href srcset poster data action formaction background xlink:href".split())

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a" or (tag == "link" and values.get("rel", "").strip() in ("canonical", "alternate")):
            return
        self.found += [value for name, value in values.items() if name in self.NAMES]
        self.found += in_css(values.get("style", ""))


def in_css(text: str) -> list[str]:
    return [
        a or b
        for a, b in re.findall(r"url\(\s*['\"]?([^'\")]*)['\"]?\s*\)|@import\s+['\"]([^'\"]+)", text, re.IGNORECASE)
    ]


def test_no_page_or_style_names_another_host(published: Path) -> None:
    problems = []
    for file in sorted(published.rglob("*")):
        text = file.read_text("utf-8") if file.suffix in (".html", ".css", ".svg") else ""
        addresses = in_css(text)
        if file.suffix in (".html", ".svg"):
            parser = Addresses()
            parser.feed(text)
            addresses += parser.found
        problems += [
            f"{file.relative_to(published)}: {address}"
            for address in addresses
            if re.match(r"\s*([a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE)
        ]
    none_of(problems)


def test_what_pages_load_is_there(published: Path) -> None:
    problems = []
    for file in sorted(published.rglob("*.html")):
        path = file.relative_to(published).as_posix()
        parser = Addresses()
        parser.feed(file.read_text("utf-8"))
        for address in parser.found:
            target = urlsplit(urljoin(f"http://site/{path}", address))
            if target.scheme == "http" and not (published / file_of(target.path)).is_file():
                problems.append(f"{path}: {address}")
    none_of(problems)


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_no_page_scrolls_sideways(walk: Walk, width: int) -> None:
    none_of([f"{p}: {seen.looks[width]['width']} px" for p, seen in walk.items() if seen.looks[width]["width"] > width])


def test_one_h1_and_no_level_left_out(walk: Walk) -> None:
    problems = []
    for path, seen in walk.items():
        headings = seen.facts["headings"]
        tops = [text for level, text in headings if level == 1]
        if len(tops) != 1:
            problems.append(f"{path}: h1 {tops}")
        for (before, _), (level, text) in zip([(0, ""), *headings], headings, strict=False):
            if level > before + 1:
                problems.append(f"{path}: h{level} {text!r} after h{before}")
        problems += [f"{path}: empty h{level}" for level, text in headings if not text]
    none_of(problems)


def test_language_title_and_description(walk: Walk) -> None:
    titles = Counter((language(path), seen.facts["title"]) for path, seen in walk.items())
    problems = []
    for path, seen in walk.items():
        facts = seen.facts
        if facts["lang"] != language(path):
            problems.append(f"{path}: language {facts['lang']!r}")
        if not facts["title"] or titles[language(path), facts["title"]] > 1:
            problems.append(f"{path}: title {facts['title']!r} is there more than once")
        if not facts["description"]:
            problems.append(f"{path}: no description")
    none_of(problems)


def test_ids_are_unique(walk: Walk) -> None:
    none_of([f"{p}: {key}" for p, seen in walk.items() for key, n in Counter(seen.facts["ids"]).items() if n > 1])


def test_every_link_leads_somewhere(walk: Walk, published: Path, base: str) -> None:
    problems = set()
    for path, seen in walk.items():
        for written, url in seen.facts["links"]:
            if not url.startswith(base):
                continue
            target = urlsplit(url)
            file, fragment = file_of(target.path), unquote(target.fragment)
            if not (published / file).is_file():
                problems.add(f"{path}: {written}")
            elif fragment and file in walk and fragment not in walk[file].facts["ids"]:
                problems.add(f"{path}: {written} (no such section)")
    none_of(sorted(problems))


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_graphics_and_controls_have_a_name(walk: Walk, width: int) -> None:
    """Or are hidden from those who would have to hear it."""
    places: dict[str, list[str]] = {}
    for path, seen in walk.items():
        for element in seen.looks[width]["nameless"]:
            places.setdefault(element, []).append(path)
    none_of([f"{len(paths)} pages, such as {paths[0]}: {element}" for element, paths in places.items()])


def test_nothing_of_the_machine_is_visible(walk: Walk) -> None:
    problems = []
    for path, seen in walk.items():
        facts = seen.facts
        for text in [
            *(look["text"] for look in seen.looks.values()),
            facts["title"],
            facts["description"],
            *facts["words"],
        ]:
            problems += [
                f"{path}: …{text[max(0, m.start() - 30) : m.end() + 30]!r}…"
                for m in LEFTOVERS.finditer(text)
                if (language(path), m[0]) != ("en", "None")
            ]
    none_of(problems)


def test_readers_see_where_they_are(walk: Walk, base: str) -> None:
    """The navigation marks the page itself, or the path above it ends at a page that links to it."""
    problems = []
    for path, seen in walk.items():
        current, crumbs = seen.facts["current"], seen.facts["crumbs"]
        if path.endswith("404.html"):
            if current or crumbs:
                problems.append(f"{path}: is nowhere, but is marked as {current or crumbs}")
        elif current:
            if current != [seen.url]:
                problems.append(f"{path}: the navigation marks {current}")
        elif not crumbs or crumbs[0] != (base if language(path) == "de" else f"{base}en/"):
            problems.append(f"{path}: neither marked in the navigation nor a path from the start: {crumbs}")
        else:
            parent = walk.get(file_of(urlsplit(crumbs[-1]).path))
            if not parent or seen.url not in [url for _, url in parent.facts["links"]]:
                problems.append(f"{path}: {crumbs[-1]} does not lead here")
    none_of(problems)
