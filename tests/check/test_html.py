"""Hand-written pages are Markdown: what runs, loads from elsewhere or breaks the page around it is a problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from markdown import Markdown
from markdown_it import MarkdownIt
from mkdocs.config import load_config

from generator.check.html import as_built, inadmissible
from generator.load.links import LONGEST, MOST
from generator.load.settings import settings
from generator.pipeline import examine
from generator.project import PROJECT
from generator.site.config import configure
from tests.conftest import SMALL, TODAY, messages

EXTENSIONS = as_built(["admonition", "attr_list", "tables", "toc"])
FRONT = "---\ntitle: Seite\ndescription: Eine Seite.\n---\n"

REFUSED = [
    "<script>alert(1)</script>",
    "<SCRIPT src=data:text/javascript,alert(1)></SCRIPT>",
    "Text <script>alert(1)</script> Text",
    "> <script>alert(1)</script>",
    "- <script>alert(1)</script>",
    "\\<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<img src=x onerror=alert(1)>",
    "<b onmouseover=alert(1)>x</b>",
    "<b style='position:fixed'>x</b>",
    '<table><tr><td style="text-align: right;">x</td></tr></table>',
    "<div\n\nonclick=alert(1)>",
    "<iframe src=https://example.org/></iframe>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<base href=https://example.org/>",
    "<form action=https://example.org/><input name=x></form>",
    "<object data=x></object>",
    "<title>x</title>",
    "<textarea>",
    "<div>offen",
    "</div></article></main>",
    "x </main> y",
    "<!-- nur für uns -->",
    "<!DOCTYPE html>",
    "<?php echo 1; ?>",
    "<![CDATA[ x ]]>",
    "<div><![x</div>",
    "a <![ b",  # at which MkDocs fails
    "`<![x[`",
    "<h1>x]) <!--<div<pre></h1>",  # without an end, hence text to Python, and the rest of the page to a browser
    "<pre><![CDATA[<div></pre>",
    '>\n<details><img alt="> </details>',
    '<div title=="x onclick=alert(1) y">x</div>',  # one value to Python, a handler to a browser
    '<p title="&para;</a><img src=x onerror=alert(1)>">x</p>',  # the theme puts tags before the `</a>`
    "<div>x</ div>",
    "<li>x</li>",  # what browsers close by themselves, so that the end closes what is around the page
    "<ul><li><div><li>x</li></div></li></ul>",
    "<dl><dd><div><dt>x</dt></div></dd></dl>",
    "<h2><div><h2><h3>x</h3></h2></div></h2>",
    "<table><div><table></table></div></table>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<b>)",
    "[x](file:///etc/passwd)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[y]\n\n[y]: <javascript:alert(1)>",
    "<javascript:alert(1)>",
    "![x](https://example.org/x.png)",
    "![x](//example.org/x.png)",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    '<a href="gruss">x</a>',
    '<img alt="" src="bild.png">',
    "!!! note\n\n    [x](gruss)",  # code to one parser, a link to the other
    "[x](gruss){: onclick=alert(1) }",
    "[x](gruss){: style='color:red' }",
    "# Titel {: onfocus=alert(1) tabindex=0 }",
    "Absatz\n{: onclick=alert(1) }",
    '!!! note "<script>alert(1)</script>"\n    x',
    "``` { .html onclick=alert(1) }\nx\n```",
    "~~~ {: onmouseover=alert(1) }\nx\n~~~",
    '``` { #eigen style="position:fixed" }\nx\n```',
    "``` { .html #__config }\n{}\n```",
    "``` { .html .mermaid }\ngraph TD; A-->B\n```",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "`{}`{: #__config }",
    "## \\_\\_config",
    '<p id="__search">x</p>',
    '<pre class="mermaid">graph TD; A-->B</pre>',
    "`x`\n{: .a .mermaid }",
    "!!! mermaid\n    x",
    '<a class="md-consent__overlay" href="https://example.org/">x</a>',  # covers the whole page, unseen
    "[x](https://example.org/){: .pb-card__link }",
    '<p\vtitle="x onclick=alert(1) ">',  # to browsers there is no blank in it, and a name ends at the next one
    "".join("\t" * depth + "- a\n" for depth in range(300)),
    "".join("\t" * depth + "- a\n" for depth in range(150)),  # which a build had no room for
]
ALLOWED = [
    "# Titel {: #eigen .klasse }\n\n*a* **b** `<script>` [x](gruss) <https://example.org/> <a@example.org>",
    "[x][y] [x]( gruss) [x](<gruss#a> 'Titel') ![](bild.png)\n\n[y]: <gruss>",
    "!!! note\n\n    [x](../gruss.md#a)\n\n[x](https://example.org/){: .md-button .md-button--primary .eigene }",
    "    <script>alert(1)</script>",
    "```html\n<script>alert(1)</script>\n<![x[\n```",
    "[x](https://example.org/?a=b&c=d) [y](mailto:a@example.org) [z](tel:+431) [w](../gruss.md#a) [v](#a)",
    "| a | b |\n|:--|--:|\n| `</table>` | 2 |",
    '!!! note "Hinweis"\n    Text',
    "1 < 2 > 0 & 3, a<b, <3, &lt;script&gt;, </ , x <",
    "Taste <kbd>S</kbd>, H<sub>2</sub>O, Zeile<br>Zeile, <details><summary>Mehr</summary>Text</details>",
    "<table class='x' width=\"5\"><tr\n><td colspan=2>1</td></tr></table>\n\n<DL>\n<dt>a</dt><dd>b</dd>\n</dl>",
    "1. a\n2. b\n\n> Zitat\n\n---\n\n{{ 7*7 }} {% raw %} $x^2$",
]


def test_columns_are_aligned_by_classes_for_the_policy_lets_no_style_pass() -> None:
    table = Markdown(extensions=["tables", "generator.site.tables"]).convert(
        "| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |"
    )
    assert 'style="' not in table
    assert re.findall("<t[dh]\\b.*>", table) == [
        *("<th>a</th>", '<th class="pb-right">b</th>', '<th class="pb-center">c</th>'),
        *("<td>1</td>", '<td class="pb-right">2</td>', '<td class="pb-center">3</td>'),
    ]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_more_than_markdown_is_a_problem_at_its_place(text: str, small: Path) -> None:
    (small / "content/seite.md").write_text(f"{FRONT}\nErste Zeile\n\n{text}\n", "utf-8")
    problems = [problem for problem in examine(small, TODAY).problems if problem.severity == "error"]
    assert problems
    assert {problem.path for problem in problems} == {"content/seite.md"}
    assert all(5 <= problem.line <= 8 + text.count("\n") for problem in problems)


@pytest.mark.parametrize("text", ALLOWED)
def test_markdown_is_fine(text: str) -> None:
    assert inadmissible(text, EXTENSIONS) == []


def test_a_page_is_judged_as_it_is_made(tmp_path: Path) -> None:
    """With each extension that the engine has, in the same order."""
    mine = settings(PROJECT / "mkdocs.yml")
    (tmp_path / "docs").mkdir()
    config = load_config(str(configure(tmp_path, PROJECT / "mkdocs.yml", PROJECT / "templates/theme", [])))
    entries = yaml.safe_load(as_built(mine["markdown_extensions"]))
    names = [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]
    assert list(dict.fromkeys(names)) == config["markdown_extensions"]


def test_places_and_words(small: Path) -> None:
    text = f"{FRONT}a <br> b <b>\nx [y](JavaScript:z)\n\n[q](gruss){{: onclick=1 }} <!-- c --> </main>\n"
    (small / "content/seite.md").write_text(text)
    assert messages(small) == [
        "content/seite.md:5:10: '<b>' is HTML, and pages are Markdown; write '&lt;' for a '<' that is to be shown",
        "content/seite.md:6:7: 'JavaScript:z' is no address that a page may lead to; take a page, or one with"
        " 'http:', 'https:', 'mailto:', 'tel:'",
        "content/seite.md:8:14: the attribute 'onclick' is not allowed in a page; remove it",
        "content/seite.md:8:26: a comment would be published; remove it",
        "content/seite.md:8:37: '</main>' closes what is not open; remove it",
    ]


@pytest.mark.parametrize("text", ["[", "![", "[a](", "[x][", "[a](<", "<a ", "<b>", "# a\n", "> a\n> =\n", "~~~x\n"])
def test_what_would_take_minutes_is_refused_unread(text: str, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Markdown, "convert", lambda self, source: "")
    monkeypatch.setattr(MarkdownIt, "parse", lambda self, source, env=None: [])
    times = MOST // (1 if "~" in text else sum(char in "[<#=" for char in text))
    (small / "content/seite.md").write_text(f"{FRONT}\n{text * times}\n")
    assert messages(small) == []
    monkeypatch.undo()
    (small / "content/seite.md").write_text(f"{FRONT}\n{text * (times + 9)}\n")
    (message,) = messages(small)
    assert "more than 1,000 '[', '<', '#', underlines and '```' up to here; split the page" in message
    assert message.startswith("content/seite.md:6:" if "\n" not in text else "content/seite.md:")


def test_a_page_has_an_end(small: Path) -> None:
    (small / "content/seite.md").write_text(f"{FRONT}{'_*' * LONGEST}\n")
    assert messages(small) == ["content/seite.md:5:50001: more than 50,000 characters up to here; split the page"]


def test_a_translation_is_judged_as_well(small: Path) -> None:
    (small / "content/hilfe.en.md").write_text(f"{FRONT}<script>alert(1)</script>\n")
    assert "content/hilfe.en.md:5:1: '<script>' is HTML" in "\n".join(messages(small))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("- x", "1:1: the file must be `key: value` lines, not a list"),
        ("theme: material", "1:8: 'theme' must be `key: value` lines, not the text 'material'"),
        ("x: 1\nsite_name: 5", "2:12: 'site_name' must be text; put it in quotes, not the number '5'"),
        ("site_url: javascript:alert(1)", "1:11: 'site_url' must be an address that begins with https://"),
        ("site_url: 'https://x.example/\"><script>'", "1:11: 'site_url' must be an address"),
        ("site_url: https://käse.example/", "1:11: 'site_url' must be an address"),  # scanners read 蒿 for ä
        ("site_url: https://x.example/?a=b", "1:11: 'site_url' must be an address"),  # more follows in codes
        (f"site_url: 'https://x.example/{'a' * 2_500}/'", "1:11: 'site_url' must be an address"),
        ("extra: {guest_url: 'javascript:alert(1)'}", "1:20: 'extra.guest_url' must be an address that begins with"),
        ("extra: {guest_url: [x]}", "1:20: 'extra.guest_url' must be text"),
        ("extra: x", "1:8: 'extra' must be `key: value` lines"),
        ("markdown_extensions: x", "1:22: 'markdown_extensions' must be a list"),
        ("markdown_extensions: [toc: [x]]", "1:28: 'markdown_extensions.0.toc' must be `key: value` lines"),
        (
            "markdown_extensions: [toc: {permalink_title: 5}]",
            "'markdown_extensions.0.toc.permalink_title' must be text",
        ),
        ("a: &a [x, x]\nb: [*a, *a]", "2:5: '*a' is an alias; write the value out"),
        ("a: " + "[" * 10_000, "1:23: nested deeper than 20 levels"),
        ("a: [" + "x, " * 10_000, "or more than 6,000 values; shorten the file"),
        ("a: 1" + ":59" * 100_000, "1:4: more than 1,000 characters without quotes; put them in quotes"),
        ("a: '" + "x" * 1_000_000, "1:1: the file is larger than 1,000,000 bytes"),
        ("INHERIT: mkdocs.yml", "1:1: cannot be read: "),
        ("theme: {palette: x}", "1:18: 'theme.palette' must be a list"),
        ("theme: {palette: [{toggle: {}}]}", "1:28: 'theme.palette.0.toggle.name' is missing; add it"),
        ("x: 1\nsite_name: Haus: Garten", "2:16: a second ':' in one line; put a text that contains ': ' in quotes"),
        ("x: [", "1:4: the '[' or '{' around this is not closed"),
    ],
)
def test_settings_that_are_not_like_ours_are_a_problem(config: str, message: str, small: Path) -> None:
    (small / "mkdocs.yml").write_text(config)
    assert f"{small}/mkdocs.yml:" in messages(small)[0]
    assert message in messages(small)[0]


def test_the_small_playbook_is_fine() -> None:
    assert messages(SMALL) == []
