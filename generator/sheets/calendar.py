"""The tasks of a ritual as iCalendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from generator.languages.language import GERMAN, Language, _
from generator.languages.region import VIENNA, ZONE
from generator.model.playbook import Playbook
from generator.model.ritual import Ritual
from generator.model.tasks import tasks
from generator.sheets.dates import moment, warning


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
        who, reason = people.get(role, playbook.roles[role].label), warning(start, at, language)
        caution = " (" + language.text(_("Achtung: {why}"), why=reason) + ")" if reason else ""
        short = text if len(text) <= 60 else f"{text[:57]}…"
        event.add("summary", Typed(f"{ritual.title}: {short}"))
        event.add("description", Typed(f"{who}: {text}{caution}"))
        event.add("transp", "TRANSPARENT")  # a task does not make anybody busy
        cal.add_component(event)
    return bytes(cal.to_ical())
