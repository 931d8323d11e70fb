"""A playbook of another company, from nothing to a built site, with what an installed wheel brings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from generator.audience.edition import SITES
from generator.commands import main
from generator.pipeline import examine
from generator.problems import errors
from generator.project import PROJECT


def run(*args: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(arg) for arg in args], input="\n" * 9)
    return result.exit_code, result.output


def test_a_new_playbook_is_fine_and_grows(tmp_path: Path) -> None:
    root = tmp_path / "haus"
    assert run("init", root, "--name", "Müller: *Söhne* & Co")[0] == 0
    tree = examine(root)
    assert tree.problems == []
    assert len(tree.playbook.universes) == len(tree.playbook.rituals) == 2
    for key in ("drei", "vier", "fuenf"):
        assert run("new", "universe", key, "--root", root)[0] == 0
    assert run("new", "ritual", "probe", "--universe", "fuenf", "--occasion", "kennenlernen", "--root", root)[0] == 0
    assert run("new", "path", "anfang", "--root", root)[0] == 0
    tree = examine(root)
    assert not errors(tree.problems)
    universes = tree.playbook.universes.values()
    assert len({universe.symbol for universe in universes}) == len({u.colour for u in universes}) == 5


def test_it_is_its_own(tmp_path: Path) -> None:
    assert run("init", tmp_path, "--name", "Müller: *Söhne* & Co")[0] == 0
    config = yaml.safe_load((tmp_path / "mkdocs.yml").read_text("utf-8"))
    assert config["site_name"] == "Müller: *Söhne* & Co"
    assert config["markdown_extensions"] == yaml.safe_load((PROJECT / "mkdocs.yml").read_text())["markdown_extensions"]
    settings = json.loads((tmp_path / ".vscode/settings.json").read_text("utf-8"))
    assert all((tmp_path / path).is_file() for path in settings["yaml.schemas"])
    first = (tmp_path / "universes/salon/universe.yml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../../schema/universe.json"


def test_whatever_is_built_is_ignored_by_git(tmp_path: Path) -> None:
    assert run("init", tmp_path)[0] == 0
    ignored = (tmp_path / ".gitignore").read_text("utf-8").splitlines()
    assert {"/build/", *(f"/{site}/" for site in SITES.values())} <= set(ignored)


def test_a_symbol_put_alone_into_templates_is_told_why_that_fails(tmp_path: Path) -> None:
    """The folder hides all of the project's templates."""
    assert run("init", tmp_path)[0] == 0
    (tmp_path / "templates/theme/symbols").mkdir(parents=True)
    code, output = run("check", "--root", tmp_path)
    assert code == 1
    assert f"templates:1:1: stands in the place of all of {PROJECT / 'templates'}; copy that here first" in output


def test_a_folder_in_use_is_left_alone(small: Path) -> None:
    before = sorted(small.rglob("*"))
    code, output = run("init", small)
    assert code == 2
    assert "is not empty" in output
    assert sorted(small.rglob("*")) == before


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as it comes out of a wheel, in a folder of its own."""
    work = tmp_path_factory.mktemp("wheel")
    source = work / "source"
    for name in ("generator", "templates", "deploy"):
        shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / "content/locales", source / "content/locales")
    for name in ("pyproject.toml", "setup.py", "mkdocs.yml", "README.md", "sbom.cdx.json"):
        shutil.copyfile(PROJECT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    common = ["--no-deps", "--no-index"]
    subprocess.run([*pip, "wheel", *common, "--no-build-isolation", "-w", work, source], check=True)
    (wheel,) = work.glob("*.whl")
    subprocess.run([*pip, "install", *common, "--target", work / "lib", wheel], check=True)
    return work / "lib"


def test_a_wheel_brings_all_that_is_needed(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}

    def playbook(*args: str) -> str:
        command = [sys.executable, "-m", "generator", *args]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import generator; print(generator.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
    days = {date.today()}
    playbook("init", "x", "--name", "Anderswo")
    days.add(date.today())  # at midnight
    assert playbook("build", "--root", "x") == "Built x/site.\n"
    html = (tmp_path / "x/site/salon/einladung/index.html").read_text("utf-8")
    assert "Anderswo" in html
    assert "Einladung" in html
    assert (tmp_path / "x/site/assets/playbook.css").is_file()
    assert list((tmp_path / "x/site/print").glob("einladung-*.pdf"))
    said = playbook("deploy", "--root", "x")
    guide = said.removeprefix("x/build/deploy is ready; ").removesuffix(" says where it goes.\n")
    assert "nginx" in (tmp_path / guide).read_text("utf-8")
    universe = (tmp_path / "x/universes/salon/universe.yml").read_text("utf-8")
    assert any(day.isoformat() in universe for day in days)
