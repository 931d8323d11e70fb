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

from generator.load.source import MAX_PROBLEMS, Loc, Source
from generator.model.text import SLUG, VISIBLE
from generator.problems import Problem, closest, did_you_mean, nearest, quote

T = TypeVar("T")


def validate(model: type[T], source: Source, **given: Any) -> tuple[T | None, list[Problem]]:
    """`source.data` as a `model`; `given` adds values that do not come from the file."""
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
        found = error.errors(include_url=False)
    if len(found) > MAX_PROBLEMS:
        problems.append(source.problem((), f"{len(found) - MAX_PROBLEMS} more problems in this file"))
    by_place: dict[Loc, list[ErrorDetails]] = {}
    for detail in found[:MAX_PROBLEMS]:
        by_place.setdefault(in_data(detail, data), []).append(detail)
    meant = {
        (*loc[:-1], closest(str(loc[-1]), fields_at(model, loc[:-1])))
        for loc, details in by_place.items()
        if details[0]["type"] == "extra_forbidden"
    }
    for loc, details in by_place.items():
        # A value that fits none of two types has a problem for each; the better one knows more than its type.
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
        message = f"{name} is missing" + (f" in {describe(loc)}" if loc else "") + "; add it"
    elif kind == "extra_forbidden":
        fields = fields_at(model, loc[:-1])
        # `{qty: one, two}` makes a key of what follows the comma, `{qty:1}` of the whole
        hint = nearest(str(loc[-1]), fields)
        if value is None and not closest(str(loc[-1]), fields):
            hint = "; inside { }, put a text with a comma in quotes"
        if value is None and ":" in str(loc[-1]):
            hint = "; write a space after the ':'"
        message = f"unknown key {name}{hint}"
    elif value is None:
        message = f"{name} is empty; write a value or remove the line"
    elif kind == "string_type":
        hints: dict[Any, str] = {dict: "put a text that contains ': ' in quotes", tuple: "remove '- ' or '[ ]'"}
        message = f"{name} must be text, not {shown(value)}; {hints.get(type(value), 'put it in quotes')}"
    elif kind == "string_pattern_mismatch" and context.get("pattern") == SLUG:
        message = (
            f"{quote(value)} is not an id: use a-z, 0-9 and '-', at most 64 characters (no capitals, umlauts, spaces)"
        )
    elif kind == "string_pattern_mismatch" and "#" in str(context.get("pattern")):
        message = f'{name} must be a colour such as "#0b6b68" (in quotes), not {quote(value)}'
    elif kind == "string_pattern_mismatch" and re.search(VISIBLE, str(value)):
        message = f"{name} must be a single line; write it right after the ':', without '|' or '>'"
    elif kind in ("string_too_short", "string_pattern_mismatch"):
        message = f"{name} is empty; write some text"
    elif kind == "string_too_long":
        message = f"{name} has {len(str(value))} characters, at most {context['max_length']} fit; shorten it"
    elif kind == "int_type":
        message = f"{name} must be a whole number, only digits and without quotes, not {shown(value)}"
    elif kind == "bool_type":
        message = f"{name} must be true or false, without quotes, not {shown(value)}"
    elif kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        message = f"{name} must be {bound}, not {value}"
    elif kind == "date_type":
        message = f"{name} must be a date of the calendar such as 2026-11-23, without quotes, not {shown(value)}"
    elif kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']+)'", context["expected"])
        hint = did_you_mean(value, known) if isinstance(value, str) else ""
        message = f"{name} must be one of {', '.join(known)}, not {shown(value)}{hint}"
    elif kind == "tuple_type":
        hint = "; write a space after the '-'" if isinstance(value, str) and value.startswith("-") else ""
        message = f"{name} must be a list (lines that start with '- '), not {shown(value)}{hint}"
    elif kind == "too_short":
        message = f"{name} needs at least {context['min_length']} entry; add it"
    elif kind in ("model_type", "dict_type"):
        hint = "; write a space after the ':'" if isinstance(value, str) and ":" in value else ""
        message = f"{name} must be `key: value` lines, not {shown(value)}{hint}"
    else:  # our own validators say what must be
        message = f"{name} {error['msg']}, not {shown(value)}"
    return source.problem(loc, message, key=at_key)


def shown(value: Any) -> str:
    """A bad value in an author's words: what YAML made of it, and how it begins."""
    kinds = {
        dict: "`key: value` lines",
        tuple: "a list",
        str: "the text",
        bool: "the value",
        int: "the number",
        float: "the number",
        date: "the date",
    }
    kind = kinds.get(type(value), type(value).__name__)
    return kind if isinstance(value, dict | tuple) else f"{kind} {quote(value)}"


def describe(loc: Loc) -> str:
    """`('steps', 2)` as `'steps', entry 3`."""
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else quote(part) for part in loc)


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
