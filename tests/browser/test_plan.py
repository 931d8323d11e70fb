"""A whole event is planned in the browser: several rituals, one date, names, a calendar, a printout."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect

from generator.languages import labels
from generator.languages.region import ZONE
from generator.model.playbook import Playbook
from generator.model.tasks import tasks
from generator.model.text import Offset
from generator.sheets.dates import moment
from tests.browser.serve import Open

PARTS = ["vip-circle-einladung", "lobby-inszenierung", "produkt-ausblick", "produktmanager-lounge", "kaufoptionen"]
TODAY = datetime(2027, 5, 6, 12, tzinfo=ZONE)  # Ascension Day


def plan(name: str, start: str, *rituals: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    chosen = [{"id": ritual, "at": None, "clock": None} if isinstance(ritual, str) else ritual for ritual in rituals]
    return {"id": "p1", "name": name, "start": start, "rituals": chosen, "people": {}, "done": []} | more


def fragment(data: object) -> str:
    return "#plan=" + base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def visit_with(visit: Open, stored: object, **context: Any) -> Page:
    """The page with something already on the shelf."""
    page = visit("api/playbook.json", at=TODAY, **context)
    store(page, stored)
    page.goto(page.url.replace("api/playbook.json", "plan/"))
    return page


def store(page: Page, stored: object) -> None:
    text = stored if isinstance(stored, str) else json.dumps({"version": 1, "data": stored})
    page.evaluate("text => localStorage.setItem('playbook.plans', text)", text)


def title(page: Page) -> Locator:
    return page.locator("#planer-titel")


def row(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.locator(".pb-task").filter(has_text=text)


def choose(page: Page, universe: str, ritual: str) -> None:
    page.locator("summary").filter(has_text=universe).click()
    page.get_by_role("checkbox", name=ritual, exact=True).check()


def calendar_of(page: Page, folder: Path) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Für den Kalender").click()
    download.value.save_as(folder / "plan.ics")
    return (folder / "plan.ics").read_bytes().decode()


def events(raw: str) -> list[dict[str, Any]]:
    """The events as `icalendar` reads them."""
    names = ("UID", "DTSTART", "SUMMARY", "DESCRIPTION")
    return [
        {name: getattr(e[name], "dt", None) or str(e[name]) for name in names}
        for e in Calendar.from_ical(raw).walk("VEVENT")
    ]


def tab_to(page: Page, wanted: Locator, most: int = 150) -> None:
    for _ in range(most):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by keyboard: {wanted}")


def test_a_summer_event_from_scratch_by_keyboard_alone(visit: Open, playbook: Playbook, tmp_path: Path) -> None:
    page = visit("plan/", timezone_id="America/New_York", locale="de-AT")
    page.locator("#planer-suche").wait_for()
    tab_to(page, page.get_by_label("Rituale eingrenzen"))
    page.keyboard.type("sommer")
    tab_to(page, page.get_by_role("checkbox", name="Sommerevent"))
    page.keyboard.press("Space")
    expect(page.get_by_text("Dazu gehören: Einladung in den VIP Circle, Inszenierung der Lobby")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Alle mit ihrem Beginn dazunehmen"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="6 Rituale dazugenommen.")).to_be_visible()
    tab_to(page, page.get_by_label("Name des Anlasses"))
    page.keyboard.type("Sommerevent 2027")
    tab_to(page, page.get_by_label("Datum", exact=True))
    page.keyboard.type("06172027")  # the browser's own fields speak English here
    tab_to(page, page.get_by_label("Uhrzeit", exact=True))
    page.keyboard.type("0630PM")
    expect(page.locator("#planer-beginn")).to_have_text("Do, 17. Juni 2027, 18:30")
    expect(title(page)).to_have_text("Sommerevent 2027")
    invitation = page.get_by_label("Einladung in den VIP Circle: Datum")
    expect(invitation).to_have_value("2027-04-22")
    expect(page.get_by_label("Einladung in den VIP Circle: Uhrzeit")).to_have_value("10:00")
    expect(page.get_by_label("Ausblick auf die neue Produktlinie: Uhrzeit")).to_have_value("19:45")
    expect(page.locator(".pb-starts li").filter(has_text="Nachfassen")).to_contain_text("1 Tag danach, 14:00")
    tab_to(page, page.locator("#planer-wer > summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Gastgeber:in"))
    page.keyboard.type("Eva Lang")
    page.keyboard.press("Tab")
    expect(row(page, "Wetter entscheiden")).to_contain_text("Eva Lang (Gastgeber:in)")
    expect(row(page, "Wetter entscheiden")).to_contain_text("14:30")
    tab_to(page, row(page, "Wetter entscheiden").get_by_role("checkbox"), 300)
    page.keyboard.press("Space")
    expect(page.locator("#planer-stand")).to_contain_text("1 von 113 Aufgaben erledigt.")

    page.reload()
    expect(title(page)).to_have_text("Sommerevent 2027")
    expect(row(page, "Wetter entscheiden").get_by_role("checkbox")).to_be_checked()

    page.get_by_role("button", name="Für den Kalender").focus()
    raw = calendar_of(page, tmp_path)
    found = {event["UID"]: event for event in events(raw)}
    starts = {key: datetime(2027, 6, 17, 18, 30) for key in ["sommerevent", *PARTS]}
    starts["nachfassen"] = datetime(2027, 6, 18, 14)
    for part in playbook.rituals["sommerevent"].parts[:-1]:
        then = moment(starts["sommerevent"], part.at).replace(tzinfo=None)
        starts[part.ritual] = datetime(then.year, then.month, then.day, 10) if part.clock else then
    expected = [
        (moment(start, at).date() if at.days else moment(start, at), f"{playbook.rituals[key].title}: {text}"[:60])
        for key, start in starts.items()
        for at, _, _, text, _ in tasks(playbook.rituals[key])
    ]
    assert len(found) == len(expected) == 113
    assert sorted((str(e["DTSTART"]), e["SUMMARY"][:60]) for e in found.values()) == sorted(
        (str(start), text) for start, text in expected
    )
    assert len(IcsCalendarStream.calendar_from_ics(raw).events) == 113
    weather = next(event for event in found.values() if "Wetter entscheiden" in event["SUMMARY"])
    assert weather["DESCRIPTION"].startswith("Eva Lang: Wetter entscheiden")
    assert weather["DTSTART"] == datetime(2027, 6, 17, 14, 30, tzinfo=ZONE)


def test_a_moved_event_takes_its_rituals_along(visit: Open, tmp_path: Path) -> None:
    parts = [{"id": "nachfassen", "at": [1, 0], "clock": "14:00"}, {"id": "kaufoptionen", "at": [0, 180]}]
    page = visit_with(visit, {"open": "p1", "plans": [plan("A", "2027-06-17T18:30", "sommerevent", *parts)]})
    before = {e["UID"] for e in events(calendar_of(page, tmp_path))}
    page.locator("#planer-wann > summary").click()
    page.get_by_label("Datum", exact=True).fill("2027-10-30")
    expect(page.get_by_label("Kaufoptionen mit Goodies: Uhrzeit")).to_have_value("21:30")
    expect(page.get_by_label("Nachfassen: Datum")).to_have_value("2027-10-31")  # the clocks go back in between
    expect(page.get_by_label("Nachfassen: Uhrzeit")).to_have_value("14:00")
    after = {e["UID"] for e in events(calendar_of(page, tmp_path))}
    assert before == after
    page.get_by_label("Nachfassen: Datum").fill("2027-11-02")
    expect(page.locator(".pb-starts li").filter(has_text="Nachfassen")).to_contain_text("3 Tage danach, 14:00")
    page.get_by_label("Nachfassen: Datum").fill("2027-10-30")
    expect(page.locator(".pb-starts li").filter(has_text="Nachfassen")).to_contain_text("4 h 30 min vorher")
    page.get_by_role("button", name="Nachfassen weglassen").click()
    expect(page.get_by_label("Nachfassen: Datum")).to_have_count(0)
    expect(page.locator("#planer-was .pb-stage__answer")).to_have_text("2 Rituale")


def test_the_night_of_the_summer_time(visit: Open, playbook: Playbook) -> None:
    """Nothing but the skipped hour is different, and it is the same as on the command line."""
    page = visit_with(visit, {"open": "p1", "plans": [plan("", "2027-03-28T01:30", "sommerevent")]})
    start = datetime(2027, 3, 28, 1, 30)
    for at, minutes, _, text, _ in tasks(playbook.rituals["sommerevent"]):
        if minutes and not at.days:
            expect(row(page, text[:50]).locator(".pb-task__when")).to_contain_text(f"{moment(start, at):%H:%M}")
    expect(row(page, "Begrüßung in drei Minuten").locator(".pb-task__when")).to_contain_text("03:30")
    page.locator("#planer-wann > summary").click()
    page.get_by_label("Uhrzeit", exact=True).fill("02:30")  # is skipped
    expect(page.locator("#planer-beginn")).to_have_text("So, 28. März 2027, 03:30")


def test_days_say_what_to_look_out_for(visit: Open) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("", "2027-06-17T18:30", "produkt-ausblick", "sommerevent")]})
    today = page.locator(".pb-day").filter(has_text="Do, 6. Mai 2027")
    expect(today).to_contain_text("heute")
    expect(today).to_contain_text("6 Wochen vorher")
    expect(today).to_contain_text("Vorbereitung an einem freien Tag: Christi Himmelfahrt")
    late = row(page, "Einen Donnerstag vor den Ferien festlegen")
    expect(late).to_contain_text("überfällig")
    expect(page.locator("#planer-stand")).to_contain_text("2 sind überfällig.")
    late.get_by_role("checkbox").check()
    expect(late.get_by_text("überfällig")).to_be_hidden()
    expect(page.locator("#planer-stand")).to_contain_text("1 ist überfällig.")
    expect(today.locator(".pb-task").first.get_by_text("überfällig")).to_be_hidden()
    page.get_by_role("link", name="Zu dem, was jetzt ansteht").click()
    expect(today).to_be_in_viewport()


def test_a_part_on_a_holiday_is_preparation_too(visit: Open, tmp_path: Path) -> None:
    """The invitation's own day lies before the event."""
    part = {"id": "vip-circle-einladung", "at": [-42, 0], "clock": "10:00"}
    page = visit_with(visit, {"open": "p1", "plans": [plan("", "2027-06-17T18:30", "sommerevent", part)]})
    expect(page.locator(".pb-day").filter(has_text="Do, 6. Mai 2027")).to_contain_text("Christi Himmelfahrt")
    found = events(calendar_of(page, tmp_path))
    on_the_day = [e for e in found if str(e["DTSTART"]).startswith("2027-05-06")]
    assert len(on_the_day) > 2
    assert all("(Achtung: Christi Himmelfahrt)" in e["DESCRIPTION"] for e in on_the_day)


def test_who_is_in_two_places(visit: Open) -> None:
    both = plan("", "2027-06-17T18:00", "empfang", "zuhoerrunde", {"id": "pasta-abend", "at": [0, 5]})
    page = visit_with(visit, {"open": "p1", "plans": [both]})
    clashes = page.get_by_role("region", name="Zur selben Zeit an zwei Stellen")
    expect(title(page)).to_be_visible()
    page.locator("#planer-wer > summary").click()
    fields = page.locator(".pb-people input")
    for index in range(fields.count()):
        fields.nth(index).fill("Mag. Eva Lang")
    page.keyboard.press("Tab")
    first = clashes.get_by_role("listitem").filter(has_text="(Pasta-Abend)").filter(has_text="(Zuhörrunde)").first
    expect(first).to_contain_text("Mag. Eva Lang, Do, 17. Juni 2027")
    expect(first).to_contain_text("Gib eine der Aufgaben jemand anderem oder lass „")
    expect(clashes).to_contain_text(re.compile(r"18:\d\d bis 18:\d\d: „.*“ \(Pasta-Abend\)"))
    for index in range(fields.count()):
        fields.nth(index).fill(f"Anna {index}, Berta {index} und Čeněk {index}")
    page.keyboard.press("Tab")
    expect(clashes).to_be_hidden()


def test_a_frame_and_what_it_frames_are_one(visit: Open, playbook: Playbook) -> None:
    """„Um 19.45 beginnt der Ausblick“ and the Ausblick: no clash, and the hour counts once."""
    part = {"id": "produkt-ausblick", "at": [0, 75]}
    page = visit_with(visit, {"open": "p1", "plans": [plan("", "2027-06-17T18:30", "sommerevent", part)]})
    expect(title(page)).to_be_visible()
    expect(page.locator("#planer-doppelt")).to_be_hidden()
    spans = [
        (at.minutes + shift, at.minutes + shift + minutes)
        for key, shift in (("sommerevent", 0), ("produkt-ausblick", 75))
        for at, minutes, role, _, _ in tasks(playbook.rituals[key])
        if role == "praesentation" and not at.days and at.minutes + shift >= 0
    ]
    busy = len({minute for start, end in spans for minute in range(start, end)})
    assert busy < sum(end - start for start, end in spans)
    line = page.get_by_role("row").filter(has_text="Präsentator:in")
    expect(line.get_by_role("cell").nth(1)).to_have_text(labels.duration(busy))


def test_effort_by_role_and_by_person(visit: Open, playbook: Playbook) -> None:
    ritual = playbook.rituals["empfang"]
    minutes: dict[str, int] = {}
    for task in tasks(ritual):
        minutes[task.role] = minutes.get(task.role, 0) + task.minutes
    page = visit_with(visit, {"open": "p1", "plans": [plan("", "2027-06-17T09:00", "empfang")]})
    table = page.get_by_role("region", name="Aufwand").get_by_role("table")
    for role, sum_ in minutes.items():
        line = table.get_by_role("row").filter(has_text=playbook.roles[role].label)
        expect(line.get_by_role("cell").last).to_have_text(labels.duration(sum_) if sum_ else "–")
    page.locator("#planer-wer > summary").click()
    fields = page.locator(".pb-people input")
    for index in range(fields.count()):
        fields.nth(index).fill("Eva")
    page.keyboard.press("Tab")
    expect(table.get_by_role("row").filter(has_text="Eva").get_by_role("cell").last).to_have_text(
        labels.duration(sum(minutes.values()))
    )


def test_labels_are_those_of_the_pages(visit: Open) -> None:
    page = visit("api/playbook.json")
    numbers = [0, 1, 45, 60, 90, 480, 720, 960, 1200, 1201, 7200, *range(2, 3000, 37)]
    offsets = [(days, 0) for days in range(-90, 91) if days] + [(0, n) for n in range(-600, 601, 15)]
    script = """async ([numbers, offsets]) => {
      const { duration, offset } = await import("/assets/labels.js");
      return [numbers.map(duration), offsets.map(offset)];
    }"""
    assert page.evaluate(script, [numbers, offsets]) == [
        [labels.duration(number) for number in numbers],
        [labels.offset(Offset(*at)) for at in offsets],
    ]


# ------------------------------------------------------------------ keeping


def test_several_plans_side_by_side(visit: Open) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("Winterabend", "2027-12-03T18:00", "empfang")]})
    page.get_by_role("button", name="Neuer Plan").click()
    expect(page.locator("#planer-leer")).to_be_visible()
    choose(page, "Purpose", "Pasta-Abend")
    page.get_by_label("Datum", exact=True).fill("2027-09-10")
    expect(title(page)).to_have_text("Pasta-Abend")
    page.get_by_label("Dein Plan").select_option("Winterabend")
    expect(title(page)).to_have_text("Winterabend")
    page.get_by_role("button", name="Plan löschen").click()
    expect(title(page)).to_have_text("Pasta-Abend")
    expect(page.get_by_role("status").filter(has_text="„Winterabend“ ist gelöscht.")).to_be_visible()
    page.keyboard.press("Enter")  # the focus is on „Rückgängig“
    expect(title(page)).to_have_text("Winterabend")
    page.reload()
    expect(page.get_by_label("Dein Plan").get_by_role("option")).to_have_text(["Pasta-Abend", "Winterabend"])


def test_another_tab_sees_what_changes(visit: Open) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("A", "2027-06-17T18:00", "empfang")]})
    other = page.context.new_page()
    other.goto(page.url)
    expect(title(other)).to_have_text("A")
    page.locator(".pb-task").first.get_by_role("checkbox").check()
    expect(other.locator(".pb-task").first.get_by_role("checkbox")).to_be_checked()
    other.locator("#planer-wer > summary").click()
    other.locator(".pb-people input").first.fill("Zoë")
    other.keyboard.press("Tab")
    expect(page.locator("#planer-tage")).to_contain_text("Zoë (")
    expect(page.locator(".pb-task").first.get_by_role("checkbox")).to_be_checked()


def test_a_plan_as_a_file(visit: Open, tmp_path: Path) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("Ä/b: \U0001f389", "2027-06-17T18:00", "empfang")]})
    with page.expect_download() as download:
        page.get_by_role("button", name="Als Datei sichern").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    other = visit("plan/")
    other.locator("#planer-datei").set_input_files(file)
    expect(title(other)).to_have_text("Ä/b: \U0001f389")
    other.locator("#planer-datei").set_input_files(file)
    expect(title(other)).to_have_text("Ä/b: \U0001f389 (2)")  # never over an own plan
    (tmp_path / "x.json").write_text('{"kind": "playbook-plan"')
    other.locator("#planer-datei").set_input_files(tmp_path / "x.json")
    expect(other.get_by_role("status").filter(has_text="In dieser Datei steckt kein Plan.")).to_be_visible()
    expect(title(other)).to_have_text("Ä/b: \U0001f389 (2)")


def test_a_plan_without_a_name_as_a_file(visit: Open, tmp_path: Path) -> None:
    page = visit("plan/")
    choose(page, "Tradition", "Empfang")
    page.get_by_label("Datum", exact=True).fill("2027-09-10")
    with page.expect_download() as download:
        page.get_by_role("button", name="Als Datei sichern").click()
    file = tmp_path / "plan.json"
    download.value.save_as(file)
    page.locator("#planer-datei").set_input_files(file)
    expect(title(page)).to_have_text("Empfang (2)")
    file.write_text('{"kind": "playbook-plan", "plan": 5}')
    page.locator("#planer-datei").set_input_files(file)
    expect(page.get_by_role("status").filter(has_text="In dieser Datei steckt kein Plan.")).to_be_visible()
    expect(page.get_by_label("Dein Plan").get_by_role("option")).to_have_text(["Empfang", "Empfang (2)"])


def test_a_new_plan_beside_very_many(visit: Open) -> None:
    page = visit_with(visit, {"open": None, "plans": [plan(f"P{n}", "") | {"id": f"p{n}"} for n in range(900)]})
    page.get_by_role("button", name="Neuer Plan").click()
    page.get_by_label("Name des Anlasses").fill("Neu")
    page.keyboard.press("Tab")
    page.reload()
    expect(page.get_by_label("Name des Anlasses")).to_have_value("Neu")


def test_parts_chosen_one_by_one_start_when_they_should(visit: Open) -> None:
    page = visit("plan/")
    choose(page, "Exklusiv", "Einladung in den VIP Circle")
    for ritual in ("Inszenierung der Lobby", "Sommerevent"):
        page.get_by_role("checkbox", name=ritual, exact=True).check()
    expect(page.locator(".pb-parts")).to_contain_text("Einladung in den VIP Circle")
    page.get_by_role("checkbox", name="Nachfassen", exact=True).check()
    page.get_by_label("Datum", exact=True).fill("2027-06-18")
    starts = page.locator(".pb-starts output")
    expect(starts).to_have_text(["mit dem Anlass", "mit dem Anlass", "mit dem Anlass", "1 Tag danach, 14:00"])
    page.get_by_role("button", name="Alle mit ihrem Beginn dazunehmen").click()
    expect(page.locator(".pb-parts")).to_have_count(0)
    expect(starts.filter(has_text="8 Wochen vorher, 10:00")).to_have_count(1)
    expect(starts).to_have_count(7)


def test_storage_emptied_behind_its_back(visit: Open) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("Fest", "2027-06-17T18:00", "empfang")]})
    box = page.locator(".pb-task").first.get_by_role("checkbox")
    expect(box).to_be_visible()
    page.evaluate("localStorage.clear()")
    box.click()
    expect(box).to_be_hidden()


REFUSED = (
    """Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });"""
)


def test_a_browser_that_remembers_nothing(visit: Open) -> None:
    page = visit("plan/", script=REFUSED)
    choose(page, "Tradition", "Empfang")
    page.get_by_label("Datum", exact=True).fill("2027-09-10")
    page.locator(".pb-task").first.get_by_role("checkbox").check()
    expect(page.locator("#planer-stand")).to_contain_text("1 von")
    expect(page.get_by_text("Dein Browser merkt sich hier nichts.")).to_be_visible()


DAMAGED: list[object] = [
    "{",
    '{"version": 99, "data": {}}',
    {"open": ["p1"], "plans": [None, 7, "x", [], {"id": "__proto__"}, {"id": {"a": 1}}, {"id": "p1", "rituals": 3}]},
    {
        "open": "p1",
        "plans": [
            plan(
                "<img src=x onerror=alert(1)>" * 40,
                "2027-02-31T18:00",
                {"id": "<b>"},
                {"id": "empfang", "at": ["x", {}], "clock": 7},
                {"id": "gibt-es-nicht", "at": [10**9, 0]},
                {"id": "sommerevent", "at": [-7, 0], "clock": "99:99"},
                people={"wirt": 5, "__proto__": "x", "empfangsteam": "a\u202e\n\x00" * 300},
                done=[1, None, "x", "a/b/c", "empfang/nichts"],
            )
        ],
    },
]


def test_damaged_storage_breaks_nothing(visit: Open) -> None:
    """Whatever else may be in there: `test_hostile.py`."""
    page = visit_with(visit, None)
    for stored in DAMAGED:
        store(page, stored)
        page.reload()
        page.get_by_role("button", name="Neuer Plan").click()
        choose(page, "Tradition", "Empfang")
        page.get_by_label("Datum", exact=True).fill("2027-09-10")
        expect(title(page), str(stored)).to_have_text("Empfang")
        if page.get_by_role("option").count() > 1:
            page.get_by_label("Dein Plan").select_option(index=0)
            if not page.get_by_label("Datum", exact=True).is_visible():
                page.locator("#planer-wann > summary").click()
            page.get_by_label("Datum", exact=True).fill("2027-09-10")
            expect(page.locator("#planer-wann .pb-stage__answer"), str(stored)).to_contain_text("10. September 2027")
        page.reload()
        expect(page.get_by_label("Dein Plan"), str(stored)).to_be_visible()


# ------------------------------------------------------------------ sharing


def test_a_shared_plan_is_looked_at_and_taken_over(visit: Open) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("Fest", "2027-06-17T18:00", "empfang", done=["empfang/x"])]})
    page.locator(".pb-task").first.get_by_role("checkbox").check()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_role("button", name="Link kopieren").click()
    address = page.get_by_label("Link zu diesem Plan.").input_value()
    assert not requests

    mine = plan("Fest", "2028-01-12T09:00", "kundendialog")
    other = visit_with(visit, {"open": "p1", "plans": [mine]})
    other.goto(address)
    other.reload()
    expect(other.get_by_role("heading", name="Geteilter Plan")).to_be_visible()
    expect(title(other)).to_have_text("Fest")
    expect(other.locator("#planer-beginn")).to_have_text("Do, 17. Juni 2027, 18:00")
    expect(other.locator(".pb-task").first.get_by_role("checkbox")).to_be_disabled()
    expect(other.locator(".pb-task").first.get_by_role("checkbox")).to_be_checked()
    expect(other.get_by_label("Name des Anlasses")).to_be_hidden()
    other.get_by_role("button", name="Als eigenen Plan übernehmen").click()
    expect(other.get_by_label("Dein Plan").get_by_role("option")).to_have_text(["Fest", "Fest (2)"])
    expect(title(other)).to_have_text("Fest (2)")
    expect(other).to_have_url(re.compile("^[^#]*$"))
    other.get_by_label("Dein Plan").select_option("Fest")
    expect(other.locator("#planer-beginn")).to_have_text("Mi, 12. Jänner 2028, 09:00")


def test_a_shared_plan_is_put_away(visit: Open) -> None:
    page = visit("plan/" + fragment(plan("Fremd", "2027-06-17T18:00", "empfang")))
    expect(title(page)).to_have_text("Fremd")
    page.get_by_role("button", name="Nicht übernehmen").click()
    expect(title(page)).to_be_hidden()
    expect(page.get_by_label("Name des Anlasses")).to_be_visible()
    assert page.evaluate("localStorage.getItem('playbook.plans')") is None


def test_a_shared_plan_comes_and_goes_with_its_address(visit: Open) -> None:
    page = visit_with(visit, {"open": "p1", "plans": [plan("Meins", "2027-06-17T18:00", "empfang")]})
    expect(title(page)).to_have_text("Meins")
    address = fragment(plan("Fremd", "2027-06-17T18:00", "empfang")).replace("=", "%3D") + "."
    page.evaluate("text => { location.hash = text }", address)
    expect(title(page)).to_have_text("Fremd")
    page.go_back()
    expect(title(page)).to_have_text("Meins")


DAMAGED_LINKS = [fragment(None), fragment({"rituals": 0}), fragment({"rituals": "x"})]


def test_a_damaged_link_says_so(visit: Open, base: str) -> None:
    page = visit()
    for text in ("#plan=", "#plan=!!", "#plan=eyJh", *DAMAGED_LINKS):
        page.goto(base)  # another page, or only the address would change
        page.goto(f"{base}plan/{text}")
        said = page.get_by_role("status").filter(has_text="In diesem Link steckt kein lesbarer Plan.")
        expect(said, text).to_be_visible()
        expect(page.get_by_label("Name des Anlasses"), text).to_be_visible()


# ------------------------------------------------------------------ paper, and without JavaScript


def test_the_printout_is_the_plan_and_nothing_else(visit: Open) -> None:
    chosen = plan("Fest", "2027-06-17T18:30", "sommerevent", {"id": "produktmanager-lounge", "at": [0, 120]})
    chosen["rituals"].append({"id": "kaufoptionen", "at": [0, 180], "clock": None})
    page = visit_with(visit, {"open": "p1", "plans": [chosen]})
    expect(title(page)).to_be_visible()
    row(page, "Wetter entscheiden").get_by_role("checkbox").check()
    page.emulate_media(media="print")
    seen = "all => all.filter(e => e.checkVisibility()).map(e => e.outerHTML)"
    assert page.locator("button, input, select, summary").evaluate_all(seen) == []
    for text in ("Do, 17. Juni 2027, 18:30", "Ausgedruckt am Do, 6. Mai 2027.", "Zur selben Zeit an zwei Stellen"):
        expect(page.locator("#planer-blatt").get_by_text(text, exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Aufwand").get_by_role("table")).to_be_visible()
    expect(row(page, "Wetter entscheiden")).to_contain_text("☑")
    expect(row(page, "Generalprobe ab 18.30")).to_contain_text("☐")
    page.set_viewport_size({"width": 680, "height": 900})  # A4 within its margins
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 680


def test_without_javascript_there_is_a_list_and_a_way_on_paper(visit: Open, playbook: Playbook) -> None:
    page = visit("plan/", java_script_enabled=False)
    for ritual in playbook.rituals.values():
        expect(page.locator(f"[data-ritual={ritual.id}]")).to_contain_text(labels.duration(ritual.duration.prep))
        expect(page.get_by_role("link", name=f"{ritual.title}: Seite", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name=f"{ritual.title}: Ablaufplan, PDF", exact=True)).to_be_visible()
    expect(page.locator("[data-ritual=sommerevent]")).to_contain_text("beginnt 12 Wochen vorher, 15 Tage Vorbereitung")
    expect(page.get_by_role("heading", name="So geht es auf Papier")).to_be_visible()
    expect(page.get_by_role("checkbox").filter(visible=True)).to_have_count(0)


def test_it_fits_a_phone(visit: Open) -> None:
    stored = {"open": "p1", "plans": [plan("W" * 80, "2027-06-17T18:30", "sommerevent", people={"technik": "X" * 80})]}
    page = visit_with(visit, stored, viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    expect(title(page)).to_be_visible()
    for stage in ("was", "wann", "wer"):
        page.locator(f"#planer-{stage} > summary").click()
    assert page.evaluate("document.scrollingElement.scrollWidth") == 320
    small = page.locator(".pb-plan :is(button, select, summary, .pb-task label, .pb-pick label)").evaluate_all(
        "all => all.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 26).map(e => e.outerHTML)"
    )
    assert small == []
    expect(page.locator(".pb-day").first).to_contain_text("Do, 25. März 2027")
