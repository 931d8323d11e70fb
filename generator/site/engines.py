"""A site engine turns the written tree into HTML.

Any of the three engines builds the same tree from the same configuration, which
inherits from the hand-edited `mkdocs.yml`. What an engine complains about becomes
a problem at the page's source.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from generator.files import files_below
from generator.model.addresses import site_path
from generator.problems import PlaybookError, Problem

Engine = Literal["mkdocs", "properdocs", "zensical"]

# What the engines bring and no page loads: for a search of their own; and a sitemap as this machine's zlib compresses
# it, which another (zlib-ng) does to other bytes.
UNUSED = ("search.json", "assets/javascripts/lunr", "assets/javascripts/workers", "sitemap.xml.gz")


def build(config: Path, theme: Path, engine: Engine, origins: Mapping[str, str]) -> Path:
    """Run the engine on `config`, strictly. Returns the folder with the HTML.

    `origins` maps a page's `src_uri` to the source it comes from, for problems.
    Raises PlaybookError with all that the engine had to say if it fails.
    """
    if importlib.util.find_spec(engine) is None:
        what = f"{engine} is not installed; run: {sys.executable} -m pip install -r requirements.txt"
        raise PlaybookError([Problem("mkdocs.yml", 1, 1, what)])
    if engine == "mkdocs":
        from generator.site.mkdocs_engine import build as make  # MkDocs takes a while to load

        if said := make(config, theme):
            raise PlaybookError(complaint(text, engine, origins) for text in said)
    else:
        run(config, engine, origins)
    docs, site = config.parent / "docs", config.parent / "site"
    for path in files_below(docs):  # engines leave out a folder that cannot be read
        uri = path.relative_to(docs).as_posix()
        (site / (f"{site_path(uri)}index.html" if uri.endswith(".md") else uri)).stat()
    for pattern in UNUSED:
        for path in site.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return site


def run(config: Path, engine: Engine, origins: Mapping[str, str]) -> None:
    """An engine as its makers mean it to be run, as a process of its own."""
    quiet = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", "NO_COLOR": "1"}
    unicode = {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"}  # else Zensical knows no path with an umlaut in a plain locale
    command = [sys.executable, "-m", engine, "build", "--strict", "--clean", "-f", str(config)]
    result = subprocess.run(
        command,
        env={**os.environ, **quiet, **unicode},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if result.returncode < 0:
        what = f"{engine} was ended by signal {-result.returncode}, maybe as memory ran out; build again"
        raise PlaybookError([Problem("mkdocs.yml", 1, 1, what)])
    if result.returncode:
        error = r"^[\w.]*(?:Error|Exception): .*?(?:\[Errno |os error |Os { code: )(\d+).*?(?:'([^']*)')?$"
        if faults := re.findall(error, result.stderr, re.M):  # a full disk, as Python or Rust says it: no one's fault
            number, path = faults[-1]
            raise OSError(int(number), os.strerror(int(number)), path or str(config.parent))
        raise PlaybookError(complaints(result.stdout + result.stderr, engine, origins))


def complaints(output: str, engine: str, origins: Mapping[str, str]) -> Iterable[Problem]:
    """An engine's warnings and errors as problems; at `mkdocs.yml` where no page is named."""
    lines = (re.match(r"\s*(?:WARNING|ERROR)\s*-\s*(.*)", line) for line in output.splitlines())
    found = [complaint(match[1], engine, origins) for match in lines if match]
    short = re.sub(r"^Traceback .*?^(?=\S)", "", output, flags=re.M | re.S)  # but for the error at its end
    tail = " ".join(short.split())[-400:]
    return found or [Problem("mkdocs.yml", 1, 1, f"{engine} failed: {tail or 'it said nothing'}")]


def complaint(message: str, engine: str, origins: Mapping[str, str]) -> Problem:
    page = re.search(r"'([^']+\.md)'", message)
    return Problem(origins.get(page[1], page[1]) if page else "mkdocs.yml", 1, 1, f"{engine}: {message}")
