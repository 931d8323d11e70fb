"""Hostile text in every field: readers see it as it was typed, and it never becomes markup.

The fields are found by walking the model, so that a new one is covered from its first
day. Every text ends with a number of its own (`zq17z`), by which it is found again in
the pages. Each page is compared with its twin, made of the same text without anything
but letters, digits and spaces: both must have the same elements and attributes.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache, partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import yaml
from markdown import Markdown
from mkdocs.utils.meta import get_data
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from generator.audience.edition import team_edition
from generator.load.tree import Page
from generator.model.chooser import Situation
from generator.model.mentoring import Stage
from generator.model.playbook import Playbook
from generator.model.record import Record
from generator.model.text import Item, Line, Prose, Summary, Title
from generator.pages.environment import Templates
from generator.pages.recipes import render
from generator.pipeline import examine
from generator.project import PROJECT, symbols
from generator.search.index import index
from generator.site.config import configure
from generator.site.engines import Engine, build
from generator.site.mkdocs_engine import Engine as OnePage
from generator.site.navigation import navigation
from generator.site.write import write
from tests.browser.serve import CHROMIUM, PROGRAM
from tests.conftest import SMALL, TODAY
from tests.pages.test_recipes import offer

PWN = "window.__pwned=1"

PAYLOADS = [
    # HTML
    f"<script>{PWN}</script>",
    f"<SCRIPT SRC=data:text/javascript,{PWN}></SCRIPT>",
    f"</title><script>{PWN}</script>",
    f"</script><script>{PWN}</script>",
    f'"><img src=x onerror={PWN}>',
    f"'><img src=x onerror='{PWN}'>",
    f"<img src=x onerror={PWN}//",
    f"<svg onload={PWN}>",
    f"<svg><animate onbegin={PWN} attributeName=x></svg>",
    f'<iframe srcdoc="<script>parent.{PWN[7:]}</script>"></iframe>',
    f"<details open ontoggle={PWN}>",
    f'" onmouseover="{PWN}" x="',
    f"' autofocus onfocus='{PWN}' x='",
    f"` onclick=`{PWN}`",
    "</p></div></main></body></html>",
    "<style>*{display:none}</style>",
    '<meta http-equiv="refresh" content="0;url=https://example.org/">',
    '<base href="https://example.org/">',
    '<a href="https://example.org/">da</a>',
    "<!-- Kommentar -->",
    "<!-- offen",
    "--> zu",
    "<![CDATA[ x ]]>",
    "<?php echo 1; ?>",
    "<!DOCTYPE html>",
    "<markdown-tag markdown=1>**x</markdown-tag>",
    "1 < 2 > 0 & 3",
    "A & B &amp; C &lt;b&gt; &#60;i&#62; &#x3c;u&#x3e; &nbsp; &copy",
    "<b",
    # Links and images
    f"[klick](javascript:{PWN})",
    f"[klick](JaVaScRiPt&#58;{PWN})",
    f"[klick](data:text/html,<script>{PWN}</script>)",
    '[klick](https://example.org/ "Titel")',
    "![Bild](x.png){: width=9 }",
    "<https://example.org/>",
    "https://example.org/?a=b&c=d und www.example.org und x@example.org",
    "[a][b] und [b]",
    "[b]: https://example.org/ 'B'",
    "text](gruss) [offen",
    "[[Wikilink]]",
    # Markdown
    "# Titel",
    "## Titel ## {: #eigen onclick=x }",
    "Titel\n=====",
    "Titel\n-----",
    "a | b\n---|---\nc | d",
    "| a | b |",
    "```js\ncode\n```",
    "~~~ offen",
    "    eingerückt",
    "`code` und ``offen",
    '!!! note "Hinweis"\n    Text',
    "??? note\n    Text",
    '=== "Reiter"\n    Text',
    "/// details\nText\n///",
    '--8<-- "mkdocs.yml"',
    ";--8<-- x",
    "*[HTML]: Abkürzung",
    "[^1] und [^1]: Fußnote",
    "Begriff\n:   Erklärung",
    ": Erklärung",
    "> Zitat",
    "---",
    "***",
    "...",
    "{: onclick=x .klasse #id }",
    "{ .klasse } {#id}",
    "$x^2$ $$y$$ \\(z\\) \\[w\\]",
    ":smile: :material-home: (c) (tm) -- ... 1/2 => +/-",
    "==markiert== ++ein++ ~~weg~~ H~2~O x^2^ {++neu++}",
    "**fett *unklar __offen _nie",
    "\\<b> \\n \\",
    # Templates
    "{{ 7*7 }} {{ config }} {% raw %} {# x #}",
    "{% include 'mkdocs.yml' %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "title: x\n---\n{}",
    "!!python/object/apply:os.system ['x']",
    # Characters
    "\"doppelt\" 'einfach' „deutsch“ ‚halb‘ »so« `grave`",
    "rechts \u202e nach \u2066links\u2069 \u200f",
    "Null\u200bbreit weich\u00adtrenn a\u0301\u0323\u20dd \ufeffBOM",
    "Zeile\u2028Absatz\u2029Ende",
    "z.\u00a0B. 5\u202f€",
    "👩‍👩‍👧‍👦 🏳️‍🌈 ①②③ ﬁ 中文 العربية",
    "links \u202atext\u202b ein\u202c weg\u202d fest\u2067 iso\u2068 erst\u2069",
    "Verbinder \u2060 \u200c \u200d \u034f \u180e \u3164 Füller",
    "Z" + "\u0335\u0321\u0327\u0328\u0330\u0353" * 20 + "algo",
    "∑ 𝒜𝔅𝕮 ∫∂x √2 ≠ ∞ ⟨x|y⟩ 🧑🏽‍🚀 👨🏿‍❤️‍💋‍👨🏻 🇦🇹",
    # What other formats might take for theirs
    "=1+1 @SUM(1) +cmd|' /C calc'!A0",
    "BEGIN:VEVENT DTSTART:20270618T180000 END:VCALENDAR",
    "a;b,c:d\\n\\N\\; ATTACH:https://example.org/",
    "\\u003cscript\\u003e \\x3cscript\\x3e &#x6A;avascript:",
    f"java\u00adscript:{PWN} vbscript:{PWN} data:text/html,{PWN}",
    "</textarea></template></noscript></select></svg></math>",
    f"<math><mtext><style><img src onerror={PWN}></style></mtext></math>",
    f"<noscript><p title='</noscript><img src=x onerror={PWN}>'>",
    '#import "@preview/x:1.0.0" #read("/etc/passwd") $x$',
    "? &anker *alias !!tag | > % @ ` ? : ,",
    "Donaudampfschifffahrts" * 12,
]
# Means something in prose, and is shown as typed only in the fields that are plain text.
MARKUP = ["*betont*", "**stark** und __stark__", "[Gruss](gruss)", "- Punkt", "1. Punkt", "+ a\n+ b", "- " * 40 + "x"]
MARKUP += ["**fett *unklar** _x", "*", "\\*kein\\*", "- [ ] Aufgabe"]


TEXT = (Line, Title, Summary, Item, Prose)
Pick = Callable[[str, bool], str]


def begins(hint: Any, kind: Any) -> bool:
    """Whether `hint` is `kind`, be it with a description of its own."""
    return get_args(hint)[: len(get_args(kind))] == get_args(kind)


@dataclass
class Fields:
    """Texts and their numbers: `given` is what stands in a field, `where` which field that is."""

    choose: Callable[[list[str], int], str]
    given: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    turns: dict[str, int] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def text(self, where: str, *, is_prose: bool = False) -> str:
        """A payload for a field: each time the next one, each field starting elsewhere."""
        payloads = PAYLOADS if is_prose else PAYLOADS + MARKUP
        turn = self.turns[where] = self.turns.get(where, 5 * len(self.turns)) + 1
        payload = self.choose(payloads, turn)
        self.used.add((where, payload))
        self.given.append(f"{payload} zq{len(self.given)}z")
        self.where.append(where)
        return self.given[-1]

    def fill(self, value: Any, hint: Any, where: str) -> Any:
        """`value` with new text wherever the model has text, also where none is set."""
        kind = next((kind for kind in TEXT for part in (hint, *get_args(hint)) if begins(part, kind)), None)
        if kind and isinstance(value, str | None):
            return self.text(where, is_prose=kind == Prose)
        if isinstance(value, Record):
            hints = get_type_hints(type(value), include_extras=True)
            name = type(value).__name__
            return value.model_copy(
                update={key: self.fill(getattr(value, key), hints[key], f"{name}.{key}") for key in hints}
            )
        if isinstance(value, dict):
            return {key: self.fill(item, get_args(hint)[1], where) for key, item in value.items()}
        if type(value) is tuple:
            return tuple(self.fill(item, get_args(hint)[0], where) for item in value)
        return value

    def check(self, text: str, place: str, tidy: Callable[[str], str] = str) -> set[int]:
        """That every numbered text in `text` stands there as it was typed; their numbers.

        `tidy` is done to both sides before they are compared.
        """
        text, found = tidy(squeeze(text)), set()
        for match in re.finditer(r"zq(\d+)z", text):
            number = int(match[1])
            typed = tidy(squeeze(self.given[number]))
            shown = text[max(0, match.end() - len(typed)) : match.end()]
            assert shown == typed, f"{place}: {self.where[number]} is shown as {shown!r}, typed was {typed!r}"
            found.add(number)
        return found


def hostile(shift: int) -> Fields:
    return Fields(lambda payloads, turn: payloads[(turn + shift) % len(payloads)])


def harmless(shift: int) -> Fields:
    """The twin of `hostile(shift)`: sorted the same way, in the same paragraphs."""

    def choose(payloads: list[str], turn: int) -> str:
        lines = payloads[(turn + shift) % len(payloads)].split("\n")
        letters = [re.sub(r"[^\w\s]|_", "", line) for line in lines]
        return "\n".join(new for new, old in zip(letters, lines, strict=True) if new.strip() or not old.strip())

    return Fields(choose)


def squeeze(text: str) -> str:
    return " ".join(text.split())


class Html(HTMLParser):
    """A page's visible text, and its elements and attributes without the numbered texts."""

    INLINE = frozenset("a abbr b bdi code em i kbd mark s small span strong sub sup time u".split())

    def __init__(self, fields: Fields, place: str, html: str) -> None:
        super().__init__()
        self.fields, self.place = fields, place
        self.shown: list[str] = []
        self.found: set[int] = set()
        self.structure: list[object] = []
        self.raw = ""  # the element whose content is no text
        self.feed(html)
        self.close()
        self.found |= fields.check("".join(self.shown), place)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = []
        for name, value in attrs:
            self.found |= self.fields.check(value or "", f"{self.place} <{tag} {name}>")
            made_of_text = name in ("data-step", "data-item") or re.search(r"zq\d+z", value or "")
            names.append((name, "(text)" if made_of_text else value))
        self.structure.append((tag, names))
        self.raw = tag if tag in ("script", "style") else ""
        self.shown.append("" if tag in self.INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.structure.append(f"/{tag}")
        self.raw = ""
        self.shown.append("" if tag in self.INLINE else " ")

    def handle_data(self, data: str) -> None:
        if self.raw:
            self.structure.append(data)
        else:
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        self.structure.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.structure.append(("declaration", decl))

    def unknown_decl(self, data: str) -> None:
        self.structure.append(("declaration", data))

    def handle_pi(self, data: str) -> None:
        self.structure.append(("instruction", data))


def same_structure(one: Html, other: Html) -> None:
    if one.structure != other.structure:
        pairs = zip(one.structure, other.structure, strict=False)
        first = next((a, b) for a, b in [*pairs, ("more", "or less")] if a != b)
        pytest.fail(f"{one.place}: the text has become markup: {first[0]} instead of {first[1]}")


COPIES = 12


def rendered(fields: Fields, pages: int = COPIES) -> tuple[Playbook, dict[str, Page], dict[str, str]]:
    """A playbook of `COPIES` records of each kind, and hand-written pages, with the fields' texts; and its files."""
    tree = examine(SMALL, TODAY)
    small, numbers = tree.playbook, range(COPIES)
    universe, ritual = small.universes["hafen"], small.rituals["gruss"]
    names = [f"hafen-{i}" for i in numbers]
    occasions = {f"feiern-{i}": small.occasions["feiern"] for i in numbers}
    dimensions = {f"beziehung-{i}": small.dimensions["beziehung"] for i in numbers} | {"ort": small.dimensions["ort"]}
    glossary = small.glossary
    path = small.paths["anlegen"]
    assert glossary is not None
    assert small.chooser is not None
    wide = Playbook(
        roles={**small.roles} | {f"wirt-{i}": small.roles["wirt"] for i in numbers},
        occasions=occasions,
        dimensions=dimensions,
        gates={**small.gates} | {f"foto-{i}": small.gates["foto"] for i in numbers},
        glossary=glossary.model_copy(
            update={"terms": {f"kerze-{i}": glossary.terms["kerze"].model_copy(update={"see": ()}) for i in numbers}}
        ),
        universes={
            name: universe.model_copy(
                update={
                    "id": name,
                    "profile": dict.fromkeys(dimensions, universe.profile["beziehung"]),
                    "coming_from": {other: "" for other in names if other != name},
                    "no_ritual_for": {key: "" for key in occasions if key[-2:] != name[-2:]},
                }
            )
            for name in names
        },
        rituals={
            f"gruss-{i}": ritual.model_copy(
                update={
                    "id": f"gruss-{i}",
                    "universe": f"hafen-{i}",
                    "occasion": f"feiern-{i}",
                    "related": (f"gruss-{(i + 1) % COPIES}",),
                }
            )
            for i in numbers
        },
        chooser=small.chooser.model_copy(
            update={
                "universes": dict.fromkeys(names, small.chooser.universes["hafen"]),
                "situations": tuple(of_universe(situation, names[0]) for situation in small.chooser.situations),
                "friction": (small.chooser.friction[0].model_copy(update={"between": (names[0], names[1])}),),
            }
        ),
        paths={
            f"anlegen-{i}": path.model_copy(
                update={
                    "id": f"anlegen-{i}",
                    "universe": f"hafen-{i}",
                    "stages": tuple(on_gruss(stage, f"gruss-{i}") for stage in path.stages),
                }
            )
            for i in numbers
        },
    )
    playbook = fields.fill(wide, Playbook, "Playbook")
    content = {
        f"seite-{i}.md": replace(
            tree.pages["hilfe.md"],
            src_uri=f"seite-{i}.md",
            title=fields.text("Page.title"),
            description=fields.text("Page.description"),
        )
        for i in range(pages)
    }
    files = render(
        team_edition(playbook, content), Templates(PROJECT / "templates/pages", symbols(PROJECT)), offer(playbook)
    )
    return playbook, content, files


# ------------------------------------------------------- every field, every payload


def of_universe(situation: Situation, universe: str) -> Situation:
    """The situation with answers that speak for another universe."""
    answers = tuple(answer.model_copy(update={"weights": {universe: 3}}) for answer in situation.answers)
    return situation.model_copy(update={"answers": answers})


def on_gruss(stage: Stage, ritual: str) -> Stage:
    """The stage with another ritual."""
    return stage.model_copy(
        update={
            name: tuple(practice.model_copy(update={"ritual": ritual}) for practice in getattr(stage, name))
            for name in ("observe", "assist", "lead")
        }
    )


@cache
def markdown() -> Markdown:
    """Python-Markdown with the project's own extensions."""
    extensions = yaml.safe_load((PROJECT / "mkdocs.yml").read_text())["markdown_extensions"]
    configs = {name: options for entry in extensions if isinstance(entry, dict) for name, options in entry.items()}
    names = [name for entry in extensions for name in ([entry] if isinstance(entry, str) else entry)]
    return Markdown(extensions=names, extension_configs=configs)


def converted(source: str, fields: Fields, place: str) -> Html:
    """A page's Markdown as HTML, after what its front matter holds."""
    body, front = get_data(source)
    assert front, f"{place}: the front matter cannot be read"
    head = f'<meta content="{front.pop("description")}">' + "".join(f"<p>{value}</p>" for value in strings(front))
    return Html(fields, place, head + markdown().reset().convert(body))


def strings(data: Any) -> Iterator[str]:
    if isinstance(data, dict | list | tuple):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)
    elif isinstance(data, str):
        yield data


def test_there_is_enough_to_be_afraid_of() -> None:
    assert len({*PAYLOADS, *MARKUP}) == len(PAYLOADS + MARKUP) >= 60


# Texts that are in the JSON and on no page of the handbook.
UNSEEN = {"Ritual.guest_title", "Ritual.guest_text", "Step.guest_text", "Universe.guest_title", "Universe.guest_text"}
ONLY_ONCE = ("Glossary.", "Chooser.", "Situation.", "Choice.", "Friction.")  # in a playbook, so not with every payload
UNINDEXED = UNSEEN | {"Page.title", "Page.description"}  # a page's title is its heading's


def test_text_in_every_field_is_shown_as_typed() -> None:
    used: set[tuple[str, str]] = set()
    for shift in range(0, len(PAYLOADS + MARKUP), COPIES):
        bad, good = hostile(shift), harmless(shift)
        (_, _, files), (_, _, twins) = rendered(bad), rendered(good)
        found = set()
        for uri in files:
            if uri.endswith(".md"):
                page, twin = converted(files[uri], bad, uri), converted(twins[uri], good, f"twin of {uri}")
                same_structure(page, twin)
                found |= page.found
        assert {where for number, where in enumerate(bad.where) if number not in found} == UNSEEN
        used |= bad.used
    once = {where for where, _ in used if where.startswith(ONLY_ONCE)}
    fields = {where for where, _ in used} - once
    assert {(where, payload) for where in fields for payload in PAYLOADS} <= used


# ------------------------------------------------------------------ the built sites


@cache
def everything(fields: Callable[[int], Fields]) -> tuple[Fields, Playbook, list[object], dict[str, str]]:
    """Texts, playbook, navigation and files of a handbook with a hand-written page for every payload."""
    texts = fields(0)
    playbook, content, files = rendered(texts, pages=len(PAYLOADS + MARKUP))
    return texts, playbook, navigation(team_edition(playbook, content)), files


def site(folder: Path, engine: Engine, fields: Callable[[int], Fields]) -> Path:
    """The handbook as the command builds it."""
    _, playbook, menu, files = everything(fields)
    write(folder / "docs", {uri: partial(str, text) for uri, text in files.items()})
    theme = PROJECT / "templates/theme"
    html = build(configure(folder, PROJECT / "mkdocs.yml", theme, menu), theme, engine, {})
    index(html, playbook)
    return html


@dataclass
class Sites:
    bad: Fields
    good: Fields
    hostile: Path
    harmless: Path


@pytest.fixture(scope="module", params=get_args(Engine))
def sites(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sites:
    base = tmp_path_factory.mktemp(request.param)
    with ThreadPoolExecutor(1 if request.param == "mkdocs" else 2) as pool:  # MkDocs runs in this very process
        one = pool.submit(site, base / "hostile", request.param, hostile)
        two = pool.submit(site, base / "harmless", request.param, harmless)
        return Sites(everything(hostile)[0], everything(harmless)[0], one.result(), two.result())


def test_built_pages_show_text_as_typed(sites: Sites) -> None:
    pages = sorted(path.relative_to(sites.hostile) for path in sites.hostile.rglob("*.html"))
    assert len(pages) > len(PAYLOADS + MARKUP) + 4 * COPIES
    for path in pages:
        page = Html(sites.bad, str(path), (sites.hostile / path).read_text("utf-8"))
        twin = Html(sites.good, f"twin of {path}", (sites.harmless / path).read_text("utf-8"))
        same_structure(page, twin)


def excerpt(text: str) -> str:
    """An excerpt of a page has no blank before a mark, where two elements met."""
    return re.sub(r"\s+(?=[.,:;!?])", "", text)


def test_search_index_holds_text_as_typed(sites: Sites) -> None:
    texts = [json.loads(path.read_text("utf-8")) for path in sorted((sites.hostile / "search").glob("text-*.json"))]
    found = set()
    for record in (record for part in texts for record in part):
        for text in filter(lambda part: isinstance(part, str), record[1:]):
            found |= sites.bad.check(text, f"search index, {record[0]}", excerpt)
    missing = {where for number, where in enumerate(sites.bad.where) if number not in found}
    assert missing <= UNINDEXED


def test_json_holds_text_exactly() -> None:
    fields, _, _, files = everything(hostile)
    text = files["api/playbook.json"]
    assert not re.search("[<>&\u2028\u2029]", text + files["print/versions.json"])
    in_playbook = {t for t, where in zip(fields.given, fields.where, strict=True) if not where.startswith("Page.")}
    assert in_playbook <= set(strings(json.loads(text)))


# -------------------------------------------------------------------- a real browser


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def browse(folder: Path, act: Callable[[Tab], None]) -> None:
    """Let `act` look at the hostile site in a browser; nothing that was typed there may be executed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    address, dialogs, requests = f"http://127.0.0.1:{server.server_port}/", list[str](), list[str]()

    def run() -> None:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
            tab = chromium.new_page(base_url=address)
            tab.on("dialog", lambda dialog: dialogs.append(dialog.message))
            tab.on("dialog", lambda dialog: dialog.dismiss())
            tab.on("request", lambda request: requests.append(request.url))
            act(tab)
            chromium.close()

    threading.Thread(target=server.serve_forever, daemon=True).start()
    with ThreadPoolExecutor() as pool:  # Playwright takes no second browser in a thread that has one
        pool.submit(run).result()
    server.shutdown()
    server.server_close()
    assert dialogs == []
    assert [url for url in requests if not url.startswith(address)] == []


# ProperDocs makes the same pages as MkDocs.
two_themes = pytest.mark.parametrize("sites", ["mkdocs", "zensical"], indirect=True)
PAGES = ["", "hafen-0/", "hafen-1/gruss-1/", "anlaesse/", "rollen/wirt-2/", "glossar/", "register/", "vergleich/"]


@two_themes
def test_browser_runs_nothing(sites: Sites) -> None:
    def act(tab: Tab) -> None:
        for path in [*PAGES, "seite-0/"]:
            tab.goto(path, wait_until="load")
            assert sites.bad.check(tab.inner_text("body"), path)
            sites.bad.check(tab.title(), path)
            assert tab.evaluate("window.__pwned") is None

    browse(sites.hostile, act)


@two_themes
def test_search_results_show_titles_as_typed(sites: Sites) -> None:
    def act(tab: Tab) -> None:
        for words in ("onerror", "Kommentar"):
            tab.goto("seite-0/")
            tab.get_by_role("searchbox", name="Suche").fill(words)
            results = tab.locator(".pb-find__results")
            results.locator("mark").first.wait_for()
            assert sites.bad.check(" ".join(results.locator("a").all_inner_texts()), f"search for {words}", excerpt)
            bad = ":is(script, img, iframe, style, base, meta, [onerror], [onload])"
            assert results.locator(bad).count() == 0
            assert tab.evaluate("window.__pwned") is None

    browse(sites.hostile, act)


def test_words_of_the_settings_are_shown_as_typed(tmp_path: Path) -> None:
    """The site's name, its description and the names of its switches: a page with them has the usual elements."""

    def page(text: str) -> tuple[str, list[object]]:
        mine = yaml.safe_load((PROJECT / "mkdocs.yml").read_text("utf-8"))
        mine |= {"site_name": text, "site_description": text}
        for entry in mine["theme"]["palette"]:
            entry["toggle"]["name"] = text
        folder = tmp_path / ("bad" if "<" in text else "good")
        (folder / "docs").mkdir(parents=True)
        (folder / "base.yml").write_text(json.dumps(mine), "utf-8")
        config = configure(folder, folder / "base.yml", PROJECT / "templates/theme", [{"Start": "index.md"}])
        engine = OnePage(config, PROJECT / "templates/theme")
        engine.open(["index.md"], [{"Start": "index.md"}], lambda uri: "# Start\n")
        html, _said = engine.page("index.md", "# Start\n")
        read = Html(Fields(lambda payloads, turn: payloads[turn]), "index.md", html)
        return "".join(read.shown), read.structure

    bad = f"</title><script>{PWN}</script>\" onfocus='{PWN}' {{{{ 7*7 }}}} & \u202e"
    shown, structure = page(bad)
    assert squeeze(bad) in squeeze(shown)
    elements = [part for part in structure if isinstance(part, str) and part.startswith("/")]
    assert elements == [part for part in page("Ein Name")[1] if isinstance(part, str) and part.startswith("/")]
    names = {name for part in structure if isinstance(part, tuple) and isinstance(part[1], list) for name, _ in part[1]}
    assert "onfocus" not in names
