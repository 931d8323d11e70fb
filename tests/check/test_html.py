"""Hand-written pages are Markdown: what runs, loads from elsewhere or breaks the page around it is a problem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.config import load_config

from generator.check.html import as_built, findings
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
    "<kbd onmouseover=alert(1)>x</kbd>",
    "<b>x</b>",
    "<div\nonclick=alert(1)>x</div>",
    '<div class="md-x">\n</div>',
    "<iframe src=https://example.org/></iframe>",
    "<style>*{display:none}</style>",
    "<base href=https://example.org/>",
    "<x:script onclick=alert(1)>",
    "<a@b onclick=alert(1)>",
    '<div onclick=alert(1) x="',  # what follows on the page may close it
    "</div></article></main>",
    "x </main> y",
    "a<b",
    "<!-- nur für uns -->",
    "<!DOCTYPE html>",
    "<?php echo 1; ?>",
    "<![CDATA[ x ]]>",
    "`<![x[`",  # at which MkDocs fails
    "`a\n<div onclick=alert(1)>x</div>`",  # Python-Markdown looks for blocks of HTML before it looks for code
    "``a\n\u2003<div/x@ onclick=alert(1)>``",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html,<b>)",
    "[x](file:///etc/passwd)",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<javascript://%0aalert(1)>",
    "![x](https://example.org/x.png)",
    "![x](//example.org/x.png)",
    "![x](/\\example.org/x.png)",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "![x](x.png){: src=//example.org/x.png }",
    "!!! note\n\n    [x](gruss)",  # code to one parser, a link to the other
    "[x](gruss){: onclick=alert(1) }",
    "[x](gruss){: onclick }",
    "[x](gruss){: href=javascript:alert(1) }",
    "[x](gruss){: style='color:red' }",
    "# Titel {: onfocus=alert(1) tabindex=0 }",
    "Absatz\n{: onclick=alert(1) }",
    '!!! note "<script>alert(1)</script>"\n    x',
    "``` { .html onclick=alert(1) }\nx\n```",
    '``` { #eigen style="position:fixed" }\nx\n```',
    "``` { .html #__config }\n{}\n```",
    "``` { .html .mermaid }\ngraph TD; A-->B\n```",
    "[x](a.html \"\n``` { .html id='onclick=alert(1) x' }\ny\n```\n\")",  # in Zensical it ends the title, and runs
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "`{}`{: #__config }",
    "## \\_\\_config",
    "`x`\n{: .a .mermaid }",
    "!!! mermaid\n    x",
    "[x](https://example.org/){: .pb-card__link }",  # covers the whole page, unseen
    "".join("\t" * depth + "- a\n" for depth in range(300)),
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
    "1 < 2 > 0 & 3, <3, &lt;script&gt;, x <",
    "Taste <kbd>S</kbd>, H<sub>2</sub>O, Zeile<br>Zeile<BR />",
    "<https://example.org/>\n<a@example.org>\n<kbd>S</kbd>",
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
    assert findings(text, EXTENSIONS) == []


def test_a_page_is_judged_as_it_is_made(tmp_path: Path) -> None:
    """With each extension that the engine has, in the same order, but for the one that only makes it quick."""
    mine = settings(PROJECT / "mkdocs.yml")
    (tmp_path / "docs").mkdir()
    config = load_config(str(configure(tmp_path, PROJECT / "mkdocs.yml", PROJECT / "templates/theme", [])))
    assert list(as_built(mine["markdown_extensions"])) == [
        name for name in config["markdown_extensions"] if name != "generator.site.blocks"
    ]


def test_places_and_words(small: Path) -> None:
    text = f"{FRONT}a <br> b <b>\nx [y](JavaScript:z)\n\n[q](gruss){{: onclick=1 }} <!-- c --> </main>\n"
    (small / "content/seite.md").write_text(text)
    html = (
        "is HTML; pages may only hold <br>, <kbd>, <sub> and <sup>; write '&lt;' for '<', or put it in a block of code"
    )
    assert messages(small) == [
        f"content/seite.md:5:10: '<b>' {html} (```)",
        "content/seite.md:6:7: 'JavaScript:z' is not an address that pages may link to; start it with"
        " http:, https:, mailto:, tel:",
        "content/seite.md:8:14: the attribute 'onclick' is not allowed in a page; remove it",
        f"content/seite.md:8:26: '<!--' {html} (```)",
        f"content/seite.md:8:37: '</main>' {html} (```)",
    ]


def test_options_of_extensions_may_be_functions(small: Path) -> None:
    (small / "mkdocs.yml").write_text(
        "markdown_extensions:\n  - toc:\n      slugify: !!python/name:markdown.extensions.toc.slugify_unicode\n"
    )
    (small / "content/seite.md").write_text(f"{FRONT}<b>\n")
    assert len(messages(small)) == 1


def test_a_translation_is_judged_as_well(small: Path) -> None:
    (small / "content/hilfe.en.md").write_text(f"{FRONT}<script>alert(1)</script>\n")
    assert "content/hilfe.en.md:5:1: '<script>' is HTML" in "\n".join(messages(small))


def test_the_small_playbook_is_fine() -> None:
    assert messages(SMALL) == []
