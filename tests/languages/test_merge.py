"""Translations: what a changed sentence does, what is shown meanwhile, and a language that nobody has thought of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from babel.dates import get_month_names
from babel.messages.catalog import Catalog
from click.testing import CliRunner, Result

from generator.audience.edition import team_edition
from generator.commands import main
from generator.commands.translations import merged
from generator.languages.catalogue import language_from, msgids, write_catalogue
from generator.languages.extract import extract
from generator.languages.language import GERMAN, Language
from generator.languages.merge import catalogue_problems, progress
from generator.languages.translate import translated_pages
from generator.model.playbook import published
from generator.model.text import Foreign
from generator.pipeline import examine, printer_of
from generator.problems import PlaybookError, Problem
from generator.project import LOCALES, PROJECT, part
from tests.conftest import TODAY, Edit

GRUSS = "universes/hafen/rituals/gruss.yml"
CODE = "fo"  # no engine, no template and no line of code knows it


def accented(text: str) -> str:
    """Every vowel with an accent, and two fifths longer; placeholders, links and marks stay."""
    text = text.rpartition("\x04")[2]
    parts = re.split(r"(\{\w+\}|\]\([^)]*\)|<[^>]*>)", text)
    strange = "".join(
        p if i % 2 else p.translate(str.maketrans("aeiouAEIOUäöüÄÖÜ", "áéíóúÁÉÍÓÚáóúÁÓÚ")) for i, p in enumerate(parts)
    )
    tail = " ó" * (len(text) // 5) if len(text) > 4 else ""
    return strange + tail


def catalogue(root: Path, change: Callable[[str], str] = accented, code: str = CODE) -> Catalog:
    """The language's catalogue for `root`, every text translated by `change`."""
    ((_, found),) = merged(root, [code])
    for message in found:
        if message.id:
            ids = msgids(message)
            message.string = change(ids[0]) if len(ids) == 1 else tuple(map(change, ids))
    write_catalogue(root / LOCALES / code / "LC_MESSAGES/playbook.po", found)
    return found


def run(root: Path, *args: str) -> Result:
    return CliRunner().invoke(main, [*args, "--root", str(root)], catch_exceptions=False)


def status(root: Path) -> dict[str, list[str]]:
    """What is not done: `fuzzy` and `missing` → the texts."""
    ((_, found),) = merged(root, [CODE])
    undone: dict[str, list[str]] = {"fuzzy": [], "missing": []}
    for message in found:
        if message.id and (message.fuzzy or not message.string):
            undone["fuzzy" if message.fuzzy else "missing"].append(msgids(message)[0])
    return undone


# ------------------------------------------------------------------ a changed sentence


def test_a_changed_sentence_makes_exactly_its_own_translation_fuzzy(small: Path, edit: Edit) -> None:
    catalogue(small)
    assert status(small) == {"fuzzy": [], "missing": []}
    edit(GRUSS, "Was beim Ritual Gruss geschieht.", "Was beim Ritual Gruss alles geschieht.")
    assert status(small) == {"fuzzy": ["Was beim Ritual Gruss alles geschieht."], "missing": []}
    result = run(small, "translations", "update", CODE)
    assert result.output == f"{LOCALES}/{CODE}/LC_MESSAGES/playbook.po: updated\n"
    assert run(small, "translations", "update").output.endswith("was up to date\n")
    text = (small / LOCALES / CODE / "LC_MESSAGES/playbook.po").read_text("utf-8")
    assert "# was: Was beim Ritual Gruss geschieht.\n" in text
    assert '#, fuzzy\nmsgid "Was beim Ritual Gruss alles geschieht."\nmsgstr "Wás béím' in text


def test_a_new_step_leaves_the_others_alone(small: Path, edit: Edit) -> None:
    catalogue(small)
    new = "  - at: -2d\n    minutes: 5\n    role: wirt\n    text: Wasser holen.\n"
    edit(GRUSS, "steps:\n", "steps:\n" + new)
    assert status(small) == {"fuzzy": [], "missing": ["Wasser holen."]}


def test_a_text_in_two_places_changed_in_one(small: Path, edit: Edit) -> None:
    edit(GRUSS, "Nachfragen.", "Die Tür öffnen.")
    catalogue(small)
    edit(GRUSS, "text: Die Tür öffnen.\n    say", "text: Die Türe weit öffnen.\n    say")
    assert status(small) == {"fuzzy": ["Die Türe weit öffnen."], "missing": []}


def test_a_text_that_comes_back_is_translated(small: Path, edit: Edit) -> None:
    catalogue(small)
    texts = ("Was beim Ritual Gruss geschieht.", "Etwas ganz anderes.", "Noch etwas anderes.")
    for old, new in pairwise(texts):
        edit(GRUSS, old, new)
        run(small, "translations", "update", CODE)
        assert status(small) == {"fuzzy": [new], "missing": []}
        text = (small / LOCALES / CODE / "LC_MESSAGES/playbook.po").read_text("utf-8")
        assert text.count("# was: ") == text.count(f"# was: {texts[0]}\n") == 1  # what the translation is of
    edit(GRUSS, texts[2], texts[1])
    assert status(small) == {"fuzzy": [texts[1]], "missing": []}
    edit(GRUSS, texts[1], texts[0])
    assert status(small) == {"fuzzy": [], "missing": []}


def test_comments_stay_and_the_old_text_goes_with_the_mark(small: Path, edit: Edit) -> None:
    catalogue(small)
    path = small / LOCALES / CODE / "LC_MESSAGES/playbook.po"
    path.write_text(path.read_text("utf-8").replace(f"#: {GRUSS}#summary\n", f"# Von uns.\n#: {GRUSS}#summary\n"))
    edit(GRUSS, "Was beim Ritual Gruss geschieht.", "Was beim Ritual Gruss alles geschieht.")
    run(small, "translations", "update")
    text = path.read_text("utf-8")
    comments = "# Von uns.\n# was: Was beim Ritual Gruss geschieht.\n"
    assert f"{comments}#: {GRUSS}#summary\n#, fuzzy\nmsgid" in text
    path.write_text(text.replace("#, fuzzy\n", ""))
    run(small, "translations", "update")
    assert f"# Von uns.\n#: {GRUSS}#summary\nmsgid" in path.read_text("utf-8")


def test_search_words_are_other_words_than_the_same_on_a_page(small: Path, edit: Edit) -> None:
    edit("content/glossary.yml", "terms:", "found_by:\n  gruss: [Kerzen]\nterms:")
    catalogue(small, lambda text: "FOUND" if "\x04" in text else accented(text))
    ((_, found),) = merged(small, [CODE])
    language = language_from(CODE, found)
    playbook = language.translate(published(examine(small, TODAY).playbook))
    assert playbook.glossary is not None
    assert playbook.glossary.found_by["gruss"] == ("FOUND",)
    assert playbook.rituals["gruss"].materials[0].text.startswith("Kérzén")


def test_status_counts_by_file(small: Path, edit: Edit) -> None:
    catalogue(small)
    edit(GRUSS, "Was beim Ritual Gruss geschieht.", "Was beim Ritual Gruss alles geschieht.")
    lines = run(small, "translations", "status").output.splitlines()
    assert re.fullmatch(rf"{CODE}: \d+ done, 1 fuzzy, 0 missing, \d+ obsolete", lines[0])
    assert len(lines) == 2
    assert re.fullmatch(rf"  {GRUSS}: \d+ done, 1 fuzzy, 0 missing", lines[1])


# ------------------------------------------------------------------------ the check


def test_strict_minds_what_is_missing_or_fuzzy_and_pages_too(small: Path, edit: Edit) -> None:
    catalogue(small)
    assert "are fine" in run(small, "check").output
    edit(GRUSS, "Alles herrichten.", "Alles gut herrichten.")
    assert run(small, "check").exit_code == 0
    result = run(small, "check", "--strict-translations")
    assert result.exit_code == 1
    assert f"the translation may no longer fit 'Alles gut herrichten.' ({GRUSS}#steps.0.text)" in result.output
    assert "content/hilfe.md:1:1: no translation; write hilfe.fo.md beside it" in result.output


@pytest.mark.parametrize(
    ("german", "translation", "message"),
    [
        ("Wenn jemand kommt, siehe [das andere](wache).", "Siehe [x](wachen).", "links to wachen instead of wache"),
        ("{n} Tage", "{m} tagoj", "placeholders {m} instead of {n}"),
        ("Gruss", "x" * 60, "60 characters, there is room for 48"),
        ("Gruss", "a\nb", "the text is a single line, so must be the translation: 'a b'"),
    ],
)
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_translation_keeps_what_it_must(
    command: str, small: Path, german: str, translation: str, message: str
) -> None:
    catalogue(small, lambda text: translation if text == german else text)
    result = run(small, command)
    assert result.exit_code == 1
    place = rf"{LOCALES}/{CODE}/LC_MESSAGES/playbook\.po:\d+:1: "
    assert re.search(place + re.escape(message), result.output), result.output


def test_damaged_catalogues_are_problems_not_tracebacks(small: Path) -> None:
    catalogue(small)
    path = small / LOCALES / CODE / "LC_MESSAGES/playbook.po"
    for content in (b"\xff\xfe", b"nonsense", b'msgid "a"\nmsgstr[0] "b"\nmsgid oops'):
        path.write_bytes(content)
        for command in (("check",), ("translations", "status"), ("build",)):
            result = run(small, *command)
            assert result.exit_code == 1
            assert re.search(r"playbook\.po:\d+:1: ", result.output), result.output
    assert run(small, "translations", "update", "klingonisch").exit_code == 1


def test_a_catalogue_that_cannot_be_written_is_no_traceback(small: Path) -> None:
    (small / LOCALES).mkdir(parents=True)
    (small / LOCALES / "en").write_text("in the way", "utf-8")
    result = run(small, "translations", "update", "en")
    assert result.exit_code == 1
    assert re.search(r"content/locales/en:1:1: nothing is read from here", result.output)


def test_a_catalogue_in_another_encoding_becomes_utf_8(small: Path) -> None:
    catalogue(small, lambda text: "É" if text == "Gruss" else text)
    path = small / LOCALES / CODE / "LC_MESSAGES/playbook.po"
    before = path.read_text("utf-8")
    path.write_bytes(before.replace("charset=utf-8", "charset=cp1252").encode("cp1252", "replace"))
    run(small, "translations", "update")
    assert "charset=utf-8" in path.read_text("utf-8")
    assert 'msgid "Gruss"\nmsgstr "É"\n' in path.read_text("utf-8")


def test_a_page_whose_original_has_changed_is_shown_in_german(small: Path, edit: Edit) -> None:
    catalogue(small)
    tree = examine(small, TODAY)
    digest = tree.pages["hilfe.md"].digest
    page = f"---\ntitle: Helpo\ndescription: D.\nof: '{digest}'\n---\n\n# Helpo\n"
    (small / f"content/hilfe.{CODE}.md").write_text(page, "utf-8")
    language = Language(CODE)
    assert translated_pages(examine(small, TODAY), language)["hilfe.md"].title == "Helpo"
    edit("content/hilfe.md", "# Hilfe", "# Erste Hilfe")
    tree = examine(small, TODAY)
    assert [str(problem) for problem in tree.problems] == [
        f"content/hilfe.{CODE}.md:4:1: warning: not of hilfe.md as it is now; read both, mend this page, "
        f"then write 'of: {tree.pages['hilfe.md'].digest}' here"
    ]
    shown = translated_pages(tree, language)["hilfe.md"]
    assert (shown.title, shown.language) == ("Hilfe", "de")


# -------------------------------------------------------------- a language of its own


class Words(HTMLParser):
    """What a reader sees or hears of a page, outside of what is marked as another language."""

    ATTRIBUTES = ("alt", "title", "aria-label", "placeholder", "content")
    SILENT = ("script", "style", "code", "svg")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.open: list[tuple[str, bool]] = []  # (tag, heard)
        self.feed(html)

    def heard(self) -> bool:
        return all(heard for _, heard in self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        foreign = values.get("lang", CODE) != CODE
        if self.heard() and not foreign and values.get("name") not in ("viewport", "generator", "color-scheme"):
            self.found += [str(value) for name, value in attrs if name in self.ATTRIBUTES and value]
        if tag not in ("meta", "link", "input", "img", "br", "hr", "path", "line", "circle"):
            self.open.append((tag, not foreign and tag not in self.SILENT))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.heard() and data.strip():
            self.found.append(data)


# What is the same in every language; months, which Babel knows; what Material says itself, which has no translation.
SAME = {"PDF", "MB", "kB", "min", "QR", "Plan", "ics", "WC", "A4", "A6", *get_month_names(locale=CODE).values()}
MATERIAL = "Skip to content Table of contents Back to top Dark Light made with Permanent link".split()


def plain_words(html: str) -> Iterator[str]:
    for text in Words(html).found:
        for word in re.findall(r"[A-Za-zÄÖÜäöüß]{3,}", re.sub(r"https?://\S+|\S+\.(?:md|pdf|json|yml)\b", "", text)):
            if re.search("[aeiouäöü]", word) and word not in SAME and word not in MATERIAL:
                yield word


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.conftest import SMALL

    root = tmp_path_factory.mktemp("third") / "small"
    shutil.copytree(SMALL, root)
    catalogue(root)
    for uri, page in examine(root, TODAY).pages.items():
        text = f"---\ntitle: Á\ndescription: Á\nof: '{page.digest}'\n---\n\n# Á\n"
        (root / "content" / uri.replace(".md", f".{CODE}.md")).write_text(text, "utf-8")
    result = run(root, "build")
    assert result.exit_code == 0, result.output
    return root / "site"


def test_no_word_of_the_interface_is_written_into_code_or_templates(site: Path) -> None:
    found = {
        (path.relative_to(site).as_posix(), word)
        for path in sorted((site / CODE).rglob("*.html"))
        for word in plain_words(path.read_text("utf-8"))
    }
    assert not found


def test_no_script_says_a_word_that_is_not_in_the_catalogue(site: Path) -> None:
    """Texts are the argument of t() or n(), and no other literal looks like German."""
    german = re.compile(r"""(?<![\w$])["'`](?=[^"'`\n]*[äöüßÄÖÜ„“])[^"'`\n]*["'`]""")
    for path in (PROJECT / "templates/theme/assets").glob("*.js"):
        source = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.S)
        source = re.sub(r"(?<=[(=,:\s])/(?![/*])(?:\\.|\[(?:\\.|[^\]])*\]|[^/\n\\])+/[a-z]*", "", source)  # patterns
        source = re.sub(r"\b[tn]\((?:\s*\"[^\"]*\",?)+", "", source)
        assert not german.findall(source), path.name
    script = (site / CODE / "assets/catalogue.js").read_text("utf-8")
    assert "Durchgang" in script
    assert "n != 1" in script


def test_every_page_is_there_in_both_languages_and_they_know_of_each_other(site: Path) -> None:
    pages = {path.relative_to(site / CODE).as_posix() for path in (site / CODE).rglob("*.html")}
    german = {p.relative_to(site).as_posix() for p in site.rglob("*.html") if p.relative_to(site).parts[0] != CODE}
    assert pages == german
    for name, prefix, lang in (("hafen/gruss/index.html", "", "de"), ("hafen/gruss/index.html", f"{CODE}/", CODE)):
        html = (site / prefix / name).read_text("utf-8")
        url = "https://playbook.example/"
        assert re.search(rf'<html[^>]* lang="{lang}"', html) or lang == CODE
        assert f'<link rel="canonical" href="{url}{prefix}hafen/gruss/">' in html
        for code, path in (("de", ""), (CODE, f"{CODE}/")):
            assert f'<link rel="alternate " hreflang="{code}" href="{url}{path}hafen/gruss/">' in html
        switch = re.search(r'<a class="pb-language" href="([^"]+)" lang="(\w+)"', html)
        assert switch is not None
        target = (site / prefix / "hafen/gruss" / switch[1]).resolve()
        other = "" if prefix else f"{CODE}/"
        assert target == (site / other / "hafen/gruss").resolve()


def test_the_page_says_its_language(site: Path) -> None:
    html = (site / CODE / "index.html").read_text("utf-8")
    assert re.search(rf'<html[^>]* lang="{CODE}"', html)


def test_sheets_fit_in_any_language_or_say_where_they_do_not(site: Path) -> None:
    """Two fifths longer, every sheet is set, or its text is named as too long; none is cut off."""
    root = site.parent
    tree = examine(root, TODAY)
    ((_, found),) = merged(root, [CODE])
    language = language_from(CODE, found)
    press = printer_of(tree, team_edition(language.translate(published(tree.playbook)), {}, language))
    for sheet in press.all():
        problems: list[Problem] = []
        try:
            press.typesetter.pdf(sheet)
        except PlaybookError as error:
            problems = list(error.problems)
        assert all("mm too long" in problem.message for problem in problems)
        assert "Liest vor" not in sheet.source


# -------------------------------------------------------------------- still in German


def test_what_is_not_translated_is_marked_as_german(small: Path, edit: Edit) -> None:
    catalogue(small)
    edit(GRUSS, "Alles herrichten.", "Alles gut herrichten.")
    edit(GRUSS, "Weil es *wichtig* ist.", "Weil es *sehr wichtig* ist.")
    edit(GRUSS, "Macht die Tür auf.", "Macht die Türe weit auf.")
    result = run(small, "build")
    assert result.exit_code == 0, result.output
    html = (small / "site" / CODE / "hafen/gruss/index.html").read_text("utf-8")
    assert '<div lang="de"><p>Alles gut herrichten.</p></div>' in html
    assert '<div lang="de"><p>Weil es <em>sehr wichtig</em> ist.</p></div>' in html
    assert '<span lang="de">Macht die Türe weit auf.</span>' in html
    assert 'class="pb-untranslated"' in html
    assert 'class="pb-untranslated"' not in (small / "site" / CODE / "turm/wache/index.html").read_text("utf-8")
    assert "lang=&quot;" not in html  # no mark within an attribute
    assert 'lang="de">' not in (small / "site/hafen/gruss/index.html").read_text("utf-8").partition("<body")[2]


def test_foreign_texts_stay_foreign_through_filling() -> None:
    assert isinstance(Language("en").text("{n} Tage", n=3), Foreign)
    assert GERMAN.text("{n} Tage {x}", n=3) == "3 Tage {x}"
    assert type(GERMAN.text("a")) is str


# ------------------------------------------------------------------ the real catalogue


def test_english_is_complete() -> None:
    tree = examine(PROJECT, TODAY)
    found, room = extract(tree, part(PROJECT, "templates"), part(PROJECT, "mkdocs.yml"))
    ((_, english),) = merged(PROJECT, ["en"])
    assert progress(english)[""].keys() == {"done"}
    assert not list(catalogue_problems("playbook.po", english, room, strict=True))
    assert set(tree.translations["en"]) == set(tree.pages)
    assert len(found) > 4000


@pytest.mark.parametrize("plural", ["alert(1)", "n, alert(1)", "1/n", "n", "n - 1", "((n"])
def test_a_rule_for_numbers_is_a_formula_and_no_script(plural: str, small: Path) -> None:
    """It is written into `assets/catalogue.js` as it stands."""
    catalogue(small, code="en")
    path = small / LOCALES / "en/LC_MESSAGES/playbook.po"
    path.write_text(path.read_text().replace("plural=(n != 1)", f"plural={plural}"))
    result = run(small, "check")
    assert result.exit_code == 1
    assert "content/locales/en/LC_MESSAGES/playbook.po:1:1: the header cannot be read: " in result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Gre\x01et", "the invisible character U+0001 is not allowed; remove it"),
        ("Gre\u2028et", "the invisible character U+2028 is not allowed; remove it"),
        ("Gre\ufffeet", "the invisible character U+FFFE is not allowed; remove it"),
        ("\u200b", "the translation has no visible character; write or remove it"),
        (" ", "the translation has no visible character; write or remove it"),
    ],
)
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_translation_is_text_as_that_of_the_sources_is(command: str, text: str, message: str, small: Path) -> None:
    """Whatever else would be found when a sheet is set, if at all, and blamed on the German text."""
    catalogue(small, code="en")
    path = small / LOCALES / "en/LC_MESSAGES/playbook.po"
    path.write_text(re.sub('(msgid "Gruss"\nmsgstr ).*', f'\\1"{text}"', path.read_text()))
    result = run(small, command)
    assert result.exit_code == 1
    assert re.search(rf"playbook\.po:[1-9][0-9]+:1: {re.escape(message)}", result.output)


def test_a_damaged_header_is_a_problem(small: Path) -> None:
    catalogue(small, code="en")
    path = small / LOCALES / "en/LC_MESSAGES/playbook.po"
    path.write_text(re.sub(r"POT-Creation-Date: \d+", "POT-Creation-Date: nie", path.read_text()))
    assert re.search(r"playbook\.po:\d+:1: .*'nie-", run(small, "check").output)
