"""Text as YAML."""

from __future__ import annotations

import re

from generator.load.scalars import plain
from generator.model.text import OFFSET

_PLAIN = re.compile(r"[\wäöüÄÖÜß„][\wäöüÄÖÜß„“ ./()–…;-]*", re.ASCII)


def scalar(text: str) -> str:
    """A text as YAML, also valid inside braces; in quotes only where it needs them."""
    if re.fullmatch(OFFSET, text):
        return text
    if _PLAIN.fullmatch(text) and text == text.strip() and plain(text) == (text, ""):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted) + '"'
