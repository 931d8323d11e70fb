"""A first playbook for another company: small, complete, to be renamed and filled."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from markupsafe import Markup

from generator.authoring.new import OWNER, SUMMARY, new_ritual, new_universe
from generator.authoring.scalars import scalar
from generator.files import files_below, write_file
from generator.load import load
from generator.model.schema import FOLDER, editor_settings, write_schemas
from generator.project import PROJECT
from generator.templating import environment, fill

# Two universes, each with a ritual: id → (title, the ritual's id, its title).
UNIVERSES = {
    "werkstatt": ("Werkstatt", "begruessung", "Begrüßung"),
    "salon": ("Salon", "einladung", "Einladung"),
}


def new_playbook(root: Path, name: str) -> None:
    """Fill an empty folder with vocabularies, two universes with a ritual each, pages and settings."""
    source = PROJECT / "templates" / "init"
    env = environment(source, lambda value: value)
    heading = Markup(re.sub(r"([\\`*_{}\[\]<>#&])", r"\\\1", name))
    for path in files_below(source):
        relative = path.relative_to(source)
        text = path.read_text("utf-8")
        if path.suffix == ".j2":
            text = fill(env, source, relative.as_posix(), {"heading": heading, "today": date.today()})
        write_file(root / relative.with_name(path.name.removesuffix(".j2")), text.encode())
    write_file(root / "mkdocs.yml", _config_for(name).encode())
    write_file(root / ".gitignore", b"/build/\n/site/\n/site-guest/\n")
    write_schemas(root / FOLDER)
    settings = json.dumps(editor_settings(), ensure_ascii=False, indent=2) + "\n"
    write_file(root / ".vscode" / "settings.json", settings.encode())
    write_file(root / ".vscode" / "extensions.json", b'{\n  "recommendations": ["redhat.vscode-yaml"]\n}\n')
    for key, (title, ritual, ritual_title) in UNIVERSES.items():
        tree = load(root)
        others = [other for other in UNIVERSES if other != key]
        occasion = next(iter(tree.playbook.occasions))
        universe = new_universe(tree, key, others=others, answered=[occasion], title=title, owner=OWNER)
        values = {"title": ritual_title, "summary": SUMMARY, "occasion": occasion, "owner": OWNER}
        for file in (universe, new_ritual(tree, ritual, universe=key, draft=False, **values)):
            write_file(root / file.path, file.text.encode())


def _config_for(name: str) -> str:
    """The project's `mkdocs.yml` for another playbook: the look and behaviour stay, the name is another."""
    own = {
        "site_name": scalar(name),
        "site_description": scalar("Wie wir Kund:innen begegnen, zum Nachschlagen und Ausdrucken."),
        "site_url": "http://127.0.0.1:8000/  # the address where it will be published; it is printed on sheets",
    }
    config = (PROJECT / "mkdocs.yml").read_text("utf-8")
    lines = (line for line in config.split("\n") if not line.startswith("  custom_dir:"))
    keys = ((line, line.partition(":")[0]) for line in lines)
    return "\n".join(f"{key}: {own[key]}" if key in own else line for line, key in keys)
