"""What comes out of the printer when a reader prints a page from the browser."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import expect

from generator.model.playbook import Playbook
from tests.browser.serve import Open

SCALE = 4  # pixels a point


@pytest.mark.parametrize("ritual", ["empfang", "sommerevent"])
def test_a_ritual_printed_from_the_browser(visit: Open, playbook: Playbook, ritual: str) -> None:
    record = playbook.rituals[ritual]
    page = visit(f"{record.universe}/{ritual}/")
    document = pypdfium2.PdfDocument(page.pdf(format="A4", print_background=False))
    texts = [" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in document]
    whole = " ".join(texts)
    assert len(texts) <= 9
    for gone in ("Inhaltsverzeichnis", "Suche", "Register A–Z", "Derselbe Anlass anderswo"):
        assert gone not in whole
    for checklist in record.checklists:
        for item in checklist.items:
            assert any(item.text in text for text in texts), f"divided between two pages: {item.text}"
    assert boxes(document) == sum(len(checklist.items) for checklist in record.checklists)


def test_a_version_that_is_none(visit: Open, base: str) -> None:
    page = visit("404.html")
    for fragment in ("%", "%E0%A4%A", "constructor-3f9a2c1", "x-3f9a2c1"):
        page.goto(f"{base}404.html")  # another page, or only the address would change
        page.goto(f"{base}print/aktuell/#{fragment}")
        said = "" if "%" in fragment else "Diese Version gibt es nicht mehr."
        expect(page.locator("#aktuell"), fragment).to_contain_text(said)


def boxes(document: pypdfium2.PdfDocument) -> int:
    """How many ☐ are on the pages with ink: a dark left edge in the raster, and white within."""
    count = 0
    for sheet in document:
        text = sheet.get_textpage()
        image = sheet.render(scale=SCALE).to_pil().convert("L")
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1) != "☐":
                continue
            left, bottom, right, top = text.get_charbox(index)
            height = sheet.get_height()
            edges = (left - 0.5, height - top - 0.5, right + 0.5, height - bottom + 0.5)
            area = image.crop(tuple(int(edge * SCALE) for edge in edges))
            middle = area.getpixel((area.width // 2, area.height // 2))
            count += area.getextrema()[0] < 100 and middle > 200
    return count
