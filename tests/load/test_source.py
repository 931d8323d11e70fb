"""The YAML reader: what it reads, where everything stands, and when it refuses to go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.load import load
from generator.load.scalars import plain
from generator.load.source import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, MAX_VALUES, Loc, Source, odd_characters, read_yaml
from generator.problems import Problem


def read(text: str) -> Source:
    result, problems = read_yaml("x.yml", text)
    assert problems == []
    return result


def problems_of(text: str) -> list[str]:
    return [f"{p.line}:{p.column}: {p.message}" for p in read_yaml("x.yml", text)[1]]


# ---------------------------------------------------------------------- places

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(lambda text: not odd_characters("", text))
PLAIN = TEXT.filter(lambda text: not plain(text)[1] and text != "<<")
SCALAR = PLAIN | st.booleans() | st.none() | st.integers(-(10**18) + 1, 10**18 - 1) | st.dates()


def mappings(keys: st.SearchStrategy[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    nested = st.recursive(
        values, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
    )
    return st.dictionaries(keys, nested, max_size=5)


def same_as_pyyaml(data: Any, **style: Any) -> None:
    """`data`, dumped, is read back equal; keys and values stand where PyYAML's own composer sees them."""
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, **style)
    found = read(text)
    assert as_lists(found.data) == data
    keys, values, spans = {}, {}, {}
    for loc, key, node in nodes(yaml.compose(text, Loader=yaml.SafeLoader)):
        if key is not None:
            keys[loc] = (key.start_mark.line + 1, key.start_mark.column + 1)
            assert found.place(*loc, key=True) == keys[loc]
        values[loc] = (node.start_mark.line + 1, node.start_mark.column + 1)
        assert found.place(*loc) == values[loc]
        spans[loc] = (node.start_mark.index, node.end_mark.index)
        if isinstance(node, yaml.ScalarNode):
            assert found.places.spans[loc] == spans[loc]
    assert (found.places.keys, found.places.values, found.places.spans.keys()) == (keys, values, spans.keys())


def nodes(node: Any, loc: Loc = (), key: Any = None) -> Iterator[tuple[Loc, Any, Any]]:
    yield loc, key, node
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from nodes(item, (*loc, index))
    elif isinstance(node, yaml.MappingNode):
        for name, item in node.value:
            yield from nodes(item, (*loc, name.value), name)


def as_lists(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: as_lists(value) for key, value in data.items()}
    return [as_lists(item) for item in data] if isinstance(data, tuple) else data


@given(mappings(TEXT, TEXT), st.sampled_from(['"', "'"]), st.booleans())
def test_quoted_texts_are_read_back_with_their_places(data: Any, style: str, flow: bool) -> None:
    same_as_pyyaml(data, default_style=style, default_flow_style=flow)


@given(mappings(PLAIN, SCALAR), st.booleans())
def test_plain_values_are_read_back_with_their_places(data: Any, flow: bool) -> None:
    same_as_pyyaml(data, default_flow_style=flow)


def test_the_place_of_what_is_not_there_is_the_place_around_it() -> None:
    found = read("a:\n  - b: 1\n    c: 2\n")
    assert found.place("a", 0, "c") == (3, 8)
    assert found.place("a", 0, "c", key=True) == (3, 5)
    assert found.place("a", 0, "d") == found.place("a", 0, "d", key=True) == (2, 5)
    assert found.place("a", 7) == (1, 1)  # the key `a`
    assert found.place("z") == (1, 1)
    assert Source("x.yml").place("a") == (1, 1)
    assert found.problem(("a", 0, "c"), "nein", warning=True) == Problem("x.yml", 3, 8, "nein", "warning")


def test_the_place_of_words_in_a_value() -> None:
    found = read("a: eins\nb: >-\n  eins zwei\n  drei zwei\nc: zwei\n")
    assert found.place_of(("b",), "zwei") == (3, 8)
    assert found.place_of(("b",), "zwei", nth=1, into=2) == (4, 10)
    assert found.place_of(("b",), "zwei", nth=2) == found.place_of(("b",), "vier") == (2, 4)
    assert found.place_of(("a",), "zwei") == (1, 4)
    assert found.place_of(("z",), "zwei") == (1, 1)


# ------------------------------------------------------------------ what is read

TOKENS = [*"ab:-?[]{},#&*!|>'\"%@~= \n", ": ", "- ", "\n  ", "\n- ", "\na: ", "no", "12:30", "017", "1.5", "7", "true"]
TOKENS += ["null", "2026-11-01", "2026-02-30", "1_0", "1e3", ".5", "---\n", "...\n", "\t", "ü", "🎉"]


NUMBERS = st.text("0123456789_.:+-eExoabfinNT~ ", max_size=12)


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join) | st.text(max_size=40) | NUMBERS)
@settings(max_examples=500)
def test_any_text_is_read_as_pyyaml_does_or_refused_at_a_place_in_it(text: str) -> None:
    result, problems = read_yaml("x.yml", text)
    lines = [*text.split("\n"), ""]
    for problem in problems:
        assert str(problem).isprintable()
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    if not problems:
        assert as_lists(result.data) == yaml.load(text, yaml.CSafeLoader)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("1.50", 1.5),
        ("2026-11-01", date(2026, 11, 1)),
        ("ja", "ja"),
        ("nein", "nein"),
        ("1.11.2026", "1.11.2026"),
        ("-1d", "-1d"),
        ("+30min", "+30min"),
        ("45 min", "45 min"),
        ("1:1", "1:1"),
        ("٣", "٣"),
        ("Norbert", "Norbert"),
    ],
)
def test_plain_texts(text: str, value: object) -> None:
    if text == "1:1":
        assert plain(text)[1]  # a ratio, but also a number of base 60
    else:
        assert plain(text) == (value, "")
        assert type(plain(text)[0]) is type(value)


def test_in_quotes_everything_is_text() -> None:
    text = """{"<<": '12:30', "no": "no", 'null': "*a", "12": "&b !c", '~': "# d"}"""
    assert read(text).data == {"<<": "12:30", "no": "no", "null": "*a", "12": "&b !c", "~": "# d"}


def test_an_alias_does_not_hide_what_follows() -> None:
    assert [line.split("; ")[0] for line in problems_of("a: *b c")] == ["1:4: '*b' is an alias"]
    assert [line.split("; ")[0] for line in problems_of("a: *b\n  c: 1")] == [
        "1:4: '*b' is an alias",
        "2:3: indented differently from the lines above",
    ]


def test_what_is_refused_is_not_half_read() -> None:
    assert read_yaml("x.yml", "a: 1\n---\nb: 2")[0].data is None
    assert read_yaml("x.yml", "a: 1\nb: [")[0].data is None
    assert read_yaml("x.yml", "a: 1\na: 2\n<<: {b: 3}")[0].data == {"a": 1}
    assert read_yaml("x.yml", "a: 1\n[c]: 4")[0].data is None


# ----------------------------------------------------------------------- limits


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting(opening: str) -> None:
    too_deep = [line for line in problems_of(opening * 500_000) if "nested deeper" in line]
    column = 1 + len(opening) * MAX_DEPTH
    assert too_deep == [f"1:{column}: nested deeper than 20 levels; flatten it"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}")])
def test_as_deep_as_allowed(opening: str, closing: str) -> None:
    read(opening * MAX_DEPTH + closing * MAX_DEPTH)
    read(opening * MAX_DEPTH + "x" + closing * MAX_DEPTH)
    assert len(problems_of(opening * (MAX_DEPTH + 1) + closing * (MAX_DEPTH + 1))) == 1


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "billion laughs": LAUGHS,
    "aliases": "a: &a [1]\nb: [" + "*a, " * 240_000 + "]",
    "recursion": "a: &a [*a]",
    "merging": "a: &a {x: 1}\n" + "b: {<<: *a}\n" * 80_000,
    "same keys": "a: 1\n" * 190_000,
    "doubtful texts": "- no\n" * 190_000,
    "brackets": "[" * 990_000,
    "braces": "{" * 990_000,
    "complex keys": "? " * 490_000,
    "entries": "-\n" * 490_000,
    "empty lists": "[" + "[]," * 330_000 + "]",
    "control characters": "\0" * 990_000,
    "documents": "---\n" * 240_000,
    "anchors": "&a " * 330_000,
    "a key": "k" * 990_000 + ": 1",
    "quotes": '"' * 990_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_before_they_are_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: so few events are looked at, and so little is said about them."""
    seen = 0

    class Counting(yaml.CSafeLoader):
        def get_event(self) -> Any:
            nonlocal seen
            seen += 1
            return super().get_event()

    monkeypatch.setattr("yaml.CSafeLoader", Counting)
    assert len(BOMBS[name]) <= MAX_BYTES
    result, problems = read_yaml("x.yml", BOMBS[name])
    assert 1 <= len(problems) <= MAX_PROBLEMS + 1
    assert seen <= 2 * MAX_VALUES + 5
    if name not in ("entries", "empty lists"):  # large, but nothing else
        assert seen < 500
    assert len(result.places.values) <= MAX_VALUES


def test_many_values() -> None:
    fits = "\n".join(f"k{number}: 1" for number in range(MAX_VALUES - 1))  # the mapping itself is one
    assert len(read(fits).places.values) == MAX_VALUES
    (message,) = problems_of(fits + "\nend: 1")
    assert message == f"{MAX_VALUES}:6: more than 6,000 values up to here; split the file"


def test_many_problems() -> None:
    assert len(problems_of("- no\n" * (MAX_PROBLEMS - 1))) == MAX_PROBLEMS - 1
    messages = problems_of("- no\n" * MAX_PROBLEMS)
    assert messages[-1] == "100:3: 100 problems up to here; the rest of the file was not read"


@pytest.mark.parametrize("path", ["universes/gates.yml", "content/hilfe.md"])
def test_a_large_file_is_not_even_opened(path: str, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (small / path).read_text("utf-8")
    (small / path).write_bytes(text.encode() + b"\n#" + b"x" * (MAX_BYTES - len(text.encode()) - 2))
    assert (small / path).stat().st_size == MAX_BYTES
    assert load(small).problems == []

    (small / path).write_bytes((small / path).read_bytes() + b"x")
    read_bytes = Path.read_bytes
    opened = []

    def record(file: Path) -> bytes:
        opened.append(file)
        return read_bytes(file)

    monkeypatch.setattr(Path, "read_bytes", record)
    (problem,) = load(small).problems
    assert str(problem) == f"{path}:1:1: the file is larger than 1,000,000 bytes; split it"
    assert opened
    assert small / path not in opened
