"""Words as the search sees them: one stem for every form of a word, the same at build time and in the browser.

The rules are data. `search.js` gets them with the index and applies them in the same order, so there is nothing to
keep in step; `tests/search/normalise.json` says what they must do, and is tested on both sides. Patterns keep to what
Python's `re` and JavaScript's `RegExp` have in common.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

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


_FOLD = (
    ("[\u0300-\u036f\u00ad]", ""),
    ("e?(?:[:*_·•]|/-?)(?=in)", ""),
    ("[:*_·•/‐‑-]", ""),
    ("ß", "ss"),
    ("ae(?!n$)", "a"),
    ("oe", "o"),
    ("(?<![aeq])ue", "u"),
    ("ph", "f"),
    ("c(?!h)", "k"),
)
GERMAN = Rules(
    fold=_FOLD,
    stem=(
        ("(?<=....)(?<=[abdfghklmnorty])s$", ""),  # Büros, Vertrags
        ("(?<=nis)s(?:e|en|es)$", ""),  # Ergebnisse
        ("(?<=...)(?<!e)in(?:nen)?$", ""),  # Kundin, Kundinnen
        ("(?<=...)(?:ern|em|en|er|es|e)$|(?<=...[lr])n$|(?<=....)a$", ""),  # Räume, Verträgen, Nudeln, Firma
        ("(?<=...)(?<!e)in$", ""),  # Termine, once more
        ("(?<=....)er$", ""),  # größeren
        ("(?<=....)ung$", ""),  # Einladung and einladen
        ("(?<=...[ie]|.ila)um$", ""),  # Museum, Museen; Jubiläum, Jubiläen
    ),
    stop=tuple(
        """
        aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bin bis bist brauche
        braucht da dabei dafür damit dann das dass dazu dein deine dem den denn der des dessen die dies diese diesem
        diesen dieser dieses dir doch du durch ein eine einem einen einer eines er es etwas euch für gibt hab habe
        haben hat hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes kann
        kein keine keinem keinen keiner man mehr mein meine meinem meinen meiner mich mir mit muss müssen nach
        nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner sich sie sind so soll sollen
        sollte über um und uns unser unsere unserem unseren unserer unter vom von vor war warum was weil welche
        welchem welchen welcher welches wem wen wenn wer werden wie will wir wird wo wohin zu zum zur
        bitte daran darauf darf darfst darüber darum davon davor dürfen eigentlich hätte könnte mal möchte schon
        sollten überhaupt vielleicht wäre wann weshalb wieso wieviel wieviele wirklich wobei wodurch wofür wollen
        womit woran worauf worüber worum wozu würde
        """.split()
    ),
    faint=tuple(
        """
        achten bedeuten bedeutet bekommen bekommt besten brauchen braucht danach eigene eigenen einfach finden findet
        geben gehen gehört geht genau geschieht gut heißen heißt heute immer jemand jemandem jemanden jetzt kommen
        kommt können lange lassen lässt leute machen macht merken merkt nachher niemand oft passieren passiert
        richtig sagen sagt stehen steht tue tun tut viel viele vorher wende wenden wendet wieder wissen zuerst
        """.split()
    ),
)
ENGLISH = Rules(
    fold=_FOLD[:4],
    stem=(("(?<=..)'s$", ""), ("(?<=...)ies$", "y"), ("(?<=[a-z]{3})(?:ing|ed|es|s|e)$", "")),
    stop=tuple(
        "a an and are as at be by do for from how i if in into is it its me my of on or our so that the their them "
        "then there these this to was we what when where which who why will with you your".split()
    ),
    faint=tuple("can does find get give go happen happens know make many much people say someone should".split()),
)
LANGUAGES = {"de": GERMAN, "en": ENGLISH}
