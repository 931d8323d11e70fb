"""Step 5, build: a site engine turns the written tree into HTML.

Any of the three engines builds the same tree from the same configuration, which
inherits from the hand-edited `mkdocs.yml`. What an engine complains about becomes
a problem at the page's source.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import yaml
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils.yaml import yaml_load

from generator.models import Playbook
from generator.problems import PlaybookError, Problem
from generator.prose import html_line
from generator.uris import page_uris

Engine = Literal["mkdocs", "properdocs", "zensical"]

# In the side navigation; whatever else a page shows of where it stands is in its front matter.
TOOLS = {
    "finden": "Ritual finden",
    "plan": "Anlass planen",
    "kompass": "Wo sind wir?",
    "mentoring": "Mentoring",
}
REFERENCE = {
    "anlaesse": "Anlässe",
    "vergleich": "Vergleich",
    "rollen": "Rollen",
    "prueffragen": "Prüffragen",
    "glossar": "Glossar",
    "register": "Register A–Z",
    "print": "Zum Ausdrucken",
}

# What the engines bring for a search of their own, which no page loads.
ENGINE_SEARCH = ("search.json", "assets/javascripts/lunr", "assets/javascripts/workers")


def navigation(playbook: Playbook, content: Mapping[str, str]) -> list[object]:
    """MkDocs' `nav`: start, universes, reference pages, hand-written pages (`src_uri` → title); no rituals."""
    uris = page_uris(playbook, content)
    guides = [{html_line(title): uri} for uri, title in content.items() if uri not in ("index.md", "mentoring.md")]
    return [
        {"Start": uris["index"]},
        {"Universen": [{html_line(universe.title): uris[universe.id]} for universe in playbook.universes.values()]},
        {"Werkzeuge": [{title: uris[key]} for key, title in TOOLS.items() if key in uris]},
        {"Nachschlagen": [{title: uris[key]} for key, title in REFERENCE.items() if key in uris]},
        *([{"Anleitung": guides}] if guides else []),
    ]


def site_url(config: Path) -> str:
    """The site's address from the hand-edited `mkdocs.yml`, as it is printed on paper."""
    try:
        with config.open("rb") as file:
            settings = yaml_load(file)
    except (yaml.MarkedYAMLError, ConfigurationError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error.__cause__, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PlaybookError([Problem(str(config.absolute()), line, column, "not valid YAML; mend it")]) from None
    return str(settings.get("site_url") or "")


def configure(folder: Path, base: Path, theme: Path, nav: list[object]) -> Path:
    """Write `mkdocs.yml` for one language tree into `folder`; `base` is the hand-edited one. Returns its path.

    JSON is YAML, and leaves nothing in a title to be interpreted.
    """
    config = {
        "INHERIT": os.path.relpath(base, folder),
        "docs_dir": "docs",
        "site_dir": "site",
        "theme": {"custom_dir": os.path.relpath(theme, folder)},
        "nav": nav,
    }
    path = folder / "mkdocs.yml"
    text = json.dumps(config, ensure_ascii=False, indent=1) + "\n"
    if not path.is_file() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    return path


def build(config: Path, engine: Engine, origins: Mapping[str, str]) -> Path:
    """Run the engine on `config`, strictly. Returns the folder with the HTML.

    `origins` maps a page's `src_uri` to the source it comes from, for problems.
    Raises PlaybookError with all that the engine had to say if it fails.
    """
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true", "NO_COLOR": "1"}
    command = [sys.executable, "-m", engine, "build", "--strict", "--clean", "-f", str(config)]
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace"
    )
    if result.returncode:
        raise PlaybookError(complaints(result.stdout + result.stderr, engine, origins))
    site = config.parent / "site"
    for pattern in ENGINE_SEARCH:
        for path in site.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return site


def complaints(output: str, engine: str, origins: Mapping[str, str]) -> Iterable[Problem]:
    """An engine's warnings and errors as problems; at `mkdocs.yml` where no page is named."""
    found = []
    for line in output.splitlines():
        match = re.match(r"\s*(?:WARNING|ERROR)\s*-\s*(.*)", line)
        if match:
            page = re.search(r"'([^']+\.md)'", match[1])
            path = origins.get(page[1], page[1]) if page else "mkdocs.yml"
            found.append(Problem(path, 1, 1, f"{engine}: {match[1]}"))
    tail = " ".join(output.split())[-400:]
    return found or [Problem("mkdocs.yml", 1, 1, f"{engine} failed: {tail or 'it said nothing'}")]
