"""JSON Schema for the YAML files, derived from the models: editors use it to complete, explain and check.

It describes what an author writes: without the fields that follow from a file's place (`id`), without empty values,
and with `45 min` as the text it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from generator.files import write_file
from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.ritual import Ritual
from generator.model.text import Slug
from generator.model.universe import Universe
from generator.model.vocabulary import Dimension, Gate, Glossary, Occasion, Role

FOLDER = "schema"  # below the root
DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True)
class Kind:
    """A kind of YAML file: its model, the pattern of its path, and the fields that follow from the path."""

    title: str
    model: Any
    place: str
    given: tuple[str, ...] = ()


KINDS = {
    "ritual": Kind("Ritual", Ritual, "universes/*/rituals/*.yml", ("id", "universe")),
    "universe": Kind("Universum", Universe, "universes/*/universe.yml", ("id",)),
    "path": Kind("Weg für Mentor:innen", MentorPath, "content/paths/*.yml", ("id",)),
    "chooser": Kind("Wo sind wir?", Chooser, "content/chooser.yml"),
    "glossary": Kind("Glossar", Glossary, "content/glossary.yml"),
    "roles": Kind("Rollen", Mapping[Slug, Role], "universes/roles.yml"),
    "occasions": Kind("Anlässe", Mapping[Slug, Occasion], "universes/occasions.yml"),
    "dimensions": Kind("Dimensionen", Mapping[Slug, Dimension], "universes/dimensions.yml"),
    "gates": Kind("Prüffragen", Mapping[Slug, Gate], "universes/gates.yml"),
}


class _InOrder(GenerateJsonSchema):
    """Keeps keys in the order of the models, where pydantic would sort them."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of one kind of file, in draft 7, which editors support best."""
    kind = KINDS[name]
    whole: dict[str, Any] = _simplified(TypeAdapter(kind.model).json_schema(schema_generator=_InOrder))
    models = {key: _simplified(model) for key, model in whole.pop("$defs", {}).items()}
    for field in kind.given:
        del whole["properties"][field]
        whole["required"].remove(field)
    start = {"$schema": "http://json-schema.org/draft-07/schema#", "title": kind.title}
    return start | whole | ({"$defs": models} if models else {})


def _simplified(node: Any) -> Any:
    """A part of pydantic's schema, without what means nothing to an author."""
    if isinstance(node, list):
        return [_simplified(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {key: value for key, value in node.items() if key != "title"}
    if "properties" in node:  # a model, whose docstring is for programmers
        node.pop("description", None)
        return node | {"properties": {name: _simplified(field) for name, field in node["properties"].items()}}
    if "patternProperties" in node:  # keys are ids and nothing else
        node["additionalProperties"] = False
    if node.get("format") == "date":
        node["pattern"] = DATE
    if "prefixItems" in node:  # a pair, in the words of draft 7
        node["items"] = node.pop("prefixItems")[0]
    if isinstance(node.get("default"), int) and node.get("type") == "string":
        del node["default"]  # a number of months, which authors write in words
    if node.get("default", ...) in (None, [], {}):
        del node["default"]
    if "anyOf" in node:
        options = [option for option in node.pop("anyOf") if option != {"type": "null"}]
        node |= options[0] if len(options) == 1 else {"anyOf": options}
    return {key: value if key in ("default", "examples") else _simplified(value) for key, value in node.items()}


def model_of(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the model that a field, or each entry of its list or mapping, is made of; None for plain values."""
    if "properties" in node:
        return node
    if "$ref" in node:
        return dict(whole["$defs"][node["$ref"].rpartition("/")[2]])
    inner = node.get("items") or next(iter(node.get("patternProperties", {}).values()), None)
    return model_of(inner, whole) if inner else None


def field(name: str, path: str) -> dict[str, Any]:
    """The schema of a field in one kind of file; `path` is its name, `steps.say` for a field within a field."""
    node = whole = schema(name)
    for step in path.split("."):
        node = (model_of(node, whole) or {})["properties"][step]
    return node


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into `folder`; returns the paths."""
    paths = [folder / f"{name}.json" for name in KINDS]
    for path in paths:
        write_file(path, (json.dumps(schema(path.stem), ensure_ascii=False, indent=2) + "\n").encode())
    return paths


def editor_settings() -> dict[str, Any]:
    """What Visual Studio Code has to know, in `.vscode/settings.json`."""
    return {
        "yaml.schemas": {f"./{FOLDER}/{name}.json": kind.place for name, kind in KINDS.items()},
        "[yaml]": {"editor.tabSize": 2, "editor.insertSpaces": True},
        "files.eol": "\n",
        "files.encoding": "utf8",
    }
