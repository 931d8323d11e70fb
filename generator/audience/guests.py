"""Who reads what: a playbook as guests may see it, before anything is printed, rendered or indexed.

An allow list, declared on the model field by field (`guests=` in `generator/model`). Other fields are not hidden but
missing, so a template that asks for one fails, and a new field is internal until somebody declares it. Drafts are left
out. A step or an item is for guests if it says so (`visible_to`), and so is a hand-written page (`audience: guest` in
its front matter). Ids are internal too; in addresses, guests see names made from titles.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from generator.audience.edition import Edition
from generator.audience.words import language_for_guests
from generator.languages.language import GERMAN, Language
from generator.load.tree import Page
from generator.model.addresses import GUEST_START, RESERVED, START
from generator.model.playbook import Playbook
from generator.model.record import AnyRecord, Record
from generator.model.ritual import Ritual
from generator.model.text import GUEST, Audience, Translated
from generator.model.universe import Universe

SLUG_LENGTH = 60


def guest_edition(
    playbook: Playbook, pages: Mapping[str, Page], language: Language = GERMAN, reserved: Iterable[str] = ()
) -> Edition:
    """The part of a playbook and of its hand-written pages that guests may read; no page takes a `reserved` name.

    A universe belongs to it if it has a title for guests or a ritual for them.
    """
    shared = {START if uri == GUEST_START else uri: page for uri, page in pages.items() if is_for_guests(page)}
    taken = {*RESERVED, *reserved, *(uri.removesuffix(".md").partition("/")[0] for uri in shared)}
    visible = {
        ritual.id: guest_view(ritual)
        for ritual in playbook.rituals.values()
        if ritual.status == "published" and ritual.universe in playbook.universes
    }
    visible = {key: ritual for key, ritual in visible.items() if ritual.guest_text or ritual.steps or items(ritual)}
    names: dict[str, str] = {}
    universes: dict[str, Universe] = {}
    rituals: dict[str, Ritual] = {}
    for universe in playbook.universes.values():
        keys = [key for key in visible if playbook.rituals[key].universe == universe.id]
        if not keys and not universe.guest_title:
            continue
        home = names[universe.id] = _address_name(universe.guest_title, "reihe", taken)
        universes[home] = guest_view(universe).model_copy(update={"id": home})
        for key in keys:
            names[key] = _address_name(visible[key].guest_title, "programm", taken)
            rituals[names[key]] = visible[key].model_copy(update={"id": names[key], "universe": home})
    uris = {uri.removesuffix(".md").removesuffix("/index"): uri for uri in shared}
    for key, universe in playbook.universes.items():
        if universe.guest_title:
            uris |= {names[key]: f"{names[key]}/index.md", key: f"{names[key]}/index.md"}
    for key in visible:
        home = playbook.rituals[key].universe
        uri = f"{names[home]}/{names[key]}/index.md"
        uris |= {names[key]: uri, key: uri, f"{home}/{key}": uri}
    uris |= {"index": START, "print/aktuell": "print/aktuell/index.md"}
    guests = Playbook(
        roles={},
        occasions={},
        dimensions={},
        gates={},
        glossary=None,
        universes=universes,
        rituals=rituals,
        chooser=None,
        paths={},
    )
    return Edition(Audience.GUEST, language_for_guests(language), guests, shared, uris, names)


def guest_view(record: AnyRecord) -> AnyRecord:
    """The record with nothing but what its model declares to be for guests."""
    kept = {}
    for name, field in type(record).model_fields.items():
        extra = field.json_schema_extra
        mark = extra.get(GUEST) if isinstance(extra, dict) else None
        if mark is True or (isinstance(mark, str) and not getattr(record, mark)):
            kept[name] = _guest_value(getattr(record, name))
    return type(record).model_construct(**kept)


def _guest_value(value: Any) -> Any:
    if isinstance(value, Record):
        return guest_view(value)
    if isinstance(value, Mapping):
        return {key: _guest_value(item) for key, item in value.items() if is_for_guests(item)}
    if isinstance(value, tuple) and not hasattr(value, "_fields"):  # a list, not an offset
        return tuple(_guest_value(item) for item in value if is_for_guests(item))
    return value


def is_for_guests(value: Any) -> bool:
    """Whether guests may read a page, or a record that says who may read it."""
    audience = value.audience if isinstance(value, Page) else getattr(value, "visible_to", Audience.GUEST)
    return audience is Audience.GUEST


def items(ritual: Ritual) -> list[str]:
    """The items of all checklists."""
    return [item.text for checklist in ritual.checklists for item in checklist.items]


def _address_name(title: str | None, other: str, taken: set[str]) -> str:
    """A name for addresses, the same in all languages: of the German title, `other` where there is none."""
    german = title.source if isinstance(title, Translated) else title or ""
    words = german.casefold().translate({ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"})
    ascii_ = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    first = re.sub("[^a-z0-9]+", "-", ascii_)[:SLUG_LENGTH].strip("-") or other
    name, number = first, 2
    while name in taken:
        name, number = f"{first}-{number}", number + 1
    taken.add(name)
    return name
