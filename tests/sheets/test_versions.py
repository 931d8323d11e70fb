"""Versions say when a printout is out of date, and the cache when a file has to be set anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zxingcpp

from generator.model.playbook import published
from generator.pipeline import examine
from generator.problems import PlaybookError
from generator.project import symbols
from generator.sheets.kinds import Pdf
from generator.sheets.printer import Printer
from generator.sheets.typesetting import Typesetter
from tests.conftest import SMALL, TODAY, Edit
from tests.sheets.checks import Paper
from tests.sheets.conftest import SITE, TEMPLATES, small_printer


def versions(press: Printer) -> dict[str, str]:
    return {name: version for name, (version, _) in press.versions(press.all()).items()}


def changed(small: Path, before: dict[str, str]) -> set[str]:
    after = versions(small_printer(small))
    assert after.keys() == before.keys()
    return {name for name in before if before[name] != after[name]}


GRUSS, WACHE = "universes/hafen/rituals/gruss.yml", "universes/turm/rituals/wache.yml"
BOOKLETS = {"hafen-booklet", "handbook"}


@pytest.mark.parametrize(
    ("path", "old", "new", "names"),
    [
        (GRUSS, '"Licht: an"', '"Licht: aus"', {"gruss-checklist", "gruss-role", "gruss-card"} | BOOKLETS),
        (GRUSS, "Alles herrichten", "Nichts", {"gruss-run", "gruss-role"} | BOOKLETS),
        (GRUSS, "guest_text: Begrüßung", "guest_text: Servus", {"gruss-guest"}),
        (GRUSS, "summary: Was", "summary: Das", {"gruss-checklist", "gruss-run", "gruss-card"} | BOOKLETS),
        (GRUSS, "Zu spät", "Zu früh", BOOKLETS),
        (
            WACHE,
            '"Licht: an"',
            '"Licht: aus"',
            {"wache-checklist", "wache-role", "wache-card", "turm-booklet", "handbook"},
        ),
        ("universes/hafen/universe.yml", "Länger zum Ort", "Kurz zum Ort", BOOKLETS),
        ("content/glossary.yml", "Liegt am", "Steht am", BOOKLETS),
        ("content/chooser.yml", "Bleib oben.", "Komm herunter.", {"kompass-worksheet"}),
        ("content/glossary.yml", "Brennt.", "Leuchtet.", {"handbook"}),
    ],
)
def test_a_change_is_a_new_version_of_just_its_sheets(
    path: str, old: str, new: str, names: set[str], small: Path, edit: Edit
) -> None:
    before = versions(small_printer(small))
    edit(path, old, new)
    assert changed(small, before) == names


def test_the_day_of_review_is_on_every_sheet_of_a_ritual(small: Path, edit: Edit) -> None:
    before = versions(small_printer(small))
    edit(GRUSS, "reviewed: 2026-11-01", "reviewed: 2026-11-02")
    kinds = ("checklist", "run", "role", "guest", "card")
    assert changed(small, before) == {f"gruss-{kind}" for kind in kinds} | BOOKLETS


def test_a_comment_is_no_new_version(small: Path, edit: Edit) -> None:
    before = versions(small_printer(small))
    edit(GRUSS, "title: Gruss", "# Anmerkung\ntitle: Gruss")
    assert not changed(small, before)


def test_versions_do_not_depend_on_the_sites_address() -> None:
    tree = examine(SMALL, TODAY)
    press = Printer(published(tree.playbook), TEMPLATES, symbols(SMALL), "https://elsewhere.example/x/", tree.sources)
    assert versions(press) == versions(small_printer())


def test_every_printout_is_among_the_versions(small: Path) -> None:
    """The name and version in each QR code's address are those that the site lists."""
    press = small_printer(small)
    known = versions(press)
    pdfs = press.typesetter.set_all(press.all(), small / "cache")
    addresses = {address for pdf in pdfs for address in addresses_of(pdf)}
    assert addresses - {f"{name}-{version}" for name, version in known.items()} == {
        known[name] for name in known if name.endswith("-guest")
    }
    assert len(addresses) == len(known)


def addresses_of(pdf: Pdf) -> Iterator[str]:
    """What is behind the `#` in each QR code."""
    paper = Paper(pdf.path)
    for number in range(len(paper.pdf)):
        for code in zxingcpp.read_barcodes(paper.raster(number)):
            assert code.text.startswith(f"{SITE}print/aktuell/#")
            yield code.text.partition("#")[2]


@pytest.mark.parametrize("site", ["http://intern.example", "https://x.example/a"])
def test_a_code_and_a_link_lead_to_the_site_s_own_address(site: str, tmp_path: Path) -> None:
    tree = examine(SMALL, TODAY)
    press = Printer(published(tree.playbook), TEMPLATES, symbols(SMALL), site, tree.sources)
    sheet = next(sheet for sheet in press.all() if sheet.name == "gruss-run")
    (tmp_path / "x.pdf").write_bytes(press.typesetter.pdf(sheet))
    paper, address = Paper(tmp_path / "x.pdf"), f"{site}/print/aktuell/#gruss-run-{sheet.version}"
    assert {code.text for code in zxingcpp.read_barcodes(paper.raster(0))} == {address}
    assert f"/URI({address})" in (tmp_path / "x.pdf").read_bytes().decode("latin-1").replace("/URI (", "/URI(")


# --------------------------------------------------------------------- cache


def set_small(cache: Path, templates: Path = TEMPLATES) -> list[Pdf]:
    tree = examine(SMALL, TODAY)
    press = Printer(published(tree.playbook), templates, symbols(SMALL), SITE, tree.sources)
    return press.typesetter.set_all(press.all(), cache)


def test_what_has_not_changed_is_not_set_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = set_small(tmp_path)
    times = {pdf.path: pdf.path.stat().st_mtime_ns for pdf in first}
    monkeypatch.setattr(Typesetter, "pdf", None)
    second = set_small(tmp_path)
    assert [(pdf.path, pdf.pages, pdf.size) for pdf in first] == [(pdf.path, pdf.pages, pdf.size) for pdf in second]
    assert times == {pdf.path: pdf.path.stat().st_mtime_ns for pdf in second}


def test_a_changed_ritual_is_set_again_and_nothing_else(tmp_path: Path, small: Path, edit: Edit) -> None:
    press = small_printer(small)
    before = {pdf.path for pdf in press.typesetter.set_all(press.all(), tmp_path / "cache")}
    edit(GRUSS, "Zu spät", "Zu früh")
    press = small_printer(small)
    after = {pdf.path for pdf in press.typesetter.set_all(press.all(), tmp_path / "cache")}
    assert {path.name.split(".")[0] for path in after - before} == BOOKLETS
    assert set((tmp_path / "cache").iterdir()) == after  # and what is stale is gone


def test_a_new_look_is_set_anew_under_the_same_versions(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES / "print", templates / "print")
    old = set_small(tmp_path / "cache", templates)
    look = templates / "print/look.typ"
    look.write_text(look.read_text("utf-8").replace("size: 11.5pt", "size: 11.7pt"), "utf-8")
    new = set_small(tmp_path / "cache", templates)
    assert [pdf.sheet.version for pdf in old] == [pdf.sheet.version for pdf in new]
    assert not {pdf.path for pdf in old} & {pdf.path for pdf in new}
    assert not any(pdf.path.exists() for pdf in old)
    assert Paper(new[0].path).chars != []
    assert 11.7 in {char.size for char in Paper(new[0].path).chars}


def test_what_a_stopped_run_left_behind_is_cleared_away(tmp_path: Path) -> None:
    tmp_path.joinpath("gruss-run.0000000.new").write_bytes(b"%PDF")
    tmp_path.joinpath("weg.0000000.pdf").write_bytes(b"%PDF")
    (tmp_path / "ordner").mkdir()
    pdfs = set_small(tmp_path)
    assert {*tmp_path.iterdir()} == {pdf.path for pdf in pdfs}


def test_every_problem_is_reported_and_what_was_set_is_kept(small: Path, edit: Edit, tmp_path: Path) -> None:
    for path in (GRUSS, WACHE):
        edit(path, '"Licht: an"', '"Licht: →"')
    press = small_printer(small)
    with pytest.raises(PlaybookError) as caught:
        press.typesetter.set_all(press.all(), tmp_path)
    assert [problem.path for problem in caught.value.problems] == [GRUSS, WACHE]
    assert (len(list(tmp_path.glob("gruss-run.*.pdf")))) == 1


def test_same_bytes_twice_and_from_two_threads() -> None:
    press = small_printer()
    sheets = list(press.all())
    with ThreadPoolExecutor(2) as pool:
        first = list(pool.map(press.typesetter.pdf, sheets))
    assert first == [press.typesetter.pdf(sheet) for sheet in sheets]
