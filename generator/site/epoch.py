"""The date of a built site: that of its sources, so that the same sources give the same bytes on any day."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, date, datetime, time
from pathlib import Path

from generator.model.playbook import Playbook
from generator.project import WATCHED

VARIABLE = "SOURCE_DATE_EPOCH"  # see reproducible-builds.org; the site engines read it
LATEST = 2**32 - 1  # seconds; the most that a gzip file can hold


def source_date(root: Path, playbook: Playbook) -> int:
    """The date in seconds since 1970: what SOURCE_DATE_EPOCH says, the last commit, or else the newest review."""
    seconds = requested_date()
    if seconds is None:
        seconds = commit_date(root)
    return review_date(playbook) if seconds is None else seconds


def requested_date() -> int | None:
    """SOURCE_DATE_EPOCH, if it is set. Raises ValueError if it is not a number of seconds since 1970."""
    value = os.environ.get(VARIABLE, "")
    if not value:
        return None
    if not (re.fullmatch("[0-9]{1,10}", value) and int(value) <= LATEST):
        raise ValueError(f"{VARIABLE} needs seconds since 1970, such as 1767182400")
    return int(value)


def commit_date(root: Path) -> int | None:
    """When the sources below `root` were last committed, in seconds since 1970; None if git does not say.

    The repository may be a stranger's, and its configuration names programs to run. So git's check of who owns it stays
    on, and nothing is fetched. A repository whose hook has called us, as GIT_DIR, is not asked.
    """
    command = ["git", "-C", str(root), "rev-list", "-1", "--timestamp", "HEAD", "--", *WATCHED]
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env["GIT_ALLOW_PROTOCOL"] = "none"
    try:
        result = subprocess.run(command, env=env, capture_output=True, text=True, encoding="utf-8", errors="replace")
    except OSError:  # there is no git
        return None
    seconds = result.stdout.partition(" ")[0]
    return int(seconds) if result.returncode == 0 and seconds.isdigit() and int(seconds) <= LATEST else None


def review_date(playbook: Playbook) -> int:
    """Noon of the day of the newest review, in seconds since 1970."""
    days = [universe.reviewed for universe in playbook.universes.values()]
    days += [ritual.reviewed for ritual in playbook.rituals.values()]
    days += [path.reviewed for path in playbook.paths.values()]
    days += [record.reviewed for record in (playbook.glossary, playbook.chooser) if record]
    return int(datetime.combine(max(days, default=date(2026, 1, 1)), time(12), UTC).timestamp())
