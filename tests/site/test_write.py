"""A folder holds exactly what is written into it, and nothing outside it is touched."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

from generator.site.write import write as write_recipes


def write(folder: Path, texts: dict[str, str]) -> None:
    write_recipes(folder, {uri: partial(str, text) for uri, text in texts.items()})


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    write(tmp_path / "docs", {"a.md": "eins", "b/c.md": "zwei"})
    os.utime(tmp_path / "docs/a.md", (1, 1))
    write(tmp_path / "docs", {"a.md": "eins", "b/c.md": "drei"})
    assert (tmp_path / "docs/a.md").stat().st_mtime == 1
    assert contents(tmp_path / "docs") == {"a.md": "eins", "b/c.md": "drei"}


def test_stale_files_and_folders_go(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "eins", "b/c/d.md": "zwei"})
    (tmp_path / "b/.half-written.md.new").write_text("from a killed build")
    write(tmp_path, {"a.md": "eins"})
    assert [path.name for path in tmp_path.rglob("*")] == ["a.md"]


def test_a_file_in_the_place_of_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    write(tmp_path, {"a": "eins", "b/c": "zwei"})
    write(tmp_path, {"a/b": "drei", "b": "vier"})
    assert contents(tmp_path) == {"a/b": "drei", "b": "vier"}


def test_a_link_to_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("stays")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/a.md").symlink_to(tmp_path / "outside.md")
    write(tmp_path / "docs", {"a.md": "new"})
    assert (tmp_path / "outside.md").read_text() == "stays"
    assert (tmp_path / "docs/a.md").read_text() == "new"


def test_a_link_to_a_folder_is_removed_and_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/a.md").write_text("stays")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/b").symlink_to(tmp_path / "outside")
    write(tmp_path / "docs", {"b/a.md": "new"})
    assert (tmp_path / "outside/a.md").read_text() == "stays"
    assert contents(tmp_path / "docs") == {"b/a.md": "new"}
