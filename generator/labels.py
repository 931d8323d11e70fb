"""How numbers, times and dates are said to a German reader."""

from __future__ import annotations

import unicodedata
from datetime import date

from generator.models import WORKING_DAY, Offset

ORDINALS = "erste zweite dritte vierte fünfte sechste siebente achte neunte zehnte elfte zwölfte".split()
MONTHS = "Jänner Februar März April Mai Juni Juli August September Oktober November Dezember".split()


def duration(minutes: int) -> str:
    """`45` → `45 min`, `90` → `1 h 30 min`, `960` → `2 Tage` (working days), `0` → `keine`."""
    if minutes == 0:
        return "keine"
    if minutes >= 2 * WORKING_DAY and minutes % (WORKING_DAY // 2) == 0:
        return f"{minutes / WORKING_DAY:g} Tage".replace(".", ",")
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def offset(at: Offset) -> str:
    """`-42d` → `6 Wochen vorher`, `-1h` → `1 Stunde vorher`, `+30min` → `nach 30 min`, `+2d` → `2 Tage danach`."""
    if at.days:
        days = abs(at.days)
        count, unit = (days // 7, ("Woche", "Wochen")) if days % 7 == 0 else (days, ("Tag", "Tage"))
        return f"{count} {unit[count != 1]} {'vorher' if at.days < 0 else 'danach'}"
    if not at.minutes:
        return "Beginn"
    hours, rest = divmod(abs(at.minutes), 60)
    span = f"{hours} {'Stunde' if hours == 1 else 'Stunden'}" if hours and not rest else duration(abs(at.minutes))
    return f"{span} vorher" if at.minutes < 0 else f"nach {span}"


def until(at: Offset) -> str:
    """A stage's last day, counted from day one: `+0d` → `am ersten Tag`, `+89d` → `bis Ende des dritten Monats`."""
    days = at.days + 1
    weeks, months = days // 7, round(days / 30.4)
    if days == 1:
        return "am ersten Tag"
    if 1 <= months <= len(ORDINALS) and abs(days - months * 30.4) <= 2:
        return f"bis Ende des {ORDINALS[months - 1]}n Monats"
    if days % 7 == 0 and weeks <= len(ORDINALS):
        return f"bis Ende der {ORDINALS[weeks - 1]}n Woche"
    return f"bis zum {days}. Tag"


def people(low: int, high: int) -> str:
    return f"{low} bis {high}" if low != high else str(low)


def day(value: date) -> str:
    """`2026-11-16` → `16. November 2026`; January is `Jänner` in Austria."""
    return f"{value.day}. {MONTHS[value.month - 1]} {value.year}"


def size(count: int) -> str:
    """Bytes as `34 kB` or `1,2 MB`."""
    return f"{count / 1e6:.1f} MB".replace(".", ",") if count >= 1e6 else f"{max(round(count / 1e3), 1)} kB"


def collation(text: str) -> str:
    """Sort key after DIN 5007-1: umlauts as their base letters, ß as ss, marks and case ignored."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if char.isalnum() or char == " ").strip()
