"""Ctrl-C and SIGTERM as an exception, so that whatever is running cleans up on its way out."""

from __future__ import annotations

import signal


class Stopped(SystemExit):
    """Somebody has stopped the command. A SystemExit, so that worker processes end without a traceback."""


def stop_on_signals() -> None:
    """Let Ctrl-C and SIGTERM raise Stopped, with the exit code that shells use: 130 and 143."""

    def stop(number: int, _frame: object) -> None:
        raise Stopped(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def ignore_signals() -> None:
    """Ignore them while the interpreter shuts down, when an exception would only be printed."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
