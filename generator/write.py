"""Step 4, write: the files, each rendered when its turn comes, into a folder, touching only what changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from generator.faults import discard
from generator.parallel import spread

Recipe = Callable[[], str | bytes]  # makes a file's text; as UTF-8 where there is too much of it to have it twice


def write(folder: Path, files: Mapping[str, Recipe]) -> tuple[int, int]:
    """Make `folder` hold exactly `files` (`src_uri` → how to make its text).

    A file with the same content keeps its time stamp; what is not in `files` is removed. Returns how many files were
    written and removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    removed = clear(folder, files)

    def some(uris: Sequence[str]) -> list[bool]:
        return [put(folder / uri, made(files[uri])) for uri in uris]

    return sum(spread(some, list(files))), removed


def made(recipe: Recipe) -> bytes:
    text = recipe()
    return text if isinstance(text, bytes) else text.encode()


def put(path: Path, data: bytes) -> bool:
    """Make a file hold `data`, wholly or not at all; False if it did already. Makes its folder. An OSError names it."""
    return put_all({path: data}) > 0


def put_ours(path: Path, data: bytes) -> None:
    """`put` in `build/`, where nothing may stand in the way: a folder in the file's place goes."""
    if path.is_dir():
        discard(path)
    put(path, data)


def put_all(files: Mapping[Path, bytes]) -> int:
    """`put` for files that belong together: all of them or none. Returns how many were written."""
    # Under a hidden name, which is no source: a command that is killed must not leave what stops all others.
    changed = {path: path.with_name(f".{path.name}.new") for path, data in files.items() if not _same(path, data)}
    before: dict[Path, bytes | None] = {}
    try:
        for path, temporary in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)  # a link would lead elsewhere
            temporary.write_bytes(files[path])
        for path, temporary in changed.items():
            old = path.read_bytes() if len(changed) > 1 and path.is_file() else None
            os.replace(temporary, path)
            before[path] = old
    except OSError as error:
        error.filename = error.filename or str(path)
        for path, temporary in reversed(changed.items()):
            with suppress(OSError):  # it may be what fills the disk
                temporary.unlink(missing_ok=True)
                if (old := before.get(path)) is not None:
                    put(path, old)
                elif path in before:
                    path.unlink()
                path.parent.rmdir()  # if there is nothing in it: an empty folder is in the way of the next try
        raise
    return len(changed)


def _same(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:  # not there, or nothing to be read
        return False


def clear(folder: Path, keep: Container[str]) -> int:
    """Remove every link below `folder`, and every file not in `keep`, by its relative path; returns how many files."""
    removed = 0
    for base, folders, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(base, name)
            if path.is_symlink() or path.relative_to(folder).as_posix() not in keep:  # else what it leads to is written
                path.unlink()
                removed += 1
        for name in folders:
            path = Path(base, name)
            if path.is_symlink():
                path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
    return removed
