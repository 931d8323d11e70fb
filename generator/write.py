"""Step 4, write: the rendered files into a folder, touching only what changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write(folder: Path, files: Mapping[str, str]) -> tuple[int, int]:
    """Make `folder` hold exactly `files` (`src_uri` → text).

    A file with the same content keeps its time stamp; what is not in `files` is
    removed. Returns how many files were written and removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    removed = _remove_others(folder, files)
    written = 0
    for src_uri, text in files.items():
        path = folder / src_uri
        data = text.encode()
        if _same(path, data):
            continue
        put(path, data)
        written += 1
    return written, removed


def put(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all; makes its folder. An OSError names the file."""
    temporary = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        os.replace(temporary, path)
    except OSError as error:
        error.filename = error.filename or str(path)
        with suppress(OSError):  # it may be what fills the disk
            temporary.unlink(missing_ok=True)
        raise


def _same(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:  # not there, or nothing to be read
        return False


def _remove_others(folder: Path, files: Mapping[str, str]) -> int:
    removed = 0
    for base, folders, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(base, name)
            if path.relative_to(folder).as_posix() not in files:
                path.unlink()
                removed += 1
        for name in folders:
            path = Path(base, name)
            if path.is_symlink():
                path.unlink()
            elif not any(path.iterdir()):
                path.rmdir()
    return removed
