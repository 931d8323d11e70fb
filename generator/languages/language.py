"""A language of the handbook: its words, and a playbook in them.

German is the language of the sources and needs no catalogue. Another language is one gettext catalogue,
`content/locales/<code>/LC_MESSAGES/playbook.po`, and hand-written pages named `<page>.<code>.md`.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from babel import Locale

from generator.languages.gender import colon
from generator.load.source import Loc
from generator.model.record import AnyRecord, map_texts
from generator.model.text import SOURCE, Foreign, Translated


def _(text: str) -> str:
    """Marks a text in the code as one to be translated; `Language.text` does it."""
    return text


def in_context(text: str, loc: Loc) -> str:
    """What a text is stored by in a catalogue: words for the search are other words than the same ones on a page."""
    return f"search\x04{text}" if "found_by" in loc else text  # gettext's own way of writing a context


@dataclass(frozen=True)
class Language:
    """`code` such as `en`; `words` holds every text's translations (see `in_context`), one for each number form."""

    code: str = SOURCE
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plural: str = "(n != 1)"  # gettext's expression for which of the forms a number takes
    style: Callable[[str], str] = colon  # how German names people of all genders
    restyle: Callable[[str], str] = colon  # the same for a page's Markdown, in which what is put there means nothing

    @property
    def locale(self) -> Locale:
        """How dates and numbers are written: the code's own customs, Austria's for German, Britain's for English."""
        return Locale.parse({"de": "de_AT", "en": "en_GB"}.get(self.code, self.code))

    def text(self, text: str, /, **values: object) -> str:
        """The translation, with `values` for its `{names}`; where there is none the text itself, as `Foreign`."""
        if forms := self.words.get(text):
            return _filled(forms[0], values)
        if self.code == SOURCE:
            return _filled(self.style(text.rpartition("\x04")[2]), values)
        return self._own(_filled(text.rpartition("\x04")[2], values))

    def number(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form of a text that the number `n` asks for, with `{n}` and `values` filled in."""
        if forms := self.words.get(one):
            return _filled(forms[min(gettext.c2py(self.plural)(n), len(forms) - 1)], {"n": n, **values})
        return self._own(_filled(one if n == 1 else many, {"n": n, **values}))

    def _own(self, text: str) -> str:
        return text if self.code == SOURCE or not text else Foreign(text)

    def record(self, record: AnyRecord) -> AnyRecord:
        """A record with all its texts in this language."""
        if self == GERMAN:
            return record

        def change(loc: Loc, text: str, _most: int) -> str:
            said = self.text(in_context(text, loc))
            if said == text:
                return said
            said = Translated(said)
            said.source = text
            return said

        return map_texts(record, change)


GERMAN = Language()


def _filled(text: str, values: Mapping[str, object]) -> str:
    """`{name}` of a known name is filled in, all else stays: no format strings, which may reach into objects."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), text) if values else text
