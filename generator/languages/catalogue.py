"""Gettext catalogues: reading them strictly, and beginning new ones."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser, write_po

from generator.files import put
from generator.languages.language import Language
from generator.load.source import odd_characters
from generator.model.text import SOURCE, VISIBLE
from generator.problems import PlaybookError, Problem
from generator.project import LOCALES

MOST_BYTES = 50_000_000  # of a catalogue, which holds all texts of a handbook twice
MOST_FORMS = 6  # of a word, for numbers; no language has more


def language_from(code: str, catalogue: Catalog) -> Language:
    """What of a catalogue may be used: translations that are there and need no second look."""
    words = {}
    for message in catalogue:
        if message.id and not message.fuzzy:
            one = ids_of(message)[0]
            if is_translated(message):
                words[one] = forms_of(message)
    return Language(code, words, catalogue.plural_expr)


def ids_of(message: Message) -> tuple[str, ...]:
    """A message's text in German, its context in front: one form, or those for one and for many."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return (f"{message.context}\x04{ids[0]}", *ids[1:]) if message.context else ids


def forms_of(message: Message) -> tuple[str, ...]:
    """A message's translation: one form, or one for each form that numbers take."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def is_translated(message: Message) -> bool:
    return bool(message.string and all(message.string))


def locale_of(code: str) -> Locale:
    """Raises PlaybookError if there is no such language."""
    try:
        if not re.fullmatch(r"[A-Za-z]+(_[A-Za-z0-9]+)*", code):  # it names a folder
            raise ValueError("letters, digits and '_' only")
        if code == SOURCE:
            raise ValueError("the sources are written in it")
        locale = Locale.parse(code)
        if str(locale) != code:  # two spellings are two folders, or one where capitals make no difference
            raise ValueError(f"it is written {locale}")
        return locale
    except (UnknownLocaleError, ValueError) as error:
        what = f"{code!r} is no language to translate into ({error}); take a code such as 'en' or 'pt_BR'"
        raise PlaybookError([Problem(f"{LOCALES}/{code}", 1, 1, what)]) from None


def new_catalogue(code: str) -> Catalog:
    """An empty catalogue. Raises PlaybookError if there is no such language."""
    locale = locale_of(code)
    header = f"# The handbook's texts in {locale.english_name}. `playbook translations update` keeps it in step."
    editors = dict.fromkeys(("msgid_bugs_address", "last_translator", "language_team"), "Playbook editors")
    return Catalog(locale, project="playbook", version="1", fuzzy=False, header_comment=header, **editors)


class _Catalogue(Catalog):
    """One whose header cannot make its reader look for a billion forms of each text."""

    @property
    def num_plurals(self) -> int:
        number = super().num_plurals
        if not 1 <= number <= MOST_FORMS:
            raise ValueError(f"the header's 'nplurals' must be 1 to {MOST_FORMS}")
        return number


def read_catalogue(root: Path, path: Path) -> Catalog:
    """A catalogue below `root`. Raises PlaybookError at each line that cannot be read, or is no text for readers."""
    name = path.relative_to(root).as_posix()
    locale = locale_of(path.parts[-3])
    try:
        if path.stat().st_size > MOST_BYTES:
            raise PlaybookError([Problem(name, 1, 1, f"the catalogue is larger than {MOST_BYTES:,} bytes")])
        catalogue = _Catalogue(locale)
        with path.open("rb") as file:
            PoFileParser(catalogue, abort_invalid=True).parse(file)
        form = gettext.c2py(catalogue.plural_expr)  # which goes into a script: nothing but a formula of n may pass
        if re.search(r"/|\b0\d", catalogue.plural_expr):  # to scripts another number, or none at all
            raise ValueError("'plural' must have no '/', and no number that begins with 0")
        if not all(0 <= form(n) < catalogue.num_plurals for n in range(200)):
            raise ValueError(f"'plural' must give one of {catalogue.num_plurals} forms for every n")
        if unfit := list(_unfit(name, catalogue)):
            raise PlaybookError(unfit)
        return catalogue
    except UnicodeDecodeError:
        raise PlaybookError([Problem(name, 1, 1, "not UTF-8; save the file with the encoding UTF-8")]) from None
    except PoFileError as error:
        raise PlaybookError([Problem(name, error.lineno + 1, 1, f"not a catalogue: {error}; mend it")]) from None
    except (ValueError, ArithmeticError, LookupError) as error:
        raise PlaybookError([Problem(name, 1, 1, f"the header cannot be read: {error}; mend it")]) from None
    except OSError as error:
        raise PlaybookError([Problem(name, 1, 1, f"cannot be read: {error.strerror}")]) from None


def _unfit(name: str, catalogue: Catalog) -> Iterator[Problem]:
    """Translations with what no text of the sources may have either."""
    for message in catalogue:
        if message.id and not message.fuzzy:
            for text in forms_of(message):
                for odd in odd_characters(name, text)[:1]:
                    yield Problem(name, message.lineno or 1, 1, odd.message)
                if text and not re.search(VISIBLE, text):
                    yield Problem(name, message.lineno or 1, 1, "a translation that nobody can see; write or remove it")


def write_catalogue(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue; False if the file was like that already."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110)
    return put(path, stream.getvalue())
