"""The search's files, made from the real handbook and from a small page."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from generator.model.playbook import Playbook
from generator.search.documents import CHUNK, read, text
from generator.search.index import deltas, written
from generator.search.words import rules_for

GERMAN = rules_for("de")

PAGE = """<meta name="description" content="Kurz &amp; gut"><nav>weg</nav><article>
<div class="pb" data-kind="ritual" data-universe="turm">
<nav class="pb-crumbs"><a href="..">Turm</a></nav>
<h1 id="_titel">Die <em>Wa</em>che<a class="headerlink" href="#_titel">Link</a></h1>
<p>Wer <a href="x">Kund:innen</a> sieht<svg><title>Bild</title></svg>, grüßt.</p><h2>Vorher</h2>
<section class="pb-checklist" aria-labelledby="checkliste-1"><h3 id="checkliste-1">Vor dem Tor</h3>
<ul><li><span class="pb-box" aria-hidden="true">☐</span>
<span><span class="pb-hidden">Darf nicht fehlen:</span> Lampe</span></li></ul></section>
<ul class="pb-cards"><li class="pb-card"><p>Anderswo</p></li>
<li class="pb-card pb-card--none"><p>Bewusst keines</p></li></ul></div></article><footer>weg</footer>"""


@pytest.fixture(scope="module")
def records(site: Path) -> list[list[Any]]:
    paths = sorted(site.glob("search/text-*.json"), key=lambda path: int(path.stem[5:]))
    return [record for path in paths for record in json.loads(path.read_text("utf-8"))]


def part(site: Path, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in site.glob(f"search/{kind}-*.json"):
        found |= json.loads(path.read_text("utf-8"))
    return found


def test_a_page_gives_itself_and_its_checklists(tmp_path: Path) -> None:
    folder = tmp_path / "turm" / "wache"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(PAGE, "utf-8")
    page, checklist = read(folder / "index.html", tmp_path)
    assert (page.url, page.kind, page.title, page.summary, page.universe) == (
        "turm/wache/", "ritual", "Die Wache", "Kurz & gut", "turm"
    )  # fmt: skip
    assert page.text == "Wer Kund:innen sieht, grüßt. Vorher. Vor dem Tor. Lampe"
    assert (checklist.url, checklist.kind, checklist.title) == ("turm/wache/#checkliste-1", "checklist", "Vor dem Tor")
    assert checklist.text == "Lampe"


def test_why_there_is_no_ritual_is_found_where_it_is_said(tmp_path: Path) -> None:
    """On the universe's page and the occasion's, not on every ritual's of the same occasion."""
    (tmp_path / "index.html").write_text(PAGE.replace('data-kind="ritual"', 'data-kind="universe"'), "utf-8")
    page, _ = read(tmp_path / "index.html", tmp_path)
    assert page.text.endswith("Lampe Bewusst keines")


def test_text_is_what_html_says() -> None:
    assert text("<p>Tee &amp; <b>Ge</b>bäck</p><p>&lt;b&gt;</p>") == "Tee & Gebäck <b>"


def test_forms_are_listed_once() -> None:
    assert deltas({7: 2.4, 3: 0.2}) == [3, 1, 4, 2]
    assert written(Counter({"Räume": 2, "räume": 1, "Raum": 3})) == ["Raum", "Räume"]


def test_every_page_term_and_checklist_is_a_record(records: list[list[Any]], playbook: Playbook, site: Path) -> None:
    urls = [record[0] for record in records]
    assert len(urls) == len(set(urls))
    assert {f"{ritual.universe}/{ritual.id}/" for ritual in playbook.rituals.values()} <= set(urls)
    assert playbook.glossary
    assert {f"glossar/#{key}" for key in playbook.glossary.terms} <= set(urls)
    assert len([url for url in urls if "#checkliste-" in url]) == sum(
        len(r.checklists) for r in playbook.rituals.values()
    )
    for url in urls:
        page, _, anchor = url.partition("#")
        source = (site / page / "index.html").read_text("utf-8")
        assert not anchor or f'id="{anchor}"' in source, url
    assert all(record[6] is None or "#" not in records[record[6]][0] for record in records)


def test_files_agree_with_each_other(site: Path, records: list[list[Any]]) -> None:
    start = json.loads((site / "search" / "index.json").read_text("utf-8"))
    words, ends, hits = (part(site, kind) for kind in ("words", "ends", "hits"))
    assert words == ends
    assert hits.keys() == {term for term, (_, few, *_) in words.items() if not few}
    assert start["records"] == len(records)
    assert start["chunk"] == CHUNK
    for kind in ("words", "ends", "hits"):
        assert start[kind] == sorted(start[kind])
    for term, (_, few, *_) in words.items():
        flat = few or hits[term]
        assert len(flat) == 2 * words[term][0]
        assert sum(flat[::2]) < len(records)


def test_hidden_words_are_in_no_text(site: Path, records: list[list[Any]], playbook: Playbook) -> None:
    """What a page is found by besides is neither in an excerpt nor anywhere in the site's HTML."""
    assert playbook.glossary
    assert {GERMAN.stemmed("Onboarding"), GERMAN.stemmed("Kickoff")} <= part(site, "words").keys()
    shown = " ".join(str(record) for record in records)
    for word in ("Onboarding", "Kickoff"):
        assert any(word in words for words in playbook.glossary.found_by.values())
        assert word not in shown
        assert not [path for path in site.rglob("*.html") if word in path.read_text("utf-8")]
    rituals = [record[5] for record in records if record[1] in ("ritual", "checklist")]
    assert not [text for text in rituals if re.search("Darf nicht fehlen:|☐", text)]
