"""Step 4, write: the files, each rendered when its turn comes, into a folder, touching only what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.files import clear, put
from generator.pages.environment import Recipe, content_of
from generator.parallel import spread


def write(folder: Path, files: Mapping[str, Recipe]) -> tuple[int, int]:
    """Make `folder` hold exactly `files` (`src_uri` → how to make its text).

    A file with the same content keeps its time stamp; what is not in `files` is removed. Returns how many files were
    written and removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    removed = clear(folder, files)

    def some(uris: Sequence[str]) -> list[bool]:
        return [put(folder / uri, content_of(files[uri])) for uri in uris]

    return sum(spread(some, list(files))), removed
