"""A Markdown extension: the alignment of table columns as classes, since our policy forbids `style` attributes."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor


class _Aligned(Treeprocessor):  # type: ignore[misc]  # it has no types
    def run(self, root: Element) -> None:
        for cell in root.iter():
            if cell.tag in ("td", "th") and (style := cell.attrib.pop("style", "")):
                cell.set("class", f"pb-{style.removeprefix('text-align: ').removesuffix(';')}")


class _Tables(Extension):  # type: ignore[misc]
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Aligned(md), "playbook_tables", 25)  # before the inline processor, at 20


def makeExtension(**options: Any) -> Extension:  # what Python-Markdown calls
    return _Tables(**options)
