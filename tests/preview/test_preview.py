"""What is served equals a cold build, whatever was edited before; and the command says what is wrong."""

from __future__ import annotations

import http.client
import queue
import random
import re
import shutil
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.commands import main
from generator.preview.preview import Preview
from generator.preview.server import Server, serve
from generator.problems import Problem
from generator.project import PROJECT

EDITS: dict[str, Callable[[Path, random.Random], None]] = {}


def edits(function: Callable[[Path, random.Random], None]) -> Callable[[Path, random.Random], None]:
    EDITS[function.__name__] = function
    return function


def change(path: Path, pattern: str, new: str) -> None:
    path.write_text(re.sub(pattern, lambda _: new, path.read_text(), count=1, flags=re.M))


def rituals(root: Path) -> list[Path]:
    return sorted(root.glob("universes/*/rituals/*.yml"))


@edits
def a_title(root: Path, dice: random.Random) -> None:
    change(dice.choice(rituals(root)), "^title: .*$", f"title: Titel {dice.randrange(1000)} & <b>")


@edits
def a_universes_title_and_symbol(root: Path, dice: random.Random) -> None:
    path = dice.choice(sorted(root.glob("universes/*/universe.yml")))
    change(path, "^title: .*$", f"title: Universum {dice.randrange(1000)}")
    change(path, "^symbol: .*$", f"symbol: {dice.choice(['stern', 'ringe', 'funke', 'dialog'])}")


@edits
def a_page(root: Path, dice: random.Random) -> None:
    path = root / dice.choice(["content/hilfe.md", "content/mehr.md"])
    head = f"---\ntitle: {path.stem} {dice.randrange(9)}\ndescription: Hilft.\n---\n"
    path.write_text(f"{head}\n# Hilfe\n\n## Abschnitt {dice.randrange(9)}\n\n[Zum Anfang](index.md)\n")


@edits
def no_page(root: Path, dice: random.Random) -> None:
    (root / "content/mehr.md").unlink(missing_ok=True)


@edits
def another_ritual(root: Path, dice: random.Random) -> None:
    path = dice.choice(rituals(root))
    copy = path.with_name(f"kopie-{dice.randrange(100)}.yml")
    shutil.copy(path, copy)
    change(copy, "^title: .*$", f"title: Kopie {copy.stem}")


@edits
def a_ritual_renamed(root: Path, dice: random.Random) -> None:
    copies = sorted(root.glob("universes/*/rituals/kopie-*.yml"))
    if copies:
        copies[0].rename(copies[0].with_name(f"kopie-{dice.randrange(100, 200)}.yml"))


@edits
def a_ritual_less(root: Path, dice: random.Random) -> None:
    for path in sorted(root.glob("universes/*/rituals/kopie-*.yml"))[:1]:
        path.unlink()


@edits
def a_broken_file(root: Path, dice: random.Random) -> None:
    dice.choice(rituals(root)).with_name("kaputt.yml").write_text("title: [\n")


@edits
def a_mended_file(root: Path, dice: random.Random) -> None:
    for path in root.glob("universes/*/rituals/kaputt.yml"):
        path.unlink()


@edits
def a_page_template(root: Path, dice: random.Random) -> None:
    path = root / "templates/pages/ritual.md.j2"
    path.write_text(f"{path.read_text()}\n<p>{dice.randrange(1000)}</p>\n")


@edits
def a_theme_template(root: Path, dice: random.Random) -> None:
    change(
        root / "templates/theme/frame.html",
        '<footer class="pb-footer',
        f'<footer class="pb-footer x{dice.randrange(9)}',
    )


@edits
def the_configuration(root: Path, dice: random.Random) -> None:
    change(root / "mkdocs.yml", "^site_name: .*$", f"site_name: Playbook {dice.randrange(1000)}")


@pytest.fixture
def own(small: Path) -> Path:
    """The small playbook with templates and configuration of its own."""
    shutil.copytree(PROJECT / "templates", small / "templates")
    shutil.copy(PROJECT / "mkdocs.yml", small)
    return small


def built(root: Path) -> dict[str, bytes]:
    """Every HTML page and every file of the search, of a cold build."""
    site = root / "site"
    result = CliRunner().invoke(main, ["build", "--root", str(root)])
    assert result.exit_code == 0, result.output
    found = {path.relative_to(site).as_posix(): path.read_bytes() for path in [*site.rglob("*.html")]}
    found |= {path.relative_to(site).as_posix(): path.read_bytes() for path in site.glob("search/*.json")}
    shutil.rmtree(site)
    shutil.rmtree(root / "build" / "de" / "docs")
    return found


def same(preview: Preview, root: Path) -> None:
    """What is served is what a cold build makes, and nothing else is served as a page."""
    wanted = built(root)
    for path, body in wanted.items():
        assert preview.answer(path).body.decode() == body.decode(), path
    pages = {address for edition in preview.sites.values() for address in edition.addresses}
    assert {f"{address}index.html" for address in pages} | {"404.html"} == {p for p in wanted if p.endswith(".html")}


@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_the_served_pages_equal_a_cold_build(own: Path, seed: int) -> None:
    dice = random.Random(seed)
    preview = Preview(own)
    for step in range(12):
        name = dice.choice(sorted(EDITS))
        EDITS[name](own, dice)
        preview.update()
        preview.settle()
        for path in ("", "hafen/", "hafen/gruss/"):  # as a browser that looks on
            preview.answer(path)
        if step % 6 == 5:
            a_mended_file(own, dice)
            preview.update()
            assert not [problem for problem in preview.problems if problem.severity == "error"]
            preview.reprint()
            same(preview, own)


def test_a_page_is_right_at_once_and_not_only_when_all_is_settled(small: Path, edit: Callable[..., None]) -> None:
    preview = Preview(small)
    preview.update()
    assert "Neuer Satz" not in preview.answer("hafen/gruss/").body.decode()
    change(small / "universes/hafen/rituals/gruss.yml", "^summary: .*$", "summary: Neuer Satz.")
    preview.update()
    assert "Neuer Satz" in preview.answer("hafen/gruss/").body.decode()
    assert "Neuer Satz" in preview.answer("hafen/").body.decode()
    assert "Neuer" in "".join(preview.answer(f"search/text-{n}.json").body.decode() for n in range(4))
    assert preview.answer("hafen/gruss").status == 301
    assert preview.answer("nirgends/").status == 404
    assert preview.answer("../universes/roles.yml").status == 404
    assert preview.answer("search/../../../universes/roles.yml").status == 404
    assert preview.answer("print/gruss-run.pdf").body.startswith(b"%PDF")


def test_only_pages_whose_markdown_changed_are_made_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = Preview(small)
    preview.update()
    preview.settle()
    engine, made = preview.sites["de"].engine, []
    page = engine.page
    monkeypatch.setattr(engine, "page", lambda uri, text: made.append(uri) or page(uri, text))  # type: ignore[func-returns-value]
    change(small / "universes/hafen/rituals/gruss.yml", "^    text: .*$", "    text: Ein anderer Schritt.")
    preview.update()
    preview.settle()
    assert "hafen/gruss/index.md" in made
    assert "turm/wache/index.md" not in made


def test_what_is_wrong_is_said_and_the_last_good_page_stays(own: Path) -> None:
    preview = Preview(own)
    preview.update()
    good = preview.answer("hafen/gruss/").body
    ritual, page = own / "universes/hafen/rituals/gruss.yml", own / "content/hilfe.md"
    template, theme = own / "templates/pages/ritual.md.j2", own / "templates/theme/frame.html"
    for path, mistake, place in (
        (ritual, "title: [\n", "universes/hafen/rituals/gruss.yml:"),
        (page, page.read_text() + "\n[weg](index.md#nirgends)\n", "content/hilfe.md:"),
        (template, template.read_text() + "\n{{ nichts.da }}\n", f"{template}:"),
        (theme, theme.read_text() + "\n{% if %}\n", f"{theme}:"),
        (own / "mkdocs.yml", "site_name: [\n", f"{own / 'mkdocs.yml'}:"),
    ):
        old = path.read_text()
        path.write_text(mistake)
        preview.update()
        preview.settle()
        assert [str(problem) for problem in preview.problems if str(problem).startswith(place)], place
        assert preview.answer("hafen/gruss/").body == good
        path.write_text(old)
        preview.update()
        preview.settle()
        assert preview.problems == []
        assert preview.answer("hafen/gruss/").body == good


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_port_in_use_is_a_message(small: Path, port: int) -> None:
    result = CliRunner().invoke(main, ["serve", "--root", str(small), "--port", str(port)])
    assert result.exit_code == 1
    assert f"Cannot listen at 127.0.0.1, port {port}: Address already in use" in result.output


def test_a_server_answers_with_the_script_that_listens(small: Path) -> None:
    server = serve(small, "127.0.0.1", 0, lambda problems: None)
    try:
        base = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{base}/__serve.js") as answer:
            assert b"EventSource" in answer.read()
    finally:
        server.shutdown()


HOSTS = {
    "127.0.0.1:{port}": 200,
    "localhost:{port}": 200,
    "LOCALHOST": 200,
    "[::1]:{port}": 200,
    "example.org:{port}": 421,
    "127.0.0.1.example.org": 421,
    "localhost.example.org:{port}": 421,
    "example.org@127.0.0.1": 421,
    "": 421,
}


def test_only_who_asks_for_this_server_is_answered(small: Path) -> None:
    """No page from elsewhere reads the handbook by giving its own name our address (DNS rebinding)."""
    preview = Preview(small)
    preview.update()
    server = Server(preview, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for path in ("/", "/api/playbook.json", "/__serve.js"):
            for host, status in HOSTS.items():
                connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
                connection.request("GET", path, headers={"Host": host.format(port=server.server_port)})
                answer = connection.getresponse()
                assert (answer.status, b"Gruss" in answer.read() and status == 421) == (status, False), (path, host)
                connection.close()
        connection.putrequest("GET", "http://[", skip_host=True)
        connection.putheader("Host", "localhost")
        connection.endheaders()
        assert connection.getresponse().status == 400
        connection.close()
    finally:
        server.shutdown()
        server.server_close()


def test_every_language_is_served_and_follows_an_edit(small: Path) -> None:
    CliRunner().invoke(main, ["translations", "update", "en", "--root", str(small)], catch_exceptions=False)
    preview = Preview(small)
    preview.update()
    assert '<html lang="en"' in preview.answer("en/hafen/gruss/").body.decode()
    change(small / "universes/hafen/rituals/gruss.yml", "^summary: .*$", "summary: Neuer Satz.")
    preview.update()
    for language, other in (("", "en/"), ("en/", "")):
        page = preview.answer(f"{language}hafen/gruss/").body.decode()
        assert "Neuer Satz" in page
        assert f"{other}hafen/gruss/" in page, "the way to the other language"
    assert "hafen/gruss/" in preview.answer("en/sitemap.xml").body.decode()


def test_a_sheet_that_cannot_be_set_says_where_it_fails(own: Path) -> None:
    preview = Preview(own)
    preview.update()
    template = own / "templates/print/run.typ.j2"
    template.write_text(template.read_text() + "\n{{ nichts.da }}\n")
    answer = preview.answer("print/gruss-run.pdf")
    assert answer.status == 500
    assert answer.body.decode().startswith(f"{template}:")


@pytest.mark.parametrize(("part", "said"), [("theme/symbols", "symbol"), ("print/fonts", "a font is missing")])
def test_a_sheet_for_which_something_is_gone_says_so(own: Path, part: str, said: str) -> None:
    preview = Preview(own)
    preview.update()
    shutil.move(own / "templates" / part, own / "build" / "gone")
    preview.update()
    answer = preview.answer("print/hafen-booklet.pdf")
    assert (answer.status, said in answer.body.decode()) == (500, True), answer.body


def test_a_file_that_goes_away_while_it_is_read(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = Preview(small)
    preview.update()
    good = preview.answer("hafen/gruss/").body

    def gone(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "content/hilfe.md")

    with monkeypatch.context() as moment:
        moment.setattr("generator.preview.preview.examine", gone)
        (problem,) = preview.update()
    assert str(problem) == "content/hilfe.md:1:1: cannot be read: No such file or directory"
    assert preview.answer("hafen/gruss/").body == good
    assert preview.update() == []


def test_a_folder_that_moves_away_is_missed_and_is_followed_when_it_is_back(small: Path) -> None:
    told = queue.Queue[list[Problem]]()
    server = serve(small, "127.0.0.1", 0, told.put)
    try:
        while not server.preview.sites:
            time.sleep(0.01)
        small.rename(small.with_name("away"))  # of which the system tells nobody who looks at what is in it
        assert told.get(timeout=20), "something is missing, whatever is noticed first"
        small.with_name("away").rename(small)
        while told.get(timeout=20):
            pass
        a_broken_file(small, random.Random(0))
        assert "kaputt.yml" in str(told.get(timeout=20)[0])
    finally:
        server.shutdown()
        server.server_close()


def test_an_address_without_its_slash_leads_on_also_by_version_6(small: Path) -> None:
    preview = Preview(small)
    preview.update()
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this computer has no IPv6")
    server = Server(preview, "::1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        connection = http.client.HTTPConnection("::1", server.server_port)
        connection.request("GET", "/hafen/gruss")
        response = connection.getresponse()
        assert (response.status, response.getheader("Location")) == (301, "/hafen/gruss/")
        connection.close()
    finally:
        server.shutdown()
        server.server_close()


def test_what_is_told_of_sheets(own: Path) -> None:
    preview = Preview(own)
    preview.update()
    preview.reprint()
    assert preview.problems == []
    assert "gruss-run" in [pdf.sheet.name for pdf in preview.sites["de"].offer.pdfs]
    before = preview.sites["de"].offer
    template = own / "templates/print/run.typ.j2"
    template.write_text(template.read_text() + "\n{{ nichts.da }}\n")
    preview.update()
    preview.reprint()
    assert [problem.path for problem in preview.problems] == [str(template)]
    assert preview.sites["de"].offer is before


def test_sheets_that_are_not_wanted_any_more_are_given_up(small: Path) -> None:
    """As somebody has saved again meanwhile."""
    preview = Preview(small)
    preview.update()
    before = preview.sites["de"].offer
    preview.reprint(lambda: True)
    assert preview.sites["de"].offer is before
