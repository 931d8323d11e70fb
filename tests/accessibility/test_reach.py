"""What axe cannot judge: the keyboard's way through a page, room for larger text, colours of the system."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.accessibility.states import SIZES, STATES, TEMPLATES, drawer
from tests.browser.serve import Open, none_of

CALM: dict[str, Any] = {"reduced_motion": "reduce", "locale": "de-AT"}
STATES_TO_WALK = ("checklist in use", "plan with rituals", "chooser answered", "finder filtered")
STATES_TO_STRETCH = (*STATES_TO_WALK, "drawer open", "reading aloud")

# ----------------------------------------------------------------------- keyboard

# All that a keyboard must reach, numbered; of radio buttons with the same name one is enough.
CONTROLS = """() => {
  const wanted = 'a[href], button, input, select, textarea, summary, [contenteditable], [tabindex="0"]';
  const seen = new Set();
  return [...document.querySelectorAll(wanted)].filter((e) => {
    if (e.disabled || e.type === 'hidden' || e.tabIndex < 0 || e.closest('[inert]') || !e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    const chosen = e.form ?? document;
    const group = [...chosen.querySelectorAll('input[type=radio]')].filter((o) => o.name === e.name);
    return (group.find((o) => o.checked) ?? group[0]) === e;
  }).map((e, i) => { e.dataset.stop = i; return e.outerHTML.replace(/\\s+/g, ' ').slice(0, 110); });
}"""
# What has the focus: which control it is, whether one sees it and that it has the focus, and its place on the page.
STOP = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const styled = (x, y) => ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor',
    'textDecoration', 'color'].map((name) => getComputedStyle(x)[name]).join('|');
  const host = [e, e.labels?.[0], e.nextElementSibling, e.closest('li, form, fieldset, label, tr, .pb-card'), e.parentElement,
    e.closest('.pb-card, .pb-door, .pb-answer, .pb-filter__box')].filter(Boolean);
  const ring = host.some((x) => ['', '::before', '::after'].some((part) => {
    const s = getComputedStyle(x, part || null);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1 && !/, 0\\)$|transparent/.test(s.outlineColor);
  }));
  // of an invisible box, its label is what one sees
  const shown = host.slice(0, 3).find((x) => { const b = x.getBoundingClientRect();
    return b.width > 4 && b.height > 4 && getComputedStyle(x).opacity !== '0'; }) ?? e;
  const boxes = [...shown.getClientRects()].filter((b) => b.width && b.height);
  const hit = (b) => [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].some(([x, y]) => {
    const at = document.elementFromPoint(b.left + b.width * x, b.top + b.height * y);
    return at && (shown.contains(at) || at.contains(shown) || at.closest('label')?.control === e);
  });
  return {
    stop: e.dataset.stop ?? null, html: e.outerHTML.replace(/\\s+/g, ' ').slice(0, 110), ring, clear: boxes.some(hit),
    y: boxes[0] ? boxes[0].top + scrollY : 0,
  };
}"""


def name_of(page: Page) -> str:
    """The name that a screen reader says of what has the focus, from the browser's own accessibility tree."""
    session = page.context.new_cdp_session(page)
    document = session.send("Runtime.evaluate", {"expression": "document.activeElement"})
    tree = session.send("Accessibility.getPartialAXTree", {"objectId": document["result"]["objectId"], "fetchRelatives": False})
    session.detach()
    return str(tree["nodes"][0].get("name", {}).get("value", "")).strip()


def walked(page: Page, most: int = 900) -> list[str]:
    """Press Tab until the focus leaves the page. Returns what is wrong on the way."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    controls: list[str] = page.evaluate(CONTROLS)
    reached, problems, last = set[str](), [], None
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if not stop:
            break
        if stop["stop"] is not None and stop["stop"] == last:
            continue  # day, month and year of a date are in one field
        last = stop["stop"]
        if last in reached:
            problems.append(f"a trap, or a second time: {stop['html']}")
            break
        reached.add(last)
        if not stop["ring"]:
            problems.append(f"one cannot see that it has the focus: {stop['html']}")
        if not stop["clear"]:
            problems.append(f"hidden by something else or outside of the window: {stop['html']}")
        if not name_of(page):
            problems.append(f"has no name: {stop['html']}")
    else:
        problems.append("the walk does not end")
    return problems + [f"not reached: {html}" for i, html in enumerate(controls) if str(i) not in reached]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["start", "universe", "ritual", "comparison", "path", "print", "page", "missing"])
def test_the_tab_key_reaches_all_and_shows_where_it_is(visit: Open, name: str, size: str) -> None:
    page = visit(TEMPLATES[name], viewport=SIZES[size], **CALM)
    page.wait_for_load_state("networkidle")
    none_of(walked(page))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STATES_TO_WALK)
def test_the_tab_key_in_tools(visit: Open, name: str, size: str) -> None:
    path, act = STATES[name]
    page = visit(path, viewport=SIZES[size], **CALM)
    act(page)
    none_of(walked(page))
