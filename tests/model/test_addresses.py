"""Where pages stand, and what a link calls them."""

from __future__ import annotations

import pytest

from generator.load.links import page_links
from generator.model.addresses import link_key, page_uris, relative_url, site_path
from generator.pipeline import examine
from tests.conftest import SMALL, TODAY


def test_every_page_has_a_place_and_is_found_by_its_id_and_its_path() -> None:
    uris = page_uris(examine(SMALL, TODAY).playbook, ["index.md", "hilfe.md", "mehr/index.md", "mehr/tief.md"])
    own = ["anlaesse", "anlaesse/ankommen", "anlaesse/feiern", "felder", "finden", "glossar", "hafen", "hafen/gruss"]
    own += ["kompass", "mentoring/anlegen", "plan", "print", "print/aktuell", "prueffragen", "register", "rollen"]
    own += ["rollen/gast", "rollen/wirt", "turm", "turm/wache", "vergleich"]
    expected = {path: f"{path}/index.md" for path in own}
    expected |= {"gruss": "hafen/gruss/index.md", "wache": "turm/wache/index.md", "index": "index.md"}
    assert uris == expected | {"hilfe": "hilfe.md", "mehr": "mehr/index.md", "mehr/tief": "mehr/tief.md"}


@pytest.mark.parametrize(
    ("href", "folder", "key"),
    [
        *(("gruss", "", "gruss"), ("gruss", "mehr", "gruss"), ("gruss#wann", "mehr", "gruss")),
        *(("hafen/gruss/", "mehr", "hafen/gruss"), ("hafen/index.md", "", "hafen"), ("hilfe.md", "", "hilfe")),
        *(("tief.md#x", "mehr", "mehr/tief"), ("../hilfe.md", "mehr", "hilfe"), ("./tief", "mehr", "mehr/tief")),
        *(("../hafen/gruss/", "mehr", "hafen/gruss"), ("index.md", "mehr", "mehr"), ("index.md", "", "index")),
    ],
)
def test_what_a_link_means(href: str, folder: str, key: str) -> None:
    assert link_key(href, folder) == key


def test_addresses() -> None:
    assert [site_path(uri) for uri in ("index.md", "hafen/index.md", "hilfe.md")] == ["", "hafen/", "hilfe/"]
    assert relative_url("hafen/index.md", "hafen/gruss/index.md") == "gruss/"
    assert relative_url("hafen/gruss/index.md", "index.md") == "../../"
    assert relative_url("index.md", "index.md") == "./"
    assert relative_url("hafen/index.md", "api/playbook.json") == "../api/playbook.json"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_a_link_has_its_place_whatever_ends_a_line(end: str) -> None:
    body = end.join(["a", "[b][c]", "", "[c]: gruss"])
    assert [(body[place], href) for place, href in page_links(body)] == [("gruss", "gruss")]
