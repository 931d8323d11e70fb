"""Every template and state, narrow and wide, light and dark: no objection of axe-core, room for text, edges."""

from __future__ import annotations

import os
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.accessibility.looks import faint, objections, stretched
from tests.accessibility.states import SIZES, STATES, TEMPLATES, settled
from tests.browser.serve import Open, none_of

Scheme = Literal["light", "dark"]
NAMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}  # Material's
# `make accessibility` looks at everything four times, `make test` twice.
LOOKS: list[tuple[str, Scheme]] = [("narrow", "dark"), ("wide", "light")]
if os.environ.get("FULL"):
    LOOKS += [("narrow", "light"), ("wide", "dark")]


def judged(page: Page, looks: list[tuple[str, Scheme]]) -> list[str]:
    problems = []
    for size, scheme in looks:
        page.set_viewport_size(SIZES[size])
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", NAMES[scheme])
        problems += [f"{size} {scheme}: {line}" for line in objections(page) + faint(page)]
    return problems


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template(visit: Open, name: str) -> None:
    problems = []
    for size, scheme in LOOKS:
        page = visit(TEMPLATES[name], viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce", locale="de-AT")
        settled(page)
        problems += judged(page, [(size, scheme)]) + (stretched(page) if scheme == "dark" and size == "narrow" else [])
    none_of(problems)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_every_state(visit: Open, name: str, size: str, scheme: Scheme) -> None:
    path, act = STATES[name]
    page = visit(path, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce", locale="de-AT")
    settled(page)
    act(page)
    none_of(judged(page, [(size, scheme)]) + (stretched(page) if size == "narrow" else []))
