"""The list of parts: it is that of the lock, every licence in it is allowed, and readers see it."""

from __future__ import annotations

import html
import json
import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from generator.commands import main
from generator.pages.components import SBOM, licence
from generator.project import PROJECT
from tools.sbom import make, permitted, refused

COMMITTED = (PROJECT / SBOM).read_text("utf-8")
KNOWN = tomllib.loads((PROJECT / "licences.toml").read_text("utf-8"))
RENEW = "run `make sbom`, then look at what it changed"


def components(sbom: str = COMMITTED) -> list[dict[str, Any]]:
    return list(json.loads(sbom)["components"])


def without_compiled(sbom: str) -> list[dict[str, Any]]:
    """The parts, without what is compiled into them, which differs a little between platforms."""
    return [
        part | {"components": [inner for inner in part.get("components", ()) if inner["type"] == "file"]}
        for part in components(sbom)
    ]


def test_it_is_what_the_lock_and_the_installed_packages_say() -> None:
    assert without_compiled(make(PROJECT)) == without_compiled(COMMITTED), RENEW


def test_every_locked_package_is_there_with_all_its_hashes() -> None:
    """Read from the lock by other means than those that made the list."""
    locked: dict[str, set[str]] = {}
    for line in (PROJECT / "requirements.txt").read_text().splitlines():
        if found := re.match(r"([\w.-]+)==([^\s;]+)", line):
            hashes = locked.setdefault(f"pkg:pypi/{found[1]}@{found[2]}", set())
        elif found := re.search(r"--hash=sha256:(\w{64})", line):
            hashes.add(found[1])
    listed = {
        part["purl"]: {entry["content"] for link in part["externalReferences"] for entry in link.get("hashes", ())}
        for part in components()
        if part.get("purl", "").startswith("pkg:pypi/")
    }
    assert len(locked) > 40
    assert listed == locked, RENEW


def test_it_is_valid_cyclonedx_and_about_this_project() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(COMMITTED) is None
    whole = json.loads(COMMITTED)
    assert whole["metadata"]["component"]["name"] == "engagement-playbook"
    root = next(entry for entry in whole["dependencies"] if entry["ref"] == "engagement-playbook")
    assert any(ref.startswith("pkg:pypi/mkdocs-material@") for ref in root["dependsOn"])
    assert "Atkinson Hyperlegible Next" in root["dependsOn"]
    assert "timestamp" not in COMMITTED


def test_the_same_lock_gives_the_same_bytes() -> None:
    assert make(PROJECT) == make(PROJECT)


def test_all_licences_are_allowed() -> None:
    assert list(refused(COMMITTED, KNOWN["allowed"])) == []


def test_no_licence_is_allowed_without_need() -> None:
    used = {licence(inner) for part in components() for inner in (part, *part.get("components", ()))}
    assert [key for key in KNOWN["allowed"] if not any(key in expression for expression in used)] == []


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-3.0-only) AND AGPL-3.0-only", False),
        ("(GPL-3.0-only AND MIT) OR Apache-2.0", True),
        ("Apache-2.0 WITH LLVM-exception", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("LicenseRef-Proprietary", False),
        ("MIT OR", False),
        ("free for everybody", False),
        ("", False),
    ],
)
def test_what_an_expression_allows(expression: str, fine: bool) -> None:
    assert permitted(expression, ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]) is fine


def test_a_part_with_another_or_no_licence_is_refused_by_name() -> None:
    whole = json.loads(COMMITTED)
    by_name = {part["name"]: part for part in whole["components"]}
    by_name["click"]["licenses"] = [{"license": {"id": "AGPL-3.0-only"}}]
    del by_name["rich"]["licenses"]
    inner = next(part for part in by_name["typst"]["components"] if part["name"] == "krilla")
    inner["licenses"] = [{"expression": "GPL-3.0-only AND MIT"}]
    said = list(refused(json.dumps(whole), KNOWN["allowed"]))
    assert [re.match(r".*?\b(click|rich|krilla in typst)\b", sentence)[1] for sentence in said] == [  # type: ignore[index]
        "click",
        "rich",
        "krilla in typst",
    ]
    assert "AGPL-3.0-only" in said[0]
    assert "unknown" in said[1]


def test_a_licence_of_ours_counts_only_for_what_the_package_said_then(tmp_path: Path) -> None:
    """Jinja2's metadata says "BSD License"; had it said anything else, nobody has read that yet."""
    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text((PROJECT / name).read_text())
    text = (PROJECT / "licences.toml").read_text()
    (tmp_path / "licences.toml").write_text(text.replace('says = "BSD License"', 'says = "something"'))
    said = list(refused(make(tmp_path), KNOWN["allowed"]))
    assert {sentence.split(" is unknown")[0].removeprefix("the licence of ") for sentence in said} == {
        "colorama",
        "jinja2",
        "segno",
    }


def test_fonts_and_pictures_of_others_are_all_listed() -> None:
    """A font that nobody entered in licences.toml would go to readers without its licence."""
    listed = {inner["name"] for part in components() for inner in part.get("components", ()) if inner["type"] == "file"}
    found = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "templates").rglob("*")
        if path.suffix in (".woff", ".woff2", ".ttf", ".otf", ".png", ".jpg", ".webp", ".wasm")
    }
    assert found == listed


def test_whatever_material_has_built_in_is_listed() -> None:
    """Its source maps name the packages that its scripts and styles are made of."""
    material = distribution("mkdocs-material")
    maps = [file for file in material.files or () if re.search(r"assets/.*\.map$", str(file))]
    used = {
        found[1]
        for file in maps
        if "workers" not in str(file) and "lunr" not in str(file)  # the engine's own search, which we leave out
        for source in json.loads(Path(str(file.locate())).read_text())["sources"]
        if (found := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)", source))
    }
    assert used == {part["purl"].removeprefix("pkg:npm/") for part in components() if "pkg:npm" in part.get("purl", "")}


def test_a_build_leaves_the_list_for_operators_and_shows_it_to_readers(small: Path) -> None:
    (small / "content/ueber.md").write_text("---\ntitle: Über\ndescription: Über uns.\n---\n# Über\n\nVon uns.\n")
    result = CliRunner().invoke(main, ["build", "--root", str(small)])
    assert result.exit_code == 0, result.output
    assert (small / "build" / SBOM).read_text() == COMMITTED
    assert list((small / "site").rglob("*.cdx.json")) == []
    page = html.unescape((small / "site/ueber/index.html").read_text())
    assert "Von uns." in page
    for part in components():
        cells = f"{part['name']}</a></th><td>{part.get('version', '–')}</td><td>{licence(part)}<"
        assert any(f'<a href="{entry["url"]}">{cells}' in page for entry in part["externalReferences"]), cells
    reaches, tools = page.split('id="bestandteile"')[1].split("Womit es gemacht wird")
    assert "Atkinson Hyperlegible Next" in reaches
    assert "RxJS" in reaches
    assert "pydantic" not in reaches
    assert "contains" not in tools
    assert "enthält Teile unter:" in tools  # Typst's crates


def test_make_sbom_says_where_to_look_and_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from tools import sbom

    for name in ("requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_text((PROJECT / name).read_text())
    text = (PROJECT / "licences.toml").read_text()
    (tmp_path / "licences.toml").write_text(text.replace('"PSF-2.0", ', ""))
    monkeypatch.setattr(sbom, "PROJECT", tmp_path)
    with pytest.raises(SystemExit) as stopped:
        sbom.main()
    assert str(stopped.value) == (
        "licences.toml:1:1: typing-extensions is under PSF-2.0, which is not allowed; "
        "do without it, or allow that licence"
    )
    assert not (tmp_path / SBOM).exists()
    (tmp_path / "licences.toml").write_text(text)
    sbom.main()
    assert json.loads((tmp_path / SBOM).read_text())["bomFormat"] == "CycloneDX"
