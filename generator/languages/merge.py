"""A catalogue brought in step with the German texts, its progress, and what is wrong with its translations."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import takewhile

from babel.messages.catalog import Catalog, Message

from generator.languages.catalogue import forms_of, is_translated, msgids, text_of
from generator.languages.extract import Texts
from generator.load.source import odd_characters
from generator.model.prose import links
from generator.model.text import VISIBLE
from generator.problems import Problem, quote

WAS = "was: "  # begins the comment with the text that a fuzzy translation belongs to
SIMILAR = 0.6  # how much of a text must be the same for its translation to be worth keeping

# What a translation has to keep of the text, by what it is called.
MARKS: dict[str, Callable[[str], Iterable[str]]] = {
    "placeholders": lambda text: re.findall(r"\{\w+\}", text),
    "links to": links,
    "strong passages": lambda text: re.findall(r"\*\*(?=\S)", text)[::2],
}


def merge(catalogue: Catalog, texts: Texts) -> Catalog:
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
    before = {msgids(message)[0]: message for message in catalogue if message.id}
    for message in before.values():
        if not message.fuzzy:  # no longer: a translator has seen what the text was
            message.user_comments = list(takewhile(lambda line: not line.startswith(WAS), message.user_comments))
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    _take_over(catalogue, before)
    # The text that a fuzzy translation belongs to is obsolete itself.
    obsolete = {key: old for key, old in catalogue.obsolete.items() if is_translated(old) and not old.fuzzy}
    catalogue.obsolete = obsolete
    return catalogue


def _take_over(catalogue: Catalog, before: Mapping[str, Message]) -> None:
    """Give messages without a translation that of the message they replace, and all of them their lines in the file.

    `before` holds the messages before the catalogue was updated, by their first `msgids`.
    """
    at_place: dict[str, list[Message]] = defaultdict(list)
    gone: dict[str, list[Message]] = defaultdict(list)
    for old in filter(is_translated, before.values()):
        for place, _line in old.locations:
            file, _, path = place.partition("#")
            if path:
                at_place[place].append(old)
            if not catalogue.get(old.id, old.context):
                gone[file].append(old)
    for message in catalogue:
        if message.id:
            origin = before.get(msgids(message)[0])
            if not is_translated(message):
                message.flags.discard("fuzzy")
                if replaced := _replaced(message, at_place, gone):
                    origin = replaced
                    was = [] if origin.fuzzy else [WAS + text_of(origin).replace("\n", " ")]
                    message.string, message.user_comments = origin.string, [*origin.user_comments, *was]
                    message.flags.add("fuzzy")
            message.lineno = origin.lineno if origin else None


def _replaced(new: Message, at_place: Mapping[str, list[Message]], gone: Mapping[str, list[Message]]) -> Message | None:
    """The old message that a new one replaces: one that is gone from the same place, or else a similar one.

    `at_place` has the old messages by place (`path#steps.2.text`), `gone` by file those that are in no place now.
    """

    def likeness(old: Message) -> float:
        (one, *more), (other, *others) = msgids(old), msgids(new)
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


def catalogue_problems(
    path: str, catalogue: Catalog, room: Mapping[str, int], *, strict: bool = False
) -> Iterator[Problem]:
    """What is wrong with the translations of a merged catalogue, the file `path`; `room` is that of `extract`.

    `strict` also reports translations that are missing or fuzzy.
    """
    for message in catalogue:
        if not message.id:
            continue
        german, line = msgids(message), message.lineno or 1
        if not is_translated(message) or message.fuzzy:
            if strict:
                shown = f"{quote(text_of(message))} ({message.locations[0][0]})"
                fuzzy = f"the translation may no longer fit {shown}; check it, then remove the mark 'fuzzy'"
                yield Problem(path, line, 1, fuzzy if message.fuzzy else f"no translation of {shown}; write one")
            continue
        for i, text in enumerate(forms_of(message)):
            for problem in odd_characters(path, text)[:1]:
                yield replace(problem, line=line, column=1)
            if not re.search(VISIBLE, text):
                yield Problem(path, line, 1, "the translation has no visible character; write or remove it")
            original = german[min(i, len(german) - 1)]
            optional = {"{n}"} if len(german) > 1 and i == 0 else set()  # the form for one may do without its number
            for what, marks in MARKS.items():
                wanted, given = (", ".join(sorted({*marks(words)} - optional)) or "none" for words in (original, text))
                if wanted != given:
                    yield Problem(path, line, 1, f"{what} {given} instead of {wanted} in {quote(text)}")
            most = room.get(german[0], len(text))
            if len(text) > most:
                yield Problem(path, line, 1, f"{len(text)} characters, there is room for {most}: {quote(text)}")
            if "\n" in text and "\n" not in german[0]:
                yield Problem(path, line, 1, f"the text is a single line, so must be the translation: {quote(text)}")
