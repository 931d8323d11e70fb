"""`mkdocs.yml` is read as MkDocs does, but runs nothing; what we use of it must be what we expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.load.settings import settings, site_url
from generator.problems import PlaybookError
from generator.project import PROJECT


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("- x", "1:1: expected `key: value` lines, not a list"),
        ("theme: material", "1:8: 'theme' must be `key: value` lines, not the text 'material'"),
        ("x: 1\nsite_name: 5", "2:12: 'site_name' must be text, not the number '5'; put it in quotes"),
        ("site_url: javascript:alert(1)", "1:11: 'site_url' must be an address that begins with https://"),
        ("site_url: 'https://x.example/\"><script>'", "1:11: 'site_url' must be an address"),
        ("site_url: https://käse.example/", "1:11: 'site_url' must be an address"),  # scanners read 蒿 for ä
        ("site_url: https://x.example/?a=b", "1:11: 'site_url' must be an address"),  # more follows in codes
        (f"site_url: 'https://x.example/{'a' * 2_500}/'", "1:11: 'site_url' must be an address"),
        ("extra: {guest_url: 'javascript:alert(1)'}", "1:20: 'guest_url' must be an address that begins with"),
        ("extra: {guest_url: [x]}", "1:20: 'guest_url' must be text"),
        (
            "extra: {gender: colour}",
            "1:17: 'gender' must be one of colon, asterisk, neutral, not the text 'colour'; did",
        ),
        ("extra: x", "1:8: 'extra' must be `key: value` lines"),
        ("markdown_extensions: x", "1:22: 'markdown_extensions' must be a list"),
        ("markdown_extensions: [toc: [x]]", "1:28: 'toc' must be `key: value` lines, not a list"),
        ("markdown_extensions: [toc: {permalink_title: 5}]", "1:46: 'permalink_title' must be text"),
        ("theme: {palette: x}", "1:18: 'palette' must be a list"),
        (
            "theme: {palette: [{toggle: {}}]}",
            "1:20: 'name' is missing in 'theme', 'palette', entry 1, 'toggle'; add it",
        ),
        ("x: 1\nsite_name: Haus: Garten", "2:16: a second ':' in one line; put a text that contains ': ' in quotes"),
        ("x: !ENV HOME\ny: [", "2:4: the '[' or '{' around this is not closed"),
        ("a: '" + "x" * 1_000_000, "1:1: the file is larger than 1,000,000 bytes"),
        ("a: " + "[" * 10_000, "1:1: cannot be read: maximum recursion depth exceeded"),
        ("INHERIT: mkdocs.yml", "1:1: cannot be read: "),
        ("INHERIT: keine.yml", "1:1: cannot be read: Inherited config file 'keine.yml' does not exist"),
    ],
)
def test_settings_unlike_ours_are_a_problem_at_their_place(config: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text(config)
    with pytest.raises(PlaybookError) as error:
        settings(tmp_path / "mkdocs.yml")
    assert str(error.value).startswith(f"{tmp_path}/mkdocs.yml:{message}")


def test_what_mkdocs_allows_is_read(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("site_name: Haus\nextra: {a: 1}\n")
    (tmp_path / "mkdocs.yml").write_text(
        "INHERIT: base.yml\nextra: &x {gender: neutral}\nsite_description: !ENV [NOT_SET, Garten]\n"
        "markdown_extensions:\n  - toc:\n      slugify: !!python/name:markdown.extensions.toc.slugify\ny: *x\n"
    )
    found = settings(tmp_path / "mkdocs.yml")
    assert (found["site_name"], found["site_description"]) == ("Haus", "Garten")
    assert found["extra"] == {"a": 1, "gender": "neutral"}
    assert callable(found["markdown_extensions"][0]["toc"]["slugify"])


@pytest.mark.parametrize("tag", ["object/apply:os.system", "object/new:os.system", "object:os.system", "module:this"])
def test_reading_runs_nothing(tag: str, tmp_path: Path) -> None:
    """Neither in the file nor in what it inherits from."""
    (tmp_path / "base.yml").write_text(f"x: 1\ny: !!python/{tag} ['touch {tmp_path}/ran']\n")
    (tmp_path / "mkdocs.yml").write_text("INHERIT: base.yml\n")
    for name in ("base.yml", "mkdocs.yml"):
        with pytest.raises(PlaybookError, match=r"base.yml:2:4: cannot be read: could not determine a constructor"):
            settings(tmp_path / name)
    assert not (tmp_path / "ran").exists()


def test_the_address_of_a_language() -> None:
    found = settings(PROJECT / "mkdocs.yml")
    assert site_url(found) == "https://playbook.example/"
    assert site_url(found, "en") == "https://playbook.example/en/"
    assert site_url({}) == ""
