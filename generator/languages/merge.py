"""A catalogue brought in step with the texts, counted and judged."""

from __future__ import annotations

import difflib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from generator.files import write_file
from generator.languages.catalogue import ids_of
from generator.languages.extract import Found
from generator.model.prose import links
from generator.problems import Problem, quote

WAS = "was: "  # begins the comment with the text that a fuzzy translation belongs to
ALIKE = 0.6  # how much of a text must be the same for its translation to be worth keeping

# What a translation has to keep of the text, by what it is called.
MARKS: dict[str, Callable[[str], Iterable[str]]] = {
    "placeholders": lambda text: re.findall(r"\{\w+\}", text),
    "links to": links,
    "strong passages": lambda text: re.findall(r"\*\*(?=\S)", text)[::2],
}


@dataclass
class State:
    """How far a translation is; `files` counts (done, fuzzy, missing) for each file of the sources."""

    done: int = 0
    fuzzy: int = 0
    missing: int = 0
    obsolete: int = 0
    files: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def merge(old: Catalog, found: Found) -> Catalog:
    """A catalogue of what was found, with the translations that `old` has."""
    new = Catalog(
        old.locale,
        project="playbook",
        fuzzy=False,
        header_comment=old.header_comment,
        version=old.version,
        msgid_bugs_address=old.msgid_bugs_address,
        last_translator=old.last_translator,
        language_team=old.language_team,
        creation_date=old.creation_date,  # a merge alone changes nothing
        revision_date=old.revision_date,
    )
    before = {ids_of(message)[0]: message for message in old if message.id}
    at: dict[str, list[Message]] = defaultdict(list)  # place, and file → messages with a translation
    for message in filter(translated, before.values()):
        for place, _ in message.locations:
            at[place].append(message)
            at[place.partition("#")[0]].append(message)
    used = {ids[0] for ids in found}
    for ids, places in found.items():
        same = before.get(ids[0])
        kept = same if same and translated(same) else None
        changed = None if kept else _changed(ids, places, at, used)
        source = kept or changed
        comments = list(takewhile(lambda line: not line.startswith(WAS), source.user_comments)) if source else []
        if changed:
            comments.append(WAS + ids_of(changed)[0].rpartition("\x04")[2].replace("\n", " "))
        elif kept and kept.fuzzy:
            comments = kept.user_comments
        context, _, text = ids[0].rpartition("\x04")
        message = new.add(
            text if len(ids) == 1 else (text, *ids[1:]),
            source.string if source else None,
            flags=["fuzzy"] if changed or (kept and kept.fuzzy) else [],
            user_comments=comments,
            context=context or None,
        )
        message.lineno = source.lineno if source else same.lineno if same else None
        message.locations = [(place, None) for place in dict.fromkeys(places)]  # type: ignore[misc]  # no line: it moves
    gone = [message for message in before.values() if translated(message)]
    for message in [*old.obsolete.values(), *gone]:
        if ids_of(message)[0] not in used:
            new.obsolete[message.id] = message  # type: ignore[index]  # lists have become tuples
    return new


def _changed(
    ids: tuple[str, ...], places: Iterable[str], at: Mapping[str, list[Message]], used: set[str]
) -> Message | None:
    """The message that stood where `ids` stands now, or one like it in the same file that is nowhere any more."""

    def alike(message: Message) -> float:
        one, *more = ids_of(message)
        return difflib.SequenceMatcher(None, one, ids[0], autojunk=False).ratio() if len(more) == len(ids) - 1 else 0

    for place in places:
        there = [m for m in at.get(place, []) if "#" in place and (ids_of(m)[0] not in used or alike(m) >= ALIKE)]
        if there:
            return max(there, key=alike)
    for place in places:
        gone = [m for m in at.get(place.partition("#")[0], []) if ids_of(m)[0] not in used]
        if gone and alike(best := max(gone, key=alike)) >= ALIKE:
            return best
    return None


def translated(message: Message) -> bool:
    return bool(message.string and all(message.string))


def write_catalogue(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue; False if it was like that already."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110)
    return write_file(path, stream.getvalue())


def state(catalogue: Catalog) -> State:
    """Counts of a merged catalogue."""
    counted = State(obsolete=len(catalogue.obsolete))
    for message in catalogue:
        if message.id:
            what = "fuzzy" if message.fuzzy else "done" if translated(message) else "missing"
            setattr(counted, what, getattr(counted, what) + 1)
            for name in {place.partition("#")[0] for place, _ in message.locations}:
                counted.files[name][what] += 1
    return counted


def judge(path: str, catalogue: Catalog, room: Mapping[str, int], *, strict: bool = False) -> Iterator[Problem]:
    """What is wrong with a merged catalogue's translations; `strict` also minds those that are missing or fuzzy."""
    for message in catalogue:
        if not message.id:
            continue
        texts, place = ids_of(message), message.locations[0][0]
        shown = quote(texts[0].rpartition("\x04")[2])
        line = message.lineno or 1
        if not translated(message) or message.fuzzy:
            if strict:
                what = "may no longer fit what is now" if message.fuzzy else "there is no translation of"
                yield Problem(path, line, 1, f"{what} {shown} ({place})")
            continue
        for i, own in enumerate((message.string,) if isinstance(message.string, str) else message.string or ()):
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
