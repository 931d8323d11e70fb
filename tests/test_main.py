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


def raising(error: str) -> str:
    return f"import generator.pipeline as p; p.examine = lambda *_: (_ for _ in ()).throw({error})"


def test_a_package_that_is_not_installed(small: Path) -> None:
    result = play("sys.modules['click'] = None", "check", "--root", str(small))
    wanted = f"click is not installed; run: {sys.executable} -m pip install -r requirements.txt\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", wanted)


@pytest.mark.parametrize("error", ["TypeError('x')", "type('PanicException', (BaseException,), {})('x')"])
def test_a_bug_leaves_a_file_for_those_who_mend_it(small: Path, tmp_path: Path, error: str) -> None:
    """Panics of Typst are no `Exception`."""
    code = f"import tempfile; tempfile.tempdir = {str(tmp_path)!r}; {raising(error)}"
    result = play(code, "check", "--root", str(small))
    assert (result.returncode, result.stdout) == (1, "")
    found = re.fullmatch(r"Something unexpected: \w+\('x'\)\. Please send (.*) to those .*\n", result.stderr)
    assert found
    assert "Traceback" in Path(found[1]).read_text()


def test_a_bug_where_no_file_can_be_written(small: Path) -> None:
    code = f"import tempfile; tempfile.tempdir = '/gibt/es/nicht'; {raising('TypeError()')}"
    result = play(code, "check", "--root", str(small))
    assert result.returncode == 1
    assert re.fullmatch(r"Something unexpected: TypeError\(\)\. Please send this line to those .*\n", result.stderr)


def test_a_file_that_fails_is_named(small: Path) -> None:
    result = play(raising("OSError(28, 'No space left on device', '/x')"), "check", "--root", str(small))
    wanted = "/x:1:1: No space left on device; make room there, then try again\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, "", wanted)


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
