"""YAML's syntax errors, in an author's words."""

from __future__ import annotations

import re
from typing import Any

import yaml

from generator.problems import Problem

NO_COLON = "no ': ' after the key; write `key: value`, or indent the line if it belongs to the text above"
_WORDS = re.compile(r"[^\W_](?!.*:(\s|$))")  # a line that begins like a key but is none
_NO_BREAK = re.compile("(^|[ :-])\u00a0", re.MULTILINE)


def syntax_problem(path: str, text: str, error: Any, last: Any) -> list[Problem]:
    """libyaml's error at the place where an author has to look, in words that say what to do.

    `last` is the last event before the error; what went wrong often began with it.
    """
    said, lines = str(error.problem), [*text.split("\n"), ""]
    at = error.problem_mark
    opened = error.context_mark or at  # the quote, bracket or key that libyaml was reading
    begun, ended = last.start_mark, last.end_mark
    char, opener = text[at.index : at.index + 1], text[opened.index : opened.index + 1]
    goes_on = begun.line < ended.line == at.line  # a text that began above ends in this line
    key_place = not lines[begun.line][: begun.column].strip(" -?")
    quoted = isinstance(last, yaml.ScalarEvent) and last.style in ("'", '"')
    bracket = isinstance(last, yaml.CollectionEndEvent) and begun.index < ended.index
    indent = len(lines[at.line]) - len(lines[at.line].lstrip())
    after_text = re.search("expected (key|<document)", said) and ended.line == at.line

    def tell(mark: Any, message: str, column: int = 0) -> list[Problem]:
        around = "\n".join(lines[min(begun.line, mark.line) : mark.line + 1])
        hint = "; type an ordinary space for the no-break space in this line" if _NO_BREAK.search(around) else ""
        return [Problem(path, mark.line + 1, column or mark.column + 1, message + hint)]

    if isinstance(last, yaml.AliasEvent) and ended.line == at.line:
        return []  # reported already
    if "\t" in lines[at.line][:indent]:
        return tell(at, "indent with spaces, not with tabs")
    if "end of stream" in said or (quoted and goes_on):
        return tell(
            opened if "end of stream" in said else begun,
            "the quote that opens here is not closed where the text ends; close it",
        )
    if "find expected ':'" in said or ("mapping values" in said and goes_on and key_place):
        return tell(opened if error.context_mark else begun, NO_COLON)
    if "mapping values" in said and goes_on:
        message = "indented as if the text above went on; start the line in the column of its neighbours"
        return tell(at, message, indent + 1)
    if "mapping values" in said or "unexpected ':'" in said:
        return tell(at, "a second ':' in one line; put a text that contains ': ' in quotes")
    if "expected ',' or" in said:
        if opened.line == at.line:
            return tell(
                at, f"a ',' or {said[-3:]} is missing before this; put text with commas, colons or brackets in quotes"
            )
        comment = "; put a text with ' #' in quotes" if " #" in lines[opened.line] else ""
        return tell(opened, f"the '{opener}' that opens here is not closed; add {said[-3:]}{comment}")
    if after_text and quoted:
        return tell(at, "text goes on after the closing quote; put all of it in one pair of quotes")
    if after_text and bracket and char in ("]", "}"):
        return tell(at, f"one '{char}' too many; remove it")
    if after_text and bracket:
        return tell(at, "text goes on after the closing bracket; put a text that starts with '[' or '{' in quotes")
    if "expected key" in said and char == ":":
        return tell(at, "the key before ':' is missing; add it")
    number, first = next((n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))
    if "expected <document" in said and number <= at.line and _WORDS.match(first):  # a comment has ended that text
        return [Problem(path, number, 1, NO_COLON)]
    if re.search("expected (key|'-'|<document)", said) and not getattr(last, "explicit", False):  # a `...`
        return tell(at, "indented unlike the lines above; start lines that belong together in one column")
    if not text[at.index :].strip():
        return tell(begun, "the '[' or '{' around this is not closed; add ']' or '}'")
    if re.search("alias|anchor|block scalar|next token|node", str(error.context)) or "not allowed in" in said:
        return tell(opened, f"put a text that starts with '{opener}' in quotes")
    if "escape" in said:
        return tell(at, "a backslash in double quotes starts an escape; write it twice, or use single quotes")
    return tell(at, f"not valid YAML: {said}")
