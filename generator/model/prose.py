"""Text from YAML as HTML inside Markdown files: everything an author writes is data.

`inert` writes every character that could mean something to HTML or Markdown as an entity. Prose may use a small
Markdown subset (emphasis, strong, lists, paragraphs, links to known pages). It is parsed here, with markdown-it-py,
and becomes HTML, so that there is nothing left for the site engine to interpret.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_inline import StateInline, link
from markdown_it.rules_inline.emphasis import tokenize as emphasis
from markdown_it.token import Token
from markupsafe import Markup, escape

from generator.model.text import SOURCE, Foreign

# All characters but those that are harmless everywhere: in HTML text, in quoted attributes, in Markdown.
_RISKY = re.compile(r"[^\w ,.;:?/()–—„“”‚‘’«»…·×€§%°+-]|_")

# Harmless within a line, but at its start a list, a rule, a definition or an extension's block.
_RISKY_START = re.compile(r"^(\d*)([-+:?/.)])")

# Line breaks and ordinary blanks. Other spaces, such as the no-break space in `z. B.`, are typed on purpose.
_BREAKS = re.compile("[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
_MAX_LIST_DEPTH = 8  # markdown-it drops text that is nested much deeper


class Safe(Markup):
    """Markup that escapes with `inert`: text joined to it stays safe in Markdown too."""

    @classmethod
    def escape(cls, text: object) -> Safe:
        return inert(text)


def inert(value: object) -> Safe:
    """`value` as text that HTML and Markdown show unchanged; line breaks become spaces."""
    if isinstance(value, Safe):
        return value
    if isinstance(value, Markup):
        return Safe(value)
    if isinstance(value, Foreign):
        return Safe(f'<span lang="{SOURCE}">{_inert(str(value))}</span>')
    return _inert(str(value))


@lru_cache(maxsize=65_536)  # the same titles and labels are on many pages
def _inert(text: str) -> Safe:
    return _at_start(_entities(one_line(text)))


def one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip(" ")


def html_line(text: str, *, quote: bool = False) -> str:
    """`text` as HTML on one line, for places without Markdown: titles in front matter and navigation.

    Quotes are escaped only on request, for attributes: Zensical's search unescapes `&amp;`, `&lt;` and `&gt;` alone.
    """
    return html.escape(one_line(text), quote=quote)


def _entities(text: str) -> str:
    return _RISKY.sub(lambda match: f"&#{ord(match[0])};", text)


def _at_start(text: str) -> Safe:
    return Safe(_RISKY_START.sub(lambda match: f"{match[1]}&#{ord(match[2])};", text))


def _emphasis_outside_words(state: StateInline, silent: bool) -> bool:
    """Emphasis, except between two letters: there is none in `Kund*innen und Kolleg*innen`."""
    before, after = state.src[state.pos - 1 : state.pos], state.src[state.pos + 1 : state.pos + 2]
    if state.src[state.pos] in "*_" and before.isalnum() and after.isalnum():
        return False
    return emphasis(state, silent)


def _link_as_typed(state: StateInline, silent: bool) -> bool:
    """A link whose token keeps the text that was typed, to be shown where the link is refused."""
    start, count = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opening = next(token for token in state.tokens[count:] if token.type == "link_open")
        opening.meta["typed"] = state.src[start : state.pos]
    return True


def _shallow_list(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    return state.level < 2 * _MAX_LIST_DEPTH and list_block(state, first, last, silent)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False}).enable(["list", "newline", "emphasis", "balance_pairs", "link"])
    parser.inline.ruler.at("emphasis", _emphasis_outside_words)
    parser.inline.ruler.at("link", _link_as_typed)
    parser.block.ruler.at("list", _shallow_list, {"alt": ["paragraph"]})
    # `is_page_target` decides about targets, so they stay as typed.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


def parse(text: str) -> list[Token]:
    """Prose as markdown-it's tokens."""
    return _parser().parse(text)


# What a link target inside the handbook looks like; a link to anything else is shown as typed.
_TARGET = re.compile(r"[A-Za-z0-9äöüÄÖÜß_./-]+(#[A-Za-z0-9_-]+)?")
Resolve = Callable[[str], str | None]  # a link target → its URL, or None to show the link as typed


def links(text: str) -> Iterator[str]:
    """The link targets in `text`, as typed."""
    for token in parse(text):
        for child in token.children or ():
            if child.type == "link_open":
                yield str(child.attrs["href"])


def is_page_target(target: str) -> bool:
    """Whether `target` looks like a page of the handbook and not like an address elsewhere."""
    return _TARGET.fullmatch(target) is not None and not target.startswith(("/", "www."))


def prose(text: str, resolve: Resolve) -> Safe:
    """`text` as HTML blocks."""
    blocks = "".join(_blocks(parse(text), resolve))
    return Safe(f'<div lang="{SOURCE}">{blocks}</div>' if isinstance(text, Foreign) else blocks)


def prose_line(text: str, resolve: Resolve) -> Safe:
    """`text` as inline HTML, paragraphs separated by line breaks; text with a list becomes blocks."""
    tokens = parse(text)
    if any(token.type == "list_item_open" for token in tokens):
        return prose(text, resolve)
    line = _at_start("<br>".join("".join(_inline(t.children or [], resolve)) for t in tokens if t.type == "inline"))
    return Safe(f'<span lang="{SOURCE}">{line}</span>') if isinstance(text, Foreign) else line


def plain(text: str, resolve: Resolve = str) -> str:
    """`text` without its markup, on one line."""
    inlines = (token.children or [] for token in parse(text) if token.type == "inline")
    line = " ".join(Safe("".join(_inline(children, resolve))).striptags() for children in inlines)
    return Foreign(line) if isinstance(text, Foreign) else line


def _blocks(tokens: list[Token], resolve: Resolve) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield from _inline(token.children or [], resolve)
        elif not token.hidden:
            start = f' start="{int(token.attrs["start"])}"' if "start" in token.attrs else ""
            yield f"</{token.tag}>" if token.nesting < 0 else f"<{token.tag}{start}>"


def _inline(tokens: list[Token], resolve: Resolve) -> Iterator[str]:
    typed = False  # inside a link that is shown as typed
    for token in tokens:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            url = resolve(target) if is_page_target(target) else None
            typed = url is None
            yield _entities(_BREAKS.sub(" ", token.meta["typed"])) if typed else f'<a href="{escape(url)}">'
        elif typed:
            typed = token.type != "link_close"
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.nesting:
            yield f"<{'/' if token.nesting < 0 else ''}{token.tag}>"
        else:
            yield _entities(_BREAKS.sub(" ", token.content))
