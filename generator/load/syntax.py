"""YAML's syntax errors, in an author's words."""

from __future__ import annotations

import re
from typing import Any

import yaml

from generator.problems import Problem

_NO_COLON = "no ': ' after the key; write `key: value`, or indent the line if it belongs to the text above"
_WORDS = re.compile(r"[^\W_](?!.*:(\s|$))")  # a line that begins like a key but is none
_NO_BREAK = re.compile("(^|[ :-])\u00a0", re.MULTILINE)


def syntax_problem(path: str, text: str, error: Any, last: Any) -> list[Problem]:
    """libyaml's error at the place where an author has to look, in words that say what to do.

    `last` is the last event before the error; what went wrong often began with it.
    """
    reason, lines = str(error.problem), [*text.split("\n"), ""]
    at = error.problem_mark
    opened = error.context_mark or at  # the quote, bracket or key that libyaml was reading
    start, end = last.start_mark, last.end_mark
    char, opener = text[at.index : at.index + 1], text[opened.index : opened.index + 1]
    continued = start.line < end.line == at.line  # a text that started above ends in this line
    quoted = isinstance(last, yaml.ScalarEvent) and last.style in ("'", '"')
    bracket = isinstance(last, yaml.CollectionEndEvent) and start.index < end.index
    indent = len(lines[at.line]) - len(lines[at.line].lstrip())
    after_text = re.search("expected (key|<document)", reason) and end.line == at.line

    def problem(mark: Any, message: str, column: int = 0) -> list[Problem]:
        around = "\n".join(lines[min(start.line, mark.line) : mark.line + 1])
        hint = "; replace the no-break space in this line with an ordinary space" if _NO_BREAK.search(around) else ""
        return [Problem(path, mark.line + 1, column or mark.column + 1, message + hint)]

    if isinstance(last, yaml.AliasEvent) and end.line == at.line:
        return []  # reported already
    if "\t" in lines[at.line][:indent]:
        return problem(at, "indent with spaces, not with tabs")
    if "end of stream" in reason or (quoted and continued):
        mark = opened if "end of stream" in reason else start
        return problem(mark, "the quote that opens here is not closed; close it where the text ends")
    if "find expected ':'" in reason:
        return problem(opened if error.context_mark else start, _NO_COLON)
    if "mapping values" in reason and continued:
        if not lines[start.line][: start.column].strip(" -?"):  # the text is where a key would be
            return problem(opened if error.context_mark else start, _NO_COLON)
        return problem(at, "indented as if it continued the text above; align the line with its neighbours", indent + 1)
    if "mapping values" in reason or "unexpected ':'" in reason:
        return problem(at, "a second ':' in one line; put a text that contains ': ' in quotes")
    if "expected ',' or" in reason:
        wanted = reason[-3:]
        if opened.line == at.line:
            advice = "put text with commas, colons or brackets in quotes"
            return problem(at, f"a ',' or {wanted} is missing before this; {advice}")
        comment = "; put a text with ' #' in quotes" if " #" in lines[opened.line] else ""
        return problem(opened, f"the '{opener}' that opens here is not closed; add {wanted}{comment}")
    if after_text and quoted:
        return problem(at, "there is text after the closing quote; put all of it in one pair of quotes")
    if after_text and bracket and char in ("]", "}"):
        return problem(at, f"one '{char}' too many; remove it")
    if after_text and bracket:
        return problem(at, "there is text after the closing bracket; put a text that starts with '[' or '{' in quotes")
    if "expected key" in reason and char == ":":
        return problem(at, "the key before ':' is missing; add it")
    number, first = next((n, line) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))
    if "expected <document" in reason and number <= at.line and _WORDS.match(first):  # a comment has ended that text
        return [Problem(path, number, 1, _NO_COLON)]
    if re.search("expected (key|'-'|<document)", reason) and not getattr(last, "explicit", False):  # a `...`
        return problem(at, "indented differently from the lines above; align lines that belong together")
    if not text[at.index :].strip():
        return problem(start, "the '[' or '{' around this is not closed; add ']' or '}'")
    if re.search("alias|anchor|block scalar|next token|node", str(error.context)) or "not allowed in" in reason:
        return problem(opened, f"put a text that starts with '{opener}' in quotes")
    if "escape" in reason:
        return problem(at, "a backslash in double quotes starts an escape; write it twice, or use single quotes")
    return problem(at, f"not valid YAML: {reason}")
