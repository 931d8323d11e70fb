"""Addresses and links."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from generator.check.common import draft, known, mentor_paths, rituals, universes
from generator.load.links import page_links
from generator.load.source import line_column
from generator.load.tree import Page, Tree
from generator.model.addresses import GUEST_START, PATHS, RESERVED, START, link_key, page_uris, site_path
from generator.model.prose import is_page_target, links
from generator.model.record import prose_fields
from generator.model.ritual import Ritual
from generator.problems import Problem, did_you_mean, quote
from generator.project import catalogues


def pages(tree: Tree) -> Iterator[Problem]:
    """No two pages at one address, and none at an address the site needs itself."""
    others = catalogues(tree.root)  # languages, each with a folder of its own
    for universe, source in universes(tree):
        if universe.id in (*RESERVED, PATHS, *others):
            yield source.problem((), f"the site needs the name '{universe.id}' itself; rename the universe's folder")
    for ritual, source in rituals(tree):
        if ritual.id in RESERVED or ritual.id in tree.playbook.universes:
            yield source.problem((), f"the id '{ritual.id}' is taken by a page or universe; rename the file")
    taken = {site_path(uri): "the handbook" for uri in page_uris(tree.playbook).values() if uri != START}
    for kind in ("universe", "ritual"):  # a ritual's id is no address, but what links call it
        taken |= {f"{key}/": tree.sources[f"{kind}/{key}"].path for key in tree.ids(kind)}
    for mentor_path, source in mentor_paths(tree):
        if mentor_path.id in tree.playbook.rituals or mentor_path.id in tree.playbook.universes:
            yield source.problem((), f"the id '{mentor_path.id}' is taken by a ritual or universe; rename the file")
    for src_uri, page in tree.pages.items():
        path = site_path(src_uri)
        if path in taken or path.split("/")[0] in (*RESERVED, *others):
            message = f"the address {path} is taken by {taken.get(path, 'the handbook')}; rename this page"
            yield Problem(page.source.path, 1, 1, message)
        taken[path] = page.source.path
    for found in tree.translations.values():
        for src_uri, page in found.items():
            if src_uri not in tree.pages:
                hint = did_you_mean(src_uri, tree.pages) or "; write that page first"
                yield Problem(page.source.path, 1, 1, f"there is no page {quote(src_uri)} to translate{hint}")
            elif page.of != (digest := tree.pages[src_uri].digest):
                message = f"not of {src_uri} as it is now; read both, mend this page, then write 'of: {digest}' here"
                yield page.source.problem(("of",), message, key=True, warning=True)


def targets(tree: Tree) -> Iterator[Problem]:
    """Links lead to pages that exist, in prose and in hand-written pages."""
    handbook = [uri for uri in tree.pages if uri != GUEST_START]
    keys = {*page_uris(tree.playbook), *page_uris(tree.playbook, handbook)}
    for name, source in tree.sources.items():  # records with mistakes have a page as well
        kind, _, key = name.partition("/")
        if kind in ("universe", "ritual"):
            keys |= {key, f"{source.path.split('/')[1]}/{key}" if kind == "ritual" else key}
        elif kind == "path":
            keys.add(f"{PATHS}/{key}")
        elif kind in ("page", "glossary", "chooser"):
            keys.add(link_key(key, "") or {"glossary": "glossar", "chooser": "kompass"}[kind])
    unread: tuple[str, ...] = ()
    for kind, folder in (("occasions", "anlaesse/"), ("roles", "rollen/")):
        ids = known(tree, kind)
        keys |= {folder + key for key in ids or ()}
        unread += (folder,) if ids is None else ()
    glossary = tree.sources["glossary"].data if "glossary" in tree.sources else None
    terms = glossary.get("terms") if isinstance(glossary, dict) else None

    def wrong(typed: str, key: str, user: Ritual | None) -> str | None:
        """What is wrong with a link to the page `key`, or None."""
        anchor = typed.partition("#")[2]
        if key == "glossar" and anchor and isinstance(terms, dict) and anchor not in terms:
            return f"no term '{anchor}' in the glossary{did_you_mean(anchor, terms)}"
        if key in keys or key.startswith(unread):
            return draft(tree, key, user)
        return f"no page {quote(typed)}" + (
            did_you_mean(key, keys) or "; write an id such as 'empfang', or a page's path"
        )

    for target in tree.playbook.glossary.found_by if tree.playbook.glossary else ():
        if found := wrong(target, target.partition("#")[0].strip("/"), None):
            yield tree.sources["glossary"].problem(("found_by", target), found, key=True)

    for record, source, prefix in tree.records():
        user = record if isinstance(record, Ritual) else None
        if prefix not in source.linking:
            texts = prose_fields(record, prefix)
            source.linking[prefix] = [(loc, text, list(links(text))) for loc, text in texts if "](" in text]
        for loc, text, typed in source.linking[prefix]:
            seen = Counter[str]()
            for target in typed:
                nth, seen[target] = seen[target], seen[target] + 1
                known_page = is_page_target(target)
                if not known_page:
                    message = f"{quote(target)} is not a page of the handbook; the link is shown as typed"
                elif found := wrong(target, target.partition("#")[0].strip("/"), user):
                    message = found
                else:
                    continue
                needle = f"]({target})" if f"]({target})" in text else f"]({target}"
                place = source.place_of(loc, needle, nth=nth, into=2)
                yield Problem(source.path, *place, message, "error" if known_page else "warning")
    for page in (*tree.pages.values(), *(page for found in tree.translations.values() for page in found.values())):
        for href, line, column in link_places(page):
            if found := wrong(unquote(href), link_key(href, posixpath.dirname(page.src_uri)), None):
                yield Problem(page.source.path, line, column, found)


def link_places(page: Page) -> Iterator[tuple[str, int, int]]:
    """(target, line, column) of every link to a page in a hand-written page."""
    for place, href in page_links(page.body):
        line, column = line_column(page.body, place.start)
        yield href, page.body_line + line, column
