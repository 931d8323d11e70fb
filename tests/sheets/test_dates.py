"""Offsets as real dates: vectors that other languages can share, properties, and the calendar file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from generator.commands import main
from generator.languages.region import public_holidays
from generator.model.playbook import published
from generator.model.prose import plain
from generator.model.ritual import Ritual
from generator.model.tasks import tasks
from generator.model.text import Offset, parse_offset
from generator.pipeline import examine
from generator.sheets.calendar import calendar
from generator.sheets.dates import clock_text, date_text, moment, warning
from tests.conftest import SMALL, TODAY
from tests.pages.test_hostile import MARKUP, PAYLOADS

VIENNA = ZoneInfo("Europe/Vienna")
VECTORS = json.loads((Path(__file__).parent / "date_vectors.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["why"])
def test_vectors(vector: dict[str, str]) -> None:
    start, at = datetime.fromisoformat(vector["start"]), parse_offset(vector["at"])
    assert moment(start, at).isoformat() == vector["iso"]
    assert date_text(start, at) == vector["said"]
    assert clock_text(start, at) == vector["clock"]
    assert warning(start, at) == vector["warning"]


def test_the_vectors_are_enough() -> None:
    assert len(VECTORS) >= 30
    assert len({(vector["start"], vector["at"]) for vector in VECTORS}) == len(VECTORS)


def test_all_austrian_public_holidays_of_a_year() -> None:
    days = [date(2027, 1, 1) + timedelta(number) for number in range(365)]
    assert [f"{day:%m-%d}" for day in days if day in public_holidays()] == (
        "01-01 01-06 03-29 05-01 05-06 05-17 05-27 08-15 10-26 11-01 12-08 12-25 12-26".split()
    )


STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31)).map(
    lambda then: then.replace(second=0, microsecond=0)
)
DAYS = st.integers(-500, 500)
MINUTES = st.integers(-9999, 9999)


def exists(then: datetime) -> bool:
    """Whether a clock in Vienna shows this time at all."""
    return then.replace(tzinfo=VIENNA).astimezone(UTC).astimezone(VIENNA).replace(tzinfo=None) == then


@given(STARTS, DAYS)
def test_days_keep_the_clock_time(start: datetime, days: int) -> None:
    then, wanted = moment(start, Offset(days, 0)).replace(tzinfo=None, fold=0), start + timedelta(days)
    assert then == (wanted if exists(wanted) else wanted + timedelta(hours=1))


@given(STARTS, MINUTES)
def test_minutes_are_elapsed_time(start: datetime, minutes: int) -> None:
    between = moment(start, Offset(0, minutes)).astimezone(UTC) - moment(start, Offset(0, 0)).astimezone(UTC)
    assert between == timedelta(minutes=minutes)


@given(STARTS, st.lists(st.one_of(DAYS.map(lambda n: Offset(n, 0)), MINUTES.map(lambda n: Offset(0, n)))))
def test_order_is_kept_where_the_clocks_allow_it(start: datetime, offsets: list[Offset]) -> None:
    """A day is taken for 24 hours where steps are sorted, so times less than an hour apart may change places."""
    times = [moment(start, at).astimezone(UTC) for at in sorted(offsets, key=lambda at: at.total)]
    assert all(earlier - later <= timedelta(hours=1) for earlier, later in pairwise(times))


@given(STARTS, st.lists(DAYS, min_size=2))
def test_days_stay_in_order(start: datetime, days: list[int]) -> None:
    times = [moment(start, Offset(day, 0)) for day in sorted(days)]
    assert [time.date() for time in times] == sorted(time.date() for time in times)


@given(STARTS)
def test_an_aware_start_is_the_same_as_its_local_time(start: datetime) -> None:
    if exists(start):
        aware = start.replace(tzinfo=VIENNA).astimezone(ZoneInfo("America/New_York"))
        assert moment(aware, Offset(-1, 0)) == moment(start, Offset(-1, 0))


# ------------------------------------------------------------------ calendar


def ritual_with(vectors: list[dict[str, str]]) -> Ritual:
    """A ritual with a step for each vector."""
    ritual = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    steps = tuple(
        ritual.steps[0].model_copy(update={"at": parse_offset(v["at"]), "minutes": 45, "text": f"{v['why']} §{n}§"})
        for n, v in enumerate(vectors)
    )
    return ritual.model_copy(update={"steps": steps})


def ics_of(ritual: Ritual, start: datetime, people: dict[str, str] | None = None) -> bytes:
    return calendar(published(examine(SMALL, TODAY).playbook), ritual, start, people or {})


def unfolded(raw: bytes) -> list[str]:
    """Content lines after RFC 5545, 3.1: CRLF, at most 75 octets, unfolded."""
    assert raw.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    lines = raw[:-2].split(b"\r\n")
    assert all(0 < len(line) <= 75 for line in lines)
    return raw.replace(b"\r\n ", b"").decode("utf-8").strip().split("\r\n")


def events(raw: bytes) -> Iterator[dict[str, str]]:
    """Each VEVENT as name (with parameters) → value, read by hand."""
    inside, event = False, dict[str, str]()
    for line in unfolded(raw):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            inside, event = True, {}
        elif line == "END:VEVENT":
            inside = False
            yield event
        elif inside:
            assert name not in event, f"{name} twice"
            event[name] = re.sub(r"\\([\\;,nN])", lambda match: "\n" if match[1] in "nN" else match[1], value)


@pytest.mark.parametrize("start", sorted({vector["start"] for vector in VECTORS}))
def test_the_calendar_agrees_with_the_vectors(start: str) -> None:
    vectors = [vector for vector in VECTORS if vector["start"] == start]
    found = {
        event["DESCRIPTION"].split("§")[1]: event
        for event in events(ics_of(ritual_with(vectors), datetime.fromisoformat(start)))
    }
    assert len(found) == len(vectors)
    for number, vector in enumerate(vectors):
        event, then = found[str(number)], datetime.fromisoformat(vector["iso"])
        if vector["at"].endswith("d"):
            assert event["DTSTART;VALUE=DATE"] == f"{then:%Y%m%d}"
            assert event["DTEND;VALUE=DATE"] == f"{then + timedelta(1):%Y%m%d}"
        else:
            assert event["DTSTART;TZID=Europe/Vienna"] == f"{then:%Y%m%dT%H%M%S}"
            end = (then.astimezone(UTC) + timedelta(minutes=45)).astimezone(VIENNA)
            assert event["DTEND;TZID=Europe/Vienna"] == f"{end:%Y%m%dT%H%M%S}"
        assert (f"(Achtung: {vector['warning']})" in event["DESCRIPTION"]) == (vector["warning"] is not None)
        assert {"UID", "DTSTAMP", "SUMMARY"} <= set(event)


HOSTILE = 'a;b,c\\n\\ "d" \u2028 BEGIN:VEVENT äöü€ 😀 ' + "lang " * 40


def test_hostile_text_stays_text() -> None:
    base = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    step = base.steps[0].model_copy(update={"text": HOSTILE + "\nEND:VCALENDAR\r\nX: y"})
    ritual = base.model_copy(update={"title": HOSTILE, "steps": (step, *base.steps)})
    raw = ics_of(ritual, datetime(2027, 6, 18, 18), {"wirt": "Anna;\r\nEND:VEVENT,\\"})
    found = list(events(raw))
    assert len(found) == len(ritual.steps)
    assert sum(line == "END:VCALENDAR" for line in unfolded(raw)) == 1
    assert " ".join(plain(step.text).split()) in " ".join(found[0]["DESCRIPTION"].split())


def test_items_with_a_date_are_tasks_as_well() -> None:
    base = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    items = (base.checklists[0].items[0].model_copy(update={"due": parse_offset("+2d"), "text": "Kerzen zurück"}),)
    ritual = base.model_copy(update={"checklists": (base.checklists[0].model_copy(update={"items": items}),)})
    found = [event for event in events(ics_of(ritual, datetime(2027, 6, 18, 18))) if "Kerzen" in event["SUMMARY"]]
    assert [event["DTSTART;VALUE=DATE"] for event in found] == ["20270620"]
    assert found[0]["DESCRIPTION"].startswith("Wirt:in: ")
    assert len(list(tasks(ritual))) == len(ritual.steps) + 1


def test_uids_differ_and_the_same_event_has_the_same() -> None:
    ritual = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    one, again, other = (
        [event["UID"] for event in events(ics_of(ritual, datetime(2027, 6, day, 18)))] for day in (18, 18, 19)
    )
    assert one == again
    assert len({*one, *other}) == 2 * len(one)


def test_the_time_zone_is_described(tmp_path: Path) -> None:
    """By a rule that gives the right offset at every vector."""
    lines = unfolded(ics_of(ritual_with(VECTORS[:1]), datetime(2027, 6, 18, 18)))
    zone = "\n".join(lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")])
    assert re.search(r"BEGIN:DAYLIGHT\nDTSTART:\d{8}T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\n", zone)
    assert re.search(r"BEGIN:STANDARD\nDTSTART:\d{8}T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\n", zone)
    for year in range(2026, 2040):  # the rule, by hand
        for month, hour, before, after in ((3, 2, 1, 2), (10, 3, 2, 1)):
            last = max(d for d in (date(year, month, n) for n in range(25, 32)) if d.weekday() == 6)
            change = datetime(year, month, last.day, hour) - timedelta(hours=before)
            offsets = [
                (change + timedelta(seconds=s)).replace(tzinfo=UTC).astimezone(VIENNA).utcoffset() for s in (-1, 0)
            ]
            assert offsets == [timedelta(hours=before), timedelta(hours=after)]


def test_a_second_parser_reads_the_file_that_the_command_writes(tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    args = [
        "print",
        "gruss",
        "--root",
        str(SMALL),
        "--sheet",
        "run",
        "--date",
        "2027-06-18T18:00",
        "-o",
        str(tmp_path / "x.pdf"),
    ]
    result = CliRunner().invoke(main, [*args, "--ics", str(path), "--person", "wirt=Anna Berger"])
    assert result.exit_code == 0, result.output
    read = IcsCalendarStream.calendar_from_ics(path.read_bytes().decode("utf-8"))
    ritual = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    expected = list(tasks(ritual))
    assert len(read.events) == len(expected) == 3
    start = datetime(2027, 6, 18, 18)
    for event, (at, minutes, _, text, _) in zip(read.events, expected, strict=True):
        then = moment(start, at)
        assert event.dtstart == (then.date() if at.days else then)
        assert event.dtend == (then.date() + timedelta(1) if at.days else then + timedelta(minutes=minutes))
        assert event.description == f"Anna Berger: {text}"
        assert event.summary == f"Gruss: {text}"


def test_every_hostile_text_comes_through_a_calendar() -> None:
    """In titles, steps and people's names: folded and escaped as RFC 5545 wants it, and read as it was typed."""
    base = published(examine(SMALL, TODAY).playbook).rituals["gruss"]
    for text in PAYLOADS + MARKUP:
        ritual = base.model_copy(
            update={"title": " ".join(text.split()), "steps": (base.steps[0].model_copy(update={"text": text}),)}
        )
        raw = ics_of(ritual, datetime(2027, 6, 18, 18), {"wirt": text})
        lines = unfolded(raw)
        assert [line for line in lines if line.startswith(("BEGIN:VE", "END:VC"))] == ["BEGIN:VEVENT", "END:VCALENDAR"]
        (event,) = events(raw)
        assert set(event) <= {*"UID DTSTAMP SUMMARY DESCRIPTION TRANSP DTSTART;VALUE=DATE DTEND;VALUE=DATE".split()}
        (read,) = Calendar.from_ical(raw).walk("VEVENT")
        for found in (event["DESCRIPTION"], str(read["DESCRIPTION"])):
            assert " ".join(found.split()).startswith(" ".join(f"{text}: ".split()))
