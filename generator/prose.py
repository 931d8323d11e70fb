"""Text from YAML on its way into a page: everything is data.

`inert` turns text into characters that mean nothing to HTML nor to Markdown, by
writing each risky character as an entity. Prose may use a small Markdown subset
(emphasis, strong, lists, paragraphs, links to known pages); it is parsed here, with
markdown-it-py, and becomes HTML, so that the site engine has nothing to interpret.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as emphasis
from markdown_it.token import Token
from markupsafe import Markup, escape

# Harmless in HTML text, in quoted attributes and in Markdown wherever they stand.
_RISKY = re.compile(r"[^\w ,.;:?/()–—„“”‚‘’«»…·×€§%°+-]", re.UNICODE)
# Harmless within a line, but at its start a list, a heading, a definition or a table.
_RISKY_START = re.compile(r"^\s*(?:\d+(?=[.)])|)[^\w„‚«(€]|_")


class Safe(Markup):
    """Markup whose `escape` is `inert`, so that joining it with plain text stays safe in Markdown."""

    @classmethod
    def escape(cls, text: object) -> Safe:
        return inert(text)


def inert(value: object) -> Safe:
    """`value` as text that HTML and Markdown show as it is; line breaks become spaces."""
    if isinstance(value, Safe):
        return value
    if isinstance(value, Markup):
        return Safe(value)
    text = " ".join(str(value).split())
    return Safe(_RISKY_START.sub(_entities_at_start, _RISKY.sub(_entity, text)))


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _entities_at_start(match: re.Match[str]) -> str:
    return "".join(char if char.isalnum() or char in "&#; " else f"&#{ord(char)};" for char in match[0])


def _emphasis_outside_words(state: StateInline, silent: bool) -> bool:
    """Emphasis, except between two letters: `Kund*innen und Kolleg*innen` has none."""
    before, after = state.src[state.pos - 1 : state.pos], state.src[state.pos + 1 : state.pos + 2]
    if state.src[state.pos] in "*_" and before.isalnum() and after.isalnum():
        return False
    return emphasis(state, silent)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False}).enable(["list", "emphasis", "balance_pairs", "link"])
    parser.inline.ruler.at("emphasis", _emphasis_outside_words)
    # Targets are judged by `is_page_target` and stay as typed.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_PARSER = _parser()
_PAGES = MarkdownIt("commonmark").enable("table")
# What an author means as a page of the handbook; anything else in a link is shown as typed.
_TARGET = re.compile(r"[A-Za-z0-9äöüÄÖÜß_./-]+(#[A-Za-z0-9_-]+)?")

Resolve = Callable[[str], str | None]


def links(text: str) -> Iterator[str]:
    """The link targets in `text`, as typed."""
    for token in _PARSER.parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def page_links(body: str) -> Iterator[tuple[int, str]]:
    """(row, target) of every link to a page in a hand-written page's Markdown; rows count from 0."""
    lines = body.split("\n")
    for token in _PAGES.parse(body):
        for child in token.children or ():
            href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if href and not re.match(r"[a-z]+:|#", href):
                first, last = token.map or (0, len(lines))
                yield next((row for row in range(first, last) if f"]({href}" in lines[row]), first), href


def is_page_target(target: str) -> bool:
    """Whether `target` looks like a page of the handbook, rather than an address elsewhere."""
    return _TARGET.fullmatch(target) is not None and not target.startswith(("/", "www."))


def prose(text: str, resolve: Resolve) -> Safe:
    """`text` as HTML blocks. `resolve` gives a link target's URL, or None to show the link as typed."""
    return Safe("".join(_blocks(_PARSER.parse(text), resolve)))


def prose_line(text: str, resolve: Resolve) -> Safe:
    """`text` as inline HTML; paragraphs are parted by a line break, a list stays a list."""
    tokens = _PARSER.parse(text)
    if any(token.type == "list_item_open" for token in tokens):
        return prose(text, resolve)
    html = "<br>".join("".join(_inline(t.children or [], resolve)) for t in tokens if t.type == "inline")
    return Safe(html if html.startswith("<") else _RISKY_START.sub(_entities_at_start, html))


def plain(text: str) -> str:
    """`text` without its markup, on one line."""
    blocks = (token.children or [] for token in _PARSER.parse(text) if token.type == "inline")
    return " ".join("".join(" " if c.type == "softbreak" else c.content for c in block) for block in blocks)


def _blocks(tokens: list[Token], resolve: Resolve) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _inline(token.children or [], resolve)
        elif not token.hidden:
            start = f' start="{int(token.attrs["start"])}"' if "start" in token.attrs else ""
            yield f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}{start}>"


def _inline(tokens: list[Token], resolve: Resolve) -> Iterator[str]:
    closing: list[str] = []
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            url = resolve(target) if is_page_target(target) else None
            closing.append("</a>" if url is not None else f"&#93;({_RISKY.sub(_entity, target)})")
            yield f'<a href="{escape(url)}">' if url is not None else "&#91;"
        elif token.type == "link_close":
            yield closing.pop()
        elif token.type == "softbreak":
            yield " "
        elif token.nesting:
            yield f"<{'/' if token.nesting < 0 else ''}{token.tag}>"
        else:
            yield _RISKY.sub(_entity, token.content)
