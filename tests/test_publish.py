"""The published site is at every moment one whole version; what kills and full disks do to it is in test_faults.py."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator import publish as publishing
from generator.problems import PlaybookError
from generator.publish import MARKER, publish, refuse_foreign
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
    (folder / MARKER).write_text("{}")
    (folder / "index.html").write_text(text)
    return folder


@pytest.mark.parametrize("can_exchange", [True, False])
def test_the_new_site_replaces_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    if not can_exchange:
        monkeypatch.setattr(publishing, "_exchange", lambda one, other: False)
    site = make_site(tmp_path / "site", "alt")
    (site / "gone.html").write_text("weg")
    publish(make_site(tmp_path / "new", "neu"), site)
    assert (site / "index.html").read_text() == "neu"
    assert not (site / "gone.html").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "site"]


def test_the_exchange_is_one_step_here(tmp_path: Path) -> None:
    one, other = make_site(tmp_path / "one", "1"), make_site(tmp_path / "other", "2")
    assert publishing._exchange(one, other)
    assert ((one / "index.html").read_text(), (other / "index.html").read_text()) == ("2", "1")


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
        ("universes", "among the sources"),
        ("content/site", "among the sources"),
        ("build/site", "among the sources"),
        ("photos", "no site of ours"),
        ("notes.txt", "is a file"),
        ("link", "is a link"),
    ],
)
def test_a_folder_that_is_no_site_of_ours_is_not_touched(small: Path, where: str, reason: str) -> None:
    (small / "photos").mkdir()
    (small / "photos/one.jpg").write_text("precious")
    (small / "notes.txt").write_text("precious")
    (small / "link").symlink_to(small / "photos")
    with pytest.raises(PlaybookError, match=reason):
        refuse_foreign(small / where, small)
    result = subprocess.run(
        [*BUILD, "--root", small, "--site-dir", small / where], capture_output=True, text=True, cwd=small
    )
    assert (result.returncode, "Traceback" in result.stderr) == (1, False)
    assert (small / "photos/one.jpg").read_text() == (small / "notes.txt").read_text() == "precious"


def test_a_second_build_waits_outside(small: Path) -> None:
    from generator.cli import lock

    with lock(small):
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
