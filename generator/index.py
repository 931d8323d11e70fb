"""Step 6, index: the search's files, made from the built HTML of any engine.

A record is what a reader can be led to: a page, a checklist, a term. What is on the page is its text; what leads to it
besides (synonyms, the id) is in the postings alone, so it can be found and is neither shown nor read aloud.

Files below `search/`, all JSON, loaded by `templates/theme/assets/search.js` as far as a query needs them:

- `index.json`: the language's rules, the number of records, and for each of the following where its parts begin;
- `words-N`: term → [number of its records, these if they are few, forms of it as written]; sorted by term, for whole
  words and beginnings;
- `ends-N`: the same, sorted by the reversed term, for endings and for typos at the beginning;
- `hits-N`: term → [record, weight, …], each record counted from the one before;
- `text-N`: the records themselves, `CHUNK` in a file.
"""

from __future__ import annotations

import html
import json
import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2, sqrt
from pathlib import Path
from typing import Any

from generator.faults import files_below
from generator.models import Playbook
from generator.normalise import LANGUAGES, Rules
from generator.parallel import spread
from generator.uris import page_uris, site_path

CHUNK = 4  # records in a file
SHOWN = ("url", "kind", "title", "summary", "universe", "text", "parent")  # of a record in a file, in this order
BATCH = 1000  # pages that are read before what they say is noted
MOST, FEW = 2000, 4  # records a term leads to; so few are listed with the word itself
PART = 24_000  # characters in any other file, about

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


class Hits:
    """term → record → weight.

    What the records say comes in their order and into arrays: in a large handbook there are millions of it. What leads
    to a record besides is in `others`, where it counts instead.
    """

    def __init__(self) -> None:
        self.said: defaultdict[str, tuple[array[int], array[float]]] = defaultdict(lambda: (array("L"), array("d")))
        self.others: defaultdict[str, dict[int, float]] = defaultdict(dict)

    def of(self, term: str) -> dict[int, float]:
        """record → weight of one term."""
        found = dict(zip(*self.said[term], strict=True)) if term in self.said else {}
        return {**found, **self.others.get(term, {})}

    def weight(self, term: str, number: int) -> float:
        """What one record has for a term so far; 0 if nothing."""
        if number in self.others.get(term, ()):
            return self.others[term][number]
        numbers, weights = self.said.get(term, ((), ()))
        place = bisect_left(numbers, number)
        return weights[place] if place < len(numbers) and numbers[place] == number else 0

    def terms(self) -> set[str]:
        return {*self.said, *self.others}


Forms = defaultdict[str, Counter[str]]  # term → how it is written → how often


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


def index(site: Path, playbook: Playbook, language: str = "de") -> None:
    """Write the search's files for the built pages of one language below `site`."""
    rules = LANGUAGES.get(language, LANGUAGES["en"])  # better some folding than none
    folder = site / "search"
    folder.mkdir(exist_ok=True)
    hits, forms = Hits(), Forms(Counter)
    records: list[Record] = []
    chunk: list[list[object]] = []
    for record in all_records(site):
        number = len(records)
        records.append(record)
        add_texts(hits, forms, rules, number, record)
        chunk.append([getattr(record, name) for name in SHOWN])
        record.text = ""  # of thousands of pages, one after the other is enough
        if len(chunk) == CHUNK:
            write_json(folder / f"text-{number // CHUNK}.json", chunk)
            chunk = []
    if chunk:
        write_json(folder / f"text-{len(records) // CHUNK}.json", chunk)
    add_synonyms(records, playbook)
    add_others(hits, forms, rules, records)
    echo(hits, forms, playbook, rules)

    def word(term: str) -> list[Any]:
        found = hits.of(term)
        return [len(found), deltas(found) if len(found) <= FEW else 0, *written(forms[term])]

    words = {term: word(term) for term in hits.terms()}
    many = [term for term, (count, *_) in words.items() if count > FEW]
    starts = {
        "words": write_parts(folder, "words", words, words.__getitem__),
        "ends": write_parts(folder, "ends", words, words.__getitem__, backwards=True),
        "hits": write_parts(folder, "hits", many, lambda term: deltas(hits.of(term))),
    }
    browser = {name: getattr(rules, name) for name in ("word", "split", "fold", "stem", "stop", "faint", "other")}
    write_json(folder / "index.json", {"rules": browser, "records": len(records), "chunk": CHUNK, **starts})


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


def add_texts(hits: Hits, forms: Forms, rules: Rules, number: int, record: Record) -> None:
    """Note what a record says itself; records come in the order of their numbers."""
    texts = [(record.title, TITLE), (record.summary, SUMMARY), (record.text, BODY)]
    for term, (value, often) in worth(texts, record.kind, forms, rules).items():
        numbers, weights = hits.said[term]
        numbers.append(number)
        weights.append(value + KIND[record.kind] * log2(often))


def add_others(hits: Hits, forms: Forms, rules: Rules, records: list[Record]) -> None:
    """Note what leads to records besides; a word that the handbook says somewhere is worth less by `found_by`."""
    for number, record in enumerate(records):
        for term, (value, often) in worth(record.found_by, record.kind, forms, rules, hits.said).items():
            best = max(hits.weight(term, number), value)
            hits.others[term][number] = best + KIND[record.kind] * log2(often)


def worth(
    texts: Sequence[tuple[str, float]], kind: str, forms: Forms, rules: Rules, said: Collection[str] = ()
) -> dict[str, tuple[float, int]]:
    """(what it is worth, how often it is there) of each term in the texts of one record, which are (text, worth)."""
    often: Counter[str] = Counter()
    best: dict[str, float] = {}
    for text, value in texts:
        count = Counter(re.findall(rules.word, text))
        weight = value * (0.9 if value == TITLE and kind == "page" else KIND[kind])
        if value == TITLE:  # one of one word is all about it, one of many a little about each
            weight /= sqrt(max(1, min(sum(len(rules.terms(written)) for written in count), 6)))
        for written, times in count.items():
            for term, form in rules.terms(written):
                forms[term][form] += times
                often[term] += times
                best[term] = max(best.get(term, 0), SUMMARY if value == FOUND_BY and term in said else weight)
    return {term: (value, often[term]) for term, value in best.items()}


def echo(hits: Hits, forms: Forms, playbook: Playbook, rules: Rules) -> None:
    """Let a synonym of one word lead to wherever its term is said, after what it leads to itself."""
    for term in playbook.glossary.terms.values() if playbook.glossary else ():
        names = rules.terms(term.term) if re.fullmatch(rules.word, term.term) else ()
        for synonym in term.synonyms:
            if names and re.fullmatch(rules.word, synonym):
                for word, form in rules.terms(synonym)[-1:]:
                    forms[word][form] += 1
                    for number, weight in hits.of(names[-1][0]).items():
                        hits.others[word][number] = max(hits.weight(word, number), ECHO * weight)


# --------------------------------------------------------------------- the files


def written(forms: Counter[str]) -> list[str]:
    """The forms of a term, most usual first, without those that differ in nothing but their capitals."""
    seen: dict[str, str] = {}
    for form, _ in sorted(forms.items(), key=lambda item: (-item[1], item[0])):
        seen.setdefault(form.lower(), form)
    return list(seen.values())


def deltas(found: Mapping[int, float]) -> list[int]:
    """[record, weight, …], each record counted from the one before; of too many, the best."""
    flat, last = [], 0
    if len(found) > MOST:
        found = dict(sorted(found.items(), key=lambda item: -item[1])[:MOST])
    for number, weight in sorted(found.items()):
        flat += [number - last, max(1, round(weight))]
        last = number
    return flat


def write_parts(
    folder: Path, name: str, terms: Collection[str], entry: Callable[[str], Any], *, backwards: bool = False
) -> list[str]:
    """Write the terms' entries, sorted, to files of about PART characters; returns the key each file begins with."""
    starts: list[str] = []
    part: dict[str, Any] = {}
    size = 0
    for key, term in sorted((term[::-1] if backwards else term, term) for term in terms):
        if not part:
            starts.append(key)
        part[term] = entry(term)
        size += len(json.dumps(part[term])) + len(term)
        if size > PART:
            write_json(folder / f"{name}-{len(starts) - 1}.json", part)
            part, size = {}, 0
    if part:
        write_json(folder / f"{name}-{len(starts) - 1}.json", part)
    return starts


def write_json(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
