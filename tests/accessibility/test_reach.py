"""What axe cannot judge: the keyboard's way through a page, room for larger text, colours of the system."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.accessibility.states import SIZES, STATES, TEMPLATES, drawer
from tests.browser.serve import CHROMIUM, Open, none_of

CALM: dict[str, Any] = {"reduced_motion": "reduce", "locale": "de-AT"}
STATES_TO_WALK = ("checklist in use", "plan with rituals", "chooser answered", "finder filtered")
STATES_TO_STRETCH = (*STATES_TO_WALK, "drawer open", "reading aloud")

# ----------------------------------------------------------------------- keyboard

# All that a keyboard must reach, numbered; of radio buttons with the same name one is enough.
# The way back to the top comes and goes as one scrolls.
CONTROLS = """() => {
  const wanted = 'a[href], button:not(.md-top), input, select, textarea, summary, [contenteditable], [tabindex="0"]';
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
STOP = """async () => {
  await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
  const e = document.activeElement;
  if (!e || e === document.body) return null;
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


def test_the_skip_link_is_first_and_leads_past_the_header(visit: Open) -> None:
    problems = []
    for name, path in TEMPLATES.items():
        page = visit(path, viewport=SIZES["narrow"], **CALM)
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

# Text that is cut off: by its own box or one around it that hides what does not fit, other than on purpose.
CUT = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const e = walker.currentNode.parentElement;
    if (!text || e.closest('script, style, template, option, .pb-hidden, .md-header__topic, .md-dialog')) continue;
    if (!e.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const range = document.createRange();
    range.selectNode(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    if (box.right > innerWidth + 1 && !scrolls(e)) found.push(`outside: ${text.slice(0, 50)}`);
    for (let up = e; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).position === 'fixed') break;
      const {overflowX, overflowY} = getComputedStyle(up);
      if (/auto|scroll/.test(overflowY)) break; // one can get there
      const frame = up.getBoundingClientRect();
      if (frame.width < 2) break; // hidden on purpose
      if ((/hidden|clip/.test(overflowX) && box.right > frame.right + 2)
        || (/hidden|clip/.test(overflowY) && (box.bottom > frame.bottom + 4 || box.top < frame.top - 4)))
        found.push(`cut off by <${up.tagName.toLowerCase()} class="${up.className}">: ${text.slice(0, 50)}`);
    }
  }
  function scrolls(e) {
    for (let up = e; up && up !== document.body; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
    return false;
  }
  const texts = [...document.querySelectorAll('a, button, label, h1, h2, h3, h4, p, li, dt, dd, td, th, summary, legend')]
    .filter((e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && e.innerText?.trim()
      && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && !e.closest('header, .pb-hidden, .md-top'));
  const lines = texts.flatMap((e) => [...e.childNodes].filter((n) => n.nodeType === 3 && n.data.trim()).flatMap((n) => {
    const range = document.createRange();
    range.selectNode(n);
    return [...range.getClientRects()].filter((b) => b.width > 3).map((b) => ({e, b, text: n.data.trim()}));
  })).sort((a, b) => a.b.top - b.b.top);
  lines.forEach((one, i) => {
    for (let j = i + 1; j < lines.length && lines[j].b.top < one.b.bottom; j++) {
      const other = lines[j];
      const high = Math.min(one.b.bottom, other.b.bottom) - other.b.top;
      const wide = Math.min(one.b.right, other.b.right) - Math.max(one.b.left, other.b.left);
      // boxes of lines are higher than their letters
      if (high > Math.min(one.b.height, other.b.height) * .5 && wide > 3 && one.e !== other.e && !fixed(one.e) && !fixed(other.e))
        found.push(`one above the other: ${one.text.slice(0, 40)} / ${other.text.slice(0, 40)}`);
    }
  });
  function fixed(e) {
    for (let up = e; up; up = up.parentElement) if (/fixed|sticky/.test(getComputedStyle(up).position)) return true;
    return false;
  }
  const width = document.scrollingElement.scrollWidth;
  return [...new Set(width > innerWidth ? [`${width} px wide`, ...found] : found)].slice(0, 12);
}"""
# WCAG 1.4.12
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }"""


def cut(page: Page) -> list[str]:
    page.evaluate("new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")
    found: list[str] = page.evaluate(CUT)
    return found


def stretched(page: Page) -> list[str]:
    """What is wrong as it is, and with the distances that WCAG says a reader may set."""
    before = [f"at {page.viewport_size}: {line}" for line in cut(page)]
    page.add_style_tag(content=SPACING)
    return before + [f"with text spacing: {line}" for line in cut(page)]


@pytest.fixture(scope="module")
def large() -> Iterator[Browser]:
    """A browser of somebody who has set letters to twice their size."""
    with sync_playwright() as playwright:
        arguments = [*CHROMIUM, "--blink-settings=defaultFontSize=32"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        yield browser
        browser.close()


@pytest.mark.parametrize("name", TEMPLATES)
def test_text_has_room(visit: Open, name: str) -> None:
    page = visit(TEMPLATES[name], viewport=SIZES["narrow"], **CALM)
    page.wait_for_load_state("networkidle")
    none_of(stretched(page))


@pytest.mark.parametrize("name", STATES_TO_STRETCH)
def test_text_has_room_in_tools(visit: Open, name: str) -> None:
    path, act = STATES[name]
    page = visit(path, viewport=SIZES["narrow"], **CALM)
    act(page)
    none_of(stretched(page))


@pytest.mark.parametrize("name", TEMPLATES)
def test_letters_of_twice_the_size_have_room(large: Browser, base: str, name: str) -> None:
    context = large.new_context(viewport={"width": 640, "height": 640}, **CALM)
    page = context.new_page()
    page.goto(base + TEMPLATES[name])
    page.wait_for_load_state("networkidle")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "40px"
    found = cut(page)
    context.close()
    none_of(found)


# ------------------------------------------------------------------------ colours

# Fields and buttons whose edge or ground does not stand out 3:1 from what is around them (WCAG 1.4.11). A button that
# is only words needs no edge.
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c[3] > 250) return c; } return [255, 255, 255]; };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b; };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const fields = 'button, select, textarea, input:not([type=checkbox], [type=radio], .pb-find__input), .pb-find__form';
  return [...document.querySelectorAll(fields)].filter((e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !e.disabled && e.getBoundingClientRect().width > 4).flatMap((e) => {
    const s = getComputedStyle(e), around = ground(e.parentElement);
    const edge = parseFloat(s.borderBottomWidth) && s.borderBottomStyle !== 'none' && rgba(s.borderBottomColor)[3]
      ? ratio(rgba(s.borderBottomColor), around) : 0;
    const own = ratio(ground(e), around);
    if (Math.max(edge, own) >= 3 || (e.matches('button') && !edge && own === 1)) return [];
    return [`${Math.max(edge, own).toFixed(2)}:1 ${e.outerHTML.replace(/\\s+/g, ' ').slice(0, 100)}`];
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_stand_out(visit: Open, scheme: Any) -> None:
    problems = []
    looks = {name: (path, lambda page: None) for name, path in TEMPLATES.items()} | {k: STATES[k] for k in STATES_TO_STRETCH}
    for name, (path, act) in looks.items():
        page = visit(path, viewport=SIZES["narrow"], color_scheme=scheme, **CALM)
        page.wait_for_load_state("networkidle")
        act(page)
        problems += [f"{name}: {line}" for line in page.evaluate(FAINT)]
        page.context.close()
    none_of(problems)


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
    clip = {"x": box["x"] - 4, "y": box["y"] - 4, "width": box["width"] + 8, "height": box["height"] + 8}
    return page.screenshot(clip=clip, animations="disabled", full_page=False)
