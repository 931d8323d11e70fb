"""The command as a process: whatever happens to it, a person reads a message and no traceback."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PLAYBOOK = [sys.executable, "-m", "generator"]


def play(code: str, *args: str) -> subprocess.CompletedProcess[str]:
    """`playbook` with `code` before it."""
    command = [sys.executable, "-c", f"import sys; {code}; from generator.__main__ import run; run()", *args]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_package_that_is_not_installed(small: Path) -> None:
    result = play("sys.modules['click'] = None", "check", "--root", str(small))
    wanted = f"click is not installed; run: {sys.executable} -m pip install -r requirements.txt\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", wanted)


def test_a_mistake_of_ours_leaves_a_file_for_those_who_mend_it(small: Path, tmp_path: Path) -> None:
    broken = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}; import generator.pipeline as c; c.examine = None"
    result = play(broken, "check", "--root", str(small))
    assert (result.returncode, result.stdout) == (1, "")
    found = re.fullmatch(r"Something unexpected: TypeError\(.*\)\. Please send (.*) to those .*\n", result.stderr)
    assert found
    assert "Traceback" in Path(found[1]).read_text()


def test_a_mistake_of_ours_where_no_file_can_be_left_for_it(small: Path) -> None:
    broken = "import tempfile; tempfile.tempdir = '/gibt/es/nicht'; import generator.pipeline as c; c.examine = None"
    result = play(broken, "check", "--root", str(small))
    assert result.returncode == 1
    assert re.fullmatch(r"Something unexpected: TypeError\(.*\)\. Please send this line to those .*\n", result.stderr)


def test_a_package_that_cannot_be_loaded_is_not_said_to_be_missing(small: Path) -> None:
    error = "ImportError('mmap', name='typst')"
    broken = f"import generator.pipeline as c; c.examine = lambda *_: (_ for _ in ()).throw({error})"
    result = play(broken, "check", "--root", str(small))
    wanted = "typst cannot be loaded: mmap; end other programs if there is too little memory\n"
    assert (result.returncode, result.stderr) == (1, wanted)


def test_a_folder_that_is_gone_from_below_us(small: Path, tmp_path: Path) -> None:
    gone = f"import os; os.mkdir({str(tmp_path / 'x')!r}); os.chdir({str(tmp_path / 'x')!r}); os.rmdir(os.getcwd())"
    result = play(gone, "check", "--root", str(small))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == "this folder is gone; change to one that is there, then try again\n"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ('RuntimeError("can\'t start new thread")', "too many processes; end other programs or raise the limit"),
        ("MemoryError()", "too little memory; end other programs or raise the limit"),
        ("type('PanicException', (BaseException,), {})('ThreadPoolBuildError')", "too many processes; end"),
    ],
)
def test_a_machine_without_room_is_no_mistake_of_ours(small: Path, error: str, said: str) -> None:
    """Typst's panics are no `Exception`."""
    broken = f"import generator.pipeline as c; c.examine = lambda *_: (_ for _ in ()).throw({error})"
    result = play(broken, "check", "--root", str(small))
    assert (result.returncode, result.stdout, result.stderr.startswith(said)) == (1, "", True), result.stderr


def test_no_file_may_be_opened_any_more(small: Path) -> None:
    broken = (
        "import os, generator.pipeline as c; c.examine = os.open = lambda *_: (_ for _ in ()).throw(OSError(24, 'no'))"
    )
    result = play(broken, "check", "--root", str(small))
    wanted = "/dev/stdout:1:1: no; raise the limit for open files (ulimit -n), then try again\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", wanted)


def test_with_nobody_to_ask_or_to_complain_to_the_work_is_done(small: Path) -> None:
    command = ["sh", "-c", 'exec "$@" <&- 2>&-', "-", *PLAYBOOK, "schema", "--root", str(small)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    assert result.returncode == 0
    assert str(small / "schema/ritual.json") in result.stdout
    assert (small / "schema/ritual.json").read_text().startswith("{")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_that_is_stopped_says_so(small: Path, number: signal.Signals, code: int) -> None:
    command = [*PLAYBOOK, "new", "ritual", "--root", str(small)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stdout.read(2) == "Id", "it asks"
    process.send_signal(number)
    assert process.communicate()[1] == "Stopped.\n"
    assert process.returncode == code
