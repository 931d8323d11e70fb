"""`playbook` and `python -m generator`: whatever happens, a person reads one line and no traceback."""

from __future__ import annotations

import sys
import tempfile
import traceback
from pathlib import Path
from typing import NoReturn

from generator.files import file_problem
from generator.problems import visible
from generator.signals import Stopped, ignore_signals, stop_on_signals


def run() -> None:
    """Run the command line. Always raises SystemExit."""
    for stream in (sys.stdout, sys.stderr):
        if stream:  # file names may have characters that the terminal lacks
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    stop_on_signals()
    try:
        from generator.commands import main  # takes a moment, in which Ctrl-C already counts

        main(prog_name="playbook")
    except Stopped as stopped:
        fail("Stopped.", stopped.code)
    except ModuleNotFoundError as error:
        fail(f"{error.name or error} is not installed; run: {sys.executable} -m pip install -r requirements.txt")
    except OSError as error:
        fail(str(file_problem(error, Path("/dev/stdout"))))
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # a bug; panics of Typst are not an Exception
        fail(f"Something unexpected: {visible(repr(error))}. Please send {report(error)} to those who look after this.")
    finally:
        ignore_signals()


def report(error: BaseException) -> str:
    """Write the traceback of `error` to a file; returns its path, or what to send if that fails too."""
    try:
        with tempfile.NamedTemporaryFile("w", prefix="playbook-", suffix=".txt", delete=False) as file:
            traceback.print_exception(error, file=file)
    except OSError:
        return "this line"
    return file.name


def fail(message: str, code: object = 1) -> NoReturn:
    """Print `message` to standard error and exit."""
    print(message, file=sys.stderr, flush=True)
    raise SystemExit(code)


if __name__ == "__main__":
    run()
