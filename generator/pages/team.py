"""The pages of the handbook, and the data that its scripts and other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from generator.audience.edition import Edition
from generator.languages import labels
from generator.languages.extract import script_texts
from generator.languages.language import _
from generator.load.source import Source
from generator.load.tree import Page
from generator.model.addresses import START, site_path
from generator.model.chooser import Chooser
from generator.model.mentoring import MentorPath
from generator.model.ritual import Ritual
from generator.model.tasks import item_key, step_key
from generator.pages import fields
from generator.pages.components import components
from generator.pages.data import catalogue_js, playbook_json, ritual_json, safe_json, universe_css, vienna_js
from generator.pages.environment import PageTemplates, Recipe, Templates
from generator.pages.views import earliest, lanes, lead_days, phases
from generator.sheets.kinds import Offer, Pdf
from generator.sheets.register import register

MAX_SIBLINGS = 24  # rituals in the side navigation; above, a page would grow with the handbook
# Hand-written pages that end in something made from the sources.
OWN_TEMPLATES = {START: "index.md.j2", "mentoring.md": "mentoring.md.j2", "ueber.md": "about.md.j2"}
# For a tree without a `content/index.md` of its own.
DEFAULT_START = Page(
    START, "Start", "Universen und Anlässe auf einen Blick.", 0, "# Start\n", Source("content/index.md"), 0
)


def team_recipes(edition: Edition, templates: Templates, offer: Offer) -> dict[str, Recipe]:
    """How to make each file of the team's docs folder, by its `src_uri`."""
    playbook, uris, language = edition.playbook, edition.uris, edition.language
    terms = playbook.glossary.terms if playbook.glossary else {}
    pages = page_templates(edition, templates, offer)
    files: dict[str, Recipe] = {}

    def add(page_key: str, template: str, **context: object) -> None:
        files[uris[page_key]] = pages.recipe(uris[page_key], template, **context)

    for src_uri, page in ({START: DEFAULT_START} | dict(edition.pages)).items():
        template = OWN_TEMPLATES.get(src_uri, "page.md.j2")
        files[src_uri] = pages.recipe(src_uri, template, page=page, body=pages.body(page), components=components)
    for universe in playbook.universes.values():
        add(universe.id, "universe.md.j2", universe=universe)
    for ritual in playbook.rituals.values():
        add(ritual.id, "ritual.md.j2", ritual=ritual)
        files[f"api/rituals/{ritual.id}.json"] = partial(ritual_json, playbook, ritual, site_path(uris[ritual.id]))
    for path in playbook.paths.values():
        add(f"mentoring/{path.id}", "path.md.j2", path=path)
    add("finden", "finder.md.j2")
    add("plan", "plan.md.j2")
    if playbook.chooser:
        add("kompass", "chooser.md.j2", chooser=playbook.chooser)
    add("anlaesse", "occasions.md.j2")
    for key, occasion in playbook.occasions.items():
        add(f"anlaesse/{key}", "occasion.md.j2", key=key, occasion=occasion)
    add("vergleich", "comparison.md.j2")
    add("rollen", "roles.md.j2")
    for key, role in playbook.roles.items():
        add(f"rollen/{key}", "role.md.j2", key=key, role=role)
    add("register", "register.md.j2", register=partial(register, playbook.rituals.values(), terms, language))
    if playbook.glossary:
        sorted_terms = sorted(terms.items(), key=lambda item: (labels.collation(item[1].term), item[0]))
        add("glossar", "glossary.md.j2", glossary=playbook.glossary, terms=sorted_terms)
    add("prueffragen", "gates.md.j2")
    add("felder", "fields.md.j2", references=fields.references(), allowed=partial(fields.allowed, language=language))
    versions = named_versions(edition, offer)
    add("print", "print.md.j2", sheets={pdf.sheet.name: pdf for pdf in offer.pdfs})
    add("print/aktuell", "current.md.j2", versions=versions)
    current = {name: {"title": title, "version": version} for name, (title, version, _reviewed) in versions.items()}
    files["print/versions.json"] = partial(safe_json, current)
    files["assets/universes.css"] = partial(universe_css, playbook.universes.values())
    files["assets/vienna.js"] = partial(vienna_js, language)
    if language.translations:
        in_scripts = {ids[0] for ids, _place in script_texts(templates.folder.parent)}
        texts = [text for text in language.translations if text in in_scripts]
        files["assets/catalogue.js"] = partial(catalogue_js, language, texts)
    files["api/playbook.json"] = partial(playbook_json, playbook, language)
    return files


def page_templates(edition: Edition, templates: Templates, offer: Offer) -> PageTemplates:
    """The page templates with what only the team's may call."""
    playbook, pages = edition.playbook, PageTemplates(edition, templates)
    place_in_universe: dict[str, int] = {}
    by_occasion: dict[tuple[str, str], list[Ritual]] = {}
    by_role: dict[str, list[Ritual]] = {key: [] for key in playbook.roles}
    by_gate: dict[str, list[Ritual]] = {key: [] for key in playbook.gates}
    for rituals in pages.by_universe.values():
        place_in_universe |= {ritual.id: place for place, ritual in enumerate(rituals)}
    for ritual in playbook.rituals.values():
        by_occasion.setdefault((ritual.universe, ritual.occasion), []).append(ritual)
        for key in ritual.roles:
            by_role[key].append(ritual)
        for key in ritual.gates:
            by_gate[key].append(ritual)
    by_record: dict[str, list[Pdf]] = {}
    for pdf in offer.pdfs:
        by_record.setdefault(pdf.sheet.record, []).append(pdf)

    def siblings(ritual: Ritual) -> list[Ritual]:
        """The rituals beside this one in the navigation, at most MAX_SIBLINGS around it."""
        rituals, place = pages.by_universe[ritual.universe], place_in_universe[ritual.id]
        start = max(0, min(place - MAX_SIBLINGS // 2, len(rituals) - MAX_SIBLINGS))
        return rituals[start : start + MAX_SIBLINGS]

    pages.env.filters |= {"example": fields.example, "flow": fields.flow}
    pages.env.globals |= {
        "by_occasion": by_occasion,
        "by_role": by_role,
        "by_gate": by_gate,
        "siblings": siblings,
        "sheets_of": lambda record: by_record.get(record_key(record), []),
        "phases": phases,
        "lanes": lanes,
        "earliest": earliest,
        "lead_days": lead_days,
        "has": edition.uris.__contains__,
        "item_key": item_key,
        "step_key": step_key,
    }
    return pages


def record_key(record: Ritual | MentorPath | Chooser) -> str:
    """The record's key as sheets name it."""
    if isinstance(record, Chooser):
        return "chooser"
    return f"{'path' if isinstance(record, MentorPath) else 'ritual'}/{record.id}"


def named_versions(edition: Edition, offer: Offer) -> Mapping[str, tuple[str, str, date]]:
    """Of every printout its title in words, its version and the date of its data, by its name."""
    playbook, titles = edition.playbook, {pdf.sheet.name: pdf.sheet.title for pdf in offer.pdfs}
    named = {}
    for name, (version, reviewed) in offer.versions.items():
        key = name.rpartition("-")[0]
        record = playbook.rituals.get(key) or playbook.universes.get(key) or playbook.paths.get(key)
        label = edition.language.text(titles.get(name, _("Karte")))
        named[name] = (f"{record.title}: {label}" if record else label, version, reviewed)
    return named
