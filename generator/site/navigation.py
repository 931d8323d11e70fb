"""The site's navigation."""

from __future__ import annotations

from collections.abc import Mapping

from generator.languages.language import GERMAN, Language, _
from generator.model.addresses import page_uris
from generator.model.playbook import Playbook
from generator.model.prose import html_line

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
