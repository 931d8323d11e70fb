"""Every engine builds the same tree, strictly; what an engine says becomes a problem."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from generator.audience.edition import team_edition
from generator.commands import main
from generator.load import load
from generator.model.addresses import page_uris, relative_url, site_path
from generator.problems import PlaybookError
from generator.project import PROJECT
from generator.site.config import configure
from generator.site.engines import Engine, build, problems, run
from generator.site.navigation import navigation

EXPECTED = {
    "index.html",
    "404.html",
    "hilfe/index.html",
    "templates/brief/index.html",
    "hafen/index.html",
    "hafen/gruss/index.html",
    "turm/index.html",
    "turm/wache/index.html",
    "anlaesse/index.html",
    "anlaesse/ankommen/index.html",
    "anlaesse/feiern/index.html",
    "rollen/index.html",
    "rollen/wirt/index.html",
    "rollen/gast/index.html",
    "vergleich/index.html",
    "glossar/index.html",
    "register/index.html",
    "prueffragen/index.html",
    "felder/index.html",
    "finden/index.html",
    "plan/index.html",
    "kompass/index.html",
    "mentoring/anlegen/index.html",
    "print/index.html",
    "print/aktuell/index.html",
}


@pytest.fixture(scope="module", params=get_args(Engine))
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    from tests.conftest import SMALL

    root = tmp_path_factory.mktemp(str(request.param)) / "small"
    shutil.copytree(SMALL, root)
    (root / "content/templates").mkdir()  # which MkDocs leaves out
    (root / "content/templates/brief.md").write_text("---\ntitle: Brief\ndescription: Ein Muster.\n---\n# Brief\n")
    result = CliRunner().invoke(main, ["build", "--root", str(root), "--engine", str(request.param)])
    assert result.exit_code == 0, result.output
    return root / "site"


def test_the_expected_pages_are_there(site: Path) -> None:
    assert {path.relative_to(site).as_posix() for path in site.rglob("*.html")} == EXPECTED


def test_a_ritual_page_has_its_parts(site: Path) -> None:
    html = (site / "hafen/gruss/index.html").read_text()
    assert re.search(r"<h1[^>]*>Gruss", html)
    assert "Weil es <em>wichtig</em> ist." in html
    assert 'href="../../turm/wache/"' in html
    assert "Grüß Gott, kommen Sie weiter." in html
    assert 'aria-label="Pfad"' in html, "breadcrumbs from our theme"
    assert re.search(r'aria-current="page"[^>]*>\s*Gruss', html), "the side navigation marks the page"
    assert "assets/playbook.css" in html


def test_light_and_dark_can_be_chosen_once(site: Path) -> None:
    """Of the two in `mkdocs.yml`, whatever an engine does to lists that a configuration inherits."""
    assert (site / "index.html").read_text().count('name="__palette"') == 2


def test_our_files_are_there(site: Path) -> None:
    data = json.loads((site / "api/playbook.json").read_text())
    assert set(data["rituals"]) == {"gruss", "wache"}
    assert '[data-universe="hafen"]' in (site / "assets/universes.css").read_text()
    assert list((site / "assets/fonts").glob("*.woff2"))
    assert "SIL Open Font License" in (site / "assets/fonts/OFL.txt").read_text()


def test_links_lead_somewhere(site: Path) -> None:
    """Engines differ in what they do to URLs in raw HTML; ours must survive each of them."""
    for path in site.rglob("index.html"):
        for href in re.findall(r'<a [^>]*href="([^"#:?]+)', path.read_text()):
            target = path.parent / href
            assert (target / "index.html" if href.endswith("/") else target).exists(), f"{path}: {href}"


def test_nothing_is_compressed_by_the_machine_at_hand(site: Path) -> None:
    assert list(site.rglob("*.gz")) == []


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        html = path.read_text()
        fetched = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="(https?:[^"]+)"', html)
        assert [url for url in fetched if not url.startswith("https://playbook.example/")] == [], path


def test_navigation_names_every_page_kind_but_no_ritual() -> None:
    from tests.conftest import SMALL

    tree = load(SMALL)
    nav = json.dumps(navigation(team_edition(tree.playbook, tree.pages)))
    for uri in ("index.md", "hafen/index.md", "vergleich/index.md", "glossar/index.md", "hilfe.md"):
        assert f'"{uri}"' in nav
    assert "gruss" not in nav


def test_complaints_are_placed_at_their_source() -> None:
    output = (
        "INFO - Building\nWARNING -  Doc file 'hilfe.md' contains a link '#weg', but there is no such anchor.\n"
        "ERROR - Config value 'theme': Unrecognised theme name.\n"
    )
    assert [str(problem) for problem in problems(output, "mkdocs", {"hilfe.md": "content/hilfe.md"})] == [
        "content/hilfe.md:1:1: mkdocs: Doc file 'hilfe.md' contains a link '#weg', but there is no such anchor.",
        "mkdocs.yml:1:1: mkdocs: Config value 'theme': Unrecognised theme name.",
    ]
    assert [str(p) for p in problems("Oh.\nTraceback …\n  File …\nKeyError: 'x'\n", "zensical", {})] == [
        "mkdocs.yml:1:1: zensical failed: Oh. KeyError: 'x'"
    ]


def test_a_broken_anchor_fails_the_build(small: Path) -> None:
    page = small / "content/hilfe.md"
    page.write_text(page.read_text().replace("(index.md)", "(index.md#nirgends)"))
    result = CliRunner().invoke(main, ["build", "--root", str(small)])
    assert result.exit_code == 1
    assert re.search(r"content/hilfe\.md:\d+:\d+: .*nirgends", result.output)


@pytest.mark.parametrize(
    ("here", "target", "url"),
    [
        ("index.md", "index.md", "./"),
        ("index.md", "hafen/gruss.md", "hafen/gruss/"),
        ("hafen/gruss/index.md", "index.md", "../../"),
        ("hafen/gruss/index.md", "hafen/index.md", "../"),
        ("hafen/index.md", "turm/wache/index.md", "../turm/wache/"),
        ("hafen/gruss/index.md", "api/playbook.json", "../../api/playbook.json"),
        ("vergleich.md", "vergleich.md", "./"),
    ],
)
def test_relative_urls(here: str, target: str, url: str) -> None:
    assert relative_url(here, target) == url


def test_every_page_has_an_address_of_its_own() -> None:
    from tests.conftest import SMALL

    tree = load(SMALL)
    uris = set(page_uris(tree.playbook, tree.pages).values())
    assert len({site_path(uri) for uri in uris}) == len(uris)


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`broken(code)` makes the engine Zensical a program of these lines."""
    (tmp_path / "zensical").mkdir()
    (tmp_path / "zensical/__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)

    def write(code: str) -> None:
        (tmp_path / "zensical/__main__.py").write_text(code)

    return write


def test_an_engine_in_the_current_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor anything else that lies there under the name of a module: it may be a stranger's playbook."""
    monkeypatch.chdir(tmp_path)
    for name in ("zensical", "json"):
        (tmp_path / f"{name}.py").write_text("open('run', 'w')")
    with pytest.raises(PlaybookError, match="zensical failed"):
        run(tmp_path / "mkdocs.yml", "zensical", {})
    assert not (tmp_path / "run").exists()


def test_an_engine_that_fails_without_a_word_for_a_page(tmp_path: Path, broken: Callable[[str], None]) -> None:
    broken("raise SystemExit('kaputt')")
    with pytest.raises(PlaybookError, match=r"mkdocs\.yml:1:1: zensical failed: kaputt"):
        run(tmp_path / "mkdocs.yml", "zensical", {})


def test_an_engine_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PlaybookError, match="properdocs is not installed; run: "):
        build(tmp_path / "mkdocs.yml", tmp_path, "properdocs", {})


def test_a_configuration_of_ones_own_may_say_little(tmp_path: Path) -> None:
    """No description, no address of headings, one look only."""
    (tmp_path / "mkdocs.yml").write_text("site_name: Unseres\ntheme:\n  palette:\n    - scheme: default\n")
    (tmp_path / "build").mkdir()
    path = configure(tmp_path / "build", tmp_path / "mkdocs.yml", PROJECT / "templates/theme", [])
    made = json.loads(path.read_text("utf-8"))
    assert made["site_name"] == "Unseres"
    assert made["theme"]["palette"] == [{"scheme": "default"}]


def test_a_configuration_that_the_engine_refuses_says_why(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("theme: {name: material}\nhooks: [gibt-es-nicht.py]\n")
    (tmp_path / "de/docs").mkdir(parents=True)
    config = configure(tmp_path / "de", tmp_path / "mkdocs.yml", PROJECT / "templates/theme", [])
    with pytest.raises(PlaybookError, match=r"mkdocs\.yml:1:1: mkdocs: .*gibt-es-nicht\.py"):
        build(config, PROJECT / "templates/theme", "mkdocs", {})
