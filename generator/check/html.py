"""Hand-written pages are Markdown: nothing in them runs, loads from elsewhere or breaks the page around them.

Python-Markdown reads each page as in the site engines, with the extensions of `mkdocs.yml` but without its support of
HTML. What an author typed as HTML is text then; whatever has attributes was made by Markdown or `attr_list`.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from html import unescape
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.util import AMP_SUBSTITUTE

from generator.load.links import page_links
from generator.load.source import MAX_PROBLEMS, line_column
from generator.load.tree import Tree
from generator.problems import Problem, quote
from generator.project import READING_EXTENSIONS

_BUILT_IN = ("toc", "tables", "fenced_code")  # MkDocs adds them, whatever `mkdocs.yml` says

# The tags that a page may hold: they have no attributes, and browsers close them at the end of the paragraph.
_TAG = r"(?:br ?/?|/?(?:kbd|sub|sup))>"
_HTML = re.compile(rf"<(?!{_TAG})[a-z/!?][^\s<>]*>?", re.I)
# Python-Markdown looks for blocks of HTML before it looks for code, and MkDocs fails at some of what begins with `<![`.
_HTML_IN_CODE = re.compile(rf"^\s{{0,3}}(<(?!{_TAG}|[\w.+-]+[:@])[a-z/!?][^\s<>]*>?)|(<!\[)", re.I | re.M)
_HINT = "pages may only hold <br>, <kbd>, <sub> and <sup>; write '&lt;' for '<', or put it in a block of code (```)"

_ATTRIBUTES = frozenset(
    "alt class colspan dir height href hreflang id lang open rel rowspan scope src start title width".split()
)
_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_IGNORED = re.compile(r"[\x00-\x20\x7f-\xa0]")  # what browsers skip in an address
# Material's script acts on these ids, and loads a program for drawings from elsewhere. Some classes cover the page.
_ID = re.compile(r"(?!__)[\w.:-]+")
_THEME_CLASS = re.compile(r"mermaid$|(?:md|pb)-(?!(?:button|button--primary|left|center|right)$)")

Finding = tuple[str, str]  # what to look for in the page, and the message


class Extensions(dict[str, dict[str, Any]]):
    """Markdown extensions and their options, in order. They can be hashed, so that results can be cached by them."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(repr(self))


def handwritten(tree: Tree, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Problems in the Markdown of hand-written pages and their translations; `settings` is what `mkdocs.yml` says."""
    extensions = as_built(settings.get("markdown_extensions") or [])
    for page in tree.all_pages():
        ends = Counter[str]()  # where to look for the next of the same
        for needle, message in findings(page.body, extensions):
            match = re.compile(rf"{re.escape(needle)}(?!\B\w)", re.I).search(page.body, ends[needle])
            ends[needle] = match.end() if match else 0
            line, column = line_column(page.body, match.start() if match else 0)
            yield Problem(page.source.path, page.body_line + line, column, message)


def as_built(configured: list[Any]) -> Extensions:
    """The extensions in the order of the build; `configured` is the list in `mkdocs.yml`."""
    entries = (
        entry if isinstance(entry, dict) else {entry: None} for entry in (*_BUILT_IN, *configured, *READING_EXTENSIONS)
    )
    return Extensions((name, options or {}) for entry in entries for name, options in entry.items())


@lru_cache(maxsize=200)
def findings(body: str, extensions: Extensions) -> list[Finding]:
    """What is wrong with a page's Markdown, at most MAX_PROBLEMS findings."""
    try:
        markdown = Markdown(extensions=list(extensions), extension_configs=extensions)
    except Exception:  # an extension may raise anything; the site engine reports it
        return []
    markdown.preprocessors.deregister("html_block")
    markdown.inlinePatterns.deregister("html")
    try:
        text, root = _parsed(markdown, body)
    except Exception as error:  # of lists nested too deeply, or options of a block of code
        return [("", f"this page cannot be read as Markdown ({error}); simplify it")]
    html, attributes = Counter[str](), list[tuple[str, str | None]]()
    for element in root.iter():
        html.update(_HTML.findall(element.tail or ""))
        html.update(_HTML.findall(element.text or "") if element.tag != "code" else ())
        attributes += element.items()
    html |= Counter(match[1] or match[2] for match in _HTML_IN_CODE.finditer(text))
    for tag in re.findall(r"<[^<>]*>", "".join(markdown.htmlStash.rawHtmlBlocks)):  # blocks of code
        attributes += re.findall(r'\s([^\s="]+)="([^"]*)"', tag)
    found = [(tag, f"{quote(tag)} is HTML; {_HINT}") for tag in html.elements()]
    pages = {unquote(href) for _place, href in page_links(body)}
    for name, value in attributes:
        found += _attribute(name.lower(), unescape((value or "").replace(AMP_SUBSTITUTE, "&")), pages)
    return found[:MAX_PROBLEMS]


def _parsed(markdown: Markdown, body: str) -> tuple[str, Element]:
    """The text without blocks of code, and the tree of elements: the first half of what `markdown.convert` does."""
    lines = body.split("\n")
    for preprocessor in markdown.preprocessors:
        lines = preprocessor.run(lines)
    root: Element = markdown.parser.parseDocument(lines).getroot()
    for treeprocessor in markdown.treeprocessors:
        changed = treeprocessor.run(root)
        root = root if changed is None else changed
    return "\n".join(lines), root


def _attribute(name: str, value: str, pages: Collection[str]) -> Iterator[Finding]:
    """Problems of an attribute in the page's HTML; `pages` are the links to pages that its Markdown holds."""
    plain = _IGNORED.sub("", value)
    scheme = re.match(r"[a-z][a-z0-9+.-]*:", plain, re.I)
    if name == "src" and (scheme or re.match(r"[/\\]{2}", plain)):
        yield value, f"{quote(value)} is a picture from elsewhere, which pages do not load; remove it"
    elif name == "href" and scheme and scheme[0].lower() not in _SCHEMES:
        yield value, f"{quote(value)} is not an address that pages may link to; start it with {', '.join(_SCHEMES)}"
    elif name == "href" and not scheme and not plain.startswith("#"):
        if unquote(value) not in pages and not posixpath.splitext(plain)[1]:
            yield value, f"{quote(value)} is not found in indented text; write the page's file, such as 'wegweiser.md'"
    elif name == "id" and not _ID.fullmatch(value):
        yield value, f"{quote(value)} is not an id for a page; use letters, digits and '-', and no '__' at the start"
    elif name == "class":
        for word in filter(_THEME_CLASS.match, value.split()):
            yield word, f"the class {quote(word)} belongs to the theme; remove it"
    elif name not in _ATTRIBUTES:
        yield name, f"the attribute {quote(name)} is not allowed in a page; remove it"
