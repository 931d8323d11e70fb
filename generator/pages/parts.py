"""What the handbook is made of: the parts listed in `sbom.cdx.json`, which `sbom.py` makes of the locked packages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

SBOM = "sbom.cdx.json"  # at the project's top, and written into `build/` by every build
READERS = "playbook:readers"  # the property of parts of which readers get something


@dataclass(frozen=True)
class Part:
    name: str
    version: str  # empty where nobody says it
    licence: str  # an SPDX expression
    source: str  # a URL
    readers: bool  # whether readers get something of it
    inside: Mapping[str, int]  # licence → how many parts under it are compiled into this one, most frequent first


@cache
def parts() -> list[Part]:
    """All parts, by name."""
    from generator.project import PROJECT  # which needs this module

    components = json.loads((PROJECT / SBOM).read_text("utf-8"))["components"]
    return sorted(map(_part, components), key=lambda part: (part.name.lower(), part.version))


def licence(component: Mapping[str, Any]) -> str:
    """The SPDX expression of a CycloneDX component; empty if it has none."""
    entries = (entry.get("expression") or entry["license"].get("id", "") for entry in component.get("licenses", ()))
    return " AND ".join(entries)


def _part(component: Mapping[str, Any]) -> Part:
    inside = Counter(licence(inner) for inner in component.get("components", ()) if inner["type"] == "library")
    return Part(
        component["name"],
        component.get("version", ""),
        licence(component),
        next(link["url"] for link in component["externalReferences"] if link["type"] == "website"),
        any(entry["name"] == READERS for entry in component.get("properties", ())),
        dict(sorted(inside.items(), key=lambda item: (-item[1], item[0]))),
    )
