"""Which pages are looked at, and what a reader may have done on them before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.test_plan import PARTS, fragment, plan

TOOLS = Path(__file__).parent / "node_modules"  # of package.json, see the Makefile
SIZES: dict[str, ViewportSize] = {"narrow": {"width": 320, "height": 640}, "wide": {"width": 1280, "height": 800}}
CALM: dict[str, Any] = {"reduced_motion": "reduce", "locale": "de-AT"}

# One page of each template, and English where its texts are of another length or its script speaks.
TEMPLATES = {
    "start": "",
    "universe": "dialog/",
    "ritual": "exklusiv/sommerevent/",
    "occasions": "anlaesse/",
    "occasion": "anlaesse/ankommen/",
    "finder": "finden/",
    "plan": "plan/",
    "chooser": "kompass/",
    "mentoring": "mentoring/",
    "path": "mentoring/erste-90-tage/",
    "comparison": "vergleich/",
    "roles": "rollen/",
    "role": "rollen/gastgeber/",
    "gates": "prueffragen/",
    "glossary": "glossar/",
    "register": "register/",
    "fields": "felder/",
    "print": "print/",
    "current": "print/aktuell/",
    "page": "wegweiser/",
    "authors": "autoren/",
    "statement": "barrierefreiheit/",
    "missing": "404.html",
    "english start": "en/",
    "english ritual": "en/exklusiv/sommerevent/",
    "english finder": "en/finden/",
    "english plan": "en/plan/",
    "english chooser": "en/kompass/",
    "english statement": "en/barrierefreiheit/",
}

GUESTS = {
    "start": "",
    "universe": "von-haus-zu-haus/",
    "programme": "abende-fuer-den-vip-circle/sommerabend-des-vip-circles/",
    "current": "print/aktuell/",
    "page": "hinweise/",
    "missing": "404.html",
    "english programme": "en/abende-fuer-den-vip-circle/sommerabend-des-vip-circles/",
}


def settled(page: Page) -> None:
    """What a page does by itself when it opens is done; its scripts ran before it counted as loaded."""
    page.evaluate("document.fonts.ready.then(() => new Promise((painted) => requestAnimationFrame(painted)))")


def searched(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("Empfang")
    expect(page.get_by_role("search").get_by_role("listitem").first).to_be_visible()


def not_found(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("Empfnag Xylofonquark")
    expect(page.get_by_role("search").get_by_text("steht nirgends").first).to_be_visible()


def drawer(page: Page) -> None:
    if opener := page.locator("header [aria-controls=pb-side]:visible").all():  # a wide screen shows it anyway
        opener[0].click()
        expect(page.locator("#pb-side")).to_be_in_viewport(ratio=0.5)


def ticked(page: Page) -> None:
    page.locator("summary", has_text="Dein Durchgang").click()
    page.get_by_label("Datum", exact=True).fill("2027-06-18")
    for box in page.locator(".pb-checklist").first.get_by_role("checkbox").all()[:3]:
        box.check()
    expect(page.get_by_text("Checklisten: 3 von 12").first).to_be_visible()


def aloud(page: Page) -> None:
    page.get_by_role("button", name="Vorlesen:").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def read(page: Page) -> None:
    aloud(page)
    for _ in range(8):
        page.keyboard.press("Enter")
    expect(page.get_by_text("Alle 7 bestätigt").first).to_be_visible()


def filtered(page: Page) -> None:
    for fold in page.locator("details:not([open]) > summary:visible").all():
        fold.click()
    page.get_by_role("main").get_by_role("checkbox").first.check()
    # where the bar below the filters covers none of them
    page.evaluate("document.getElementById('filter').scrollIntoView({block: 'end'})")


def answered(page: Page) -> None:
    for group in page.get_by_role("main").get_by_role("group").all():
        group.get_by_role("radio").first.check()


def targeted(page: Page) -> None:
    page.evaluate("location.hash = document.querySelector('.pb-glossary > div[id]').id")


def scrolled(page: Page) -> None:
    """Upwards on a long page: the way back to its top is offered."""
    page.evaluate("scrollTo(0, 3000)")
    page.mouse.wheel(0, -400)
    expect(page.locator(".md-top:visible")).to_be_visible()


PLANNED = fragment(plan("Sommerfest", "2027-06-18T18:00", *PARTS, people={"gastgeber": "Erkan"}))

State = tuple[str, Callable[[Page], Any]]
# What readers do, on the page where they do it.
STATES: dict[str, State] = {
    "search open": ("glossar/", searched),
    "search without an answer": ("", not_found),
    "drawer open": ("tradition/empfang/", drawer),
    "checklist in use": ("exklusiv/sommerevent/", ticked),
    "reading aloud": ("exklusiv/sommerevent/", aloud),
    "read aloud": ("exklusiv/sommerevent/", read),
    "finder filtered": ("finden/", filtered),
    "plan with rituals": (f"plan/{PLANNED}", lambda page: expect(page.locator(".pb-task").first).to_be_visible()),
    "chooser answered": ("kompass/", answered),
    "term in the glossary": ("glossar/", targeted),
    "scrolled upwards": ("exklusiv/sommerevent/", scrolled),
}
