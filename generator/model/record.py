"""What every record has in common, how its fields are declared, and a walk through its texts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from generator.model.text import GUEST, MARKDOWN, TEXT, Line, Months, Slug


def about(description: str, *examples: Any, guests: bool | str = False, **options: Any) -> Any:
    """Declare a field: what it is for and examples of it, both for authors, and pydantic's own `options`.

    `guests` says that guests may read the field; as the name of another field, only where that one is empty.
    """
    extra: JsonDict | None = {GUEST: guests} if guests else None
    return Field(description=description, examples=list(examples) or None, json_schema_extra=extra, **options)


Owner = Annotated[Line, about("Die Stelle, die für den Inhalt verantwortlich ist.", "Empfang und Sekretariat")]
Reviewed = Annotated[
    date, about("Tag, an dem jemand Zuständiges alles gelesen und für richtig befunden hat.", "2026-11-16")
]
ReviewEvery = Annotated[
    Months, about("Nach so vielen Monaten ist es wieder durchzulesen, ohne Angabe nach zwölf.", "6 months")
]
OwnId = Annotated[Slug, about("Die Id folgt aus dem Namen der Datei.")]


class Record(BaseModel):
    """A mapping in a YAML file: strict (no silent conversion), frozen, without unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    # Pydantic remembers for each record which fields were given. Nobody asks, and it doubles a record's memory:
    # 32 instead of 16 MB for 1,000 rituals.
    __pydantic_fields_set__ = property(lambda self: set(type(self).model_fields), lambda self, given: None)


AnyRecord = TypeVar("AnyRecord", bound=Record)
Loc = tuple[str | int, ...]  # a path into a file's data, such as ("steps", 2, "text")
Change = Callable[[Loc, str, int], str]  # (path, text, how many characters fit) → the text to put in its place


def map_texts(record: AnyRecord, change: Change, mark: str = TEXT, loc: Loc = ()) -> AnyRecord:
    """A copy of the record in which `change` has replaced every text whose type has `mark`: TEXT or MARKDOWN.

    `loc` is the record's own path in its file. Where nothing changes, the record itself is returned.
    """
    new = {}
    for name, hint in _text_fields(type(record), mark):
        value = getattr(record, name)
        if (changed := _map_value(value, hint, change, mark, (*loc, name))) is not value:
            new[name] = changed
    return record.model_copy(update=new) if new else record


def prose_fields(record: Record, loc: Loc = ()) -> list[tuple[Loc, str]]:
    """Every `Prose` text of a record, with its path in the file."""
    texts = []

    def note(loc: Loc, text: str, most: int) -> str:
        texts.append((loc, text))
        return text

    map_texts(record, note, MARKDOWN, loc)
    return texts


@cache
def _text_fields(model: type[Record], mark: str) -> list[tuple[str, Any]]:
    """Names and types of the fields that hold texts with the mark, at whatever depth."""
    return [(name, hint) for name, hint in get_type_hints(model, include_extras=True).items() if _has_text(hint, mark)]


def _has_text(hint: Any, mark: str) -> bool:
    if isinstance(hint, type) and issubclass(hint, Record):
        return bool(_text_fields(hint, mark))
    return mark in getattr(hint, "__metadata__", ()) or any(_has_text(arg, mark) for arg in get_args(hint))


@cache
def _max_length(hint: Any, mark: str) -> int:
    """How many characters fit into a text of this type; 0 if it does not have the mark."""
    for metadata in (getattr(arg, "__metadata__", ()) for arg in (hint, *get_args(hint))):
        if mark in metadata:
            return int(next(entry.max_length for entry in metadata if hasattr(entry, "max_length")))
    return 0


def _map_value(value: Any, hint: Any, change: Change, mark: str, loc: Loc) -> Any:
    if isinstance(value, Record):
        return map_texts(value, change, mark, loc)
    if isinstance(value, str):
        most = _max_length(hint, mark)
        return change(loc, value, most) if most else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):  # a list, not an offset
        inner = get_args(hint)[0]
        items = tuple([_map_value(item, inner, change, mark, (*loc, index)) for index, item in enumerate(value)])
        return value if all(map(operator.is_, value, items)) else items
    if isinstance(value, dict):
        inner = get_args(hint)[1]
        new = {key: _map_value(item, inner, change, mark, (*loc, key)) for key, item in value.items()}
        return value if all(map(operator.is_, value.values(), new.values())) else new
    return value
