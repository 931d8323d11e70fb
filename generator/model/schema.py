"""JSON Schema for the YAML files, so that editors complete and explain while an author types.

Made of the models. An editor sees what stands in a file: not what its place says (`id`), no empty values, and
texts such as `45 min` as they are written.
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
from generator.languages.language import _
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
    """A kind of YAML file: what is in it, where it stands, and which fields its place says."""

    title: str
    model: Any
    place: str
    given: tuple[str, ...] = ()


KINDS = {
    "ritual": Kind(_("Ritual"), Ritual, "universes/*/rituals/*.yml", ("id", "universe")),
    "universe": Kind(_("Universum"), Universe, "universes/*/universe.yml", ("id",)),
    "path": Kind(_("Weg für Mentor:innen"), MentorPath, "content/paths/*.yml", ("id",)),
    "chooser": Kind(_("Wo sind wir?"), Chooser, "content/chooser.yml"),
    "glossary": Kind(_("Glossar"), Glossary, "content/glossary.yml"),
    "roles": Kind(_("Rollen"), Mapping[Slug, Role], "universes/roles.yml"),
    "occasions": Kind(_("Anlässe"), Mapping[Slug, Occasion], "universes/occasions.yml"),
    "dimensions": Kind(_("Dimensionen"), Mapping[Slug, Dimension], "universes/dimensions.yml"),
    "gates": Kind(_("Prüffragen"), Mapping[Slug, Gate], "universes/gates.yml"),
}


class _AsWritten(GenerateJsonSchema):
    """Everything in the order of the models, examples too."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        return value


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of one kind of file. Draft 7 is what editors understand best."""
    kind = KINDS[name]
    made = TypeAdapter(kind.model).json_schema(schema_generator=_AsWritten)
    parts = {key: _plain(value) for key, value in made.pop("$defs", {}).items()}
    whole: dict[str, Any] = _plain(made)
    choices = {key: parts.pop(key) for key in [*parts] if "enum" in parts[key]}  # enumerations go where they are used
    for model in (whole, *parts.values()):
        for name, node in model.get("properties", {}).items():
            if choice := choices.get(node.get("$ref", "").rpartition("/")[2]):
                model["properties"][name] = choice | {key: node[key] for key in node if key != "$ref"}
    for field in kind.given:
        del whole["properties"][field]
        whole["required"].remove(field)
    start: dict[str, Any] = {"$schema": "http://json-schema.org/draft-07/schema#", "title": kind.title}
    return start | whole | ({"$defs": parts} if parts else {})


def _plain(node: Any) -> Any:
    """A part of a schema without what would only disturb an author."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = dict(node)
    if "properties" in node:  # of a model: its title and docstring are for programmers
        node = {key: value for key, value in node.items() if key not in ("title", "description")}
        node["properties"] = {name: _plain(field) for name, field in node["properties"].items()}
        return node
    node.pop("title", None)
    if "enum" in node and "examples" not in node:  # the docstring of an enumeration
        node.pop("description", None)
    if "patternProperties" in node:  # keys are ids, and nothing else
        node["additionalProperties"] = False
    if node.get("format") == "date":
        node["pattern"] = DATE
    if "prefixItems" in node:  # a pair; what drafts before 2020 call it
        node["items"] = node.pop("prefixItems")[0]
    if isinstance(node.get("default"), int) and node.get("type") == "string":
        del node["default"]  # a number of months, which is written in words
    if node.get("default", ...) in (None, [], {}):
        del node["default"]
    if "anyOf" in node:
        options = [option for option in node.pop("anyOf") if option != {"type": "null"}]
        node |= options[0] if len(options) == 1 else {"anyOf": options}
    return {key: value if key in ("default", "examples") else _plain(value) for key, value in node.items()}


def field(name: str, path: str) -> dict[str, Any]:
    """The schema of a field in one kind of file, by its names: `steps.say`."""
    whole = schema(name)
    node = whole
    for step in path.split("."):
        node = _inside(node, whole)["properties"][step]
    return node


def _inside(node: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """The model that a field is made of, or a list or mapping of."""
    while "properties" not in node:
        inner = node.get("items") or next(iter(node.get("patternProperties", {}).values()), None)
        node = inner or whole["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def schema_json(name: str) -> str:
    return json.dumps(schema(name), ensure_ascii=False, indent=2) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into `folder`; returns the paths."""
    paths = {folder / f"{name}.json": name for name in KINDS}
    for path, name in paths.items():
        write_file(path, schema_json(name).encode())
    return [*paths]


def editor_settings() -> dict[str, Any]:
    """What Visual Studio Code has to know, in `.vscode/settings.json`."""
    return {
        "yaml.schemas": {f"./{FOLDER}/{name}.json": kind.place for name, kind in KINDS.items()},
        "[yaml]": {"editor.tabSize": 2, "editor.insertSpaces": True},
        "files.eol": "\n",
        "files.encoding": "utf8",
    }
