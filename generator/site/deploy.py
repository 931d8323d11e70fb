"""What a web server needs: the built site, each text compressed too, and a policy for nginx to include.

The policy is the same for every site, as our templates have neither inline scripts nor inline styles.
"""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

from generator.audience.edition import MARKERS
from generator.files import files_below, remove
from generator.model.text import Audience
from generator.problems import PlaybookError, Problem
from generator.project import PROJECT
from generator.site.publish import copy, publish

COMPRESSED = frozenset(".html .css .js .mjs .json .svg .xml .txt .map .ics".split())


def deploy(site: Path, folder: Path, marker: str = MARKERS[Audience.TEAM]) -> None:
    """Put a compressed copy of a built site into `folder`/site, and `csp.conf` beside it.

    `folder` is replaced in one step. Raises PlaybookError unless `site` is one of ours with this `marker`.
    """
    if not (site / marker).is_file():
        command = "playbook build --audience guest" if "guest" in marker else "playbook build"
        raise PlaybookError([Problem(str(site.absolute()), 1, 1, f"no built site is here; run `{command}` first")])
    stage = folder.with_name(f"{folder.name}.stage")
    remove(stage)  # of a command that was killed
    try:
        stage.mkdir(parents=True)
        copy(site, stage / "site")
        for path in list(files_below(stage / "site")):
            if path.suffix in COMPRESSED:
                path.with_name(f"{path.name}.gz").write_bytes(compressed(path.read_bytes()))
        shutil.copyfile(PROJECT / "deploy" / "nginx" / "csp.conf", stage / "csp.conf")
        publish(stage, folder)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def compressed(data: bytes) -> bytes:
    """`data` as gzip, without time or system, so that the same zlib gives the same bytes anywhere."""
    packed = gzip.compress(data, 9, mtime=0)
    return packed[:9] + b"\xff" + packed[10:]
