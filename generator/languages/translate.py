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
    """German, then every language that the tree has a catalogue of; what it lacks is taken from the project's own."""
    languages = [german(tree)]
    for code, path in catalogues(tree.root).items():
        language = language_from(code, read_catalogue(tree.root, path))
        shipped = catalogues(PROJECT).get(code)
        if shipped and not shipped.samefile(path):
            interface = language_from(code, read_catalogue(PROJECT, shipped)).translations
            language = replace(language, translations={**interface, **language.translations})
        languages.append(language)
    return languages


def german(tree: Tree) -> Language:
    """German in the gender style that `mkdocs.yml` asks for."""
    style = (settings(part(tree.root, "mkdocs.yml")).get("extra") or {}).get("gender", "colon")
    if style == "colon":
        return GERMAN
    style_text: Callable[[str], str] = asterisk
    style_markdown: Callable[[str], str] = partial(asterisk, star="\\*")
    if style == "neutral":
        forms = tree.playbook.glossary.neutral if tree.playbook.glossary else {}
        style_text, style_markdown = neutral(forms), neutral({form: inert(other) for form, other in forms.items()})
    # Scripts know no gender style, so they get German as if it were a translation.
    texts = [ids for ids, _place in script_texts(part(tree.root, "templates"))]
    translations = {ids[0]: tuple(map(style_text, ids)) for ids in texts}
    return Language(translations=translations, style_text=style_text, style_markdown=style_markdown)


def translated_pages(tree: Tree, language: Language) -> dict[str, Page]:
    """The hand-written pages in a language; those without a translation, or with an old one, stay German and say so."""
    if language.code == SOURCE:
        return {uri: _restyled(page, language) for uri, page in tree.pages.items()}
    translations = tree.translations.get(language.code, {})
    return {
        uri: translations[uri]
        if uri in translations and translations[uri].of == page.digest
        else replace(page, language=SOURCE)
        for uri, page in tree.pages.items()
    }


def _restyled(page: Page, language: Language) -> Page:
    """A German page in the language's gender style."""
    if language == GERMAN:
        return page
    title, description = language.style_text(page.title), language.style_text(page.description)
    return replace(page, title=title, description=description, body=language.style_markdown(page.body))
