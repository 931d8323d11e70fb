"""Which sources have changed, as soon as they have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import watchfiles

from generator.files import file_times
from generator.project import PROJECT, WATCHED, part

TOGETHER = 20  # milliseconds without another change, after which changes are passed on
LOOK_AGAIN = 1000  # milliseconds, after which folders that were removed or made are noticed


def changes(root: Path, *, poll: bool = False) -> Iterator[list[str]]:
    """Yields nothing at first, then whenever it happens the paths of what was saved, added or removed; for ever.

    `poll` looks at every file again and again, for file systems that do not tell: Docker mounts, WSL, network shares.
    """
    times = file_times(root, WATCHED)
    yield []
    while True:
        identities = _identities(root)
        watcher = watchfiles.watch(
            *[path for path, _inode in identities],
            step=TOGETHER,
            rust_timeout=LOOK_AGAIN,
            yield_on_timeout=True,
            force_polling=poll or None,
            ignore_permission_denied=True,
        )
        for batch in watcher:
            before, times = times, file_times(root, WATCHED)  # also tells of what was saved while nobody watched
            changed, replaced = before.items() ^ times.items(), _identities(root) != identities
            if batch or changed or replaced:
                yield sorted({path for path, _time in changed})
            if replaced:  # another folder of the same name has to be watched anew
                break


def _identities(root: Path) -> list[tuple[Path, int]]:
    """What is to be watched, each with its inode. Files are watched too: the folder of `mkdocs.yml` holds `site/`."""
    paths = {root / name for name in WATCHED} | {part(root, name) for name in ("templates", "mkdocs.yml")}
    return [(path, path.stat().st_ino) for path in sorted(paths) if path.exists()] or [(PROJECT / "templates", 0)]
