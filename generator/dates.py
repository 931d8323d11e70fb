"""Offsets as real dates, for a sheet or a calendar of one event.

A day's offset keeps the clock time; hours and minutes are elapsed time. So `-1d` is
the same hour on the day before and `-1h` is 60 minutes earlier, also on the day the
clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from generator import labels
from generator.language import GERMAN, Language, _
from generator.models import Offset, Playbook, Ritual, item_key, step_key
from generator.prose import plain

ZONE = ZoneInfo("Europe/Vienna")
YEARS = range(1971, 2100)  # in which an event may lie
WEEKDAYS = (_("Mo"), _("Di"), _("Mi"), _("Do"), _("Fr"), _("Sa"), _("So"))
# The rule of the European Union in the words that all calendars know; the library would list single days.
VIENNA = """BEGIN:VTIMEZONE
TZID:Europe/Vienna
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def moment(start: datetime, at: Offset) -> datetime:
    """The moment `at` before or after `start`, in Vienna; `start` is naive local or aware time."""
    local = start.replace(tzinfo=ZONE) if start.tzinfo is None else start.astimezone(ZONE)
    day = (local.replace(tzinfo=None) + timedelta(days=at.days)).replace(tzinfo=ZONE)
    # A clock time that the change to summer time skips is moved on by the hour it skips.
    return (day.astimezone(UTC) + timedelta(minutes=at.minutes)).astimezone(ZONE)


@cache
def public_holidays() -> dict[date, str]:
    """Austria's, in German."""
    import holidays

    return dict(holidays.country_holidays("AT", years=YEARS, language="de"))


def warning(start: datetime, at: Offset, language: Language = GERMAN) -> str | None:
    """Why a preparation may find nobody at work: `Samstag`, `Sonntag` or a holiday's name."""
    if at.total >= 0:
        return None
    day = moment(start, at).date()
    found = public_holidays().get(day) or {5: _("Samstag"), 6: _("Sonntag")}.get(day.weekday())
    return found and language.text(found)


def said(start: datetime, at: Offset, language: Language = GERMAN) -> str:
    """`Fr, 7. Mai 2027` for a day's offset, `Fr, 18. Juni 2027, 17:00` within the day."""
    then = moment(start, at)
    day = f"{language.text(WEEKDAYS[then.weekday()])}, {labels.day(then.date(), language)}"
    return day if at.days else f"{day}, {then:%H:%M}"


def clock(start: datetime, at: Offset, language: Language = GERMAN) -> str:
    """`18:30`, with the weekday in front where it is not the day of the start; a day's offset as `said`."""
    then = moment(start, at)
    if at.days:
        return said(start, at, language)
    same_day = then.date() == moment(start, Offset(0, 0)).date()
    return f"{then:%H:%M}" if same_day else f"{language.text(WEEKDAYS[then.weekday()])}, {then:%H:%M}"


def calendar(
    playbook: Playbook, ritual: Ritual, start: datetime, people: dict[str, str], language: Language = GERMAN
) -> bytes:
    """The steps and dated items of a ritual as iCalendar; `people` maps roles to names."""
    from icalendar import Calendar, Event, Timezone, vText  # takes longer to load than all of ours

    class Typed(vText):
        """A text whose backslashes stay what they are; the library takes `\\N` for the end of a line."""

        def to_ical(self) -> bytes:
            halves = (vText(half).to_ical() for half in self.split("\\N"))
            return b"\\\\N".join(halves)

    cal = Calendar()
    cal.add("prodid", f"-//Engagement playbook//{language.code.upper()}")
    cal.add("version", "2.0")
    cal.add("x-wr-calname", Typed(ritual.title))
    cal.add_component(Timezone.from_ical(VIENNA))
    for number, (at, minutes, role, text, _key) in enumerate(tasks(ritual)):
        then, event = moment(start, at), Event()
        event.add("uid", f"{ritual.id}-{number}-{start:%Y%m%dT%H%M}@playbook")
        event.add("dtstamp", datetime.combine(ritual.reviewed, datetime.min.time(), UTC))
        if at.days:
            event.add("dtstart", then.date())
            event.add("dtend", then.date() + timedelta(days=1))
        else:
            event.add("dtstart", then)
            if minutes:  # an end must not be at the start
                event.add("dtend", (then.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZONE))
        who, found = people.get(role, playbook.roles[role].label), warning(start, at, language)
        caution = " (" + language.text(_("Achtung: {why}"), why=found) + ")" if found else ""
        short = text if len(text) <= 60 else f"{text[:57]}…"
        event.add("summary", Typed(f"{ritual.title}: {short}"))
        event.add("description", Typed(f"{who}: {text}{caution}"))
        event.add("transp", "TRANSPARENT")  # a task does not make anybody busy
        cal.add_component(event)
    return bytes(cal.to_ical())


class Task(NamedTuple):
    """Something to be done: a step, or an item of a checklist with a due date (`minutes` 0)."""

    at: Offset
    minutes: int
    role: str
    text: str
    key: str  # of its tick


def tasks(ritual: Ritual) -> list[Task]:
    """The steps and the dated items of a ritual, by time."""
    found = [Task(step.at, step.minutes, step.role, plain(step.text), step_key(step)) for step in ritual.steps]
    for checklist in ritual.checklists:
        found += [
            Task(item.due, 0, item.role or checklist.caller, item.text, item_key(checklist, item))
            for item in checklist.items
            if item.due
        ]
    return sorted(found, key=lambda task: task.at.total)
