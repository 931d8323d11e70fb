"""A playbook as one audience reads it in one language: what is printed, rendered and indexed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.languages.language import GERMAN, Language
from generator.load.tree import Page
from generator.model.addresses import GUEST_START, page_uris
from generator.model.playbook import Playbook
from generator.model.text import Audience

# Below the root, where an audience's site is published, and the file in it by which it is recognised as that.
SITES = {Audience.TEAM: "site", Audience.GUEST: "site-guest"}
MARKERS = {Audience.TEAM: "api/playbook.json", Audience.GUEST: "api/guest.json"}


@dataclass(frozen=True)
class Edition:
    """A playbook for one audience in one language.

    `pages` holds the hand-written pages by `src_uri`; `uris` every page's `src_uri` by the keys that authors write as
    link targets; `names` what a universe or ritual is called in addresses, by its id, where that is not the id itself.
    """

    audience: Audience
    language: Language
    playbook: Playbook
    pages: Mapping[str, Page]
    uris: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)


def team_edition(playbook: Playbook, pages: Mapping[str, Page], language: Language = GERMAN) -> Edition:
    """Everything in a playbook without drafts, and all hand-written pages but the one where guests start."""
    pages = {uri: page for uri, page in pages.items() if uri != GUEST_START}
    return Edition(Audience.TEAM, language, playbook, pages, page_uris(playbook, pages))
