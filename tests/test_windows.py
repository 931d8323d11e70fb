"""What authors run works where everything that only POSIX has is missing, as on Windows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Before anything of ours is imported. `os.name` stays what it is: paths are those of this machine.
WITHOUT_POSIX = """
import ctypes, importlib.abc, os, signal, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in ("fcntl", "resource", "grp", "pwd", "termios"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

for name in ("fcntl", "resource", "grp", "pwd", "termios"):
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
real = ctypes.CDLL
ctypes.CDLL = lambda name, *rest, **more: real(name, *rest, **more) if name else (_ for _ in ()).throw(TypeError())
for module, names in ((os, ("sched_getaffinity", "register_at_fork", "fork")),
                      (signal, ("pause", "pthread_sigmask", "SIGKILL", "SIGHUP"))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
from generator.__main__ import run
run()
"""


def play(*arguments: str | Path, code: str = WITHOUT_POSIX) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True)


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["new", "ritual", "neu", "--universe=hafen", "--occasion=ankommen", "--title=Neu", "--summary=x", "--owner=x"],
        ["schema"],
        ["translations", "status"],
    ],
)
def test_commands_for_authors(small: Path, command: list[str]) -> None:
    result = play(*command, "--root", small)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_a_playbook_is_begun_and_checked(tmp_path: Path) -> None:
    result = play("init", tmp_path / "ours")
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    assert play("check", "--root", tmp_path / "ours").returncode == 0


def test_the_block_is_one(small: Path) -> None:
    """Or the others would prove nothing."""
    result = play("check", "--root", small, code=WITHOUT_POSIX.partition("from generator")[0] + "import fcntl")
    assert "No module named 'fcntl'" in result.stderr
