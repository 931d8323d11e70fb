"""Step 5, build: a site engine turns the written tree into HTML.

Any of the three engines builds the same tree from the same configuration, which
inherits from the hand-edited `mkdocs.yml`. What an engine complains about becomes
a problem at the page's source.
"""

from __future__ import annotations

import importlib.resources
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Annotated, Any, Literal, get_args

import yaml
from babel import Locale
from mkdocs.utils.yaml import yaml_load
from pydantic import BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from generator.explain import shown
from generator.faults import end_with_parent, files_below
from generator.language import GERMAN, SOURCE, Language, _
from generator.load import read_text
from generator.models import Playbook
from generator.problems import PlaybookError, Problem, did_you_mean, quote
from generator.prose import html_line
from generator.source import MAX_DEPTH, MAX_VALUES, read_yaml
from generator.uris import page_uris, site_path
from generator.write import put

GenderStyle = Literal["colon", "asterisk", "neutral"]  # how German names people
Engine = Literal["mkdocs", "properdocs", "zensical"]

# In the side navigation; whatever else a page shows of where it stands is in its front matter.
TOOLS = {
    "finden": _("Ritual finden"),
    "plan": _("Anlass planen"),
    "kompass": _("Wo sind wir?"),
    "mentoring": _("Mentoring"),
}
REFERENCE = {
    "anlaesse": _("Anlässe"),
    "vergleich": _("Vergleich"),
    "rollen": _("Rollen"),
    "prueffragen": _("Prüffragen"),
    "glossar": _("Glossar"),
    "register": _("Register A–Z"),
    "print": _("Zum Ausdrucken"),
}

TITLE = "permalink_title"
# Zensical adds to a list that it inherits, where the others replace it; but not to nothing. So what we write inherits
# from a file without any, and that from the hand-edited one.
EMPTIED = "inherited.yml"
LISTS = {"nav": None, "theme": {"palette": None}, "markdown_extensions": None, "extra": {"languages": None}}
LONGEST = 1_000  # characters of a value in `mkdocs.yml` without quotes
OURS = ("generator.blocks", "generator.tables")  # extensions of Markdown

# What the engines bring and no page loads: for a search of their own; and a sitemap as this machine's zlib compresses
# it, which another (zlib-ng) does to other bytes.
UNUSED = ("search.json", "assets/javascripts/lunr", "assets/javascripts/workers", "sitemap.xml.gz")


def navigation(playbook: Playbook, content: Mapping[str, str], language: Language = GERMAN) -> list[object]:
    """MkDocs' `nav`: start, universes, reference pages, hand-written pages (`src_uri` → title); no rituals."""
    uris = page_uris(playbook, content)
    guides = [{html_line(title): uri} for uri, title in content.items() if uri not in ("index.md", "mentoring.md")]
    guides.append({html_line(language.text(_("Felder"))): uris["felder"]})

    def pages(titles: Mapping[str, str]) -> list[object]:
        return [{html_line(language.text(title)): uris[key]} for key, title in titles.items() if key in uris]

    return [
        {html_line(language.text(_("Start"))): uris["index"]},
        {
            html_line(language.text(_("Universen"))): [
                {html_line(universe.title): uris[universe.id]} for universe in playbook.universes.values()
            ]
        },
        {html_line(language.text(_("Werkzeuge"))): pages(TOOLS)},
        {html_line(language.text(_("Nachschlagen"))): pages(REFERENCE)},
        {html_line(language.text(_("Anleitung"))): guides},
    ]


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


def site_url(mine: Mapping[str, Any], language: Language = GERMAN) -> str:
    """The address of a language's site, as it is printed on paper; the first language is at the root."""
    address = str(mine.get("site_url") or "")
    return address if language.code == SOURCE else f"{address.rstrip('/')}/{language.code}/"


def own_words(mine: Mapping[str, Any], theme: Path) -> dict[str, list[str]]:
    """What the hand-edited `mkdocs.yml` and the theme say to readers, each with the files that say it."""
    found: dict[str, list[str]] = {}
    toggles = [entry["toggle"]["name"] for entry in mine.get("theme", {}).get("palette", []) if "toggle" in entry]
    for text in (mine.get("site_name"), mine.get("site_description"), *toggles, _permalink(mine).get(TITLE)):
        if text:
            found.setdefault(text, []).append("mkdocs.yml")
    for path in (path for path in files_below(theme) if path.suffix == ".html"):
        for text in re.findall(r'words\["([^"]+)"\]', path.read_text("utf-8")):
            found.setdefault(text, []).append(f"templates/theme/{path.relative_to(theme).as_posix()}")
    return found


def configure(
    folder: Path, base: Path, theme: Path, nav: list[object], language: Language = GERMAN, others: Iterable[str] = ()
) -> Path:
    """Write `mkdocs.yml` for one language tree into `folder`; `base` is the hand-edited one. Returns its path.

    `others` are the codes of the handbook's other languages. JSON is YAML, and leaves nothing in a title to be
    interpreted; what themes print as it is, is HTML already.
    """
    mine, code = settings(base), language.code
    words = {text: language.text(text) for text in own_words(mine, theme)}
    palette = mine.get("theme", {}).get("palette", [])
    for entry in palette:
        if "toggle" in entry:
            entry["toggle"]["name"] = html_line(language.text(entry["toggle"]["name"]), quote=True)
    extensions = mine.get("markdown_extensions", [])
    if title := _permalink(mine).get(TITLE):
        _permalink(mine)[TITLE] = language.text(title)
    config = {
        "INHERIT": EMPTIED,
        "site_name": html_line(language.text(mine.get("site_name", "")), quote=True),
        "site_description": html_line(language.text(mine.get("site_description") or ""), quote=True),
        "site_url": site_url(mine, language),
        "docs_dir": "docs",
        "site_dir": "site",
        "exclude_docs": "!/templates/",  # which MkDocs leaves out unless it is told
        "theme": {
            "custom_dir": os.path.relpath(theme, folder),
            "language": code if _material_knows(code) else "en",
            "palette": palette,
        },
        "markdown_extensions": [*extensions, *OURS],
        "nav": nav,
        "extra": {
            "lang": code.replace("_", "-"),
            "source": SOURCE,
            "address": site_url(mine),
            "words": words,
            "languages": [_switch(other) for other in sorted({code, *others})],
        },
    }
    path = folder / "mkdocs.yml"
    for where, data in ((path, config), (path.with_name(EMPTIED), {"INHERIT": os.path.relpath(base, folder), **LISTS})):
        put(where, json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n")
    return path


def _permalink(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the links beside headings."""
    extensions = settings.get("markdown_extensions", [])
    return next((entry["toc"] for entry in extensions if isinstance(entry, dict) and entry.get("toc")), {})


def _switch(code: str) -> dict[str, str]:
    """What the theme needs for leading to a language's site."""
    name = Locale.parse(code).get_display_name() or code
    return {"code": code.replace("_", "-"), "name": name, "path": "" if code == SOURCE else f"{code}/"}


def _material_knows(code: str) -> bool:
    languages = importlib.resources.files("material") / "templates/partials/languages"
    return (languages / f"{code.replace('_', '-')}.html").is_file()


def build(config: Path, theme: Path, engine: Engine, origins: Mapping[str, str]) -> Path:
    """Run the engine on `config`, strictly. Returns the folder with the HTML.

    `origins` maps a page's `src_uri` to the source it comes from, for problems.
    Raises PlaybookError with all that the engine had to say if it fails.
    """
    if importlib.util.find_spec(engine) is None:
        what = f"{engine} is not installed; run: {sys.executable} -m pip install -r requirements.txt"
        raise PlaybookError([Problem("mkdocs.yml", 1, 1, what)])
    if engine == "mkdocs":
        from generator.engine import build as make  # MkDocs takes a while to load

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
        preexec_fn=end_with_parent,
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
