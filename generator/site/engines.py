"""A site engine turns the written Markdown into HTML.

Any of the three engines builds the same tree from the same configuration. Their warnings become problems at the source
of the page.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from generator.files import remove
from generator.problems import PlaybookError, Problem

Engine = Literal["mkdocs", "properdocs", "zensical"]

# What the engines write and no page loads: the files of their own search, and a sitemap whose bytes depend on the zlib
# of this machine.
UNUSED = ("search.json", "assets/javascripts/lunr", "assets/javascripts/workers", "sitemap.xml.gz")


def build(config: Path, theme: Path, engine: Engine, origins: Mapping[str, str]) -> Path:
    """Run the engine on the file `config`. Returns the folder with the HTML.

    `origins` maps the `src_uri` of a page to its source. Raises PlaybookError for whatever the engine warns about.
    """
    if importlib.util.find_spec(engine) is None:
        what = f"{engine} is not installed; run: {sys.executable} -m pip install -r requirements.txt"
        raise PlaybookError([Problem("mkdocs.yml", 1, 1, what)])
    if engine == "mkdocs":
        from generator.site import mkdocs_engine  # MkDocs takes a while to load

        if warnings := mkdocs_engine.build(config, theme):
            raise PlaybookError(problem(warning, engine, origins) for warning in warnings)
    else:
        run(config, engine, origins)
    site = config.parent / "site"
    for pattern in UNUSED:
        for path in site.glob(pattern):
            remove(path)
    return site


def run(config: Path, engine: Engine, origins: Mapping[str, str]) -> None:
    """Run an engine as a process of its own. Raises PlaybookError if it fails or warns."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", "NO_COLOR": "1"}
    unicode = {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}  # Zensical needs it for paths with an umlaut
    # -P: a module of this name in the current folder is not run instead.
    command = [sys.executable, "-P", "-m", engine, "build", "--strict", "--clean", "-f", str(config)]
    result = subprocess.run(
        command,
        env={**os.environ, **quiet, **unicode},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if result.returncode:
        raise PlaybookError(problems(result.stdout + result.stderr, engine, origins))


def problems(output: str, engine: str, origins: Mapping[str, str]) -> Iterable[Problem]:
    """The warnings and errors in an engine's output as problems; without any, the end of its output is one."""
    if messages := re.findall(r"^\s*(?:WARNING|ERROR)\s*-\s*(.*)", output, re.M):
        return [problem(message, engine, origins) for message in messages]
    without_stack = re.sub(r"^Traceback .*?^(?=\S)", "", output, flags=re.M | re.S)
    end = " ".join(without_stack.split())[-400:]
    return [Problem("mkdocs.yml", 1, 1, f"{engine} failed: {end or 'it printed nothing'}")]


def problem(message: str, engine: str, origins: Mapping[str, str]) -> Problem:
    """A problem at the source of the page that `message` names, else at `mkdocs.yml`."""
    page = re.search(r"'([^']+\.md)'", message)
    return Problem(origins.get(page[1], page[1]) if page else "mkdocs.yml", 1, 1, f"{engine}: {message}")
