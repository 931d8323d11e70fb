"""A whole playbook."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.record import Record
from generator.model.ritual import Ritual
from generator.model.text import Slug
from generator.model.universe import Universe
from generator.model.vocabulary import Dimension, Gate, Glossary, Occasion, Role


class Playbook(Record):
    """A whole handbook, checked, drafts left out. Mappings keep the order of their files."""

    roles: Mapping[Slug, Role]
    occasions: Mapping[Slug, Occasion]
    dimensions: Mapping[Slug, Dimension]
    gates: Mapping[Slug, Gate]
    glossary: Glossary | None
    universes: Mapping[Slug, Universe]
    rituals: Mapping[Slug, Ritual]
    chooser: Chooser | None
    paths: Mapping[Slug, MentorPath]


def published(playbook: Playbook) -> Playbook:
    """The playbook without its drafts."""
    rituals = {key: ritual for key, ritual in playbook.rituals.items() if ritual.status == "published"}
    return playbook.model_copy(update={"rituals": rituals})
