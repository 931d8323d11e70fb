"""A Markdown extension for speed alone: the HTML in our pages goes past the HTML parsers of Python-Markdown and MkDocs.

Our templates write each block of HTML without a blank line in it, so it is easy to see where it ends. Python-Markdown
and MkDocs each parse every tag of it only to put it back unchanged. For 300 rituals the engine takes 6.1 s of processor
time with this extension and 16.7 s without. The pages are the same byte for byte (`test_blocks.py`), so any engine may
do without it; only where an element is left open a line break may differ.
"""

from __future__ import annotations

import re
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

_OPENS = re.compile(r"<(div|dl|figure|nav|ol|p|section|table|ul)(?=[ >\n])")  # what our templates begin blocks with
_ODD = re.compile(r"<(?:script|style|textarea|title|[!?])", re.I)  # tags within are none
_ID = re.compile(r'\sid="([^"]+)"')
_KEPT = re.compile(r"(\x02wzxhzdk:\d+\x03)(?:<a id=\"[^\"]+\">)+")  # Python-Markdown's placeholder, and our ids


class _Keep(Preprocessor):  # type: ignore[misc]  # it has no types
    """Puts blocks of HTML aside; of each stays a placeholder, with its ids, which MkDocs collects next."""

    def run(self, lines: list[str]) -> list[str]:
        return "\n\n".join(map(self.kept, "\n".join(lines).split("\n\n"))).split("\n")

    def kept(self, block: str) -> str:
        html = block.lstrip("\n")
        if not html.startswith("<") or _ODD.search(html) or not (found := elements(html)):
            return block
        *before, last = found
        stored = [self.md.htmlStash.store(element) for element in (*before, last + "\n")]
        return "\n\n".join(stored) + "".join(f'<a id="{name}">' for name in _ID.findall(html))


class _Forget(Preprocessor):  # type: ignore[misc]  # it has no types
    """Removes the ids again."""

    def run(self, lines: list[str]) -> list[str]:
        return [_KEPT.sub(r"\1", line) for line in lines]


def elements(html: str) -> list[str]:
    """The elements that a block is made of, each from a line's start to a line's end; none if it is anything else."""
    found, start = list[str](), 0
    while start < len(html):
        if not (opens := _OPENS.match(html, start)):
            return []
        depth = 0
        for tag in re.compile(rf"<(/?){opens[1]}(?=[ >\n])").finditer(html, start):
            depth += -1 if tag[1] else 1
            if not depth:
                break
        end = tag.end() + 1
        if depth or html[end - 1] != ">" or html[end : end + 1] not in ("\n", ""):
            return []
        found.append(html[start:end])
        start = end + 1
    return found


class _Blocks(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Keep(md), "playbook_keep", 22)  # before MkDocs, at 21
        md.preprocessors.register(_Forget(md), "playbook_forget", 20.5)  # before Python-Markdown, at 20


def makeExtension(**options: Any) -> Extension:  # what Python-Markdown calls
    return _Blocks(**options)
