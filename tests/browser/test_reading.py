"""What readers do with the handbook."""

from __future__ import annotations

import re
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from generator.model.playbook import Playbook
from tests.browser.serve import Open, none_of

Scheme = Literal["light", "dark"]

RITUAL = "tradition/empfang/"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
PAGE_TYPES = [
    "",
    "tradition/",
    RITUAL,
    "anlaesse/",
    "anlaesse/ankommen/",
    "vergleich/",
    "rollen/",
    "rollen/gastgeber/",
    "prueffragen/",
    "glossar/",
    "register/",
    "wegweiser/",
    "404.html",
]


def main_of(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("article")


def crumbs(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Pfad")


# ---------------------------------------------------------------- finding the way


def test_two_clicks_from_a_question_to_the_ritual(visit: Open, base: str) -> None:
    page = visit()
    main_of(page).get_by_role("link", name=re.compile("Morgen kommt jemand")).click()
    main_of(page).get_by_role("link", name="Empfang", exact=True).click()
    expect(page).to_have_url(base + RITUAL)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Empfang")
    crumbs(page).get_by_role("link", name="Tradition").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tradition")
    crumbs(page).get_by_role("link", name="Start").click()
    expect(page).to_have_url(base)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_finds_the_ritual(visit: Open, base: str, scheme: Scheme) -> None:
    page = visit("glossar/", color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    field = page.get_by_role("textbox", name="Suche").or_(page.get_by_role("searchbox"))
    expect(field).to_be_focused()
    page.keyboard.type("Empfang")
    hit = page.get_by_role("search").locator(f"a[href*='{RITUAL}']").first
    expect(hit).to_be_visible()
    none_of(too_faint("search", contrasts(page)))
    hit.click()
    expect(page).to_have_url(re.compile(re.escape(base + RITUAL)))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Empfang")


@pytest.mark.parametrize("query", ["Tee", "Händedruck"])
def test_search_answers_everyday_words(visit: Open, query: str) -> None:
    page = visit()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    page.keyboard.type(query)
    expect(page.get_by_role("search").get_by_role("listitem").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_drawer_of_a_phone_leads_to_a_universe(visit: Open, scripts: bool) -> None:
    page = visit(RITUAL, **PHONE, java_script_enabled=scripts)
    link = page.get_by_role("navigation", name="Handbuch").get_by_role("link", name="Exklusiv", exact=True)
    expect(link).not_to_be_in_viewport()  # nobody has asked for the drawer yet
    page.locator("header label[for='__drawer'], header [aria-controls]").first.tap()
    expect(link).to_be_in_viewport()
    box = link.bounding_box()
    assert box
    assert box["height"] >= 24, f"too small to touch: {box}"
    link.tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Exklusiv")


@pytest.mark.parametrize("path", ["tradition/empfnag/", "nirgends", "a/b/c/d/e.html", "vergleich/index.htm"])
def test_a_wrong_address_shows_help(visit: Open, base: str, path: str) -> None:
    page = visit()
    broken = []
    page.on("response", lambda r: broken.append(r.url) if r.status >= 400 and r.url != base + path else None)
    answer = page.goto(base + path)
    assert answer
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("banner")).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    look = "getComputedStyle(document.querySelector('article p'))"
    assert "Hyperlegible" in page.evaluate(f"{look}.fontFamily")
    assert page.evaluate("[...document.fonts].some((font) => font.status === 'loaded')")
    links = main_of(page).get_by_role("link").all()
    assert len(links) >= 3
    for link in links:
        url = link.evaluate("a => a.href")
        assert page.request.get(url).status == 200, url
    assert not broken
    links[0].click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("gibt es nicht")


# ------------------------------------------------------------------------ colours

# Every visible text with its contrast to the colours below it, layer by layer.
CONTRAST = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const known = new Map();
  const rgba = (text) => {
    if (!known.has(text)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(text, [r, g, b, a / 255]);
    }
    return known.get(text);
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const below = (e) => e ? over(rgba(getComputedStyle(e).backgroundColor), below(e.parentElement)) : [255, 255, 255, 1];
  const light = (color) => {
    const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
    const [r, g, b] = color.slice(0, 3).map((v) => linear(v / 255));
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
  const opacity = (e) => e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || e.closest('script, style, noscript, template')) continue;
    if (!e.checkVisibility({visibilityProperty: true})) continue;
    const box = e.getBoundingClientRect();
    const faint = opacity(e);
    if (faint < .05 || box.width <= 1 || box.height <= 1) continue;
    const ground = print ? [255, 255, 255, 1] : below(e);
    const [r, g, b, a] = rgba(getComputedStyle(e).color);
    found.push({text: text.slice(0, 40), tag: e.tagName.toLowerCase(), name: String(e.className),
      color: [r, g, b].join(), ratio: ratio(over([r, g, b, a * faint], ground), ground)});
  }
  return found;
}"""


def contrasts(page: Page, printed: bool = False) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(CONTRAST.replace("print ?", f"{str(printed).lower()} ?"))
    assert len(found) > 20
    return found


def too_faint(path: str, found: list[dict[str, Any]]) -> list[str]:
    return sorted(
        {
            f"{path or 'start'}: <{text['tag']} class={text['name']!r}> {text['text']!r} has {text['ratio']:.2f}:1"
            for text in found
            if text["ratio"] < 4.5
        }
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out(visit: Open, base: str, scheme: Scheme, playbook: Playbook) -> None:
    page = visit(color_scheme=scheme)
    problems, colors = [], set()
    for path in PAGE_TYPES:
        page.goto(base + path)
        found = contrasts(page)
        problems += too_faint(path, found)
        colors |= {text["color"] for text in found if "claim" in text["name"]}
    assert len(colors) >= len(playbook.universes), "the accents of the universes were looked at"
    none_of(problems)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accents_and_symbols_stand_out(visit: Open, scheme: Scheme, playbook: Playbook) -> None:
    page = visit("vergleich/", color_scheme=scheme)
    page.evaluate(
        """(keys) => {
          for (const key of keys) for (const ground of ['paper', 'wash']) {
            const e = document.createElement('p');
            e.dataset.universe = key;
            e.className = 'sample';
            e.style.cssText = `color: var(--universe); background: var(--${ground})`;
            e.textContent = `${key} on ${ground}`;
            document.querySelector('article').prepend(e);
          }
        }""",
        list(playbook.universes),
    )
    samples = [text for text in contrasts(page) if text["name"] == "sample"]
    assert len(samples) == 2 * len(playbook.universes)
    assert len({text["color"] for text in samples}) == len(playbook.universes), "each universe has a colour of its own"
    none_of(too_faint("vergleich/", samples))


def test_the_toggle_switches_and_is_remembered(visit: Open, base: str) -> None:
    page = visit(color_scheme="light")
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_title("Dunkle Ansicht").or_(page.get_by_role("button", name="Dunkle Ansicht")).first.click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    dark = page.evaluate(ground)
    assert dark != light
    page.goto(base + RITUAL)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    assert page.evaluate(ground) == dark
    none_of(too_faint(RITUAL, contrasts(page)))
    page.get_by_title("Helle Ansicht").or_(page.get_by_role("button", name="Helle Ansicht")).first.click()
    assert page.evaluate(ground) == light


# ------------------------------------------------------------- other ways to read


def test_a_phone_names_the_universe_at_each_answer(visit: Open, playbook: Playbook) -> None:
    titles = [universe.title for universe in playbook.universes.values()]
    page = visit("vergleich/", **PHONE)
    rows = [row for row in page.get_by_role("row").all() if row.get_by_role("cell").count()]
    assert len(rows) == len(playbook.dimensions)
    for row, (key, dimension) in zip(rows, playbook.dimensions.items(), strict=True):
        assert dimension.label in row.inner_text()
        cells = row.get_by_role("cell").all()
        for cell, universe in zip(cells, playbook.universes.values(), strict=True):
            seen = cell.inner_text()
            assert universe.title in seen
            assert universe.profile[key].short in seen
    expect(page.get_by_role("cell").get_by_text(titles[0], exact=True).first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_shows_the_text_and_its_boxes_only(visit: Open, base: str, scheme: Scheme, playbook: Playbook) -> None:
    page = visit(RITUAL, color_scheme=scheme, viewport={"width": 794, "height": 1123})
    items = sum(len(checklist.items) for checklist in playbook.rituals["empfang"].checklists)
    page.emulate_media(media="print", color_scheme=scheme)
    parts = "header.md-header, .md-sidebar, footer, nav, .headerlink, .md-top, .md-skip, button"
    shown = "(e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true})"
    problems = page.evaluate(
        f"(parts) => [...document.querySelectorAll(parts)].filter({shown}).map((e) => e.outerHTML.slice(0, 100))", parts
    )
    boxes = page.get_by_role("main").get_by_text("☐").or_(page.get_by_role("checkbox"))
    assert items
    assert len([box for box in boxes.all() if box.is_visible()]) == items
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 794
    for path in (RITUAL, "vergleich/", "tradition/", "anlaesse/ankommen/"):
        page.goto(base + path)
        problems += too_faint(path, contrasts(page, printed=True))
    none_of(problems)


@pytest.mark.parametrize("path", ["", RITUAL, "vergleich/", "anlaesse/", "glossar/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_nothing_is_missing(visit: Open, path: str, width: int) -> None:
    """Except tools, which would not work."""
    size = {"viewport": {"width": width, "height": 800}}
    texts = []
    for scripts in (True, False):
        main = main_of(visit(path, **size, java_script_enabled=scripts))
        main.evaluate("(main) => main.querySelectorAll('[data-tool]').forEach((tool) => tool.remove())")
        texts.append(main.inner_text())
    assert len(texts[0]) > 500
    assert texts[0].split() == texts[1].split()


MOVING = """() => [...document.querySelectorAll('*')].flatMap((e) => ['', '::before', '::after'].flatMap((part) => {
  const style = getComputedStyle(e, part || null);
  const moves = style.transitionProperty.split(', ').some((name, i) => {
    const times = style.transitionDuration.split(', ');
    return parseFloat(times[i % times.length]) > .05 &&
      /^(all|transform|translate|scale|rotate|left|right|top|bottom|inset.*|margin.*|width|height|max-.*)$/.test(name);
  });
  const plays = style.animationName !== 'none' && parseFloat(style.animationDuration) > .05;
  const name = `<${e.tagName.toLowerCase()} class=${e.getAttribute('class')}>${part}`;
  return moves || plays || (style.scrollBehavior === 'smooth' && !part) ? [name] : [];
}))"""


@pytest.mark.parametrize("path", ["", RITUAL])
def test_nothing_moves_for_who_asked_for_calm(visit: Open, path: str) -> None:
    page = visit(path, reduced_motion="reduce")
    none_of(sorted(set(page.evaluate(MOVING))))


# ----------------------------------------------------------------------- keyboard

FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const inSight = (e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility({visibilityProperty: true, opacityProperty: true}) && box.width > 0 && box.height > 0
      && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight;
  };
  const style = getComputedStyle(e);
  const place = e.closest('.md-skip, [data-md-component=skip]') ? 'skip' : e.closest('header') ? 'header'
    : e.closest('article') ? 'content' : e.closest('footer') ? 'footer' : e.closest('nav') ? 'navigation' : 'other';
  return {
    place,
    name: `${place}: ${e.outerHTML.replace(/\\s+/g, ' ').slice(0, 90)}`,
    shown: [e, ...(e.matches('input') ? [...e.labels, e.nextElementSibling] : [])].some((x) => x && inSight(x)),
    drawer: e.matches('#__drawer, [for=__drawer], header [aria-controls]'),
    outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
  };
}"""


def picture(page: Page) -> bytes:
    return page.screenshot(animations="disabled")


def blurred(page: Page) -> bytes:
    """The page as it looks without the focus, which is given back."""
    page.evaluate("window.was = document.activeElement; window.was.blur()")
    image = picture(page)
    page.evaluate("window.was.focus({preventScroll: true})")
    return image


def test_the_keyboard_goes_from_the_skip_link_to_the_content(visit: Open) -> None:
    page = visit(RITUAL, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    places: list[str] = []
    problems = []
    in_content = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        page.wait_for_timeout(50)
        focused = page.evaluate(FOCUSED)
        assert focused, f"the focus left the page after {places}"
        places += [focused["place"]] if places[-1:] != [focused["place"]] else []
        if focused["place"] in ("content", "navigation"):
            if not (focused["outline"] and focused["shown"]):
                problems.append(f"no outline or out of sight: {focused['name']}")
        elif picture(page) == blurred(page):
            problems.append(f"one cannot see that it has the focus: {focused['name']}")
        in_content += focused["place"] == "content"
        if in_content == 8:
            break
    assert places[:2] == ["skip", "header"]
    assert places[-1] == "content"
    assert "footer" not in places
    none_of(problems)


def test_the_skip_link_leads_to_the_content(visit: Open) -> None:
    page = visit(RITUAL, reduced_motion="reduce")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["place"] == "content"


def test_on_a_narrow_screen_the_focus_is_never_out_of_sight(visit: Open) -> None:
    """Also what somebody sees who enlarges a wide screen to 400 %."""
    page = visit(RITUAL, viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    problems, reached = [], False
    for _ in range(80):
        page.keyboard.press("Tab")
        page.wait_for_timeout(50)
        focused = page.evaluate(FOCUSED)
        assert focused
        reached = reached or focused["drawer"] or (focused["place"] == "navigation" and focused["shown"])
        if not focused["shown"]:
            problems.append(focused["name"])
        if focused["place"] == "content":
            break
    else:
        problems.append("the content is not reached")
    if not reached:
        problems.append("neither the navigation nor what opens it can be reached")
    none_of(problems)
