"""What readers do with the handbook."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from generator.model.playbook import Playbook
from tests.accessibility.looks import contrasts, too_faint
from tests.browser.serve import Open, none_of

Scheme = Literal["light", "dark"]

RITUAL = "tradition/empfang/"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


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


def test_search_finds_the_ritual(visit: Open, base: str) -> None:
    page = visit("glossar/")
    page.keyboard.press("/")
    field = page.get_by_role("textbox", name="Suche").or_(page.get_by_role("searchbox"))
    expect(field).to_be_focused()
    page.keyboard.type("Empfang")
    hit = page.get_by_role("search").locator(f"a[href*='{RITUAL}']").first
    expect(hit).to_be_visible()
    hit.click()
    expect(page).to_have_url(re.compile(re.escape(base + RITUAL)))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Empfang")


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


def test_a_wrong_address_shows_help(visit: Open, base: str) -> None:
    page = visit()
    broken: list[str] = []
    page.on("response", lambda response: broken.append(response.url) if response.status >= 400 else None)
    wrong = [base + path for path in ("tradition/empfnag/", "nirgends", "a/b/c/d/e.html", "vergleich/index.htm")]
    for address in wrong:
        answer = page.goto(address)
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
        links[0].click()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("gibt es nicht")
    assert broken == wrong


# ------------------------------------------------------------------------ colours


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
    main = page.get_by_role("main")
    page.get_by_title("Dunkle Ansicht").or_(page.get_by_role("button", name="Dunkle Ansicht")).first.click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    expect(main).not_to_have_css("background-color", light)
    page.goto(base + RITUAL)
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    expect(main).not_to_have_css("background-color", light)
    none_of(too_faint(RITUAL, contrasts(page)))
    page.get_by_title("Helle Ansicht").or_(page.get_by_role("button", name="Helle Ansicht")).first.click()
    expect(main).to_have_css("background-color", light)


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


def test_without_scripts_nothing_is_missing(visit: Open, base: str) -> None:
    """Except tools, which would not work."""
    pages = [visit(viewport=PHONE["viewport"], java_script_enabled=scripts) for scripts in (True, False)]
    for path in ("", RITUAL, "vergleich/", "anlaesse/", "glossar/"):
        texts = []
        for page in pages:
            page.goto(base + path)
            main = main_of(page)
            main.evaluate("(main) => main.querySelectorAll('[data-tool]').forEach((tool) => tool.remove())")
            texts.append(main.inner_text())
        assert len(texts[0]) > 500
        assert texts[0].split() == texts[1].split(), path


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


def test_nothing_moves_for_who_asked_for_calm(visit: Open, base: str) -> None:
    page = visit(reduced_motion="reduce")
    moving = set(page.evaluate(MOVING))
    page.goto(base + RITUAL)
    none_of(sorted(moving | set(page.evaluate(MOVING))))
