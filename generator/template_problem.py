"""Where in the templates an error happened, for pages and for sheets."""

from __future__ import annotations

import traceback
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from generator.problems import Problem


def template_problem(folder: Path, template: str, error: Exception) -> Problem:
    """The error of a template below `folder`; the path is absolute, for templates may be outside the root."""
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
