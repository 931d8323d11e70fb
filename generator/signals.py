"""Signals, and processes that end together."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_us = 0  # the process that forks


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
