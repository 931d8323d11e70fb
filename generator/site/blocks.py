"""A Markdown extension for speed alone: the HTML in our pages goes past the HTML parsers of Python-Markdown and MkDocs.

What it pays, at 300 rituals: the HTML takes 6.6 s of processor time instead of 16.7 s, a whole build 20 s instead of
32 s.

Our templates write each block of HTML without a blank line in it, so its end is easy to find, and both parsers would
only put every tag back as it was. Pages are the same without this extension, byte for byte (`test_blocks.py`); only
where somebody leaves an element open, a line break may differ.
"""

from __future__ import annotations

import re
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

_START = re.compile(r"<(div|dl|figure|nav|ol|p|section|table|ul)(?=[ >\n])")  # what our blocks begin with
_UNSAFE = re.compile(r"<(?:script|style|textarea|title|[!?])", re.I)  # what looks like a tag in there may be none
_ID = re.compile(r'\sid="([^"]+)"')
_PLACEHOLDER = re.compile(r"(\x02wzxhzdk:\d+\x03)(?:<a id=\"[^\"]+\">)+")  # of Python-Markdown, and our ids


class _Stash(Preprocessor):  # type: ignore[misc]  # it has no types
    """Replaces blocks of HTML by placeholders, with the ids of each, which MkDocs collects next."""

    def run(self, lines: list[str]) -> list[str]:
        return "\n\n".join(map(self.placeholder, "\n".join(lines).split("\n\n"))).split("\n")

    def placeholder(self, block: str) -> str:
        html = block.lstrip("\n")
        if not html.startswith("<") or _UNSAFE.search(html) or not (found := elements(html)):
            return block
        stored = [self.md.htmlStash.store(element) for element in (*found[:-1], found[-1] + "\n")]
        return "\n\n".join(stored) + "".join(f'<a id="{name}">' for name in _ID.findall(html))


class _RemoveIds(Preprocessor):  # type: ignore[misc]  # it has no types
    def run(self, lines: list[str]) -> list[str]:
        return [_PLACEHOLDER.sub(r"\1", line) for line in lines]


def elements(html: str) -> list[str]:
    """Split a block into its elements, each from the start to the end of a line; none if it is anything else."""
    found, start = list[str](), 0
    while start < len(html):
        if not (tag := _START.match(html, start)):
            return []
        depth, end = 0, 0
        for match in re.compile(rf"<(/?){tag[1]}(?=[ >\n])").finditer(html, start):
            depth += -1 if match[1] else 1
            if not depth:
                end = match.end() + 1
                break
        if not end or html[end - 1] != ">" or html[end : end + 1] not in ("\n", ""):
            return []
        found.append(html[start:end])
        start = end + 1
    return found


class _Blocks(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Stash(md), "playbook_stash", 22)  # before MkDocs, at 21
        md.preprocessors.register(_RemoveIds(md), "playbook_remove_ids", 20.5)  # before Python-Markdown, at 20


def makeExtension(**options: Any) -> Extension:  # what Python-Markdown calls
    return _Blocks(**options)
