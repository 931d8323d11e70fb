"""Addresses, titles and links."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from generator.check.common import draft, known_ids, mentor_paths, rituals, universes
from generator.load.links import page_links
from generator.load.source import line_column
from generator.load.tree import Page, Tree
from generator.model.addresses import GUEST_START, PATHS, RESERVED, START, link_key, page_uris, site_path
from generator.model.prose import is_page_target
from generator.model.ritual import Ritual
from generator.problems import Problem, did_you_mean, quote
from generator.project import catalogues


def addresses(tree: Tree) -> Iterator[Problem]:
    """No two pages at one address, and none at an address the site needs itself."""
    playbook, languages = tree.playbook, catalogues(tree.root)  # each language has a folder
    for universe, source in universes(tree):
        if universe.id in (*RESERVED, PATHS, *languages):
            yield source.problem((), f"the name '{universe.id}' is reserved for the site; rename the universe's folder")
    for ritual, source in rituals(tree):
        if ritual.id in RESERVED or ritual.id in playbook.universes:
            yield source.problem((), f"the id '{ritual.id}' is taken by a page or universe; rename the file")
    for path, source in mentor_paths(tree):
        if path.id in playbook.rituals or path.id in playbook.universes:
            yield source.problem((), f"the id '{path.id}' is taken by a ritual or universe; rename the file")
    taken = {site_path(uri): "the handbook" for uri in page_uris(playbook).values() if uri != START}
    for kind in ("universe", "ritual"):  # a ritual's id is no address, but what links call it
        taken |= {f"{key}/": tree.sources[f"{kind}/{key}"].path for key in tree.ids(kind)}
    for src_uri, page in tree.pages.items():
        address = site_path(src_uri)
        if address in taken or address.split("/")[0] in (*RESERVED, *languages):
            message = f"the address {address} is taken by {taken.get(address, 'the handbook')}; rename this page"
            yield Problem(page.source.path, 1, 1, message)
        taken[address] = page.source.path


def titles(tree: Tree) -> Iterator[Problem]:
    """No two rituals, universes or mentors' paths have the same title."""
    for kind in (rituals, universes, mentor_paths):
        paths: dict[str, str] = {}  # by title
        for record, source in kind(tree):
            folded = record.title.casefold()
            if folded in paths:
                taken = f"the title {quote(record.title)} is taken by {paths[folded]}"
                yield source.problem(("title",), f"{taken}; choose another, so that readers can tell them apart")
            paths[folded] = source.path


def translations(tree: Tree) -> Iterator[Problem]:
    """A translated page has an original, and says which state of it was translated."""
    for pages in tree.translations.values():
        for src_uri, page in pages.items():
            original = tree.pages.get(src_uri)
            if original is None:
                hint = did_you_mean(src_uri, tree.pages) or "; write that page first"
                yield Problem(page.source.path, 1, 1, f"there is no page {quote(src_uri)} to translate{hint}")
            elif page.of != original.digest:
                advice = f"compare both, update this page, then write 'of: {original.digest}' here"
                message = f"{src_uri} has changed since it was translated; {advice}"
                yield page.source.problem(("of",), message, key=True, warning=True)


def links(tree: Tree) -> Iterator[Problem]:
    """Links lead to pages that exist, in prose and in hand-written pages."""
    keys = _page_keys(tree)
    glossary = tree.sources["glossary"].data if "glossary" in tree.sources else None
    terms = glossary.get("terms") if isinstance(glossary, dict) else None
    folders = {"occasions": "anlaesse/", "roles": "rollen/"}
    unread = tuple(folder for kind, folder in folders.items() if known_ids(tree, kind) is None)

    def wrong(target: str, key: str, *, from_draft: bool = False) -> str | None:
        """What is wrong with a link to the page `key`, typed as `target`."""
        anchor = target.partition("#")[2]
        if key == "glossar" and anchor and isinstance(terms, dict) and anchor not in terms:
            return f"no term '{anchor}' in the glossary{did_you_mean(anchor, terms)}"
        if key in keys or key.startswith(unread):
            return draft(tree, key, from_draft=from_draft)
        hint = did_you_mean(key, keys) or "; write an id such as 'empfang', or a page's path"
        return f"no page {quote(target)}{hint}"

    for target in tree.playbook.glossary.found_by if tree.playbook.glossary else ():
        if message := wrong(target, target.partition("#")[0].strip("/")):
            yield tree.sources["glossary"].problem(("found_by", target), message, key=True)
    for record, source, prefix in tree.records():
        from_draft = isinstance(record, Ritual) and record.status == "draft"
        for loc, text, targets in source.links(record, prefix):
            for i, target in enumerate(targets):
                is_page = is_page_target(target)
                message = wrong(target, target.partition("#")[0].strip("/"), from_draft=from_draft)
                if not is_page:
                    message = f"{quote(target)} is not a page of the handbook; the link is shown as typed"
                if message:
                    needle = f"]({target})" if f"]({target})" in text else f"]({target}"
                    line, column = source.place_of(loc, needle, nth=targets[:i].count(target), into=2)
                    yield Problem(source.path, line, column, message, "error" if is_page else "warning")
    for page in tree.all_pages():
        for href, line, column in link_places(page):
            if message := wrong(unquote(href), link_key(href, posixpath.dirname(page.src_uri))):
                yield Problem(page.source.path, line, column, message)


def _page_keys(tree: Tree) -> set[str]:
    """What links may call pages, also those of records with mistakes, which will have a page as well."""
    keys = {*page_uris(tree.playbook), *page_uris(tree.playbook, set(tree.pages) - {GUEST_START})}
    folders = {"path": f"{PATHS}/", "page": "", "universe": "", "ritual": ""}
    for name, source in tree.sources.items():
        kind, _, key = name.partition("/")
        if kind in folders:
            keys.add(folders[kind] + link_key(key, ""))
        if kind == "ritual":
            keys.add(f"{source.path.split('/')[1]}/{key}")
    keys |= {name for name, source in (("glossar", "glossary"), ("kompass", "chooser")) if source in tree.sources}
    return keys | {f"anlaesse/{key}" for key in tree.ids("occasions")} | {f"rollen/{key}" for key in tree.ids("roles")}


def link_places(page: Page) -> Iterator[tuple[str, int, int]]:
    """(target, line, column) of every link to a page in a hand-written page."""
    for place, href in page_links(page.body):
        line, column = line_column(page.body, place.start)
        yield href, page.body_line + line, column
