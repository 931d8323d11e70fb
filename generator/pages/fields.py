"""The reference of all fields, for authors: made of the schema, so that it says what the program does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from generator.languages.language import _
from generator.model.schema import DATE, KINDS, schema
from generator.model.text import CLOCK, COLOUR, DURATION, GUEST, LINE, MONTHS, OFFSET, PROSE, SLUG

Words = Callable[..., str]  # a text in a language, with values for its {names}
PATTERNS = {
    SLUG: _("Id"),
    COLOUR: _("Farbe"),
    OFFSET: _("Zeitpunkt, vom Beginn aus gezählt"),
    DURATION: _("Dauer"),
    MONTHS: _("Anzahl von Monaten"),
    CLOCK: _("Uhrzeit"),
    DATE: _("Datum"),
}


@dataclass(frozen=True)
class Field:
    name: str
    needed: bool
    description: str
    kind: str  # what may be written, in words
    choices: list[str]  # all that may be written, if it is one of a few words
    example: str  # as in a file; empty where the field has fields of its own
    default: str
    guests: bool | str  # whether guests may read it, or what they read instead; not where it has fields of its own


@dataclass(frozen=True)
class Group:
    """The fields that stand together: of the file itself, or `within` one of its fields (`steps`)."""

    within: str
    fields: list[Field]


@dataclass(frozen=True)
class Reference:
    name: str  # of the kind, which is its anchor
    title: str
    place: str
    groups: list[Group]

    @property
    def jump(self) -> tuple[str, str]:
        return self.name, self.title


def references(words: Words) -> list[Reference]:
    """All kinds of files with all their fields, in a language."""
    return [
        Reference(name, words(kind.title), kind.place, list(_groups(schema(name), schema(name), "", words)))
        for name, kind in KINDS.items()
    ]


def _groups(node: dict[str, Any], whole: dict[str, Any], within: str, words: Words) -> Iterator[Group]:
    """The fields of a model, then those of the models in it."""
    model = _model(node, whole)
    if model is None:
        return
    yield Group(
        within,
        [
            Field(
                name,
                name in model.get("required", ()),
                words(field["description"]),
                _kind(field, words),
                field.get("enum", []),
                _example(field),
                json.dumps(field["default"], ensure_ascii=False).strip('"') if "default" in field else "",
                _model(field, whole) is None and field.get(GUEST, False),
            )
            for name, field in model["properties"].items()
        ],
    )
    for name, field in model["properties"].items():
        yield from _groups(field, whole, f"{within}.{name}".lstrip("."), words)


def _model(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any] | None:
    """The model that a value is made of, or the entries of a list or mapping; None for plain values."""
    if "properties" in node:
        return node
    if "$ref" in node:
        return dict(whole["$defs"][node["$ref"].rpartition("/")[2]])
    inner = node.get("items") or next(iter(node.get("patternProperties", {}).values()), None)
    return _model(inner, whole) if inner else None


def _kind(node: dict[str, Any], words: Words) -> str:
    """What may be written, in words."""
    if "$ref" in node:
        return words(_("eigene Felder"))
    if "anyOf" in node:
        return words(_(" oder ")).join(_kind(option, words) for option in node["anyOf"])
    if "enum" in node:
        return words(_("eines von"))
    if node.get("pattern") in PATTERNS:
        return words(PATTERNS[node["pattern"]])
    if node.get("pattern") == PROSE:
        return words(_("Text mit Hervorhebungen und Links, höchstens {n} Zeichen"), n=node["maxLength"])
    if node.get("pattern") == LINE or "maxLength" in node:
        return words(_("eine Zeile, höchstens {n} Zeichen"), n=node["maxLength"])
    if node["type"] == "array":
        return words(_("Liste, je Eintrag: {entry}"), entry=_kind(node["items"], words))
    if node["type"] == "object":
        inner = node.get("additionalProperties") or next(iter(node["patternProperties"].values()))
        return words(_("je Schlüssel: {entry}"), entry=_kind(inner, words))
    if node["type"] == "boolean":
        return words(_("true oder false"))
    if "maximum" in node:
        return words(_("Zahl von {low} bis {high}"), low=node["minimum"], high=node["maximum"])
    return words(_("Zahl ab {low}"), low=node["minimum"]) if "minimum" in node else words(_("Zahl"))


def _example(node: dict[str, Any]) -> str:
    """The first example as it stands in a file."""
    if not node.get("examples"):
        return ""
    example = node["examples"][0]
    if not isinstance(example, str):
        return _flow(example)
    quoted = example.startswith("#") or ": " in example or re.fullmatch(CLOCK, example)
    return f'"{example}"' if quoted else example


def _flow(value: Any) -> str:
    """Data as YAML in one line, quoted like an author would."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    plain = isinstance(value, str) and not set(value) & set(",:[]{}#*&\"'")
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
