"""What `playbook serve` knows of MkDocs' inside holds for the version that is installed."""

from __future__ import annotations

from importlib.metadata import version


def test_the_version_whose_inside_is_known() -> None:
    assert version("mkdocs").startswith("1.6."), "read mkdocs/commands/build.py again and compare generator/engine.py"
