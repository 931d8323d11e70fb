"""A first page is light and stays where it is, its cache empty; `python -m tools.bench reader` measures more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.serve import none_of
from tools.bench.reader import DESK, MOST_BYTES, MOST_SHIFT, PHONE, heaviest, shifts, weight
from tools.bench.search import served


@pytest.fixture(scope="module")
def base(site: Path) -> Iterator[str]:
    """The site's address, from a host that compresses."""
    with served(site) as (address, _wire):
        yield address


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    return heaviest(site)


@pytest.mark.parametrize("kind", ["start", "universe", "ritual"])
def test_a_first_page_is_light(browser: Browser, base: str, pages: dict[str, str], kind: str) -> None:
    wire = weight(browser, base + pages[kind])
    assert min(wire[part] for part in ("HTML", "CSS", "JS", "fonts")) > 0  # all of it was counted
    assert wire.total() <= MOST_BYTES, wire


KINDS = ("start", "universe", "ritual", "path", "finder")
CASES = [pytest.param("ritual", PHONE, id="ritual, phone")]
CASES += [pytest.param(kind, PHONE, id=f"{kind}, phone", marks=pytest.mark.slow) for kind in KINDS if kind != "ritual"]
CASES += [pytest.param(kind, DESK, id=f"{kind}, desk", marks=pytest.mark.slow) for kind in KINDS]


@pytest.mark.parametrize(("kind", "size"), CASES)
def test_nothing_moves_by_itself_on_a_slow_line(
    browser: Browser, base: str, pages: dict[str, str], kind: str, size: tuple[int, int]
) -> None:
    found = shifts(browser, base + pages[kind], size, late=True)
    none_of([f"{value:.4f} {moved}" for value, moved in found] if sum(value for value, _ in found) > MOST_SHIFT else [])
