"""What a hand-written page may hold: Markdown; nothing that runs, loads from elsewhere or breaks the page around it.

Judged is what the engine's own Markdown makes of a page, with the extensions of `mkdocs.yml`, so that no way of writing
something goes unseen; what Markdown itself makes is allowed, and so is HTML that is as harmless.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import yaml
from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from generator.load.links import page_links, too_much
from generator.load.source import MAX_PROBLEMS, line_column
from generator.load.tree import Page, Tree
from generator.problems import Problem, quote
from generator.project import OURS

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

# A tag that all parsers read alike; and any other '<', of which each makes something else. As no value holds one, what
# the theme puts before an `</a>` is put into no value either.
_BLANK = r" \t\n\f\r"  # to browsers; a vertical tab is part of a name
_TAG = re.compile(
    rf"""<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)"""
    rf"""(?P<attributes>(?:[{_BLANK}]++[^\s"'<>/=]++(?:="[^"<>]*+"|='[^'<>]*+'|=[^\s"'<>=`]++)?+)*+)"""
    rf"""[{_BLANK}]*+/?>|<[a-z0-9/!?-]*""",
    re.IGNORECASE | re.ASCII,
)
_ATTRIBUTE = re.compile(rf"""[{_BLANK}]([^\s=]+)(?:="([^"]*)"|='([^']*)'|=(\S+))?""", re.ASCII)

# What browsers end, leave out or move where it stands in something else; what is closed then is around the page.
_PARTS = {
    "li": ("ol", "ul"),
    "dd": ("dl",),
    "dt": ("dl",),
    "caption": ("table",),
    "thead": ("table",),
    "tbody": ("table",),
    "tfoot": ("table",),
    "tr": ("table", "thead", "tbody", "tfoot"),
    "td": ("tr",),
    "th": ("tr",),
}
_WHOLES = frozenset(whole for wholes in _PARTS.values() for whole in wholes)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SECTION = "<!["
_ALWAYS = ("toc", "tables", "fenced_code")  # MkDocs' own, whatever `mkdocs.yml` says

# What Material's script acts upon wherever it finds it: its settings, switches and dialogs, by their ids; drawings, for
# which it loads a program from elsewhere. And classes of the theme, some of which cover the page; a button and what
# becomes of a table's columns is for everybody.
_THEME_ID, _DRAWING = "__", "mermaid"
_THEME_CLASS = re.compile(r"(?:md|pb)-(?!(?:button|button--primary|left|center|right)$)")
Finding = tuple[str, str]  # what to look for in the source, and the message
_DEEPEST = 200  # elements within one another; a build needs a little more of Python's stack than we do
_TOO_DEEP: Finding = ("", "nested too deeply to be read; flatten it")


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
    sections = _Sections(markdown)
    markdown.preprocessors.register(sections, "sections", 21)  # where MkDocs reads tags
    try:
        html = markdown.convert(body)
    except RecursionError:
        return [_TOO_DEEP]
    if sections.found:
        return [(_SECTION, f"the site engine cannot read '{_SECTION}'; write it in a block of code, between '```'")]
    return _Judge(addresses.found, {unquote(href) for _place, href in page_links(body)}).judged(html)


class _Sections(Preprocessor):  # type: ignore[misc]  # Markdown has no types
    """Whether there is a marked section outside of blocks of code: unknown ones stop MkDocs."""

    found = False

    def run(self, lines: list[str]) -> list[str]:
        self.found = any(_SECTION in line for line in lines)
        return lines


class _Addresses(Treeprocessor):  # type: ignore[misc]  # Markdown has no types
    """Collects what links and pictures lead to in Markdown, which is what engines look up; in HTML they do not."""

    found: Collection[str] = ()  # of an empty page

    def run(self, root: Element) -> None:
        self.found = {unquote(element.get(name, "")) for element in root.iter() for name in ("href", "src")}


class _Judge:
    """Collects findings in the HTML of a page, given the addresses in its Markdown and the pages that it links to."""

    def __init__(self, addresses: Collection[str], pages: Collection[str]) -> None:
        self.addresses, self.pages = addresses, pages
        self.found = list[Finding]()
        self.opened, self.refused = list[str](), set[str]()

    def judged(self, html: str) -> list[Finding]:
        for match in _TAG.finditer(html):
            if len(self.opened) > _DEEPEST:
                return [_TOO_DEEP]
            tag = (match["tag"] or "").lower()
            if match[0] == "<!--":
                self.tell("<!", "a comment would be published; remove it")
            elif not tag or (match["end"] and match["attributes"]):
                self.refused.add(match[0].lower().strip("</"))
                self.html(match[0], match[0])
            elif match["end"]:
                self.end(tag)
            else:
                self.start(tag, match["attributes"])
        for tag in self.opened:
            self.tell(f"<{tag}", f"'<{tag}>' is not closed; write Markdown, or close it")
        return self.found[:MAX_PROBLEMS]

    def html(self, needle: str, shown: str) -> None:
        self.tell(needle, f"{quote(shown)} is HTML, and pages are Markdown; write '&lt;' for a '<' that is to be shown")

    def tell(self, needle: str, message: str) -> None:
        self.found.append((needle, message))

    def start(self, tag: str, attributes: str) -> None:
        if tag not in _ELEMENTS:
            self.refused.add(tag)
            return self.html(f"<{tag}", f"<{tag}>")
        around = self.opened[-1] if self.opened else ""
        lost = (tag in _PARTS or around in _WHOLES) and around not in _PARTS.get(tag, ())
        if lost or (tag in _HEADINGS and not _HEADINGS.isdisjoint(self.opened)):
            where = f"in '<{around}>'" if around else "by itself"
            self.tell(f"<{tag}", f"'<{tag}>' cannot stand {where}; write Markdown")
        for match in _ATTRIBUTE.finditer(attributes):
            name, value = match[1].lower(), unescape(match[2] or match[3] or match[4] or "")
            if name in ("href", "src"):
                self.address(name, value)
            elif name == "id" and value.startswith(_THEME_ID):
                self.tell(value, f"the id {quote(value)} is the theme's own; take one that begins otherwise")
            elif name == "class":
                self.classes(value.split())
            elif name not in _ATTRIBUTES:
                self.tell(name, f"the attribute {quote(name)} is not allowed in a page; remove it")
        if tag not in _VOID:
            self.opened.append(tag)

    def end(self, tag: str) -> None:
        if tag in self.refused or tag in _VOID:
            return  # has been told, or is nothing to a browser
        if self.opened[-1:] == [tag]:
            self.opened.pop()
        else:
            self.tell(f"</{tag}", f"'</{tag}>' closes what is not open; remove it")

    def classes(self, names: list[str]) -> None:
        for name in names:
            if name == _DRAWING:
                self.tell(name, f"the class {quote(name)} loads a program from elsewhere; remove it")
            elif _THEME_CLASS.match(name):
                self.tell(name, f"the class {quote(name)} is the theme's own; remove it")

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
