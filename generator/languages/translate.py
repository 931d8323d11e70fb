"""The languages of a tree, and its hand-written pages in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from generator.languages.catalogue import language_from, read_catalogue
from generator.languages.extract import script_texts
from generator.languages.gender import asterisk, neutral
from generator.languages.language import GERMAN, Language
from generator.load.settings import settings
from generator.load.tree import Page, Tree
from generator.model.prose import inert
from generator.model.text import SOURCE
from generator.project import PROJECT, catalogues, part


def languages_of(tree: Tree) -> list[Language]:
    """German, and every language that has a catalogue. Words of the interface may come from the project's own."""
    found = []
    for code, path in catalogues(tree.root).items():
        own = language_from(code, read_catalogue(tree.root, path))
        shipped = catalogues(PROJECT).get(code)
        words = language_from(code, read_catalogue(PROJECT, shipped)) if shipped and not shipped.samefile(path) else own
        found.append(replace(own, words={**words.words, **own.words}))
    return [german(tree), *found]


def german(tree: Tree) -> Language:
    """German in the gender style that `mkdocs.yml` asks for."""
    config, glossary = part(tree.root, "mkdocs.yml"), tree.playbook.glossary
    wanted = (settings(config).get("extra") or {}).get("gender", "colon")
    if wanted == "colon":
        return GERMAN
    forms = glossary.neutral if glossary else {}
    style: Callable[[str], str] = asterisk
    restyle: Callable[[str], str] = partial(asterisk, star="\\*")
    if wanted == "neutral":
        style, restyle = neutral(forms), neutral({form: inert(other) for form, other in forms.items()})
    texts = script_texts(part(tree.root, "templates"))
    words = {ids[0]: tuple(map(style, ids)) for ids, _place in texts}
    return Language(words=words, style=style, restyle=restyle)


def translated_pages(tree: Tree, language: Language) -> dict[str, Page]:
    """The hand-written pages in a language; those without a translation, or with an old one, stay German and say so."""
    if language.code == SOURCE:
        return {uri: restyled(page, language) for uri, page in tree.pages.items()}
    there = tree.translations.get(language.code, {})
    return {
        uri: there[uri] if uri in there and there[uri].of == page.digest else replace(page, language=SOURCE)
        for uri, page in tree.pages.items()
    }


def restyled(page: Page, language: Language) -> Page:
    """A German page in the language's gender style."""
    if language == GERMAN:
        return page
    title, description = language.style(page.title), language.style(page.description)
    return replace(page, title=title, description=description, body=language.restyle(page.body))
