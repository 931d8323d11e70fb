"""What every record shares, and walking through its texts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from pydantic import BaseModel, ConfigDict, Field

from generator.model.text import MARKDOWN, TEXT, Line, Months, Slug

# Fields that several records have.
Owner = Annotated[
    Line, Field(description="Die Stelle, die für den Inhalt verantwortlich ist.", examples=["Empfang und Sekretariat"])
]
Reviewed = Annotated[
    date,
    Field(
        description="Tag, an dem jemand Zuständiges alles gelesen und für richtig befunden hat.",
        examples=["2026-11-16"],
    ),
]
ReviewEvery = Annotated[
    Months,
    Field(
        description="Nach so vielen Monaten ist es wieder durchzulesen, ohne Angabe nach zwölf.", examples=["6 months"]
    ),
]
OwnId = Annotated[Slug, Field(description="Die Id folgt aus dem Namen der Datei.")]


class Record(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    @property  # type: ignore[misc]  # in the place of an attribute
    def __pydantic_fields_set__(self) -> set[str]:
        """All fields: nobody asks which of them were given, and to remember it takes a quarter of a record's memory."""
        return set(type(self).model_fields)

    @__pydantic_fields_set__.setter
    def __pydantic_fields_set__(self, given: set[str]) -> None:
        pass


AnyRecord = TypeVar("AnyRecord", bound=Record)

# A text's path, the text, and how many characters it may have → the text in its place.
Change = Callable[[tuple[str | int, ...], str, int], str]


def map_texts(record: AnyRecord, change: Change, mark: str = TEXT, loc: tuple[str | int, ...] = ()) -> AnyRecord:
    """The record with every text of the fields that bear `mark` changed; the path is that into the YAML data."""
    new = {}
    for name, hint in _bearing(type(record), mark):
        value = getattr(record, name)
        if (mapped := _mapped(value, hint, change, mark, (*loc, name))) is not value:
            new[name] = mapped
    return record.model_copy(update=new) if new else record


def prose_fields(record: Record, loc: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str]]:
    """Every `Prose` text of a record, with its path into the data."""
    found = []

    def note(loc: tuple[str | int, ...], text: str, most: int) -> str:
        found.append((loc, text))
        return text

    map_texts(record, note, MARKDOWN, loc)
    return found


@cache
def _bearing(model: type[Record], mark: str) -> list[tuple[str, Any]]:
    """The fields of a model, with their types, that hold texts with `mark`."""
    return [(name, hint) for name, hint in get_type_hints(model, include_extras=True).items() if _bears(hint, mark)]


def _bears(hint: Any, mark: str) -> bool:
    if isinstance(hint, type) and issubclass(hint, Record):
        return bool(_bearing(hint, mark))
    return mark in getattr(hint, "__metadata__", ()) or any(_bears(part, mark) for part in get_args(hint))


@cache
def _room(hint: Any, mark: str) -> int:
    """How many characters fit into a text of this type; 0 if it does not bear the mark."""
    metadata = (getattr(arg, "__metadata__", ()) for arg in (hint, *get_args(hint)))
    return next((c.max_length for found in metadata if mark in found for c in found if hasattr(c, "max_length")), 0)


def _mapped(value: Any, hint: Any, change: Change, mark: str, loc: tuple[str | int, ...]) -> Any:
    if isinstance(value, Record):
        return map_texts(value, change, mark, loc)
    if isinstance(value, str):
        room = _room(hint, mark)
        return change(loc, value, room) if room else value
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        inner = get_args(hint)[0]
        items = tuple([_mapped(item, inner, change, mark, (*loc, index)) for index, item in enumerate(value)])
        return value if all(map(operator.is_, value, items)) else items
    if isinstance(value, dict):
        inner = get_args(hint)[1]
        new = {key: _mapped(item, inner, change, mark, (*loc, key)) for key, item in value.items()}
        return value if all(map(operator.is_, value.values(), new.values())) else new
    return value
