"""Jinja, as pages and sheets both use it, and where in the templates an error happened."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket

from generator.problems import PlaybookError, Problem


class _Compiled(BytecodeCache):
    """Compiled templates by file, for every language's environment; Jinja compares the source."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(folder: Path, finalize: Callable[[Any], Any]) -> Environment:
    """Templates below `folder`; `finalize` makes whatever one prints inert in the language it writes."""
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_COMPILED,
    )


def fill(env: Environment, folder: Path, template: str, context: Mapping[str, Any]) -> str:
    """A template with its values. Raises PlaybookError at the template's line, whatever goes wrong."""
    try:
        return env.get_template(template).render(context)
    except Exception as error:  # templates may call anything
        raise PlaybookError([template_problem(folder, template, error)]) from error


def template_problem(folder: Path, template: str, error: Exception) -> Problem:
    """The path is absolute, for templates may be outside the root."""
    place, line = str(folder / template), 1
    if isinstance(error, TemplateSyntaxError):
        place, line = error.filename or place, error.lineno
        message = f"template syntax: {error.message}"
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if Path(frame.filename).is_relative_to(folder):
                place, line = frame.filename, frame.lineno or 1
        if isinstance(error, TemplateNotFound):
            message = f"template '{error.name}' is missing"
        else:
            message = str(error) if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}"
    return Problem(str(Path(place).absolute()), line, 1, " ".join(message.split()))
