"""Values as Typst: whatever a print template prints becomes a literal, so it cannot become code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from generator.model.prose import is_page_target, parse
from generator.model.text import SOURCE, Foreign

# What breaks a line is a space in a text, and so is any space the fonts lack; the thin ones hold together.
_SPACE = re.compile("[ \t\n\v\f\r\x1c-\x1f\x85\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]+")
_NO_BREAK = re.compile("[\u2007\u202f]")


def literal(value: Any) -> Markup:
    """A Python value as a Typst literal; `Markup` is Typst code already."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if value is None:
        return Markup("none")
    if isinstance(value, bool):
        return Markup("true" if value else "false")
    if isinstance(value, int | float):
        return Markup(value)
    if isinstance(value, str):
        return Markup(quoted(value))
    if isinstance(value, Mapping):
        return Markup("(" + ("".join(f"{quoted(key)}: {literal(item)}, " for key, item in value.items()) or ":") + ")")
    if isinstance(value, list | tuple):
        return Markup("(" + "".join(f"{literal(item)}, " for item in value) + ")")
    raise TypeError(f"no Typst literal for {type(value).__name__}")


def quoted(text: str) -> str:
    """A string literal: JSON's escapes are Typst's, but for those of characters by number."""
    text = _NO_BREAK.sub("\u00a0", _SPACE.sub(" ", text))
    text = "".join(char if char.isprintable() else f"\x00{ord(char):x}\x01" for char in text)
    return json.dumps(text, ensure_ascii=False).replace("\\u0000", "\\u{").replace("\\u0001", "}")


def content(text: str) -> Markup:
    """Prose as Typst content: paragraphs, lists, emphasis; links are plain text on paper."""
    blocks = "".join(map(_block, SyntaxTreeNode(parse(text)).children))
    return Markup(f'[#text(lang: "{SOURCE}")[{blocks}]]' if isinstance(text, Foreign) else f"[{blocks}]")


def _block(node: SyntaxTreeNode) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        items = "".join(f"[{''.join(map(_block, item.children))}], " for item in node.children)
        start = f"start: {node.attrs['start']}, " if "start" in node.attrs else ""
        return f"#{'list' if node.type == 'bullet_list' else 'enum'}({start}{items})"
    inline = "".join(_inline(child) for part in node.children for child in part.children)
    return f"#par[{inline}]"


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.type == "link" and not is_page_target(str(node.attrs["href"])):
        return f"#{quoted(node.meta['typed'])}"
    inner = "".join(map(_inline, node.children)) if node.children else f"#{quoted(node.content)}"
    return {"em": f"#emph[{inner}]", "strong": f"#strong[{inner}]"}.get(node.type, inner)
