"""What we know of MkDocs' inside holds for the version that is installed: every byte as MkDocs itself makes it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.project import PROJECT
from generator.site.mkdocs_engine import Engine, build

THEME = PROJECT / "templates/theme"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def config(small: Path) -> Path:
    """Of a handbook whose pages are written, and built."""
    result = CliRunner().invoke(main, ["build", "--root", str(small)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return small / "build/de/mkdocs.yml"


def made_by(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are made from now on."""
    made, page = list[str](), Engine.page

    def noting(engine: Engine, uri: str, markdown: str) -> tuple[str, list[str]]:
        made.append(uri)
        return page(engine, uri, markdown)

    monkeypatch.setattr(Engine, "page", noting)
    return made


def test_the_version_whose_inside_is_known() -> None:
    assert version("mkdocs").startswith("1.6."), "read mkdocs/commands/build.py again and compare"


def test_every_byte_is_as_mkdocs_makes_it(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(config), "-d", str(tmp_path / "theirs")]
    subprocess.run(command, check=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert build(config, THEME) == []
    ours, theirs = contents(config.parent / "site"), contents(tmp_path / "theirs")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_pages_are_made_again_only_if_they_change(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build(config, THEME) == []
    before, made = contents(config.parent / "site"), made_by(monkeypatch)
    assert build(config, THEME) == []
    assert made == []
    page = config.parent / "docs/hafen/gruss/index.md"
    page.write_text(page.read_text("utf-8") + "\nEtwas mehr.\n", "utf-8")
    assert build(config, THEME) == []
    assert made == ["hafen/gruss/index.md"]
    after = contents(config.parent / "site")
    assert [name for name in after if after[name] != before.get(name)] == ["hafen/gruss/index.html"]
    assert after.keys() == before.keys()


@pytest.mark.parametrize("name", ["mkdocs.yml", "far.yml"])
def test_what_all_pages_share_makes_all_again(config: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    emptied, shared = config.with_name("inherited.yml"), config.with_name(name)
    far = json.loads(emptied.read_text("utf-8")) | {"site_author": "Anna"}
    config.with_name("far.yml").write_text(json.dumps(far), "utf-8")  # which the hand-edited one, near, inherits
    config.with_name("near.yml").write_text('{"INHERIT": "far.yml"}', "utf-8")
    emptied.write_text('{"INHERIT": "near.yml"}', "utf-8")
    assert build(config, THEME) == []
    made = made_by(monkeypatch)
    shared.write_text(json.dumps(json.loads(shared.read_text("utf-8")) | {"site_author": "Berta"}), "utf-8")
    assert build(config, THEME) == []
    assert len(made) == len(list((config.parent / "docs").rglob("*.md")))


@pytest.mark.parametrize("damage", ["", "{}", "\0"])
def test_damaged_pages_and_notes_heal(config: Path, damage: str) -> None:
    assert build(config, THEME) == []
    site = config.parent / "site"
    whole = contents(site)
    (site / "hafen/gruss/index.html").write_bytes(b"half a pa")
    (site / "hafen/index.html").unlink()
    (site / "stray.html").write_text("from another time")
    if damage:
        (config.parent / "pages.json").write_text(damage)
    assert build(config, THEME) == []
    assert contents(site) == whole


def test_a_link_to_a_place_that_goes_is_found_although_its_page_stays(config: Path) -> None:
    docs = config.parent / "docs"
    page = docs / "hilfe/index.md" if (docs / "hilfe/index.md").exists() else docs / "hilfe.md"
    target = docs / "hafen/gruss/index.md"
    original = target.read_text("utf-8")
    target.write_text(f"{original}\n## Neu {{ #neu }}\n", "utf-8")
    link = os.path.relpath(target, page.parent)
    page.write_text(f"{page.read_text('utf-8')}\n[dorthin]({link}#neu)\n", "utf-8")
    assert build(config, THEME) == []
    target.write_text(original, "utf-8")
    (said,) = build(config, THEME)
    assert "does not contain an anchor '#neu'" in said


def test_a_handbook_with_plugins_is_built_by_mkdocs(config: Path) -> None:
    settings = json.loads(config.read_text("utf-8"))
    config.write_text(json.dumps({**settings, "plugins": ["search"]}), "utf-8")
    assert build(config, THEME) == []
    assert (config.parent / "site/search/search_index.json").is_file()
