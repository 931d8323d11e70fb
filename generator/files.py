"""Files and folders: list, write and remove them, and turn a failed operation into a problem."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from generator.problems import Problem

REMEDIES = {
    errno.ENOSPC: "make room there, then try again",
    errno.EACCES: "check the permissions of it and of its folder, then try again",
    errno.EROFS: "the disk is read-only; work elsewhere, or give another folder",
}


def file_problem(error: OSError, otherwise: Path) -> Problem:
    """A failed file operation as a problem at that file, or at `otherwise` if the error does not name one."""
    target = error.filename2 if error.errno == errno.ENOSPC else None  # of a copy, the target is what lacks room
    path = os.path.abspath(os.fsdecode(target or error.filename or otherwise))
    remedy = REMEDIES.get(error.errno or 0, "look at what is there, then try again")
    return Problem(path, 1, 1, f"{error.strerror or error}; {remedy}")


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file below `folder`, sorted. Raises OSError for an unreadable folder, where `glob` yields nothing."""

    def fail(error: OSError) -> None:
        raise error

    for base, folders, names in os.walk(folder, onerror=fail):
        folders.sort()
        yield from (Path(base, name) for name in sorted(names))


def write_file(path: Path, data: bytes) -> bool:
    """Write `data` to `path` in one step, creating its folder; returns False if the file held it already."""
    if not path.is_symlink() and path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")  # hidden: if we are killed, nobody takes it for a source
    temporary.unlink(missing_ok=True)  # never write through a link
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a full disk names no file
        temporary.unlink(missing_ok=True)
        raise
    return True


def remove(path: Path) -> None:
    """Remove a file, a link or a whole folder; do nothing if it is not there."""
    if path.is_dir() and not path.is_symlink():
        try:
            shutil.rmtree(path)
        except OSError as error:
            error.filename = str(path)  # rmtree names entries relative to their folder
            raise
    else:
        path.unlink(missing_ok=True)


def remove_others(folder: Path, keep: Container[str]) -> None:
    """Remove every file below `folder` whose relative path is not in `keep`, every link and every empty folder."""
    for base, folders, names in os.walk(folder, topdown=False):
        for name in (*names, *folders):
            path = Path(base, name)
            if path.is_symlink() or (path.is_file() and path.relative_to(folder).as_posix() not in keep):
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def file_times(root: Path, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The time of the last change (ns) and the size of every file below `root` in the files and folders `names`."""
    times = {}
    for name in names:
        start = root / name
        with suppress(OSError):  # gone meanwhile, or a link to nowhere
            for path in files_below(start) if start.is_dir() else [start]:
                stat = path.lstat()
                times[path.relative_to(root).as_posix()] = (stat.st_mtime_ns, stat.st_size)
    return times
