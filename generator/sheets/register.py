"""The register from A to Z, for the page and for booklets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from generator.languages.labels import collation
from generator.languages.language import Language, _
from generator.model.ritual import Ritual
from generator.model.vocabulary import Term


class Entry(NamedTuple):
    """A line of the register: the `id` is that of the ritual, or of the glossary's term, which a synonym is for."""

    title: str
    kind: Literal["ritual", "term", "place", "synonym"]
    id: str
    term: str = ""  # of a synonym: the term's own title


def register(rituals: Iterable[Ritual], terms: Mapping[str, Term], language: Language) -> list[tuple[str, list[Entry]]]:
    """(letter, entries) in alphabetical order; what begins with no letter is in front.

    Entries with the same title are in the order of what they are called in the language: `Begriff`, `Ort`, `Ritual`.
    """
    called = {"term": _("Begriff"), "place": _("Ort"), "ritual": _("Ritual"), "synonym": _("siehe")}
    rank = {kind: language.text(word) for kind, word in called.items()}
    entries = [Entry(ritual.title, "ritual", ritual.id) for ritual in rituals]
    for key, term in terms.items():
        entries.append(Entry(term.term, term.kind, key))
        entries += [Entry(synonym, "synonym", key, term.term) for synonym in term.synonyms]
    letters: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: (collation(entry.title), entry.title, rank[entry.kind], entry.id)):
        first = collation(entry.title)[:1].upper()
        letters.setdefault(first if first.isalpha() else "0–9", []).append(entry)
    return list(letters.items())
