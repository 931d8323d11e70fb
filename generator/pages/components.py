"""What the handbook is made of: the components listed in `sbom.cdx.json`, which `tools/sbom.py` writes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.project import PROJECT

SBOM = "sbom.cdx.json"  # at the project's top, and written into `build/` by every build
READERS = "playbook:readers"  # a property of the components that readers get something of


@dataclass(frozen=True)
class Component:
    """`inside` counts the components compiled into this one, by licence, most frequent first."""

    name: str
    version: str  # empty if it has none
    licence: str  # an SPDX expression
    source: str  # a URL
    readers: bool  # whether readers get something of it
    inside: Mapping[str, int]


@cache
def components() -> list[Component]:
    """All components, by name."""
    entries = json.loads((PROJECT / SBOM).read_text("utf-8"))["components"]
    return sorted(map(_component, entries), key=lambda component: (component.name.lower(), component.version))


def licence(entry: Mapping[str, Any]) -> str:
    """The SPDX expression of a CycloneDX component; empty if it has none."""
    licences = (each.get("expression") or each["license"].get("id", "") for each in entry.get("licenses", ()))
    return " AND ".join(licences)


def _component(entry: Mapping[str, Any]) -> Component:
    inside = Counter(licence(inner) for inner in entry.get("components", ()) if inner["type"] == "library")
    return Component(
        entry["name"],
        entry.get("version", ""),
        licence(entry),
        next(link["url"] for link in entry["externalReferences"] if link["type"] == "website"),
        any(each["name"] == READERS for each in entry.get("properties", ())),
        dict(sorted(inside.items(), key=lambda item: (-item[1], item[0]))),
    )
