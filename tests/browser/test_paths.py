"""A mentor takes people through a path: what the page remembers, and what the next conversation is about."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from generator.model.mentoring import MentorPath, Stage
from generator.model.playbook import Playbook
from tests.browser.serve import Open

GESPRAECH = "mentoring/gespraech/"
KEY = "playbook.mentees"
ENDS = ["am Mo, 23. November 2026", "bis So, 29. November 2026"]  # of a path begun on this Monday
ENDS += ["bis Mi, 23. Dezember 2026", "bis Sa, 20. Februar 2027"]
REFUSED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"

Start = Callable[..., Page]


@pytest.fixture
def start(visit: Open, base: str) -> Start:
    """`start(path, script="…", context=…)` opens a page, for a new reader or in another tab of `context`."""

    def open_page(path: str = GESPRAECH, script: str = "", context: BrowserContext | None = None) -> Page:
        if context:
            page = context.new_page()
            page.goto(base + path)
        else:
            page = visit(path, script=script, viewport={"width": 1280, "height": 900})
        expect(page.get_by_role("heading", name="begleitest")).to_be_visible()
        return page

    return open_page


def store(page: Page, stored: object) -> None:
    """Open the page anew with that text, or that data of the right version, in its storage."""
    text = stored if isinstance(stored, str) else json.dumps({"version": 1, "data": stored})
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
    page.reload()


def accompany(page: Page, name: str, first_day: str = "") -> None:
    page.get_by_label("Name der neuen Person").fill(name)
    page.get_by_label("Erster Arbeitstag (wenn").fill(first_day)
    page.get_by_role("button", name="Eintragen", exact=True).click()
    expect(page.get_by_role("heading", name=f"Du begleitest {name}")).to_be_visible()


def stage_of(page: Page, key: str) -> Locator:
    return page.locator(f'.pb-stage[data-stage="{key}"]')


def signs(page: Page, key: str) -> Locator:
    return stage_of(page, key).locator(".pb-part--ready").get_by_role("checkbox")


def finish(page: Page, key: str) -> None:
    for sign in signs(page, key).all():
        sign.check()


def agenda(page: Page) -> Locator:
    page.get_by_role("button", name="Nächstes Gespräch").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


@pytest.fixture(scope="module")
def path(playbook: Playbook) -> MentorPath:
    return playbook.paths["gespraech"]


# ------------------------------------------------------------------ reading


def test_without_javascript_everything_is_there_and_nothing_pretends_to_work(visit: Open, path: MentorPath) -> None:
    page = visit(GESPRAECH, java_script_enabled=False)
    text = page.locator(".pb").inner_text()
    for stage in path.stages:
        for wanted in (stage.title, stage.aim, stage.teach_back.question, *stage.teach_back.good, stage.task.place):
            assert wanted in text
        for wanted in (*stage.prompts, *stage.ready_when, *(p.task for p in practices(stage))):
            assert wanted in text
    assert page.locator("input[type=checkbox]:visible, textarea:visible, .pb button:visible").count() == 0
    assert "bis Ende der 1. Woche" in text
    assert "gespraech-mentor.pdf" in page.get_by_role("link", name="Heft für Mentor:innen").get_attribute("href")  # type: ignore[operator]


def practices(stage: Stage) -> list[Any]:
    return [*stage.observe, *stage.assist, *stage.lead]


def test_before_anybody_is_accompanied_the_page_is_for_reading(start: Start) -> None:
    page = start()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_text("Hier seid ihr")).to_have_count(0)


# ------------------------------------------------------------ from start to end


def test_a_whole_path(start: Start, path: MentorPath) -> None:
    page = start()
    accompany(page, "Lena", "2026-11-23")
    way = page.get_by_role("navigation", name="Etappen").get_by_role("listitem")
    expect(way).to_have_text(
        [
            f"{stage.title}{end}{state}"
            for stage, end, state in zip(
                path.stages,
                ENDS,
                ["Hier seid ihr", "Kommt noch", "Kommt noch", "Kommt noch"],
                strict=True,
            )
        ]
    )
    for number, stage in enumerate(path.stages):
        section = stage_of(page, stage.id)
        expect(section.get_by_text("Hier seid ihr")).to_be_visible()
        finish(page, stage.id)
        expect(section.get_by_text("Geschafft", exact=True)).to_be_visible()
        last = number == len(path.stages) - 1
        wanted = "Das war die letzte Etappe" if last else f"Weiter geht es mit „{path.stages[number + 1].title}“."
        expect(section.get_by_role("status")).to_contain_text(wanted)
    expect(page.get_by_text("Alle Etappen dieses Wegs sind geschafft.")).to_be_visible()
    signs(page, "woche-1").first.uncheck()  # it was too early
    expect(stage_of(page, "woche-1").get_by_text("Hier seid ihr")).to_be_visible()
    expect(stage_of(page, "monat-1").get_by_text("Geschafft", exact=True)).to_be_visible()


def test_ticks_and_notes_are_there_again(start: Start, path: MentorPath) -> None:
    page = start()
    accompany(page, "Lena", "2026-11-23")
    practice = path.stages[0].observe[0]
    page.get_by_role("checkbox", name=practice.task).check()
    page.get_by_role("checkbox", name=path.stages[0].prompts[1]).check()
    stage_of(page, "tag-1").get_by_label("Notiz", exact=True).fill("Milch übergelaufen,\nherzlich gelacht")
    page.reload()
    expect(page.get_by_role("checkbox", name=practice.task)).to_be_checked()
    expect(page.get_by_role("checkbox", name=path.stages[0].prompts[1])).to_be_checked()
    expect(page.get_by_role("checkbox", name=path.stages[0].prompts[0])).not_to_be_checked()
    note = stage_of(page, "tag-1").get_by_label("Notiz", exact=True)
    expect(note).to_have_value("Milch übergelaufen,\nherzlich gelacht")
    expect(page.locator(".pb-mentees__progress")).to_contain_text("Noch 8 Punkte offen.")


def test_a_tick_outlives_new_words_for_the_same_ritual(start: Start, path: MentorPath, base: str) -> None:
    page = start()
    accompany(page, "Lena")
    practice = path.stages[0].observe[0]
    page.get_by_role("checkbox", name=practice.task).check()

    def reworded(route: Any) -> None:
        body = route.fetch().text()
        assert practice.task in body
        route.fulfill(body=body.replace(practice.task, "Ganz anders gesagt."), content_type="text/html")

    page.route(base + GESPRAECH, reworded)
    page.reload()
    expect(page.get_by_role("checkbox", name="Ganz anders gesagt.")).to_be_checked()


def test_keyboard_alone(start: Start) -> None:
    page = start()
    page.get_by_label("Name der neuen Person").focus()
    page.keyboard.type("Lena")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Nächstes Gespräch")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Nächstes Gespräch mit Lena")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Nächstes Gespräch")).to_be_focused()
    sign = signs(page, "tag-1").first
    sign.focus()
    page.keyboard.press("Space")
    expect(sign).to_be_checked()
    expect(sign).to_be_focused()


def test_a_date_that_has_passed_is_no_reproach(visit: Open) -> None:
    page = visit(GESPRAECH, at=datetime(2026, 12, 1, 12))
    accompany(page, "Lena", "2026-11-23")
    expect(stage_of(page, "tag-1").get_by_text("Am Mo, 23. November 2026 gedacht")).to_be_visible()
    finish(page, "tag-1")
    finish(page, "woche-1")
    expect(stage_of(page, "monat-1").get_by_text("gedacht")).to_have_count(0)


# ------------------------------------------------------------- several people


def test_two_people_have_their_own_ticks_on_every_path(start: Start) -> None:
    page = start()
    accompany(page, "Lena", "2026-11-23")
    finish(page, "tag-1")
    page.get_by_role("button", name="Noch jemanden eintragen").click()
    accompany(page, "Tom", "2027-01-11")
    expect(signs(page, "tag-1").first).not_to_be_checked()
    expect(stage_of(page, "tag-1").get_by_text("Am Mo, 11. Jänner 2027")).to_be_visible()
    page.get_by_role("radio", name="Lena").check()
    expect(signs(page, "tag-1").first).to_be_checked()
    other = start("mentoring/handschlag/", context=page.context)
    expect(other.get_by_role("heading", name="Du begleitest Lena")).to_be_visible()
    expect(signs(other, "tag-1").first).not_to_be_checked()
    finish(other, "tag-1")
    expect(signs(page, "woche-1").first).not_to_be_checked()


def test_another_tab_sees_it_and_neither_loses_anything(start: Start) -> None:
    one = start()
    accompany(one, "Lena")
    two = start(context=one.context)
    note = stage_of(two, "woche-1").get_by_label("Notiz", exact=True)
    note.fill("aus dem zweiten")
    signs(one, "tag-1").first.check()
    expect(signs(two, "tag-1").first).to_be_checked()
    expect(note).to_have_value("aus dem zweiten")
    expect(stage_of(one, "woche-1").get_by_label("Notiz", exact=True)).to_have_value("aus dem zweiten")
    two.get_by_role("button", name="Noch jemanden eintragen").click()
    accompany(two, "Tom")
    expect(one.get_by_role("heading", name="Du begleitest Lena")).to_be_visible()  # as it was, under one's fingers
    expect(one.get_by_role("radio", name="Tom")).to_be_visible()


def test_deleting_can_be_undone(start: Start) -> None:
    page = start()
    accompany(page, "Lena", "2026-11-23")
    finish(page, "tag-1")
    page.get_by_role("button", name="Eintrag löschen").click()
    expect(page.get_by_role("status").filter(has_text="Lena ist gelöscht.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Rückgängig")).to_be_focused()
    page.keyboard.press("Enter")
    expect(signs(page, "tag-1").first).to_be_checked()
    page.get_by_role("button", name="Eintrag löschen").click()
    page.reload()
    assert "Lena" not in page.evaluate(f"localStorage.getItem('{KEY}')")


# --------------------------------------------------------------------- files


def test_a_file_takes_it_to_another_browser(start: Start, tmp_path: Path) -> None:
    page = start()
    accompany(page, "Lena Ö. <b>", "2026-11-23")
    finish(page, "tag-1")
    stage_of(page, "tag-1").get_by_label("Notiz", exact=True).fill("„gut“")
    with page.expect_download() as download:
        page.get_by_role("button", name="Als Datei sichern").click()
    file = tmp_path / download.value.suggested_filename
    assert file.name == "begleitung-lena-ö-b.json"
    download.value.save_as(file)

    other = start()
    other.get_by_label("Aus Datei laden").set_input_files(file)
    expect(other.get_by_role("heading", name="Du begleitest Lena Ö. <b>")).to_be_visible()
    expect(stage_of(other, "woche-1").get_by_text("Hier seid ihr")).to_be_visible()
    expect(stage_of(other, "tag-1").get_by_label("Notiz", exact=True)).to_have_value("„gut“")

    stage_of(page, "tag-1").get_by_label("Notiz", exact=True).fill("neuer als die Datei")
    page.get_by_label("Aus Datei laden").set_input_files(file)
    expect(stage_of(page, "tag-1").get_by_label("Notiz", exact=True)).to_have_value("„gut“")
    page.get_by_role("button", name="Rückgängig").click()
    expect(stage_of(page, "tag-1").get_by_label("Notiz", exact=True)).to_have_value("neuer als die Datei")


HOSTILE = {
    "id": "abc",
    "name": "x" * 500,
    "start": "2026-02-31",
    "paths": {
        "gespraech": {
            "ticks": ["tag-1/task", 7, None, "../x", "<img>"],
            "notes": {"tag-1": "n" * 9000, "__proto__": "x"},
        },
        "<script>": {},
        "tisch": "nichts",
    },
}


NO_FILES = ["", "kein JSON", "null", "[]"]
NO_FILES += [f'{{"kind": "playbook-mentee", "version": {version}}}' for version in (1, 2)]


def test_a_file_that_is_none_changes_nothing(start: Start) -> None:
    page = start()
    accompany(page, "Lena")
    for content in NO_FILES:
        page.reload()
        file: Any = {"name": "x.json", "mimeType": "", "buffer": content.encode()}
        page.get_by_label("Aus Datei laden").set_input_files(file)
        expect(page.get_by_text("Diese Datei ist keine gesicherte Begleitung."), content).to_be_visible()
        expect(page.get_by_role("heading", name="Du begleitest Lena"), content).to_be_visible()


def test_a_hostile_file_is_tidied(start: Start) -> None:
    page = start()
    file = json.dumps({"kind": "playbook-mentee", "version": 1, "person": HOSTILE}).encode()
    page.get_by_label("Aus Datei laden").set_input_files({"name": "x.json", "mimeType": "", "buffer": file})
    expect(page.get_by_role("heading", name="Du begleitest " + "x" * 60, exact=True)).to_be_visible()
    stored = page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}')).data.people[0]")
    assert stored["start"] == ""
    assert stored["paths"] == {
        "gespraech": {"ticks": ["tag-1/task"], "notes": {"tag-1": "n" * 400}},
        "tisch": {"ticks": [], "notes": {}},
    }


def test_a_file_finds_no_room(start: Start) -> None:
    people = [{"id": f"a{number}", "name": f"P{number}"} for number in range(50)]
    page = start()
    store(page, {"people": people})
    for person, said in (
        ({"id": "neu", "name": "Neu"}, "Mehr Personen"),
        ({"id": "a7", "name": "Neu"}, "Bei Neu gilt jetzt"),
    ):
        file = json.dumps({"kind": "playbook-mentee", "version": 1, "person": person}).encode()
        page.get_by_label("Aus Datei laden").set_input_files({"name": "x.json", "mimeType": "", "buffer": file})
        expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    assert len(page.evaluate(f"JSON.parse(localStorage.getItem('{KEY}')).data.people")) == 50


def test_people_of_other_kinds_are_none(start: Start) -> None:
    people = [{"id": 5, "name": "Zahl"}, {"id": ["a"], "name": "Liste"}, {"id": "b", "name": "A\n\u202eB"}]
    page = start()
    store(page, {"people": people, "chosen": 5})
    expect(page.get_by_role("heading", name="Du begleitest A B", exact=True)).to_be_visible()
    expect(page.locator("#_begleitung").get_by_role("radio")).to_have_count(0)


def test_ticks_are_the_same_in_each_language(start: Start) -> None:
    page = start()
    accompany(page, "Lena")
    boxes = page.locator(".pb-stage .pb-tick input")
    for box in boxes.all()[:8]:
        box.check()
    page.goto(page.url.replace(GESPRAECH, f"en/{GESPRAECH}"))
    expect(boxes.first).to_be_checked()
    assert [box.is_checked() for box in boxes.all()].count(True) == 8


# -------------------------------------------------------------- broken storage


@pytest.mark.parametrize("script", [REFUSED, FULL])
def test_where_nothing_can_be_kept_it_works_and_says_so(script: str, start: Start) -> None:
    page = start(script=script)
    accompany(page, "Lena", "2026-11-23")
    expect(page.get_by_text("Dein Browser merkt sich hier nichts.", exact=False).first).to_be_visible()
    finish(page, "tag-1")
    expect(stage_of(page, "woche-1").get_by_text("Hier seid ihr")).to_be_visible()
    expect(agenda(page)).to_contain_text("Woche 1")


STORED = [
    "{kaputt",
    '{"version": 99, "data": {}}',
    json.dumps({"version": 1, "data": {"people": [None, 7, {"name": "ohne id"}, HOSTILE, HOSTILE], "chosen": "weg"}}),
]


def test_whatever_is_stored_the_page_works(start: Start) -> None:
    """Whatever else may be in there: `test_hostile.py`."""
    page = start()
    for stored in STORED:
        store(page, stored)
        expect(page.get_by_role("heading", name="begleitest"), stored).to_be_visible()
        if page.get_by_role("button", name="Noch jemanden eintragen").is_visible():
            page.get_by_role("button", name="Noch jemanden eintragen").click()
        accompany(page, "Lena")
        finish(page, "tag-1")
        page.reload()
        expect(stage_of(page, "woche-1").get_by_text("Hier seid ihr"), stored).to_be_visible()


# ------------------------------------------------------- the next conversation


def test_the_agenda_holds_what_is_open_in_the_current_stage(start: Start, path: MentorPath) -> None:
    page = start()
    accompany(page, "Lena", "2026-11-23")
    finish(page, "tag-1")
    stage_of(page, "tag-1").get_by_label("Notiz", exact=True).fill("Mehr zuhören.")
    stage = path.stages[1]
    done, opened = stage.observe[0], stage.observe[1]
    page.get_by_role("checkbox", name=done.task).check()
    page.get_by_role("checkbox", name=stage.prompts[0]).check()
    page.get_by_role("checkbox", name=stage.task.place).check()
    text = agenda(page).inner_text()
    for wanted in (stage.title, "Mehr zuhören.", opened.task, *stage.prompts[1:4], *stage.ready_when):
        assert wanted in text
    for wanted in (stage.teach_back.question, *stage.teach_back.good):
        assert wanted in text
    for gone in (done.task, stage.prompts[0], stage.task.place, path.stages[2].title, path.stages[0].ready_when[0]):
        assert gone not in text
    page.keyboard.press("Escape")
    for later in path.stages[1:]:
        finish(page, later.id)
    text = agenda(page).inner_text()
    assert "Alle Etappen dieses Wegs sind geschafft." in text
    assert "Der kleine Tausch kommt am ersten Tag" in text
    assert stage.prompts[1] not in text


@pytest.mark.parametrize("many", [1, pytest.param(None, marks=pytest.mark.slow)], ids=["one path", "all paths"])
def test_the_agenda_of_every_stage_is_one_page_on_paper(start: Start, playbook: Playbook, many: int | None) -> None:
    for path in list(playbook.paths.values())[:many]:
        page = start(f"mentoring/{path.id}/")
        accompany(page, "Maximiliane Oberhollenzer-Wieser", "2026-11-23")
        for stage in path.stages:
            stage_of(page, stage.id).get_by_label("Notiz", exact=True).fill("wort " * 79 + "Ende.")
            dialog = agenda(page)
            pages = printed(page)
            assert len(pages) == 1, (path.id, stage.id)
            for wanted in (stage.prompts[0], stage.teach_back.question, stage.ready_when[-1], "Ende.", "Am:"):
                assert "".join(wanted.split()) in pages[0]
            for gone in ("DeinPartalsMentor:in", "Inhaltsverzeichnis", "Drucken", "ZumAusdrucken"):
                assert gone not in pages[0]
            dialog.get_by_role("button", name="Schließen").click()
            finish(page, stage.id)
        page.context.close()


def printed(page: Page) -> list[str]:
    document = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))
    return ["".join(sheet.get_textpage().get_text_range().split()) for sheet in document]


def test_the_page_on_paper_shows_the_notes_and_no_controls(start: Start) -> None:
    page = start()
    accompany(page, "Lena")
    note = stage_of(page, "tag-1").get_by_label("Notiz", exact=True)
    note.fill("Auf Papier. " + "wort " * 77)
    sheets = printed(page)
    text = "".join(sheets)
    assert "AufPapier." in text
    assert all(len(sheet) > 400 for sheet in sheets[:-1])  # no stage's head stands alone
    page.emulate_media(media="print")
    assert note.evaluate("it => it.scrollHeight <= it.clientHeight")
    for gone in ("AlsDateisichern", "Merken"):
        assert gone not in text
