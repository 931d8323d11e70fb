"""What must hold where guests read."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import unquote

from generator.audience.guests import _open, guest_edition
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
        audience = page.source.data.get("audience") if isinstance(page.source.data, dict) else None
        if audience and page.src_uri in tree.pages and audience != tree.pages[page.src_uri].audience:
            original = tree.pages[page.src_uri]
            message = f"{original.source.path} says 'audience: {original.audience}', which is so for all languages"
            yield page.source.problem(("audience",), f"{message}; remove this, or change it there", key=True)
    for universe in tree.playbook.universes.values():
        if universe.guest_text and not universe.guest_title:
            message = "words for guests, but no title for them; add 'guest_title' or remove this"
            yield tree.sources[f"universe/{universe.id}"].problem(("guest_text",), message, key=True)
    originals = [page for page in tree.pages.values() if _open(page) and page.src_uri != START]
    twins = [pages[page.src_uri] for pages in tree.translations.values() for page in originals if page.src_uri in pages]
    places = [(page, *place) for page in (*originals, *twins) for place in link_places(page)]
    uris = guest_edition(tree.playbook, tree.pages).uris if places else {}  # takes a while where rituals are many
    unread = {key.rpartition("/")[2] for key in tree.sources} - {*tree.playbook.rituals, *tree.playbook.universes}
    unread.add(link_key(GUEST_START, ""))  # `check.targets` knows no such page either
    for page, href, line, column in places:
        key = link_key(unquote(href), posixpath.dirname(page.src_uri))
        if key not in uris and key.rpartition("/")[2] not in unread:
            message = f"guests do not get {quote(href)}; lead them to a page of theirs or remove the link"
            yield Problem(page.source.path, line, column, message)
