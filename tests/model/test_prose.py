"""Text from YAML as inert text, as prose with its small Markdown subset, and as plain words."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import Markup

from generator.model.prose import (
    Safe,
    html_line,
    inert,
    is_page_target,
    links,
    plain,
    prose,
    prose_line,
)
from generator.model.text import Foreign
from tests.pages.test_hostile import MARKUP, PAYLOADS, markdown

# What the loader lets through: no surrogates and no control characters.
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\t\n\x85"))
LIKELY = st.text(st.sampled_from("ab1 \n*_[]()<>&#-+=:!|`~{}\"'\\/.,;%$^@?\t\u00a0„“ß"), max_size=60)
ANY = TEXT | LIKELY | st.sampled_from(PAYLOADS + MARKUP)


def resolve(target: str) -> str | None:
    return {"gruss": "../gruss/", "glossar#kerze": "../../glossar/#kerze"}.get(target)


def squeeze(text: str) -> str:
    """As a browser shows it: line breaks and runs of spaces are one space."""
    return re.sub(r"[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+", " ", text).strip(" ")


class Parts(HTMLParser):
    """The elements of some HTML, with their attributes, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(str(source))  # plain text, to which markup may be added
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(" ".join([tag, *(f"{name}={value}" for name, value in attrs)]))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.tags.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.tags.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.tags.append("instruction")


# --------------------------------------------------------------------------- inert


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kund*innen und Kolleg*innen", "Kund&#42;innen und Kolleg&#42;innen"),
        ("Kund_innen", "Kund&#95;innen"),
        ("Kund:innen", "Kund:innen"),
        ("„Grüß Gott!“, ‚ja‘, »so« – 5 €", "„Grüß Gott&#33;“, ‚ja‘, »so« – 5 €"),
        ("z.\u00a0B.", "z.&#160;B."),
        ("  eine\n\t Zeile\u2028 ", "eine Zeile"),
        ("- Punkt", "&#45; Punkt"),
        ("24. Dezember", "24&#46; Dezember"),
        ("1) eins", "1&#41; eins"),
        ("12 Personen - oder mehr", "12 Personen - oder mehr"),
        (": Erklärung", "&#58; Erklärung"),
        ("<b>&amp;", "&#60;b&#62;&#38;amp;"),
        ("", ""),
        (7, "7"),
        (Foreign("Kund*innen"), '<span lang="de">Kund&#42;innen</span>'),
    ],
)
def test_inert(text: object, expected: str) -> None:
    assert inert(text) == expected


def test_inert_leaves_markup_alone() -> None:
    once = inert("<b>*x*</b>")
    assert inert(once) is once
    assert inert(Markup("<b>*x*</b>")) == "<b>*x*</b>"


def test_text_joined_with_markup_is_inert() -> None:
    assert Safe("<b>") + "*x*" == "<b>&#42;x&#42;"
    assert Safe(", ").join(["*x*", "<i>"]) == "&#42;x&#42;, &#60;i&#62;"
    assert Safe("<b>{}</b>").format("*x*") == "<b>&#42;x&#42;</b>"
    assert Safe("<b>%s</b>") % "_x_" == "<b>&#95;x&#95;</b>"


@given(ANY)
def test_inert_keeps_the_text(text: str) -> None:
    assert html.unescape(re.sub("<[^>]*>", "", inert(text))) == squeeze(text)


@given(ANY)
def test_html_line_keeps_the_text(text: str) -> None:
    for quote in (False, True):
        line = html_line(text, quote=quote)
        assert html.unescape(line) == squeeze(text)
        assert not set(line) & set('<>"' if quote else "<>")


def test_quotes_are_escaped_where_they_are_asked_to_be() -> None:
    assert html_line('"A" & <B>') == '"A" &amp; &lt;B&gt;'
    assert html_line('"A"', quote=True) == "&quot;A&quot;"


@given(ANY)
@example("1. x")
@example("=")
@example("[x]: y")
def test_inert_is_text_in_markdown(text: str) -> None:
    """In a heading, alone in a paragraph, within one, after a line of text and in a table."""
    shown, inside = squeeze(text), inert(text)
    if not shown.strip():
        return
    permalink = ["a class=headerlink href=#x title=Link zu diesem Abschnitt"]
    for source, around, tags in [
        (f"# {inside} {{: #x }}", "{}¶", ["h1 id=x", *permalink]),
        (f"Vor {inside} nach", "Vor {} nach", ["p"]),
        (f"{inside}", "{}", ["p"]),
        (f"Vor\n{inside}\nnach", "Vor\n{}\nnach", ["p"]),
        (f"a | b\n---|---\nVor {inside} nach | d", "\n\n\na\nb\n\n\n\n\nVor {} nach\nd\n\n\n", TABLE),
        (f'<p title="{inside}">{inside}</p>', "{}", [f"p title={shown}"]),
    ]:
        parts = Parts(markdown().reset().convert(source))
        assert parts.tags == tags
        assert squeeze(parts.text) == squeeze(around.format(shown))


TABLE = ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


# --------------------------------------------------------------------------- prose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*betont* und **stark**", "<p><em>betont</em> und <strong>stark</strong></p>"),
        ("_betont_ und __stark__", "<p><em>betont</em> und <strong>stark</strong></p>"),
        ("**Zu spät:** früher", "<p><strong>Zu spät:</strong> früher</p>"),
        ("*Kund*innen*", "<p><em>Kund&#42;innen</em></p>"),
        ("Kund*innen und Kolleg*innen", "<p>Kund&#42;innen und Kolleg&#42;innen</p>"),
        ("der*die Kund_innen und Kund:innen", "<p>der&#42;die Kund&#95;innen und Kund:innen</p>"),
        ("„Zitat“ 'x'", "<p>„Zitat“ &#39;x&#39;</p>"),
        ("eins\n\nzwei", "<p>eins</p><p>zwei</p>"),
        ("eins\nzwei  \ndrei", "<p>eins zwei drei</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. c\n4. d", '<ol start="3"><li>c</li><li>d</li></ol>'),
        ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("[Gruss](gruss)", '<p><a href="../gruss/">Gruss</a></p>'),
        ("[*die* Kerze](glossar#kerze)", '<p><a href="../../glossar/#kerze"><em>die</em> Kerze</a></p>'),
        ("*[Gruss](gruss)*", '<p><em><a href="../gruss/">Gruss</a></em></p>'),
        ("# kein Titel", "<p>&#35; kein Titel</p>"),
        ("> kein Zitat", "<p>&#62; kein Zitat</p>"),
        ("    kein Code", "<p>kein Code</p>"),
        ("`kein Code` &amp; <b>", "<p>&#96;kein Code&#96; &#38;amp; &#60;b&#62;</p>"),
        ("a<br>b\n---\nc", "<p>a&#60;br&#62;b --- c</p>"),
    ],
)
def test_prose(text: str, expected: str) -> None:
    assert prose(text, resolve) == expected


@pytest.mark.parametrize(
    "link",
    [
        "[x](fehlt)",
        "[*x* <b>](javascript:alert)",
        "[x](java&#115;cript:alert)",
        "[x](https://example.org/ 'Titel')",
        "[x](<data:text/html,x>)",
        "[x](//example.org)",
        "[x](www.example.org)",
        "[x](/gruss)",
        "[x]( fehlt )",
        "[x]()",
        "![x](fehlt.png)",
        "[x][gruss] [gruss]",
        "<https://example.org/>",
        "[x](gruss",
    ],
)
def test_other_links_are_shown_as_typed(link: str) -> None:
    assert prose(f"vor {link} nach", resolve).unescape() == f"<p>vor {link} nach</p>"
    assert Parts(prose(link, resolve)).tags == ["p"]
    assert plain(f"vor {link} nach", resolve) == f"vor {link} nach"


def test_prose_line() -> None:
    assert prose_line("**eins**\n\nzwei", resolve) == "<strong>eins</strong><br>zwei"
    assert prose_line("- a\n- b", resolve) == "<ul><li>a</li><li>b</li></ul>"
    assert prose_line("[Gruss](gruss)", resolve) == '<a href="../gruss/">Gruss</a>'
    assert prose_line("-9 Grad", resolve) == "&#45;9 Grad"


def test_plain() -> None:
    assert plain("**eins** [zwei](gruss)\ndrei & <b>\n\n- vier\n- fünf_sechs") == "eins zwei drei & <b> vier fünf_sechs"
    assert plain("z.\u00a0B. Kund*innen") == "z.\u00a0B. Kund*innen"


def test_links() -> None:
    text = "[a](gruss), ![b](bild.png)\n\n- [c](javascript:x) und [d][e]"
    assert list(links(text)) == ["gruss", "bild.png", "javascript:x"]
    assert [is_page_target(target) for target in links(text)] == [True, True, False]


def test_deep_lists_lose_no_text() -> None:
    for depth in (5, 50, 1500):
        parts = Parts(prose("- " * depth + "tief", resolve))
        assert parts.text.endswith("tief")
        assert parts.tags.count("ul") + parts.text.count("-") == depth


@given(ANY)
def test_prose_makes_nothing_but_its_subset(text: str) -> None:
    for block in (prose(text, resolve), prose_line(text, resolve)):
        parts = Parts(block)
        allowed = r"(p|br|em|strong|ul|ol|li)|ol start=\d+|a href=(\.\./gruss/|\.\./\.\./glossar/#kerze)"
        assert all(re.fullmatch(allowed, tag) for tag in parts.tags), parts.tags
        typed, shown = (Counter(re.sub(r"\W|\d|_", "", part)) for part in (text, parts.text))
        assert shown <= typed
        if not links_to_pages(text):
            assert shown == typed


def links_to_pages(text: str) -> bool:
    return any(resolve(target) for target in links(text))


@given(ANY)
def test_markdown_leaves_prose_alone(text: str) -> None:
    block = prose(text, resolve)
    before, after = Parts(block), Parts(markdown().reset().convert(f"{block}\n\n<div>{block}</div>\n"))
    if before.text.strip():
        assert after.tags == [*before.tags, "div", *before.tags]
        assert "".join(after.text.split()) == "".join(before.text.split()) * 2


def test_a_link_in_the_words_of_a_link() -> None:
    """Markdown knows no such thing: the inner one is the link, and the rest is shown as typed."""
    text = "Siehe [das [Treffen](treffen) am Abend](abend) und [*das* \\[hier\\]](hier)."
    assert str(prose(text, lambda target: f"/{target}/")) == (
        '<p>Siehe &#91;das <a href="/treffen/">Treffen</a> am Abend&#93;(abend) und '
        '<a href="/hier/"><em>das</em> &#92;&#91;hier&#92;&#93;</a>.</p>'
    )
