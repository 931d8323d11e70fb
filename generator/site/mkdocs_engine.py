"""Single pages by MkDocs 1.6; the only module that knows its inside.

MkDocs builds a whole site or nothing. Here its configuration, navigation and Jinja environment are kept, so that a page
can be made alone: `playbook serve` makes the one that somebody looks at, `playbook build` those that changed, on all
cores. With nothing changed, 300 rituals take 1.2 s of processor time instead of 6.1 s. A page goes through the same
calls in the same order as in `mkdocs/commands/build.py`, without plugins, for the handbook has none.
`tests/site/test_mkdocs_engine.py` names the version this was written for and compares every byte.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

import mkdocs.commands.build as mkdocs_build
from jinja2 import TemplateError, TemplateNotFound
from mkdocs.commands.build import _build_template, _build_theme_template, get_context
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File, Files, get_files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils.yaml import yaml_load

from generator.files import remove_others, write_file
from generator.parallel import spread
from generator.problems import PlaybookError, Problem, quote
from generator.templating import template_problem

Read = Callable[[str], str]  # `src_uri` → Markdown
_STATES = count(1)  # of all engines, so that no two of them are taken for the same


class Engine:
    """MkDocs for one language. `state` changes when pages may look different although their Markdown is the same."""

    def __init__(self, config: Path, theme: Path) -> None:
        """`config` is what `build.configure` wrote. Raises PlaybookError if MkDocs does not take it."""
        with _heard() as said:
            try:
                # The path twice, for without a standard input MkDocs does not look at the first.
                self.config = load_config(str(config), config_file_path=str(config))
            except Abort:
                raise PlaybookError(
                    Problem("mkdocs.yml", 1, 1, f"mkdocs: {' '.join(each.split())}") for each in said
                ) from None
            except Exception as error:  # plugins and themes may raise anything
                raise PlaybookError([template_problem(config.parent, config.name, error)]) from error
        self.complaints = said
        self.theme, self.state = theme, 0
        self.env = self.config.theme.get_env()
        self.assets = Files([])
        self.assets.add_files_from_theme(self.env, self.config)

    def open(self, uris: Iterable[str], nav: list[object], read: Read) -> list[str]:
        """Take on another set of pages or another navigation; returns what MkDocs complains about."""
        config = self.config
        files = [File(uri, "", config.site_dir, config.use_directory_urls) for uri in uris]
        everything = Files([*files, *self.assets])
        set_exclusions(everything, config)
        config.nav = nav
        with _heard() as said:
            navigation = get_navigation(everything, config)
        pages = {file.src_uri: file.page or Page(None, file, config) for file in files}
        for page in navigation.pages:  # every page's side navigation shows something of their front matter
            self._read(page, read(page.file.src_uri))
        self.files, self.nav, self.pages = everything, navigation, pages
        self.documents = everything.documentation_pages()  # once: each page is told of all
        self.in_nav = {page.file.src_uri for page in navigation.pages}
        self.state = next(_STATES)
        return said

    def page(self, uri: str, markdown: str) -> tuple[str, list[str]]:
        """A page's HTML, and what MkDocs complains about. Raises PlaybookError where a template of the theme fails."""
        page = self.pages[uri]
        before = page.meta
        self._read(page, markdown)
        if uri in self.in_nav and page.meta != before:
            self.state = next(_STATES)
        with _heard() as said:
            page.render(self.config, self.files)
        page.active = True
        name = page.meta.get("template", "main.html")
        try:
            context = get_context(self.nav, self.documents, self.config, page)
            return self.env.get_template(name).render(context), said
        except Exception as error:  # templates may call anything
            raise PlaybookError([_problem(self.theme, name, error)]) from error
        finally:
            page.active = False
            page.content = page.markdown = None
            page.file.content_string, page.toc = "", TableOfContents([])
            if uri not in self.in_nav:
                page.meta = {}  # nobody asks for it, and of thousands of pages it is most of what would be kept

    def _read(self, page: Page, markdown: str) -> None:
        page.file.content_string = markdown
        page.read_source(self.config)

    def template(self, name: str) -> str:
        """A file that is a template of the theme: `404.html`, `sitemap.xml`."""
        try:
            return _build_template(name, self.env.get_template(name), self.files, self.config, self.nav)
        except Exception as error:
            raise PlaybookError([_problem(self.theme, name, error)]) from error

    def asset(self, path: str) -> Path | None:
        """The theme's file at a path of the site."""
        file = self.assets.get_file_from_path(path)
        return Path(file.abs_src_path) if file and file.abs_src_path else None

    def anchors(self) -> dict[str, list[str]]:
        """What MkDocs complains about in links to places within pages, by page; all pages must have been built."""
        found = {}
        for uri, page in self.pages.items():
            with _heard() as said:
                page.validate_anchor_links(files=self.files, log_level=self.config.validation.links.anchors)
            if said:
                found[uri] = said
        return found


PARTS = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2", "pygments")  # make a page's HTML


def build(path: Path, theme: Path) -> list[str]:
    """Build the site of the configuration at `path` as `mkdocs build` does; returns what MkDocs complains about.

    A page is not made again if it would be the same, as far as `pages.json` beside the configuration tells, and its
    file is as it was left. Raises PlaybookError where a template of the theme fails.
    """
    engine = Engine(path, theme)
    config, site = engine.config, Path(engine.config.site_dir)
    if config.plugins or config.hooks or config.extra_templates:  # they may do anything to a page
        with _heard() as said:
            mkdocs_build.build(config)
        return said
    files = get_files(config)
    sources = {file.src_uri: file for file in files if file.is_documentation_page()}
    said = [*engine.complaints, *engine.open(sources, config.nav or [], lambda uri: sources[uri].content_string)]
    static = {file.dest_uri: file for file in (*engine.assets, *files) if not file.is_documentation_page()}
    templates = sorted(config.theme.static_templates)
    whole = {*static, *templates, "sitemap.xml.gz", *(page.file.dest_uri for page in engine.pages.values())}
    remove_others(site, whole)
    for file in static.values():
        file.copy_file()
    for name in templates:
        try:
            _build_theme_template(name, engine.env, engine.files, engine.config, engine.nav)
        except TemplateError as error:
            raise PlaybookError([_problem(theme, name, error)]) from error
    state, notes = _state(engine, path), path.with_name("pages.json")
    known = _known(notes, state)

    def some(uris: Sequence[str]) -> list[dict[str, Any]]:
        return [_made(engine, site, uri, sources[uri].content_string, known.get(uri)) for uri in uris]

    made = dict(zip(sources, spread(some, list(sources)), strict=True))
    for uri, page in made.items():
        engine.pages[uri].present_anchor_ids = set(page["ids"])
        links = {engine.files.get_file_from_path(target): found for target, found in page["links"].items()}
        engine.pages[uri].links_to_anchors = {file: found for file, found in links.items() if file}
        said += page.pop("said")
    for complaints in engine.anchors().values():
        said += complaints
    for name in whole:
        (site / name).stat()  # not there, if somebody has removed what was made before
    if not said:
        data = json.dumps({"state": state, "pages": made}, separators=(",", ":")).encode()
        write_file(notes, _digest(data).encode() + b"\n" + data)
    return said


def _made(engine: Engine, site: Path, uri: str, markdown: str, known: dict[str, Any] | None) -> dict[str, Any]:
    """Bring a page's file up to date; what there is to know of it."""
    page = engine.pages[uri]
    path, digest = site / page.file.dest_uri, _digest(markdown.encode())
    if known and known["markdown"] == digest and path.is_file() and _digest(path.read_bytes()) == known["html"]:
        return {**known, "said": []}
    html, said = engine.page(uri, markdown)
    data = html.encode(errors="xmlcharrefreplace")
    write_file(path, data)
    links = {file.src_uri: found for file, found in (page.links_to_anchors or {}).items()}
    ids = sorted(page.present_anchor_ids or ())
    return {"markdown": digest, "html": _digest(data), "ids": ids, "links": links, "said": said}


def _state(engine: Engine, path: Path) -> str:
    """Stands for all that a page's HTML depends on besides its own Markdown."""
    theme = sorted(file for file in engine.theme.rglob("*") if file.is_file())
    with path.open("rb") as config:
        settings = yaml_load(config)  # with all that it inherits, or takes from the environment
    code = [Path(__file__), *(Path(__file__).with_name(name) for name in ("blocks.py", "tables.py"))]
    navigation = {uri: [str(engine.pages[uri].title), engine.pages[uri].meta] for uri in sorted(engine.in_nav)}
    parts = [f"{name} {version(name)}" for name in PARTS]
    whole = hashlib.sha256(repr([parts, settings, sorted(engine.pages), navigation]).encode())
    for file in (*code, *theme):
        whole.update(b"\0" + os.fsencode(file) + b"\0" + file.read_bytes())
    return whole.hexdigest()


def _known(notes: Path, state: str) -> dict[str, dict[str, Any]]:
    """What the last build noted of its pages, if all they have in common is as it was then."""
    try:
        digest, _, data = notes.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if digest != _digest(data).encode():  # one letter of an anchor, and the build would fail for it for ever
        return {}
    found = json.loads(data)
    return dict(found["pages"]) if found["state"] == state else {}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _problem(theme: Path, template: str, error: Exception) -> Problem:
    """What failed in a template of the theme, which also looks for what `mkdocs.yml` names."""
    if isinstance(error, TemplateNotFound) and error.name and error.name.startswith(".icons/"):
        icon = error.name.removeprefix(".icons/").removesuffix(".svg")
        return Problem("mkdocs.yml", 1, 1, f"there is no icon {quote(icon)}; take another, or leave it out")
    return template_problem(theme, template, error)


@contextmanager
def _heard() -> Iterator[list[str]]:
    """What MkDocs warns of while it works; `--strict` would fail a build for it."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    ear, logger = Ear(logging.WARNING), logging.getLogger("mkdocs")
    logger.addHandler(ear)
    try:
        yield said
    finally:
        logger.removeHandler(ear)
