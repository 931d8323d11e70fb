"""What axe cannot judge: the keyboard's way through a page, room for larger text, colours of the system.

`make test` walks through a page of each kind that matters most, `make test-slow` through all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from tests.accessibility.looks import cut
from tests.accessibility.states import CALM, SIZES, STATES, TEMPLATES, drawer, settled
from tests.browser.serve import CHROMIUM, PROGRAM, Open, none_of

PAGES_TO_WALK = ("start", "universe", "ritual", "comparison", "path", "print", "page", "missing")
STATES_TO_WALK = ("checklist in use", "plan with rituals", "chooser answered", "finder filtered")
QUICK = {("ritual", "narrow"), ("start", "wide"), ("checklist in use", "narrow")}
LARGE = ["start", "ritual", "occasion", "finder", "plan", "comparison"]  # what `make test` looks at in large letters

# ----------------------------------------------------------------------- keyboard

# All that a keyboard must reach, numbered; of radio buttons with the same name one is enough.
# The way back to the top comes and goes as one scrolls.
CONTROLS = """() => {
  const wanted = 'a[href], button:not(.md-top), input, select, textarea, summary, [contenteditable], [tabindex="0"]';
  const seen = new Set();
  return [...document.querySelectorAll(wanted)].filter((e) => {
    if (e.disabled || e.type === 'hidden' || e.tabIndex < 0
      || e.closest('[inert]') || !e.checkVisibility({visibilityProperty: true})) return false;
    if (e.type !== 'radio') return true;
    const chosen = e.form ?? document;
    const group = [...chosen.querySelectorAll('input[type=radio]')].filter((o) => o.name === e.name);
    return (group.find((o) => o.checked) ?? group[0]) === e;
  }).map((e, i) => { e.dataset.stop = i; return e.outerHTML.replace(/\\s+/g, ' ').slice(0, 110); });
}"""
# What has the focus: which control it is, whether one sees it and that it has the focus, and its place on the page.
STOP = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const host = [e, e.labels?.[0], e.nextElementSibling, e.closest('li, form, fieldset, label, tr, .pb-card'),
    e.parentElement,
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
  const place = e.closest('.md-skip, [data-md-component=skip]') ? 'skip' : e.closest('header') ? 'header'
    : e.closest('article') ? 'content' : e.closest('footer') ? 'footer' : 'navigation';
  const html = e.outerHTML.replace(/\\s+/g, ' ').slice(0, 110);
  return { stop: e.dataset.stop ?? null, html, place, ring, clear: boxes.some(hit) };
}"""


def name_of(session: CDPSession) -> str:
    """The name that a screen reader says of what has the focus, from the browser's own accessibility tree."""
    document = session.send("Runtime.evaluate", {"expression": "document.activeElement"})
    tree = session.send(
        "Accessibility.getPartialAXTree", {"objectId": document["result"]["objectId"], "fetchRelatives": False}
    )
    return str(tree["nodes"][0].get("name", {}).get("value", "")).strip()


def walked(page: Page, most: int = 900) -> list[str]:
    """Press Tab until the focus leaves the page. Returns what is wrong on the way."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    controls: list[str] = page.evaluate(CONTROLS)
    reached, problems, places, last = set[str | None](), list[str](), list[str](), None
    session = page.context.new_cdp_session(page)
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
        places += [stop["place"]] if places[-1:] != [stop["place"]] else []
        if not stop["ring"]:
            problems.append(f"one cannot see that it has the focus: {stop['html']}")
        if not stop["clear"]:
            problems.append(f"hidden by something else or outside of the window: {stop['html']}")
        if not name_of(session):
            problems.append(f"has no name: {stop['html']}")
    else:
        problems.append("the walk does not end")
    if places[:2] != ["skip", "header"] or [*places, "footer"].index("footer") < [*places, "content"].index("content"):
        problems.append(f"not from the skip link through the header to the content: {places}")
    session.detach()
    return problems + [f"not reached: {html}" for i, html in enumerate(controls) if str(i) not in reached]


def walks(names: Iterable[str]) -> pytest.MarkDecorator:
    """Each of `names` in both sizes; slow, but for those in QUICK."""
    cases = [
        pytest.param(*case, id=" ".join(case), marks=() if case in QUICK else pytest.mark.slow)
        for case in product(names, SIZES)
    ]
    return pytest.mark.parametrize(("name", "size"), cases)


@walks(PAGES_TO_WALK)
def test_the_tab_key_reaches_all_and_shows_where_it_is(visit: Open, name: str, size: str) -> None:
    page = visit(TEMPLATES[name], viewport=SIZES[size], **CALM)
    settled(page)
    none_of(walked(page))


@walks(STATES_TO_WALK)
def test_the_tab_key_in_tools(visit: Open, name: str, size: str) -> None:
    path, act = STATES[name]
    page = visit(path, viewport=SIZES[size], **CALM)
    act(page)
    none_of(walked(page))


def test_the_skip_link_is_first_and_leads_past_the_header(visit: Open, base: str) -> None:
    problems = []
    page = visit(viewport=SIZES["narrow"], **CALM)
    for name in ("start", "ritual", "finder", "comparison", "page", "missing", "english start"):
        page.goto(base + TEMPLATES[name])
        page.keyboard.press("Tab")
        skip = page.locator(":focus")
        if not skip.count() or "md-skip" not in (skip.get_attribute("class") or ""):
            problems.append(f"{name}: the first stop is no skip link")
            continue
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('article, footer')"):
            problems.append(f"{name}: it leads to {page.evaluate('document.activeElement.outerHTML.slice(0, 90)')}")
    none_of(problems)


def test_the_drawer_is_a_button_s_and_the_keyboard_s(visit: Open) -> None:
    page = visit(TEMPLATES["ritual"], viewport=SIZES["narrow"], **CALM)
    opener = page.get_by_role("button", name="Inhalt des Handbuchs")
    inside = page.get_by_role("navigation", name="Handbuch").get_by_role("link", name="Exklusiv", exact=True)
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(inside).to_be_hidden()
    opener.focus()
    page.keyboard.press("Enter")
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("button", name="Schließen", exact=True)).to_be_focused()
    expect(inside).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")
    expect(inside).to_be_hidden()
    drawer(page)
    page.locator("#pb-side a").last.focus()
    page.keyboard.press("Tab")  # out of it: what it covers must not be walked through unseen
    expect(opener).to_have_attribute("aria-expanded", "false")
    none_of([] if page.evaluate(STOP)["clear"] else ["the focus is below the drawer"])


def test_light_and_dark_are_named_by_what_they_are(visit: Open) -> None:
    page = visit(color_scheme="dark", **CALM)
    group = page.get_by_role("radiogroup", name="Farben")
    expect(group.get_by_role("radio", name="Dunkle Ansicht")).to_be_checked()
    group.get_by_role("radio", checked=True).focus()
    page.keyboard.press("ArrowUp")
    expect(group.get_by_role("radio", name="Helle Ansicht")).to_be_checked()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")


# ------------------------------------------------------------------- larger text


@pytest.fixture(scope="module")
def large(browser: Browser) -> Iterator[Browser]:
    """The browser of somebody who has set letters to twice their size."""
    arguments = [*CHROMIUM, "--blink-settings=defaultFontSize=32"]
    mine = browser.browser_type.launch(executable_path=PROGRAM, args=arguments)
    yield mine
    mine.close()


@pytest.mark.parametrize(
    ("size", "names"),
    [
        pytest.param(320, LARGE, id="some"),
        pytest.param(320, TEMPLATES, id="all, narrow", marks=pytest.mark.slow),
        pytest.param(640, TEMPLATES, id="all, wider", marks=pytest.mark.slow),
    ],
)
def test_letters_of_twice_the_size_have_room(large: Browser, base: str, size: int, names: Iterable[str]) -> None:
    problems = []
    page = large.new_page(viewport={"width": size, "height": 640}, **CALM)
    for name in names:
        page.goto(base + TEMPLATES[name])
        assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "40px"
        problems += [f"{name}: {line}" for line in cut(page)]
    page.close()
    none_of(problems)


@pytest.mark.slow
def test_letters_of_twice_the_size_have_room_in_tools(large: Browser, base: str) -> None:
    problems = []
    for name, (path, act) in STATES.items():
        page = large.new_page(viewport=SIZES["narrow"], **CALM)  # a reader of its own: nothing is left of the last one
        page.goto(base + path)
        act(page)
        problems += [f"{name}: {line}" for line in cut(page)]
        page.close()
    none_of(problems)


# ------------------------------------------------------------------------ colours


def test_colours_of_the_system_keep_state_and_edges(visit: Open) -> None:
    """As in the contrast themes of Windows, where backgrounds and shadows are gone."""
    page = visit(TEMPLATES["ritual"], forced_colors="active", **CALM)
    current = page.locator(".pb-side a[aria-current]")
    assert current.evaluate("e => parseFloat(getComputedStyle(e).borderLeftWidth)") >= 2
    STATES["checklist in use"][1](page)
    first = page.locator(".pb-checklist").first.get_by_role("checkbox")
    assert picture(page, first.nth(0)) != picture(page, first.nth(4)), "a tick is seen"
    page.goto(page.url.split("exklusiv/")[0] + "finden/")
    filtered_button = page.get_by_role("main").get_by_role("button").locator("visible=true")
    for button in filtered_button.all():
        assert button.evaluate("e => parseFloat(getComputedStyle(e).borderBottomWidth)") >= 1
    field = page.locator(".pb-find__input")
    before = picture(page, page.locator(".pb-find__form"))
    field.focus()
    assert picture(page, page.locator(".pb-find__form")) != before, "the focus is seen"


def picture(page: Page, what: Locator) -> bytes:
    """A control and a little around it."""
    box = what.bounding_box()
    assert box
    x, y, width, height = box["x"] - 4, box["y"] - 4, box["width"] + 8, box["height"] + 8
    return page.screenshot(clip={"x": x, "y": y, "width": width, "height": height}, animations="disabled")
