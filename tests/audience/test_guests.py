"""Guests read what is declared to be for them, all of it, and nothing else.

Every text, id, file name, comment and translation of a small playbook becomes a word of its own: a canary where it is
internal, a welcome word where guests may read it. Texts are found by walking the model, so a new field is among them.
Then the guests' site is built as anybody builds it, and every byte of it is searched.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import unquote

import pytest
import yaml
from babel.messages.pofile import read_po, write_po
from click.testing import CliRunner

from generator.audience.guests import guest_edition, guest_view
from generator.commands import main
from generator.model.playbook import Playbook
from generator.model.record import Record, about
from generator.model.ritual import Step
from generator.model.schema import KINDS
from generator.model.text import GUEST, TEXT, Audience, Offset, Slug, Translated
from generator.pipeline import examine
from generator.project import PROJECT
from tests.conftest import SMALL, TODAY, Edit, messages
from tests.sheets.checks import Paper
from tests.sheets.test_guest import everything_in

# What guests may read of the model: a second opinion, to be changed with the marks on the model. Of a step `text` only
# without `guest_text`; of steps and items only those that are `visible_to: guest`.
FREE = {
    *("Universe.guest_title", "Universe.guest_text", "Ritual.guest_title", "Ritual.guest_text"),
    *("Step.guest_text", "Step.text", "ChecklistItem.text"),
}
KEPT = {"Universe.symbol"}  # the name of a picture
SYLLABLES = ("ba", "du", "fi", "ga", "ko", "lu", "mi", "no", "pa", "ro")
CANARY = re.compile("qix(?:[a-z]{2})+xiq")  # in any reading: the reverse of one looks the same
PART = re.compile("qix|xiq")  # none of the words that there are has it, nor has any way to normalise taken it off


@dataclass
class Cage:
    """Makes words and remembers where each one lives."""

    birds: dict[str, str] = field(default_factory=dict)  # canary → place
    welcome: dict[str, str] = field(default_factory=dict)  # word for guests → place
    ids: dict[str, str] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)  # fields
    drafts: bool = False

    def word(self, where: str, *, free: bool = False) -> str:
        middle = "".join(SYLLABLES[int(digit)] for digit in str(len(self.birds) + len(self.welcome)))
        name = f"wohl{middle}tat" if free else f"qix{middle}xiq"
        (self.welcome if free else self.birds)[name] = where
        return name

    def id(self, old: str) -> str:
        if old not in self.ids:
            self.ids[old] = self.word(f"the id {old}")
        return self.ids[old]

    def plant(self, value: Any, hint: Any, where: str = "", owner: dict[str, Any] | None = None) -> Any:
        """Data as in a file with a word in place of every text and id; texts that are not given are added."""
        kinds = _kinds(hint)
        if where in KEPT:
            return value
        if model := next(filter(_is_model, kinds), None):
            return self.record(value, model)
        if isinstance(value, dict):
            inner = next(get_args(kind)[1] for kind in kinds if get_origin(kind) is Mapping)
            same = where == "Glossary.neutral"  # its keys are forms such as Kund:innen
            return {key if same else self.id(key): self.plant(item, inner, where, owner) for key, item in value.items()}
        if isinstance(value, list):
            inner = next(get_args(kind)[0] for kind in kinds if get_origin(kind) is tuple)
            return [self.plant(item, inner, where, owner) for item in value]
        if _slug(hint) and isinstance(value, str):
            return self.id(value)
        if _text(hint):
            self.planted.add(where)
            return self.word(where, free=where in FREE and not self.drafts and _free(where, owner or {}))
        return value

    def record(self, data: dict[str, Any], model: type[Record]) -> dict[str, Any]:
        for name, hint in get_type_hints(model, include_extras=True).items():
            words_for_team = name == "guest_text" and model is Step  # where they are wrong, or the test leaves them out
            if _text(hint) and name not in data and not words_for_team:
                data = {**data, name: ""}
        hints = get_type_hints(model, include_extras=True)
        return {name: self.plant(value, hints[name], f"{model.__name__}.{name}", data) for name, value in data.items()}


def _kinds(hint: Any) -> list[Any]:
    """What a value may be: the hint without its marks, each of several."""
    if get_origin(hint) is Annotated and not (_text(hint) or _slug(hint)):
        hint = get_args(hint)[0]
    return [*_options(hint)]


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Record)


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _text(hint: Any) -> bool:
    """Whether a value is one text, or may be one."""
    return any(TEXT in getattr(option, "__metadata__", ()) for option in _options(hint))


def _slug(hint: Any) -> bool:
    mine = get_args(Slug)
    return any(get_args(option)[: len(mine)] == mine for option in _options(hint))


def _free(where: str, owner: dict[str, Any]) -> bool:
    if where.startswith(("Step.", "ChecklistItem.")) and owner.get("visible_to") != "guest":
        return False
    return where != "Step.text" or "guest_text" not in owner


def models(hint: Any = Playbook) -> Iterator[type[Record]]:
    if _is_model(hint):
        yield hint
        for inner in get_type_hints(hint).values():
            yield from models(inner)
    for arg in get_args(hint):
        yield from models(arg)


def texts_of_the_model() -> set[str]:
    return {
        f"{model.__name__}.{name}"
        for model in models()
        for name, hint in get_type_hints(model, include_extras=True).items()
        if any(map(_text, _deep(hint)))
    }


def _deep(hint: Any) -> Iterator[Any]:
    yield hint
    for arg in get_args(hint):
        if not _is_model(arg):
            yield from _deep(arg)


# ------------------------------------------------------------------- the tree


def write(path: Path, data: Any, cage: Cage) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    text = text.replace("'2026-11-01'", "2026-11-01")  # days are no texts
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {cage.word(f'a comment in {path.name}')}\n{text}# {cage.word('a comment at the end')}\n")


def read(path: Path) -> Any:
    return json.loads(json.dumps(yaml.load(path.read_text(), yaml.CSafeLoader), default=str))


def build_tree(root: Path) -> Cage:
    """A playbook of nothing but canaries and welcome words, below `root`."""
    cage = Cage()
    for kind in ("roles", "occasions", "dimensions", "gates"):
        name = f"universes/{kind}.yml"
        write(root / name, cage.plant(read(SMALL / name), KINDS[kind].model), cage)
    for folder in ("hafen", "turm"):
        home = root / "universes" / cage.id(folder)
        data = read(SMALL / f"universes/{folder}/universe.yml")
        write(home / "universe.yml", cage.plant(data, KINDS["universe"].model), cage)
        for path in sorted((SMALL / f"universes/{folder}/rituals").glob("*.yml")):
            data = read(path)
            data["parts"] = [{"ritual": {"gruss": "wache", "wache": "gruss"}[path.stem], "at": "-1d"}]
            shown_as_it_is = {"at": "+10min", "minutes": 5, "role": "wirt", "text": "", "visible_to": "guest"}
            data["steps"].insert(2, shown_as_it_is)
            data["checklists"][0]["items"][0]["visible_to"] = "guest"
            write(home / "rituals" / f"{cage.id(path.stem)}.yml", cage.plant(data, KINDS["ritual"].model), cage)
            draft = Cage(cage.birds, cage.welcome, {**cage.ids}, drafts=True)
            data = {**data, "status": "draft"}
            write(home / f"rituals/{cage.id(f'draft-{path.stem}')}.yml", draft.plant(data, KINDS["ritual"].model), cage)
    glossary = read(SMALL / "content/glossary.yml") | {
        "found_by": {"gruss": ["a"], "hafen": ["b"]},
        "neutral": {"Kund:innen": "Kundschaft"},
    }
    write(root / "content/glossary.yml", cage.plant(glossary, KINDS["glossary"].model), cage)
    write(root / "content/chooser.yml", cage.plant(read(SMALL / "content/chooser.yml"), KINDS["chooser"].model), cage)
    path = root / f"content/paths/{cage.id('anlegen')}.yml"
    write(path, cage.plant(read(SMALL / "content/paths/anlegen.yml"), KINDS["path"].model), cage)
    pages(root / "content", cage)
    return cage


def pages(content: Path, cage: Cage) -> None:
    """Hand-written pages for the team and for guests, each in German and in English."""

    def page(name: str, *, free: bool, of: str = "", body: str = "") -> None:
        title, description, text = (cage.word(f"{name}: {what}", free=free) for what in ("title", "about", "text"))
        front = f"title: {title}\ndescription: {description}\n" + ("audience: guest\n" if free and not of else "")
        front += f"# {cage.word(f'a comment in {name}')}\n" + (f"of: '{of}'\n" if of else "")
        (content / name).write_text(f"---\n{front}---\n# {title}\n\n{text} {body}\n")

    intern = cage.id("intern")
    page("index.md", free=False, body=f"[hin]({cage.ids['gruss']})")
    page(f"{intern}.md", free=False)
    page("gast.md", free=True, body=f"[hin]({cage.ids['gruss']}) und [hin](anfahrt.md)")
    page("anfahrt.md", free=True, body=f"[zurück](index.md), [hin]({cage.ids['hafen']})")
    digests = {uri: page.digest for uri, page in examine(content.parent, TODAY).pages.items()}
    page("index.en.md", free=False, of=digests["index.md"])
    page(f"{intern}.en.md", free=False, of=digests[f"{intern}.md"])
    page("gast.en.md", free=True, of=digests["gast.md"])
    page("anfahrt.en.md", free=True, of=digests["anfahrt.md"])


def translate(root: Path, cage: Cage) -> dict[str, str]:
    """Fill in the English catalogue: of every canary another one, of a welcome word another; by the German."""
    said = {}
    result = CliRunner().invoke(main, ["translations", "update", "en", "--root", str(root)])
    assert result.exit_code == 0, result.output
    path = root / "content/locales/en/LC_MESSAGES/playbook.po"
    with path.open("rb") as file:
        catalogue = read_po(file, "en")
    for message in catalogue:
        if message.id and (name := str(message.id)) in {**cage.birds, **cage.welcome}:
            free = name in cage.welcome
            message.string = said[name] = cage.word(f"English of {name}", free=free)
            message.user_comments = [cage.word("a comment in the catalogue")]
    with path.open("wb") as file:
        write_po(file, catalogue)
    return said


# ------------------------------------------------------------------- the site


@dataclass
class Built:
    root: Path
    cage: Cage
    english: dict[str, str]
    folders: set[str]  # in `build/`, before anything was built for the team

    @property
    def site(self) -> Path:
        return self.root / "site-guest"


def run(root: Path, *options: str) -> str:
    result = CliRunner().invoke(main, ["build", "--root", str(root), *options])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("guests")
    cage = build_tree(root)
    english = translate(root, cage)
    assert messages(root) == []
    run(root, "--audience", "guest")
    return Built(root, cage, english, {path.name for path in (root / "build").iterdir()})


@pytest.fixture(scope="module")
def team(built: Built) -> Path:
    """The team's site of the same tree, built after the guests'."""
    run(built.root)
    return built.root / "site"


def readings(path: Path) -> Iterator[str]:
    """All that a file can be read as, in small letters."""
    raw = path.read_bytes()
    if path.suffix == ".pdf":
        yield everything_in(path).lower()
    text = raw.decode("utf-8", "replace").lower()
    yield from {text, html.unescape(text), unquote(text), raw.decode("latin-1").lower()}
    if path.suffix == ".json":
        yield "\n".join(strings(json.loads(raw))).lower()


def strings(data: Any) -> Iterator[str]:
    """Every string and key in JSON, entities undone."""
    if isinstance(data, str):
        yield html.unescape(data)
    elif isinstance(data, list | dict):
        for key, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield str(key)
            yield from strings(item)


def files(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*") if path.is_file())


def leaks(site: Path, cage: Cage) -> list[str]:
    """Where a canary is, whole or in part."""
    found = []
    for path in files(site):
        name = path.relative_to(site).as_posix()
        ours = path.suffix in (".html", ".json", ".xml", ".txt") or path.parent.name == "assets"
        for text in (name.lower(), *readings(path)):
            birds = set(CANARY.findall(text)) | set(PART.findall(text) if ours else ())
            found += [f"{name}: {cage.birds.get(bird, bird)}" for bird in birds]
    return found


def test_every_text_of_the_model_is_planted(built: Built) -> None:
    """If this fails, the small playbook lacks an example of something that has texts in it."""
    assert texts_of_the_model() == built.cage.planted
    assert len(built.cage.birds) > 400
    assert len(built.english) > 100


def test_no_canary_escapes(built: Built) -> None:
    assert not leaks(built.site, built.cage)


def test_canaries_are_found_where_they_are(built: Built, team: Path) -> None:
    """The search above sees through each kind of file: the team's site is full of what it looks for."""
    found = leaks(team, built.cage)
    seen = {line.partition(":")[0].rpartition(".")[2] for line in found}
    assert {"html", "json", "xml", "pdf", "css"} <= seen
    told = "\n".join(found)
    drafts = [bird for bird, where in built.cage.birds.items() if where.startswith("the id draft")]
    assert drafts
    assert not any(built.cage.birds[bird] in told or bird in told for bird in drafts)


def words_in(*paths: Path) -> str:
    return "\n".join(text for path in paths for text in readings(path))


def test_guests_get_all_that_is_for_them(built: Built) -> None:
    """In their language, on the pages and in the search."""
    english = {w for w, where in built.cage.welcome.items() if ".en.md" in where or where.startswith("English")}
    german = set(built.cage.welcome) - english
    there = [path for path in files(built.site) if path.suffix == ".html"]
    for wanted, code in ((german, ""), (english, "en")):
        mine = [path for path in there if ("en" in path.relative_to(built.site).parts) == bool(code)]
        index = sorted((built.site / code / "search").glob("words-*.json"))
        for text, but in ((words_in(*mine), ""), (words_in(*index), "about")):  # a description is no page's text
            missing = [
                built.cage.welcome[w]
                for w in wanted
                if w not in text and built.cage.welcome[w].rpartition(" ")[2] != but
            ]
            assert not missing, f"{code or 'de'}: {missing}"
    assert {where for where in built.cage.welcome.values() if "." in where and ".md" not in where} == FREE


def test_the_programmes_say_what_pages_say(built: Built) -> None:
    papers = [Paper(path).text for path in sorted((built.site / "print").glob("*.pdf"))]
    assert len(papers) == 2
    steps = {w for w, where in built.cage.welcome.items() if where in ("Step.guest_text", "Step.text")}
    assert {w for w in steps if any(w in paper for paper in papers)} == steps


def test_a_programme_leads_to_the_guests_site_whoever_prints_it(built: Built, tmp_path: Path) -> None:
    """Guests cannot open the team's; there the version on paper is known."""
    options = ["--root", str(built.root), "--sheet", "guest", "-o", str(tmp_path)]
    result = CliRunner().invoke(main, ["print", *options])
    assert result.exit_code == 0, result.output
    known = {entry["version"] for entry in json.loads((built.site / "print/versions.json").read_text()).values()}
    papers = [*tmp_path.glob("*.pdf"), *(built.site / "print").glob("*.pdf")]
    assert len(papers) == 4
    leading = [re.findall(r"zu([\w.]+)/print/aktuell/#(\w+)", everything_in(path)) for path in papers]  # "QR-Code zu"
    assert all(leading)
    assert {site for found in leading for site, _ in found} == {"gast.playbook.example"}
    assert {version for found in leading for _, version in found} == known


def test_links_lead_somewhere(built: Built) -> None:
    for path in files(built.site):
        if path.suffix == ".html":
            for href in re.findall(r'(?:href|src)="([^"]+)"', path.read_text()):
                if re.match(r"https?:|data:|mailto:", href):
                    continue
                page, _, anchor = html.unescape(href).partition("#")
                base = built.site if page.startswith("/") else path.parent
                target = (base / page.lstrip("/")).resolve() if page else path
                target = target / "index.html" if target.is_dir() else target
                assert target.exists(), f"{path}: {href}"
                if anchor and target.suffix == ".html" and not anchor.startswith("__"):
                    assert f'id="{anchor}"' in target.read_text(), f"{path}: {href}"


def test_no_section_is_empty(built: Built) -> None:
    for path in files(built.site):
        if path.name == "index.html":
            body = re.search(r'<div class="pb" .*?</article>', path.read_text(), re.DOTALL)
            assert body
            bare = re.sub(r"<(?!h2|/h2|/article)[^>]*>|\s+", "", re.sub("<a class=.headerlink.*?</a>", "", body[0]))
            assert not re.search("</h2>(?:<h2|</article)", bare), path
            assert "<ul></ul>" not in re.sub(r"\s", "", body[0]), path


def test_the_sites_do_not_mix(built: Built, team: Path) -> None:
    """Other folders, another name, another address; neither replaces the other, nor a build of one the other's."""
    assert built.folders == {".lock", "guest", "sbom.cdx.json"}
    before = {path: path.read_bytes() for site in (built.site, team) for path in files(site)}
    for options, folder in (((), "site-guest"), (("--audience", "guest"), "site")):
        result = CliRunner().invoke(
            main, ["build", "--root", str(built.root), *options, "--site-dir", str(built.root / folder)]
        )
        assert result.exit_code == 1
        assert "will not be replaced" in result.output
    assert {path: path.read_bytes() for site in (built.site, team) for path in files(site)} == before
    start, sitemap = (built.site / "index.html").read_text(), (built.site / "sitemap.xml").read_text()
    assert "<lastmod>" in (team / "sitemap.xml").read_text()
    assert "<lastmod>" not in sitemap, "the day on which anybody worked on anything is nothing for guests"
    assert "https://gast.playbook.example/" in sitemap
    assert "//playbook.example" not in start + sitemap


def test_with_a_universe_and_rituals_that_have_no_words_for_guests(small: Path) -> None:
    """What is marked as visible is shown all the same, under neutral names."""
    run(small, "--audience", "guest")
    site = small / "site-guest"
    assert "Begrüßung" in (site / "reihe/programm/index.html").read_text()
    assert "Begrüßung" in (site / "reihe-2/programm-2/index.html").read_text()
    start = (site / "index.html").read_text()
    assert 'href="reihe/programm/"' in start
    text = words_in(*(path for path in files(site) if path.suffix in (".html", ".json", ".xml")))
    for word in ("hafen", "turm", "gruss", "wache", "anlegen", "redaktion", "kai"):
        assert not re.search(rf"\b{word}\b", text), word


def test_pictures_of_the_team_are_not_there(small: Path) -> None:
    """Pictures are among the theme's assets, whoever's page shows them; guests get those that their pages name."""
    shutil.copytree(PROJECT / "templates", small / "templates")
    assets = small / "templates/theme/assets"
    for name in ("bild.png", "ihr bild.png", "haus.css", "haus.png", "intern.json", "../intern.txt"):
        (assets / name).write_text("a { background: url(haus.png) }" if name == "haus.css" else "intern")
    (assets / "intern/fonts").mkdir(parents=True)
    for name in ("ihr bild.png", "search.js", "playbook.css", "fonts/intern.txt"):  # as others are called elsewhere
        (assets / "intern" / name).write_text("intern")
    mine = (PROJECT / "mkdocs.yml").read_text("utf-8")
    (small / "mkdocs.yml").write_text(mine.replace("extra_css:\n", "extra_css:\n  - assets/haus.css\n"))
    page(small, "gast.md", "audience: guest\n", "![Bild](<assets/ihr bild.png>)")
    page(small, "mehr.md", "", "![Bild](assets/bild.png)")
    run(small, "--audience", "guest")
    there = {path.relative_to(small / "site-guest").as_posix() for path in files(small / "site-guest")}
    wanted = ("ihr bild.png", "haus.css", "haus.png", "favicon.svg", "fonts/OFL.txt")
    assert {"404.html", *(f"assets/{name}" for name in wanted)} <= there
    assert not [name for name in there if "intern" in name or name.endswith("/bild.png")]


SETTINGS = """
site_author: qixbaxiq
copyright: qixduxiq
repo_url: https://git.example/qixfixiq
repo_name: qixgaxiq
edit_uri: qixkoxiq/
nav: [{qixbakoxiq: index.md}]
"""
EXTRA = """extra:
  analytics: {provider: google, property: qixluxiq}
  consent: {title: qixmixiq, description: qixmixiq, actions: [qixmixiq]}
  annotate: {json: [qixnoxiq]}
  version: {provider: qixpaxiq}
  homepage: https://qixroxiq.example/
  social: [{icon: material/weather-sunny, link: "https://qixbabaxiq.example/", name: qixbaduxiq}]
"""


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_settings_of_the_team_are_not_there(engine: str, small: Path) -> None:
    """Themes print much of `mkdocs.yml`; its name, description and address are others for guests."""
    mine = (PROJECT / "mkdocs.yml").read_text("utf-8").replace("extra:\n", EXTRA, 1) + SETTINGS
    mine = re.sub("^(site_name|site_description): .*", r"\1: qixbafixiq", mine, flags=re.MULTILINE)
    (small / "mkdocs.yml").write_text(mine.replace("https://playbook.example/", "https://qixbagaxiq.example/"))
    run(small, "--audience", "guest", "--engine", engine)
    assert not leaks(small / "site-guest", Cage())


def test_nothing_for_guests_is_a_site_too(small: Path, edit: Edit) -> None:
    for path in ("hafen/rituals/gruss.yml", "turm/rituals/wache.yml"):
        edit(f"universes/{path}", "    visible_to: guest\n    guest_text: Begrüßung\n", "")
    run(small, "--audience", "guest")
    assert {path.parent.name for path in (small / "site-guest").rglob("index.html")} == {"site-guest", "aktuell"}


# ------------------------------------------------------------------- the model


def test_what_is_not_declared_is_not_there() -> None:
    """So a template that asks for it fails, instead of printing it."""
    ritual = examine(SMALL, TODAY).playbook.rituals["gruss"]
    for name, info in type(ritual).model_fields.items():
        extra = info.json_schema_extra
        if info.is_required() and not (isinstance(extra, dict) and GUEST in extra):
            with pytest.raises(AttributeError):
                getattr(guest_view(ritual), name)
    (step,) = guest_view(ritual).steps
    assert step.guest_text == "Begrüßung"
    assert not hasattr(step, "text")
    assert step.say is None
    assert step.at == Offset(0, 0)


def test_names_are_those_of_titles_and_each_is_there_once() -> None:
    tree = examine(SMALL, TODAY)
    titles = {"gruss": "Größe & Äpfel, ja!", "wache": "Search"}
    rituals = {
        key: ritual.model_copy(update={"guest_title": titles[key]}) for key, ritual in tree.playbook.rituals.items()
    }
    universes = {
        key: universe.model_copy(update={"guest_title": "Search"}) for key, universe in tree.playbook.universes.items()
    }
    playbook = tree.playbook.model_copy(update={"rituals": rituals, "universes": universes})
    guests = guest_edition(playbook, tree.pages, reserved=["groesse-aepfel-ja"])
    assert guests.names == {
        "hafen": "search-2",
        "gruss": "groesse-aepfel-ja-2",
        "turm": "search-3",
        "wache": "search-4",
    }
    assert guests.uris["gruss"] == "search-2/groesse-aepfel-ja-2/index.md"


def test_a_name_is_german_short_and_no_page_s(small: Path) -> None:
    for name in ("gast.md", "abend.md", "haus/index.md"):
        (small / "content/haus").mkdir(exist_ok=True)
        page(small, name, "audience: guest\n")
    tree = examine(small, TODAY)
    long = "Über die Brücke und " * 3 + "zurück"
    title = Translated("Across")
    title.source = "Haus"
    hafen, turm = (tree.playbook.universes[key] for key in ("hafen", "turm"))
    universes = {
        "leer": hafen.model_copy(update={"id": "leer"}),  # no title, no rituals: it ends nothing that comes after it
        "hafen": hafen.model_copy(update={"guest_title": "Abend"}),
        "turm": turm.model_copy(update={"guest_title": title}),
        "bruecke": hafen.model_copy(update={"id": "bruecke", "guest_title": long}),
        "strand": hafen.model_copy(update={"id": "strand", "guest_title": "→"}),
    }
    guests = guest_edition(tree.playbook.model_copy(update={"universes": universes}), tree.pages)
    names = {key: name for key, name in guests.names.items() if key in universes}
    assert names == {
        "hafen": "abend-2",
        "turm": "haus-2",
        "bruecke": "ueber-die-bruecke-und-ueber-die-bruecke-und-ueber-die-brueck",
        "strand": "reihe",
    }
    assert guests.uris["abend"] == "abend.md"
    assert guests.uris["haus"] == "haus/index.md"
    assert guests.uris["index"] == "index.md"
    assert guests.uris["hafen"] == guests.uris["abend-2"] == "abend-2/index.md"
    assert "leer" not in guests.uris
    assert set(guests.pages) == {"index.md", "abend.md", "haus/index.md"}


def test_drafts_are_for_nobody() -> None:
    tree = examine(SMALL, TODAY)
    ritual = tree.playbook.rituals["gruss"].model_copy(update={"status": "draft"})
    playbook = tree.playbook.model_copy(update={"rituals": {"gruss": ritual}})
    assert not guest_edition(playbook, tree.pages).playbook.rituals


# ------------------------------------------------------------------- its rules


def page(root: Path, name: str, front: str, body: str = "Text.") -> None:
    (root / "content" / name).write_text(f"---\ntitle: T {name}\ndescription: Darum.\n{front}---\n# T\n\n{body}\n")


def test_a_page_says_who_may_read_it(small: Path) -> None:
    page(small, "mehr.md", "audience: gast\n")
    assert messages(small) == [
        "content/mehr.md:4:11: 'audience' must be one of team, guest, not the text 'gast'; did you mean 'guest'?"
    ]
    page(small, "mehr.md", "audience: guest\n")
    assert messages(small) == []
    assert [uri for uri, p in examine(small, TODAY).pages.items() if p.audience is Audience.GUEST] == ["mehr.md"]


def test_each_side_starts_at_its_own_page(small: Path, edit: Edit) -> None:
    page(small, "gast.md", "")
    edit("content/index.md", "title:", "audience: guest\ntitle:")
    assert messages(small) == [
        "content/gast.md:2:1: the team starts at index.md, guests at gast.md; write 'audience: guest' here",
        "content/index.md:2:1: the team starts at index.md, guests at gast.md; write 'audience: team' here",
    ]


def test_a_page_for_guests_leads_only_to_what_they_get(small: Path) -> None:
    body = "[a](gruss) [b](hafen) [c](index.md) [d](hilfe.md) [e](kompass) [f](print/aktuell)"
    page(small, "gast.md", "audience: guest\n", body)
    rest = "link to a page for guests or remove the link"
    assert messages(small) == [
        f"content/gast.md:8:16: guests cannot read 'hafen'; {rest}",
        f"content/gast.md:8:41: guests cannot read 'hilfe.md'; {rest}",
        f"content/gast.md:8:55: guests cannot read 'kompass'; {rest}",
    ]


def test_a_translation_leads_only_to_what_they_get_as_well(small: Path) -> None:
    page(small, "mehr.md", "audience: guest\n", "[a](gruss)")
    digest = examine(small, TODAY).pages["mehr.md"].digest
    page(small, "mehr.en.md", f"of: '{digest}'\n", "[a](gruss) [b](hafen)")
    rest = "guests cannot read 'hafen'; link to a page for guests or remove the link"
    assert messages(small) == [f"content/mehr.en.md:8:16: {rest}"]


def test_a_translation_has_no_readers_of_its_own(small: Path) -> None:
    """It is published where its original is, so it must not say that it is for others."""
    page(small, "mehr.md", "audience: guest\n")
    digest = examine(small, TODAY).pages["mehr.md"].digest
    page(small, "mehr.en.md", f"of: '{digest}'\naudience: team\n")
    rest = "for all languages; remove this, or change it there"
    assert messages(small) == [f"content/mehr.en.md:5:1: content/mehr.md says 'audience: guest' {rest}"]
    page(small, "mehr.en.md", f"of: '{digest}'\naudience: guest\n")
    assert messages(small) == []
    page(small, "mehr.md", "")
    assert messages(small) == [f"content/mehr.en.md:5:1: content/mehr.md says 'audience: team' {rest}"]


def test_a_link_to_what_cannot_be_read_is_one_problem_only(small: Path, edit: Edit) -> None:
    page(small, "mehr.md", "audience: guest\n", "[a](gruss) [b](gast.md) [c](hafen/gruss)")
    edit("universes/hafen/rituals/gruss.yml", "title: Gruss", "title: ''")
    assert messages(small) == [
        "content/mehr.md:8:16: no page 'gast.md'; write an id such as 'empfang', or a page's path",
        "universes/hafen/rituals/gruss.yml:1:8: 'title' is empty; write some text",
    ]


def test_the_team_has_no_guests_start_page(small: Path, edit: Edit) -> None:
    page(small, "gast.md", "audience: guest\n")
    edit("content/hilfe.md", "[Start](index.md)", "[Gast](gast.md)")
    assert [line.partition(";")[0] for line in messages(small)] == ["content/hilfe.md:7:19: no page 'gast.md'"]


def test_words_for_guests_need_a_title(small: Path, edit: Edit) -> None:
    edit("universes/hafen/universe.yml", "claim:", "guest_text: Herein.\nclaim:")
    assert messages(small) == [
        "universes/hafen/universe.yml:5:1: a text for guests, but no title for them; add 'guest_title' or remove this"
    ]


def test_the_real_site_says_nothing_internal(tmp_path: Path) -> None:
    """No title, id, owner, role, sentence of the team's is in what the real handbook gives to guests."""
    tree = examine(PROJECT, TODAY)
    shared = guest_edition(tree.playbook, tree.pages)
    said = "\n".join(strings(json.loads(json.dumps(list(plain(shared.playbook))))))
    for ritual in tree.playbook.rituals.values():
        for text in (ritual.summary, ritual.intention, ritual.owner, *ritual.roles.values(), *ritual.signals.good):
            assert text not in said
        assert ritual.id not in shared.playbook.rituals
    assert len(shared.playbook.rituals) > 20


def plain(value: Any) -> Iterator[str]:
    if isinstance(value, Record):
        yield from plain(vars(value))
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for item in pair for text in plain(item))
    elif isinstance(value, tuple):
        yield from (text for item in value for text in plain(item))
    elif isinstance(value, str):
        yield value


class Halls(Record):
    """As a model of another day might be."""

    steps: Mapping[str, Step] = about("", guests=True)


def test_what_has_a_name_is_judged_as_what_is_in_a_list() -> None:
    """No model has it today; who adds one gets no hole with it."""
    said = {"at": "+0min", "minutes": 5, "role": "gastgeber", "text": "Alle kommen herein."}
    halls = Halls.model_validate({"steps": {"a": said | {"visible_to": "guest"}, "b": said}})
    ours = guest_view(halls).steps
    assert [*ours] == ["a"]
    with pytest.raises(AttributeError):
        _ = ours["a"].role
