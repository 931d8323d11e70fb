"""`playbook` and `python -m generator`: whatever happens, a person reads a message and no traceback."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

from generator.files import file_problem
from generator.problems import visible
from generator.signals import end_together, stoppable


def run() -> None:
    """The command line, with what the interpreter and the system leave to us."""
    for number in (0, 1, 2):  # one that is closed would be the next file's, and get what is said
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        if stream:  # names of files may have characters that the terminal lacks
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    end_together()
    with stoppable("Stopped."):
        try:
            os.getcwd()
        except OSError:
            fail("this folder is gone; change to one that is there, then try again")
        try:
            from generator.commands import main  # which takes a moment: whoever stops it then reads no traceback either

            main(prog_name="playbook")
        except ModuleNotFoundError as error:
            fail(f"{error.name or error} is not installed; run: {sys.executable} -m pip install -r requirements.txt")
        except ImportError as error:  # it is there
            part = error.name or "a part of this program"
            fail(f"{part} cannot be loaded: {error}; end other programs if there is too little memory")
        except OSError as error:
            fail(str(file_problem(error, Path("/dev/stdout"))))
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # a mistake of ours; or a panic of Typst, which is no `Exception`
            if re.search("can't start new thread|ThreadPoolBuildError", str(error)):
                fail("too many processes; end other programs or raise the limit (ulimit -u), then try again")
            if isinstance(error, MemoryError):
                fail("too little memory; end other programs or raise the limit (ulimit -v), then try again")
            what = f"Something unexpected: {visible(repr(error))}."
            try:
                with tempfile.NamedTemporaryFile("w", prefix="playbook-", suffix=".txt", delete=False) as file:
                    traceback.print_exc(file=file)
            except OSError:
                fail(f"{what} Please send this line to those who look after this.")
            fail(f"{what} Please send {file.name} to those who look after this.")


def fail(message: str) -> None:
    """Say it and end; what is still to be printed may be what has failed."""
    with suppress(OSError):
        print(message, file=sys.stderr, flush=True)
    with suppress(OSError):  # no file may be opened any more
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    raise SystemExit(1)


if __name__ == "__main__":
    run()
