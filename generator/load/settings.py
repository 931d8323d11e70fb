"""The hand-edited `mkdocs.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal, get_args

import yaml
from mkdocs.utils.yaml import yaml_load
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from generator.load.files import read_text
from generator.load.source import MAX_DEPTH, MAX_VALUES, read_yaml
from generator.load.validate import shown
from generator.model.text import SOURCE, Audience
from generator.problems import PlaybookError, Problem, did_you_mean, quote

GenderStyle = Literal["colon", "asterisk", "neutral"]  # how German names people
LONGEST = 1_000  # characters of a value in `mkdocs.yml` without quotes


def settings(config: Path) -> dict[str, Any]:
    """The hand-edited `mkdocs.yml`. Raises PlaybookError where it is not valid YAML, or unlike ours."""
    name = str(config.absolute())
    text, unreadable = read_text(config.parent, PurePath(config.name))
    if unreadable:
        raise PlaybookError(replace(problem, path=name) for problem in unreadable)
    try:
        _bounded(config, text)
        with config.open("rb") as file:
            found = yaml_load(file)
    except PlaybookError:
        raise
    except Exception as error:  # tags and what is inherited may raise anything
        told = read_yaml(name, text)[1]  # the last is what stopped it
        what = " ".join(str(error).split())
        raise PlaybookError(told[-1:] or [Problem(name, 1, 1, f"cannot be read: {what}; mend it")]) from None
    try:
        _Settings.model_validate(found)
        return dict(found)
    except ValidationError as error:
        root: Any = yaml.compose(config.read_text("utf-8"), yaml.SafeLoader)
        raise PlaybookError(
            Problem(str(config.absolute()), *_place(root, detail["loc"]), _in_words(detail))
            for detail in error.errors(include_url=False)
        ) from None


def _bounded(config: Path, text: str) -> None:
    """Raise PlaybookError for what takes MkDocs' reader for ever, or what it would run."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, yaml.CSafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        message = ""
        if "python/object" in (getattr(event, "tag", None) or ""):  # in `check` too
            message = "calls Python while it is read; remove it"
        elif isinstance(event, yaml.AliasEvent):
            message = f"'*{event.anchor}' is an alias; write the value out"
        elif isinstance(event, yaml.ScalarEvent) and event.implicit[0] and len(event.value) > LONGEST:
            message = f"more than {LONGEST:,} characters without quotes; put them in quotes"  # else it may be a number
        elif depth > MAX_DEPTH or count > MAX_VALUES:
            message = f"nested deeper than {MAX_DEPTH} levels, or more than {MAX_VALUES:,} values; shorten the file"
        if message:
            raise PlaybookError([_at(config, event.start_mark, message)])


def _at(config: Path, mark: Any, message: str) -> Problem:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(str(config.absolute()), line, column, message)


def _place(node: Any, loc: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column of the value at `loc`, or of what is around it."""
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
    return node.start_mark.line + 1, node.start_mark.column + 1


def _in_words(error: ErrorDetails) -> str:
    """A pydantic error for somebody who has never heard of pydantic."""
    name, value = quote(".".join(map(str, error["loc"]))) if error["loc"] else "the file", error["input"]
    given = shown(tuple(value) if isinstance(value, list) else value)
    if error["type"] == "missing":
        return f"{name} is missing; add it"
    if error["type"] == "literal_error":
        known = get_args(GenderStyle)
        return f"{name} must be one of {', '.join(known)}, not {given}{did_you_mean(str(value), known)}"
    wanted = {
        "string_pattern_mismatch": "must be an address that begins with https:// or http://, as browsers copy it"
        " (at most 200 characters, no accents, blanks, quotes, '?' or '#')",
        "string_type": "must be text; put it in quotes",
        "list_type": "must be a list (lines that start with '- ')",
    }.get(error["type"], "must be `key: value` lines")
    return f"{name} {wanted}, not {given}"


# It is linked to, and printed on sheets with a code, which holds little, and for which scanners guess the encoding.
Address = Annotated[str, Field(pattern=r"^(https?://[!$-&(-;=@-\[\]-~]{1,200})?$")]


def _with_options(extension: Any) -> Any:
    return {extension: None} if isinstance(extension, str) else extension


class _Settings(BaseModel, extra="allow"):
    """What we read of `mkdocs.yml`; the rest is between its author and the engine."""

    class Theme(BaseModel, extra="allow"):
        class Scheme(BaseModel, extra="allow"):
            class Toggle(BaseModel, extra="allow"):
                name: str

            toggle: Toggle | None = None

        palette: list[Scheme] = []

    class Options(BaseModel, extra="allow"):
        permalink_title: str | None = None

    class Extra(BaseModel, extra="allow"):
        gender: GenderStyle = "colon"
        guest_url: Address | None = None

    site_name: str = ""
    site_description: str | None = None
    site_url: Address = ""
    theme: Theme = Theme()
    markdown_extensions: list[Annotated[dict[str, Options | None], BeforeValidator(_with_options)]] = []
    extra: Extra | None = None


def site_url(mine: Mapping[str, Any], code: str = SOURCE, audience: Audience = Audience.TEAM) -> str:
    """The address of a language's site as it is printed on paper; the language of the sources is at the root.

    Guests' sites are at `extra: guest_url:`, or where the team's is if that is not given.
    """
    address = str(mine.get("site_url") or "")
    if audience is Audience.GUEST:
        address = (mine.get("extra") or {}).get("guest_url") or address
    return address if code == SOURCE else f"{address.rstrip('/')}/{code}/"
