"""What can go wrong with the machine rather than with the sources: disks, permissions, signals, processes."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_us = 0  # the process that forks


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


# ---------------------------------------------------------------------- signals


@contextmanager
def stoppable(message: str) -> Iterator[None]:
    """Ctrl-C and SIGTERM say `message` and end the process at once, with 130 and 143.

    There is nothing to tidy up: what we do may be killed anywhere, and then there is no time for it either.
    """
    process = os.getpid()

    def stop(number: int, _frame: object) -> None:
        if os.getpid() == process:  # not a child, which Ctrl-C reaches too
            show_cursor = "\r\x1b[K\x1b[?25h" if os.isatty(2) else ""  # a line of progress hides it
            with suppress(OSError):
                os.write(2, f"{show_cursor}{message}\n".encode())
        os._exit(128 + number)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interruptible() -> None:
    """Let Ctrl-C and SIGTERM raise KeyboardInterrupt, for what goes on until then."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)


# ------------------------------------------------------------------- processes


def end_together() -> None:
    """From now on, forked processes end when we do, even if we are killed: they would write into the next build."""
    global _us
    _us = os.getpid()
    os.register_at_fork(after_in_child=end_with_parent)


def end_with_parent() -> None:
    """In a child: end when the parent does. Where the system cannot, it ends when its work is done."""
    global _us
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if _us and os.getppid() != _us and os.getpid() != _us:  # it has ended already
            os._exit(1)
    _us = os.getpid()
