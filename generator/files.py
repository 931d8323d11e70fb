"""Files and folders: walking, writing whole files, removing, and saying what failed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from generator.problems import Problem

# What no other try would mend, and what a person can do about it.
REMEDIES = {
    errno.ENOSPC: "make room there, then try again",
    errno.EDQUOT: "make room there, then try again",
    errno.EFBIG: "raise the limit for files (ulimit -f), then try again",
    errno.EMFILE: "raise the limit for open files (ulimit -n), then try again",
    errno.ENFILE: "raise the limit for open files, then try again",
    errno.ENOMEM: "end other programs, then try again",
    errno.EAGAIN: "too many processes; end other programs, then try again",
    errno.EACCES: "check the permissions of it and of its folder, then try again",
    errno.EPERM: "check the owner of it and of its folder, then try again",
    errno.EROFS: "the disk may only be read; work elsewhere, or give another folder",
    errno.EBUSY: "it is in use, or where a disk is mounted; give a folder inside it",
    errno.EXDEV: "it is on another disk or in a container's image, and cannot be moved; remove it, then try again",
    errno.ENAMETOOLONG: "take a shorter name, or a folder with a shorter path",
    errno.EIO: "the disk may be failing; keep a copy elsewhere",
}


def fault(error: OSError, otherwise: Path) -> Problem:
    """An operation on a file that failed as a problem at this file; at `otherwise` where the error does not say."""
    lacking_room = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # where a copy goes, not what is copied
    at = (lacking_room and error.filename2) or error.filename or otherwise
    path = os.path.abspath(os.fsdecode(at))
    remedy = REMEDIES.get(error.errno or 0, "look at what is there, then try again")
    return Problem(path, 1, 1, f"{error.strerror or error}; {remedy}")


def discard(path: Path) -> None:
    """Remove a file, a link or a folder, also one that was made read-only; nothing if it is not there."""
    if path.is_dir() and not path.is_symlink():
        for folder, _folders, _files in os.walk(path):  # from above, so that each can be entered when it is its turn
            with suppress(OSError):
                os.chmod(folder, 0o700)
        try:
            shutil.rmtree(path)
        except OSError as error:  # which names a file as seen from its folder
            error.filename = str(path)
            raise
    else:
        path.unlink(missing_ok=True)


def files_below(folder: Path) -> Iterator[Path]:
    """Every file below a folder, sorted. Raises OSError for a folder that cannot be read: `glob` would leave it out."""

    def unreadable(error: OSError) -> None:
        raise error

    for base, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        yield from (Path(base, name) for name in sorted(names))


def put(path: Path, data: bytes) -> bool:
    """Make a file hold `data`, wholly or not at all; False if it did already. Makes its folder. An OSError names it."""
    return put_all({path: data}) > 0


def put_ours(path: Path, data: bytes) -> None:
    """`put` in `build/`, where nothing may stand in the way: a folder in the file's place goes."""
    if path.is_dir():
        discard(path)
    put(path, data)


def put_all(files: Mapping[Path, bytes]) -> int:
    """`put` for files that belong together: all of them or none. Returns how many were written."""
    # Under a hidden name, which is no source: a command that is killed must not leave what stops all others.
    changed = {path: path.with_name(f".{path.name}.new") for path, data in files.items() if not _same(path, data)}
    before: dict[Path, bytes | None] = {}
    try:
        for path, temporary in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)  # a link would lead elsewhere
            temporary.write_bytes(files[path])
        for path, temporary in changed.items():
            old = path.read_bytes() if len(changed) > 1 and path.is_file() else None
            os.replace(temporary, path)
            before[path] = old
    except OSError as error:
        error.filename = error.filename or str(path)
        for path, temporary in reversed(changed.items()):
            with suppress(OSError):  # it may be what fills the disk
                temporary.unlink(missing_ok=True)
                if (old := before.get(path)) is not None:
                    put(path, old)
                elif path in before:
                    path.unlink()
                path.parent.rmdir()  # if there is nothing in it: an empty folder is in the way of the next try
        raise
    return len(changed)


def _same(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:  # not there, or nothing to be read
        return False


def clear(folder: Path, keep: Container[str]) -> int:
    """Remove every link below `folder`, and every file not in `keep`, by its relative path; returns how many files."""
    removed = 0
    for base, folders, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(base, name)
            if path.is_symlink() or path.relative_to(folder).as_posix() not in keep:  # else what it leads to is written
                path.unlink()
                removed += 1
        for name in folders:
            path = Path(base, name)
            if path.is_symlink():
                path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
    return removed


def file_times(root: Path, names: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The time of the last change (ns) and the size of every file below `root` in the files and folders `names`."""
    times = {}
    for name in names:
        start = root / name
        for path in files_below(start) if start.is_dir() else [start]:
            with suppress(OSError):  # gone meanwhile, or a link to nowhere
                stat = path.stat()
                times[path.relative_to(root).as_posix()] = (stat.st_mtime_ns, stat.st_size)
    return times
