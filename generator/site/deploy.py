"""What a web server needs: the built site, each text compressed too, and the policy for nginx to include."""

from __future__ import annotations

import gzip
import shutil
from contextlib import suppress
from pathlib import Path

from generator.audience.edition import MARKERS
from generator.files import files_below, remove
from generator.model.text import Audience
from generator.problems import PlaybookError, Problem
from generator.project import PROJECT
from generator.site.publish import copy, publish, refuse_here

COMPRESSED = frozenset(".html .css .js .mjs .json .svg .xml .txt .map .ics".split())


def deploy(site: Path, folder: Path, marker: str = MARKERS[Audience.TEAM]) -> None:
    """Put a compressed copy of a built site into `folder`/site, and `csp.conf` beside it.

    `folder` is replaced in one step. Raises PlaybookError where `site` is no site of ours with that `marker`.
    """
    if not (site / marker).is_file():
        command = "playbook build --audience guest" if "guest" in marker else "playbook build"
        raise PlaybookError([Problem(str(site.absolute()), 1, 1, f"no built site is here; run `{command}` first")])
    refuse_here(folder)
    stage = folder.with_name(f"{folder.name}.stage")
    remove(stage)  # of one that was killed
    try:
        stage.mkdir(parents=True)
        copy(site, stage / "site")
        for path in list(files_below(stage / "site")):
            if path.suffix in COMPRESSED:
                path.with_name(f"{path.name}.gz").write_bytes(compressed(path.read_bytes()))
        shutil.copyfile(PROJECT / "deploy" / "nginx" / "csp.conf", stage / "csp.conf")
        publish(stage, folder)
    finally:
        with suppress(OSError):
            remove(stage)


def compressed(data: bytes) -> bytes:
    """`data` as gzip, with neither time nor system in it, so that the same zlib makes the same of it anywhere."""
    packed = gzip.compress(data, 9, mtime=0)
    return packed[:9] + b"\xff" + packed[10:]
