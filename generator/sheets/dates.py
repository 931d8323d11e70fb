"""Offsets as real dates, for a sheet or a calendar of one event.

A day's offset keeps the clock time; hours and minutes are elapsed time. So `-1d` is
the same hour on the day before and `-1h` is 60 minutes earlier, also on the day the
clocks change.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from generator.languages import labels
from generator.languages.language import GERMAN, Language, _
from generator.languages.region import ZONE, public_holidays
from generator.model.text import Offset

WEEKDAYS = (_("Mo"), _("Di"), _("Mi"), _("Do"), _("Fr"), _("Sa"), _("So"))


def moment(start: datetime, at: Offset) -> datetime:
    """The moment `at` before or after `start`, in Vienna; `start` is naive local or aware time."""
    local = start.replace(tzinfo=ZONE) if start.tzinfo is None else start.astimezone(ZONE)
    day = (local.replace(tzinfo=None) + timedelta(days=at.days)).replace(tzinfo=ZONE)
    # A clock time that the change to summer time skips is moved on by the hour it skips.
    return (day.astimezone(UTC) + timedelta(minutes=at.minutes)).astimezone(ZONE)


def warning(start: datetime, at: Offset, language: Language = GERMAN) -> str | None:
    """Why a preparation may find nobody at work: `Samstag`, `Sonntag` or a holiday's name."""
    if at.total >= 0:
        return None
    day = moment(start, at).date()
    reason = public_holidays().get(day) or {5: _("Samstag"), 6: _("Sonntag")}.get(day.weekday())
    return reason and language.text(reason)


def date_text(start: datetime, at: Offset, language: Language = GERMAN) -> str:
    """`Fr, 7. Mai 2027` for a day's offset, `Fr, 18. Juni 2027, 17:00` within the day."""
    then = moment(start, at)
    day = f"{language.text(WEEKDAYS[then.weekday()])}, {labels.day(then.date(), language)}"
    return day if at.days else f"{day}, {then:%H:%M}"


def clock_text(start: datetime, at: Offset, language: Language = GERMAN) -> str:
    """`18:30`, with the weekday in front where it is not the day of the start; a day's offset as `date_text`."""
    then = moment(start, at)
    if at.days:
        return date_text(start, at, language)
    same_day = then.date() == moment(start, Offset(0, 0)).date()
    return f"{then:%H:%M}" if same_day else f"{language.text(WEEKDAYS[then.weekday()])}, {then:%H:%M}"
