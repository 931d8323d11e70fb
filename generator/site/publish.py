"""The finished site takes the place of the old one in one step.

The kernel exchanges the two folders (Linux `renameat2`, macOS `renamex_np`), so the published path is one whole site at
every moment. Elsewhere the old site is moved aside and the new one moved in, with a gap of microseconds.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path
from zlib import crc32

from generator.audience.edition import MARKERS
from generator.files import files_below, remove
from generator.model.text import Audience
from generator.problems import PlaybookError, Problem

FOLDER, FILE = 0o755, 0o644  # permissions that a web server needs, whatever the umask
SOURCES = ("universes", "content", "templates", "build", ".git")


def refuse_foreign(site: Path, root: Path, marker: str = MARKERS[Audience.TEAM]) -> None:
    """Raise PlaybookError unless `site` may be replaced: absent, empty, or a site with this `marker`."""
    target, reason = site.resolve(), ""
    if Path.cwd().is_relative_to(target):
        reason = "you are in it; change to another folder"
    elif root.resolve().is_relative_to(target):
        reason = "it holds the sources"
    elif any(target.is_relative_to((root / name).resolve()) for name in SOURCES):
        reason = "it lies among the sources"
    elif site.is_symlink():
        reason = "it is a link; give the folder itself"
    elif any(path.is_file() for path in (target, *target.parents)):
        reason = "it is a file, or lies below one"
    elif target.is_dir() and any(target.iterdir()) and not (target / marker).is_file():
        reason = f"it is not empty and has no {marker}, so it is no site of ours for these readers"
    if reason:
        raise PlaybookError([Problem(str(site.absolute()), 1, 1, f"will not be replaced by the site: {reason}")])


def publish(source: Path, site: Path) -> None:
    """Put a copy of the folder `source` in the place of `site`. Raises OSError, and leaves `site` as it was."""
    # Beside the site, for it has to be on the same disk. Two playbooks may publish to one place at the same time, so
    # each has a folder of its own.
    staging = site.with_name(f".{site.name}.{crc32(os.fsencode(source.absolute())):08x}")
    site.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(staging, ignore_errors=True)  # of a build that was killed
    try:
        copy(source, staging)
        if not site.exists():
            staging.rename(site)
        elif not exchange(staging, site):
            old = site.with_name(f".{site.name}.old")
            remove(old)
            site.rename(old)
            staging.rename(site)
            remove(old)
    finally:
        shutil.rmtree(staging, ignore_errors=True)  # the old site, or half of the new one


def copy(source: Path, target: Path) -> None:
    """Copy the files of a folder, for a web server to read. Raises OSError if anything cannot be read or written."""
    files = [path.relative_to(source) for path in files_below(source)]
    for folder in sorted({Path(), *(parent for file in files for parent in file.parents)}):
        (target / folder).mkdir()
        (target / folder).chmod(FOLDER)
    for file in files:
        shutil.copyfile(source / file, target / file)
        (target / file).chmod(FILE)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False if the system or the disk cannot."""
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return bool(ctypes.CDLL(None).renamex_np(*names, 2) == 0)  # RENAME_SWAP
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "renameat2"):
        at_cwd, rename_exchange = -100, 2
        return bool(library.renameat2(at_cwd, names[0], at_cwd, names[1], rename_exchange) == 0)
    return False
