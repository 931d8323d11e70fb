"""Time zone and public holidays."""

from __future__ import annotations

from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Vienna")
YEARS = range(1971, 2100)  # an event's year

# Calendar files carry their time zone. This is the EU's rule; icalendar would list every single change of the clocks.
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


@cache
def public_holidays() -> dict[date, str]:
    """Austria's public holidays: day → name in German."""
    import holidays  # takes longer to load than all of ours

    return dict(holidays.country_holidays("AT", years=YEARS, language="de"))
