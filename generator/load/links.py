"""The links in hand-written pages."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark").enable("table")

# Code, in which there is no link; or a link's target.
_CODE_OR_TARGET = re.compile(
    r"(?<!`)(`++).+?(?<!`)\1(?!`) | \](?:\(|:)\s*+(?:<(?=[^<>\n]*>))?(?P<target>(?<=<)[^<>\n]*|[^\s<>()]+)",
    re.DOTALL | re.VERBOSE,
)


@lru_cache(maxsize=1000)
def page_links(body: str) -> list[tuple[slice, str]]:
    """The links to pages in a hand-written page's Markdown: where the target stands in `body`, and the target.

    Of a target that is typed in an unusual way, the slice is an empty one at the start of its paragraph.
    """
    line_starts = [0, *(match.end() for match in re.finditer("\r\n?|\n", body)), len(body)]
    definitions = dict[str, Any]()
    tokens = _MARKDOWN.parse(body, definitions)

    @cache
    def targets(first: int, last: int) -> dict[str, list[slice]]:
        """The slices of each target between two lines."""
        slices = dict[str, list[slice]]()
        for match in _CODE_OR_TARGET.finditer(body, line_starts[first], line_starts[last]):
            if target := match["target"]:
                slices.setdefault(_MARKDOWN.normalizeLink(target), []).append(slice(*match.span("target")))
        return slices

    defined = dict[str, list[slice]]()  # in lines such as `[name]: target`
    for reference in definitions.get("references", {}).values():
        defined |= targets(*reference["map"])
    links = list[tuple[slice, str]]()
    for token in tokens:
        for child in token.children or ():
            href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if href and not re.match(r"[a-z]+:|#", href):
                first, last = token.map or (0, len(line_starts) - 1)
                if typed := targets(first, last).get(href):
                    place = typed.pop(0)  # the cells of a table share their lines
                else:
                    place = defined.get(href, [slice(line_starts[first], line_starts[first])])[0]
                links.append((place, href))
    return links
