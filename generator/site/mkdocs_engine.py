"""MkDocs 1.6 page by page, on its private functions; no other module knows them.

`mkdocs build` makes a whole site on one core or nothing. Here its configuration, navigation and Jinja environment are
kept, so that a page costs only itself: `playbook serve` makes the pages that changed, `playbook build` uses all cores
and skips the pages that are already there. What that pays, at 300 rituals: HTML in which nothing changed takes 1.3 s of
processor time instead of 6.1 s; all pages take as much as `mkdocs build` in this process, 6.6 s, but on all cores.

Pages go through the steps of `mkdocs/commands/build.py` in the same order; a handbook with plugins, which may do
anything, is left to MkDocs. `tests/site/test_mkdocs_engine.py` names the version and compares every byte.
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

ReadMarkdown = Callable[[str], str]  # `src_uri` → Markdown
_STATES = count(1)  # no two engines of a process share a state


class Engine:
    """MkDocs for one language. `state` changes when pages may look different although their Markdown is the same."""

    def __init__(self, config: Path, theme: Path) -> None:
        """`config` is a file that `config.configure` wrote. Raises PlaybookError if MkDocs refuses it."""
        with _warnings() as warnings:
            try:
                # The path twice: without a standard input MkDocs ignores the first.
                self.config = load_config(str(config), config_file_path=str(config))
            except Abort:
                raise PlaybookError(
                    Problem("mkdocs.yml", 1, 1, f"mkdocs: {' '.join(warning.split())}") for warning in warnings
                ) from None
            except Exception as error:  # plugins and themes may raise anything
                raise PlaybookError([template_problem(config.parent, config.name, error)]) from error
        self.complaints = warnings
        self.theme, self.state = theme, 0
        self.env = self.config.theme.get_env()
        self.assets = Files([])
        self.assets.add_files_from_theme(self.env, self.config)

    def open(self, uris: Iterable[str], nav: list[object], read: ReadMarkdown) -> list[str]:
        """Set the pages of the site and its navigation. Returns the warnings of MkDocs."""
        config = self.config
        files = [File(uri, "", config.site_dir, config.use_directory_urls) for uri in uris]
        everything = Files([*files, *self.assets])
        set_exclusions(everything, config)
        config.nav = nav
        with _warnings() as warnings:
            navigation = get_navigation(everything, config)
        pages = {file.src_uri: file.page or Page(None, file, config) for file in files}
        for page in navigation.pages:  # every page shows some of their front matter in its side navigation
            self._read(page, read(page.file.src_uri))
        self.files, self.nav, self.pages = everything, navigation, pages
        self.documents = everything.documentation_pages()  # slow, and every page needs it
        self.in_nav = {page.file.src_uri for page in navigation.pages}
        self.state = next(_STATES)
        return warnings

    def page(self, uri: str, markdown: str) -> tuple[str, list[str]]:
        """Returns the HTML of a page, and the warnings. Raises PlaybookError if a template of the theme fails."""
        page = self.pages[uri]
        before = page.meta
        self._read(page, markdown)
        if uri in self.in_nav and page.meta != before:
            self.state = next(_STATES)
        with _warnings() as warnings:
            page.render(self.config, self.files)
        page.active = True
        template = page.meta.get("template", "main.html")
        try:
            context = get_context(self.nav, self.documents, self.config, page)
            return self.env.get_template(template).render(context), warnings
        except Exception as error:  # templates may call anything
            raise PlaybookError([_theme_problem(self.theme, template, error)]) from error
        finally:
            page.active = False
            page.content = page.markdown = None
            page.file.content_string, page.toc = "", TableOfContents([])
            if uri not in self.in_nav:
                page.meta = {}  # with thousands of pages, this is most of the memory

    def _read(self, page: Page, markdown: str) -> None:
        page.file.content_string = markdown
        page.read_source(self.config)

    def template(self, name: str) -> str:
        """A file that is a template of the theme, such as `404.html` or `sitemap.xml`."""
        try:
            return _build_template(name, self.env.get_template(name), self.files, self.config, self.nav)
        except Exception as error:
            raise PlaybookError([_theme_problem(self.theme, name, error)]) from error

    def asset(self, path: str) -> Path | None:
        """The file of the theme that is published at `path`."""
        file = self.assets.get_file_from_path(path)
        return Path(file.abs_src_path) if file and file.abs_src_path else None

    def anchors(self) -> dict[str, list[str]]:
        """Warnings about links to missing anchors, by page. All pages must have been built before."""
        found = {}
        for uri, page in self.pages.items():
            with _warnings() as warnings:
                page.validate_anchor_links(files=self.files, log_level=self.config.validation.links.anchors)
            if warnings:
                found[uri] = warnings
        return found


PACKAGES = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2", "pygments")  # that make the HTML


def build(path: Path, theme: Path) -> list[str]:
    """Build the site of the configuration at `path`, as `mkdocs build` does. Returns the warnings of MkDocs.

    A page whose Markdown, HTML and surroundings are as `pages.json` says is not made again. Raises PlaybookError if a
    template of the theme fails.
    """
    engine = Engine(path, theme)
    config, site = engine.config, Path(engine.config.site_dir)
    if config.plugins or config.hooks or config.extra_templates:
        with _warnings() as warnings:
            mkdocs_build.build(config)
        return warnings
    files = get_files(config)
    sources = {file.src_uri: file for file in files if file.is_documentation_page()}
    warnings = [*engine.complaints, *engine.open(sources, config.nav or [], lambda uri: sources[uri].content_string)]
    static = {file.dest_uri: file for file in (*engine.assets, *files) if not file.is_documentation_page()}
    templates = sorted(config.theme.static_templates)
    remove_others(site, {*static, *templates, *(page.file.dest_uri for page in engine.pages.values())})
    for file in static.values():
        file.copy_file()
    for name in templates:
        try:
            _build_theme_template(name, engine.env, engine.files, engine.config, engine.nav)
        except TemplateError as error:
            raise PlaybookError([_theme_problem(theme, name, error)]) from error
    cache, surroundings = path.with_name("pages.json"), _surroundings(engine, path)
    before = _read_cache(cache, surroundings)

    def build_pages(uris: Sequence[str]) -> list[dict[str, Any]]:
        return [_build_page(engine, site, uri, sources[uri].content_string, before.get(uri)) for uri in uris]

    pages = dict(zip(sources, spread(build_pages, list(sources)), strict=True))
    for uri, page in pages.items():
        engine.pages[uri].present_anchor_ids = set(page["ids"])
        links = {engine.files.get_file_from_path(target): anchors for target, anchors in page["links"].items()}
        engine.pages[uri].links_to_anchors = {file: anchors for file, anchors in links.items() if file}
        warnings += page.pop("warnings")
    for anchors in engine.anchors().values():
        warnings += anchors
    if not warnings:
        write_file(cache, json.dumps({"surroundings": surroundings, "pages": pages}).encode())
    return warnings


def _build_page(engine: Engine, site: Path, uri: str, markdown: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """Bring the HTML of a page up to date; returns what the cache keeps of it, and the warnings."""
    page = engine.pages[uri]
    path, digest = site / page.file.dest_uri, _digest(markdown.encode())
    if before and before["markdown"] == digest and path.is_file() and before["html"] == _digest(path.read_bytes()):
        return {**before, "warnings": []}  # the HTML may be of a build that failed later, so its digest counts too
    html, warnings = engine.page(uri, markdown)
    data = html.encode(errors="xmlcharrefreplace")
    write_file(path, data)
    links = {file.src_uri: anchors for file, anchors in (page.links_to_anchors or {}).items()}
    ids = sorted(page.present_anchor_ids or ())
    return {"markdown": digest, "html": _digest(data), "ids": ids, "links": links, "warnings": warnings}


def _read_cache(cache: Path, surroundings: str) -> dict[str, dict[str, Any]]:
    """The pages of the last build by their `src_uri`, if their surroundings are still the same."""
    try:
        data = json.loads(cache.read_bytes())
    except (OSError, ValueError):
        return {}
    return dict(data["pages"]) if data.get("surroundings") == surroundings else {}


def _surroundings(engine: Engine, path: Path) -> str:
    """A digest of all that the HTML of a page depends on besides its own Markdown."""
    with path.open("rb") as config:
        settings = yaml_load(config)  # with all that it inherits, or takes from the environment
    navigation = {uri: [str(engine.pages[uri].title), engine.pages[uri].meta] for uri in sorted(engine.in_nav)}
    packages = [f"{name} {version(name)}" for name in PACKAGES]
    digest = hashlib.sha256(repr([packages, settings, sorted(engine.pages), navigation]).encode())
    theme = sorted(file for file in engine.theme.rglob("*") if file.is_file())
    for file in (*sorted(Path(__file__).parent.glob("*.py")), *theme):
        digest.update(b"\0" + os.fsencode(file) + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _theme_problem(theme: Path, template: str, error: Exception) -> Problem:
    """What failed in a template of the theme, which also looks for the icons that `mkdocs.yml` names."""
    if isinstance(error, TemplateNotFound) and error.name and error.name.startswith(".icons/"):
        icon = error.name.removeprefix(".icons/").removesuffix(".svg")
        return Problem("mkdocs.yml", 1, 1, f"there is no icon {quote(icon)}; take another, or leave it out")
    return template_problem(theme, template, error)


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect the warnings of MkDocs, for each of which `--strict` would fail a build."""
    collector, logger = _Collector(), logging.getLogger("mkdocs")
    logger.addHandler(collector)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)
