"""A playbook of one's own, small and complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from markupsafe import Markup

from generator.authoring.new import new_ritual, new_universe, write_new
from generator.authoring.scalars import scalar
from generator.files import files_below, write_file
from generator.load import load
from generator.model.schema import FOLDER, editor_settings, write_schemas
from generator.templating import environment, fill

# Each with a ritual: (id, title), (id, title); to be renamed.
BEGINNING = (
    (("werkstatt", "Werkstatt"), ("begruessung", "Begrüßung")),
    (("salon", "Salon"), ("einladung", "Einladung")),
)


def new_playbook(root: Path, templates: Path, config: Path, symbols: Iterable[str], name: str, today: date) -> None:
    """Fill an empty folder with a small playbook: vocabularies, two universes, a ritual each, pages, settings."""
    source = templates / "init"
    env = environment(source, lambda value: value)
    for path in files_below(source):
        target = root / path.relative_to(source).with_name(path.name.removesuffix(".j2"))
        text = path.read_text("utf-8")
        if path.suffix == ".j2":
            heading = Markup(re.sub(r"([\\`*_{}\[\]<>#&])", r"\\\1", name))
            text = fill(env, source, path.relative_to(source).as_posix(), {"heading": heading, "today": today})
        write_file(target, text.encode())
    write_file(root / "mkdocs.yml", _own_config(config.read_text("utf-8"), name).encode())
    write_file(root / ".gitignore", b"/build/\n/site/\n/site-guest/\n")
    write_schemas(root / FOLDER)
    settings = json.dumps(editor_settings(), ensure_ascii=False, indent=2) + "\n"
    write_file(root / ".vscode" / "settings.json", settings.encode())
    write_file(root / ".vscode" / "extensions.json", b'{\n  "recommendations": ["redhat.vscode-yaml"]\n}\n')
    values: dict[str, Any] = {"owner": "Redaktion", "today": today}
    for (universe, title), (ritual, ritual_title) in BEGINNING:
        tree = load(root)
        occasion = next(iter(tree.playbook.occasions))
        files = new_universe(tree, templates, universe, symbols, [occasion], title=title, **values)
        summary = "Hier steht, was geschieht und für wen."
        files |= new_ritual(
            tree,
            templates,
            ritual,
            universe,
            draft=False,
            occasion=occasion,
            title=ritual_title,
            summary=summary,
            **values,
        )
        write_new(root, files)


def _own_config(text: str, name: str) -> str:
    """The hand-edited `mkdocs.yml` for another playbook: the look and behaviour stay, the name is another."""
    own = {
        "site_name": scalar(name),
        "site_description": scalar("Wie wir Kund:innen begegnen, zum Nachschlagen und Ausdrucken."),
        "site_url": "http://127.0.0.1:8000/  # the address where it will be published; it is printed on sheets",
    }
    lines = (line for line in text.split("\n") if not line.startswith("  custom_dir:"))
    keys = ((line, line.partition(":")[0]) for line in lines)
    return "\n".join(f"{key}: {own[key]}" if key in own else line for line, key in keys)
