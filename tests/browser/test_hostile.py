"""Whatever storage, links, files and people bring to the pages that work along: text stays text, and nothing breaks.

The pages are those of a handbook that is hostile itself (`tests/pages/`), with the policy a server gives them.
"""

from __future__ import annotations

import copy
import functools
import json
import re
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from generator.project import PROJECT
from tests.browser.serve import PATIENCE, Host, Server, errors_in, none_of, served
from tests.pages.test_hostile import MARKUP, PAYLOADS, PWN, Fields, everything, hostile
from tests.pages.test_hostile import site as hostile_site

RITUAL, PLAN, PATH, CHOOSER, START = "hafen-1/gruss-1/", "plan/", "mentoring/anlegen-2/", "kompass/", ""
IMAGE = f'"><img src=x onerror={PWN}>'
TEXTS = [text for text in PAYLOADS + MARKUP if len(text) < 60]  # as long as a name may be

WATCH = """window.print = () => {};
addEventListener("securitypolicyviolation", ({ effectiveDirective, sample }) =>
  console.error(`policy: ${effectiveDirective} ${sample}`));"""

RUN = {
    "id": "1-2",
    "ritual": "gruss-1",
    "name": "Ein Name",
    "made": "2026-11-01",
    "start": "2027-06-18T18:00",
    "people": {"wirt": "Anna"},
    "ticks": {"a": [1_700_000_000_000, "abc"], "b": [1_700_000_000_000, ""]},
}
NAMELESS = {"id": "3-4", "ritual": "gruss-1", "made": "2026-11-01"}
PLANNED = {
    "id": "eins",
    "name": "Ein Plan",
    "start": "2027-06-18T18:00",
    "rituals": [{"id": "gruss-1", "at": None, "clock": None}, {"id": "gruss-2", "at": [1, 0], "clock": "17:00"}],
    "people": {"wirt": "Anna, Berta"},
    "done": ["gruss-1/a"],
}
PERSON = {
    "id": "eins",
    "name": "Cem",
    "start": "2026-11-02",
    "paths": {"anlegen-2": {"ticks": ["tag-1/task"], "notes": {"tag-1": "Eine Notiz"}}},
}
KEPT = {"url": RITUAL, "title": "Gruss", "universe": "hafen-1", "kind": "ritual"}
SHELVES: dict[str, tuple[str, dict[str, Any]]] = {  # where they stand, and what is right there
    "runs": (RITUAL, {"runs": [RUN, NAMELESS], "current": {"gruss-1": "1-2"}}),
    "plans": (PLAN, {"open": "eins", "plans": [PLANNED]}),
    "mentees": (PATH, {"people": [PERSON, {**PERSON, "id": "zwei"}], "chosen": "eins"}),
    "kept": (START, {"kept": [KEPT], "recent": [{**KEPT, "url": "hafen-2/gruss-2/"}]}),
    "chooser": (
        CHOOSER,
        {"current": 1, "sheets": [{"name": "Team", "answers": {"klopfen": "aufmachen"}}, {"name": "", "answers": {}}]},
    ),
}


def mutants(right: Any) -> Iterator[Any]:
    """`right`, and copies of it with one part, however deep, replaced by something else."""
    yield right
    yield from ODD
    yield [right]
    for key in right if isinstance(right, dict) else range(len(right)) if isinstance(right, list) else ():
        for part in mutants(right[key]):
            mutant = copy.copy(right)
            mutant[key] = part
            yield mutant
    if isinstance(right, dict):
        yield from ({**right, name: value} for name in ("__proto__", "constructor", IMAGE) for value in (right, 1))


ODD: list[Any] = [None, True, -1, 1e300, "", IMAGE, "constructor", "__proto__", [], {}, {"length": 9}]


class Hosted(Host):
    """The site as a server gives it: with its policy."""

    policy = ""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = hostile_site(tmp_path_factory.mktemp("hostile"), "mkdocs", hostile)
    Hosted.policy = (PROJECT / "deploy/nginx/csp.conf").read_text().partition('default "')[2].partition('"')[0]
    server = Server(("127.0.0.1", 0), functools.partial(Hosted, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A tab that notes whatever runs, breaks, is refused, or is asked of another host; none of that may happen."""
    context = browser.new_context(base_url=address)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(WATCH)
    wrong = list[str]()

    def on_dialog(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def on_console(message: ConsoleMessage) -> None:
        if is_wrong(message):
            wrong.append(message.text)

    def on_request(request: Request) -> None:
        if not is_ours(request.url, address):
            wrong.append(request.url)

    errors = errors_in(context)
    context.on("console", on_console)
    context.on("dialog", on_dialog)
    context.on("request", on_request)
    tab = context.new_page()
    yield tab
    assert tab.evaluate("window.__pwned") is None
    context.close()
    none_of([*wrong, *errors])


def is_wrong(message: ConsoleMessage) -> bool:
    """A ritual that is asked for and is none is no error."""
    return message.type == "error" and "404 (Not Found)" not in message.text


def is_ours(url: str, address: str) -> bool:
    return url.startswith((address, f"blob:{address}", "data:image/svg+xml"))  # the last are Material's symbols


def line(text: str) -> str:
    """What `store.js` makes of a text: one line, without what would turn or hide the words around it."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+", " ", text).strip("\ufeff \u00a0")


def squeeze(text: str) -> str:
    return " ".join(re.split(r"[\s\ufeff\u200e\u200f]+", text)).strip()


def shows(page: Page, selector: str, text: str) -> None:
    assert squeeze(line(text)) in squeeze(page.locator(selector).first.inner_text()), text


@pytest.mark.slow
def test_no_word_is_longer_than_the_screen(browser: Browser, tmp_path: Path) -> None:
    site = hostile_site(tmp_path, "mkdocs", lambda shift: Fields(lambda payloads, turn: "W" * 48))
    with served(site) as address:
        tab = browser.new_page()
        for page in (START, "hafen-1/", RITUAL, "anlaesse/feiern-1/", CHOOSER, PLAN, PATH, "finden/", "glossar/"):
            tab.goto(f"{address}{page}", wait_until="load")
            for width in (320, 1280):
                tab.set_viewport_size({"width": width, "height": 800})
                assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") == 0, (page, width)
        tab.close()


# ----------------------------------------------------------------------- storage

STORE = """async ([name, stored]) => {
  for (const data of stored) {
    localStorage.setItem(`playbook.${name}`, data);
    dispatchEvent(new StorageEvent("storage", { key: `playbook.${name}` }));
    if (window.__pwned) throw new Error(`ran: ${data}`);
  }
  await new Promise((done) => setTimeout(done));
}"""


# `make test` tries some of what comes to mind, `make test-slow` all of it.
every = pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])


@every
@pytest.mark.parametrize("name", SHELVES)
def test_whatever_is_stored(name: str, every: int, page: Page) -> None:
    where, right = SHELVES[name]
    page.goto(where, wait_until="load")
    stored = [json.dumps({"version": 1, "data": data}) for data in mutants(right)][::every]
    assert len(stored) > 20
    stored += [json.dumps(odd) for odd in ODD] + ['{"version": 1', "\x00", json.dumps({"version": 2, "data": right})]
    page.evaluate(STORE, [name, [*stored, stored[0]]])
    shown = page.inner_text("body")
    assert next(text for text in ("Ein Name", "Ein Plan", "Cem", "Gruss", "Team") if text in json.dumps(right)) in shown


@pytest.mark.parametrize("name", SHELVES)
def test_pages_open_with_hostile_storage(name: str, page: Page) -> None:
    """As `test_whatever_is_stored`, but there before the page is."""
    where, right = SHELVES[name]
    page.goto(where, wait_until="load")
    for data in (right, text_everywhere(right), IMAGES):
        stored = json.dumps({"version": 1, "data": data})
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [f"playbook.{name}", stored])
        page.reload(wait_until="load")
        assert page.locator("h1").count() == 1


IMAGES = dict.fromkeys("runs current plans open people chosen kept recent sheets".split(), IMAGE)


def text_everywhere(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: text_everywhere(value) for key, value in data.items()}
    return [text_everywhere(value) for value in data] if isinstance(data, list) else IMAGE


PALETTES = [
    1,
    "constructor",
    {"index": IMAGE, "color": dict.fromkeys(("media", "scheme", "primary", "accent"), IMAGE)},
    {"index": 99, "color": {"scheme": "slate"}},
    {"index": -1, "color": {"media": [], "scheme": {}}},
]


def test_a_hostile_palette_is_none(page: Page) -> None:
    page.goto(START, wait_until="load")
    for palette in PALETTES:
        page.evaluate("text => localStorage.setItem('/.__palette', text)", json.dumps(palette))
        page.reload(wait_until="load")
        assert page.get_attribute("body", "data-md-color-scheme") in ("default", "slate"), palette


# ------------------------------------------------------------------------- links

GO = """async fragments => {
  for (const fragment of fragments) {
    const changed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    const before = location.hash;
    location.hash = fragment;
    if (location.hash !== before) await changed;
    if (window.__pwned) throw new Error(`ran: ${fragment}`);
  }
}"""


def packed(data: Any) -> str:
    return urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def of_run(run: Any) -> dict[str, Any]:
    return {"kind": "playbook-run", "version": 1, "title": IMAGE, "run": run}


LINKS: dict[str, Callable[[], list[str]]] = {
    RITUAL: lambda: [f"durchgang={packed(of_run(run))}" for run in mutants(RUN)],
    PLAN: lambda: [f"plan={packed(plan)}" for plan in mutants(PLANNED)],
    CHOOSER: lambda: [urlencode({"klopfen": "aufmachen", "_name": text}) for text in TEXTS],
    "print/": lambda: [f"{text}-1234567" for text in TEXTS],
}


@every
@pytest.mark.parametrize("where", LINKS)
def test_whatever_is_linked(where: str, every: int, page: Page) -> None:
    page.goto(where, wait_until="load")
    raw = [f"{name}{quote(text)}" for name in ("", "durchgang=", "plan=") for text in TEXTS[::6]]
    page.evaluate(GO, [*raw, "%", "%E0%A4%A", *LINKS[where]()[::every]])
    assert page.locator("h1").count() == 1


def test_shared_names_show_as_they_were_typed(page: Page) -> None:
    page.goto(RITUAL, wait_until="load")
    for text in TEXTS[::4]:
        page.evaluate(
            GO, [f"durchgang={packed(of_run({**RUN, 'name': text, 'people': {'wirt-1': text, 'wirt': text}}))}"]
        )
        shows(page, "[data-run=shared-name]", text)
    page.goto(PLAN, wait_until="load")
    for text in TEXTS[1::4]:
        page.evaluate(GO, [f"plan={packed({**PLANNED, 'name': text, 'people': {'wirt': text}})}"])
        page.locator("#planer-tage li").first.wait_for()
        shows(page, "#planer-titel", text)


def test_a_finder_with_a_hostile_query(page: Page) -> None:
    names = (
        "tage termin personen vorbereitung dauer aufwand gaeste universum anlass rolle sortierung q h __proto__".split()
    )
    for text in (IMAGE, "constructor", "-1e9", "\u202e%"):
        page.goto(f"finden/?{urlencode([(name, text) for name in names])}#{quote(text)}", wait_until="load")
        rows = page.locator(".pb-rituals tbody tr:visible")
        assert rows.count() == page.locator(".pb-rituals tbody tr").count() > 1
    page.goto("finden/?universum=%E0%A4&universum=hafen-1", wait_until="load")
    assert page.locator(".pb-rituals tbody tr:visible").count() == 1


# ------------------------------------------------------------------------- files

LOAD = """async ([selector, texts]) => {
  const input = document.querySelector(selector);
  for (const text of texts) {
    const given = new DataTransfer();
    const file = new File([text], "x.json", { type: "application/json" });
    given.items.add(file);
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await file.text();
    await new Promise((done) => setTimeout(done, 2));
    if (window.__pwned) throw new Error(`ran: ${text}`);
  }
}"""
FILES: dict[str, tuple[str, Callable[[], Iterator[Any]]]] = {
    RITUAL: (".pb-run input[type=file]", lambda: map(of_run, mutants(RUN))),
    PLAN: ("#planer-datei", lambda: ({"kind": "playbook-plan", "plan": plan} for plan in mutants(PLANNED))),
    PATH: (
        "#_begleitung input[type=file]",
        lambda: ({"kind": "playbook-mentee", "version": 1, "person": person} for person in mutants(PERSON)),
    ),
}


@every
@pytest.mark.parametrize("where", FILES)
def test_whatever_is_in_a_file(where: str, every: int, page: Page) -> None:
    selector, contents = FILES[where]
    page.goto(where, wait_until="load")
    files = [json.dumps(content) for content in contents()]
    page.evaluate(
        LOAD, [selector, ["", "\x00", "[" * 9999, *TEXTS[:20], *map(json.dumps, ODD), *files[:: 3 * every], files[0]]]
    )
    assert page.locator("h1").count() == 1


# ------------------------------------------------------------------------- typing

TYPE = """([field, event, place, open, texts]) => texts.map((text) => {
  const input = document.querySelector(field);
  input.value = text;
  input.dispatchEvent(new Event(event, { bubbles: true }));
  if (open) document.querySelector(open).click();
  const shown = document.querySelector(place).innerText;
  if (open) document.querySelector("dialog").close();
  return shown;
})"""


def shown_as_typed(page: Page, field: str, event: str, place: str, *, opened_by: str = "", most: int = 60) -> None:
    """That each text, typed into `field`, is to be read at `place`, which the button `opened_by` may have to open."""
    texts = [text for text in TEXTS if line(text) and len(line(text)) <= most]
    assert len(texts) > 50
    for text, shown in zip(texts, page.evaluate(TYPE, [field, event, place, opened_by, texts]), strict=True):
        shown = squeeze(line(shown))
        assert squeeze(line(text)) in shown or squeeze(line(text.replace("\n", ""))) in shown, text


def test_names_in_a_ritual_show_as_typed(page: Page) -> None:
    page.goto(RITUAL, wait_until="load")
    page.locator(".pb-run summary").first.click()
    page.locator(".pb-run [name=name]").fill(IMAGE)
    assert IMAGE in page.locator("[data-run=name]").inner_text()
    shown_as_typed(page, ".pb-run [name=name]", "input", "[data-run=name]")
    role = page.locator(".pb-run [data-person]").first.get_attribute("data-person")
    shown_as_typed(page, f"[data-person={role}]", "input", f"[data-role={role}] .pb-name, [data-role={role}]")


def test_names_in_a_plan_show_as_typed(page: Page) -> None:
    page.goto(PLAN, wait_until="load")
    page.evaluate(STORE, ["plans", [json.dumps({"version": 1, "data": SHELVES["plans"][1]})]])
    page.reload()
    page.locator("#planer-tage li").first.wait_for()
    shown_as_typed(page, "#planer-name", "change", "#planer-titel")
    person = page.locator(".pb-people input").first
    for text in (IMAGE, "constructor", "__proto__"):
        person.evaluate(CHANGE, text)
        assert text in page.locator("#planer-tage").inner_text()
    person.evaluate(CHANGE, "")
    assert (
        page.evaluate("async () => (await import('/assets/planning.js')).tidyPlan({}, 'x').people.constructor") is None
    )


CHANGE = "(input, text) => { input.value = text; input.dispatchEvent(new Event('change')); }"


def test_a_mentees_name_and_note_show_as_typed(page: Page) -> None:
    page.goto(PATH, wait_until="load")
    page.locator("#_neu-name").fill(IMAGE)
    page.locator("#_begleitung form button").first.click()
    assert IMAGE in page.locator("#_begleitung h2").first.inner_text()
    shown_as_typed(page, "#_begleitung-name", "change", "#_begleitung h2")
    shown_as_typed(page, "textarea", "input", "#_begleitung dialog", opened_by="[data-do=agenda]")


def test_teams_in_the_chooser_show_as_typed(page: Page) -> None:
    page.goto(CHOOSER, wait_until="load")
    page.evaluate(STORE, ["chooser", [json.dumps({"version": 1, "data": SHELVES["chooser"][1]})]])
    shown_as_typed(page, ".pb-sheet input", "input", ".pb-chooser__open", most=40)


def test_a_marked_page_shows_its_title_as_typed(page: Page) -> None:
    titles = []
    for number in range(3):
        page.goto(f"hafen-{number}/gruss-{number}/", wait_until="load")
        page.locator(".pb-keep__button").click()
        titles.append(page.locator("h1").evaluate("h1 => h1.firstChild.textContent"))
    page.goto(START, wait_until="load")
    shown = squeeze(page.locator("[data-kept=kept]").inner_text())
    assert [title for title in titles if squeeze(title)[:60] not in shown] == []


# ------------------------------------------------------------------------- search


ANSWERED = """() => {
  const find = document.querySelector('.pb-find');
  return find.dataset.answer === find.querySelector('input').value.trim();
}"""


def test_search_for_each_payload(page: Page) -> None:
    """What is asked for is text, and so is what is found; every payload is somewhere in this handbook."""
    fields = everything(hostile)[0]
    page.goto(START, wait_until="load")
    page.keyboard.press("/")
    search, results, status = (page.locator(f".pb-find__{part}") for part in ("input", "results", "status"))
    search.fill(" ".join(f"wort{number} onerror" for number in range(20_000)))  # a minute, if all were looked up
    page.wait_for_function(ANSWERED)
    for text in (PAYLOADS + MARKUP)[::9]:
        search.fill(f"onerror {text} Kommentar")
        page.wait_for_function(ANSWERED)
        fields.check(" ".join(results.locator("a").all_inner_texts()), text, excerpt)
        assert results.locator(":is(script, img, iframe, style, base, meta, form, [onerror], [onload])").count() == 0
    search.fill("onerror")
    page.wait_for_function(ANSWERED)
    assert results.locator("mark").count()
    assert status.inner_text()


def excerpt(text: str) -> str:
    return re.sub(r"\s+(?=[.,:;!?])", "", text)
