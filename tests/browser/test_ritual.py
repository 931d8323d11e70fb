"""A ritual's page as a tool: ticks, runs, real dates, reading aloud. Each test does what a reader would do."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import icalendar
import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Locator, Page, expect

from generator.model.playbook import Playbook
from generator.sheets.calendar import calendar
from generator.sheets.dates import date_text, warning
from tests.browser.serve import Open

EVENT = "exklusiv/sommerevent/"
SHORT = "tradition/empfang/"
FIRST, CRITICAL = "Gästeliste: Stand heute", "Zuordnung: jeder Gast"
KEY = "playbook.runs"
NOW = "2026-11-23T09:00:00+01:00"


@pytest.fixture
def tool(visit: Open) -> Open:
    """`visit`, to a ritual's page and at a fixed time, unless it is told otherwise."""

    def open_page(path: str = EVENT, at: str = NOW, **more: Any) -> Page:
        return visit(path, at=at, **more)

    return open_page


def item(page: Page, name: str = FIRST) -> Locator:
    return page.get_by_role("checkbox", name=name)


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Dein Durchgang")


def unfold(page: Page) -> Page:
    panel(page).get_by_text("Dein Durchgang", exact=True).click()
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def date(page: Page, start: str) -> None:
    day, _, time = start.partition("T")
    page.get_by_label("Datum", exact=True).fill(day)
    page.get_by_label("Uhrzeit (Wien)").fill(time)


def stored(page: Page) -> Any:
    return json.loads(page.evaluate(f"localStorage['{KEY}']"))["data"]


def run(**values: Any) -> dict[str, Any]:
    base = {"id": "1-1", "ritual": "sommerevent", "name": "Probe", "made": "2026-11-02", "start": "", "people": {}}
    return base | {"ticks": {}} | values


def seed(page: Page, *runs: object, **more: object) -> None:
    """What an earlier visit has left."""
    data = {"runs": list(runs), "current": {}, **more}
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, json.dumps({"version": 1, "data": data})])
    page.reload()


# ------------------------------------------------------------------------ ticks


def test_ticks_stay_after_a_reload(tool: Open) -> None:
    page = tool()
    item(page).check()
    expect(panel(page)).to_contain_text("Durchgang vom Mo, 23. November 2026")
    page.reload()
    expect(item(page)).to_be_checked()
    expect(item(page, CRITICAL)).not_to_be_checked()
    expect(panel(page)).to_contain_text("Checklisten: 1 von 12")
    item(page).uncheck()
    page.reload()
    expect(panel(page)).to_contain_text("Checklisten: 0 von 12")
    expect(item(page)).not_to_be_checked()


def test_a_second_tab_follows(tool: Open) -> None:
    page = tool()
    other = page.context.new_page()
    other.goto(page.url)
    item(page).check()
    expect(item(other)).to_be_checked()
    item(other, CRITICAL).check()
    expect(item(page, CRITICAL)).to_be_checked()
    assert len(stored(page)["runs"]) == 1
    elsewhere = page.context.new_page()
    elsewhere.goto(page.url.replace(EVENT, SHORT))
    expect(panel(elsewhere)).to_contain_text("für dieses eine Mal")


def test_critical_items_are_not_overlooked(tool: Open, playbook: Playbook) -> None:
    page = tool()
    first = playbook.rituals["sommerevent"].checklists[0]
    section = page.get_by_role("region", name=first.title)
    expect(section.get_by_role("status")).to_be_hidden()
    for entry in first.items:
        assert ("Darf nicht fehlen" in section.get_by_role("listitem").filter(has_text=entry.text).inner_text()) == (
            entry.critical
        )
        if not entry.critical:
            item(page, entry.text).check()
    status = section.get_by_role("status")
    expect(status).to_contain_text("5 von 7 bestätigt")
    expect(status).to_contain_text("2 Punkte, die nicht fehlen dürfen, sind offen: „Zuordnung“, „Strom, Ton, Bild“.")
    expect(section.get_by_text("5 von 7", exact=True)).to_be_visible()
    item(page, CRITICAL).check()
    expect(status).to_contain_text("Ein Punkt, der nicht fehlen darf, ist offen: „Strom, Ton, Bild“.")
    item(page, "Strom, Ton").check()
    expect(status).to_contain_text("Alle 7 bestätigt. Diese Liste ist fertig.")
    expect(panel(page)).to_contain_text("Checklisten: 7 von 12 · 2 Punkte, die nicht fehlen dürfen, sind offen")


def test_a_list_that_was_edited_since(tool: Open) -> None:
    page = tool()
    seed(page, run(ticks={"gibt-es-nicht-mehr": [1, "x"], "liste": [1, "anders"], "regen": [1, ""]}))
    expect(item(page)).to_be_checked()
    expect(page.get_by_role("listitem").filter(has_text=FIRST)).to_contain_text("Seit dem Abhaken neu formuliert")
    expect(page.get_by_role("listitem").filter(has_text="Wetter: ")).not_to_contain_text("neu formuliert")
    expect(panel(page)).to_contain_text("Checklisten: 2 von 12")
    item(page).uncheck()
    item(page).check()
    expect(page.get_by_text("Seit dem Abhaken neu formuliert")).to_be_hidden()
    assert "gibt-es-nicht-mehr" in stored(page)["runs"][0]["ticks"]


def test_several_runs_side_by_side(tool: Open) -> None:
    page = unfold(tool())
    name = page.get_by_label("Name des Durchgangs", exact=True)
    chooser = page.get_by_role("combobox", name="Durchgang")
    name.fill("Sommerevent 2027")
    item(page).check()
    press(page, "Neuer Durchgang")
    expect(name).to_be_focused()
    page.keyboard.type("Winter fest ")
    expect(name).to_have_value("Winter fest ")
    expect(item(page)).not_to_be_checked()
    item(page, CRITICAL).check()
    chooser.select_option("Sommerevent 2027")
    expect(item(page)).to_be_checked()
    expect(item(page, CRITICAL)).not_to_be_checked()
    page.reload()
    expect(panel(page)).to_contain_text("Dein Durchgang Sommerevent 2027")
    unfold(page)
    press(page, "Häkchen zurücksetzen")
    expect(item(page)).not_to_be_checked()
    press(page, "Rückgängig")
    expect(item(page)).to_be_checked()
    press(page, "Durchgang löschen")
    expect(page.get_by_role("button", name="Rückgängig")).to_be_focused()
    expect(chooser.get_by_role("option")).to_have_text(["Winter fest"])
    page.keyboard.press("Enter")
    expect(chooser.get_by_role("option")).to_have_text(["Winter fest", "Sommerevent 2027"])
    expect(item(page)).to_be_checked()


def test_a_tab_keeps_its_run_when_another_switches(tool: Open) -> None:
    page = tool()
    seed(page, run(), run(id="2-2", name="Andere"), current={"sommerevent": "1-1"})
    other = page.context.new_page()
    other.goto(page.url)
    unfold(other).get_by_role("combobox", name="Durchgang").select_option("Andere")
    item(other).check()
    item(page, CRITICAL).check()
    first, second = stored(page)["runs"]
    assert (list(first["ticks"]), list(second["ticks"])) == (["zuordnung"], ["liste"])


# ---------------------------------------------------------------------- storage

REFUSED = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('refused') }})"
FULL = """() => {
  let size = 1 << 22;
  for (let i = 0; size; ) try { localStorage.setItem(`x${i++}`, 'x'.repeat(size)) } catch { size >>= 1 }
}"""


def test_storage_refused(tool: Open) -> None:
    page = tool(script=REFUSED)
    expect(page.get_by_text("Dein Browser merkt sich hier nichts").first).to_be_hidden()
    item(page).check()
    item(page, CRITICAL).check()
    expect(item(page)).to_be_checked()
    expect(panel(page)).to_contain_text("Checklisten: 2 von 12")
    for notice in page.get_by_text("Dein Browser merkt sich hier nichts").all():
        expect(notice).to_be_visible()
    date(unfold(page), "2027-06-18T18:30")
    expect(page.get_by_text("Fr, 26. März 2027").first).to_be_visible()


def test_what_cannot_be_read_for_once_is_not_lost(tool: Open) -> None:
    page = tool(
        script="""const { getItem } = Storage.prototype;
        Storage.prototype.getItem = function (key) {
          if (window.blind && key === 'playbook.runs') throw new DOMException('for once');
          return getItem.call(this, key);
        }"""
    )
    seed(page, run(name="Wichtig", ticks={"liste": [1, ""]}))
    page.evaluate("window.blind = true")
    item(page, CRITICAL).check()
    expect(item(page, CRITICAL)).to_be_checked()
    expect(page.get_by_text("Dein Browser merkt sich hier nichts").first).to_be_visible()
    page.evaluate("window.blind = false")
    item(page, "Wetter: ").check()
    assert [entry["name"] for entry in stored(page)["runs"]] == ["Wichtig"]


def test_storage_full(tool: Open) -> None:
    page = tool()
    seed(page, run(ticks={"liste": [1, ""]}))
    page.evaluate(FULL)
    item(page, CRITICAL).check()
    expect(page.get_by_text("Dein Browser merkt sich hier nichts").first).to_be_visible()
    expect(panel(page)).to_contain_text("Checklisten: 2 von 12")
    page.evaluate("for (const key of Object.keys(localStorage)) if (key[0] === 'x') delete localStorage[key]")
    item(page, "Wetter: ").check()
    expect(page.get_by_text("Dein Browser merkt sich hier nichts").first).to_be_hidden()
    page.reload()
    expect(panel(page)).to_contain_text("Checklisten: 3 von 12")


NESTED = {"version": 1, "data": {"runs": [run(people={"marketing": {"a": [1]}}, ticks=["liste"], start=7, name=[])]}}
DAMAGED = {
    "not JSON": "{runs: oh",
    "null": "null",
    "a newer version": json.dumps({"version": 2, "data": {"runs": "other"}}),
    "wrong types within": json.dumps(NESTED),
    "prototype keys": '{"version":1,"data":{"current":{"__proto__":{"sommerevent":"x"},"sommerevent":"constructor"},'
    '"runs":[{"id":"__proto__","ritual":"sommerevent"},{"id":"constructor","ritual":"sommerevent",'
    '"people":{"__proto__":{"marketing":"Mallory"},"constructor":"x"},"ticks":{"__proto__":{"liste":[1,""]},"toString":[1,""]}}]}}',
}


def test_storage_damaged(tool: Open) -> None:
    """Whatever else may be in there: `test_hostile.py`."""
    page = tool()
    for kind, text in DAMAGED.items():
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, text])
        page.reload()
        item(page, CRITICAL).check()
        page.reload()
        expect(item(page, CRITICAL), kind).to_be_checked()
        expect(panel(page), kind).to_contain_text("Checklisten: 1 von 12")
        expect(page.get_by_text("Mallory")).to_have_count(0)
        if kind in ("not JSON", "a newer version"):
            assert page.evaluate(f"localStorage['{KEY}.unread']") == text


def test_a_new_run_beside_very_many(tool: Open) -> None:
    page = tool()
    seed(page, *(run(id=f"{number}-1", ritual="empfang", name=f"N{number}") for number in range(2000)))
    unfold(page)
    page.get_by_label("Name des Durchgangs", exact=True).fill("Neu")
    item(page).check()
    page.reload()
    expect(panel(page)).to_contain_text("Dein Durchgang Neu")
    expect(item(page)).to_be_checked()
    assert [entry["name"] for entry in stored(page)["runs"][-2:]] == ["N1999", "Neu"]


# ------------------------------------------------------------- handing runs on


def test_a_run_is_shared_by_its_address(tool: Open) -> None:
    page = unfold(tool())
    date(page, "2027-06-18T18:30")
    page.get_by_role("textbox", name="Marketing-Team").fill('Jana <b>"Ökü"</b> 🎪')
    item(page).check()
    press(page, "Link kopieren")
    link = page.get_by_label("Wer diesen Link öffnet").input_value()
    item(page, CRITICAL).check()  # the address says what the page says

    page = tool("404.html")
    seed(page, run(name="Durchgang am Fr, 18. Juni 2027"))
    before = stored(page)
    page.goto(link)
    expect(panel(page)).to_contain_text("Geteilter Durchgang: „Durchgang am Fr, 18. Juni 2027“")
    expect(item(page)).to_be_checked()
    expect(item(page)).to_be_disabled()
    expect(page.locator(".pb-roles")).to_contain_text('Jana <b>"Ökü"</b> 🎪')
    assert stored(page) == before
    press(page, "Übernehmen")
    expect(page).to_have_url(re.compile("^[^#]*$"))
    item(page, CRITICAL).check()
    kept, taken = stored(page)["runs"]
    assert kept == before["runs"][0]
    assert (taken["start"], list(taken["ticks"])) == ("2027-06-18T18:30", ["liste", "zuordnung"])
    unfold(page)
    options = page.get_by_role("combobox", name="Durchgang").get_by_role("option")
    expect(options).to_have_text(["Durchgang am Fr, 18. Juni 2027", "Durchgang am Fr, 18. Juni 2027 (2)"])

    page.goto(link)
    press(page, "Nicht übernehmen")
    expect(item(page)).to_be_enabled()
    assert len(stored(page)["runs"]) == 2


def test_an_address_that_was_changed_on_its_way(tool: Open, base: str) -> None:
    parcel = {
        "kind": "playbook-run",
        "version": 1,
        "title": "Sommerevent",
        "run": run(name="Geteilt: ÿþ?>", people={"a": "ÿ" * 9}),
    }
    packed = base64.urlsafe_b64encode(json.dumps(parcel, ensure_ascii=False).encode()).decode().rstrip("=")
    assert "-" in packed or "_" in packed
    encoded = f"durchgang={packed}".replace("-", "%2D").replace("_", "%5f").replace("=", "%3D")
    page = tool("404.html")
    for fragment in [encoded, encoded.replace("%", "%25"), f"durchgang={packed}.", f"durchgang={packed}&von=mail"]:
        page.goto(f"{base}404.html")  # another page, or only the address would change
        page.goto(f"{base}{EVENT}#{fragment}")
        expect(panel(page)).to_contain_text("Geteilter Durchgang: „Geteilt: ÿþ?>“")


def test_going_back_from_a_shared_run(tool: Open) -> None:
    page = tool()
    item(page).check()
    parcel = {"kind": "playbook-run", "version": 1, "title": "Sommerevent", "run": run(name="Fremd")}
    packed = base64.urlsafe_b64encode(json.dumps(parcel).encode()).decode().rstrip("=")
    page.evaluate("text => { location.hash = 'durchgang=' + text }", packed)
    expect(panel(page)).to_contain_text("Fremd")
    expect(item(page)).to_be_disabled()
    page.evaluate("location.hash = 'checklisten'")
    expect(panel(page)).to_contain_text("Fremd")
    page.go_back()
    page.go_back()
    expect(item(page)).to_be_enabled()
    expect(item(page)).to_be_checked()
    expect(panel(page).get_by_text("Geteilter Durchgang")).to_be_hidden()


GARBAGE = [
    "",
    "%E0%A4%A",
    "!!!",
    "bnVsbA",
    "e30",
    "eyJraW5kIjoicGxheWJvb2stcnVuIiwidmVyc2lvbiI6MSwicnVuIjo3fQ",
    "A" * 90_000,
]


def test_an_address_of_garbage(tool: Open) -> None:
    page = tool(f"{EVENT}#durchgang=%00")
    for garbage in GARBAGE:
        page.evaluate("(text) => { location.hash = 'durchgang=' + text }", garbage)
        expect(page).not_to_have_url(re.compile("#"))
        expect(panel(page)).to_contain_text("Mit diesem Link stimmt etwas nicht.")
    item(page).check()
    expect(item(page)).to_be_checked()


def test_a_run_goes_through_a_file(tool: Open, tmp_path: Path) -> None:
    page = unfold(tool())
    page.get_by_label("Name des Durchgangs", exact=True).fill("Sommer: 2027/a")
    date(page, "2027-06-18T18:30")
    item(page).check()
    with page.expect_download() as saved:
        press(page, "Als Datei sichern")
    assert saved.value.suggested_filename == "sommerevent-sommer-2027-a.json"
    file = tmp_path / "run.json"
    saved.value.save_as(file)

    page = unfold(tool())
    for _ in range(2):  # the second time it is put beside the first
        with page.expect_file_chooser() as chosen:
            press(page, "Aus Datei laden")
        chosen.value.set_files(file)
        expect(page.get_by_role("status").filter(has_text="ist geladen")).to_be_visible()
        expect(item(page)).to_be_checked()
    expect(page.get_by_label("Datum", exact=True)).to_have_value("2027-06-18")
    expect(panel(page)).to_contain_text("„Sommer: 2027/a (2)“ ist geladen.")
    first, second = stored(page)["runs"]
    assert first | {"id": ""} == second | {"id": ""}
    assert first["id"] != second["id"]

    page = unfold(tool(SHORT))
    page.locator("input[type=file]").set_input_files(file)
    expect(panel(page)).to_contain_text("gehört zu einem anderen Ritual: Sommerevent")
    file.write_bytes(b"\xff\xfe{")
    page.locator("input[type=file]").set_input_files(file)
    expect(panel(page)).to_contain_text("kein Durchgang, den dieses Handbuch lesen kann")


# ------------------------------------------------------------------------ dates


@pytest.mark.parametrize("zone", ["Europe/Vienna", "Pacific/Auckland"])
def test_dates_are_those_of_the_printed_sheets(tool: Open, playbook: Playbook, zone: str) -> None:
    page = unfold(tool(timezone_id=zone))
    ritual = playbook.rituals["sommerevent"]
    expected = [step.at for step in ritual.steps]
    for checklist in ritual.checklists:
        expected += [checklist.at, *(entry.due for entry in checklist.items if entry.due)]
    dated = page.get_by_role("main").locator("[data-at]")
    for start in ("2027-03-28T02:30", "2026-10-25T02:30", "2027-06-18T18:30", "2027-01-07T00:15"):
        date(page, start)
        then = datetime.fromisoformat(start)
        expect(dated.first).to_contain_text(date_text(then, expected[0]))
        for text, at in zip(dated.all_inner_texts(), expected, strict=True):
            assert text.startswith(date_text(then, at)), (text, at)
            found = warning(then, at)
            assert (f"Achtung: {found}" in text) == bool(found), (text, found)
            assert ("Achtung" in text) == bool(found)


def test_what_is_late_and_what_is_today_stands_out(tool: Open) -> None:
    page = unfold(tool(at="2027-05-24T09:00:00+02:00"))
    date(page, "2027-06-21T18:30")  # the step four weeks before is today
    steps = page.get_by_role("main").locator(".pb-step")
    expect(steps.nth(0)).to_contain_text("überfällig seit 56 Tagen")
    expect(steps.nth(1)).to_contain_text("überfällig seit 28 Tagen")
    expect(steps.nth(2)).to_contain_text("heute")
    expect(steps.nth(3)).not_to_contain_text(re.compile("heute|überfällig"))
    for text in ("2 überfällig", "1 heute", "Überfällig: Mo, 29. März 2027", "Nächster Schritt: Mo, 24. Mai 2027"):
        expect(panel(page)).to_contain_text(text)
    page.get_by_role("button", name="Nächster Schritt").click()
    expect(steps.nth(2).get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    expect(steps.nth(2)).not_to_contain_text("heute")
    expect(panel(page)).to_contain_text("Nächster Schritt: Mo, 14. Juni 2027")
    steps.nth(0).get_by_role("checkbox").check()
    steps.nth(1).get_by_role("checkbox").check()
    expect(panel(page)).not_to_contain_text("überfällig")
    page.clock.set_fixed_time("2027-06-21T20:00:00+02:00")
    page.reload()
    expect(steps.nth(5)).to_contain_text("überfällig seit 5 Stunden")
    expect(steps.nth(4)).to_contain_text("überfällig seit gestern")
    expect(steps.nth(7)).to_contain_text("heute")


def test_a_date_that_is_none(tool: Open) -> None:
    page = unfold(tool())
    field = page.get_by_label("Datum", exact=True)
    field.fill("0027-06-18")
    page.get_by_label("Name des Durchgangs", exact=True).focus()
    expect(panel(page)).to_contain_text("zwischen 1971 und 2099")
    expect(page.locator(".pb-date")).to_have_count(0)
    field.fill("2027-06-18")
    expect(page.locator(".pb-date").first).to_be_visible()
    field.fill("")
    expect(page.locator(".pb-date")).to_have_count(0)


def test_a_date_without_a_time(tool: Open) -> None:
    page = unfold(tool())
    page.get_by_label("Uhrzeit (Wien)").fill("")
    page.get_by_label("Datum", exact=True).fill("2027-06-18")
    page.get_by_label("Name des Durchgangs", exact=True).focus()
    expect(panel(page)).to_contain_text("Durchgang am Fr, 18. Juni 2027")
    expect(page.get_by_label("Uhrzeit (Wien)")).to_have_value("10:00")


def test_ticks_are_the_same_in_each_language(tool: Open) -> None:
    page = tool()
    boxes = page.locator("[data-step] input, [data-item] input")
    item(page).check()
    page.get_by_text("Erledigt", exact=True).first.click()
    page.goto(page.url.replace(EVENT, f"en/{EVENT}"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert [box.is_checked() for box in boxes.all()].count(True) == 2
    expect(page.locator(".pb-changed").filter(visible=True)).to_have_count(0)


def test_a_very_long_name_fits_a_phone(tool: Open) -> None:
    page = tool(viewport={"width": 320, "height": 640})
    seed(page, run(people={"marketing": "m" * 80}))
    expect(page.locator(".pb-name").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_names_stand_beside_their_roles(tool: Open) -> None:
    page = unfold(tool())
    page.get_by_role("textbox", name="Technik").fill("Emre Yıldız")
    expect(page.locator(".pb-step").filter(has_text="Generalprobe ab")).to_contain_text("Technik · Emre Yıldız")
    expect(page.get_by_role("listitem").filter(has_text="Strom, Ton")).to_contain_text("Technik · Emre Yıldız")
    page.reload()
    expect(page.locator(".pb-roles").get_by_text("Emre Yıldız")).to_be_visible()


def test_the_calendar_is_that_of_the_command_line(tool: Open, playbook: Playbook, tmp_path: Path) -> None:
    page = unfold(tool())
    date(page, "2027-06-18T18:30")
    page.get_by_role("textbox", name="Technik").fill("Emre")
    with page.expect_download() as saved:
        press(page, "Für den Kalender (.ics)")
    saved.value.save_as(tmp_path / "run.ics")
    start = datetime.fromisoformat("2027-06-18T18:30")
    ours = calendar(playbook, playbook.rituals["sommerevent"], start, {"technik": "Emre"})

    def events(text: bytes) -> list[list[bytes]]:
        found = icalendar.Calendar.from_ical(text).walk("VEVENT")
        return [sorted(event.to_ical().splitlines()) for event in found]

    assert events((tmp_path / "run.ics").read_bytes()) == events(ours)


# ---------------------------------------------------------------- reading aloud


def test_reading_a_list_aloud_by_the_keyboard(tool: Open, playbook: Playbook) -> None:
    page = tool()
    first = playbook.rituals["sommerevent"].checklists[0]
    opener = page.get_by_role("button", name=f"Vorlesen: {first.title}")
    page.get_by_role("link", name="Gastgeber:in").first.focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if opener.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=first.title)
    live = dialog.get_by_role("status")
    expect(dialog).to_contain_text(first.pause)
    expect(live).to_contain_text("1 von 7")
    expect(live).to_contain_text(first.items[0].text)
    expect(live).to_contain_text("Marketing-Team")
    assert dialog.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 800}
    page.keyboard.press("Space")
    expect(live).to_contain_text("2 von 7")
    expect(live.get_by_text("Darf nicht fehlen")).to_be_visible()
    page.keyboard.press("Shift+Tab")  # „Offen lassen“
    page.keyboard.press("Enter")
    expect(live).to_contain_text(first.items[2].text)
    expect(live.get_by_text("Darf nicht fehlen")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(live).to_contain_text("Schon bestätigt")
    page.keyboard.press("Enter")
    expect(live).to_contain_text(first.items[1].text)
    page.get_by_role("button", name="Offen lassen").press("Enter")
    for entry in first.items[2:]:
        expect(live).to_contain_text(entry.text)
        page.keyboard.press("Space")
    expect(live).to_contain_text(first.items[1].text)  # once more, at the end
    page.get_by_role("button", name="Offen lassen").press("Enter")
    expect(dialog).to_contain_text("1 Punkt ist offen")
    expect(dialog).to_contain_text(f"▲ Darf nicht fehlen: {first.items[1].text}")
    page.keyboard.press("Space")  # one too many confirms nothing and closes nothing
    expect(dialog).to_contain_text("1 Punkt ist offen")
    page.get_by_role("button", name="Offene noch einmal").press("Enter")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Alle 7 bestätigt")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    for entry in first.items:
        expect(item(page, entry.text)).to_be_checked()


def test_reading_aloud_by_touch(tool: Open) -> None:
    page = tool(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    item(page).check()
    page.get_by_role("button", name="Vorlesen: Zwei Stunden").tap()
    live = page.get_by_role("dialog").get_by_role("status")
    expect(live).to_contain_text(CRITICAL)  # what is confirmed is not asked again
    live.tap()
    expect(live).to_contain_text("3 von 7")
    for button in page.get_by_role("dialog").get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
    page.get_by_role("button", name="Zurück", exact=True).tap()
    expect(live).to_contain_text(CRITICAL)
    page.get_by_role("button", name="Offen lassen").tap()
    page.get_by_role("button", name="Schließen").tap()
    expect(item(page, CRITICAL)).not_to_be_checked()


# ------------------------------------------------------------------ other ways


def test_without_scripts_the_lists_are_there(visit: Open, playbook: Playbook) -> None:
    page = visit(EVENT, java_script_enabled=False)
    main = page.get_by_role("main").locator(".pb")
    for role in ("checkbox", "textbox", "button", "dialog"):
        assert not [e for e in main.get_by_role(role).all() if e.is_visible()]
    expect(main).not_to_contain_text("Dein Durchgang")
    for checklist in playbook.rituals["sommerevent"].checklists:
        for entry in checklist.items:
            expect(main.get_by_text(entry.text)).to_be_visible()
    assert main.get_by_text("☐").count() == 12


def printed(page: Page) -> str:
    document = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))
    return " ".join(" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in document)


def test_print_shows_the_state(tool: Open) -> None:
    page = unfold(tool())
    page.get_by_label("Name des Durchgangs", exact=True).fill("Fest")
    item(page).check()
    page.locator(".pb-step").first.get_by_role("checkbox").check()
    text = printed(page)
    assert text.count("☑") == 2
    assert re.search(r"☑\W+Gästeliste", text)
    assert re.search(r"☐\W+Zuordnung", text)
    assert "Stand: Mo, 23. November 2026, 09:00 · Checklisten: 1 von 12" in text
    assert "Warum und wann" in text
    for gone in ("Als Datei sichern", "Vorlesen", "Wer übernimmt was?"):
        assert gone not in text


def test_print_of_the_dated_run_sheet(tool: Open, playbook: Playbook) -> None:
    page = unfold(tool(script="window.print = () => { window.paper = document.documentElement.dataset.paper }"))
    page.get_by_label("Name des Durchgangs", exact=True).fill("Fest")
    date(page, "2027-06-18T18:30")
    page.get_by_role("textbox", name="Technik").fill("Emre")
    press(page, "Datierten Ablaufplan drucken")
    assert page.evaluate("window.paper") == "plan"
    text = printed(page)
    start = datetime(2027, 6, 18, 18, 30)
    for step in playbook.rituals["sommerevent"].steps:
        assert date_text(start, step.at) in text
    for there in ("Sommerevent Fest", "Beginn: Fr, 18. Juni 2027, 18:30", "Technik: Emre", "☐", "Zwei Stunden vor"):
        assert there in text
    for gone in ("Warum und wann", "Stolpersteine", "Was man braucht", "Aufwand für uns"):
        assert gone not in text
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "Warum und wann" in printed(page)
