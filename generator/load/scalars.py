"""What a text without quotes means in YAML."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SWITCHES = ("y", "n", "yes", "no", "on", "off", "true", "false")
_LONGEST = 5  # of words that are no text
_DOUBTFUL = {  # what some YAML tools make of a text without quotes
    "a number of base 60": r"[-+]?[0-9][0-9_]*+(?::[0-5]?[0-9])++(\.[0-9_]*)?",
    "a number": r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9_]+)([eE][-+]?[0-9]+)?|[-+]?0([xX][0-9a-fA-F_]+|[oO][0-7_]+"
    r"|[bB][01_]+)|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
    "a point in time": r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*",
}


def plain(text: str) -> tuple[Any, str]:
    """What a text without quotes means, and what is doubtful about that."""
    if len(text) <= _LONGEST:
        if text in ("", "~", "null", "Null", "NULL"):
            return None, ""
        if text in ("true", "false"):
            return text == "true", ""
        if text.lower() in _SWITCHES:
            return text, "is read as true or false by YAML tools; put text in quotes"
        if text in ("=", "<<"):
            return text, "has a special meaning in YAML; put text in quotes"
    if text[0] not in "+-.0123456789":
        return text, ""
    if _INTEGER.fullmatch(text):
        return int(text), ""
    if _DECIMAL.fullmatch(text):
        return float(text), ""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text), ""
        except ValueError:
            return text, "is not a date in the calendar; write year-month-day"
    for meaning, pattern in _DOUBTFUL.items():
        if re.fullmatch(pattern, text):
            return text, f"is read as {meaning} by YAML tools; put text in quotes"
    return text, ""
