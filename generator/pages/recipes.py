"""Every text file of the docs folder as a recipe, so that each can be made alone, and only when it is needed."""

from __future__ import annotations

from generator.audience.edition import Edition
from generator.model.text import Audience
from generator.pages.environment import Recipe, Templates, content_of
from generator.pages.guests import guest_recipes
from generator.pages.team import team_recipes
from generator.sheets.kinds import Offer


def recipes(edition: Edition, templates: Templates, offer: Offer | None = None) -> dict[str, Recipe]:
    """How to make each text file of the docs folder, by its `src_uri`; `offer` is what there is to be downloaded.

    A recipe raises PlaybookError for a missing template, a syntax error or an undefined variable.
    """
    of_audience = team_recipes if edition.audience is Audience.TEAM else guest_recipes
    return of_audience(edition, templates, offer or Offer())


def render(edition: Edition, templates: Templates, offer: Offer | None = None) -> dict[str, str]:
    """All text files of the docs folder: `src_uri` → text."""
    return {src_uri: content_of(recipe).decode() for src_uri, recipe in recipes(edition, templates, offer).items()}
