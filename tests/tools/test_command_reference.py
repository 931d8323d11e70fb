"""The page of all commands is what the commands say of themselves."""

from __future__ import annotations

from tools.command_reference import PAGE, reference


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == reference(), "run: python -m tools.command_reference"
