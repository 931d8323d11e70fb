"""What scripts read: all published data, one ritual's data, the public holidays. All of it JSON."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from generator.languages.language import GERMAN, Language
from generator.languages.region import VIENNA, YEARS, public_holidays
from generator.model.playbook import Playbook
from generator.model.prose import links
from generator.model.record import Record
from generator.model.ritual import Ritual
from generator.model.tasks import step_key, tasks
from generator.model.text import Offset
from generator.model.universe import Universe

API_VERSION = 1


def playbook_json(playbook: Playbook, language: Language = GERMAN) -> str:
    """All published data; the format is described in `docs/data.md`."""
    kinds = {name: getattr(playbook, name) for name in type(playbook).model_fields}
    return safe_json(_plain_data({"version": API_VERSION, "language": language.code, **kinds}))


def ritual_json(playbook: Playbook, ritual: Ritual, url: str) -> str:
    """What a plan or a calendar needs of one ritual; `url` is its page, seen from the site's root.

    Tasks are the steps and the dated items in the order of time, each `at` (days, minutes) from the start and
    `minutes` long; `refers` names the rituals that a step's text links to.
    """
    refers = {
        step_key(step): [key for link in links(step.text) if (key := link.rpartition("/")[2]) in playbook.rituals]
        for step in ritual.steps
    }
    data = {
        "version": API_VERSION,
        "id": ritual.id,
        "title": ritual.title,
        "universe": ritual.universe,
        "url": url,
        "reviewed": ritual.reviewed.isoformat(),
        "run": ritual.duration.run,
        "roles": {key: {"label": playbook.roles[key].label, "side": playbook.roles[key].side} for key in ritual.roles},
        "tasks": [
            {**task._asdict(), "at": list(task.at), "refers": refers.get(task.key, [])} for task in tasks(ritual)
        ],
        "parts": [{"ritual": part.ritual, "at": list(part.at), "clock": part.clock} for part in ritual.parts],
    }
    return safe_json(data)


def vienna_js(language: Language = GERMAN) -> str:
    """A module of what a date in Vienna needs: the time zone as calendars know it, and the public holidays.

    Holidays of a fixed day are by that day, the others, which go before, by date.
    """
    years: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for day, name in public_holidays().items():
        years[f"{day:%m-%d}", str(language.text(name))].append(day.year)
    fixed = {day: name for (day, name), days in years.items() if len(days) > len(YEARS) / 2}
    moving = {f"{year}-{day}": name for (day, name), days in years.items() if fixed.get(day) != name for year in days}
    data = {"fixed": dict(sorted(fixed.items())), "moving": dict(sorted(moving.items()))}
    zone = safe_json(VIENNA.strip()).strip()
    return f"export const zone = {zone};\nexport const holidays = {safe_json(data).strip()};\n"


def catalogue_js(language: Language, texts: Iterable[str]) -> str:
    """The module with a language's words for the given `texts` of scripts, as far as there are any."""
    words = {text: language.translations[text] for text in texts if text in language.translations}
    return f"export const words = {safe_json(words).strip()};\nexport const plural = (n) => {language.plural};\n"


def safe_json(data: object) -> str:
    """JSON without a character that could end a script element, wherever it is put."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[<>&\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text) + "\n"


def _plain_data(value: Any) -> Any:
    if isinstance(value, Record):
        fields = {name: getattr(value, name) for name in type(value).model_fields}
        if isinstance(value, Ritual):
            del fields["status"]
        return _plain_data(fields)
    if isinstance(value, Offset):
        return {"days": value.days, "minutes": value.minutes}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain_data(item) for key, item in value.items()}
    return [_plain_data(item) for item in value] if isinstance(value, tuple) else value


def universe_css(universes: Iterable[Universe]) -> str:
    """One accent colour for each universe, on light and on dark paper."""
    rules = []
    for universe in universes:
        rules.append(f'[data-universe="{universe.id}"]{{--universe:{universe.colour.light}}}')
        dark = f'[data-universe="{universe.id}"]{{--universe:{universe.colour.dark}}}'
        rules.append(f'@media screen{{[data-md-color-scheme="slate"] {dark}}}')
    return "\n".join(rules) + "\n"
