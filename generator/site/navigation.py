"""The site's navigation."""

from __future__ import annotations

from collections.abc import Mapping

from generator.audience.edition import Edition
from generator.languages.language import _
from generator.model.addresses import START
from generator.model.prose import html_line
from generator.model.text import Audience
from generator.pages.guests import universes_with_page

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


def navigation(edition: Edition) -> list[object]:
    """MkDocs' `nav`. Rituals are not in it: they are reached through their universe."""
    say = edition.language.text
    groups = _team_groups(edition) if edition.audience is Audience.TEAM else _guest_groups(edition)
    entries = {say(group): [{html_line(title): uri} for title, uri in pages] for group, pages in groups.items()}
    return [
        {html_line(say(_("Start"))): START},
        *({html_line(name): pages} for name, pages in entries.items() if pages),
    ]


Groups = dict[str, list[tuple[str, str]]]  # a group's name → (title, `src_uri`) of its pages


def _team_groups(edition: Edition) -> Groups:
    uris, say = edition.uris, edition.language.text

    def pages(titles: Mapping[str, str]) -> list[tuple[str, str]]:
        return [(say(title), uris[key]) for key, title in titles.items() if key in uris]

    guides = [(page.title, uri) for uri, page in edition.pages.items() if uri not in (START, "mentoring.md")]
    return {
        _("Universen"): [(universe.title, uris[universe.id]) for universe in edition.playbook.universes.values()],
        _("Werkzeuge"): pages(TOOLS),
        _("Nachschlagen"): pages(REFERENCE),
        _("Anleitung"): [*guides, (say(_("Felder")), uris["felder"])],
    }


def _guest_groups(edition: Edition) -> Groups:
    universes = universes_with_page(edition.playbook)
    return {
        _("Was Sie erwartet"): [(universe.guest_title or "", edition.uris[universe.id]) for universe in universes],
        _("Gut zu wissen"): [(page.title, uri) for uri, page in edition.pages.items() if uri != START],
    }
