"""Nothing outside the playbook's folder is read, and nothing is written but where somebody said.

Beside the playbook lies a folder with a secret; after every attempt it is as it was, and nobody has heard the secret.
"""

from __future__ import annotations

import http.client
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.commands import main
from generator.preview.preview import Preview
from generator.preview.server import Server
from generator.project import PROJECT
from tests.conftest import Edit, messages

SECRET = "Kanarienvogel-7319"
GRUSS = "universes/hafen/rituals/gruss.yml"


@pytest.fixture
def outside(small: Path) -> Iterator[Path]:
    """A folder beside the playbook, with a file of each kind that might be read or replaced."""
    folder = small.parent / "outside"
    (folder / "sub").mkdir(parents=True)
    for name in ("geheim.txt", "geheim.yml", "geheim.md", "geheim.po", "geheim.pdf", "geheim.md.j2", "sub/geheim.txt"):
        (folder / name).write_text(f"---\n{SECRET}: [\n")
    before = contents(folder)
    yield folder
    assert contents(folder) == before
    assert SECRET not in "".join(contents(small).values())


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path): path.read_text("utf-8", "replace") for path in files}


def run(*args: object, code: int = 1) -> str:
    result: Result = CliRunner().invoke(main, list(map(str, args)))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.output
    assert SECRET not in result.output
    return result.output


LINKS = {  # a link at the first place that leads to the second, from the playbook's folder
    "universes": "../outside",
    "content": "../outside",
    "universes/fremd": "../../outside",
    "universes/hafen/rituals/fremd.yml": "../../../../outside/geheim.yml",
    "universes/hafen/rituals/fremd": "../../../../outside",
    "universes/gates.yml": "../../outside/geheim.yml",
    "universes/turm/universe.yml": "/etc/passwd",
    "content/fremd.md": "../../outside/geheim.md",
    "content/fremd.en.md": "../../outside/geheim.md",
    "content/fremd": "../../outside",
    "content/paths/fremd.yml": "../../../outside/geheim.yml",
    "content/glossary.yml": "/proc/self/environ",
    "content/locales": "../../outside",
    "content/locales/en": "../../../outside",
    "content/locales/en/LC_MESSAGES/playbook.po": "../../../../../outside/geheim.po",
    "templates": "../outside",
    "templates/pages/fremd.md.j2": "../../../outside/geheim.md.j2",
    "templates/theme/assets/fremd.txt": "../../../../outside/geheim.txt",
    "templates/theme/symbols": "../../../outside",
    "templates/print/fremd.typ": "/etc/passwd",
    "mkdocs.yml": "../outside/geheim.yml",
}


@pytest.mark.parametrize("place", LINKS)
def test_a_link_that_leads_out_is_refused(place: str, small: Path, outside: Path) -> None:
    path = small / place
    if path.is_dir():
        path.rename(path.with_name(f".{path.name}"))
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(LINKS[place])
    for command in ("check", "build", "print"):
        output = run(command, "--root", small)
        assert f"{place}:1:1: " in output
        assert "link" in output
    assert not (small / "site").exists()


@pytest.mark.parametrize(
    "place", ["content/fremd.md", GRUSS, "content/locales/en/LC_MESSAGES/playbook.po", "mkdocs.yml"]
)
def test_what_is_no_file_is_not_waited_for(place: str, small: Path) -> None:
    (small / place).parent.mkdir(parents=True, exist_ok=True)
    (small / place).unlink(missing_ok=True)
    os.mkfifo(small / place)
    assert f"{place}:1:1: " in run("check", "--root", small)


def test_a_symbol_that_is_no_file_is_not_waited_for(small: Path) -> None:
    shutil.copytree(PROJECT / "templates", small / "templates")
    os.mkfifo(small / "templates/theme/symbols/fremd.svg")
    assert "templates/theme/symbols/fremd.svg:1:1: " in run("check", "--root", small)


@pytest.mark.parametrize(
    "place",
    ["build", "build/.lock", "build/de", "build/de/docs", "build/de/site", "build/de/print", "build/de/mkdocs.yml"],
)
def test_a_build_replaces_nothing_that_its_folder_leads_to(place: str, small: Path, outside: Path) -> None:
    (small / place).parent.mkdir(parents=True, exist_ok=True)
    target = outside if not Path(place).suffix and not place.endswith("lock") else outside / "geheim.txt"
    (small / place).symlink_to(target)
    assert f"{place}:1:1: a link, and the build replaces what is here" in run("build", "--root", small)
    preview = Preview(small)
    preview.update()
    assert any("a link, and the build replaces" in str(problem) for problem in preview.source_problems)


SITES: dict[str, Callable[[Path], object]] = {
    "the root of the file system": lambda small: "/",
    "home": lambda small: Path.home(),
    "the playbook": lambda small: small,
    "above the playbook": lambda small: small.parent,
    "above, with dots": lambda small: small / "universes/../..",
    "the sources": lambda small: small / "universes",
    "in the sources": lambda small: small / "content/paths/site",
    "the templates": lambda small: PROJECT / "templates",
    "the generator": lambda small: PROJECT / "generator",
    "what builds write": lambda small: small / "build/de",
    "somebody's folder": lambda small: small.parent / "outside",
    "a link to somebody's folder": lambda small: small.parent / "link",
    "below a link to the sources": lambda small: small.parent / "into/site",
    "a file": lambda small: small.parent / "outside/geheim.txt",
    "a place of the system": lambda small: "/etc",
    "below a file": lambda small: small.parent / "outside/geheim.txt/site",
}


@pytest.mark.parametrize("where", SITES)
def test_a_site_replaces_no_other_folder(where: str, small: Path, outside: Path) -> None:
    (small.parent / "link").symlink_to(outside)
    (small.parent / "into").symlink_to(small / "universes")
    before = contents(small)
    output = run("build", "--root", small, "--site-dir", SITES[where](small))
    assert "will not be replaced by the site: " in output
    assert contents(small) == before


IDS = [
    *(
        "../fremd",
        "..",
        ".",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "..\\fremd",
        "C:\\x",
        "C:x",
        "%2e%2e%2ffremd",
        "a%00b",
        "~",
        "",
    ),
    *("fremd.yml", "Fremd", "grüße", "a b", "a\nb", "x" * 65, "$(id)", "`id`", "{{x}}", "\u202efremd", "ａｂ"),
    *("index", "assets", "api", "print", "search", "en", "404", "sitemap", "symbols"),
    *("gruss", "hafen", "mentoring", "finden"),
]


@pytest.mark.parametrize("key", IDS)
@pytest.mark.parametrize("kind", ["ritual", "universe", "path"])
def test_an_id_is_no_path(kind: str, key: str, small: Path, outside: Path) -> None:
    before = contents(small.parent)
    options = {"ritual": ["--universe", "hafen", "--occasion", "feiern"], "path": ["--universe", "-"], "universe": []}
    texts = ["--title", "Neu", "--owner", "x"] + (["--summary", "x"] if kind != "universe" else [])
    output = run("new", kind, "--root", small, *options[kind], *texts, "--", key, code=2)
    assert "Error: " in output
    assert contents(small.parent) == before


@pytest.mark.parametrize(
    "code",
    [
        "../../fremd",
        "en/../../fremd",
        "en./../../fremd",
        "en@/../../fremd",
        "/tmp/x",
        "..",
        "e n",
        "",
        "en\\x",
        "EN",
        "pt_br",
        "de",
    ],
)
def test_a_language_is_no_path(code: str, small: Path, outside: Path) -> None:
    before = contents(small.parent)
    assert "is not a language" in run("translations", "update", "--root", small, "--", code)
    assert contents(small.parent) == before


def test_a_hidden_link_leads_no_new_file_elsewhere(small: Path, outside: Path) -> None:
    (small / "universes/hafen/rituals/.neu.yml.new").symlink_to(outside / "geheim.yml")
    options = ["--universe", "hafen", "--title", "Neu", "--summary", "Neu.", "--owner", "Wir", "--occasion", "ankommen"]
    run("new", "ritual", "neu", "--root", small, *options, code=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["gruss", "--sheet", "run", "-o", GRUSS], "-o writes a file that ends in '.pdf'"),
        (["gruss", "--sheet", "run", "-o", "content/index.md"], "-o writes a file that ends in '.pdf'"),
        (["gruss", "--date", "2027-06-18T18:00", "--ics", GRUSS], "--ics writes a file that ends in '.ics'"),
        (["gruss", "--sheet", "run", "-o", "fifo.pdf"], "-o writes a file, and 'fifo.pdf' is a device or the like"),
        (["gruss", "--sheet", "run", "-o", "fifo"], "-o writes a file, and 'fifo' is a device or the like"),
        (["gruss", "--date", "2027-06-18T18:00", "--ics", "fifo.ics"], "--ics writes a file, and 'fifo.ics' is"),
        (["gruss", "--date", "2027-06-18T18:00", "--ics", "neu.yml"], "--ics writes a file that ends in '.ics'"),
        (["../../outside/geheim"], "there is no '../../outside/geheim'"),
        (["/etc/passwd"], "there is no '/etc/passwd'"),
        (["gruss", "--role", "../wirt"], "there is no '../wirt'"),
        (["gruss", "--person", "../wirt=x"], "there is no '../wirt'"),
    ],
)
def test_sheets_replace_no_sources(
    options: list[str], message: str, small: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small)
    for name in ("fifo", "fifo.pdf", "fifo.ics"):
        os.mkfifo(name)
    before = contents(small)
    assert message in run("print", *options, code=2)
    assert contents(small) == before


NEW = ["new", "ritual", "neu", "--universe=hafen", "--occasion=ankommen"]
TEXTS = ("--title", "--summary", "--owner")


@pytest.mark.parametrize("char", ["\udcff", "\x01"])  # the first is what Python makes of a byte that is no text
@pytest.mark.parametrize(
    "options",
    [
        ["init", "neu", "--name"],
        ["serve", "--host"],
        ["print", "gruss", "--date", "2027-06-18T18:00", "--ics", "x.ics", "--person"],
        *([*NEW, *(f"{other}=x" for other in TEXTS if other != option), option] for option in TEXTS),
    ],
)
def test_what_is_no_text_gets_into_no_file(
    options: list[str], char: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small)
    before = contents(small)
    told = run(*options, f"wirt={char}", code=2)
    assert f"the invisible character U+{ord(char):04X} is not allowed; remove it" in told
    assert contents(small) == before


def test_a_playbook_in_a_folder_with_an_odd_name_is_fine(tmp_path: Path) -> None:
    run("init", tmp_path / "neu\x01", code=0)
    run("check", "--root", tmp_path / "neu\x01", code=0)


@pytest.mark.parametrize(
    "target",
    [
        *(
            "../../outside/geheim",
            "../../../etc/passwd",
            "/etc/passwd",
            "//etc/passwd",
            "gruss/../../x",
            "./../x",
            "...",
        ),
        *("%2e%2e/gruss", "..%2fgruss", "..\\gruss", "C:/x", "file:///etc/passwd", "gruss%00", "gruss/.", "#../x"),
    ],
)
def test_a_link_leads_to_no_file(target: str, small: Path, edit: Edit, outside: Path) -> None:
    """In prose it is a problem, or shown as it was typed; in a hand-written page it is a problem."""
    edit(GRUSS, "trigger: ", f"trigger: 'Siehe [dort]({target}).' # ")
    output = CliRunner().invoke(main, ["check", "--root", str(small)]).output
    assert "gruss.yml:" in output
    assert "no page" in output or "shown as typed" in output


TEMPLATES = [
    *("{% include '../../outside/geheim.md.j2' %}", "{% include '/etc/passwd' %}", "{% include '..\\\\x' %}"),
    *("{% import '../../../outside/geheim.md.j2' as x %}", "{% extends './../../x' %}", "{% include '%2e%2e/x' %}"),
]


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_template_includes_no_file_from_elsewhere(code: str, small: Path, outside: Path) -> None:
    from generator.problems import PlaybookError
    from generator.templating import environment, fill

    pages = small / "templates/pages"
    pages.mkdir(parents=True)
    (pages / "x.md.j2").write_text(code)
    with pytest.raises(PlaybookError, match=r"x\.md\.j2:1:1: template '.*' is missing"):
        fill(environment(pages, str), pages, "x.md.j2", {})


@pytest.mark.parametrize(
    "code", ['#read("../../outside/geheim.txt")', '#read("/../../outside/geheim.txt")', '#include "../../x.typ"']
)
def test_a_sheet_reads_no_file_from_elsewhere(code: str, small: Path, outside: Path) -> None:
    from dataclasses import replace

    from generator.problems import PlaybookError
    from tests.sheets.conftest import small_printer

    press = small_printer(small)
    sheet = next(press.of_ritual(press.playbook.rituals["gruss"]))
    with pytest.raises(PlaybookError, match="cannot be set: ") as caught:
        press.typesetter.pdf(replace(sheet, source=sheet.source + code))
    assert SECRET not in str(caught.value)


# ---------------------------------------------------------------- playbook serve


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    from tests.conftest import SMALL

    root = tmp_path_factory.mktemp("served") / "small"
    shutil.copytree(SMALL, root)
    (root.parent / "geheim.txt").write_text(SECRET)
    preview = Preview(root)
    assert preview.update() == []
    server = Server(preview, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield root, server.server_port
    server.shutdown()
    server.server_close()


REQUESTS = [
    "/../geheim.txt",
    "/../../../../../../etc/passwd",
    "/%2e%2e/geheim.txt",
    "/%2e%2e%2fgeheim.txt",
    "/%252e%252e%252fgeheim.txt",
    "/..%5cgeheim.txt",
    "/..\\geheim.txt",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/file:///etc/passwd",
    "/assets/../../geheim.txt",
    "/assets/%2e%2e/%2e%2e/geheim.txt",
    "/assets/",
    "/search/../../../../geheim.txt",
    "/search/%2e%2e/%2e%2e/geheim.txt",
    "/search//etc/passwd",
    "/search/index.json%00.txt",
    "/search/" + "a" * 5000 + ".json",
    "/search/",
    "/en/search/../../geheim.txt",
    "/print/../../geheim.txt",
    "/print/%2e%2e%2f%2e%2e%2fgeheim.pdf",
    "/print/\\..\\geheim.pdf",
    "/__serve.js/../../geheim.txt",
    "/__serve.py",
    "/universes/hafen/universe.yml",
    "/content/index.md",
    "/index.md",
    "/hafen/index.md",
    "/mkdocs.yml",
    "/build/serve/de/mkdocs.yml",
    "/.git/config",
    "/%00",
    "/%ff%fe",
    "/%E2%80%AE",
    "/C:/Windows/win.ini",
    "/hafen/%0d%0aSet-Cookie:%20x=1",
    "/CON",
]


@pytest.mark.parametrize("path", REQUESTS)
def test_serve_answers_with_nothing_but_the_site(path: str, served: tuple[Path, int]) -> None:
    _root, port = served
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.putrequest("GET", path.encode("utf-8").decode("latin-1"), skip_host=False)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode("utf-8", "replace")
    assert answer.status == http.HTTPStatus.NOT_FOUND
    assert SECRET not in body
    assert "root:" not in body
    assert "Set-Cookie" not in answer.headers
    connection.close()


def test_there_are_enough_attempts() -> None:
    assert len({*LINKS, *SITES, *IDS, *REQUESTS}) >= 100


@pytest.mark.parametrize(
    "code",
    [
        '!!python/object/apply:os.system ["touch x"]',
        "!!python/object:os.stat_result {}",
        "!<tag:yaml.org,2002:python/object/new:os.system> [touch x]",
        '!!%70ython/object/apply:os.system ["touch x"]',
    ],
)
def test_settings_call_nothing_while_they_are_read(code: str, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(small)
    (small / "mkdocs.yml").write_text(f"site_name: x\nextra:\n  y: {code}\n", "utf-8")
    (message,) = messages(small)
    assert message.startswith(f"{small}/mkdocs.yml:3:6: cannot be read: could not determine a constructor for the tag ")
    assert not (small / "x").exists()


def test_an_icon_that_is_not_there_is_told_at_the_settings(small: Path) -> None:
    config = (PROJECT / "mkdocs.yml").read_text("utf-8").replace("material/weather-night", "material/gibts-nicht")
    (small / "mkdocs.yml").write_text(config, "utf-8")
    assert "mkdocs.yml:1:1: there is no icon 'material/gibts-nicht'" in run("build", "--root", small)


def test_settings_that_nobody_could_read_are_a_problem(small: Path) -> None:
    (small / "mkdocs.yml").write_text(f"extra: {'[' * 5000}{']' * 5000}\n", "utf-8")
    (message,) = messages(small)
    assert message.startswith(f"{small}/mkdocs.yml:1:1: cannot be read: ")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            "site_name: Kühe".encode("latin-1"),
            "1:13: the byte 0xfc is not UTF-8; save the file with the encoding UTF-8",
        ),
    ],
)
def test_settings_that_are_no_text_are_a_problem(small: Path, data: bytes, told: str) -> None:
    (small / "mkdocs.yml").write_bytes(data)
    assert messages(small) == [f"{small}/mkdocs.yml:{told}"]


@pytest.mark.parametrize("note", ["<!-- für die Chefin -->", "<metadata><x>für die Chefin</x></metadata>"])
def test_notes_in_a_symbol_are_a_problem(note: str, small: Path) -> None:
    """Pages hold a symbol as it is, and those for guests do too."""
    shutil.copytree(PROJECT / "templates", small / "templates")
    where = small / "templates/theme/symbols/dialog.svg"
    where.write_text(where.read_text("utf-8").replace("</svg>", f"\n{note}</svg>"), "utf-8")
    line = where.read_text("utf-8").partition(note)[0].count("\n") + 1
    what = note.partition(" ")[0].partition("><")[0]
    assert messages(small) == [f"{where}:{line}:1: what stands in '{what}' would be published; remove it"]
