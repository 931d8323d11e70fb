"""The reference of all fields, for authors: made of the schema, so that it says what the program does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from generator.languages.language import Language, _
from generator.model.schema import DATE, KINDS, Kind, model_of, schema
from generator.model.text import CLOCK, COLOUR, DURATION, LINE, MONTHS, OFFSET, PROSE, SLUG

Group = tuple[str, dict[str, Any]]  # the field that a model stands in ("" for the file itself), and the model's schema
PATTERNS = {
    SLUG: _("Id"),
    COLOUR: _("Farbe"),
    OFFSET: _("Zeitpunkt, vom Beginn aus gezählt"),
    DURATION: _("Dauer"),
    MONTHS: _("Anzahl von Monaten"),
    CLOCK: _("Uhrzeit"),
    DATE: _("Datum"),
}


def references() -> list[tuple[str, Kind, list[Group]]]:
    """(name, kind, groups) of every kind of file; a model's fields are followed by those of the models in it."""
    return [(name, kind, list(_groups(schema(name), schema(name), ""))) for name, kind in KINDS.items()]


def _groups(node: dict[str, Any], whole: dict[str, Any], within: str) -> Iterator[Group]:
    if (model := model_of(node, whole)) is None:
        return
    plain = {name for name, field in model["properties"].items() if model_of(field, whole) is None}
    yield within, {**model, "plain": plain}
    for name, field in model["properties"].items():
        yield from _groups(field, whole, f"{within}.{name}".lstrip("."))


def allowed(node: dict[str, Any], language: Language) -> str:
    """What may be written into a field, in words."""
    say, pattern = language.text, node.get("pattern")
    if "$ref" in node:
        return say(_("eigene Felder"))
    if "anyOf" in node:
        return say(_(" oder ")).join(allowed(option, language) for option in node["anyOf"])
    if "enum" in node:
        return say(_("eines von"))
    if pattern in PATTERNS:
        return say(PATTERNS[pattern])
    if pattern == PROSE:
        return say(_("Text mit Hervorhebungen und Links, höchstens {n} Zeichen"), n=node["maxLength"])
    if pattern == LINE or "maxLength" in node:
        return say(_("eine Zeile, höchstens {n} Zeichen"), n=node["maxLength"])
    if node["type"] == "array":
        return say(_("Liste, je Eintrag: {entry}"), entry=allowed(node["items"], language))
    if node["type"] == "object":
        entry = node.get("additionalProperties") or next(iter(node["patternProperties"].values()))
        return say(_("je Schlüssel: {entry}"), entry=allowed(entry, language))
    if node["type"] == "boolean":
        return say(_("true oder false"))
    if "maximum" in node:
        return say(_("Zahl von {low} bis {high}"), low=node["minimum"], high=node["maximum"])
    return say(_("Zahl ab {low}"), low=node["minimum"]) if "minimum" in node else say(_("Zahl"))


def example(node: dict[str, Any]) -> str:
    """A field's first example as it stands in a file, or nothing."""
    text = node.get("examples", [""])[0]
    if not isinstance(text, str):
        return flow(text)
    return f'"{text}"' if text.startswith("#") or ": " in text or re.fullmatch(CLOCK, text) else text


def flow(value: Any) -> str:
    """Data as YAML in one line, quoted only where it has to be."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    plain = isinstance(value, str) and not set(value) & set(",:[]{}#*&\"'")
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
