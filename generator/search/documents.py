"""What a reader can be led to, read from the built pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator.files import files_below
from generator.model.addresses import page_uris, site_path
from generator.model.playbook import Playbook
from generator.parallel import spread

CHUNK = 4  # records in a file
SHOWN = ("url", "kind", "title", "summary", "universe", "text", "parent")  # of a record in a file, in this order
BATCH = 1000  # pages that are read before what they say is noted
_PAGE = re.compile(
    r'<div class="pb" data-kind="(\w*)"(?: lang="[\w-]*")?(?: data-universe="([\w-]*)")?>(.*?)</article>', re.S
)
_SUMMARY = re.compile(r'<meta name="description" content="([^"]*)"')
_CHECKLIST = re.compile(
    r'<section class="pb-checklist" aria-labelledby="([^"]+)">\s*<h3[^>]*>(.*?)</h3>(.*?)</section>', re.S
)
_TERM = re.compile(r'<div id="([^"]+)">\s*<dt>(.*?)</dt>\s*<dd>(.*?)</dd>\s*</div>', re.S)
_HEADING = re.compile(r"<h([1-3])\b[^>]*>(.*?)</h\1>", re.S)

# Pictures, and what only leads to another page or repeats it.
_SKIP = re.compile(
    r'<(\w+)\b[^>]*(?:aria-hidden="true"|class="(?:headerlink|pb-(?:card|fields|filter|hidden|intention|offer|register|rituals|sheets|tag))")'
    r"[^>]*>.*?</\1>|<(nav|svg|script|style|template)\b.*?</\2>|<!--.*?-->",
    re.S,
)
_CARDS = re.compile(r'<ul class="pb-cards">.*?</ul>', re.S)  # on a ritual's page also why others have none
_INLINE = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|strong|time)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")

# What a word is worth where it stands: its best place counts, and a little how often it is said.
TITLE, SUMMARY, HEADING, BODY = 60, 16, 6, 2
SYNONYM, SEE, ECHO = 50, 48, 0.4  # at its term; at the ritual the term leads to; wherever the term is said
FOUND_BY = 40  # by words that the handbook itself never says
KIND = {"ritual": 1.0, "universe": 1.0, "term": 0.8, "page": 0.7, "checklist": 0.5}  # a page's title counts for more


@dataclass
class Record:
    """Something to be led to."""

    url: str  # from the site's root
    kind: str
    title: str
    summary: str
    universe: str
    text: str
    parent: int | None = None  # the number of the page, for a part of it
    found_by: list[tuple[str, float]] = field(default_factory=list)  # (text, what a word of it is worth)


def all_records(site: Path) -> Iterator[Record]:
    """The records of all pages below `site`, by their paths; their numbers are their places."""
    paths, number = sorted(path for path in files_below(site) if path.name == "index.html"), 0
    for start in range(0, len(paths), BATCH):
        for found in spread(lambda some: [list(read(path, site)) for path in some], paths[start : start + BATCH]):
            for place, record in enumerate(found):
                record.parent = number if place else None
                yield record
            number += len(found)


def read(path: Path, site: Path) -> Iterator[Record]:
    """The records of one page: itself, its checklists, its terms."""
    source = path.read_text("utf-8")
    found = _PAGE.search(source)
    if not found:
        return
    kind, universe = found[1], found[2] or ""
    body = _SKIP.sub(" ", _CARDS.sub(" ", found[3]) if kind == "ritual" else found[3])
    url = "" if path.parent == site else path.parent.relative_to(site).as_posix() + "/"
    summary = _SUMMARY.search(source)
    inner = [
        Record(f"{url}#{part[1]}", name, text(part[2]), "", universe, text(part[3]))
        for name, pattern in (("checklist", _CHECKLIST), ("term", _TERM))
        for part in pattern.finditer(body)
    ]
    body = _TERM.sub(" ", body)
    headings = {level: [text(h[2]) for h in _HEADING.finditer(body) if h[1] == level] for level in "123"}
    kind = kind if kind in ("ritual", "universe") else "page"
    whole = Record(
        url or "./",
        kind,
        " ".join(headings["1"]),
        text(summary[1]) if summary else "",
        universe,
        text(_HEADING.sub(lambda h: " " if h[1] == "1" else f" {h[2]}. ", body)),
    )
    whole.found_by = [(" ".join(headings["2"] + headings["3"]), HEADING)]
    if kind != "page":
        whole.found_by.append((path.parent.name.replace("-", " "), TITLE))
    yield from (whole, *inner)


def text(source: str) -> str:
    """The text of a piece of HTML."""
    words = " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", source))).split())
    return re.sub(r" (?=[,.;:!?](?:\s|$))", "", words)


def add_synonyms(records: list[Record], playbook: Playbook) -> None:
    """Let a glossary term and the rituals it leads to be found by the term's synonyms."""
    at = {record.url: record for record in records}
    for key, term in playbook.glossary.terms.items() if playbook.glossary else ():
        other = "; ".join(name for name in term.synonyms if term.term.lower() not in name.lower())
        if record := at.get(f"glossar/#{key}"):
            record.found_by.append((other, SYNONYM))
        for place, name in enumerate(term.see):
            if record := at.get(f"{playbook.rituals[name].universe}/{name}/"):
                record.found_by += [(term.term, SUMMARY), (other, SEE / (place + 1))]

    if playbook.glossary:
        uris = page_uris(playbook)
        for target, words in playbook.glossary.found_by.items():
            key, hash_, anchor = target.partition("#")
            if record := at.get((site_path(uris[key]) if key in uris else f"{key}/") + hash_ + anchor):
                record.found_by.append(("; ".join(words), FOUND_BY))
