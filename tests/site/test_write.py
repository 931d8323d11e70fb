from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from generator.files import put, put_all, put_ours
from generator.pipeline import examine
from generator.site.write import write as write_made
from tests.conftest import no_file_beyond


def write(folder: Path, texts: dict[str, str]) -> tuple[int, int]:
    return write_made(folder, {uri: partial(str, text) for uri, text in texts.items()})


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    assert write(tmp_path, {"a.md": "eins", "b/c.md": "zwei"}) == (2, 0)
    os.utime(tmp_path / "a.md", (1, 1))
    assert write(tmp_path, {"a.md": "eins", "b/c.md": "drei"}) == (1, 0)
    assert (tmp_path / "a.md").stat().st_mtime == 1
    assert (tmp_path / "b/c.md").read_text() == "drei"


def test_stale_files_and_folders_go(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "eins", "b/c/d.md": "zwei"})
    (tmp_path / "b/half-written.md.new").write_text("from a killed build")
    assert write(tmp_path, {"a.md": "eins"}) == (0, 2)
    assert [path.name for path in tmp_path.rglob("*")] == ["a.md"]


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    write(tmp_path, {"a": "eins", "b/c": "zwei"})
    write(tmp_path, {"a/b": "drei", "b": "vier"})
    assert {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()} == {"a/b", "b"}


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("bleibt")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").symlink_to(outside)
    write(tmp_path / "docs", {"a.md": "neu"})
    assert outside.read_text() == "bleibt"
    assert (tmp_path / "docs/a.md").read_text() == "neu"


def test_a_link_to_a_folder_is_removed_and_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.md").write_text("bleibt")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/b").symlink_to(tmp_path / "outside")
    write(tmp_path / "docs", {"b/a.md": "neu"})
    assert (tmp_path / "outside/a.md").read_text() == "bleibt"
    assert (tmp_path / "docs/b/a.md").read_text() == "neu"


def test_a_folder_and_what_it_stands_in_are_made(tmp_path: Path) -> None:
    assert write(tmp_path / "build/de/docs", {"a.md": "eins"}) == (1, 0)
    assert (tmp_path / "build/de/docs/a.md").read_text() == "eins"


def test_what_a_killed_command_leaves_beside_a_source_is_in_nobody_s_way(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ritual, catalogue = "universes/hafen/rituals/neu.yml", "content/locales/en/LC_MESSAGES/playbook.po"
    before = examine(small).problems
    for path in (small / ritual, small / catalogue):
        monkeypatch.setattr("os.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            put(path, b"half")
        monkeypatch.undo()
        assert not path.exists()
    assert examine(small).problems == before
    assert put(small / catalogue, b"whole")
    assert [path.name for path in (small / catalogue).parent.iterdir()] == ["playbook.po"]


def killed(*_: object) -> None:
    raise KeyboardInterrupt  # of which nothing is told to `put`: what it leaves is what a kill leaves


def test_a_folder_in_the_place_of_a_file_of_ours_goes(tmp_path: Path) -> None:
    path = tmp_path / "build" / "csp.conf"
    (path / "x").mkdir(parents=True)
    for data in (b"eins", b"zwei"):
        put_ours(path, data)
        assert path.read_bytes() == data


def test_files_that_belong_together_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("alt")
    files = {tmp_path / "a.yml": b"neu", tmp_path / "b" / "c.yml": b"x" * 2000}
    with no_file_beyond(1000), pytest.raises(OSError, match=r"File too large: '.*/b/c\.yml'"):
        put_all(files)
    assert (tmp_path / "a.yml").read_text() == "alt"
    (tmp_path / "in the way").mkdir()
    with pytest.raises(OSError, match="in the way"):
        put_all(files | {tmp_path / "in the way": b"neu"})  # found out when the others are in their places
    assert (tmp_path / "a.yml").read_text() == "alt"
    (tmp_path / "a.yml").write_text("alt" * 1000)
    with no_file_beyond(1000), pytest.raises(OSError, match="in the way"):
        put_all({tmp_path / "a.yml": b"neu", tmp_path / "in the way": b"neu"})
    assert (tmp_path / "a.yml").read_text() == "neu", "what finds no room for the way back is whole all the same"
    (tmp_path / "in the way").rmdir()
    assert [path.name for path in tmp_path.rglob("*")] == ["a.yml"], "no folder and nothing half-written is left"
    assert put_all(files) == 1, "the other is there already"
    assert put_all(files) == 0
    assert (tmp_path / "b/c.yml").read_bytes() == b"x" * 2000
