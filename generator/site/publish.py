"""The finished site takes the old one's place in one step.

The two folders are exchanged by the kernel (Linux `renameat2`, macOS `renamex_np`): at every moment the published path
is one whole site. Elsewhere the old site is moved aside and the new one moved in, a gap of microseconds.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from generator.audience.edition import MARKERS
from generator.files import remove
from generator.model.text import Audience
from generator.problems import PlaybookError, Problem

FOLDER, FILE = 0o755, 0o644  # permissions that a web server needs, whatever the umask: the same site everywhere
SOURCES = ("universes", "content", "templates", "build", ".git")


def refuse_foreign(site: Path, root: Path, marker: str = MARKERS[Audience.TEAM]) -> None:
    """Raise PlaybookError unless `site` may be replaced: absent, empty or a site with the `marker`, no source in it."""
    refuse_here(site)
    here, reason = site.resolve(), ""
    if root.resolve().is_relative_to(here) or here == Path.home():
        reason = "it holds the sources"
    elif any(here.is_relative_to((root / name).resolve()) for name in SOURCES):
        reason = "it lies among the sources"
    elif site.is_symlink():
        reason = "it is a link; give the folder itself"
    elif site.exists() and not site.is_dir():
        reason = "it is a file"
    elif any(parent.is_file() for parent in here.parents):
        reason = "it would lie below a file"
    elif site.is_dir() and any(site.iterdir()) and not (site / marker).is_file():
        reason = f"it is not empty and has no {marker}, so it is no site of ours for these readers"
    if reason:
        raise PlaybookError([Problem(str(site.absolute()), 1, 1, f"will not be replaced by the site: {reason}")])


def refuse_here(folder: Path) -> None:
    """Raise PlaybookError if we are in `folder`: whoever called us would stand nowhere once it is replaced."""
    if Path.cwd().is_relative_to(folder.resolve()):
        message = "will not be replaced: you are in it; change to another folder"
        raise PlaybookError([Problem(str(folder.absolute()), 1, 1, message)])


def publish(source: Path, site: Path) -> None:
    """Put a copy of the folder `source` in the place of `site`. Raises OSError, and the site is as it was."""
    new, old = (site.with_name(f".{site.name}.{name}") for name in ("next", "old"))
    site.parent.mkdir(parents=True, exist_ok=True)
    try:
        remove(new)  # of a build that was killed
        copy(source, new)
        if not site.exists():
            new.rename(site)
        elif not exchange(new, site):
            remove(old)
            site.rename(old)
            try:
                new.rename(site)
            except OSError:
                old.rename(site)
                raise
    finally:  # the old site, or what there is of the new one when something fails
        for rest in (new, old):
            with suppress(OSError):
                remove(rest)


def copy(source: Path, target: Path) -> None:
    """Copy a folder's files, with the same permissions whatever the umask. `target` does not exist yet."""

    def fail(error: OSError) -> None:  # or `os.walk` leaves the folder out, and half a site is published
        raise error

    for folder, folders, names in os.walk(source, onerror=fail):
        folders.sort()
        here = target / os.path.relpath(folder, source)
        here.mkdir()
        here.chmod(FOLDER)
        for name in sorted(names):
            shutil.copyfile(os.path.join(folder, name), here / name)
            (here / name).chmod(FILE)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin":
        return bool(ctypes.CDLL(None).renamex_np(*names, 2) == 0)  # RENAME_SWAP
    if sys.platform == "linux" and hasattr(library := ctypes.CDLL(None), "renameat2"):
        at_cwd, rename_exchange = -100, 2
        return bool(library.renameat2(at_cwd, names[0], at_cwd, names[1], rename_exchange) == 0)
    return False
