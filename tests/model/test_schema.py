"""JSON Schema for editors: in step with the models, and right about every real file."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator, FormatChecker

from generator.commands import main
from generator.load.source import read_yaml
from generator.model.playbook import Playbook
from generator.model.record import Record
from generator.model.schema import KINDS, editor_settings, schema
from generator.project import PROJECT

ROOTS = (PROJECT, PROJECT / "tests/small")
FILES = [(name, path) for name, kind in KINDS.items() for root in ROOTS for path in sorted(root.glob(kind.place))]


def as_json(value: Any) -> Any:
    """YAML data as an editor's schema sees it."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def complaints(name: str, data: Any) -> list[str]:
    validator = Draft7Validator(schema(name), format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def fields(model: type[Record]) -> Iterator[tuple[str, str, Any]]:
    for name, field in model.model_fields.items():
        yield model.__name__, name, field
        yield from inner(field.annotation)


def inner(hint: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(hint, type) and issubclass(hint, Record):
        yield from fields(hint)
    for arg in get_args(hint):
        yield from inner(arg)


def test_the_committed_schema_is_what_the_command_writes(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["schema", "--output", str(tmp_path)])
    assert result.exit_code == 0, result.output
    written = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    committed = {path.name: path.read_text("utf-8") for path in (PROJECT / "schema").iterdir()}
    assert written == committed, "run `playbook schema` and commit what changes"
    assert set(written) == {f"{name}.json" for name in KINDS}


@pytest.mark.parametrize(("name", "path"), FILES, ids=lambda value: value if isinstance(value, str) else value.stem)
def test_every_real_file_is_valid(name: str, path: Path) -> None:
    source, problems = read_yaml(path.name, path.read_text("utf-8"))
    assert problems == []
    assert complaints(name, as_json(source.data)) == []


def test_every_kind_has_real_files() -> None:
    assert {name for name, _path in FILES} == set(KINDS)
    assert len(FILES) > 40


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("title",), "x" * 49, "$.title"),
        (("titel",), "x", "$"),
        (("id",), "empfang", "$"),
        (("avoid_when",), None, "$.avoid_when"),
        (("review_every",), 12, "$.review_every"),
        (("reviewed",), "16.11.2026", "$.reviewed"),
        (("reviewed",), "2026-02-30", "$.reviewed"),
        (("status",), "fertig", "$.status"),
        (("roles",), {"Gastgeber": "x"}, "$.roles"),
        (("duration", "prep"), "1:30", "$.duration.prep"),
        (("steps", 0, "at"), "1 Tag vorher", "$.steps[0].at"),
        (("steps", 0, "at"), "1d", "$.steps[0].at"),
        (("steps", 0, "visible_to"), "alle", "$.steps[0].visible_to"),
        (("materials", 0, "qty"), 0, "$.materials[0].qty"),
        (("parts",), [{"ritual": "wache", "at": "+1d", "clock": "9 Uhr"}], "$.parts[0].clock"),
    ],
)
def test_a_mistake_is_seen_in_the_editor(path: tuple[str | int, ...], value: object, where: str) -> None:
    text = (PROJECT / "tests/small/universes/hafen/rituals/gruss.yml").read_text("utf-8")
    data = as_json(read_yaml("gruss.yml", text)[0].data)
    place = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    assert {line.partition(": ")[0] for line in complaints("ritual", data)} == {where}


def test_every_field_is_described_in_german() -> None:
    for model, name, field in fields(Playbook):
        if model != "Playbook":
            text = field.description or ""
            assert text[:1].isupper() or text[:1] == "„", f"{model}.{name} has no description"
            assert text.endswith("."), f"{model}.{name}: a sentence ends with a full stop"
            assert len(text) <= 120, f"{model}.{name}: one short sentence"


@pytest.mark.parametrize("name", KINDS)
def test_examples_are_valid_and_there_for_whatever_is_typed(name: str) -> None:
    """A field made of others has its examples there."""
    whole = schema(name)
    models = [whole, *whole.get("$defs", {}).values()]
    for model in models:
        for field, node in model.get("properties", {}).items():
            nested = "$ref" in json.dumps(node)
            assert node.get("examples") or nested, f"{name}: {field} has no example"
            validator = Draft7Validator({"allOf": [node], "$defs": whole.get("$defs", {})})
            for example in node.get("examples", []):
                assert not list(validator.iter_errors(example)), f"{name}: {field}: {example}"


def test_editors_find_the_schemas() -> None:
    """The settings name each schema for the files it is about, and no other."""
    settings = json.loads((PROJECT / ".vscode/settings.json").read_text("utf-8"))
    assert settings == editor_settings()
    for path, place in settings["yaml.schemas"].items():
        assert (PROJECT / path).is_file()
        assert list(PROJECT.glob(place)), place


def commands(group: click.Group, path: str = "playbook") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def options(command: click.Command) -> Iterator[click.Option]:
    yield from (param for param in command.params if isinstance(param, click.Option))


def test_every_command_and_option_has_help() -> None:
    for name, command in commands(main):
        assert (command.help or "").endswith("."), name
        for option in options(command):
            assert option.help, f"{name}: {option.opts[-1]}"


@pytest.mark.parametrize("page", ["content/autoren.md", "content/autoren.en.md", "templates/init/content/autoren.md"])
def test_the_page_for_authors_has_every_command_of_theirs(page: str) -> None:
    text = (PROJECT / page).read_text("utf-8")
    for name, _command in commands(main):
        begun = name == "playbook init" and page.startswith("templates/init/")
        assert begun or name in text, name


def test_the_page_of_fields_has_every_field() -> None:
    page = html.unescape((PROJECT / "tests/golden/render/felder/index.md").read_text("utf-8"))
    for _model, name, field in fields(Playbook):
        if _model != "Playbook" and "folgt aus" not in field.description:
            assert f"<code>{name}</code>" in page
            assert field.description in page
