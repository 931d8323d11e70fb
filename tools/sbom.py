"""`make sbom`: the list of all parts, made of the lock, of what installed packages say, and of `licences.toml`.

The result is a CycloneDX file without dates, so that the same lock gives the same bytes. It is committed: what a
build shows and hands on follows from the sources, not from what happens to be installed.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from license_expression import ExpressionError, LicenseExpression, get_spdx_licensing
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from generator.pages.components import READERS, SBOM, licence
from generator.problems import PlaybookError, Problem
from generator.project import PROJECT

LICENCES, LOCK = "licences.toml", "requirements.txt"
_LOCKED = re.compile(r"^([\w.-]+)==([^\s;]+)(?: ; [^\\]*)? \\\n((?: {4}--hash=sha256:\w+(?: \\)?\n)+)", re.MULTILINE)
# The labels under which packages name the place of their source, the best first.
_LABELS = ("source", "source code", "repository", "code", "github", "homepage")
_SPDX = get_spdx_licensing()


def make(root: Path) -> str:
    """The SBOM as JSON, a part in a line. Raises PlaybookError for parts whose licence is unknown or not allowed."""
    known = tomllib.loads((root / LICENCES).read_text("utf-8"))
    lock = (root / LOCK).read_text("utf-8")
    locked = [(found[1], found[2], re.findall(r"sha256:(\w+)", found[3])) for found in _LOCKED.finditer(lock)]
    names = {canonicalize_name(name) for name, _, _ in locked}
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    whole = Component(
        name=project["name"],
        version=project["version"],
        description=project["description"],
        type=ComponentType.APPLICATION,
        bom_ref=project["name"],
    )
    bom = Bom(metadata=BomMetaData(component=whole))
    needs: dict[str, set[str]] = {}
    packages: dict[str, list[Component]] = {}
    for name, version, hashes in locked:
        there = distribution(name)
        needs[name] = set(_needs(there.requires or ())) & names
        part = _package(there, version, hashes, known)
        packages.setdefault(canonicalize_name(name), []).append(part)
        bom.components.add(part)
    for name, needed in needs.items():
        for part in packages[canonicalize_name(name)]:
            bom.register_dependency(part, [other for key in sorted(needed) for other in packages[key]])
    shipped = [_shipped(root, entry) for entry in known["shipped"]]
    bom.components.update(shipped)
    direct = [part for key in sorted(set(_needs(project["dependencies"]))) for part in packages[key]]
    bom.register_dependency(whole, [*direct, *shipped])
    return _written(bom)


def refused(sbom: str, allowed: list[str]) -> Iterator[str]:
    """What is wrong with the licences in an SBOM, one sentence for each part."""
    for component in json.loads(sbom)["components"]:
        for part in (component, *component.get("components", ())):
            if part["type"] == "file":
                continue  # its licence is that of the part it belongs to
            where = part["name"] + (f" in {component['name']}" if part is not component else "")
            if not licence(part):
                yield f"the licence of {where} is unknown; read it, then add it as [[stated]]"
            elif not permitted(licence(part), allowed):
                yield f"{where} is under {licence(part)}, which is not allowed; do without it, or allow that licence"


def permitted(expression: str, allowed: list[str]) -> bool:
    """Whether an SPDX expression can be met with the licences `allowed`."""
    try:
        parsed: LicenseExpression | None = _SPDX.parse(expression, validate=True, strict=False)
    except ExpressionError:
        return False
    known = {str(_SPDX.parse(key)) for key in allowed}

    def met(node: Any) -> bool:
        if hasattr(node, "args") and node.args:
            return (any if node.operator.strip() == "OR" else all)(met(part) for part in node.args)
        return str(node) in known

    return parsed is not None and met(parsed)


def _needs(requirements: Any) -> Iterator[str]:
    """The names of what is needed; what only an extra needs is left out."""
    for requirement in map(Requirement, requirements):
        if "extra" not in str(requirement.marker or ""):
            yield canonicalize_name(requirement.name)


def _package(there: Distribution, version: str, hashes: list[str], known: Mapping[str, Any]) -> Component:
    """A locked package. What it says of itself is read from the version that is installed."""
    name, said = canonicalize_name(there.metadata["Name"]), there.metadata.json
    purl = PackageURL("pypi", name=name, version=version)
    files = [HashType(alg=HashAlgorithm.SHA_256, content=content) for content in hashes]
    return Component(
        name=name,
        version=version,
        purl=purl,
        bom_ref=str(purl),
        licenses=_licences(_stated(name, said, known["stated"])),
        external_references=[
            ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(_source(name, said))),
            ExternalReference(
                type=ExternalReferenceType.DISTRIBUTION,
                url=XsUri(f"https://pypi.org/project/{name}/{version}/"),
                comment="the hashes of all its files in the lock; one of them is installed",
                hashes=files,
            ),
        ],
        properties=[Property(name=READERS, value="true")] if name in known["readers"] else [],
        components=_compiled_in(there, name),
    )


def _stated(name: str, said: Mapping[str, Any], stated: list[dict[str, str]]) -> str:
    """The SPDX expression of a package: its own, or ours for just what it says; empty if neither."""
    field = said.get("license", "").strip()
    for expression in (said.get("license_expression", ""), field):
        if expression and not _SPDX.validate(expression).errors:
            return str(expression)
    classifiers = [entry.rpartition(" :: ")[2] for entry in said.get("classifier", ()) if entry.startswith("License")]
    says = field or ", ".join(classifiers)
    return next((entry["licence"] for entry in stated if (entry["name"], entry["says"]) == (name, says)), "")


def _licences(expression: str) -> list[Any]:
    return [LicenseFactory().make_from_string(expression)] if expression else []


def _source(name: str, said: Mapping[str, Any]) -> str:
    links = {label.lower(): url for label, _, url in (entry.partition(", ") for entry in said.get("project_url", ()))}
    found = next((links[label] for label in _LABELS if label in links), said.get("home_page"))
    return found or f"https://pypi.org/project/{name}/"


def _compiled_in(there: Distribution, name: str) -> list[Component]:
    """What a wheel says is compiled into it (PEP 770), such as the Rust crates of Typst."""
    found = []
    for file in there.files or ():
        if file.parent.name != "sboms" or not file.name.endswith("cyclonedx.json"):
            continue
        for inner in json.loads(file.read_text("utf-8")).get("components", ()):
            hashes = [
                HashType(alg=HashAlgorithm(entry["alg"]), content=entry["content"]) for entry in inner.get("hashes", ())
            ]
            found.append(
                Component(
                    name=inner["name"],
                    version=inner["version"],
                    purl=PackageURL.from_string(inner["purl"]) if "purl" in inner else None,
                    bom_ref=f"{name}/{inner['bom-ref']}",
                    licenses=_licences(re.sub(" +", " ", licence(inner))),
                    hashes=hashes,
                )
            )
    return found


def _shipped(root: Path, entry: Mapping[str, Any]) -> Component:
    """A part that is no Python package, with the hashes of its files among ours."""
    files = sorted(path for pattern in entry.get("files", ()) for path in root.glob(pattern))
    purl = PackageURL("npm", name=entry["npm"]) if "npm" in entry else None
    return Component(
        name=entry["name"],
        version=entry.get("version"),  # unknown of what Material has built in
        purl=purl,
        bom_ref=str(purl) if purl else entry["name"],
        licenses=_licences(entry["licence"]),
        external_references=[ExternalReference(type=ExternalReferenceType.WEBSITE, url=XsUri(entry["source"]))],
        properties=[Property(name=READERS, value="true")],
        components=[
            Component(
                name=path.relative_to(root).as_posix(),
                type=ComponentType.FILE,
                bom_ref=path.relative_to(root).as_posix(),
                hashes=[
                    HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(path.read_bytes()).hexdigest()),
                ],
            )
            for path in files
        ],
    )


def _written(bom: Bom) -> str:
    """The SBOM's JSON, without the time, its serial number made of its content; each part in a line of its own."""
    whole = json.loads(JsonV1Dot6(bom).output_as_string())
    del whole["metadata"]["timestamp"], whole["serialNumber"]
    whole["serialNumber"] = uuid5(NAMESPACE_URL, json.dumps(whole, sort_keys=True)).urn
    lines = (
        f"{json.dumps(key)}: "
        + ("[\n" + ",\n".join(map(_line, value)) + "\n]" if isinstance(value, list) else _line(value))
        for key, value in sorted(whole.items())
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def main() -> None:
    """Write the SBOM of this project; problems go to standard error, and nothing is written then."""
    sbom = make(PROJECT)
    allowed = tomllib.loads((PROJECT / LICENCES).read_text("utf-8"))["allowed"]
    problems = [Problem(LICENCES, 1, 1, sentence) for sentence in refused(sbom, allowed)]
    if problems:
        sys.exit(str(PlaybookError(problems)))
    (PROJECT / SBOM).write_text(sbom, "utf-8")
    print(f"Wrote {SBOM}: {len(json.loads(sbom)['components'])} parts.")


if __name__ == "__main__":
    main()
