"""The links in hand-written pages."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark").enable("table")

# Code, in which there is no link; and a link's target.
_TARGET = re.compile(
    r"(?<!`)(`++).+?(?<!`)\1(?!`) | \](?:\(|:)\s*+(?:<(?=[^<>\n]*>))?(?P<target>(?<=<)[^<>\n]*|[^\s<>()]+)",
    re.DOTALL | re.VERBOSE,
)

# What Markdown looks for the end of, in all that follows, and headings, whose names it compares: many take minutes.
_COSTLY = re.compile(r"[\[<#]|^[> \t]*[=-]+[ \t]*$|^(?:```|~~~)", re.MULTILINE)
MOST = 1_000  # of them in a page
LONGEST = 50_000  # characters of a page; what else costs more than its length does, is bearable up to there


def too_much(body: str) -> tuple[int, str] | None:
    """From which character on a hand-written page's Markdown is more than is read, and the message."""
    if extra := next(islice(_COSTLY.finditer(body[:LONGEST]), MOST, None), None):
        return extra.start(), f"more than {MOST:,} '[', '<', '#', underlines and '```' up to here; split the page"
    if len(body) > LONGEST:
        return LONGEST, f"more than {LONGEST:,} characters up to here; split the page"
    return None


@lru_cache(maxsize=1000)
def page_links(body: str) -> list[tuple[slice, str]]:
    """Where each link to a page has its target in a hand-written page's Markdown, and the target.

    Of a target that is typed in a way of its own, the slice is an empty one at its paragraph.
    """
    if too_much(body):
        return []
    rows = [0, *(match.end() for match in re.finditer("\r\n?|\n", body)), len(body)]  # where each begins
    env = dict[str, Any]()
    tokens = _MARKDOWN.parse(body, env)

    @cache
    def targets(first: int, last: int) -> dict[str, list[slice]]:
        found = dict[str, list[slice]]()
        for match in _TARGET.finditer(body, rows[first], rows[last]):
            if target := match["target"]:
                found.setdefault(_MARKDOWN.normalizeLink(target), []).append(slice(*match.span("target")))
        return found

    defined = dict[str, list[slice]]()  # by `[name]: target`
    for reference in env.get("references", {}).values():
        defined |= targets(*reference["map"])
    found = list[tuple[slice, str]]()
    for token in tokens:
        for child in token.children or ():
            href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if href and not re.match(r"[a-z]+:|#", href):
                first, last = token.map or (0, len(rows) - 1)
                if typed := targets(first, last).get(href):
                    place = typed.pop(0)  # the cells of a table are all of the same lines
                else:
                    place = defined.get(href, [slice(rows[first], rows[first])])[0]
                found.append((place, href))
    return found
