"""„In welchem Universum sind wir?“, answered by hand, by link, by several people, and on paper."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Locator, Page, expect

from generator.model.chooser import Choice, Chooser
from generator.model.playbook import Playbook
from tests.accessibility.looks import contrasts, too_faint
from tests.browser.serve import Open
from tests.browser.test_reading import PHONE

KOMPASS = "kompass/"
KEY = "playbook.chooser"
Answers = dict[str, str]


@pytest.fixture(scope="module")
def chooser(playbook: Playbook) -> Chooser:
    assert playbook.chooser
    return playbook.chooser


def for_universe(chooser: Chooser, key: str) -> Answers:
    """Always the answer that speaks most for a universe."""
    return {s.id: max(s.answers, key=lambda a: a.weights.get(key, 0)).id for s in chooser.situations}


def choices(chooser: Chooser, answers: Answers) -> list[Choice]:
    return [a for s in chooser.situations for a in s.answers if answers.get(s.id) == a.id]


def link(answers: Answers, name: str = "") -> str:
    return f"{KOMPASS}#{urlencode(answers | ({'_name': name} if name else {}))}"


def shares(page: Page) -> dict[str, int]:
    rows = page.locator(".pb-chart").first.get_by_role("listitem").all()
    return {str(row.get_attribute("data-universe")): percent(row) for row in rows}


def percent(row: Locator) -> int:
    found = re.search(r"(\d+) %", row.inner_text())
    assert found, row.inner_text()
    return int(found[1])


def reasons(page: Page, title: str) -> list[str]:
    return page.get_by_role("region", name=title, exact=True).get_by_role("listitem").all_inner_texts()


def checked(page: Page) -> Answers:
    radios = page.locator("fieldset input:checked").all()
    return {str(r.get_attribute("name")): str(r.get_attribute("value")) for r in radios}


def progress(page: Page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text="beantwortet")).to_have_text(text)


def choose(page: Page, answers: Answers) -> None:
    for name, value in answers.items():
        page.locator(f"input[name='{name}'][value='{value}']").check()


def test_every_situation_is_answered_by_keyboard(visit: Open, chooser: Chooser) -> None:
    page = visit(KOMPASS)
    total = len(chooser.situations)
    progress(page, f"0 von {total} beantwortet")
    page.locator("fieldset input").first.focus()
    for number, situation in enumerate(chooser.situations, 1):
        group = page.get_by_role("group", name=situation.text, exact=True)
        assert page.evaluate("document.activeElement.name") == situation.id
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        expect(group.get_by_role("radio", name=situation.answers[1].text, exact=True)).to_be_checked()
        expect(group.get_by_role("radio", name=situation.answers[1].text, exact=True)).to_be_focused()
        progress(page, f"{number} von {total} beantwortet")
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zu euren Anteilen")).to_be_focused()
    assert checked(page) == {s.id: s.answers[1].id for s in chooser.situations}


def test_each_universe_can_show_most_and_says_why(visit: Open, base: str, chooser: Chooser, playbook: Playbook) -> None:
    page = visit(KOMPASS)
    for key in playbook.universes:
        answers = for_universe(chooser, key)
        choose(page, answers)
        chosen = choices(chooser, answers)
        points = Counter[str]()
        for answer in chosen:
            points.update(answer.weights)
        found = shares(page)
        assert list(found) == list(playbook.universes), "all of them, in the handbook's order"
        assert found == {k: round(100 * points[k] / points.total()) for k in found}
        assert max(found, key=lambda k: found[k]) == key
        for other, universe in playbook.universes.items():
            wanted = [a for a in chosen if other in a.weights]
            texts = [f"weil ihr {a.because}" for a in sorted(wanted, key=lambda a: -a.weights[other])]
            shown = reasons(page, universe.title)
            assert [text[:-1] for text in shown] == texts
            assert "".join(text[-1] for text in shown) == "," * (len(texts) - 1) + "." * bool(texts)
            expect(page.get_by_role("region", name=universe.title, exact=True)).to_contain_text("Beim nächsten Kontakt")
        words = page.locator(".pb-chooser__result").inner_text()
        assert not re.search("Sieger|gewonnen|Platz [1-4]|Typ|ihr seid", words)


def test_the_weightiest_reason_comes_first(visit: Open, chooser: Chooser, playbook: Playbook) -> None:
    answers = [(s.id, a) for s in chooser.situations for a in s.answers]
    light = next((s, a) for s, a in answers if a.weights.get("exklusiv") == 1)
    heavy = next((s, a) for s, a in answers if a.weights.get("exklusiv") == 3 and s != light[0])
    assert light[0] == chooser.situations[0].id, "it would come first by its place"
    page = visit(link({s: a.id for s, a in (light, heavy)}))
    expect(page.get_by_text("Noch ist das Bild grob.")).to_be_visible()
    wanted = [f"weil ihr {heavy[1].because},", f"weil ihr {light[1].because}."]
    assert reasons(page, playbook.universes["exklusiv"].title) == wanted


def test_what_is_close_is_said_to_be_close(visit: Open, base: str, chooser: Chooser, playbook: Playbook) -> None:
    dialog, exklusiv = for_universe(chooser, "dialog"), for_universe(chooser, "exklusiv")
    half = {key: (dialog if i % 2 else exklusiv)[key] for i, key in enumerate(dialog)}
    page = visit(link(half))
    titles = [playbook.universes[key].title for key in ("dialog", "exklusiv")]
    expect(page.get_by_text(f"{titles[0]} und {titles[1]} liegen bei euch nah beieinander")).to_be_visible()
    between = page.locator(".pb-frictions").get_by_role("heading").all_inner_texts()
    assert [title.strip() for title in titles] == re.split(r"\s+und\s+", between[0].strip().replace("¶", ""))
    assert len(between) == len(chooser.friction), "all of them can be read"
    four = dict(
        zip(
            dialog,
            [for_universe(chooser, key)[s] for s, key in zip(dialog, 2 * [*playbook.universes], strict=False)],
            strict=False,
        )
    )
    page.goto(base + link(four))
    page.reload()
    expect(page.get_by_text("Alle Universen liegen bei euch nah beieinander.")).to_be_visible()


def test_answers_are_remembered_deleted_and_brought_back(visit: Open, chooser: Chooser) -> None:
    page = visit(KOMPASS)
    answers = for_universe(chooser, "tradition")
    choose(page, answers)
    page.reload()
    assert checked(page) == answers
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Antworten löschen").click()
    progress(page, f"0 von {len(answers)} beantwortet")  # the first tab hears of it
    assert checked(other) == {}
    expect(other.get_by_role("button", name="Rückgängig")).to_be_focused()
    other.keyboard.press("Enter")
    assert checked(other) == answers
    expect(other.get_by_role("button", name="Rückgängig")).to_be_hidden()
    progress(page, f"{len(answers)} von {len(answers)} beantwortet")


def test_a_link_brings_answers_and_overwrites_none(visit: Open, base: str, chooser: Chooser) -> None:
    ours, theirs = for_universe(chooser, "dialog"), for_universe(chooser, "purpose")
    page = visit(KOMPASS)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, ours)
    page.get_by_role("button", name="Link kopieren").click()
    expect(page.get_by_text("Der Link ist kopiert.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == base + link(ours)
    page.goto(base + link(theirs | {"unbekannt": "x", "constructor": "y"}, "Vertrieb <b>"))
    opener = page.get_by_role("group", name="Welcher Bogen?")
    expect(opener.get_by_role("button", pressed=True)).to_have_text("Vertrieb <b>")
    assert checked(page) == theirs
    expect(page).to_have_url(base + KOMPASS)
    page.reload()
    assert opener.get_by_role("button").all_inner_texts() == ["Bogen 1", "Vertrieb <b>"]
    opener.get_by_role("button", name="Bogen 1").click()
    assert checked(page) == ours
    page.goto(copied)
    page.reload()
    expect(opener.get_by_role("button")).to_have_count(2)  # what is here already does not come twice


def test_a_damaged_link_changes_nothing(visit: Open, base: str) -> None:
    page = visit()
    for fragment in ("x=y&tuer=gibtsnicht", "%E0%A4%A", "tuer", "=&=&_name=x", "_anteile", "tuer[]=1"):
        page.goto(base)  # another page, or only the address would change
        page.goto(f"{base}{KOMPASS}#{fragment}")
        progress(page, "0 von 9 beantwortet")
        expect(page.get_by_role("group", name="Welcher Bogen?"), fragment).to_be_hidden()


REFUSED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"


@pytest.mark.parametrize("broken", [REFUSED, FULL])
def test_without_storage_it_works_and_says_so(visit: Open, chooser: Chooser, broken: str) -> None:
    page = visit(KOMPASS, script=broken)
    answers = for_universe(chooser, "exklusiv")
    choose(page, answers)
    assert checked(page) == answers
    expect(page.get_by_text("Euer Browser merkt sich hier nichts.")).to_be_visible()


SHEET = {"name": "", "answers": {"tuer": "sessel"}}


DAMAGED: list[tuple[Any, int]] = [  # what is stored, and how many sheets that makes
    (None, 1),
    ({"sheets": [None, 3, {"name": {"x": 1}, "answers": ["tuer"]}], "current": "length"}, 3),
    ({"sheets": [{"name": "n" * 9000, "answers": {"tuer": "weg", "__proto__": 1}}] * 99, "current": 98}, 6),
    ({"sheets": [SHEET], "current": 1.5}, 1),
]


def test_damaged_storage_is_made_good(visit: Open, chooser: Chooser) -> None:
    """Whatever else may be in there: `test_hostile.py`."""
    page = visit(KOMPASS)
    answers = for_universe(chooser, "purpose")
    for data, sheets in DAMAGED:
        text = json.dumps({"version": 1, "data": data})
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        page.reload()
        expect(page.get_by_label("Wer hat geantwortet?"), str(data)[:80]).to_have_count(sheets)
        choose(page, answers)
        page.reload()
        assert checked(page) == answers, data


def test_sheets_of_several_people_side_by_side(visit: Open, chooser: Chooser, playbook: Playbook) -> None:
    page = visit(KOMPASS)
    names = page.get_by_label("Wer hat geantwortet?")
    names.fill("Vertrieb")
    choose(page, for_universe(chooser, "exklusiv"))
    page.get_by_role("button", name="Weiteren Bogen anlegen").click()
    expect(names.nth(1)).to_be_focused()
    page.keyboard.type("Technik ")
    assert checked(page) == {}
    choose(page, for_universe(chooser, "dialog"))
    progress(page, f"Technik: {len(chooser.situations)} von {len(chooser.situations)} beantwortet")
    first = page.locator(".pb-frictions > section").first
    expect(first).to_contain_text(
        f"Hier treffen aufeinander: Technik ({playbook.universes['dialog'].title}), Vertrieb (Exklusiv)."
    )
    expect(first).to_have_attribute("data-between", "dialog exklusiv")
    charts = page.locator(".pb-sheet .pb-chart")
    most = [max(c.get_by_role("listitem").all(), key=percent).get_attribute("data-universe") for c in charts.all()]
    assert most == ["exklusiv", "dialog"]
    page.get_by_role("button", name="Vertrieb öffnen").click()
    assert checked(page) == for_universe(chooser, "exklusiv")
    expect(page.locator("fieldset input:checked").first).to_be_focused()
    add = page.get_by_role("button", name="Weiteren Bogen anlegen")
    for _ in range(4):
        add.click()
    expect(names).to_have_count(6)
    expect(add).to_be_hidden()
    page.get_by_role("button", name="Vertrieb löschen").click()
    expect(names).to_have_count(5)
    expect(add).to_be_focused()
    page.get_by_role("button", name="Rückgängig").click()
    page.reload()
    assert [name.input_value() for name in names.all()] == ["Vertrieb", "Technik", "", "", "", ""]


def test_without_scripts_it_is_a_worksheet(visit: Open, chooser: Chooser, playbook: Playbook) -> None:
    page = visit(KOMPASS, java_script_enabled=False)
    for situation in chooser.situations:
        group = page.get_by_role("group", name=situation.text, exact=True)
        for answer in situation.answers:
            row = group.locator("label").filter(has_text=answer.text)
            points = [f"{n} für {playbook.universes[key].title}" for key, n in answer.weights.items()]
            for text in (answer.text, f"weil ihr {answer.because}", *points):
                expect(row).to_contain_text(text)
            expect(row.locator(".pb-points svg")).to_have_count(len(points))
            expect(row.locator(".pb-points")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    rows = page.get_by_role("table").get_by_role("row")
    assert rows.count() == len(chooser.situations) + 2
    for friction in chooser.friction:
        expect(page.get_by_text(friction.helps)).to_be_visible()
    assert page.locator(".pb").get_by_role("button").count() == 0, "nothing that cannot be used"
    expect(page.get_by_role("main").get_by_role("link", name="Arbeitsblatt")).to_have_attribute(
        "href", "../print/kompass-worksheet.pdf"
    )


def test_on_paper(visit: Open, chooser: Chooser) -> None:
    """Empty it is a worksheet, answered the answers; at most four pages, even with six sheets."""
    page = visit(KOMPASS)
    empty = paper(page)
    assert len(empty) <= 4
    whole = " ".join(empty)
    for text in ("Summe", "Zwanzig Minuten", *(a.text for s in chooser.situations for a in s.answers)):
        assert text in whole
    for text in ("Zu euren Anteilen", "weil ihr", "Drucken", "Bögen nebeneinander", "0 von"):
        assert text not in whole
    choose(page, for_universe(chooser, "dialog"))
    for key in ("tradition", "purpose", "exklusiv", "dialog", "tradition"):
        page.get_by_role("button", name="Weiteren Bogen anlegen").click()
        page.keyboard.type(f"Abteilung {key}")
        choose(page, for_universe(chooser, key))
    answered = paper(page)
    assert len(answered) <= 4
    whole = " ".join(answered)
    assert whole.count("✕") == len(chooser.situations)
    for answer in choices(chooser, for_universe(chooser, "tradition")):
        assert f"weil ihr {answer.because}" in whole
    for text in ("Summe", "Zu euren Anteilen", "Link kopieren", "Löschen"):
        assert text not in whole


def paper(page: Page) -> list[str]:
    document = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))
    return [" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in document]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_legible_and_large_enough_to_touch(visit: Open, chooser: Chooser, scheme: Any) -> None:
    page = visit(link(for_universe(chooser, "purpose"), "Wir"), color_scheme=scheme, **PHONE)
    page.get_by_role("button", name="Weiteren Bogen anlegen").click()
    assert not too_faint(KOMPASS, [text for text in contrasts(page) if not text["name"].startswith("md-")])
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    for target in (*page.locator(".pb-answer").all(), *page.locator(".pb").get_by_role("button").all()):
        box = target.bounding_box()
        if box:
            assert box["height"] >= 44, target.inner_text()
