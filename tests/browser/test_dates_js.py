"""Dates and calendars made in the browser are those of `generator.dates`, wherever the browser stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from playwright.sync_api import Browser, Page

from generator.languages.region import public_holidays
from generator.model.playbook import Playbook
from generator.model.text import Offset, parse_offset
from generator.sheets.calendar import calendar
from generator.sheets.dates import clock_text, date_text, moment, warning
from tests.browser.serve import PATIENCE, none_of
from tests.conftest import examples
from tests.sheets.test_dates import HOSTILE, VECTORS, unfolded

DATES = """async cases => {
  const { moment, said, clock, warning, isStart } = await import("/assets/dates.js");
  const two = (number) => String(number).padStart(2, "0");
  return cases.map(([start, at]) => {
    const { epoch, date, time } = moment(start, at);
    const ahead = (Date.parse(`${date}T${time}Z`) - epoch) / 60_000;
    const iso = `${date}T${time}:00+${two(ahead / 60)}:${two(ahead % 60)}`;
    return { iso, said: said(start, at), clock: clock(start, at), warning: warning(start, at), real: isStart(start) };
  });
}"""
CALENDAR = """async ({ ritual, start, people }) => {
  const { ritualEvents, calendar } = await import("/assets/ics.js");
  return calendar(ritual.title, ritualEvents(ritual, start, people));
}"""


@pytest.fixture(scope="module", params=["Europe/Vienna", "America/New_York", "Pacific/Auckland"])
def anywhere(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of the site in a browser that stands somewhere."""
    context = browser.new_context(timezone_id=request.param)
    context.clock.set_fixed_time("2026-11-23T23:30:00Z")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(base + "api/playbook.json")
    yield page
    context.close()


def python(start: datetime, at: Offset) -> dict[str, Any]:
    return {
        "iso": moment(start, at).isoformat(),
        "said": date_text(start, at),
        "clock": clock_text(start, at),
        "warning": warning(start, at),
        "real": True,
    }


def agree(page: Page, cases: list[tuple[datetime, Offset]]) -> None:
    found = page.evaluate(DATES, [[f"{start:%Y-%m-%dT%H:%M}", list(at)] for start, at in cases])
    for (start, at), ours in zip(cases, found, strict=True):
        assert ours == python(start, at), (start, at)


def test_vectors(anywhere: Page) -> None:
    found = anywhere.evaluate(DATES, [[v["start"], list(parse_offset(v["at"]))] for v in VECTORS])
    wanted = [{key: v[key] for key in ("iso", "said", "clock", "warning")} | {"real": True} for v in VECTORS]
    assert found == wanted


LAST_SUNDAYS = [
    max(day for n in range(25, 32) if (day := date(year, month, n)).weekday() == 6)
    for year in range(1981, 2100)
    for month in (3, 10)
]
DAYS = st.integers(-400, 400).map(lambda n: Offset(n, 0))
MINUTES = st.integers(-9999, 9999).map(lambda n: Offset(0, n))
ANY_TIME = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31)).map(
    lambda then: then.replace(second=0, microsecond=0)
)
NIGHTS = st.builds(  # in which the clocks change, in years that have such nights
    lambda day, minute: datetime(day.year, day.month, day.day) + timedelta(minutes=minute),
    st.sampled_from(LAST_SUNDAYS),
    st.integers(-60, 300),
)
CASES = st.lists(
    st.one_of(
        st.tuples(ANY_TIME, st.one_of(DAYS, MINUTES)),
        st.tuples(NIGHTS, st.integers(-180, 180).map(lambda n: Offset(0, n))),
        st.tuples(NIGHTS, DAYS).map(lambda case: (case[0] - timedelta(case[1].days), case[1])),
    ).filter(lambda case: 1971 <= case[0].year <= 2099),
    min_size=60,
    max_size=120,
)


@settings(max_examples=examples(8))
@given(CASES)
def test_any_date_is_the_same_in_both_languages(anywhere: Page, cases: list[tuple[datetime, Offset]]) -> None:
    agree(anywhere, cases)


def test_every_public_holiday_of_every_year(anywhere: Page) -> None:
    days = [day for day in sorted(public_holidays()) if day < date(2099, 12, 1)]
    agree(anywhere, [(datetime(day.year, day.month, day.day, 9) + timedelta(1), Offset(-1, 0)) for day in days])
    agree(anywhere, [(datetime(1971, 1, 1, 9), Offset(-number, 0)) for number in range(1, 30)])  # unknown years


def test_what_is_no_start_is_known(anywhere: Page) -> None:
    wrong: list[Any] = [
        "",
        "2027-02-29T10:00",
        "2027-06-18",
        "2027-06-18T24:00",
        "1970-12-31T23:59",
        "2100-01-01T00:00",
        None,
    ]
    wrong += ["2027-06-18T18:00Z", "02027-06-18T18:00", "2027-13-01T10:00", 5, {"a": 1}, ["2027-06-18T18:00"]]
    right = ["2028-02-29T23:59", "1971-01-01T00:00", "2099-12-31T23:59"]
    script = """async values => {
      const { isStart } = await import("/assets/dates.js");
      return values.map(isStart);
    }"""
    assert anywhere.evaluate(script, wrong + right) == [False] * len(wrong) + [True] * len(right)


def test_now_is_in_vienna(anywhere: Page) -> None:
    now = anywhere.evaluate('async () => (await import("/assets/dates.js")).now()')
    assert (now["date"], now["time"]) == ("2026-11-24", "00:30")


# ------------------------------------------------------------------ calendar


def events(raw: str) -> list[dict[str, Any]]:
    """The events as `icalendar` reads them."""
    names = ("UID", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP", "DTSTAMP")
    found = []
    for event in Calendar.from_ical(raw).walk("VEVENT"):
        assert "DTEND" not in event or getattr(event["DTSTART"], "dt", 0) != getattr(
            event["DTEND"], "dt", 1
        )  # RFC 5545
        values = {name: event[name] for name in names if name in event}
        found.append({name: getattr(value, "dt", None) or str(value) for name, value in values.items()})
    return found


def made(page: Page, playbook: Playbook, key: str, start: datetime, people: dict[str, str]) -> str:
    ritual = page.evaluate("key => fetch(`/api/rituals/${key}.json`).then(it => it.json())", key)
    return str(page.evaluate(CALENDAR, {"ritual": ritual, "start": f"{start:%Y-%m-%dT%H:%M}", "people": people}))


@pytest.mark.parametrize("start", [datetime(2027, 6, 18, 18, 30), datetime(2027, 3, 28, 2, 30)], ids=str)
def test_the_same_calendar_in_both_languages(anywhere: Page, playbook: Playbook, start: datetime) -> None:
    keys = ["sommerevent", "vip-circle-einladung", "kundendialog", "pasta-abend", "generationswechsel"]
    for key in keys:
        ritual = playbook.rituals[key]
        people = {next(iter(ritual.roles)): "Anna, Berta; Čeněk \\ 😀"}
        raw = made(anywhere, playbook, key, start, people)
        ours = calendar(playbook, ritual, start, people)
        assert events(raw) == events(ours.decode())
        assert len(IcsCalendarStream.calendar_from_ics(raw).events) == len(events(raw)) > 3
        head = "\n".join(unfolded(raw.encode()))
        assert (
            head.split("BEGIN:VEVENT")[0].split("BEGIN:VTIMEZONE")[1]
            == ("\n".join(unfolded(ours)).split("BEGIN:VEVENT")[0].split("BEGIN:VTIMEZONE")[1])
        )


def test_hostile_text_stays_text(anywhere: Page) -> None:
    text = HOSTILE + "\nEND:VCALENDAR\r\nX: y\x00\x85Z" + "👩🏽‍🚀" * 30
    task = {"at": [0, 0], "minutes": 5, "role": "a", "text": text, "key": "k"}
    ritual = {"id": "x", "title": HOSTILE, "reviewed": "2026-01-01", "roles": {"a": {"label": "A"}}, "tasks": [task]}
    people = {"a": "Eva;\r\nEND:VEVENT,\\"}
    raw = anywhere.evaluate(CALENDAR, {"ritual": ritual, "start": "2027-06-18T18:00", "people": people})
    lines = unfolded(raw.encode())  # CRLF, at most 75 bytes a line
    none_of([line for line in lines if not re.match(r"[A-Z-]+[:;]", line)])
    assert [lines.count(name) for name in ("BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR")] == [1, 1, 1]
    for parsed in (events(raw)[0]["DESCRIPTION"], IcsCalendarStream.calendar_from_ics(raw).events[0].description):
        assert "👩🏽‍🚀" * 30 in cast("str", parsed)
        assert str(parsed).startswith('Eva;\nEND:VEVENT,\\: a;b,c\\n\\ "d"')
