"""Good sheets, spoilt in one way each: the combined checks must find every one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Operator, String

from generator.sheets import typesetting as printing
from generator.sheets.kinds import Sheet
from generator.sheets.printer import Printer
from tests.sheets.checks import faults
from tests.sheets.conftest import small_printer

ITEMS = {"checklist": ["Tür: offen", "Licht: an"], "card": ["Tür: offen"]}
SHEETS = {"booklet": "hafen-booklet", "checklist": "gruss-checklist", "run": "gruss-run", "card": "hafen-card"}


@pytest.fixture(scope="module")
def press() -> Printer:
    return small_printer()


@pytest.fixture(scope="module")
def sheets(press: Printer) -> dict[str, Sheet]:
    found = {sheet.name: sheet for sheet in press.all()}
    return {kind: found[name] for kind, name in SHEETS.items()}


def first_fault(path: Path, kind: str) -> str | None:
    return next(faults(path, kind, ITEMS.get(kind, [])), None)


@pytest.mark.parametrize("kind", SHEETS)
def test_the_originals_have_no_fault(kind: str, press: Printer, sheets: dict[str, Sheet], tmp_path: Path) -> None:
    (tmp_path / "good.pdf").write_bytes(press.typesetter.pdf(sheets[kind]))
    assert first_fault(tmp_path / "good.pdf", kind) is None


# ------------------------------------------------------- spoilt as a finished file


def elements(pdf: pikepdf.Pdf, tag: str) -> list[Any]:
    def below(element: Any) -> Iterator[Any]:
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, Array) else [kids]:
            if isinstance(kid, Dictionary) and "/S" in kid:
                yield from below(kid)

    found = [element for element in below(pdf.Root.StructTreeRoot) if element.get("/S") == f"/{tag}"]
    assert found, f"the original has no {tag}"
    return found


def without_title(pdf: pikepdf.Pdf) -> None:
    del pdf.docinfo["/Title"]
    with pdf.open_metadata(update_docinfo=False) as xmp:
        del xmp["dc:title"]


def xmp_says(key: str, value: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata(update_docinfo=False) as xmp:
            xmp[key] = value

    return change


def without(*path: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        place = pdf.Root
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]

    return change


def retag(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        for element in elements(pdf, old):
            element["/S"] = Name(f"/{new}")

    return change


def heading_skipped(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "H2")[0]["/S"] = Name.H4


def heading_empty(pdf: pikepdf.Pdf) -> None:
    elements(pdf, "H2")[0]["/K"] = Array([])


def alt(text: str | None) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        figure = elements(pdf, "Figure")[0]
        del figure["/Alt"]
        if text is not None:
            figure["/Alt"] = String(text)

    return change


def items_without_labels(pdf: pikepdf.Pdf) -> None:
    for item in elements(pdf, "LI"):
        item["/K"] = Array([kid for kid in item["/K"] if kid.get("/S") != "/Lbl"])


def order_of_reading(pdf: pikepdf.Pdf) -> None:
    item = elements(pdf, "LI")[0]
    item["/K"] = Array(reversed(list(item["/K"])))


def fonts_of(pdf: pikepdf.Pdf) -> list[Any]:
    return [obj for obj in pdf.objects if isinstance(obj, Dictionary) and obj.get("/Type") == "/Font"]


def font_not_embedded(pdf: pikepdf.Pdf) -> None:
    descriptor = next(font["/FontDescriptor"] for font in fonts_of(pdf) if "/FontDescriptor" in font)
    for key in [key for key in descriptor.keys() if key.startswith("/FontFile")]:  # noqa: SIM118
        del descriptor[key]


def font_not_subset(pdf: pikepdf.Pdf) -> None:
    for font in fonts_of(pdf):
        font["/BaseFont"] = Name("/" + str(font["/BaseFont"]).partition("+")[2])


def font_mute(pdf: pikepdf.Pdf) -> None:
    for font in fonts_of(pdf):
        if "/ToUnicode" in font:
            del font["/ToUnicode"]


def content_untagged(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0]
    kept = [i for i in pikepdf.parse_content_stream(page) if str(i.operator) not in ("BDC", "EMC", "BMC")]
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))


def content_hidden(pdf: pikepdf.Pdf) -> None:
    """Text of the body marked as decoration, so that nobody hears it."""
    page, changed = pdf.pages[0], []
    for instruction in pikepdf.parse_content_stream(page):
        if str(instruction.operator) == "BDC" and "/MCID" in instruction.operands[1]:
            changed.append(pikepdf.ContentStreamInstruction([Name.Artifact], Operator("BMC")))
        else:
            changed.append(instruction)  # type: ignore[arg-type]
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(changed))


def link_without_words(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            annotation["/Contents"] = String("")


def file_attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["intern.txt"] = pikepdf.AttachedFileSpec(pdf, b"intern", filename="intern.txt")


def script(pdf: pikepdf.Pdf) -> None:
    pdf.Root["/OpenAction"] = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def other_paper(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.mediabox = Array([0, 0, 612, 792])


def without_outline(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Outlines"]


FILES: dict[str, tuple[str, Callable[[pikepdf.Pdf], None]]] = {
    "no title": ("checklist", without_title),
    "blank title": ("checklist", xmp_says("dc:title", " ")),
    "no language": ("checklist", without("/Lang")),
    "title not shown": ("checklist", without("/ViewerPreferences", "/DisplayDocTitle")),
    "not marked": ("checklist", without("/MarkInfo")),
    "no structure": ("checklist", without("/StructTreeRoot")),
    "no metadata": ("checklist", without("/Metadata")),
    "no output intent": ("checklist", without("/OutputIntents")),
    "PDF/UA-2": ("checklist", xmp_says("pdfuaid:part", "2")),
    "PDF/A-2b": ("checklist", xmp_says("pdfaid:conformance", "B")),
    "PDF/A-1": ("checklist", xmp_says("pdfaid:part", "1")),
    "heading skipped": ("booklet", heading_skipped),
    "heading empty": ("checklist", heading_empty),
    "headings are paragraphs": ("checklist", retag("H1", "P")),
    "no alternative": ("checklist", alt(None)),
    "empty alternative": ("checklist", alt("")),
    "figure is a paragraph": ("checklist", retag("Figure", "P")),
    "table without headers": ("run", retag("TH", "TD")),
    "table is no table": ("run", retag("Table", "Div")),
    "list without labels": ("checklist", items_without_labels),
    "list of paragraphs": ("checklist", retag("LI", "P")),
    "items without a body": ("card", retag("LBody", "P")),
    "read in another order": ("checklist", order_of_reading),
    "font not embedded": ("checklist", font_not_embedded),
    "font not subset": ("checklist", font_not_subset),
    "font says no characters": ("checklist", font_mute),
    "untagged": ("checklist", content_untagged),
    "hidden from readers": ("checklist", content_hidden),
    "link without words": ("booklet", link_without_words),
    "file attached": ("card", file_attached),
    "script": ("checklist", script),
    "letter paper": ("checklist", other_paper),
    "no bookmarks": ("booklet", without_outline),
}


@pytest.mark.parametrize("mutant", FILES)
def test_spoilt_file_is_found(mutant: str, press: Printer, sheets: dict[str, Sheet], tmp_path: Path) -> None:
    kind, change = FILES[mutant]
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    good.write_bytes(press.typesetter.pdf(sheets[kind]))
    with pikepdf.open(good) as pdf:
        change(pdf)
        pdf.save(bad)
    assert first_fault(bad, kind)


# ----------------------------------------------------- spoilt before it is set


SOURCES = {
    "English": ("checklist", 'lang: "de"', 'lang: "en"'),
    "heading of level 3 after 1": ("run", "#timetable(", "#heading(level: 3)[Zu tief]\n#timetable("),
    "items of 9 points": ("checklist", "#one-page(", "#show list: set text(size: 9pt)\n#one-page("),
    "text of 6 points": ("run", "#timetable(", "#text(size: 6pt)[klein]\n#timetable("),
    "grey items": ("checklist", "#one-page(", "#show list: set text(fill: luma(70%))\n#one-page("),
    "into the margin": ("run", "#timetable(", "#place(top + left, dx: -9mm)[Rand]\n#timetable("),
    "small tick boxes": ("run", "#timetable(", "#text(size: 12pt, font: symbol-font, [☐])\n#timetable("),
    "picture without alternative": (
        "run",
        "#timetable(",
        '#image(bytes(qr-svg), format: "svg", width: 9mm)\n#timetable(',
    ),
    "A6": ("run", "#show: document-of.with(", '#show: document-of.with(paper: "a6", '),
    "no register": (
        "booklet",
        "#heading(level: 1, words.register)",
        "#heading(level: 1, outlined: false, words.register)",
    ),
    "card with a second code": ("card", "#deck(", "#place(center + horizon, text(size: 9pt)[Version])\n#deck("),
}


@pytest.mark.parametrize("mutant", SOURCES)
def test_spoilt_source_is_found(
    mutant: str, press: Printer, sheets: dict[str, Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, old, new = SOURCES[mutant]
    assert old in sheets[kind].source
    monkeypatch.setattr(printing, "STANDARDS", [])
    sheet = replace(sheets[kind], source=sheets[kind].source.replace(old, new))
    path = tmp_path / "bad.pdf"
    path.write_bytes(press.typesetter.pdf(sheet))
    declare(path)
    assert first_fault(path, kind)


def declare(path: Path) -> None:
    """What the standards write, so that only the mutation itself is left to be found."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata(update_docinfo=False) as xmp:
            xmp["pdfuaid:part"], xmp["pdfaid:part"], xmp["pdfaid:conformance"] = "1", "2", "A"
        pdf.Root["/ViewerPreferences"] = Dictionary(DisplayDocTitle=True)
        pdf.Root["/OutputIntents"] = pdf.make_indirect(Array([Dictionary(S=Name.GTS_PDFA1)]))
        pdf.save()


@pytest.mark.parametrize("kind", SHEETS)
def test_declared_without_standards_is_no_fault_by_itself(
    kind: str, press: Printer, sheets: dict[str, Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the mutants above are found for what they are."""
    monkeypatch.setattr(printing, "STANDARDS", [])
    path = tmp_path / "plain.pdf"
    path.write_bytes(press.typesetter.pdf(sheets[kind]))
    declare(path)
    assert first_fault(path, kind) is None


def test_there_are_enough() -> None:
    assert len(FILES) + len(SOURCES) >= 40
