"""One build of a tree at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from generator.problems import PlaybookError, Problem


@contextmanager
def one_build(root: Path) -> Iterator[None]:
    """Keep a second build of the tree below `root` out. Raises PlaybookError where one is running."""
    folder = root / "build"
    folder.mkdir(exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout:
        message = "another build is running here; wait until it has ended"
        raise PlaybookError([Problem("build", 1, 1, message)]) from None
