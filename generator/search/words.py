"""Words as the search sees them: one stem for every form of a word, the same at build time and in the browser.

The rules are data, one file a language. `search.js` gets them with the index and applies them in the same order, so
there is nothing to keep in step; `tests/search/normalise.json` says what they must do, and is tested on both sides.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import yaml

from generator.project import PROJECT

_LETTER = "[0-9A-Za-z\u00aa-\u02af\u0300-\u036f\u0386-\u1fff]"

# A gender mark within a word: Kund:in, Kund*innen, Kund_innen, Kund/innen, Kund/-innen, jede:r.
_MARK = rf"(?:[:*_·•]|/-?)(?=innen|in(?!{_LETTER})|[rnsme](?!{_LETTER}))"
_PART = f"{_LETTER}+(?:{_MARK}{_LETTER}+)*"


@dataclass(frozen=True, eq=False)
class Rules:
    """How one language is searched: `word` finds words, `fold` evens out spelling, `stem` takes endings off.

    Words of `stop` do not count; those of `faint` count little beside others, but may be what is asked for.
    """

    fold: tuple[tuple[str, str], ...]
    stem: tuple[tuple[str, str], ...]
    stop: tuple[str, ...]
    faint: tuple[str, ...]
    word: str = f"{_PART}(?:[-‐‑]{_PART})*"  # with its hyphens
    split: str = "(?<!/)[-‐‑]"
    other: str = "^(?:er|ung)"  # what comes off after a stem though it often makes another word: kochen, Kocher

    @cached_property
    def _compiled(self) -> tuple[list[tuple[re.Pattern[str], str]], ...]:
        return tuple([(re.compile(find), put) for find, put in rules] for rules in (self.fold, self.stem))

    @cached_property
    def _stop(self) -> frozenset[str]:
        return frozenset(map(self.folded, self.stop))

    def folded(self, word: str) -> str:
        """One spelling for Räume, Raeume and Raume, for Maß and Mass, for Kund:in, Kund*in and KundIn."""
        word = unicodedata.normalize("NFKD", word.lower())
        for find, put in self._compiled[0]:
            word = find.sub(put, word)
        return word

    def stemmed(self, word: str) -> str:
        word = self.folded(word)
        for find, put in self._compiled[1]:
            word = find.sub(put, word)
        return word

    @lru_cache(maxsize=1 << 17)  # noqa: B019 (there are as many rules as languages)
    def terms(self, word: str) -> tuple[tuple[str, str], ...]:
        """What a word with its hyphens is found by: (term, form of it) of each part, and of the parts in one."""
        parts = re.split(self.split, word)
        words = [part for part in parts if self.folded(part) not in self._stop]
        found = [(self.stemmed(part), part) for part in words]
        if len(parts) > 1:
            found.append((self.stemmed("".join(parts)), word))
        return tuple((term, form) for term, form in found if term)


@cache
def rules_for(code: str) -> Rules:
    """A language's rules, from `templates/search/<code>.yml`; where it has none, those of English."""
    folder = PROJECT / "templates" / "search"
    path = folder / f"{code}.yml" if (folder / f"{code}.yml").is_file() else folder / "en.yml"
    data = yaml.safe_load(path.read_text("utf-8"))
    fold, stem = (tuple((find, put) for find, put in data[name]) for name in ("fold", "stem"))
    return Rules(fold, stem, tuple(data["stop"].split()), tuple(data["faint"].split()))
