"""The hand-edited `mkdocs.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal

import yaml
from mkdocs.utils.yaml import get_yaml_loader, yaml_load
from pydantic import AfterValidator, BaseModel, BeforeValidator
from pydantic_core import PydanticCustomError

from generator.load.files import read_text
from generator.load.source import read_yaml
from generator.load.validate import validate
from generator.model.text import SOURCE, Audience
from generator.problems import PlaybookError, Problem

# Addresses are printed on sheets with a QR code, which holds little, and whose encoding scanners guess.
_ADDRESS = re.compile(r"(https?://[!$-&(-;=@-\[\]-~]{1,200})?")


def settings(config: Path) -> dict[str, Any]:
    """What MkDocs reads from the hand-edited `mkdocs.yml`, or from files that it inherits from.

    Raises PlaybookError where it cannot be read, or where what we use of it has another type than expected.
    """
    path = config.absolute()
    text, problems = read_text(path.parent, PurePath(path.name))
    if problems:
        raise PlaybookError(replace(problem, path=str(path)) for problem in problems)
    source, problems = read_yaml(str(path), text)  # stricter than MkDocs, so only asked for places
    try:
        with path.open("rb") as file:
            source.data = yaml_load(file, _loader())
    except Exception as error:  # what is inherited, imported or in the environment may raise anything
        cause = error.__context__
        mark = getattr(cause, "problem_mark", None)
        if problems and mark and mark.name == str(path) and not isinstance(cause, yaml.constructor.ConstructorError):
            raise PlaybookError(problems[-1:]) from None  # the syntax error that stopped our reader, too
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"cannot be read: {' '.join(str(getattr(cause, 'problem', error)).split())}; correct it"
        raise PlaybookError([Problem(mark.name if mark else str(path), line, column, message)]) from None
    _, problems = validate(_Settings, source)
    if problems:
        raise PlaybookError(problems)
    return dict(source.data)


def _loader() -> Any:
    """MkDocs' loader, except that it builds no objects: `check` may read a stranger's `mkdocs.yml`."""
    loader = get_yaml_loader(yaml.FullLoader)
    loader.add_multi_constructor(
        "tag:yaml.org,2002:python/name:",
        lambda loader, name, node: loader.find_python_name(name, node.start_mark, unsafe=True),
    )
    return loader


def site_url(settings: Mapping[str, Any], code: str = SOURCE, audience: Audience = Audience.TEAM) -> str:
    """The address of a language's site as it is printed on paper; the language of the sources is at the root.

    Guests' sites are at `extra: guest_url:`, or where the team's is if that is not given.
    """
    address = str(settings.get("site_url") or "")
    if audience is Audience.GUEST:
        address = (settings.get("extra") or {}).get("guest_url") or address
    return address if code == SOURCE else f"{address.rstrip('/')}/{code}/"


def _address(text: str) -> str:
    if _ADDRESS.fullmatch(text):
        return text
    raise PydanticCustomError(
        "address",
        "must be an address that begins with https:// or http://, as browsers copy it"
        " (at most 200 characters, no accents, spaces, quotes, '?' or '#')",
    )


def _with_options(extension: Any) -> Any:
    return {extension: None} if isinstance(extension, str) else extension


Address = Annotated[str, AfterValidator(_address)]


class _Settings(BaseModel):
    """What we read of `mkdocs.yml`; the rest is between its author and the engine."""

    class Theme(BaseModel):
        class Scheme(BaseModel):
            class Toggle(BaseModel):
                name: str

            toggle: Toggle | None = None

        palette: list[Scheme] = []

    class Options(BaseModel):
        permalink_title: str | None = None

    class Extra(BaseModel):
        gender: Literal["colon", "asterisk", "neutral"] = "colon"  # how German names people
        guest_url: Address | None = None

    site_name: str = ""
    site_description: str | None = None
    site_url: Address = ""
    theme: Theme = Theme()
    markdown_extensions: list[Annotated[dict[str, Options | None], BeforeValidator(_with_options)]] = []
    extra: Extra | None = None
