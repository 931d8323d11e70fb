"""Every template and state, narrow and wide, light and dark: no objection of axe-core, room for text, edges."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accessibility.looks import faint, objections, stretched
from tests.accessibility.states import CALM, GUESTS, SIZES, STATES, TEMPLATES, settled
from tests.browser.serve import Open, none_of

Scheme = Literal["light", "dark"]
Look = tuple[str, Scheme]  # a key of SIZES, and colours
NAMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}  # Material's
# `make accessibility` looks at everything four times, `make test` twice.
LOOKS: list[Look] = [("narrow", "dark"), ("wide", "light")]
if os.environ.get("FULL"):
    LOOKS += [("narrow", "light"), ("wide", "dark")]


def judged(page: Page, size: str, scheme: Scheme) -> list[str]:
    """What is wrong with a page in a window of that look; how its text stretches, only in one of the narrow ones."""
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", NAMES[scheme])
    problems = objections(page) + faint(page) + (stretched(page) if (size, scheme) == LOOKS[0] else [])
    return [f"{size} {scheme}: {line}" for line in problems]


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[dict[Look, Page]]:
    """One for each look, in which page after page is opened: quicker than a new one each time."""
    windows = {
        (size, scheme): browser.new_page(viewport=SIZES[size], color_scheme=scheme, **CALM) for size, scheme in LOOKS
    }
    yield windows
    for page in windows.values():
        page.context.close()


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template(windows: dict[Look, Page], base: str, name: str) -> None:
    none_of(opened(windows, base + TEMPLATES[name]))


@pytest.mark.parametrize("name", GUESTS)
def test_every_template_for_guests(windows: dict[Look, Page], guest_base: str, name: str) -> None:
    none_of(opened(windows, guest_base + GUESTS[name]))


def opened(windows: dict[Look, Page], address: str) -> list[str]:
    """What is wrong with a page as it is on a first visit."""
    problems = []
    for (size, scheme), page in windows.items():
        page.goto(address)
        settled(page)
        problems += judged(page, size, scheme)
        page.evaluate("localStorage.clear()")  # the next one is a first visit, too
    return problems


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_every_state(visit: Open, name: str, size: str, scheme: Scheme) -> None:
    path, act = STATES[name]
    page = visit(path, viewport=SIZES[size], color_scheme=scheme, **CALM)
    settled(page)
    act(page)
    none_of(judged(page, size, scheme))
