"""Pages to come back to: the star on rituals and paths, and both lists on the start page."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serve import Open
from tests.browser.test_paths import FULL, REFUSED

PATH = "mentoring/gespraech/"
OTHER = "mentoring/handschlag/"
KEY = "playbook.kept"


def star(page: Page) -> Locator:
    return page.get_by_role("button", name="Merken")


def links(page: Page, heading: str) -> Locator:
    return page.get_by_role("region", name=heading).get_by_role("link")


def test_a_star_leads_back_from_the_start_page(visit: Open, base: str) -> None:
    page = visit(PATH)
    expect(star(page)).to_have_attribute("aria-pressed", "false")
    star(page).click()
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Steht jetzt auf der Startseite.")).to_be_visible()
    page.goto(base)
    link = links(page, "Gemerkt")
    expect(link).to_have_text("Der Anker im Gespräch Weg für Mentor:innen")
    expect(link.locator("svg")).to_be_visible()
    expect(page.get_by_role("heading", name="Zuletzt angesehen")).to_be_hidden()  # it is listed already
    link.click()
    expect(page).to_have_url(base + PATH)
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    star(page).press("Enter")
    page.goto(base)
    expect(page.get_by_role("heading", name="Gemerkt")).to_be_hidden()
    expect(links(page, "Zuletzt angesehen")).to_have_count(1)


def test_the_last_pages_come_first_and_once(visit: Open, base: str) -> None:
    page = visit()
    expect(page.get_by_role("heading", name="Zuletzt angesehen")).to_be_hidden()
    for path in (PATH, OTHER, PATH):
        page.goto(base + path)
        expect(star(page)).to_be_visible()
    page.goto(base)
    expect(links(page, "Zuletzt angesehen")).to_contain_text(["Der Anker im Gespräch", "Form wahren, Wort halten"])


def test_a_page_is_taken_from_the_list(visit: Open, base: str) -> None:
    page = visit(PATH)
    page.goto(base + OTHER)
    expect(star(page)).to_be_visible()
    page.goto(base)
    page.get_by_role("button", name="„Form wahren, Wort halten“ aus der Liste nehmen").press("Enter")
    expect(page.get_by_role("button", name="„Der Anker im Gespräch“ aus der Liste nehmen")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Zuletzt angesehen")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Zuletzt angesehen")).to_be_hidden()


def test_another_tab_knows_at_once(visit: Open, base: str) -> None:
    one = visit(PATH)
    two = one.context.new_page()
    two.goto(base)
    expect(links(two, "Zuletzt angesehen")).to_have_count(1)
    star(one).click()
    expect(links(two, "Gemerkt")).to_have_count(1)


def test_the_way_back_shows_what_was_seen_in_between(visit: Open) -> None:
    page = visit()
    page.get_by_role("link", name="Ich begleite jemanden").click()
    page.locator(".pb").get_by_role("link", name="Ein Platz am Tisch").first.click()
    expect(star(page)).to_be_visible()
    page.go_back()
    page.go_back()
    expect(links(page, "Zuletzt angesehen")).to_have_count(1)


def test_without_javascript_there_are_no_lists_and_no_star(visit: Open) -> None:
    for path in ("", PATH):
        page = visit(path, java_script_enabled=False)
        for text in ("Gemerkt", "Zuletzt angesehen", "Merken"):
            expect(page.locator(".pb").get_by_text(text, exact=True)).to_have_count(0)


@pytest.mark.parametrize("script", [REFUSED, FULL])
def test_where_nothing_can_be_kept_it_says_so(script: str, visit: Open, base: str) -> None:
    page = visit(PATH, script=script)
    star(page).click()
    expect(star(page)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("Dein Browser merkt sich hier nichts.", exact=True)).to_be_visible()
    page.goto(base)
    expect(page.get_by_role("heading", name="Universen")).to_be_visible()


GOOD = {"url": "tradition/empfang/", "title": "Empfang <b>", "universe": "tradition", "kind": "ritual"}


BAD: list[object] = [
    {**GOOD, "url": "https://example.org/"},
    {**GOOD, "url": "//example.org/x/"},
    {**GOOD, "url": "javascript:alert(1)"},
    {**GOOD, "url": "../../etc/"},
    {**GOOD, "url": "/tradition/empfang/"},
    {**GOOD, "url": 7},
    {**GOOD, "url": "tradition/auftritt/", "title": {}},
    {**GOOD, "url": "tradition/auftritt/", "kind": "seite"},
    None,
    "text",
]
STORE = f"text => localStorage.setItem('{KEY}', text)"


def test_what_was_stored_by_others_leads_nowhere_else(visit: Open, base: str) -> None:
    page = visit()
    for bad in BAD:
        page.evaluate(STORE, json.dumps({"version": 1, "data": {"kept": [bad, GOOD, GOOD], "recent": {"0": bad}}}))
        page.reload()
        expect(links(page, "Gemerkt"), str(bad)).to_have_text(["Empfang <b>"])
        assert links(page, "Gemerkt").evaluate("link => link.href") == base + "tradition/empfang/"


def test_damaged_storage_is_an_empty_list(visit: Open, base: str) -> None:
    page = visit()
    for stored in ("{kaputt", "null", '{"version": 9, "data": []}', '{"version": 1, "data": 3}'):
        page.evaluate(STORE, stored)
        page.reload()
        expect(page.get_by_role("heading", name="Universen"), stored).to_be_visible()
        expect(page.get_by_role("heading", name="Gemerkt"), stored).to_be_hidden()
        page.goto(base + PATH)
        expect(star(page)).to_be_visible()
        page.goto(base)
        expect(links(page, "Zuletzt angesehen"), stored).to_have_count(1)
