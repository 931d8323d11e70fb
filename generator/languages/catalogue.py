"""Gettext catalogues: a new one, reading and writing them, and the language that one makes."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from generator.files import write_file
from generator.languages.language import Language
from generator.model.text import SOURCE
from generator.problems import PlaybookError, Problem
from generator.project import LOCALES


def language_from(code: str, catalogue: Catalog) -> Language:
    """The language with a catalogue's translations, as far as they are there and not fuzzy."""
    usable = (message for message in catalogue if message.id and is_translated(message) and not message.fuzzy)
    return Language(code, {msgids(message)[0]: forms_of(message) for message in usable}, catalogue.plural_expr)


def text_of(message: Message) -> str:
    """A message's text in German, the one for a single thing where it depends on a number."""
    return message.id if isinstance(message.id, str) else str(message.id[0])


def msgids(message: Message) -> tuple[str, ...]:
    """A message's text as in `catalogue_key`, and the text for many where it depends on a number."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return (f"{message.context}\x04{ids[0]}", *ids[1:]) if message.context else ids


def forms_of(message: Message) -> tuple[str, ...]:
    """A message's translation: one form, or one for each form that numbers take; none where it was never begun."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def is_translated(message: Message) -> bool:
    """Whether every form of a message is translated, be it fuzzy."""
    return bool(message.string and all(message.string))


def locale_of(code: str) -> Locale:
    """The locale of a language's code. Raises PlaybookError if there is none, or another spelling of the code."""
    try:
        if not re.fullmatch(r"\w+", code, re.ASCII):  # it names a folder
            raise ValueError("letters, digits and '_' only")
        if code == SOURCE:
            raise ValueError("the sources are written in it")
        locale = Locale.parse(code)
        if str(locale) != code:
            raise ValueError(f"it is written {locale}")
        return locale
    except (UnknownLocaleError, ValueError) as error:
        message = f"{code!r} is not a language to translate into ({error}); use a code such as 'en' or 'pt_BR'"
        raise PlaybookError([Problem(f"{LOCALES}/{code}", 1, 1, message)]) from None


def new_catalogue(code: str) -> Catalog:
    """An empty catalogue. Raises PlaybookError if there is no such language."""
    locale = locale_of(code)
    header = f"# The handbook's texts in {locale.english_name}. `playbook translations update` keeps it in step."
    editors = dict.fromkeys(("msgid_bugs_address", "last_translator", "language_team"), "Playbook editors")
    return Catalog(locale, project="playbook", version="1", fuzzy=False, header_comment=header, **editors)


def read_catalogue(root: Path, path: Path) -> Catalog:
    """The catalogue at `path`, below `root`. Raises PlaybookError for what is no catalogue, or has no plural rule."""
    name, locale = path.relative_to(root).as_posix(), locale_of(path.parts[-3])
    try:
        with path.open("rb") as file:
            catalogue = read_po(file, locale, abort_invalid=True)
        catalogue.charset = "utf-8"  # to be written in, whatever it was
        number, form = catalogue.num_plurals, gettext.c2py(catalogue.plural_expr)  # refuses all but a formula of n
        if not all(0 <= form(n) < number for n in range(200)):
            raise ValueError(f"'plural' must give one of {number} forms for every n")
        return catalogue
    except UnicodeDecodeError:
        raise PlaybookError([Problem(name, 1, 1, "not UTF-8; save the file with the encoding UTF-8")]) from None
    except PoFileError as error:
        raise PlaybookError([Problem(name, error.lineno + 1, 1, f"not a gettext catalogue: {error}; fix it")]) from None
    except (ValueError, ArithmeticError, LookupError) as error:
        raise PlaybookError([Problem(name, 1, 1, f"the header cannot be read: {error}; fix it")]) from None


def write_catalogue(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue; False if the file was like that already."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=110)
    return write_file(path, stream.getvalue())
