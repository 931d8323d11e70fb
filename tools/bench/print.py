"""Speed, as ratios measured in one run: ours against the alternative on the same input.

Nothing here is a test: machines are noisy. Each function returns rows for a table.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

from generator.model.playbook import Playbook
from generator.model.ritual import Ritual
from generator.sheets.kinds import Sheet
from generator.sheets.printer import Printer
from generator.sheets.typesetting import qr_code

Row = tuple[str, str]

WEASY_CSS = """
@page { size: A4; margin: 11mm 14mm 17mm; @bottom-right { content: "Seite " counter(page) " von " counter(pages) } }
body { font: 11.5pt "Atkinson Hyperlegible Next" } h1 { font-size: 22pt } h2 { font-size: 15pt }
section { border: 1pt solid; border-radius: 1.5mm; padding: 4.5mm } li { font-size: 13.5pt; margin: 4mm 0 }
ul { list-style-type: "☐  " } footer { margin-top: 9mm }
.symbol svg { height: 4.5mm } .qr { float: right } .qr svg { width: 22mm; height: 22mm }
"""


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bench_print(playbook: Playbook, press: Printer) -> list[Row]:
    """Ours and WeasyPrint on the same checklists, one each of many rituals, so that nothing can be reused."""
    from weasyprint import HTML  # only here: it is no part of the generator
    from weasyprint.text.fonts import FontConfiguration

    rituals = [ritual for ritual in playbook.rituals.values() if ritual.checklists]
    sheets = [next(press.of_ritual(ritual)) for ritual in rituals]
    pages = [weasy_page(playbook, press, ritual, sheet) for ritual, sheet in zip(rituals, sheets, strict=True)]
    fonts = FontConfiguration()
    files = {400: "AtkinsonHyperlegibleNext_400Regular.ttf", 700: "AtkinsonHyperlegibleNext_700Bold.ttf"}
    urls = {weight: (press.folder.absolute() / "fonts" / name).as_uri() for weight, name in files.items()}
    family = 'font-family: "Atkinson Hyperlegible Next"'
    faces = "".join(f"@font-face {{ {family}; font-weight: {w}; src: url('{url}') }}" for w, url in urls.items())

    def weasy(page: str) -> object:
        html = page.replace("</head>", f"<style>{faces}{WEASY_CSS}</style></head>")
        return HTML(string=html).write_pdf(pdf_variant="pdf/ua-1", font_config=fonts)

    (
        weasy(pages[0]),
        press.typesetter.pdf(press.deck("x", "x", rituals[:1], "")),
    )  # both warm, on nothing that is measured
    ours = seconds(lambda: [press.typesetter.pdf(sheet) for sheet in sheets]) / len(sheets)
    theirs = seconds(lambda: [weasy(page) for page in pages]) / len(pages)
    with tempfile.TemporaryDirectory() as folder:
        everything = list(press.all())
        cold = seconds(lambda: press.typesetter.set_all(everything, Path(folder)))
        warm = seconds(lambda: press.typesetter.set_all(everything, Path(folder)))
    return [
        (f"a checklist sheet, ours (mean of {len(sheets)})", f"{ours * 1000:.1f} ms"),
        (f"a checklist sheet, WeasyPrint (mean of {len(pages)})", f"{theirs * 1000:.1f} ms"),
        ("ratio", f"{theirs / ours:.1f} × faster"),
        (f"all {len(everything)} sheets of the handbook, from nothing", f"{cold:.2f} s"),
        (f"all {len(everything)} sheets again, nothing changed", f"{warm:.2f} s"),
    ]


def weasy_page(playbook: Playbook, press: Printer, ritual: Ritual, sheet: Sheet) -> str:
    """The ritual's first checklist as HTML: the words, symbol and QR code of our sheet."""
    checklist = ritual.checklists[0]
    universe = playbook.universes[ritual.universe]
    url = sheet.check_url
    items = "".join(
        f"<li>{escape(item.text)}<br><small>{escape(playbook.roles[item.role].label if item.role else '')}</small></li>"
        for item in checklist.items
    )
    return (
        f'<html lang="de"><head><title>{escape(ritual.title)}</title></head><body>'
        f'<header><span class="symbol">{press.symbol(universe)}</span> {escape(universe.title)}'
        f'<span class="qr">{qr_code(url)}</span><h1>{escape(ritual.title)}</h1><p>{escape(url)}</p></header>'
        f"<section><h2>{escape(checklist.title)}</h2><p>{escape(checklist.pause)}</p>"
        f"<p>{escape(playbook.roles[checklist.caller].label)}</p><ul>{items}</ul></section>"
        f"<footer>Name, Datum, Unterschrift</footer></body></html>"
    )
