"""What is wrong with a sheet: our own checks of structure and layout, and both PDF/UA checkers from PyPI.

`faults` combines them all; it is what the real sheets must pass and what must find every mutant.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import outloud  # type: ignore[import-untyped]
import pdfua
import pikepdf
import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
import zxingcpp

from generator.check.universes import contrast

MM = 72 / 25.4
DPI = 150
CONTRAST = 4.5
NONE: dict[str, Any] = {}
PAPER = {"guest": (148, 210)}  # in mm; all else is A4
ITEM = defaultdict(lambda: 11, checklist=13, followup=13, worksheet=10)  # points, by kind of sheet
SMALLEST = 8  # points, of whatever stands on a sheet
# A role sheet begins like the one before it, and so do the pages of a deck; and bold words within a
# paragraph are no second order of reading, for which we have a check of our own.
FALSE_ALARMS = {"PAG-001", "ORD-001"}


def faults(path: Path, kind: str, items: Iterable[str] = ()) -> Iterator[str]:
    """All that is wrong with the PDF of a sheet; `items` are texts that must be there in full size."""
    yield from own(path, kind, items)
    yield from checkers(path)


def own(path: Path, kind: str, items: Iterable[str] = ()) -> Iterator[str]:
    with pikepdf.open(path) as pdf:
        yield from structure(pdf, kind)
    yield from layout(Paper(path), kind, items)


def checkers(path: Path) -> Iterator[str]:
    report = outloud.check(str(path))
    if report.error:
        yield f"outloud: {report.error}"
    for found in report.findings:
        if found.severity != "info" and found.rule not in FALSE_ALARMS:
            yield f"outloud: {found.rule} {found.message}"
    for finding in pdfua.validate(str(path)).findings:
        yield f"pdfua: {finding.rule_id} {finding.message}"


NOTHING = {*" \t\n\v\f\r-\u00a0\u00ad\u2007\u2009\u200b\u200e\u200f\u2028\u2029\u202f\ufffe\x02"}
NO_TEXT = str.maketrans(dict.fromkeys(NOTHING, ""))


def squeeze(text: str) -> str:
    """Text without what a line break adds or removes: spaces, hyphens, what has no width."""
    return unicodedata.normalize("NFC", text).translate(NO_TEXT)


def flowing(pages: Iterable[str], heads: int = 1) -> str:
    """The text of a booklet's pages without the lines of the running head and of the foot."""
    return "\n".join("\n".join(page.strip().split("\n")[heads:-1]) for page in pages)


# ------------------------------------------------------------------- structure


def structure(pdf: pikepdf.Pdf, kind: str) -> Iterator[str]:
    root: Any = pdf.Root
    if root.get("/MarkInfo", NONE).get("/Marked") is not True:
        yield "not marked as tagged"
    if str(root.get("/Lang", "")) not in ("de-AT", "de"):
        yield "the language is not German"
    if root.get("/ViewerPreferences", NONE).get("/DisplayDocTitle") is not True:
        yield "the window does not show the title"
    yield from metadata(pdf)
    yield from no_extras(pdf)
    marks: list[list[Mark]] = []
    width, height = PAPER.get(kind, (210, 297))
    for number, page in enumerate(pdf.pages, 1):
        box = [float(value) / MM for value in page.mediabox]
        if abs(box[2] - width) > 0.5 or abs(box[3] - height) > 0.5:
            yield f"page {number} is {box[2]:.0f} × {box[3]:.0f} mm"
        marks.append(list(marked(page)))
        if any(not tag for tag, _, _ in marks[-1]):
            yield f"page {number}: something is neither tagged nor an artifact"
        for annotation in page.get("/Annots", []):
            if not str(annotation.get("/Contents", "")).strip():
                yield f"page {number}: a link without a description"
            if "/StructParent" not in annotation or page.get("/Tabs") != "/S":
                yield f"page {number}: a link outside the structure"
    yield from fonts(pdf)
    if "/StructTreeRoot" not in root:
        yield "no structure tree"
        return
    tree = Element(root.StructTreeRoot, roles=dict(root.StructTreeRoot.get("/RoleMap", {})), shown=shown(pdf, marks))
    yield from reading(tree)
    yield from headings(tree)
    yield from lists(tree, kind)
    yield from tables(tree, kind)
    yield from figures(tree, kind)
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        if not titles:
            yield "no bookmarks"
        if kind == "booklet" and "Register" not in titles:
            yield "no bookmark for the register"


def metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "no metadata"
        return
    with pdf.open_metadata() as xmp:
        if not str(xmp.get("dc:title") or "").strip() or not str(pdf.docinfo.get("/Title", "")).strip():
            yield "no title"
        if str(xmp.get("pdfuaid:part")) != "1":
            yield "not declared as PDF/UA-1"
        if (str(xmp.get("pdfaid:part")), str(xmp.get("pdfaid:conformance"))) != ("2", "A"):
            yield "not declared as PDF/A-2a"
    if not any(intent.get("/S") == "/GTS_PDFA1" for intent in pdf.Root.get("/OutputIntents", [])):
        yield "no output intent"


def no_extras(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.attachments or "/AF" in pdf.Root:
        yield "a file is attached"
    if {"/OpenAction", "/AA", "/AcroForm"} & set(pdf.Root.keys()) or "/JavaScript" in pdf.Root.get("/Names", {}):
        yield "the document acts"
    if pdf.is_encrypted:
        yield "encrypted"


SHOWS = ("Tj", "TJ", "'", '"')


Mark = tuple[str, int | None, str]


def marked(page: pikepdf.Page) -> Iterator[Mark]:
    """(tag, MCID, operator) of every operator that draws; the tag is empty outside any mark."""
    stack: list[tuple[str, int | None]] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator, operands = str(instruction.operator), list(instruction.operands)
        if operator in ("BDC", "BMC"):
            properties: Any = operands[1] if len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) else {}
            number = properties.get("/MCID")
            stack.append((str(operands[0]), None if number is None else int(number)))
        elif operator == "EMC":
            stack.pop()
        elif operator in (*SHOWS, "f", "F", "f*", "S", "s", "B", "Do", "sh"):
            outer = next(
                (mark for mark in reversed(stack) if mark[0] == "/Artifact" or mark[1] is not None), ("", None)
            )
            yield (*outer, operator)


def shown(pdf: pikepdf.Pdf, marks: list[list[Mark]]) -> set[tuple[Any, int]]:
    """(page, MCID) of all marked content with text."""
    return {
        (page.obj.objgen, number)
        for page, drawn in zip(pdf.pages, marks, strict=True)
        for _, number, operator in drawn
        if number is not None and operator in SHOWS
    }


@dataclass
class Element:
    """An element of the structure tree."""

    obj: Any
    roles: dict[str, Any]
    shown: set[tuple[Any, int]]
    page: Any = None

    def __post_init__(self) -> None:
        self.page = self.obj["/Pg"].objgen if "/Pg" in self.obj else self.page

    @cached_property
    def tag(self) -> str:
        tag = str(self.obj.get("/S", "/Root"))
        return str(self.roles.get(tag, tag)).lstrip("/")

    @cached_property
    def kids(self) -> list[Element]:
        return [Element(kid, self.roles, self.shown, self.page) for kid in self.raw if is_element(kid)]

    @property
    def raw(self) -> list[Any]:
        kids = self.obj.get("/K", [])
        return list(kids) if isinstance(kids, pikepdf.Array) else [kids]

    def all(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            yield from kid.all()

    def content(self) -> Iterator[tuple[Any, int]]:
        """(page, MCID) of all content below this element, in the order of reading."""
        for kid in self.raw:
            if isinstance(kid, int):
                yield self.page, kid
            elif is_element(kid):
                yield from Element(kid, self.roles, self.shown, self.page).content()
            elif "/MCID" in kid:
                yield kid["/Pg"].objgen if "/Pg" in kid else self.page, int(kid["/MCID"])

    @property
    def has_text(self) -> bool:
        return any(place in self.shown for place in self.content())


def is_element(kid: Any) -> bool:
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def reading(tree: Element) -> Iterator[str]:
    """What is read in the order of the tree is drawn in that order, page for page."""
    places: dict[Any, int] = {}
    for page, number in tree.content():
        if number < places.get(page, -1):
            yield "read in another order than drawn"
            return
        places[page] = number


def headings(tree: Element) -> Iterator[str]:
    levels = [0]
    for element in tree.all():
        if match := re.fullmatch("H([1-6])", element.tag):
            levels.append(int(match[1]))
            if levels[-1] > levels[-2] + 1:
                yield f"a heading of level {levels[-1]} follows one of level {levels[-2]}"
            if not element.has_text:
                yield "an empty heading"
    if levels == [0]:
        yield "no heading"


def lists(tree: Element, kind: str) -> Iterator[str]:
    found = [element for element in tree.all() if element.tag == "L"]
    if kind in ("checklist", "followup", "card", "booklet", "mentor", "mentee", "worksheet") and not found:
        yield "no list"
    for element in found:
        if any(kid.tag not in ("LI", "L", "Caption") for kid in element.kids):
            yield "something in a list is no item"
    for item in (element for element in tree.all() if element.tag == "LI"):
        tags = [kid.tag for kid in item.kids]
        if tags != ["Lbl", "LBody"] or not all(kid.has_text for kid in item.kids):
            yield f"a list item of {tags or 'nothing'}"


def tables(tree: Element, kind: str) -> Iterator[str]:
    found = [element for element in tree.all() if element.tag == "Table"]
    if kind in ("run", "guest", "booklet", "worksheet") and not found:
        yield "no table"
    for table in found:
        rows = [element for element in table.all() if element.tag == "TR"]
        if not rows or {cell.tag for cell in rows[0].kids} != {"TH"}:
            yield "a table without headers"
        if len({len(row.kids) for row in rows}) > 1:
            yield "a table with ragged rows"


def figures(tree: Element, kind: str) -> Iterator[str]:
    found = [element for element in tree.all() if element.tag == "Figure"]
    if not found:
        yield "no figure: the QR code is missing"
    if any(not str(figure.obj.get("/Alt", "")).strip() for figure in found):
        yield "a figure without a description"


def fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    seen = False
    for obj in pdf.objects:
        if not isinstance(obj, pikepdf.Dictionary) or obj.get("/Type") != "/Font" or "/DescendantFonts" in obj:
            if isinstance(obj, pikepdf.Dictionary) and "/DescendantFonts" in obj and "/ToUnicode" not in obj:
                yield f"{obj.get('/BaseFont')} does not say which characters it shows"
            continue
        seen, name = True, str(obj.get("/BaseFont"))
        descriptor: Any = obj.get("/FontDescriptor", NONE)
        if not any(f"/FontFile{version}" in descriptor for version in ("", "2", "3")):
            yield f"{name} is not embedded"
        if not re.match("/[A-Z]{6}[+](AtkinsonHyperlegibleNext|NotoSansSymbols2)-", name):
            yield f"{name} is not subset or not ours"
    if not seen:
        yield "no font"


# ---------------------------------------------------------------------- layout


class Char(NamedTuple):
    char: str
    size: float
    colour: str


class Paper:
    """A PDF as it comes out of the printer, drawn by PDFium."""

    def __init__(self, path: Path) -> None:
        self.pdf = pypdfium2.PdfDocument(path)

    @cached_property
    def texts(self) -> list[Any]:
        return [page.get_textpage() for page in self.pdf]

    @cached_property
    def pages(self) -> list[str]:
        return [text.get_text_range().replace("\r\n", "\n") for text in self.texts]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @cached_property
    def chars(self) -> list[Char]:
        """Every character that is drawn, without spaces and hyphens."""
        found, channels, colours = [], [ctypes.c_uint() for _ in range(4)], dict[tuple[int, ...], str]()
        for text in self.texts:
            for index in range(text.count_chars()):
                char = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
                if char in NOTHING:
                    continue
                pdfium.FPDFText_GetFillColor(text.raw, index, *channels)
                rgb = tuple(channel.value for channel in channels[:3])
                if rgb not in colours:
                    colours[rgb] = "#" + "".join(f"{value:02x}" for value in rgb)
                size = round(pdfium.FPDFText_GetFontSize(text.raw, index), 2)
                found.append(Char(char, size, colours[rgb]))
        return found

    def boxes(self, char: str) -> Iterator[tuple[float, float, float, float]]:
        """Left, bottom, right, top of every `char`, in points."""
        for text in self.texts:
            for index in range(text.count_chars()):
                if chr(pdfium.FPDFText_GetUnicode(text.raw, index)) == char:
                    yield text.get_charbox(index)

    def raster(self, number: int) -> Any:
        """A page as grey pixels, 0 black to 255 white."""
        return self.pdf[number].render(scale=DPI / 72, grayscale=True).to_numpy().squeeze()

    def smallest(self, text: str) -> float | None:
        """The size of the smallest character of a text, None if it is not there; marks and their like count not."""
        whole, wanted = "".join(char.char for char in self.chars), squeeze(text)
        start = whole.find(wanted)
        return min(char.size for char in self.chars[start : start + len(wanted)]) if start >= 0 else None


def layout(paper: Paper, kind: str, items: Iterable[str] = ()) -> Iterator[str]:
    yield from sizes(paper, kind, items)
    for colour in {char.colour for char in paper.chars}:
        if min(contrast(colour, "#ffffff"), contrast(grey(colour), "#ffffff")) < CONTRAST:
            yield f"{colour} is too light"
    for left, bottom, right, top in paper.boxes("☐"):
        if min(right - left, top - bottom) < 4 * MM:
            yield f"a tick box of {min(right - left, top - bottom) / MM:.1f} mm"
    for number in range(0, len(paper.pdf), 5 if kind == "booklet" else 1):  # pages of booklets are much alike
        raster = paper.raster(number)
        if margins(raster, kind).min() < 200:
            yield f"page {number + 1}: something in the margin"
        yield from (f"page {number + 1}: {fault}" for fault in codes(paper, number, raster, kind))


def sizes(paper: Paper, kind: str, items: Iterable[str]) -> Iterator[str]:
    if (smallest := min((char.size for char in paper.chars), default=0)) < SMALLEST:
        yield f"text of {smallest} points"
    for item in items:
        size = paper.smallest(item)
        if size is None:
            yield f"missing: {item}"
        elif size < ITEM[kind]:
            yield f"{size} points are too small: {item}"


def grey(colour: str) -> str:
    """A colour as an office printer shows it in black and white."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + 3 * f"{round(0.299 * red + 0.587 * green + 0.114 * blue):02x}"


def margins(raster: Any, kind: str) -> Any:
    """The outer 8 mm of a page, without the crop marks of cards."""
    edge, (height, width) = int(8 * MM * DPI / 72) - 1, raster.shape
    outer = raster.copy()
    outer[edge:-edge, edge:-edge] = 255
    if kind == "card":
        outer[:, width // 2 - 3 : width // 2 + 4] = 255
        outer[height // 2 - 3 : height // 2 + 4] = 255
    return outer


def codes(paper: Paper, number: int, raster: Any, kind: str) -> Iterator[str]:
    """Each QR code can be read, is large enough, and its address stands on the page in letters."""
    letters = paper.pages[number]
    if kind == "card":
        expected = letters.count("Version")
    else:
        expected = 1 if number == 0 or kind in ("checklist", "followup", "role", "guest") else 0
    if not expected:
        return
    found = zxingcpp.read_barcodes(raster, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    if len(found) != expected:
        yield f"{len(found)} QR codes can be read, not {expected}"
    for code in found:
        corners = code.position
        side = min(corners.top_right.x - corners.top_left.x, corners.bottom_left.y - corners.top_left.y) + 1
        if side * 72 / DPI < 20 * MM:
            yield f"a QR code of {side * 72 / DPI / MM:.1f} mm"
        if squeeze(code.text.removeprefix("https://")) not in squeeze(letters):
            yield f"the address of the QR code is not there in letters: {code.text}"
