"""The date of a site is that of its sources, and git is asked without trusting the repository."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from generator import load_playbook
from generator.site.epoch import commit_date, requested_date, source_date

NOON = {"2026-11-01": 1793534400, "2026-12-01": 1796126400}  # UTC


def git(root: Path, day: str, *arguments: str) -> None:
    names = {f"GIT_{who}_{what}": "x@y" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {**os.environ, **names, "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    subprocess.run(["git", "-C", root, *arguments], check=True, env=env)


@pytest.fixture
def repository(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources were committed first, then something else."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    git(small, "2026-12-01", "init", "-q")
    git(small, "2026-12-01", "add", "universes", "content")
    git(small, "2026-12-01", "commit", "-qm", "sources")
    (small / "notes.txt").write_text("x")
    git(small, "2026-12-05", "add", "notes.txt")
    git(small, "2026-12-05", "commit", "-qm", "no sources")
    return small


def test_the_last_commit_of_the_sources_counts(repository: Path) -> None:
    assert source_date(repository, load_playbook(repository)) == NOON["2026-12-01"]


def test_a_hook_of_another_repository_changes_nothing(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "2026-12-09", "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    assert commit_date(repository) == NOON["2026-12-01"]


def test_without_git_the_newest_review_counts(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    assert commit_date(small) is None
    assert source_date(small, load_playbook(small)) == NOON["2026-11-01"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root may give a folder away")
def test_the_repository_of_another_user_is_not_asked(repository: Path) -> None:
    """Its configuration names programs that git would run."""
    for path in (repository, repository / ".git"):
        os.chown(path, 12345, 12345)
    assert commit_date(repository) is None


def test_nothing_that_a_repository_lacks_is_fetched(repository: Path, tmp_path: Path) -> None:
    """The command that would fetch it is one of the repository's choice."""
    program = tmp_path / "ssh"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path / 'run'}\n")
    program.chmod(0o755)
    settings = {
        "core.sshCommand": str(program),
        "protocol.ssh.allow": "always",
        "remote.far.url": "ssh://far/x",
        "remote.far.promisor": "true",
        "remote.far.partialCloneFilter": "blob:none",
        "extensions.partialClone": "far",
        "core.repositoryFormatVersion": "1",
    }
    for name, value in settings.items():
        git(repository, "2026-12-01", "config", name, value)
    tree = subprocess.run(
        ["git", "-C", repository, "rev-parse", "HEAD^{tree}"], check=True, capture_output=True, text=True
    ).stdout.strip()
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()
    assert commit_date(repository) is None
    assert not (tmp_path / "run").exists()


def test_who_sets_a_date_wins(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    assert source_date(repository, load_playbook(repository)) == 1_800_000_000


@pytest.mark.parametrize("value", ["gestern", "-1", "4294967296", "9" * 5000])
def test_a_date_that_is_none_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH needs seconds since 1970"):
        requested_date()
