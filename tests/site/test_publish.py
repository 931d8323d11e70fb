"""The published site is at every moment one whole version; what kills and full disks do to it is in test_faults.py."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.audience.edition import MARKERS
from generator.commands import main
from generator.model.text import Audience
from generator.problems import PlaybookError
from generator.site import publish as publishing
from generator.site.publish import publish, refuse_foreign
from tests.conftest import Edit

BUILD = [sys.executable, "-m", "generator", "build"]


def snapshot(site: Path) -> dict[str, bytes]:
    """Every file of a site: path → content; the engine's time stamps left out."""
    return {
        path.relative_to(site).as_posix(): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and not path.name.startswith("sitemap.xml")
    }


def make_site(folder: Path, text: str) -> Path:
    (folder / "api").mkdir(parents=True)
    (folder / MARKERS[Audience.TEAM]).write_text("{}")
    (folder / "index.html").write_text(text)
    return folder


@pytest.mark.parametrize("can_exchange", [True, False])
def test_the_new_site_replaces_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    if not can_exchange:
        monkeypatch.setattr(publishing, "exchange", lambda one, other: False)
    site = make_site(tmp_path / "site", "alt")
    (site / "gone.html").write_text("weg")
    publish(make_site(tmp_path / "new", "neu"), site)
    assert (site / "index.html").read_text() == "neu"
    assert not (site / "gone.html").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "site"]


def test_the_exchange_is_one_step_here(tmp_path: Path) -> None:
    one, other = make_site(tmp_path / "one", "1"), make_site(tmp_path / "other", "2")
    assert publishing.exchange(one, other)
    assert ((one / "index.html").read_text(), (other / "index.html").read_text()) == ("2", "1")


def test_the_exchange_takes_paths_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = make_site(Path("one"), "1"), make_site(Path("other"), "2")
    assert publishing.exchange(one, other)
    assert ((one / "index.html").read_text(), (other / "index.html").read_text()) == ("2", "1")


def test_half_a_site_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that goes, or cannot be read, while the site is copied."""
    site, new, scandir = make_site(tmp_path / "site", "alt"), make_site(tmp_path / "new", "neu"), os.scandir

    def unreadable(folder: str | Path) -> object:
        if str(folder) == str(new / "api"):
            raise OSError(5, "Input/output error", str(folder))
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", unreadable)
    with pytest.raises(OSError, match="Input/output error"):
        publish(new, site)
    monkeypatch.undo()
    assert (site / MARKERS[Audience.TEAM]).is_file()
    assert (site / "index.html").read_text() == "alt"


def test_a_system_that_cannot_exchange_folders_gets_the_new_site_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    site = make_site(tmp_path / "site", "alt")
    make_site(tmp_path / ".site.old", "uralt")  # left by a build that was killed
    publish(make_site(tmp_path / "new", "neu"), site)
    assert (site / "index.html").read_text() == "neu"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "site"]


def test_the_first_site_needs_no_folder_for_it(tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    new = make_site(tmp_path / "new", "neu")
    publish(new, tmp_path / "deep/er/site")
    publish(new, tmp_path / "not/there/yet/site")
    for site in ("deep/er/site", "not/there/yet/site"):
        assert (tmp_path / site / "index.html").read_text() == "neu"
        assert [path.name for path in (tmp_path / site).parent.iterdir()] == ["site"]


def test_what_a_killed_build_left_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, site = make_site(tmp_path / "new", "neu"), make_site(tmp_path / "site", "alt")
    with monkeypatch.context() as killed:
        killed.setattr(publishing, "exchange", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            publish(new, site)
    assert (site / "index.html").read_text() == "alt"
    assert len([*tmp_path.iterdir()]) == 3
    publish(new, site)
    assert (site / "index.html").read_text() == "neu"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "site"]


def test_a_failed_build_leaves_the_site(small: Path, edit: Edit) -> None:
    subprocess.run([*BUILD, "--root", small], check=True, capture_output=True)
    before = snapshot(small / "site")
    edit("universes/hafen/rituals/gruss.yml", "occasion: ankommen", "occasion: ankomen")
    result = subprocess.run([*BUILD, "--root", small], capture_output=True, text=True)
    assert result.returncode == 1
    assert "gruss.yml:3:11: unknown occasion 'ankomen'" in result.stdout
    assert "did you mean 'ankommen'" in result.stdout
    assert "is as it was" in result.stdout
    assert snapshot(small / "site") == before


@pytest.mark.parametrize(
    ("where", "reason"),
    [
        (".", "holds the sources"),
        ("..", "holds the sources"),
        ("universes", "lies among the sources"),
        ("content/site", "lies among the sources"),
        ("build/site", "lies among the sources"),
        ("templates/site", "lies among the sources"),
        (".git/site", "lies among the sources"),
        ("photos", "is not empty and has no api/playbook.json, so it is no site of ours for these readers"),
        ("notes.txt", "is a file, or lies below one"),
        ("link", "is a link; give the folder itself"),
    ],
)
def test_a_folder_that_is_no_site_of_ours_is_not_touched(small: Path, where: str, reason: str) -> None:
    (small / "photos").mkdir()
    (small / "photos/one.jpg").write_text("precious")
    (small / "notes.txt").write_text("precious")
    (small / "link").symlink_to(small / "photos")
    with pytest.raises(PlaybookError, match=reason):
        refuse_foreign(small / where, small)
    result = CliRunner().invoke(main, ["build", "--root", str(small), "--site-dir", str(small / where)])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert f":1:1: will not be replaced by the site: it {reason}\n" in result.output
    assert (small / "photos/one.jpg").read_text() == (small / "notes.txt").read_text() == "precious"


@pytest.mark.parametrize("where", [".", ".."])
def test_the_folder_that_one_is_in_is_not_replaced(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Whoever is there would stand nowhere afterwards."""
    monkeypatch.chdir(make_site(tmp_path / "site", "") / "api")
    with pytest.raises(PlaybookError, match="will not be replaced by the site: you are in it; change to another"):
        refuse_foreign(Path(where), small)


def test_what_may_be_replaced(tmp_path: Path, small: Path) -> None:
    (tmp_path / "empty").mkdir()
    make_site(tmp_path / "ours", "")
    for name in ("absent", "not/there", "empty", "ours"):
        refuse_foreign(tmp_path / name, small)


def test_a_second_build_waits_outside(small: Path) -> None:
    from generator.site.lock import one_build

    with one_build(small):
        result = subprocess.run([*BUILD, "--root", small], capture_output=True, text=True)
    assert result.returncode == 1
    assert "another build is running" in result.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(small: Path) -> None:
    small.chmod(0o555)
    try:
        result = subprocess.run([*BUILD, "--root", small], capture_output=True, text=True)
    finally:
        small.chmod(0o755)
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert "Permission denied" in result.stdout + result.stderr
