"""Data against the model, and the model's errors in an author's words.

Errors are worded by their type and placed by the data's own positions, never by
searching in a library's messages.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from types import NoneType
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from generator.load.source import Loc, Source
from generator.model.text import COLOUR, LINE, PROSE, SLUG, VISIBLE
from generator.problems import Problem, closest, did_you_mean, nearest, quote

T = TypeVar("T")

# By pydantic's error type, or by the pattern that a text does not match.
_MAPPING = "{name} must be `key: value` lines, not {shown}"
_LIST = "{name} must be a list (lines that start with '- '), not {shown}"
_CHOICE = "{name} must be one of {expected}, not {shown}"
_MESSAGES = {
    "string_type": "{name} must be text, not {shown}",
    "string_too_short": "{name} is empty; write some text",
    "string_too_long": "{name} has {length} characters, at most {max_length} fit; shorten it",
    "int_type": "{name} must be a whole number, only digits and without quotes, not {shown}",
    "greater_than_equal": "{name} must be at least {ge}, not {value}",
    "less_than_equal": "{name} must be at most {le}, not {value}",
    "bool_type": "{name} must be true or false, without quotes, not {shown}",
    "date_type": "{name} must be a date such as 2026-11-23, without quotes, not {shown}",
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": "{name} needs at least {min_length} entry; add it",
    "model_type": _MAPPING,
    "dict_type": _MAPPING,
    SLUG: "{quoted} is not an id: use a-z, 0-9 and '-', at most 64 characters (no capitals, umlauts, spaces)",
    COLOUR: '{name} must be a colour such as "#0b6b68" (in quotes), not {quoted}',
    LINE: "{name} must be a single line; write it right after the ':', without '|' or '>'",
    PROSE: "{name} is empty; write some text",
}
_KINDS = {
    dict: "`key: value` lines",
    tuple: "a list",
    list: "a list",
    str: "the text",
    bool: "the value",
    date: "the date",
}


def validate(model: type[T], source: Source, **given: Any) -> tuple[T | None, list[Problem]]:
    """`source.data` as a `model`, or None and the problems; `given` adds values that do not come from the file."""
    data = source.data
    if data is None:
        return None, [source.problem((), "the file is empty; write `key: value` lines")]
    if not isinstance(data, dict):
        return None, [source.problem((), f"expected `key: value` lines, not {shown(data)}")]
    problems = [
        source.problem((key,), f"remove '{key}': it follows from the file's place and name", key=True)
        for key in given
        if key in data
    ]
    try:
        return _adapter(model).validate_python({**data, **given}), problems  # type: ignore[arg-type]  # it is hashable
    except ValidationError as error:
        by_place: dict[Loc, list[ErrorDetails]] = {}
        for detail in error.errors(include_url=False):
            by_place.setdefault(in_data(detail, data), []).append(detail)
    unknown = [loc for loc, details in by_place.items() if details[0]["type"] == "extra_forbidden"]
    meant = [(*loc[:-1], closest(str(loc[-1]), fields_at(model, loc[:-1]))) for loc in unknown]
    for loc, details in by_place.items():
        # A value that fits none of two types has an error for each; prefer one that says more than the type.
        detail = next((detail for detail in details if not detail["type"].endswith("_type")), details[-1])
        misspelt = detail["type"] == "missing" and loc in meant
        emptied = detail["type"] == "too_short" and detail["input"]  # each entry has a problem of its own
        if not misspelt and not emptied:
            problems.append(explain(detail, loc, source, model))
    return None, problems


@cache
def _adapter(model: Any) -> TypeAdapter[Any]:
    return TypeAdapter(model)


def in_data(error: ErrorDetails, data: Any) -> Loc:
    """Where in the data an error is: its `loc` without pydantic's own marks at the end, such as `[key]`."""
    loc = error["loc"]
    for depth, part in enumerate(loc):
        try:
            data = data[part]
        except (LookupError, TypeError):
            return loc if error["type"] == "missing" else loc[:depth]
    return loc


def explain(error: ErrorDetails, loc: Loc, source: Source, model: Any) -> Problem:
    """A pydantic error, placed and worded by its type, for somebody who has never heard of pydantic."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name = quote(loc[-1]) if loc and isinstance(loc[-1], str) else f"entry {int(loc[-1]) + 1}" if loc else "the file"
    at_key = kind in ("extra_forbidden", "missing") or error["loc"][-1:] == ("[key]",)
    if kind == "missing":
        loc = loc[:-1]
        around = ", ".join(f"entry {part + 1}" if isinstance(part, int) else quote(part) for part in loc)
        message = f"{name} is missing{' in ' if loc else ''}{around}; add it"
    elif kind == "extra_forbidden":
        message = f"unknown key {name}{_unknown_key(str(loc[-1]), value, fields_at(model, loc[:-1]))}"
    elif value is None:
        message = f"{name} is empty; write a value or remove the line"
    else:
        kind = context.get("pattern", kind)
        if kind == LINE and not re.search(VISIBLE, value):
            kind = PROSE
        expected = re.findall(r"'([^']+)'", context.get("expected", ""))
        words = {"name": name, "value": value, "quoted": quote(value), "shown": shown(value), "length": len(str(value))}
        # Our own validators say what a value must be.
        template = _MESSAGES.get(kind, "{name} {message}, not {shown}")
        message = template.format(**{**context, **words, "message": error["msg"], "expected": ", ".join(expected)})
        message += _hint(kind, value, expected)
    return source.problem(loc, message, key=at_key)


def _unknown_key(key: str, value: Any, fields: list[str]) -> str:
    """What to do about a key; `{qty: one, two}` makes one of what follows the comma, `{qty:1}` of the whole."""
    if value is None and ":" in key:
        return "; write a space after the ':'"
    if value is None and not closest(key, fields):
        return "; inside { }, put a text with a comma in quotes"
    return nearest(key, fields)


def _hint(kind: str, value: Any, expected: list[str]) -> str:
    """What to do, where the message does not say it."""
    if kind == "string_type":
        hints: dict[Any, str] = {dict: "put a text that contains ': ' in quotes", tuple: "remove '- ' or '[ ]'"}
        return f"; {hints.get(type(value), 'put it in quotes')}"
    if not isinstance(value, str):
        return ""
    if kind == "tuple_type" and value.startswith("-"):
        return "; write a space after the '-'"
    if kind in ("model_type", "dict_type") and ":" in value:
        return "; write a space after the ':'"
    return did_you_mean(value, expected)


def shown(value: Any) -> str:
    """A bad value in an author's words: what YAML made of it, and how it begins."""
    kind = _KINDS.get(type(value), "the number")
    return kind if isinstance(value, dict | tuple | list) else f"{kind} {quote(value)}"


def fields_at(model: Any, loc: Loc) -> list[str]:
    """The field names allowed at `loc` below `model`, without those the file's place gives."""
    for part in loc:
        if hasattr(model, "model_fields"):
            field = model.model_fields.get(part)
            model = field and field.annotation
        else:  # a mapping or a list
            model = next((arg for arg in reversed(get_args(model)) if arg is not Ellipsis), None)
        if NoneType in get_args(model):
            model = get_args(model)[0]
    return [name for name in getattr(model, "model_fields", ()) if name not in ("id", "universe")]
