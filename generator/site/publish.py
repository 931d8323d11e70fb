"""Step 8, publish: the finished site takes the old one's place in one step.

The two folders are exchanged by the kernel (Linux `renameat2`, macOS `renamex_np`):
at every moment the published path is one whole site. Where neither is at hand, the
old site is moved aside and the new one moved in, a gap of microseconds.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from generator.files import remove
from generator.problems import PlaybookError, Problem

# Every site of ours has it; guests' site has another, so neither ends up in the other's place.
MARKER = "api/playbook.json"
FOLDER, FILE = 0o755, 0o644  # what a web server needs, whatever the umask: the same site everywhere
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2


def refuse_foreign(site: Path, root: Path, marker: str = MARKER) -> None:
    """Raise PlaybookError unless `site` may be replaced: absent, empty or a site with the `marker`, no source in it."""
    refuse_here(site)
    here = site.resolve()
    reason = None
    if root.resolve().is_relative_to(here) or here == Path(os.path.expanduser("~")):
        reason = "it holds the sources"
    elif any(
        here.is_relative_to((root / name).resolve()) for name in ("universes", "content", "templates", "build", ".git")
    ):
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


def refuse_links(root: Path) -> None:
    """Raise PlaybookError for a link in `build`, down to the files we write: what it leads to would be lost.

    So for a pipe and the like, which would be waited for.
    """

    def links(folder: str, depth: int) -> Iterator[str]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_symlink() or not (entry.is_file() or entry.is_dir()):
                    yield entry.path
                elif depth and entry.is_dir():
                    yield from links(entry.path, depth - 1)

    base = root / "build"
    found = [str(base)] if base.is_symlink() else list(links(str(base), 3)) if base.is_dir() else []
    if found:
        link = "a link, and the build replaces what is here; remove it, or put a folder in its place"
        other = "neither a file nor a folder, and the build would wait for it; remove it"
        messages = [(Path(path).absolute(), link if os.path.islink(path) else other) for path in found]
        raise PlaybookError([Problem(str(path), 1, 1, message) for path, message in messages])


def staging(site: Path) -> Path:
    """Where the next site is put together: beside the published one, on the same file system, and not there yet."""
    numbers = count()
    while True:
        path = site.with_name(f".{site.name}.next{next(numbers) or ''}")
        with suppress(PermissionError):  # the site of another user, who published before us and has to remove it
            remove(path)  # of a build that was killed
            return path


def publish(source: Path, site: Path, whole: Iterable[str] = ()) -> None:
    """Put a copy of the folder `source` in the place of `site`. Raises OSError, and the site is as it was.

    So is it with PlaybookError, if anything of `whole` is not in the copy: somebody has removed it from `source`.
    """
    old = site.with_name(f".{site.name}.old")
    old.parent.mkdir(parents=True, exist_ok=True)
    with turn(old.parent):
        following = staging(site)
        try:
            copy(source, following)
            if gone := [path for path in whole if not (following / path).exists()]:
                message = "somebody removed it while the handbook was being built; build again"
                raise PlaybookError([Problem(str((source / gone[0]).absolute()), 1, 1, message)])
            if not site.exists():
                following.rename(site)
            elif not _exchange(following, site):
                remove(old)
                site.rename(old)
                try:
                    following.rename(site)
                except OSError:
                    old.rename(site)
                    raise
        finally:  # the old site, or what there is of the new one when something fails
            for rest in (following, old):
                with suppress(OSError):
                    remove(rest)


def copy(source: Path, target: Path) -> None:
    """Copy a folder's files, with the same permissions whatever the umask. `target` is not there yet."""

    def unreadable(error: OSError) -> None:  # or `os.walk` leaves the folder out, and half a site is published
        raise error

    for folder, folders, names in os.walk(source, onerror=unreadable):
        folders.sort()
        here = target / os.path.relpath(folder, source)
        here.mkdir()
        here.chmod(FOLDER)
        for name in sorted(names):
            shutil.copyfile(os.path.join(folder, name), here / name)
            (here / name).chmod(FILE)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """One after the other for those who publish into `folder`, from whatever sources."""
    number = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot lock a folder
            fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    library = ctypes.CDLL(None)
    a, b = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(a, b, _RENAME_SWAP) == 0)
    if hasattr(library, "renameat2"):
        return bool(library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _RENAME_EXCHANGE) == 0)
    return False
