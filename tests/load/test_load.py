"""What is read of a tree: all of it, in order, with its translations, and once only where it is read again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.load import load as read
from generator.load.files import is_source
from generator.load.source import Source, read_yaml
from generator.load.tree import Memory
from generator.model.text import Audience
from generator.problems import Problem
from tests.conftest import SMALL, Edit


def copy(root: Path, path: str, to: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / to).write_text(text.replace(old, new), "utf-8")


def test_records_are_in_the_order_that_readers_see(small: Path, edit: Edit) -> None:
    rituals = "universes/hafen/rituals"
    copy(small, f"{rituals}/gruss.yml", f"{rituals}/abschied.yml", "occasion: ankommen", "occasion: gibt-es-nicht")
    copy(small, f"{rituals}/gruss.yml", f"{rituals}/zuletzt.yml", "title: Gruss", "title: Ein zweiter")
    copy(small, "content/paths/anlegen.yml", "content/paths/zuerst.yml", "order: 1", "order: 0")
    copy(small, "content/paths/anlegen.yml", "content/paths/abends.yml", "title: Anlegen lernen", "title: Am Abend")
    edit("content/hilfe.md", "description:", "order: -1\ndescription:")
    tree = read(small)
    # by occasion, as `occasions.yml` has them, what is of an unknown one at the end; then by id
    assert list(tree.playbook.rituals) == ["gruss", "zuletzt", "wache", "abschied"]
    assert list(tree.playbook.paths) == ["zuerst", "abends", "anlegen"]
    assert list(tree.pages) == ["hilfe.md", "index.md"]


def test_a_page_is_what_its_front_matter_says_and_what_stands_below(small: Path) -> None:
    (small / "content/gast.md").write_text(
        "---\ntitle: Gäste\ndescription: Für Gäste.\norder: 3\naudience: guest\n---\n# Gäste\n", "utf-8"
    )
    (small / "content/gast.en.md").write_text(
        "---\ntitle: Guests\nof: abc\ndescription: For guests.\n---\n\n# Guests\n", "utf-8"
    )
    (small / "content/ohne.md").write_text("# Ohne\n", "utf-8")
    (small / "content/ohne.fr.md").write_text("---\ntitle: Sans\ndescription: Rien.\n---\n# Sans\n", "utf-8")
    (small / "content/nur.pt_BR.md").write_text("---\ntitle: Só\ndescription: Um.\n---\n# Só\n", "utf-8")
    (small / "content/nur.fr.md").write_text("---\ntitle: Seul\ndescription: Un.\n---\n# Seul\n", "utf-8")
    tree = read(small)
    page = tree.pages["gast.md"]
    assert (page.title, page.description, page.order, page.of) == ("Gäste", "Für Gäste.", 3, "")
    assert (page.body, page.body_line, page.audience) == ("# Gäste\n", 6, Audience.GUEST)
    assert set(tree.translations) == {"en", "fr", "pt_BR"}
    assert set(tree.translations["pt_BR"]) == {"nur.md"}
    assert set(tree.translations["fr"]) == {"ohne.md", "nur.md"}
    page = tree.translations["en"]["gast.md"]
    assert (page.title, page.of, page.body, page.body_line) == ("Guests", "abc", "\n# Guests\n", 5)
    assert page.audience is Audience.GUEST, "a translation is for whom its original is"
    page = tree.pages["ohne.md"]
    assert (page.title, page.description, page.order, page.of) == ("", "", 0, "")
    assert (page.body, page.body_line, page.audience) == ("# Ohne\n", 0, Audience.TEAM)


def test_a_tree_that_is_read_again_is_what_a_cold_one_is(
    small: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory: Memory = {}
    first = read(small, memory)
    edit("universes/turm/rituals/wache.yml", "title: Wache", "title: Nachtwache")
    edit("universes/roles.yml", "label: Gast", "label: Gästin")
    edit("universes/gates.yml", "label: Fotos", "wort: Fotos")
    parsed = list[str]()

    def noted(name: str, text: str) -> tuple[Source, list[Problem]]:
        parsed.append(name)
        return read_yaml(name, text)

    monkeypatch.setattr("generator.load.read_yaml", noted)
    again = read(small, memory)
    changed = ["universes/roles.yml", "universes/gates.yml", "universes/turm/rituals/wache.yml"]
    assert sorted(name for name in parsed if name.endswith(".yml")) == sorted(changed)
    assert again.playbook.rituals["gruss"] is first.playbook.rituals["gruss"]
    cold = read(small)
    assert again.playbook == cold.playbook
    assert sorted(again.problems) == sorted(cold.problems)
    assert {key: source.raw for key, source in again.sources.items()} == {
        key: source.raw for key, source in cold.sources.items()
    }
    for place in ("gates.yml", "turm/rituals/wache.yml"):  # what was wrong or gone is well again
        shutil.copy(SMALL / "universes" / place, small / "universes" / place)
    assert read(small, memory).playbook.gates == first.playbook.gates


def test_a_file_that_could_not_be_read_is_tried_again(small: Path) -> None:
    memory: Memory = {}
    path = small / "universes/hafen/rituals/gruss.yml"
    good = path.read_bytes()
    path.write_bytes(b"\xff")
    assert "gruss" not in read(small, memory).playbook.rituals
    path.write_bytes(good)
    assert "gruss" in read(small, memory).playbook.rituals


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(small: Path, line_end: str) -> None:
    expected = read(small).pages["hilfe.md"]
    for name in ("content/hilfe.md", "universes/roles.yml"):
        path = small / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", line_end.encode()))
    tree = read(small)
    assert not tree.problems
    assert tree.pages["hilfe.md"].body == expected.body
    assert tree.playbook == read(small).playbook


def test_what_editors_leave_beside_a_file_is_no_source() -> None:
    assert is_source("universes/hafen/universe.yml")
    for name in (".gruss.yml.swp", "gruss.yml~", "#gruss.yml#", "~$gruss.yml", "__pycache__"):
        assert not is_source(f"universes/hafen/{name}")


def test_catalogues_are_where_they_belong_and_nothing_else_is(small: Path) -> None:
    folder = small / "content/locales/en/LC_MESSAGES"
    folder.mkdir(parents=True)
    for name in ("playbook.po", "playbook.pot", "playbook.mo"):
        (folder / name).touch()
    assert not read(small).problems
    for path in (folder / "notiz.txt", small / "content/playbook.po", small / "universes/x.mo"):
        path.touch()
    assert sorted(problem.path for problem in read(small).problems) == [
        "content/locales/en/LC_MESSAGES/notiz.txt",
        "content/playbook.po",
        "universes/x.mo",
    ]
