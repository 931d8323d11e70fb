"""How German names people of all genders."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping


def colon(text: str) -> str:
    """German as it is written: Kund:innen."""
    return text


def asterisk(text: str, star: str = "*") -> str:
    """Kund*innen, jede*r."""
    return re.sub(r"(?<=[a-zäöüß]):(?=(?:innen|in|[rnems])\b)", lambda _match: star, text)


def neutral(forms: Mapping[str, str]) -> Callable[[str], str]:
    """Kundinnen und Kunden, where `forms` say so; the colon elsewhere. Longer forms go first."""
    if not forms:
        return colon
    known = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w-])(?:{known})(?![\w-])")
    return lambda text: pattern.sub(lambda match: forms[match[0]], text)
