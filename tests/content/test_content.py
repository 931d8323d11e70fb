"""The real content: complete, in our own words, and written the way we write.

* Every fact of the source text can be found by a reader: `seed_facts.yml`.
* No sentence is copied from it: `seed_shingles.txt` holds only hashes of its word runs,
  because the source text is not in the repository (`python -m tests.content.test_content < source.txt` makes them).
* Every ritual and universe has what a reader expects, in German typography, and says nothing twice.

A failure names the record, the line and the words.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from generator.audience.edition import team_edition
from generator.load.source import Loc, Source
from generator.load.tree import Tree
from generator.model.addresses import site_path
from generator.model.playbook import Playbook, published
from generator.model.ritual import Checklist, Ritual
from generator.model.text import SLUG
from generator.pages.environment import Templates
from generator.pages.recipes import render
from generator.pages.views import phases
from generator.pipeline import examine
from generator.problems import errors
from generator.project import PROJECT, part, symbols
from tests.conftest import TODAY

HERE = Path(__file__).parent
COPIED = 6  # so many words in a row are not told in our own words
REPEATED = 7  # so many words in a row, in two rituals, are a phrase that was pasted


@cache
def tree() -> Tree:
    return examine(PROJECT, TODAY)


@cache
def playbook() -> Playbook:
    return published(tree().playbook)


RITUALS = sorted(playbook().rituals)
UNIVERSES = sorted(playbook().universes)
PERMANENT = {  # links and printed sheets hang on these ids
    "dialog": "zuhoerrunde kundendialog offene-teambase mentoring-tandem lernschleife vertrautheits-check",
    "exklusiv": "sommerevent vip-circle-einladung produkt-ausblick produktmanager-lounge kaufoptionen"
    " lobby-inszenierung nachfassen",
    "tradition": "vertragsvorbesprechung empfang auftritt letzte-anweisungen diskreter-kundenbereich"
    " firmenjubilaeum generationswechsel",
    "purpose": "projekteinladung spin-off-werkstatt initialzuendung koepfe-und-koennen pasta-abend purpose-kompass",
}


def source_of(ritual: Ritual) -> Source:
    return tree().sources[f"ritual/{ritual.id}"]


def at(source: Source, *loc: str | int) -> str:
    """`path:line` of a value."""
    return f"{source.path}:{source.place(*loc)[0]}"


def report(problems: Iterable[str]) -> None:
    """Fail with all problems, one a line."""
    if lines := list(problems):
        pytest.fail("\n".join(lines), pytrace=False)


def test_the_sources_have_no_errors() -> None:
    """Records with errors are missing from every other test here."""
    report(str(problem) for problem in errors(tree().problems))
    assert set(UNIVERSES) == set(PERMANENT)
    report(
        f"universes/{universe}/rituals/{name}.yml is gone; ids are permanent"
        for universe, ids in PERMANENT.items()
        for name in ids.split()
        if name not in playbook().rituals or playbook().rituals[name].universe != universe
    )


# ------------------------------------------------------------------- the texts


@dataclass(frozen=True)
class Text:
    """A piece of text as typed (code blanked out), and where it stands."""

    source: Source
    loc: Loc
    text: str

    def place(self, needle: str = "") -> str:
        return f"{self.source.path}:{self.source.place_of(self.loc, needle)[0]}"


def yaml_texts(source: Source) -> Iterator[Text]:
    """Every text in a YAML file; ids are no texts."""

    def walk(value: Any, loc: Loc) -> Iterator[Text]:
        if isinstance(value, dict):
            for key, item in value.items():
                yield from walk(item, (*loc, key))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                yield from walk(item, (*loc, index))
        elif isinstance(value, str) and not re.fullmatch(SLUG, value):
            yield Text(source, loc, value)

    yield from walk(source.data, ())


def markdown_texts(path: Path) -> Iterator[Text]:
    """Every block of a Markdown file, front matter included; code and the quotes of `!!! tip "…"` are blanked out."""
    raw = path.read_text()
    source = Source(path.relative_to(PROJECT).as_posix(), raw.encode())
    text = re.sub(r"```.*?```|`[^`\n]*`", lambda match: re.sub(r"[^\n]", "·", match[0]), raw, flags=re.DOTALL)
    text = re.sub(r'^(!!! \w+ )"(.*)"$', r"\1·\2·", text, flags=re.MULTILINE)
    for number, block in enumerate(re.finditer(r"\S.*?(?=\n\s*\n|\Z)", text, re.DOTALL)):
        source.places.values[number,] = (text.count("\n", 0, block.start()) + 1, 1)
        source.places.spans[number,] = block.span()
        yield Text(source, (number,), block[0])


@cache
def texts() -> dict[str, list[Text]]:
    """Every text of the content by its file."""
    found = {source.path: list(yaml_texts(source)) for source in tree().sources.values()}
    for path in sorted((PROJECT / "content").rglob("*.md")):
        found[path.relative_to(PROJECT).as_posix()] = list(markdown_texts(path))
    return found


FILES = sorted(path for path in texts() if not path.endswith(".en.md"))  # German


def words(text: str) -> list[str]:
    """The words, without markup, case and punctuation; `Kund:innen` and `Spin-off` are one word each."""
    text = re.sub(r"\]\([^)]*\)", "", text).casefold()
    return [re.sub(r"\W|_", "", word) for word in re.findall(r"\w+(?:[:’'*-]+\w+)*", text)]


def runs(text: str, length: int) -> list[str]:
    """Every run of so many words."""
    found = words(text)
    return [" ".join(found[i : i + length]) for i in range(len(found) - length + 1)]


def joined(found: list[str], hits: Iterable[str]) -> list[str]:
    """Those of a text's runs that are hits, with overlapping ones put together."""
    hits, result, last = set(hits), list[str](), -9
    for index, run in enumerate(found):
        if run in hits:
            if index == last + 1:
                result[-1] += " " + run.rpartition(" ")[2]
            else:
                result.append(run)
            last = index
    return result


# ------------------------------------------------------------- the source text


class _Visible(HTMLParser):
    """Collects what a reader sees."""

    GLUED = frozenset({"a", "em", "strong"})  # within a word's line; all other tags part words
    HIDDEN = frozenset({"svg", "script", "style"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in self.HIDDEN
        self.parts.append("" if tag in self.GLUED else " ")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in self.HIDDEN
        self.parts.append("" if tag in self.GLUED else " ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def visible(markdown: str) -> str:
    """The text that a reader of a rendered page sees, on one line."""
    body = re.sub(r"\A\s*---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    parser = _Visible()
    parser.feed(MarkdownIt("commonmark").enable("table").render(re.sub(r"\{:[^}\n]*\}", "", body)))
    return " ".join("".join(parser.parts).split())


@cache
def page_sources() -> dict[str, str]:
    """URL → Markdown, for every page of the handbook."""
    templates = Templates(part(PROJECT, "templates") / "pages", symbols(PROJECT))
    files = render(team_edition(playbook(), tree().pages), templates)
    return {site_path(uri): text for uri, text in files.items() if uri.endswith(".md")}


@cache
def page_text(url: str) -> str:
    return visible(page_sources()[url])


FACTS: list[dict[str, Any]] = yaml.safe_load((HERE / "seed_facts.yml").read_text())


@pytest.mark.parametrize("fact", FACTS, ids=[re.sub(r"\W+", "-", fact["fact"]) for fact in FACTS])
def test_a_reader_finds_every_fact_of_the_source_text(fact: dict[str, Any]) -> None:
    if errors(tree().problems):
        pytest.skip("the sources have errors, so there are no pages")
    assert set(fact) == {"fact", "pages", "words"}
    assert fact["pages"]
    assert fact["words"]
    report(
        f"{url}: {fact['fact']!r} is gone; nothing there matches {pattern!r}"
        for url in fact["pages"]
        for pattern in fact["words"]
        if url not in page_sources() or not re.search(pattern, page_text(url), re.IGNORECASE)
    )


def test_every_fact_is_named_once() -> None:
    counts = Counter(fact["fact"] for fact in FACTS)
    report(f"{name!r} is there {count} times" for name, count in counts.items() if count > 1)
    assert len(FACTS) >= 60


def shingle(run: str) -> str:
    return blake2b(run.encode(), digest_size=5).hexdigest()


@cache
def seed_shingles() -> frozenset[str]:
    lines = (HERE / "seed_shingles.txt").read_text().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("path", FILES)
def test_nothing_is_copied_from_the_source_text(path: str) -> None:
    assert len(seed_shingles()) > 500
    report(
        f"{text.place()}: copied from the source text: {run!r}"
        for text in texts()[path]
        for found in [runs(text.text, COPIED)]
        for run in joined(found, (r for r in found if shingle(r) in seed_shingles()))
    )


# --------------------------------------------------------------------- rituals


@pytest.fixture
def ritual(request: pytest.FixtureRequest) -> Ritual:
    return playbook().rituals[request.param]


every_ritual = pytest.mark.parametrize("ritual", RITUALS, indirect=True)


@every_ritual
def test_a_ritual_has_every_field(ritual: Ritual) -> None:
    source = source_of(ritual)
    least = {"avoid_when": 1, "materials": 1, "pitfalls": 2, "variants": 2, "related": 2}
    report(
        f"{at(source, name)}: '{name}' is missing or short; {count} at least"
        for name, count in least.items()
        if len(getattr(ritual, name) or ()) < count
    )


@every_ritual
def test_a_ritual_has_steps_to_follow(ritual: Ritual) -> None:
    source, steps = source_of(ritual), ritual.steps
    there = dict(phases(ritual))
    problems = {
        f"{len(steps)} steps; 6 to 14 can be kept in mind": not 6 <= len(steps) <= 14,
        "no step before the start": "before" not in there,
        "no step between the start and the end": "during" not in there,
        "fewer than two steps have words to 'say'": sum(step.say is not None for step in steps) < 2,
        "fewer than two steps have a 'plan_b'": sum(step.plan_b is not None for step in steps) < 2,
    }
    report(f"{at(source, 'steps')}: {problem}" for problem, found in problems.items() if found)


@every_ritual
def test_what_guests_see_has_words_for_guests(ritual: Ritual) -> None:
    source = source_of(ritual)
    shown = [i for i, step in enumerate(ritual.steps) if step.visible_to == "guest"]
    report(f"{at(source, 'steps', i)}: no 'guest_text'" for i in shown if not ritual.steps[i].guest_text)
    assert ritual.guest_title or not shown, f"{at(source)}: no 'guest_title', but guests see steps"


def is_for_afterwards(ritual: Ritual, checklist: Checklist) -> bool:
    """Read when the encounter is over, or just about to end."""
    return checklist.at.total > 0 and checklist.at.total >= 0.9 * ritual.duration.run


@every_ritual
def test_a_ritual_has_checklists_that_can_be_called(ritual: Ritual) -> None:
    def problems() -> Iterator[str]:
        source = source_of(ritual)
        if len(ritual.checklists) < 2:
            yield f"{at(source, 'checklists')}: {len(ritual.checklists)} checklist; two at least"
        later = [checklist for checklist in ritual.checklists if is_for_afterwards(ritual, checklist)]
        if not later:
            yield f"{at(source, 'checklists')}: no checklist for afterwards"
        elif not any(item.due for checklist in later for item in checklist.items):
            yield f"{at(source, 'checklists')}: nothing for afterwards has a 'due'; what is left needs a day"
        for i, checklist in enumerate(ritual.checklists):
            place, items = at(source, "checklists", i), checklist.items
            if not 3 <= len(items) <= 7:
                yield f"{place}: {len(items)} items; 3 to 7 can be called"
            if not 1 <= sum(item.critical for item in items) <= 3:
                yield f"{place}: {sum(item.critical for item in items)} critical items; 1 to 3 are taken seriously"
            for j, item in enumerate(items):
                place = at(source, "checklists", i, "items", j)
                if len(item.text) > 100:
                    yield f"{place}: {len(item.text)} characters; 100 at most"
                if item.id is None:
                    yield f"{place}: no 'id'"
                if item.role is None:
                    yield f"{place}: no 'role'; nobody knows who answers"

    report(problems())


@every_ritual
def test_the_minutes_add_up(ritual: Ritual) -> None:
    """Preparation takes about as long as its steps; no step ends after the end."""
    source, duration = source_of(ritual), ritual.duration
    before = sum(step.minutes for step in ritual.steps if step.at.total < 0)
    problems = []
    if not 0.5 * duration.prep <= before <= 1.5 * duration.prep:
        problems.append(f"{at(source, 'duration')}: {before} min of steps before the start, 'prep' is {duration.prep}")
    for index, step in enumerate(ritual.steps):
        # A step that begins at the end is what happens right afterwards.
        ends = step.at.minutes + step.minutes
        if not step.at.days and 0 <= step.at.minutes < duration.run < ends:
            problems.append(f"{at(source, 'steps', index)}: ends after {ends} min, 'run' is {duration.run}")
    report(problems)


DU = re.compile(r"\b(du|dir|dich|dein\w{0,2}|euch|euer|eure\w?)\b", re.IGNORECASE)
# Within a sentence; at its start `Sie` may be a plain `they`.
SIE = re.compile(r"(?<=[^.!?:…„–]\s)(Sie|Ihnen|Ihr|Ihre[nmrs]?)\b")
ADDRESS = {"tradition": (DU, "Sie"), "exklusiv": (DU, "Sie"), "purpose": (SIE, "Du")}


@every_ritual
def test_what_is_said_keeps_the_universe_s_form_of_address(ritual: Ritual) -> None:
    wrong, right = ADDRESS.get(ritual.universe, (None, ""))
    spoken = [
        (("steps", i, name), text)
        for i, step in enumerate(ritual.steps)
        for name in ("say", "guest_text")
        if (text := getattr(step, name))
    ]
    report(
        f"{at(source_of(ritual), *loc)}: {match[0]!r} where one says {right}: {text}"
        for loc, text in [*spoken, (("guest_title",), ritual.guest_title or "")]
        for match in (wrong.finditer(text) if wrong else ())
    )


# ------------------------------------------------------------------- universes


@pytest.mark.parametrize("name", UNIVERSES)
def test_a_universe_is_complete(name: str) -> None:
    universe, source = playbook().universes[name], tree().sources[f"universe/{name}"]
    assert len(playbook().dimensions) == 13
    assert set(universe.profile) == set(playbook().dimensions)
    assert set(universe.coming_from) == set(UNIVERSES) - {name}
    report(
        f"{at(source, 'profile', key, 'short')}: {len(answer.short)} characters; 80 fit into the comparison"
        for key, answer in universe.profile.items()
        if len(answer.short) > 80
    )
    count = len(words(universe.voice))
    assert 100 <= count <= 260, f"{at(source, 'voice')}: {count} words; 100 to 260 are read"


# -------------------------------------------------------------------- glossary

# Words of the source text that a newcomer may stumble over, or may search for.
EXPLAINED = """
    Anker, Anwalt, Arbeitsuniversum, Augenhöhe, Büroleiter, Chauffeur, Co-Kreation, Einbindung, Empfangsdame,
    Endprodukt, Erscheinungsbild, Expertise, Gebäck, Gesprächspartner, Goodies, Großhandel, Großkund,
    Initialzündung, inklusiv, Kaffeehaus, Kaffeemaschine, Kaufabschluss, Kaufoption, Kommen und Gehen,
    Kund:innen-Bereich, Lieblingssongs, Limousine, Lobby, Magister, Manschettenknöpfe, Mannschaft, Maßanzug, Mavi,
    Mentor, Milchschaum, Parkplatz, Partnerschaft, Pasta, plural, Präsentation, Produktlinie, Projekträume, Purpose,
    Silberne Hochzeit, Sommerevent, Spezialservice, Spin-off, Storytelling, strategischer Anlass, Teambase, Tee,
    Transparenz, Vertragsvorbesprechung, Vertriebspartner, VIP Circle, Whiteboard
"""


def names() -> Iterator[tuple[str, str]]:
    """(term's key, name) for every term and synonym."""
    assert playbook().glossary
    for key, term in playbook().glossary.terms.items():  # type: ignore[union-attr]
        yield from ((key, name) for name in (term.term, *term.synonyms))


@pytest.mark.parametrize("word", re.split(r",\s+", EXPLAINED.strip()))
def test_the_glossary_explains_the_words_of_the_source_text(word: str) -> None:
    pattern = re.compile(rf"\b{re.escape(word)}|{re.escape(word)}\b", re.IGNORECASE)
    assert any(pattern.search(name) for _, name in names()), f"no term or synonym for {word!r}"


def test_a_glossary_name_leads_to_one_term() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for key, name in names():
        found[name.casefold()].append(key)
    source = tree().sources["glossary"]
    report(
        f"{at(source, 'terms', keys[-1], 'synonyms')}: {name!r} stands for {' and '.join(keys)}"
        for name, keys in found.items()
        if len(keys) > 1
    )


def slug(term: str) -> str:
    """`Kund:innen-Bereich` → `kundenbereich`, `Mentor:in` → `mentor`, `„Frau Magister“` → `frau-magister`."""
    text = re.sub(r"kund:in$", "kunde", re.sub(r"kund:innen-", "kunden", term.casefold()))
    text = re.sub(r":in(nen)?", "", text)
    for umlaut, letters in zip("äöü", ("ae", "oe", "ue"), strict=True):
        text = text.replace(umlaut, letters)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def test_a_glossary_key_is_its_term_s_slug() -> None:
    """Of the term, or of its beginning where the term names two things."""
    assert playbook().glossary
    source = tree().sources["glossary"]
    report(
        f"{at(source, 'terms', key)}: the key '{key}' is not how '{slug(term.term)}' begins"
        for key, term in playbook().glossary.terms.items()  # type: ignore[union-attr]
        if not f"{slug(term.term)}-".startswith(f"{key}-")
    )


# ------------------------------------------------------------------ typography

SS = """
    strasse gross(?!ist) gröss grüss gruss weiss(?!ag) heiss ausser äusser fuss(?!el|ion) füss süss schliess giess
    geniess fliess beiss reiss dreiss fleiss schweiss spass bloss strauss gemäss mässig massanz massstab massnahm
    massgeb
""".split()
OLD = r"\b(?:daß|muß\w*|müß\w*|läßt|paßt|wußt\w*|bißchen|bewußt\w*|kuß|fluß|schluß|anlaß|prozeß)\b"
TYPOGRAPHY = {
    "a straight double quote; „…“ are ours": r'"',
    "quotes of another language; „…“ and ‚…‘ are ours": r"[”«»‹›]|“(?=\w)|(?<=\s)“",
    "a straight apostrophe; ’ is ours": r"(?<=\w)'|'(?=\w)",
    "two spaces": r"(?<=\S)[ \u00a0]{2,}(?=\S)",
    "a hyphen for a dash; – is ours": r"(?<=\S) -{1,3} (?=\S)(?!-)",
    "an em dash; – is ours": "—",
    "three full stops; … is ours": r"\.\.",
    "a space before a punctuation mark": r"(?<=\w) [,.;:!?](?=\s|$)",
    "a placeholder": r"\b(?:lorem|ipsum|todo|tbd|fixme|xxx+)\b",
    "'ss' where Austria writes 'ß'": rf"\b\w*(?:{'|'.join(SS)})",
    "spelling of before 1996": OLD,
    "a gender form that is not ours (Kund:innen)": r"(?-i:(?<=[a-zäöüß])(?:[*_/]-?in(?:nen)?\b|Innen\b|In\b))",
}


@pytest.mark.parametrize("path", FILES)
def test_german_typography(path: str) -> None:
    def problems() -> Iterator[str]:
        for text in texts()[path]:
            plain = re.sub(r"\]\([^)]*\)|^[|: -]+$", "", text.text, flags=re.MULTILINE)
            for message, pattern in TYPOGRAPHY.items():
                for match in re.finditer(pattern, plain, re.IGNORECASE):
                    around = plain[max(0, match.start() - 20) : match.end() + 20]
                    yield f"{text.place(match[0])}: {message}: {around!r}"
            marks = "".join(re.findall("[„“]", plain))
            if marks != "„“" * (len(marks) // 2):
                yield f"{text.place()}: quotes „…“ that do not pair: {plain[:60]!r}"

    report(problems())


# ------------------------------------------------------------------ repetition


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text; cells of a table, items of a list and parts around a colon count as such."""
    yield from re.split(r"[.!?…:|](?=[\s“*]|$)|\n\s*(?:[-*]|\d+\.)\s|\n\s*\n", text)


def test_no_sentence_is_there_twice() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for found in texts().values():
        for text in found:
            for sentence in sentences(text.text):
                if len(key := words(sentence)) >= 6:
                    places[" ".join(key)].append(text.place(sentence.strip()[:25]))
    report(f"{' and '.join(where)}: {key!r}" for key, where in places.items() if len(where) > 1)


def test_no_phrase_is_there_in_two_rituals() -> None:
    rituals = {key: texts()[source_of(playbook().rituals[key]).path] for key in RITUALS}
    owners: dict[str, dict[str, Text]] = defaultdict(dict)
    for key, found in rituals.items():
        for text in found:
            for run in runs(text.text, REPEATED):
                owners[run].setdefault(key, text)
    shared = {run: where for run, where in owners.items() if len(where) > 1}
    report(
        f"{' and '.join(other.place() for other in shared[phrase_start(phrase)].values())}: {phrase!r}"
        for key, found in rituals.items()
        for text in found
        for phrase in joined(runs(text.text, REPEATED), shared)
        if min(shared[phrase_start(phrase)]) == key
    )


def phrase_start(phrase: str) -> str:
    return " ".join(phrase.split()[:REPEATED])


if __name__ == "__main__":
    print("# Hashes of every run of six words of the source text; see test_content.py.")
    print("\n".join(sorted({shingle(run) for run in runs(sys.stdin.read(), COPIED)})))
