"""Numbers, times and dates in words, in German unless another language is given."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial

from babel.dates import format_date
from babel.numbers import format_decimal

from generator.languages.language import GERMAN, Language, _
from generator.model.text import WORKING_DAY, Offset


def duration(minutes: int, language: Language = GERMAN) -> str:
    """`45` → `45 min`, `90` → `1 h 30 min`, `960` → `2 Tage` (working days), `0` → `keine`."""
    if minutes == 0:
        return language.text(_("keine"))
    if minutes >= 2 * WORKING_DAY and minutes % (WORKING_DAY // 2) == 0:
        return language.text(_("{n} Tage"), n=format_decimal(minutes / WORKING_DAY, locale=language.locale))
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def offset(at: Offset, language: Language = GERMAN) -> str:
    """`-42d` → `6 Wochen vorher`, `-1h` → `1 Stunde vorher`, `+30min` → `nach 30 min`, `+2d` → `2 Tage danach`."""
    number, days = language.number, abs(at.days)
    if at.days < 0 and days % 7 == 0:
        return number("{n} Woche vorher", "{n} Wochen vorher", days // 7)
    if at.days < 0:
        return number("{n} Tag vorher", "{n} Tage vorher", days)
    if at.days and days % 7 == 0:
        return number("{n} Woche danach", "{n} Wochen danach", days // 7)
    if at.days:
        return number("{n} Tag danach", "{n} Tage danach", days)
    if not at.minutes:
        return language.text(_("Beginn"))
    hours, rest = divmod(abs(at.minutes), 60)
    if rest or not hours:
        span = duration(abs(at.minutes), language)
        return language.text(_("{span} vorher") if at.minutes < 0 else _("nach {span}"), span=span)
    if at.minutes < 0:
        return number("{n} Stunde vorher", "{n} Stunden vorher", hours)
    return number("nach {n} Stunde", "nach {n} Stunden", hours)


def until(at: Offset, language: Language = GERMAN) -> str:
    """The last day of a stage, counted from day one: `+0d` → `am ersten Tag`, `+89d` → `bis Ende des 3. Monats`."""
    days = at.days + 1
    months = round(days / 30.4)
    if days == 1:
        return language.text(_("am ersten Tag"))
    if months and abs(days - months * 30.4) <= 2:
        return language.text(_("bis Ende des {n}. Monats"), n=months)
    if days % 7 == 0:
        return language.text(_("bis Ende der {n}. Woche"), n=days // 7)
    return language.text(_("bis zum {n}. Tag"), n=days)


def lead(at: Offset, language: Language = GERMAN) -> str:
    """How long before the start `at` is: `-42d` → `6 Wochen`, the start itself → `keiner`."""
    if at.total >= 0:
        return language.text(_("keiner"))
    hours, rest = divmod(abs(at.minutes), 60)
    if at.days % 7:
        return language.number("{n} Tag", "{n} Tage", -at.days)
    if at.days:
        return language.number("{n} Woche", "{n} Wochen", -at.days // 7)
    return duration(-at.minutes, language) if rest else language.number("{n} Stunde", "{n} Stunden", hours)


def people(low: int, high: int, language: Language = GERMAN) -> str:
    """`8 bis 12`, or one number where both are the same."""
    return language.text(_("{low} bis {high}"), low=low, high=high) if low != high else str(low)


def day(value: date, language: Language = GERMAN) -> str:
    """`2026-11-16` → `16. November 2026`; January is `Jänner` in Austria."""
    return format_date(value, "long", locale=language.locale)


def size(count: int, language: Language = GERMAN) -> str:
    """`34 kB` or `1,2 MB` for a number of bytes."""
    if count >= 1e6:
        return f"{format_decimal(count / 1e6, format='0.0', locale=language.locale)} MB"
    return f"{max(round(count / 1e3), 1)} kB"


def collation(text: str) -> str:
    """Sort key after DIN 5007-1: umlauts as their base letters, ß as ss, marks and case ignored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if char.isalnum() or char == " ").strip()


def filters(language: Language) -> dict[str, Callable[..., str]]:
    """The functions of this module that pages and sheets use as Jinja filters, in one language."""
    return {
        "day": partial(day, language=language),
        "duration": partial(duration, language=language),
        "filesize": partial(size, language=language),
        "lead": partial(lead, language=language),
        "offset": partial(offset, language=language),
        "people": lambda numbers: people(numbers.min, numbers.max, language),
        "until": partial(until, language=language),
    }
