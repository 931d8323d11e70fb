"""Blocks of HTML that go past the parsers: a page is the same with and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown import Markdown
from mkdocs.structure.pages import _RawHTMLPreprocessor

from generator import load_playbook
from generator.audience.edition import team_edition
from generator.load import load
from generator.load.settings import settings
from generator.pages.environment import Templates
from generator.pages.recipes import render
from generator.project import symbols
from generator.site.blocks import elements

ONE = '<div id="a">\n<div>x &amp; y</div>\n<p>z\n</div>'


def both(body: str, project: Path) -> list[tuple[str, set[str]]]:
    """(HTML, ids of raw HTML as MkDocs finds them) of Markdown without and with the extension."""
    found = []
    for ours in ([], ["generator.site.blocks"]):
        extensions = settings(project / "mkdocs.yml")["markdown_extensions"]
        names = [next(iter(e)) if isinstance(e, dict) else e for e in extensions]
        options = {name: e[name] for name, e in zip(names, extensions, strict=True) if isinstance(e, dict)}
        markdown = Markdown(extensions=[*names, *ours], extension_configs=options)
        anchors = _RawHTMLPreprocessor()
        anchors._register(markdown)
        found.append((markdown.convert(body), anchors.present_anchor_ids))
    return found


def test_every_page_of_the_handbook_is_the_same(project: Path) -> None:
    templates = Templates(project / "templates" / "pages", symbols(project))
    files = render(team_edition(load_playbook(project), load(project).pages), templates)
    pages = {uri: text.split("\n---\n", 1)[1] for uri, text in files.items() if uri.endswith(".md")}
    assert len(pages) > 60
    quick = 0
    for uri, body in pages.items():
        without, with_ours = both(body, project)
        assert without == with_ours, uri
        quick += sum(len(block) for block in body.split("\n\n") if elements(block.lstrip("\n")))
    assert quick > 0.8 * sum(map(len, pages.values())), "most of the handbook takes the quick way"


@pytest.mark.parametrize(
    "body",
    [
        ONE,
        f"Text\n\n{ONE}\n\n\n\n{ONE}\n\n# Title\n{ONE}",
        f'{ONE}\n<ul id="u"><li>x</li></ul>\n{ONE}\n\nText *with* marks',
        f"{ONE} and *text*\n\nText",
        f"{ONE}\nand *text*",
        f" {ONE}\n\n- {ONE}\n\n> {ONE}",
        "<div>\n\n*inside*\n\n</div>",
        "<div>never *closed*\n\nText",
        "<div>one</div><div>two</div>\n\n<p>one</p></div>\n\n</div>",
        '<div title="</div>">*x*</div>\n\n<div title="<div>">*x*</div>\n\n*x*',
        "<div><script>'</div>'</script></div>\n\n<div><!-- </div> --></div>\n\n*x*",
        "<div/>\n\n<div />\n\n<div><br></div >\n\n<DIV>x</DIV>\n\n<b>x</b>\n\n*x*",
        "    <div>code</div>\n\n`<div>`\n\n<dl><dt>x</dt>\n<dd>y</dd></dl>   \n\n*x*",
        "<ul><li><ul><li>*x*</li></ul></ul>\n\n<table><tr><td>x</table>\n\n*x*",
    ],
)
def test_html_of_any_kind_is_the_same(body: str, project: Path) -> None:
    without, with_ours = both(body, project)
    assert without == with_ours


def test_what_is_one_block_is_told_apart() -> None:
    assert elements(f"{ONE}\n<p>x</p>") == [ONE, "<p>x</p>"]
    assert elements("<div>x</div> y") == elements("<div><div>x</div>") == elements("x <p>y</p>") == []
