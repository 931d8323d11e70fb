"""Step 8, publish: the finished site takes the old one's place in one step.

The two folders are exchanged by the kernel (Linux `renameat2`, macOS `renamex_np`):
at every moment the published path is one whole site. Where neither is at hand, the
old site is moved aside and the new one moved in, a gap of microseconds.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

from generator.problems import PlaybookError, Problem

MARKER = "api/playbook.json"  # every site of ours has it
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2


def refuse_foreign(site: Path, root: Path) -> None:
    """Raise PlaybookError unless `site` may be replaced: absent, empty or a site of ours, and not among the sources."""
    here = site.resolve()
    reason = None
    if root.resolve().is_relative_to(here) or here == Path.home():
        reason = "it holds the sources"
    elif any(
        here.is_relative_to((root / name).resolve()) for name in ("universes", "content", "templates", "build", ".git")
    ):
        reason = "it lies among the sources"
    elif site.is_symlink():
        reason = "it is a link; give the folder itself"
    elif site.exists() and not site.is_dir():
        reason = "it is a file"
    elif site.is_dir() and any(site.iterdir()) and not (site / MARKER).is_file():
        reason = f"it is not empty and has no {MARKER}, so it is no site of ours"
    if reason:
        raise PlaybookError([Problem(str(site.absolute()), 1, 1, f"will not be replaced by the site: {reason}")])


def staging(site: Path) -> Path:
    """Where the next site is put together: beside the published one, on the same file system."""
    return site.with_name(f".{site.name}.next")


def publish(source: Path, site: Path) -> None:
    """Put a copy of the folder `source` in the place of `site`."""
    following = staging(site)
    shutil.rmtree(following, ignore_errors=True)
    following.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, following)
    if not site.exists():
        following.rename(site)
    elif _exchange(following, site):
        shutil.rmtree(following, ignore_errors=True)
    else:
        old = site.with_name(f".{site.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        site.rename(old)
        following.rename(site)
        shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step; False where the system cannot."""
    library = ctypes.CDLL(None)
    a, b = os.fsencode(one), os.fsencode(other)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return bool(library.renamex_np(a, b, _RENAME_SWAP) == 0)
    if hasattr(library, "renameat2"):
        return bool(library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _RENAME_EXCHANGE) == 0)
    return False
