"""The finder: what it leaves is what the model says, every count is true, and there is always a way on."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from generator.model.playbook import Playbook
from generator.model.ritual import Ritual
from generator.model.text import Offset
from tests.browser.serve import Open

State = dict[str, str | list[str]]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
NOW = "2026-11-23T23:30:00Z"  # in Vienna it is the 24th already


def moments(ritual: Ritual) -> list[Offset]:
    found = [step.at for step in ritual.steps] + [checklist.at for checklist in ritual.checklists]
    return found + [item.due for checklist in ritual.checklists for item in checklist.items if item.due]


def lead(ritual: Ritual) -> int:
    """Days that a ritual needs before its date."""
    offsets = moments(ritual)
    days = [-at.days for at in offsets] + [ceil(-at.minutes / 1440) for at in offsets if at.minutes < -480]
    return max(0, *days)


PASSES: dict[str, Callable[[Ritual, list[str]], bool]] = {
    "universum": lambda ritual, values: ritual.universe in values,
    "anlass": lambda ritual, values: ritual.occasion in values,
    "rolle": lambda ritual, values: bool(set(ritual.roles) & set(values)),
    "personen": lambda ritual, values: ritual.people.min <= int(values[0]) <= ritual.people.max,
    "vorbereitung": lambda ritual, values: ritual.duration.prep <= int(values[0]),
    "dauer": lambda ritual, values: ritual.duration.run <= int(values[0]),
    "aufwand": lambda ritual, values: ritual.effort.host <= int(values[0]),
    "gaeste": lambda ritual, values: ritual.effort.guest <= int(values[0]),
    "tage": lambda ritual, values: lead(ritual) <= int(values[0]),
}


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def expected(playbook: Playbook, state: State) -> list[str]:
    """The titles of what a state leaves, in the handbook's order by occasion."""
    universes, occasions = list(playbook.universes), list(playbook.occasions)
    rituals = sorted(
        playbook.rituals.values(), key=lambda r: (occasions.index(r.occasion), universes.index(r.universe))
    )
    return [r.title for r in rituals if all(PASSES[name](r, listed(value)) for name, value in state.items())]


def query(state: State) -> str:
    return "finden/?" + urlencode(state, doseq=True)


def results(page: Page) -> Locator:
    return page.locator(".pb-rituals tbody tr:not([hidden]) th a")


def status(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("status")


def options(page: Page) -> Iterator[tuple[str, str, int, bool]]:
    """Every option as (filter, value, its count, whether it can be chosen)."""
    found = page.locator(".pb-filter").evaluate(
        """form => [...form.querySelectorAll('input[type=checkbox], option')].map(e => [
          e.name ?? e.closest('select').name, e.value,
          (e.labels ? e.labels[0] : e).textContent.match(/(\\d+)\\)?$/)[1], !e.disabled])"""
    )
    return ((name, value, int(count), free) for name, value, count, free in found)


STATES: list[State] = [
    {},
    {"universum": "dialog"},
    {"universum": ["dialog", "purpose"], "aufwand": "2"},
    {"personen": "12", "dauer": "120"},
    {"rolle": ["gastgeber", "moderation"], "tage": "7"},
    {"anlass": ["feiern", "zeigen"], "vorbereitung": "240", "gaeste": "1"},
    {"tage": "0"},
    {"tage": "1", "personen": "4", "universum": ["tradition", "exklusiv"]},
    {"universum": "purpose", "tage": "1"},
]


def test_what_is_left_and_every_count_are_the_models(visit: Open, base: str, playbook: Playbook) -> None:
    page = visit()
    for state in STATES:
        page.goto(base + query(state))
        titles = expected(playbook, state)
        expect(status(page)).to_contain_text(str(len(titles)) if titles else "Kein Ritual")
        assert results(page).all_text_contents() == titles, state
        seen = set()
        for name, value, count, free in options(page):
            others = {key: values for key, values in state.items() if key != name}
            wanted = len(expected(playbook, others | ({name: value} if value else {})))
            assert count == wanted, (state, name, value)
            assert free == (wanted > 0 or not value or value in listed(state.get(name, []))), (state, name, value)
            seen.add(name)
        assert seen == {"universum", "anlass", "rolle", "vorbereitung", "dauer", "aufwand", "gaeste"}


def test_a_count_is_what_a_click_gives(visit: Open) -> None:
    page = visit(query({"personen": "6"}))
    page.locator(".pb-filter__fold > summary").click()
    clicked = page.evaluate(
        """() => [...document.querySelectorAll('.pb-filter input[type=checkbox]:enabled')].map(box => {
          const said = box.labels[0].querySelector('small').textContent;
          box.click();
          const left = document.querySelectorAll('.pb-rituals tbody tr:not([hidden])').length;
          box.click();
          return [box.value, Number(said), left];
        })"""
    )
    assert len(clicked) > 15
    assert [value for value, said, left in clicked if said != left or not left] == []
    for choice in page.locator(".pb-filter select").all():
        for option in choice.locator("option:enabled").all():
            value, words = option.get_attribute("value"), option.inner_text()
            choice.select_option(value)
            assert f"({results(page).count()})" in words
        choice.select_option("")
    expect(page.get_by_role("list", name="Gewählte Filter").get_by_role("button")).to_have_text(
        ["Personen: 6", "Alle zurücksetzen"]
    )


def test_there_is_no_dead_end(visit: Open, playbook: Playbook) -> None:
    """Wherever nothing is left, the first way out that is offered is a true one, and the shortest."""
    choices: list[State] = [
        {name: value for name, value in zip(("universum", "anlass", "tage", "personen"), values, strict=True) if value}
        for values in itertools.product(["", "purpose"], ["", "feiern", "ankommen"], ["", "0", "1"], ["", "100", "999"])
    ]
    empty = [state for state in choices if not expected(playbook, state)]
    assert len(empty) > 10
    page = visit("finden/")
    lengths = set()
    for state in empty[::5]:
        page.goto(page.url.partition("finden/")[0] + query(state))
        expect(status(page)).to_have_text("Kein Ritual passt zu allen Filtern")
        fewest = next(
            size
            for size in range(1, 5)
            if any(
                expected(playbook, {key: value for key, value in state.items() if key not in names})
                for names in itertools.combinations(state, size)
            )
        )
        lengths.add(fewest)
        way = page.locator(".pb-finder__none button").first
        words = way.inner_text()
        match = re.fullmatch(r"Ohne (.+): (?:alle )?(\d+) Rituale?", words)
        assert match, words
        way.click()
        assert results(page).count() == int(match[2]) > 0, words
        assert page.locator(".pb-chips li").count() in (0, len(state) - fewest + 1)
        expect(status(page)).to_be_focused()
    assert lengths >= {1, 2}
    page.go_back()
    expect(status(page)).to_have_text("Kein Ritual passt zu allen Filtern")  # the step is taken back


def test_the_address_keeps_everything(visit: Open) -> None:
    page = visit("finden/")
    page.get_by_role("checkbox", name="Exklusiv").check()
    page.get_by_role("checkbox", name="Tradition").check()
    page.get_by_role("spinbutton", name="Tage bis zum Termin").fill("30")
    page.get_by_role("combobox", name="Aufwand für Gäste").select_option("1")
    page.get_by_label("Sortiert nach").select_option("vorlauf")
    titles = results(page).all_text_contents()
    assert 2 < len(titles) < 14
    other = visit("finden/" + page.evaluate("location.search"))
    assert results(other).all_text_contents() == titles
    expect(other.get_by_role("checkbox", name="Exklusiv")).to_be_checked()
    expect(other.get_by_role("spinbutton", name="Tage bis zum Termin")).to_have_value("30")
    expect(other.get_by_label("Sortiert nach")).to_have_value("vorlauf")
    results(other).first.click()
    expect(other.get_by_role("heading", level=1)).to_contain_text(titles[0])
    other.go_back()
    expect(other.get_by_role("spinbutton", name="Tage bis zum Termin")).to_have_value("30")
    assert results(other).all_text_contents() == titles


def test_an_address_with_nonsense_shows_all(visit: Open, playbook: Playbook) -> None:
    nonsense: State = {
        "universum": ["<img src=x onerror=alert(1)>", "nirgends"],
        "personen": "-3",
        "tage": "1e2",
        "termin": "2027-13-45",
        "dauer": "17",
        "aufwand": "__proto__",
        "sortierung": "constructor",
        "__proto__": "x",
    }
    page = visit(query(nonsense))
    expect(status(page)).to_have_text(f"Alle {len(playbook.rituals)} Rituale")
    expect(page.locator(".pb-chips li")).to_have_count(0)
    page.get_by_role("spinbutton", name="Personen").fill("0")
    expect(status(page)).to_have_text(f"Alle {len(playbook.rituals)} Rituale")
    page.get_by_role("spinbutton", name="Personen").fill("4")
    expect(page).to_have_url(re.compile(r"finden/\?personen=4$"))


def test_sorting(visit: Open, playbook: Playbook) -> None:
    page = visit("finden/")
    rituals = {ritual.title: ritual for ritual in playbook.rituals.values()}
    keys: dict[str, Callable[[Ritual], object]] = {
        "vorlauf": lambda ritual: -min(at.total for at in moments(ritual)),
        "vorbereitung": lambda ritual: ritual.duration.prep,
        "aufwand": lambda ritual: (ritual.effort.host, ritual.effort.guest),
    }

    def sorted_by(order: str) -> list[str]:
        page.get_by_label("Sortiert nach").select_option(order)
        return results(page).all_text_contents()

    by_title = sorted_by("titel")
    assert sorted(by_title) == sorted(rituals)
    places = [by_title.index(title) for title in ("Empfang", "Köpfe und Können", "Kundendialog")]
    assert places == sorted(places)
    assert (by_title[0][0], by_title[-1][0]) == ("A", "Z")
    assert sorted_by("") == expected(playbook, {})
    for order, key in keys.items():
        assert sorted_by(order) == sorted(expected(playbook, {}), key=lambda title: key(rituals[title]))  # type: ignore[arg-type, return-value]


def test_a_date_counts_from_today_in_vienna(visit: Open, playbook: Playbook) -> None:
    page = visit("finden/", at=NOW, timezone_id="America/Los_Angeles")
    page.get_by_role("spinbutton", name="Tage bis zum Termin").fill("30")
    page.locator("input[type=date]").fill("2026-12-01")
    expect(page.get_by_role("spinbutton", name="Tage bis zum Termin")).to_have_value("")
    expect(page.locator(".pb-chips li").first).to_contain_text(
        re.compile(r"Termin am: Di.?, 1\. Dezember 2026, in 7 Tagen")
    )
    assert results(page).all_text_contents() == expected(playbook, {"tage": "7"})
    page.get_by_role("spinbutton", name="Tage bis zum Termin").fill("1")
    expect(page.locator("input[type=date]")).to_have_value("")
    assert results(page).all_text_contents() == expected(playbook, {"tage": "1"})
    page.goto(page.url.partition("?")[0] + "?termin=2026-11-23")
    expect(page.locator(".pb-chips li").first).to_contain_text("schon vorbei")
    expect(page.locator(".pb-finder__none button").first).to_contain_text("schon vorbei“: 27 Rituale")


def test_presets_lead_to_rituals(visit: Open, playbook: Playbook) -> None:
    page = visit("finden/")
    presets = page.get_by_role("navigation", name="Schnellwahl").get_by_role("link")
    assert presets.count() == 3
    for place in range(3):
        words = presets.nth(place).inner_text()
        presets.nth(place).click()
        page.wait_for_url("**/finden/?*")
        assert words.split()[-1] == str(results(page).count()), words
        assert 3 <= results(page).count() <= 10
    page.get_by_role("button", name="Alle zurücksetzen").click()
    expect(page).to_have_url(re.compile("finden/$"))
    expect(status(page)).to_be_focused()
    page.go_back()
    expect(page.get_by_role("spinbutton", name="Personen")).to_have_value("50")


def test_without_script_the_table_says_all(visit: Open, playbook: Playbook, site: Path) -> None:
    page = visit("finden/", java_script_enabled=False)
    expect(page.locator(".pb-filter")).to_be_hidden()
    expect(page.locator(".pb-presets")).to_be_hidden()
    table = page.get_by_role("table", name="Rituale")
    assert table.get_by_role("rowheader").get_by_role("link").all_text_contents() == expected(playbook, {})
    row = table.get_by_role("row").filter(has=page.get_by_role("link", name="Empfang", exact=True))
    for words in ("Tradition", "Ankommen", "3 bis 8", "15 min", "45 min", "1 Tag", "mittel", "gering"):
        expect(row).to_contain_text(words)
    sheets = row.get_by_role("link", name=re.compile("PDF")).evaluate_all("all => all.map(a => a.href)")
    assert len(sheets) == 2
    assert all((site / "print" / url.rpartition("/")[2]).is_file() for url in sheets)
    row.get_by_role("link", name="Empfang", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Empfang")


def test_by_keyboard_alone(visit: Open) -> None:
    page = visit("finden/")
    focused = page.locator("*:focus")
    page.get_by_role("spinbutton", name="Tage bis zum Termin").focus()
    page.keyboard.type("14")
    for _ in range(30):  # on to the first box; the parts of the date are stops too
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "universum":
            break
    page.keyboard.press("Space")
    expect(focused).to_have_attribute("value", "dialog")
    expect(focused).to_be_checked()
    expect(status(page)).to_contain_text("von 27 Ritualen")
    chips = page.get_by_role("list", name="Gewählte Filter").get_by_role("button")
    expect(chips).to_have_count(3)
    chips.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Universum: Dialog auf Augenhöhe entfernen")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(status(page)).to_have_text("Alle 27 Rituale")
    page.get_by_role("spinbutton", name="Personen").focus()
    page.keyboard.type("999")
    page.keyboard.press("Enter")
    expect(status(page)).to_be_focused()


def test_a_box_that_comes_to_nothing_keeps_the_focus(visit: Open) -> None:
    page = visit(query({"universum": "purpose", "tage": "1"}))
    box = page.get_by_role("checkbox", name="Purpose")
    box.focus()
    page.keyboard.press("Space")
    expect(box).not_to_be_checked()
    expect(box).to_be_focused()
    page.keyboard.press("Space")
    expect(box).to_be_checked()


def test_on_a_phone_the_filters_fold_away(visit: Open) -> None:
    page = visit(query({"personen": "6"}), **PHONE)
    summary = page.locator(".pb-filter__all > summary")
    expect(summary).to_have_text("Filter (1)")
    expect(page.get_by_label("Vorbereitung", exact=True)).to_be_hidden()
    summary.tap()
    page.get_by_role("checkbox", name="Exklusiv").check()
    expect(summary).to_have_text("Filter (2)")
    assert page.evaluate("document.scrollingElement.scrollWidth") == 360
    page.get_by_role("button", name=re.compile(r"\d+ Rituale? zeigen")).tap()
    expect(page.get_by_label("Vorbereitung", exact=True)).to_be_hidden()
    expect(status(page)).to_be_focused()
    expect(status(page)).to_be_in_viewport()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 360
    small = page.locator(".pb-finder :is(a, button, select, summary, label.pb-filter__box)").evaluate_all(
        """all => all.map(e => [e.textContent, e.getBoundingClientRect().height])
          .filter(([, height]) => height && height < 44)"""
    )
    assert not small


def test_paper_says_what_was_chosen(visit: Open, playbook: Playbook) -> None:
    state: State = {"personen": "6", "aufwand": "1"}
    page = visit(query(state))
    page.emulate_media(media="print")
    expect(page.locator(".pb-filter")).to_be_hidden()
    expect(page.locator(".pb-presets")).to_be_hidden()
    expect(page.get_by_text("Personen: 6")).to_be_visible()
    expect(page.get_by_text("Aufwand für uns: gering")).to_be_visible()
    expect(page.get_by_role("button", name="Alle zurücksetzen")).to_be_hidden()
    assert results(page).all_text_contents() == expected(playbook, state)
    expect(page.get_by_role("columnheader", name="Vorlauf")).to_be_visible()


def test_the_search_finds_the_finder_but_not_for_a_rituals_words(site: Path) -> None:
    records = [record for path in site.glob("search/text-*.json") for record in json.loads(path.read_text("utf-8"))]
    text = next(record[5] for record in records if record[0] == "finden/")
    assert "Aussuchen" in text
    assert not re.search("Empfang|Gastgeber", text)
