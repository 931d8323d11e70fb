"""A file is written wholly or not at all, and what fails names the file and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from generator.files import file_problem, files_below, remove, write_file
from generator.pipeline import examine
from tests.conftest import no_file_beyond


def test_a_file_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "new/a.yml"
    assert write_file(path, b"one")
    assert not write_file(path, b"one"), "it holds that already"
    assert write_file(path, b"two")
    assert path.read_bytes() == b"two"


def test_what_finds_no_room_leaves_the_old_file_and_no_half_of_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("old")
    with no_file_beyond(1000), pytest.raises(OSError, match=r"File too large: '.*/a\.yml'"):
        write_file(tmp_path / "a.yml", b"x" * 2000)
    assert [path.name for path in tmp_path.iterdir()] == ["a.yml"]
    assert (tmp_path / "a.yml").read_text() == "old"


def test_what_a_killed_command_leaves_beside_a_source_is_in_nobody_s_way(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ritual, catalogue = "universes/hafen/rituals/neu.yml", "content/locales/en/LC_MESSAGES/playbook.po"
    before = examine(small).problems
    for path in (small / ritual, small / catalogue):
        monkeypatch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            write_file(path, b"half")
        monkeypatch.undo()
        assert not path.exists()
    assert examine(small).problems == before
    assert write_file(small / catalogue, b"whole")
    assert [path.name for path in (small / catalogue).parent.iterdir()] == ["playbook.po"]


def killed(*_: object) -> None:
    raise KeyboardInterrupt  # which `write_file` does not handle: what it leaves is what a kill leaves


def test_a_folder_that_is_removed_names_itself_where_it_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.setattr(os, "rmdir", lambda *_args, **_: (_ for _ in ()).throw(PermissionError(13, "No", "b")))
    with pytest.raises(PermissionError, match=str(tmp_path / "a")):
        remove(tmp_path / "a")
    monkeypatch.undo()
    remove(tmp_path / "a")
    remove(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "scandir", lambda folder: (_ for _ in ()).throw(PermissionError(13, "No", folder)))
    with pytest.raises(PermissionError):
        list(files_below(tmp_path))


def test_a_problem_names_the_file_that_needs_room() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "/from/a", None, "/to/a")
    assert str(file_problem(error, Path("/x"))) == (
        "/to/a:1:1: No space left on device; make room there, then try again"
    )
    assert str(file_problem(OSError(errno.EIO, "Input/output error"), Path("/x"))) == (
        "/x:1:1: Input/output error; look at what is there, then try again"
    )
