"""Which files have changed since last time, found by looking again and again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from generator.project import WATCHED

PAUSE = 0.3  # seconds between two looks
State = dict[str, tuple[int, int]]  # path → when it was changed, and its size


def state(root: Path) -> State:
    """What the watched files are like now; hidden ones and those of editors count, they do no harm."""
    found: State = {}
    for name in WATCHED:
        for folder, _folders, files in os.walk(root / name):
            for file in files:
                _note(found, root, Path(folder) / file)
        if (root / name).is_file():
            _note(found, root, root / name)
    return found


def _note(found: State, root: Path, path: Path) -> None:
    try:
        stat = path.stat()
    except OSError:  # gone meanwhile, or a link to nowhere
        return
    found[path.relative_to(root).as_posix()] = (stat.st_mtime_ns, stat.st_size)


def different(before: State, now: State) -> list[str]:
    """The paths of what was changed, added or removed in between."""
    return sorted(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def changes(root: Path) -> Iterator[list[str]]:
    """Nothing at first, then whenever it happens the paths of what was changed, added or removed; for ever."""
    before = state(root)
    yield []
    while True:
        now = state(root)
        changed = different(before, now)
        before = now
        if changed:
            yield changed
        else:
            time.sleep(PAUSE)
