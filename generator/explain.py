"""Data against the model, and the model's errors in an author's words.

Errors are worded by their type and placed by the data's own positions, never by
searching in a library's messages.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from generator.models import SLUG
from generator.problems import Problem, did_you_mean, nearest, quote
from generator.source import Source

T = TypeVar("T")


def validate(model: type[T], source: Source, **given: Any) -> tuple[T | None, list[Problem]]:
    """`source.data` as a `model`; `given` adds values that do not come from the file."""
    data = source.data
    if not isinstance(data, dict):
        return None, [source.problem((), f"expected `key: value` lines, not {kind_of(data)}")]
    problems = [
        source.problem((key,), f"remove '{key}': it follows from the file's place and name", key=True)
        for key in given
        if key in data
    ]
    adapter: TypeAdapter[T] = TypeAdapter(model)
    try:
        return adapter.validate_python({**data, **given}), problems
    except ValidationError as error:
        return None, problems + [explain(detail, source, model) for detail in error.errors(include_url=False)]


def explain(error: ErrorDetails, source: Source, model: Any) -> Problem:
    """A pydantic error, placed and worded by its type, for somebody who has never heard of pydantic."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    loc = error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"]
    name = f"'{loc[-1]}'" if loc and isinstance(loc[-1], str) else f"entry {int(loc[-1]) + 1}" if loc else "the file"
    at_key = kind in ("extra_forbidden", "missing") or error["loc"] != loc
    if kind == "missing":
        loc = loc[:-1]
        message = f"{name} is missing" + (f" in {describe(loc)}" if loc else "") + "; add it"
    elif kind == "extra_forbidden":
        fields = fields_at(model, loc[:-1])
        # `{qty: one, two}` makes a key of what follows the comma
        comma = value is None and str(loc[-1]) not in fields
        message = f"unknown key {name}" + (
            "; inside { }, put a text with a comma in quotes" if comma else nearest(str(loc[-1]), fields)
        )
    elif value is None:
        message = f"{name} is empty; write a value or remove the line"
    elif kind == "string_type":
        message = (
            f"{name} must be text, not {kind_of(value)} ({quote(value)}); put it in quotes"
            if not isinstance(value, dict | tuple)
            else f"{name} must be text, not {kind_of(value)}"
        )
    elif kind == "string_pattern_mismatch" and context.get("pattern") == SLUG:
        message = (
            f"{quote(value)} is not an id: use a-z, 0-9 and '-', at most 64 characters (no capitals, umlauts, spaces)"
        )
    elif kind == "string_pattern_mismatch" and "#" in str(context.get("pattern")):
        message = f'{name} must be a colour such as "#0b6b68" (in quotes), not {quote(value)}'
    elif kind == "string_pattern_mismatch" and "\n" in str(value).strip():
        message = f"{name} must be a single line"
    elif kind in ("string_too_short", "string_pattern_mismatch"):
        message = f"{name} is empty; write some text"
    elif kind == "string_too_long":
        message = f"{name} has {len(str(value))} characters, at most {context['max_length']} fit; shorten it"
    elif kind in ("int_type", "int_parsing", "int_from_float"):
        message = f"{name} must be a whole number, not {kind_of(value)} ({quote(value)})"
    elif kind == "bool_type":
        message = f"{name} must be true or false, not {quote(value)}"
    elif kind in ("greater_than_equal", "less_than_equal"):
        bound = f"at least {context['ge']}" if "ge" in context else f"at most {context['le']}"
        message = f"{name} must be {bound}, not {value}"
    elif kind in ("date_type", "date_from_datetime_parsing", "date_parsing"):
        message = f"{name} must be a date such as 2026-11-23 (without quotes), not {quote(value)}"
    elif kind in ("literal_error", "enum"):
        known = re.findall(r"'([^']+)'", str(context.get("expected", "")))
        message = f"{name} must be one of {', '.join(known)}, not {quote(value)}{did_you_mean(str(value), known)}"
    elif kind in ("tuple_type", "list_type"):
        message = f"{name} must be a list (lines that start with '- '), not {kind_of(value)}"
    elif kind == "too_short":
        message = f"{name} needs at least {context['min_length']} entry"
    elif kind in ("model_type", "mapping_type", "dict_type", "model_attributes_type"):
        message = f"{name} must be `key: value` lines, not {kind_of(value)}"
    else:  # our own validators say what must be
        message = f"{name} {error['msg']}, not {quote(value)}"
    return source.problem(tuple(loc), message, key=at_key)


def kind_of(value: Any) -> str:
    """What YAML made of a value, in an author's words."""
    names = {
        dict: "`key: value` lines",
        tuple: "a list",
        str: "text",
        bool: "true or false",
        int: "a number",
        float: "a number with a decimal point",
        date: "a date",
        type(None): "nothing",
    }
    return names.get(type(value), type(value).__name__)


def describe(loc: tuple[str | int, ...]) -> str:
    """`('steps', 2)` as `steps, entry 3`."""
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else f"'{part}'" for part in loc)


def fields_at(model: Any, loc: tuple[str | int, ...]) -> list[str]:
    """The field names allowed at `loc` below `model`, without those the file's place gives."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        inner = [arg for arg in getattr(model, "__args__", ()) if arg is not type(None) and arg is not Ellipsis]
        return fields_at(inner[-1], loc[1:] if len(inner) > 1 or "tuple" in str(model) else loc) if inner else []
    if not loc:
        return [name for name in model.model_fields if name not in ("id", "universe")]
    info = model.model_fields.get(str(loc[0]))
    annotation = info.annotation if info else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return fields_at(annotation, loc[1:])
    return fields_at(annotation, loc[1:]) if annotation else []
