"""Sheets as PDF/UA-1 and PDF/A-2a, set by Typst and kept for the next build."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from generator.files import remove, write_file
from generator.load.source import Loc, Source, read_yaml
from generator.problems import PlaybookError, Problem
from generator.sheets.kinds import Pdf, Sheet, content_hash
from generator.sheets.literals import literal

STANDARDS: list[Any] = ["ua-1", "a-2a"]


class Typesetter:
    """Sets sheets with the look and the fonts in `folder`; `sources` is the YAML to blame, by record."""

    def __init__(self, folder: Path, sources: Mapping[str, Source]) -> None:
        self.folder, self.sources = folder, sources
        self.look = look_hash(folder)

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF. Raises PlaybookError if it cannot be set or does not fit its page."""
        code = qr_code(sheet.check_url) if sheet.check_url else ""
        inputs = {"version": sheet.version, "url": sheet.check_url, "qr": code}
        message = ""
        for careful in ("", "yes"):  # measuring takes time, so it is done only where the look says that it must be
            try:
                return self.compile(sheet.source, sheet.as_of, inputs | {"careful": careful})
            except typst.TypstError as error:
                message = error.message
            if "overflow|" not in message:
                raise PlaybookError(self.characters_without_font(sheet) or [self.problem(sheet, message)])
        raise PlaybookError([self.problem(sheet, message)])

    def set_all(self, sheets: Iterable[Sheet], cache: Path, stop: Callable[[], bool] = lambda: False) -> list[Pdf]:
        """Every sheet as a file in `cache`; what is there already is not set again.

        Raises PlaybookError with the problems of all sheets that cannot be set, and CancelledError once `stop` says so.
        """
        cache.mkdir(parents=True, exist_ok=True)
        # <sheet>.<hash of what it is made of>.<pages>.pdf
        known = {tuple(path.name.split(".")[:2]): path for path in cache.glob("*.*.*.pdf")}

        def set_one(sheet: Sheet) -> Pdf | PlaybookError:
            key = (sheet.name, content_hash(self.look + sheet.check_url + sheet.version + sheet.source))
            path = known.get(key)
            if path is None:
                if stop():
                    raise CancelledError
                try:
                    data = self.pdf(sheet)
                except PlaybookError as error:
                    return error
                path = cache / f"{'.'.join(key)}.{count_pages(data)}.pdf"
                write_file(path, data)
            return Pdf(sheet, path, int(path.name.split(".")[2]), path.stat().st_size)

        with ThreadPoolExecutor() as pool:
            results = list(pool.map(set_one, (sheet for sheet in sheets if not stop())))
        if stop():
            raise CancelledError
        if failed := [result for result in results if isinstance(result, PlaybookError)]:
            raise PlaybookError(problem for error in failed for problem in error.problems)
        pdfs = [result for result in results if isinstance(result, Pdf)]
        for stale in {*cache.iterdir()} - {pdf.path for pdf in pdfs}:
            remove(stale)
        return pdfs

    def compile(self, source: str, as_of: date, inputs: dict[str, str]) -> bytes:
        """Typst source as PDF, dated `as_of`. Raises TypstError."""
        result = compiler(self.folder, self.look, threading.get_ident()).compile(
            input=source.encode(),
            sys_inputs=inputs,
            pdf_standards=STANDARDS,
            timestamp=datetime.combine(as_of, time(), UTC),
        )
        return bytes(result)  # type: ignore[arg-type]  # one document, not a list of pages

    def problem(self, sheet: Sheet, message: str) -> Problem:
        """What Typst says, at the YAML to blame; `overflow|place|mm` comes from a check of our own in the look."""
        overflow = re.search(r"overflow\|([^|]*)\|(\d+)", message)
        record, loc = sheet.record, Loc()
        if overflow:
            loc = tuple(int(part) if part.isdigit() else part for part in overflow[1].split("/"))
            if sheet.kind == "card":
                record, loc = f"ritual/{loc[0]}", loc[1:]
            what = f"does not fit its page: {overflow[2]} mm too long; shorten the texts or split them"
        else:
            what = f"cannot be set: {' '.join(message.split())}"
        source = self.sources.get(record, Source("mkdocs.yml"))
        return source.problem(loc, f"the sheet '{sheet.title}' {what}", key=True)

    def characters_without_font(self, sheet: Sheet) -> list[Problem]:
        """The characters of a sheet that no font has, each wherever it stands in the YAML."""
        text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda match: chr(int(match[1], 16)), sheet.source)
        missing = [char for char in sorted(set(text)) if not char.isascii() and not self.has_font_for(char)]
        return [
            Problem(source.path, *source.place_of(loc, char), f"{described(char)}; write it in another way")
            for source in self.sources.values()
            for loc, value in texts(source.data or read_yaml(source.path, source.text)[0].data)
            for char in missing
            if char in value
        ]

    def has_font_for(self, char: str) -> bool:
        """Whether a font has the character."""
        source = '#import "look.typ": *\n#show: document-of.with(title: "-", words: (author: ""), footed: false)\n'
        try:
            self.compile(f"{source}#{literal(char)}", date(2000, 1, 1), {})
        except typst.TypstError:
            return False
        return True


@lru_cache(maxsize=8)
def compiler(folder: Path, look: str, thread: int) -> typst.Compiler:
    """A compiler for all sheets of one thread and look, with the fonts beside the templates and no others.

    Raises PlaybookError where there is no font: Typst would leave all text out without a word.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder / "fonts"])
    if (
        len(fonts.fonts()) < len([path for path in folder.glob("fonts/*") if path.suffix in (".otf", ".ttf")])
        or not fonts.fonts()
    ):
        message = "a font is missing or damaged; put it back"
        raise PlaybookError([Problem(str((folder / "fonts").absolute()), 1, 1, message)])
    return typst.Compiler(root=folder, font_paths=fonts)


def look_hash(folder: Path) -> str:
    """A hash of what changes a PDF without changing its source: the look, the fonts, this code, Typst itself."""
    files = [*sorted([*folder.glob("*.typ"), *folder.glob("fonts/*")]), *sorted(Path(__file__).parent.glob("*.py"))]
    return content_hash(
        version("typst") + version("segno") + "".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    )


def count_pages(pdf: bytes) -> int:
    """The number of a PDF's pages."""
    from pypdf import PdfReader  # which takes a while to load

    return PdfReader(io.BytesIO(pdf), strict=True).get_num_pages()


def qr_code(url: str) -> str:
    """The QR code of a URL as SVG, up to its edge: the look keeps other things away from it."""
    import segno

    stream = io.BytesIO()
    # Any mask decodes; trying all eight for the prettiest takes four fifths of the time.
    segno.make(url if url.startswith("http://") else "https://" + url, error="m", mask=4, micro=False).save(
        stream, kind="svg", border=0, xmldecl=False, omitsize=True
    )
    return stream.getvalue().decode()


def texts(data: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Every text in a file's data, with its path."""
    if isinstance(data, str):
        yield loc, data
    elif isinstance(data, dict | tuple):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from texts(value, (*loc, key))


def described(char: str) -> str:
    shown = f"'{char}' (U+{ord(char):04X})" if char.isprintable() else f"U+{ord(char):04X}"
    return f"the character {shown} is in none of the fonts for print"
