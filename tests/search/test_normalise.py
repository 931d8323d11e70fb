"""The vectors of normalise.json hold at build time and in the browser, with the rules that come with the index."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.search.words import rules_for
from tests.browser.serve import Open

ENGLISH, GERMAN = rules_for("en"), rules_for("de")

VECTORS = json.loads((Path(__file__).parent / "normalise.json").read_text("utf-8"))
IN_BROWSER = """async ([folder, texts]) => {
    const { Index } = await import(`${folder}assets/find.js`);
    const { words } = await Index.open(new URL("search/", folder));
    return texts.map((text) => {
        const found = [...words.in(text)].map((match) => match[0]);
        return [found, found.flatMap((word) => words.terms(word).map(([term]) => term))];
    });
}"""


def key(word: str) -> str:
    return GERMAN.terms(word)[-1][0]


@pytest.mark.parametrize("family", VECTORS["families"], ids=lambda family: family[0])
def test_forms_of_a_word_have_one_stem(family: list[str]) -> None:
    assert len({key(word) for word in family}) == 1, {word: key(word) for word in family}


@pytest.mark.parametrize("words", VECTORS["apart"], ids="-".join)
def test_words_that_differ_stay_apart(words: list[str]) -> None:
    assert len({key(word) for word in words}) == len(words), {word: key(word) for word in words}


@pytest.mark.parametrize(("text", "words"), VECTORS["words"])
def test_text_is_cut_into_words(text: str, words: list[str]) -> None:
    assert re.findall(GERMAN.word, text) == words


@pytest.mark.parametrize(("word", "terms"), VECTORS["terms"])
def test_parts_and_whole_are_terms(word: str, terms: list[str]) -> None:
    assert [term for term, _ in GERMAN.terms(word)] == terms


@pytest.mark.parametrize(
    ("one", "other"), [("customer's", "customers"), ("parties", "party"), ("invited", "inviting"), ("boxes", "box")]
)
def test_english_has_rules_of_its_own(one: str, other: str) -> None:
    assert ENGLISH.stemmed(one) == ENGLISH.stemmed(other)


def test_the_browser_sees_words_as_the_build_does(visit: Open, base: str, site: Path) -> None:
    """Every vector, and every text of the whole handbook."""
    texts = [word for family in VECTORS["families"] + VECTORS["apart"] for word in family]
    texts += [text for text, _ in VECTORS["words"] + VECTORS["terms"]]
    for path in site.glob("search/text-*.json"):
        texts += [text for record in json.loads(path.read_text("utf-8")) for text in (record[2], record[3], record[5])]
    seen: list[Any] = visit("").evaluate(IN_BROWSER, [base, texts])
    for text, (words, terms) in zip(texts, seen, strict=True):
        assert words == re.findall(GERMAN.word, text)
        assert terms == [term for word in words for term, _ in GERMAN.terms(word)]
