"""The day that goes into a built site: that of its sources, so that the same sources give the same bytes on any day."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, date, datetime, time
from pathlib import Path

from generator.model.playbook import Playbook
from generator.project import WATCHED

VARIABLE = "SOURCE_DATE_EPOCH"  # see reproducible-builds.org; the site engines heed it
LATEST = 2**32 - 1  # seconds; what a gzip file can say
RELEASED = date(2026, 11, 23)  # a clock that says it is earlier is wrong


def wanted() -> int | None:
    """What `SOURCE_DATE_EPOCH` says, in seconds since 1970, if it is set. Raises ValueError if it is no such number."""
    value = os.environ.get(VARIABLE, "")
    if not value:
        return None
    if not (re.fullmatch("[0-9]{1,10}", value) and int(value) <= LATEST):
        raise ValueError(f"{VARIABLE} needs seconds since 1970, such as {int(_noon(RELEASED))}")
    return int(value)


def committed(root: Path) -> int | None:
    """When the sources below `root` were last committed, in seconds since 1970.

    None where git is missing, knows nothing of them, or refuses as the folder belongs to somebody else.
    """
    command = ["git", "-C", str(root), "rev-list", "-1", "--timestamp", "HEAD", "--", *WATCHED]
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}  # of a hook that called us
    try:
        result = subprocess.run(command, env=env, capture_output=True, text=True, errors="replace")
    except OSError:
        return None
    seconds = result.stdout.partition(" ")[0]
    return int(seconds) if result.returncode == 0 and seconds.isdigit() and int(seconds) <= LATEST else None


def reviewed(playbook: Playbook) -> int:
    """Noon of the day of the newest review, in seconds since 1970; that of this program where there is none."""
    days = [u.reviewed for u in playbook.universes.values()] + [r.reviewed for r in playbook.rituals.values()]
    days += [path.reviewed for path in playbook.paths.values()]
    days += [record.reviewed for record in (playbook.glossary, playbook.chooser) if record]
    return _noon(max(days, default=RELEASED))


def today(last: int | None) -> date:
    """Today, but not before `last`, a commit, nor before this program was written: then the clock is wrong."""
    return max(date.today(), RELEASED, datetime.fromtimestamp(last or 0, UTC).date())


def _noon(day: date) -> int:
    return int(datetime.combine(day, time(12), UTC).timestamp())
