"""Which file below the root is what, and what does not belong there."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath

from generator.load.source import MAX_BYTES, Source, line_column
from generator.load.tree import OPTIONAL, VOCABULARIES
from generator.model.text import SLUG
from generator.problems import Problem, closest

_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


def read_text(root: Path, where: PurePath) -> tuple[str, list[Problem]]:
    """The text of a file below `root`; unreadable, binary or elsewhere: a problem."""
    name = where.as_posix()
    path = os.path.join(root, where)
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
                return "", [Problem(name, 1, 1, "a link that leaves the folder; put the file itself here")]
            status = os.stat(path) if os.path.exists(path) else status
        if not stat.S_ISREG(status.st_mode):
            return "", [Problem(name, 1, 1, "not a file, or a link to none; put the file itself here")]
        if status.st_size > MAX_BYTES:
            return "", [Problem(name, 1, 1, f"the file is larger than {MAX_BYTES:,} bytes; split it")]
        raw = Path(path).read_bytes()
        text = raw.decode("utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text, []
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        message = f"the byte {raw[error.start]:#04x} is not UTF-8; save the file with the encoding UTF-8"
        return "", [Problem(name, *line_column(before, len(before)), message)]
    except OSError as error:
        return "", [Problem(name, 1, 1, f"cannot be read: {error.strerror}; check the file and its permissions")]


def find(root: Path) -> tuple[dict[str, PurePath], dict[str, Source], list[Problem]]:
    """The files below `root` by key; empty sources of those that are missing or elsewhere; the problems.

    Keys are those of `Tree.sources`, and `page/<src_uri>`.
    """
    files: dict[str, PurePath] = {}
    sources: dict[str, Source] = {}
    strays: list[PurePath] = []
    problems: list[Problem] = []

    def tell(path: PurePath | str, message: str) -> None:
        problems.append(Problem(str(path), 1, 1, message))

    for path in walk(root, tell):
        key = key_of(path)
        if key is None:
            strays.append(path)
        elif key in files:
            tell(path, f"the id '{path.stem}' is taken by {files[key]}; rename one file")
        else:
            files[key] = path
    base, needed = root / "universes", {name: f"content/{name}.yml" for name in OPTIONAL}
    if not base.is_dir():
        tell("universes", "the folder is missing; it holds one folder for each universe")
    elif not base.is_symlink():
        needed |= {name: f"universes/{name}.yml" for name in VOCABULARIES}
        folders = [path.name for path in base.glob("*/") if re.fullmatch(SLUG, path.name) and not path.is_symlink()]
        needed |= {f"universe/{name}": f"universes/{name}/universe.yml" for name in folders}
        if not folders:
            tell("universes", "no universe found; expected universes/<universe>/universe.yml")
    for path in foreign_links(root):
        tell(path, "a link that leaves the folder; put the file itself here")
    for path in strays:
        places = possible_places(path, needed)
        meant = closest(str(path), (place for place, key in places.items() if key not in files))
        if meant == needed["chooser"] and not closest(path.stem, ["chooser"]):  # only the folder is alike
            meant = None
        if meant is None:
            expected = "universes/<universe>/rituals/<ritual>.yml or content/<page>.md"
            tell(path, f"nothing is read from here; move it out, or to {expected}")
            continue
        sources[places[meant]] = Source(meant)
        parts, wanted = path.parts, PurePath(meant).parts
        if len(parts) == len(wanted):  # a single name is wrong: of the file, or of a folder above it
            depth = 1 + next(i for i, part in enumerate(parts) if part != wanted[i])
            parts, wanted = parts[:depth], wanted[:depth]
        tell(PurePath(*parts), f"nothing is read from here; rename or move it to '{PurePath(*wanted)}'")
    for key in needed.keys() - files.keys() - sources.keys() - set(OPTIONAL):
        sources[key] = Source(needed[key])
        tell(needed[key], "the file is missing; add it")
    return files, sources, problems


def walk(root: Path, tell: Callable[[PurePath | str, str], None]) -> Iterator[PurePath]:
    """The files in `content/` and `universes/`, relative to `root`; links to folders are not followed."""

    def unreadable(error: OSError) -> None:
        tell(os.path.relpath(error.filename, root), f"cannot be read: {error.strerror}; check the permissions")

    for folder, folders, names in os.walk(root, onerror=unreadable):
        here = PurePath(folder).relative_to(root)
        if not here.parts:
            folders[:], names = {"content", "universes"} & set(folders), []
        folders[:] = sorted(filter(_visible, folders))
        for name in folders:
            if os.path.islink(root / here / name):
                tell(here / name, "a link to a folder; put the folder itself here")
        files = (here / name for name in sorted(filter(_visible, names)))
        yield from (path for path in files if not _is_catalogue(path))


def is_source(path: str) -> bool:
    """Whether a changed file means anything; not one that an editor keeps beside those that do."""
    return _visible(PurePath(path).name)


def foreign_links(root: Path) -> Iterator[PurePath]:
    """What of the parts that are no records leads out of `root`, or is no file: templates, settings, catalogues."""
    home = os.path.realpath(root)
    parts = [root / "mkdocs.yml", root / "templates", *(root / "templates").rglob("*")]
    for path in (*parts, *(root / "content" / "locales").glob("*/LC_MESSAGES/*.po")):
        led_out = path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home)
        if led_out or not (path.is_file() or path.is_dir() or not path.exists()):
            yield path.relative_to(root)


def _is_catalogue(path: PurePath) -> bool:
    return path.parts[:2] == ("content", "locales") and path.suffix in (".po", ".pot", ".mo")


def _visible(name: str) -> bool:
    """Not a hidden file, nor one that editors and systems make."""
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


def possible_places(path: PurePath, needed: Mapping[str, str]) -> dict[str, str]:
    """Where a YAML or Markdown file may belong, with its key there: its name put right, a ritual, what is needed."""
    match = re.fullmatch(r"(.+?)\.([ym])\w+(\.\w+)?", path.name, re.IGNORECASE)
    if match is None:
        return {}
    top, *folders, stem = map(id_like, (*path.parts[:-1], match[1]))
    suffix = ".yml" if match[2] in "yY" else ".md"
    places = ["/".join((top, *folders, stem)) + suffix, "/".join((top, *folders[:1], "rituals", stem)) + suffix]
    own = {place: key for place in places if (key := key_of(PurePath(place)))}
    return {place: key for key, place in needed.items() if suffix == ".yml"} | own
