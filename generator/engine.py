"""Pages one by one, for `playbook serve`: the inside of MkDocs 1.6, and nothing else knows it.

MkDocs builds a whole site or nothing. Its configuration, its navigation and the theme's Jinja environment are kept
here, so that a page costs only itself. What `mkdocs build` does to a page, in `mkdocs/commands/build.py`, is done in
the same order; plugins are not run, for the handbook has none. `tests/test_engine.py` names the version this was
written for and compares every byte.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from mkdocs.commands.build import _build_template, get_context
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files, set_exclusions
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page

from generator.problems import PlaybookError
from generator.templating import template_problem

Read = Callable[[str], str]  # `src_uri` → Markdown

_STATES = count(1)  # of all engines, so that no two of them are taken for the same


class Engine:
    """MkDocs for one language. `state` changes when pages may look different although their Markdown is the same."""

    def __init__(self, config: Path, theme: Path) -> None:
        """`config` is what `build.configure` wrote. Raises PlaybookError if MkDocs does not take it."""
        with _heard() as said:
            try:
                self.config = load_config(str(config))
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
            context = get_context(self.nav, self.files, self.config, page)
            return self.env.get_template(name).render(context), said
        except Exception as error:  # templates may call anything
            raise PlaybookError([template_problem(self.theme, name, error)]) from error
        finally:
            page.active = False
            page.content = page.markdown = None

    def _read(self, page: Page, markdown: str) -> None:
        page.file.content_string = markdown
        page.read_source(self.config)

    def template(self, name: str) -> str:
        """A file that is a template of the theme: `404.html`, `sitemap.xml`."""
        try:
            return _build_template(name, self.env.get_template(name), self.files, self.config, self.nav)
        except Exception as error:
            raise PlaybookError([template_problem(self.theme, name, error)]) from error

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
