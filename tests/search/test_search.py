"""The search as readers meet it, in Chromium: what it finds, how it is used, what it weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serve import Open
from tools.bench.search import NONSENSE, Score, evaluate, first_query, ours, overall, queries

QUERIES = queries(Path(__file__).parent / "queries.tsv")
BARS = {"exact": 1, "prefix": 1, "umlaut": 1, "inflection": 0.98, "gender": 0.98, "hyphen": 0.98, "typo": 0.95}
BARS |= {"compound": 0.92, "synonym": 0.92, NONSENSE: 1}


@pytest.fixture(scope="module")
def scores(browser: Browser, base: str) -> Iterator[dict[str, dict[str, Score]]]:
    page = browser.new_page()
    page.goto(base)
    ask = ours(page)
    splits = {split: [q for q in QUERIES if q.split == split] for split in ("tune", "held")}
    yield {split: evaluate(asked, ask) for split, asked in splits.items()}
    page.close()


def together(scores: dict[str, dict[str, Score]], category: str) -> Score:
    both = [split[category] for split in scores.values() if category in split]
    return Score(sum(s.asked for s in both), sum(s.found for s in both), sum(s.reciprocal for s in both))


def test_enough_queries_and_enough_of_them_held_out() -> None:
    """The first ones were divided in half; what is added for tuning leaves the other half as it is."""
    real = [query for query in QUERIES if query.category != NONSENSE]
    assert len(real) >= 200
    assert len(QUERIES) - len(real) >= 30
    assert sum(query.split == "held" for query in real) >= 170


@pytest.mark.parametrize("category", BARS)
def test_recall_among_three(scores: dict[str, dict[str, Score]], category: str) -> None:
    score = together(scores, category)
    # The held-out half is for measuring: what it missed is not shown, so that nobody tunes to it.
    assert score.found / score.asked >= BARS[category], (score, scores["tune"][category].missed)


def test_overall(scores: dict[str, dict[str, Score]]) -> None:
    tune, held = (overall(scores[split]) for split in ("tune", "held"))
    assert held.found / held.asked >= 0.93
    assert (tune.found + held.found) / (tune.asked + held.asked) >= 0.96
    assert (tune.reciprocal + held.reciprocal) / (tune.asked + held.asked) >= 0.85


def test_first_query_weighs_little(browser: Browser, site: Path) -> None:
    weight, _ = first_query(browser, site)
    assert weight <= 250_000


# -------------------------------------------------------------------------- its use


def search(page: Page, query: str) -> None:
    page.get_by_role("searchbox").fill(query)
    page.wait_for_function("q => document.querySelector('.pb-find').dataset.answer === q", arg=query.strip())


@pytest.mark.parametrize("key", ["/", "s", "f"])
def test_a_key_opens_and_escape_closes(visit: Open, key: str) -> None:
    page = visit("tradition/empfang/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press(key)
    field = page.get_by_role("searchbox", name="Suche")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type("fs/")  # in the field they are letters
    expect(field).to_have_value("fs/")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    expect(page.locator(".pb-find__panel")).to_be_hidden()


def test_arrows_walk_through_the_results_and_enter_follows(visit: Open, base: str) -> None:
    page = visit("lesen/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    search(page, "Räume")
    links = page.locator(".pb-find__results a")
    assert links.count() > 2
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    search(page, "Empfang")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{base}tradition/empfang/")


def test_results_are_announced_grouped_and_marked(visit: Open) -> None:
    page = visit("?q=Großkundinnen")
    expect(page.locator(".pb-find__status")).to_have_text(re.compile(r"\d+ Treffer"))
    expect(page.get_by_role("list", name="Beste Treffer").get_by_role("listitem")).to_have_count(3)
    expect(page.locator(".pb-find mark").filter(has_text="Großkund:innen").first).to_be_visible()
    expect(page.locator(".pb-find li[data-universe=exklusiv] .pb-sym svg").first).to_be_visible()


def test_an_unknown_word_is_named_and_near_ones_are_offered(visit: Open) -> None:
    page = visit("")
    search(page, "Sommerfeset Qxzzyv")
    hints = page.locator(".pb-find__hints")
    expect(hints).to_contain_text("„Qxzzyv“ steht nirgends im Handbuch.")
    expect(hints).to_contain_text("Gesucht wurde nach „Sommerfest“")
    search(page, "Weinauswahl")
    expect(hints).to_contain_text("„Weinauswahl“ steht nirgends im Handbuch. Gesucht wurde nach „Wein“, „auswählen“.")
    expect(page.locator(".pb-find mark").filter(has_text="Wein").first).to_be_visible()
    search(page, "Parkgarage")
    expect(page.locator(".pb-find__status")).to_have_text("Keine Treffer")


@pytest.mark.parametrize("nothing", ["", "   ", "der die das", '""', "?", "<script>", "(", "\\", "a" * 5000])
def test_odd_queries_do_no_harm(visit: Open, nothing: str) -> None:
    page = visit("")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_role("searchbox").fill(nothing)
    search(page, "Empfang")
    assert not errors
    expect(page.locator(".pb-find__results a").first).to_have_attribute("href", re.compile("/tradition/empfang/$"))


def test_on_a_phone_the_search_fills_the_screen(visit: Open) -> None:
    page = visit("", viewport={"width": 360, "height": 740})
    page.get_by_role("button", name="Suche öffnen").click()
    search(page, "Namensschild")
    box = page.locator(".pb-find").bounding_box()
    assert box
    assert (box["width"], box["height"]) == (360, 740)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Schließen").click()
    expect(page.get_by_role("searchbox")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 1280])
def test_without_javascript_the_register_answers(visit: Open, base: str, width: int) -> None:
    page = visit("", java_script_enabled=False, viewport={"width": width, "height": 740})
    if width == 360:
        page.get_by_role("link", name="Suche öffnen").click()
    else:
        page.get_by_role("searchbox").fill("Tee")
        page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{base}register/"))


def test_a_strict_policy_lets_the_search_work(visit: Open, base: str) -> None:
    """Ours needs neither inline scripts nor eval nor WebAssembly."""
    page = visit("404.html")
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if "Content Security" in message.text else None)
    page.route(re.compile(r"/lesen/$"), lambda route: route.fulfill(
        response=(answer := route.fetch()),
        headers={**answer.headers, "content-security-policy": "script-src 'self'; object-src 'none'"},
    ))  # fmt: skip
    page.goto(base + "lesen/")
    search(page, "Gastgeberin")
    expect(page.locator(".pb-find__results a").first).to_be_visible()
    assert not [text for text in blocked if "search.js" in text or "find.js" in text]
