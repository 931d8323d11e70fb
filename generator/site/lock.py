"""One build of a playbook at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.problems import PlaybookError, Problem


def refuse_links(folder: Path) -> None:
    """Raise PlaybookError for a link in `build/`: a build would empty the folder that it leads to."""
    paths = [folder, *folder.glob("*"), *folder.glob("*/*"), *folder.glob("*/*/*")]
    if links := [path for path in paths if path.is_symlink()]:
        message = "a link, and the build replaces what is here; remove it, or put a folder in its place"
        raise PlaybookError(Problem(str(path.absolute()), 1, 1, message) for path in links)


@contextmanager
def one_build(root: Path) -> Iterator[None]:
    """Keep other builds of the playbook out. Raises PlaybookError if one is running."""
    from filelock import FileLock, Timeout  # not on import: what authors run needs no lock

    folder = root / "build"
    refuse_links(folder)
    folder.mkdir(exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        message = "another build is running here; wait until it has ended"
        raise PlaybookError([Problem("build", 1, 1, message)]) from None
