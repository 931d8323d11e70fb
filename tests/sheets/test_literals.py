"""What Python gives to Typst is what Typst has: read back by Typst itself."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from generator.model.text import Foreign
from generator.sheets.literals import content, literal
from tests.conftest import examples

VALUES: list[Any] = [
    *(None, True, False, 0, -3, 10**12, 2.5, -0.125, ""),
    *(
        '"',
        "\\",
        '\\"); #panic("x")',
        "#emph[x]",
        "$x$",
        "`x`",
        "@x",
        "<x>",
        "// x",
        "/* x",
        "*x*",
        "_x_",
        "= x",
        "\\u{41}",
    ),
    *("ÄÖÜäöüß – „so“", "👩\u200d👩\u200d👧", "\u202eabc", "a\u200bb", "\u00ad", "\x00\x01\x1b", "\ue000"),
    *({}, {"a": 1}, {"a b": {"c": [{}, []]}, '"': None, "none": True}, [], [1], ["x"], [[], [1, [2]], {"k": []}]),
]


def as_typst_has(code: str, tmp_path: Path) -> Any:
    source = tmp_path / "x.typ"
    source.write_text(f"#metadata({code}) <x>", "utf-8")
    return json.loads(typst.query(str(source), "<x>", field="value", one=True))


def test_values_arrive_as_they_are(tmp_path: Path) -> None:
    assert as_typst_has(literal(VALUES), tmp_path) == VALUES
    assert as_typst_has(literal(tuple(VALUES)), tmp_path) == VALUES
    for value in VALUES:
        back = as_typst_has(literal(value), tmp_path)
        assert back == value
        assert type(back) is type(value)


@pytest.mark.parametrize(
    ("text", "set_"), [("a\tb\nc", "a b c"), ("a  \u2028 b", "a b"), ("10\u202f%\u2007x", "10\xa0%\xa0x")]
)
def test_spaces_that_fonts_lack_are_ordinary_ones(text: str, set_: str, tmp_path: Path) -> None:
    assert as_typst_has(literal(text), tmp_path) == set_


def test_code_stays_code_and_what_typst_has_not_is_refused() -> None:
    assert literal(Markup("#panic()")) == "#panic()"
    with pytest.raises(TypeError, match="no Typst literal for set"):
        literal({1})
    with pytest.raises(UndefinedError, match="'nichts' is undefined"):
        Environment(undefined=StrictUndefined, finalize=literal, autoescape=True).from_string("{{ nichts }}").render()


def test_prose_is_content_of_literals() -> None:
    text = "Eins *zwei* **drei**\nvier #x.\n\n- a [Gruss](gruss)\n\n  *d **e***  \n  f\n- b <i>\n\n"
    assert content(f"{text}3. c\n4. [x](javascript:y)") == (
        '[#par[#"Eins "#emph[#"zwei"]#" "#strong[#"drei"]#"" #"vier #x."]'
        '#list([#par[#"a "#"Gruss"]#par[#emph[#"d "#strong[#"e"]#""] #"f"]], [#par[#"b <i>"]], )'
        '#enum(start: 3, [#par[#"c"]], [#par[#"[x](javascript:y)"]], )]'
    )
    assert content(Foreign("Eins")) == '[#text(lang: "de")[#par[#"Eins"]]]'


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=examples(100))
@given(TEXT)
def test_a_text_is_one_literal(text: str) -> None:
    """Nothing in it ends the literal: outside escapes there is no quote, no line break, no control character."""
    code = str(literal(text))
    assert re.fullmatch(r'"(?:[^"\\\x00-\x1f\x7f]|\\["\\]|\\u\{[0-9a-f]+\})*"', code)
    back = re.sub(r'\\u\{([0-9a-f]+)\}|\\(["\\])', lambda m: chr(int(m[1], 16)) if m[1] else m[2], code[1:-1])
    assert "".join(back.split()) == "".join(text.split()) or {*text} & {*"\x1c\x1d\x1e\x1f\x85"}


@settings(max_examples=examples(100))
@given(st.text(st.sampled_from('*_[]()#"\\- 1.\na{}$<@'), max_size=40))
def test_prose_is_balanced_code_with_all_text_in_literals(text: str) -> None:
    code = re.sub(r'"(?:[^"\\]|\\.)*"', "", str(content(text)))
    assert re.fullmatch(r"(?:#(?:par|emph|strong|list|enum)|start: \d+|[\[\](), #])*", code)
    assert code.count("[") == code.count("]")
