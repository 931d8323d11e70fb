"""Every template and state, narrow and wide, light and dark: no objection of axe-core, legible text with room, edges.

`make test` looks at each of them once, in German; `make test-slow` in all four ways and in English, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import cycle, product
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility.looks import contrasts, faint, objections, stretched, too_faint
from tests.accessibility.states import CALM, GUESTS, SIZES, STATES, TEMPLATES, settled
from tests.browser.serve import none_of

Scheme = Literal["light", "dark"]
NAMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}  # Material's


class Look(NamedTuple):
    size: str  # a key of SIZES
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.size} {self.scheme}"


Window = Callable[[Look], Page]
NARROW, WIDE = Look("narrow", "dark"), Look("wide", "light")
LOOKS = [Look(size, scheme) for size, scheme in product(SIZES, NAMES)]


def looked_at(names: Iterable[str]) -> pytest.MarkDecorator:
    """Each of `names` in every look; all are slow but one look of each, which is narrow and wide by turns."""
    quick = set(zip((name for name in names if "english" not in name), cycle([NARROW, WIDE]), strict=False))
    cases = [
        pytest.param(*case, id=", ".join(map(str, case)), marks=() if case in quick else pytest.mark.slow)
        for case in product(names, LOOKS)
    ]
    return pytest.mark.parametrize(("name", "look"), cases)


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Window]:
    """One page for each look, in which address after address is opened: quicker than a new one each time."""
    pages: list[Page] = []

    @cache
    def window(look: Look) -> Page:
        options: dict[str, Any] = {"viewport": SIZES[look.size], "color_scheme": look.scheme, **CALM}
        pages.append(browser.new_page(**options))
        return pages[-1]

    yield window
    for page in pages:
        page.context.close()


def opened(page: Page, address: str) -> Page:
    """Open `address` as on a first visit: nothing is left of what has been done before."""
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "local_storage"})
    session.detach()
    page.goto(address)
    settled(page)
    return page


def judged(page: Page, look: Look) -> list[str]:
    """What is wrong with a page; whether its text can be stretched is only looked at in the narrow window."""
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", NAMES[look.scheme])
    problems = [*objections(page), *faint(page), *too_faint("", contrasts(page))]
    return problems + (stretched(page) if look == NARROW else [])


@looked_at(TEMPLATES)
def test_every_template(window: Window, base: str, name: str, look: Look) -> None:
    none_of(judged(opened(window(look), base + TEMPLATES[name]), look))


@looked_at(GUESTS)
def test_every_template_for_guests(window: Window, guest_base: str, name: str, look: Look) -> None:
    none_of(judged(opened(window(look), guest_base + GUESTS[name]), look))


@looked_at(STATES)
def test_every_state(window: Window, base: str, name: str, look: Look) -> None:
    path, act = STATES[name]
    page = opened(window(look), base + path)
    act(page)
    none_of(judged(page, look))
