"""What the interface says to guests in other words than to the team."""

from __future__ import annotations

from dataclasses import replace

from generator.languages.language import Language, _

# The team's words, and those for guests; in the theme as well as in its scripts.
INSTEAD = {
    "Handbuch": _("Seiten"),
    "Inhalt des Handbuchs": _("Inhalt"),
    "„{word}“ steht nirgends im Handbuch.": _("„{word}“ kommt hier nicht vor."),
    "„{word}“ steht nirgends im Handbuch. Gesucht wurde nach {words}.": _(
        "„{word}“ kommt hier nicht vor. Gesucht wurde nach {words}."
    ),
    "Zum Register von A bis Z": _("Zur Startseite"),
    "Vielleicht wurde sie umbenannt, oder im Link hat sich ein Buchstabe verirrt. So kommst du weiter:": _(
        "Vielleicht wurde sie umbenannt, oder im Link hat sich ein Buchstabe verirrt. So geht es weiter:"
    ),
}


def language_for_guests(language: Language) -> Language:
    """The language with the words for guests in place of the team's."""
    words = {text: (language.text(other),) for text, other in INSTEAD.items()}
    return replace(language, translations={**language.translations, **words})
