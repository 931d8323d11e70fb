"""The spellings in which German names people of all genders; the sources are written with the colon."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping


def colon(text: str) -> str:
    """Kund:innen, jede:r, as in the sources."""
    return text


def asterisk(text: str, star: str = "*") -> str:
    """Kund*innen, jede*r. `star` is how the asterisk is written, such as escaped for Markdown."""
    return re.sub(r"(?<=[a-zäöüß]):(?=(?:innen|in|[rnems])\b)", lambda _match: star, text)


def neutral(forms: Mapping[str, str]) -> Callable[[str], str]:
    """A function that writes what `forms` has for a form with a colon, such as Kundinnen und Kunden for Kund:innen."""
    if not forms:
        return colon
    longest_first = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w-])")
    return lambda text: pattern.sub(lambda match: forms[match[0]], text)
