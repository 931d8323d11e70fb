"""The search's files, made from the built HTML of any engine.

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

import json
import re
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from math import log2, sqrt
from pathlib import Path
from typing import Any

from generator.model.playbook import Playbook
from generator.search.documents import (
    BODY,
    CHUNK,
    ECHO,
    FOUND_BY,
    KIND,
    SHOWN,
    SUMMARY,
    TITLE,
    Record,
    add_synonyms,
    all_records,
)
from generator.search.words import Rules, rules_for

MOST, FEW = 2000, 4  # records a term leads to; so few are listed with the word itself
PART = 24_000  # characters in any other file, about


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


def index(site: Path, playbook: Playbook, language: str = "de") -> None:
    """Write the search's files for the built pages of one language below `site`."""
    rules = rules_for(language)
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
