"""axe-core finds nothing to object to: WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

import os
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.accessibility.states import SIZES, STATES, TEMPLATES, TOOLS
from tests.browser.serve import none_of

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FULL = bool(os.environ.get("FULL"))  # `make accessibility`: every state at every size and in every colour

AXE = """async () => {
  const {violations} = await axe.run(document, {
    resultTypes: ['violations'], rules: {'target-size': {enabled: true}},
  });
  return violations.flatMap(({id, nodes}) => nodes.map(({target, failureSummary, html}) =>
    `${id}: ${target.join(' ')} ${html.replace(/\\s+/g, ' ').slice(0, 160)} ${failureSummary.replace(/\\s+/g, ' ')}`));
}"""


@pytest.fixture
def axe(browser: Browser, base: str) -> Any:
    contexts = []

    def look(path: str, size: str, scheme: Scheme) -> Page:
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce", locale="de-AT")
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto(base + path)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready.then(() => null)")
        return page

    yield look
    for context in contexts:
        context.close()


def objections(page: Page) -> list[str]:
    page.evaluate((TOOLS / "axe-core/axe.min.js").read_text("utf-8"))
    found: list[str] = page.evaluate(AXE)
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template(axe: Any, name: str) -> None:
    problems = []
    for size in SIZES:
        for scheme in SCHEMES:
            page = axe(TEMPLATES[name], size, scheme)
            problems += [f"{size} {scheme}: {line}" for line in objections(page)]
    none_of(problems)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", STATES)
def test_every_state(axe: Any, name: str, size: str, scheme: Scheme) -> None:
    path, act = STATES[name]
    page = axe(path, size, scheme)
    act(page)
    none_of(objections(page))
