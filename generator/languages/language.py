"""A language of the handbook: the translations of its texts, and a playbook in them.

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
    """Marks a text in the code for translation. It is translated by `Language.text`."""
    return text


def catalogue_key(text: str, loc: Loc) -> str:
    """What a catalogue stores the text at `loc` of a record by: words for the search are translated separately."""
    return f"search\x04{text}" if "found_by" in loc else text  # gettext's own way of writing a context


@dataclass(frozen=True)
class Language:
    """A language by its code, such as `en` or `pt_BR`.

    `translations` has each text's forms by its `catalogue_key`: one form, or one for each form that numbers take.
    `plural` is gettext's formula for the index of the form that the number `n` takes.
    `style_text` and `style_markdown` put German into the gender style of the handbook.
    """

    code: str = SOURCE
    translations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plural: str = "(n != 1)"
    style_text: Callable[[str], str] = colon
    style_markdown: Callable[[str], str] = colon

    @property
    def locale(self) -> Locale:
        """How dates and numbers are written: as in Austria for German, in Britain for English, else by the code."""
        return Locale.parse({"de": "de_AT", "en": "en_GB"}.get(self.code, self.code))

    def text(self, text: str, /, **values: object) -> str:
        """The translation, with `values` for its `{names}`; where there is none the text itself, as `Foreign`."""
        if forms := self.translations.get(text):
            return _fill(forms[0], values)
        return self._german(text.rpartition("\x04")[2], values)

    def number(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form of a text that the number `n` takes, with `n` and `values` for its `{names}`."""
        values = {"n": n, **values}
        if forms := self.translations.get(one):
            return _fill(forms[min(gettext.c2py(self.plural)(n), len(forms) - 1)], values)
        return self._german(one if n == 1 else many, values)

    def _german(self, text: str, values: Mapping[str, object]) -> str:
        """A text without a translation, as it is read in German or marked in another language."""
        if self.code == SOURCE:
            return _fill(self.style_text(text), values)
        return Foreign(_fill(text, values)) if text else text

    def translate(self, record: AnyRecord) -> AnyRecord:
        """The record with all its texts in this language; one that has changed knows its source."""
        if self == GERMAN:
            return record

        def change(loc: Loc, text: str, _most: int) -> str:
            translation = self.text(catalogue_key(text, loc))
            if translation == text:
                return translation
            translated = Translated(translation)
            translated.source = text
            return translated

        return map_texts(record, change)


GERMAN = Language()


def _fill(text: str, values: Mapping[str, object]) -> str:
    """Put values in for their `{names}` and leave all else: a format string could reach into objects."""
    return re.sub(r"\{(\w+)\}", lambda match: str(values.get(match[1], match[0])), text) if values else text
