"""Which file below the root is what, and what does not belong there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from generator.load.source import MAX_BYTES, Source, line_column
from generator.load.tree import OPTIONAL, VOCABULARIES
from generator.model.text import SLUG
from generator.problems import Problem, closest

_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
_OUTSIDE = "this link leads out of the folder; replace it with the file itself"
_NO_FILE = "neither a file nor a link to one; put the file itself here"


def read_text(root: Path, where: PurePath) -> tuple[str, list[Problem]]:
    """The text of a file below `root`, or a problem if it cannot be read or a link leads out of `root`."""
    path, raw = root / where, b""
    try:
        if _leads_out(path, root):
            return "", [_problem(where, _OUTSIDE)]
        if not path.is_file():
            return "", [_problem(where, _NO_FILE)]
        if path.stat().st_size > MAX_BYTES:
            return "", [_problem(where, f"the file is larger than {MAX_BYTES:,} bytes; split it")]
        raw = path.read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"), []
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        message = f"the byte {raw[error.start]:#04x} is not UTF-8; save the file with the encoding UTF-8"
        return "", [Problem(where.as_posix(), *line_column(before, len(before)), message)]
    except OSError as error:
        return "", [_problem(where, f"cannot be read: {error.strerror}; check the file and its permissions")]


def _leads_out(path: Path, root: Path) -> bool:
    return path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _problem(path: PurePath, message: str) -> Problem:
    return Problem(path.as_posix(), 1, 1, message)


def find(root: Path) -> tuple[dict[str, PurePath], dict[str, Source], list[Problem]]:
    """The files below `root` by key, empty sources for those that are missing or misplaced, and the problems.

    Keys are those of `Tree.sources`, and `page/<src_uri>`.
    """
    files, strays, sources = dict[str, PurePath](), list[PurePath](), dict[str, Source]()
    others = [
        root / "mkdocs.yml",
        root / "templates",
        *root.glob("templates/**/*"),
        *root.glob("content/locales/*/*/*"),
    ]
    problems = [_problem(path.relative_to(root), _OUTSIDE) for path in others if _leads_out(path, root)]
    odd = [
        path for path in others if path.exists() and not (path.is_file() or path.is_dir())
    ]  # a pipe blocks its reader
    problems += [_problem(path.relative_to(root), _NO_FILE) for path in odd]
    for path in _walk(root, problems):
        key = key_of(path)
        if key is None:
            strays.append(path)
        elif key in files:
            problems.append(_problem(path, f"the id '{path.stem}' is taken by {files[key]}; rename one file"))
        else:
            files[key] = path
    universes = [] if (root / "universes").is_symlink() else root.glob("universes/*/")
    names = [path.name for path in universes if re.fullmatch(SLUG, path.name) and not path.is_symlink()]
    if not names:
        problems.append(
            _problem(PurePath("universes"), "no universe found; expected universes/<universe>/universe.yml")
        )
    needed = {name: PurePath("universes", f"{name}.yml") for name in VOCABULARIES}
    needed |= {f"universe/{name}": PurePath("universes", name, "universe.yml") for name in names}
    optional = {name: PurePath("content", f"{name}.yml") for name in OPTIONAL}
    missing = {key: path for key, path in (needed | optional).items() if key not in files}
    for path in strays:
        advice = "move it elsewhere, or to universes/<universe>/rituals/<ritual>.yml or content/<page>.md"
        if (place := _meant(path, files, missing)) and (key := key_of(place)):
            sources[key] = Source(place.as_posix())
            advice = f"rename or move it to '{place.as_posix()}'"
        problems.append(_problem(path, f"this file is not used; {advice}"))
    for key in needed.keys() - files.keys() - sources.keys():
        sources[key] = Source(needed[key].as_posix())
        problems.append(_problem(needed[key], "the file is missing; add it"))
    return files, sources, problems


def _meant(path: PurePath, files: Mapping[str, PurePath], missing: Mapping[str, PurePath]) -> PurePath | None:
    """Where a misplaced file probably belongs: it is a missing file, its name is no id, or it is a ritual."""
    match = re.fullmatch(r"(.+?)\.(ya?ml|md)(\.txt)?", path.name, re.IGNORECASE)
    if match is None:
        return None
    stem, suffix = id_like(match[1]), "md" if match[2].lower() == "md" else "yml"
    beside = {place.stem: place for place in missing.values() if place.parent == path.parent}
    if name := closest(stem, beside):
        return beside[name]
    folders, name = [id_like(part) for part in path.parent.parts], f"{stem}.{suffix}"
    places = (PurePath(*folders, name), PurePath(*folders[:2], "rituals", name))
    return next((place for place in places if (key := key_of(place)) and key not in files), None)


def _walk(root: Path, problems: list[Problem]) -> Iterator[PurePath]:
    """The files in `content/` and `universes/`, relative to `root`; links to folders are not followed."""

    def unreadable(error: OSError) -> None:
        path = PurePath(error.filename).relative_to(root)
        problems.append(_problem(path, f"cannot be read: {error.strerror}; check the permissions"))

    for folder, folders, names in os.walk(root, onerror=unreadable):
        here = PurePath(folder).relative_to(root)
        if not here.parts:
            folders[:], names = {"content", "universes"} & set(folders), []
        folders[:] = sorted(filter(is_source, folders))
        links = [here / name for name in folders if os.path.islink(root / here / name)]
        problems += [_problem(path, "a link to a folder; replace it with the folder itself") for path in links]
        for path in (here / name for name in sorted(filter(is_source, names))):
            if path.parts[:2] != ("content", "locales") or path.suffix not in (".po", ".pot", ".mo"):
                yield path


def is_source(path: str) -> bool:
    """Whether a file means anything, going by its name: not if it is hidden, or made by an editor or a system."""
    name = PurePath(path).name
    return not name.startswith((".", "#", "~", "__")) and not name.endswith("~")


def key_of(path: PurePath) -> str | None:
    """The key of a file at `path`; None where nothing is read."""
    language = re.search(r"(?<=\.)[a-z]{2,3}(_[A-Z]{2})?(?=\.md$)", path.name)
    if language:
        path = path.with_name(f"{path.name[: language.start() - 1]}.md")
    if not all(re.fullmatch(SLUG, part) for part in path.with_suffix("").parts):
        return None
    match path.parts:
        case ("universes", _) if path.suffix == ".yml" and path.stem in VOCABULARIES:
            return path.stem
        case ("universes", universe, "universe.yml"):
            return f"universe/{universe}"
        case ("universes", _, "rituals", _) if path.suffix == ".yml":
            return f"ritual/{path.stem}"
        case ("content", "glossary.yml" | "chooser.yml"):
            return path.stem
        case ("content", "paths", _) if path.suffix == ".yml":
            return f"path/{path.stem}"
        case ("content", *_) if path.suffix == ".md":
            return f"page{'.' + language[0] if language else ''}/{path.relative_to('content')}"
    return None


def id_like(name: str) -> str:
    """The id nearest to a name; empty if the name has neither letters nor digits."""
    return re.sub("[^a-z0-9]+", "-", name.lower().translate(_UMLAUTS)).strip("-")[:64]
