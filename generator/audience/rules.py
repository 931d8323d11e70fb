"""Rules about what guests read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from generator.audience.guests import guest_edition
from generator.check.pages import link_places
from generator.load.tree import Tree
from generator.model.addresses import GUEST_START, START, link_key
from generator.model.text import Audience
from generator.problems import Problem, quote


def rules(tree: Tree) -> Iterator[Problem]:
    """Guests start at a page of their own, and nothing that is for them leads to what is not."""
    for uri, wanted in ((START, Audience.TEAM), (GUEST_START, Audience.GUEST)):
        page = tree.pages.get(uri)
        if page and page.title and page.audience is not wanted:
            message = f"the team starts at {START}, guests at {GUEST_START}; write 'audience: {wanted}' here"
            yield page.source.problem(("audience",), message, key=True)
    for page in (page for pages in tree.translations.values() for page in pages.values()):
        written = page.source.data.get("audience") if isinstance(page.source.data, dict) else None
        original = tree.pages.get(page.src_uri)
        if written and original and written != original.audience:
            message = f"{original.source.path} says 'audience: {original.audience}' for all languages"
            yield page.source.problem(("audience",), f"{message}; remove this, or change it there", key=True)
    for universe in tree.playbook.universes.values():
        if universe.guest_text and not universe.guest_title:
            message = "a text for guests, but no title for them; add 'guest_title' or remove this"
            yield tree.sources[f"universe/{universe.id}"].problem(("guest_text",), message, key=True)
    yield from _links(tree)


def _links(tree: Tree) -> Iterator[Problem]:
    """Guests' hand-written pages link to pages that guests get."""
    pages = [page for page in tree.all_pages() if page.audience is Audience.GUEST and page.src_uri != START]
    links = [
        (page, href, line, column, link_key(unquote(href), posixpath.dirname(page.src_uri)))
        for page in pages
        for href, line, column in link_places(page)
    ]
    names = {key.rpartition("/")[2] for *_, key in links}
    linked = {name: ritual for name, ritual in tree.playbook.rituals.items() if name in names}
    uris = guest_edition(tree.playbook.model_copy(update={"rituals": linked}), tree.pages).uris
    invalid = {key.rpartition("/")[2] for key in tree.sources} - {*tree.playbook.rituals, *tree.playbook.universes}
    invalid.add(link_key(GUEST_START, ""))  # reported by `check` already
    for page, href, line, column, key in links:
        if key not in uris and key.rpartition("/")[2] not in invalid:
            message = f"guests cannot read {quote(href)}; link to a page for guests or remove the link"
            yield Problem(page.source.path, line, column, message)
