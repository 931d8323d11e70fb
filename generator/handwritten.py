"""What a hand-written page may hold: Markdown; nothing that runs, loads from elsewhere or breaks the page around it.

Judged is what the engine's own Markdown makes of a page, with the extensions of `mkdocs.yml`, so that no way of writing
something goes unseen; what Markdown itself makes is allowed, and so is HTML that is as harmless.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element  # nothing is parsed by it

import yaml
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from generator.build import OURS
from generator.load import Page, Tree
from generator.problems import Problem, quote
from generator.source import MAX_PROBLEMS, line_column
from generator.uris import page_links, too_much

_ELEMENTS = frozenset(
    "a abbr blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr img ins kbd li mark ol p pre s"
    " small span strong sub summary sup table tbody td tfoot th thead tr ul".split()
)
_VOID = frozenset(("br", "hr", "img"))
_ATTRIBUTES = frozenset(
    "alt class colspan dir height href hreflang id lang open rel rowspan scope src start title width".split()
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SCHEMES = ("http", "https", "mailto", "tel")
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]")  # in an address, at least by some browsers
# What Python's parser takes for text where it finds no end; a browser takes all that follows for a part of it.
_ENDLESS = re.compile(r"<[a-z/!?]+", re.IGNORECASE)

_ALWAYS = ("toc", "tables", "fenced_code")  # MkDocs' own, whatever `mkdocs.yml` says

# What Material's script acts upon wherever it finds it: its settings, switches and dialogs, by their ids; drawings, for
# which it loads a program from elsewhere.
_THEME_ID, _THEME_CLASS = "__", "mermaid"

Finding = tuple[str, str]  # what to look for in the source, and the message


def handwritten(tree: Tree, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """What hand-written pages and their translations must not hold. `settings` is what `mkdocs.yml` says."""
    extensions = as_built(settings.get("markdown_extensions") or [])
    for page in (*tree.pages.values(), *(page for found in tree.translations.values() for page in found.values())):
        if extra := too_much(page.body):
            index, message = extra
            line, column = line_column(page.body, index)
            yield Problem(page.source.path, page.body_line + line, column, message)
        else:
            yield from _placed(page, inadmissible(page.body, extensions))


def as_built(configured: list[Any]) -> str:
    """The extensions that a page is made with, as YAML: those of `mkdocs.yml`, MkDocs' own before, ours after them."""
    return str(yaml.safe_dump([*_ALWAYS, *configured, *OURS]))


def _placed(page: Page, findings: list[Finding]) -> Iterator[Problem]:
    ends = dict[str, int]()
    for needle, message in findings:
        pattern = re.compile(rf"{re.escape(needle)}(?!\w)", re.IGNORECASE)
        found = pattern.search(page.body, ends.get(needle, 0))
        ends[needle] = found.end() if found else 0
        line, column = line_column(page.body, found.start() if found else 0)
        yield Problem(page.source.path, page.body_line + line, column, message)


@lru_cache(maxsize=200)
def inadmissible(body: str, extensions: str) -> list[Finding]:
    """What is wrong with a page's Markdown. `extensions` are what `as_built` gives."""
    entries = [entry if isinstance(entry, dict) else {entry: {}} for entry in yaml.safe_load(extensions)]
    configs = {name: options or {} for entry in entries for name, options in entry.items()}
    try:
        markdown = Markdown(extensions=list(configs), extension_configs=configs)
    except Exception:  # an extension may raise anything; the engine will say what, at its own configuration
        return []
    addresses = _Addresses(markdown)
    markdown.treeprocessors.register(addresses, "addresses", -1)  # after all others
    try:
        html = markdown.convert(body)
    except RecursionError:
        return [("", "nested too deeply to be read; flatten it")]
    judge = _Judge(addresses.found, {unquote(href) for _place, href in page_links(body)})
    try:
        judge.feed(html)
        judge.close()
    except AssertionError:  # what Python's parser makes of an unknown `<![`
        judge.html("<!", "<![")
    return judge.end()


class _Addresses(Treeprocessor):  # type: ignore[misc]  # Markdown has no types
    """Collects what links and pictures lead to in Markdown, which is what engines look up; in HTML they do not."""

    found: Collection[str] = ()  # of an empty page

    def run(self, root: Element) -> None:
        self.found = {unquote(element.get(name, "")) for element in root.iter() for name in ("href", "src")}


class _Judge(HTMLParser):
    """Collects findings in the HTML of a page, given the addresses in its Markdown and the pages that it links to."""

    def __init__(self, addresses: Collection[str], pages: Collection[str]) -> None:
        super().__init__(convert_charrefs=False)  # so that a '<' in text is no `&lt;`
        self.addresses, self.pages = addresses, pages
        self.found = list[Finding]()
        self.opened, self.refused = list[str](), set[str]()

    def end(self) -> list[Finding]:
        for tag in self.opened:
            self.tell(f"<{tag}", f"'<{tag}>' is not closed; write Markdown, or close it")
        return self.found[:MAX_PROBLEMS]

    def html(self, needle: str, shown: str) -> None:
        self.tell(needle, f"{quote(shown)} is HTML, and pages are Markdown; write '&lt;' for a '<' that is to be shown")

    def tell(self, needle: str, message: str) -> None:
        self.found.append((needle, message))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS:
            self.refused.add(tag)
            return self.html(f"<{tag}", f"<{tag}>")
        for name, value in attrs:
            if name in ("href", "src"):
                self.address(name, value or "")
            elif name == "id" and (value or "").startswith(_THEME_ID):
                self.tell(value or "", f"the id {quote(value)} is the theme's own; take one that begins otherwise")
            elif name == "class" and _THEME_CLASS in (value or "").split():
                self.tell(_THEME_CLASS, f"the class {quote(_THEME_CLASS)} loads a program from elsewhere; remove it")
            elif name not in _ATTRIBUTES:
                self.tell(name, f"the attribute {quote(name)} is not allowed in a page; remove it")
        if tag not in _VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers take the '/' for nothing

    def handle_endtag(self, tag: str) -> None:
        if tag in self.refused or tag in _VOID:
            return  # has been told, or is nothing to a browser
        if self.opened[-1:] == [tag]:
            self.opened.pop()
        else:
            self.tell(f"</{tag}", f"'</{tag}>' closes what is not open; remove it")

    def address(self, name: str, value: str) -> None:
        plain = _IGNORED.sub("", value)
        scheme = _SCHEME.match(plain)
        if name == "src" and (scheme or re.match(r"[/\\]{2}", plain)):
            self.tell(value, f"{quote(value)} is a picture from elsewhere, which no page loads; remove it")
        elif scheme and scheme[1].lower() not in _SCHEMES:
            known = ", ".join(f"'{known}:'" for known in _SCHEMES)
            self.tell(value, f"{quote(value)} is no address that a page may lead to; take a page, or one with {known}")
        elif not scheme and not plain.startswith("#"):
            if unquote(value) not in self.addresses:
                self.tell(value, f"{quote(value)} is an address in HTML, which nobody looks up; write Markdown")
            elif name == "href" and unquote(value) not in self.pages and not posixpath.splitext(plain)[1]:
                message = "is no page in what is indented or in HTML; write its file, such as 'wegweiser.md'"
                self.tell(value, f"{quote(value)} {message}")

    def handle_data(self, data: str) -> None:
        for needle in _ENDLESS.findall(data):
            self.html(needle, needle)

    def handle_comment(self, data: str) -> None:
        self.tell("<!", "a comment would be published; remove it")

    def handle_decl(self, decl: str) -> None:
        self.html("<!", "<!")

    def unknown_decl(self, data: str) -> None:
        self.html("<!", "<!")

    def handle_pi(self, data: str) -> None:
        self.html("<?", "<?")
