"""The Content-Security-Policy that a build writes, and what `playbook deploy` puts together."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.problems import PlaybookError
from generator.project import PROJECT
from generator.site.deploy import COMPRESSED, compressed, deploy
from tests.conftest import no_file_beyond
from tests.site.test_publish import make_site

PAGE = "<!doctype html><title>x</title><body>{}</body>"


POLICY = PROJECT / "deploy" / "nginx" / "csp.conf"
# What a policy without exceptions does not let run: an inline script that is no data, an inline style, an attribute.
INLINE = re.compile(r"<script(?![^>]*( src=|/json))|<style| style=| on[a-z]+=", re.IGNORECASE)


def test_the_handbook_needs_no_exception_from_the_policy(site: Path) -> None:
    assert "unsafe" not in POLICY.read_text()
    pages = {path: path.read_text("utf-8") for path in site.rglob("*.html")}
    assert len(pages) > 50
    assert not [(path, found[0]) for path, text in pages.items() if (found := INLINE.search(text))]
    assert not re.search(r"eval\(|new Function|WebAssembly", "".join(p.read_text() for p in site.rglob("assets/*.js")))


def test_a_table_with_aligned_columns_runs(small: Path) -> None:
    (small / "content/hilfe.md").write_text("---\ntitle: A\ndescription: B.\n---\n\n| Rot |\n| --: |\n| 1 |\n")
    result = CliRunner().invoke(main, ["build", "--root", str(small)], catch_exceptions=False)
    assert "warning" not in result.output
    assert '<td class="pb-right">1</td>' in (small / "site/hilfe/index.html").read_text("utf-8")


def test_deploying_is_the_same_whenever_it_is_done(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", PAGE.format("Grüß Gott"))
    (site / "x.pdf").write_bytes(b"%PDF")
    folder = tmp_path / "build" / "deploy"

    def content() -> dict[str, bytes]:
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    deploy(site, folder)
    first = content()
    names = ["csp.conf", "site/api/playbook.json", "site/api/playbook.json.gz"]
    assert sorted(first) == [*names, "site/index.html", "site/index.html.gz", "site/x.pdf"]
    assert gzip.decompress(first["site/index.html.gz"]) == first["site/index.html"]
    (folder / "site" / "gone.html").write_text("weg")
    os.utime(site / "index.html", (0, 0))
    deploy(site, folder)
    assert content() == first
    assert [path.name for path in folder.parent.iterdir()] == ["deploy"]


@pytest.mark.parametrize("kind", ["file", "link", "folder"])
def test_what_is_where_it_works_goes(tmp_path: Path, kind: str) -> None:
    site, stage, precious = make_site(tmp_path / "site", "x"), tmp_path / "deploy.stage", tmp_path / "precious"
    precious.mkdir()
    {"file": stage.touch, "link": lambda: stage.symlink_to(precious), "folder": stage.mkdir}[kind]()
    deploy(site, tmp_path / "deploy")
    assert (tmp_path / "deploy" / "site" / "index.html").is_file()
    assert list(precious.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deploy", "precious", "site"]


def test_deploying_that_fails_says_where_and_leaves_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", "x" * 2000)
    deploy(site, tmp_path / "build" / "deploy")
    with no_file_beyond(1000):
        result = CliRunner().invoke(main, ["deploy", "--root", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 1
    assert re.fullmatch(r"\S+/site/index\.html:1:1: File too large; look [^\n]*\n1 error\.\n", result.output)
    assert sorted(path.name for path in (tmp_path / "build").iterdir()) == [".lock", "deploy"]
    assert (tmp_path / "build" / "deploy" / "site" / "index.html").is_file()


def test_compressed_bytes_hold_neither_time_nor_system() -> None:
    assert compressed(b"x")[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"
    assert ".html" in COMPRESSED
    assert ".pdf" not in COMPRESSED  # it is compressed inside


def test_only_a_site_is_deployed(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with pytest.raises(PlaybookError, match="run `playbook build` first"):
        deploy(tmp_path / "site", tmp_path / "deploy")
    result = CliRunner().invoke(main, ["deploy", "--root", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 1
    assert "site:1:1: no built site is here" in result.output
    assert not (tmp_path / "deploy").exists()


def test_the_command_deploys(tmp_path: Path) -> None:
    make_site(tmp_path / "elsewhere", PAGE.format("x"))
    arguments = ["deploy", "--root", str(tmp_path), "--site-dir", str(tmp_path / "elsewhere")]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "build" / "deploy" / "site" / "index.html.gz").is_file()
    assert "frame-ancestors 'none'" in (tmp_path / "build" / "deploy" / "csp.conf").read_text()


def test_for_guests_only_their_own_site_is_deployed(tmp_path: Path) -> None:
    """It will be served to everybody, so the team's must not get there by a slip."""
    site = make_site(tmp_path / "site-guest", PAGE.format("x"))
    command = ["deploy", "--root", str(tmp_path), "--audience", "guest"]
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 1
    assert "run `playbook build --audience guest` first" in result.output
    assert not (tmp_path / "build" / "deploy-guest").exists()
    (site / "api" / "playbook.json").rename(site / "api" / "guest.json")
    result = CliRunner().invoke(main, command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert [path.name for path in (tmp_path / "build").iterdir() if path.is_dir()] == ["deploy-guest"]
    assert (tmp_path / "build" / "deploy-guest" / "site" / "index.html.gz").is_file()
