"""A catalogue brought in step with the German texts, its progress, and what is wrong with its translations."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import takewhile

from babel.messages.catalog import Catalog, Message

from generator.languages.catalogue import forms_of, ids_of, is_translated
from generator.languages.extract import Found
from generator.model.prose import links
from generator.problems import Problem, quote

WAS = "was: "  # begins the comment with the text that a fuzzy translation belongs to
SIMILAR = 0.6  # how much of a text must be the same for its translation to be worth keeping

# What a translation has to keep of the text, by what it is called.
MARKS: dict[str, Callable[[str], Iterable[str]]] = {
    "placeholders": lambda text: re.findall(r"\{\w+\}", text),
    "links to": links,
    "strong passages": lambda text: re.findall(r"\*\*(?=\S)", text)[::2],
}


def merge(catalogue: Catalog, texts: Found) -> Catalog:
    """Bring a catalogue in step with the German texts; it is changed, and returned.

    A text that is gone becomes obsolete until it comes back. A text that replaces another one takes over its
    translation as fuzzy, with a comment that says what the text was.
    """
    template = Catalog()
    for ids, places in texts.items():
        context, _, text = ids[0].rpartition("\x04")
        locations: list[tuple[str, int]] = [(place, None) for place in places]  # type: ignore[misc]  # no line: it moves
        template.add((text, *ids[1:]) if ids[1:] else text, locations=locations, context=context or None)
    for key, message in list(catalogue.obsolete.items()):
        if template.get(message.id, message.context):
            catalogue[message.id] = catalogue.obsolete.pop(key)
    before = {ids_of(message)[0]: message for message in catalogue if message.id}
    for message in before.values():
        if not message.fuzzy:  # a translator has dealt with what it was
            message.user_comments = list(takewhile(lambda line: not line.startswith(WAS), message.user_comments))
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)

    at_place: dict[str, list[Message]] = defaultdict(list)
    gone: dict[str, list[Message]] = defaultdict(list)
    for message in filter(is_translated, before.values()):
        for place, _line in message.locations:
            file, _, path = place.partition("#")
            if path:
                at_place[place].append(message)
            if not catalogue.get(message.id, message.context):
                gone[file].append(message)
    for message in catalogue:
        if message.id:
            old = before.get(ids_of(message)[0])
            if not is_translated(message):
                message.flags.discard("fuzzy")
                if replaced := _replaced(message, at_place, gone):
                    old = replaced
                    was = [] if old.fuzzy else [WAS + ids_of(old)[0].rpartition("\x04")[2].replace("\n", " ")]
                    message.string, message.user_comments = old.string, [*old.user_comments, *was]
                    message.flags.add("fuzzy")
            message.lineno = old.lineno if old else None
    # A fuzzy translation belongs to another text, which is obsolete itself.
    kept = {key: message for key, message in catalogue.obsolete.items() if is_translated(message) and not message.fuzzy}
    catalogue.obsolete = kept
    return catalogue


def _replaced(new: Message, at_place: Mapping[str, list[Message]], gone: Mapping[str, list[Message]]) -> Message | None:
    """The old message that a new one replaces: one that is gone from the same place, or else a similar one.

    `at_place` has the old messages by place (`path#steps.2.text`), `gone` by file those that are in no place now.
    """

    def likeness(old: Message) -> float:
        (one, *more), (other, *others) = ids_of(old), ids_of(new)
        return SequenceMatcher(None, one, other, autojunk=False).ratio() if len(more) == len(others) else 0

    places = [place for place, _line in new.locations]
    here = [old for place in places for old in at_place[place]]
    gone_from_file = [old for place in places for old in gone[place.partition("#")[0]]]
    gone_from_here = [old for old in here if old in gone_from_file]
    similar = (old for old in here + gone_from_file if likeness(old) >= SIMILAR)
    return max(gone_from_here or similar, key=likeness, default=None)


def progress(catalogue: Catalog) -> dict[str, Counter[str]]:
    """How many texts of a merged catalogue are `done`, `fuzzy` and `missing`, by file; at `""` of all files."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for message in catalogue:
        if message.id:
            status = "fuzzy" if message.fuzzy else "done" if is_translated(message) else "missing"
            for file in {"", *(place.partition("#")[0] for place, _line in message.locations)}:
                counts[file][status] += 1
    return counts


def judge(path: str, catalogue: Catalog, room: Mapping[str, int], *, strict: bool = False) -> Iterator[Problem]:
    """What is wrong with a merged catalogue's translations; `strict` also minds those that are missing or fuzzy."""
    for message in catalogue:
        if not message.id:
            continue
        texts, place = ids_of(message), message.locations[0][0]
        shown = quote(texts[0].rpartition("\x04")[2])
        line = message.lineno or 1
        if not is_translated(message) or message.fuzzy:
            if strict:
                what = "may no longer fit what is now" if message.fuzzy else "there is no translation of"
                yield Problem(path, line, 1, f"{what} {shown} ({place})")
            continue
        for i, own in enumerate(forms_of(message)):
            text = texts[min(i, len(texts) - 1)]
            optional = {"{n}"} if len(texts) > 1 and i == 0 else set()  # the form for one may do without its number
            for what, marks in MARKS.items():
                wanted, given = (sorted({*marks(words)} - optional) for words in (text, own))
                if wanted != given:
                    wanted_words, given_words = (", ".join(found) or "none" for found in (wanted, given))
                    yield Problem(path, line, 1, f"{what} {given_words} instead of {wanted_words} in {quote(own)}")
            if len(own) > room.get(texts[0], len(own)):
                yield Problem(path, line, 1, f"{len(own)} characters, there is room for {room[texts[0]]}: {quote(own)}")
            if "\n" in own and "\n" not in texts[0]:
                yield Problem(path, line, 1, f"a single line must stay one: {quote(own)}")
