"""Every rendered file goes into a folder; a file with the same content keeps its time stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.files import remove_others, write_file
from generator.pages.environment import Recipe, content_of
from generator.parallel import spread


def write(folder: Path, files: Mapping[str, Recipe]) -> None:
    """Make `folder` hold exactly `files`: relative path → recipe of the content, which is made when its turn comes."""
    remove_others(folder, files)

    def write_files(uris: Sequence[str]) -> list[bool]:
        return [write_file(folder / uri, content_of(files[uri])) for uri in uris]

    spread(write_files, list(files))
