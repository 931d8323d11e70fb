"""Typst: compilers, fonts, QR codes."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from generator.problems import PlaybookError, Problem
from generator.sheets.literals import literal

if TYPE_CHECKING:
    from pypdf import PdfReader


def qr_code(url: str) -> str:
    """The QR code of a URL as SVG, up to its edge: the look keeps other things away from it."""
    import segno

    stream = io.BytesIO()
    # Any mask decodes; trying all eight for the prettiest takes four fifths of the time.
    segno.make(url if url.startswith("http://") else "https://" + url, error="m", mask=4, micro=False).save(
        stream, kind="svg", border=0, xmldecl=False, omitsize=True
    )
    return stream.getvalue().decode()


def fonts_in(folder: Path) -> set[str]:
    """The names of the files in which Typst finds a font; it says nothing of others, and leaves their text out."""
    return {Path(font.path).name for font in _fonts(folder).fonts() if font.path}


def is_whole(font: Path) -> bool:
    """Whether a font file (.ttf, .otf, .woff2) is as long as it says itself."""
    data = font.read_bytes()
    if data[:4] == b"wOF2":
        return int.from_bytes(data[8:12]) == len(data)
    tables = [data[at : at + 16] for at in range(12, 12 + 16 * int.from_bytes(data[4:6]), 16)]
    ends = [int.from_bytes(table[8:12]) + int.from_bytes(table[12:]) for table in tables]
    return 0 < max(ends, default=0) <= len(data)


def _fonts(folder: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@lru_cache(maxsize=8)
def fonts_read(folder: Path, look: str) -> typst.Fonts:
    """The fonts beside the templates, all of them read now; PlaybookError if one cannot be.

    Typst reads each when it is first needed, and where that fails, sets the text in another without a word.
    """
    fonts = _fonts(folder / "fonts")
    found = fonts.fonts()
    kinds = {(literal(font.family), font.weight, literal(font.style), f"{font.stretch:.1%}") for font in found}
    sample = "".join(
        "#text(font: {}, weight: {}, style: {}, stretch: {}, fallback: false)[x]".format(*k) for k in kinds
    )
    pdf = bytes(typst.Compiler(root=folder, font_paths=fonts).compile(input=sample.encode()))  # type: ignore[arg-type]
    resources: Any = reader(pdf).pages[0].get("/Resources", {})
    there = list((folder / "fonts").glob("*.[ot]tf"))
    if not kinds or len(resources.get("/Font", ())) < len(kinds) or len(found) < len(there):
        message = "no font is here, or not every one can be read; check permissions, disk and memory"
        raise PlaybookError([Problem(str((folder / "fonts").absolute()), 1, 1, message)])
    return fonts


@lru_cache(maxsize=8)
def compiler(folder: Path, look: str, thread: int) -> typst.Compiler:
    """One compiler for all sheets of a thread, with the fonts beside the templates and no others."""
    return typst.Compiler(root=folder, font_paths=fonts_read(folder, look))


def reader(pdf: bytes) -> PdfReader:
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(pdf), strict=True)
