"""After the build: what a web server needs besides the site.

`playbook build` writes the site's Content-Security-Policy as a file that nginx includes, and `playbook deploy` puts it
together with a copy of the site in which every text is compressed as well. `deploy/` has the rest of nginx's settings.

The theme's 404 pages hold no word of an author's, so an inline script or style there is the theme's own, and its hash
goes into the policy. Anywhere else it is not allowed: a policy that blesses whatever stands in a page would bless what
somebody smuggled in. As it is, our templates have none, and the policy is the same for every build.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64encode
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path

from generator.files import files_below, remove, write_file
from generator.problems import PlaybookError, Problem
from generator.site.publish import MARKER, copy, publish, refuse_here, turn

POLICY = "csp.conf"
COMPRESSED = frozenset(".html .css .js .mjs .json .svg .xml .txt .map .ics".split())
_ERROR_PAGE = "404.html"
_HASHED = ("<script>", "<style>")  # a hash cannot allow an attribute

# What needs a closer look: a style, a script that is neither elsewhere nor data, an attribute. Each begins with fixed
# letters, as every page is searched for it. Who writes them in another way misses a warning and no more.
_SUSPECTS = [re.compile(each) for each in (rb"<style", rb" style=", rb"<script(?![^>]*( src=|/json))", rb" on[a-z]+=")]
_PROGRAMS = ("", "module", "importmap", "text/javascript", "application/javascript")  # other types only carry data


def policy(site: Path) -> tuple[str, list[Problem]]:
    """The policy of a built site, and warnings for what it will not let run; their paths start with `site`."""
    pages = {page: inline(page.read_bytes()) for page in files_below(site) if page.suffix == ".html"}
    ours = {(kind, text) for page, found in pages.items() if page.name == _ERROR_PAGE for kind, text, *_place in found}
    blocked = [
        Problem(str(page), line, column, _advice(kind), "warning")
        for page, found in pages.items()
        for kind, text, line, column in found
        if kind not in _HASHED or (kind, text) not in ours
    ]
    scripts, styles = (" ".join(["'self'", *sorted(_hash(text) for k, text in ours if k == kind)]) for kind in _HASHED)
    rules = [
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src {styles}",
        "img-src 'self' data:",  # Material's symbols are data in its styles
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
    return "; ".join(rules), blocked


def write_policy(site: Path, path: Path) -> list[Problem]:
    """Write the policy of a built site for nginx to include; returns warnings for what it will not let run."""
    text, blocked = policy(site)
    lines = (
        "# Made by `playbook build`. PDFs get no more than old Chromium bears, which shows them in an <embed>.",
        "map $status:$uri $playbook_csp {",
        f'    default "{text}";',
        "    ~^[23].*\\.pdf$ \"frame-ancestors 'none'\";",
        "}",
    )
    write_file(path, "\n".join(lines).encode() + b"\n")
    return blocked


def inline(page: bytes) -> list[tuple[str, str, int, int]]:
    """What a page brings along that a policy judges by hash, or refuses: kind, text, line and column.

    The kind is `<script>`, `<style>`, or an attribute as `onclick=`. Most pages have nothing, which is quickly seen.
    """
    if not any(suspect.search(page) for suspect in _SUSPECTS):
        return []
    parser = _Inline()
    parser.feed(page.decode("utf-8"))
    return parser.found


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, int, int]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values, (line, column) = dict(attrs), self.getpos()
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.found.append((f"{name}=", value or "", line, column + 1))
        program = tag == "script" and "src" not in values and (values.get("type") or "").lower() in _PROGRAMS
        self.inside = program or tag == "style"
        if self.inside:
            self.found.append((f"<{tag}>", "", line, column + 1))

    def handle_data(self, data: str) -> None:
        if self.inside:
            kind, text, line, column = self.found[-1]
            self.found[-1] = (kind, text + data, line, column)

    def handle_endtag(self, tag: str) -> None:
        self.inside = False


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _advice(kind: str) -> str:
    return f"{kind} does nothing under the site's Content-Security-Policy; leave it out, or use a file and a class"


def deploy(site: Path, folder: Path, marker: str = MARKER) -> None:
    """Put a copy of a built site in `folder`/site, each text beside its compressed form, and the policy in `folder`.

    `folder` is replaced in one step. Raises PlaybookError where `site` is no site of ours with that `marker`.
    """
    if not (site / marker).is_file():
        command = "playbook build" if marker == MARKER else "playbook build --audience guest"
        raise PlaybookError([Problem(str(site.absolute()), 1, 1, f"no built site is here; run `{command}` first")])
    refuse_here(folder)
    stage = folder.with_name(f"{folder.name}.stage")
    remove(stage)  # of one that was killed
    try:
        stage.mkdir(parents=True)
        with turn(site.parent):  # nobody publishes another version meanwhile
            copy(site, stage / "site")
        for path in list(files_below(stage / "site")):
            if path.suffix in COMPRESSED:
                small = compressed(path.read_bytes())
                path.with_name(f"{path.name}.gz").write_bytes(small)
        write_policy(stage / "site", stage / POLICY)
        publish(stage, folder)
    finally:
        with suppress(OSError):
            remove(stage)


def compressed(data: bytes) -> bytes:
    """`data` as gzip, with neither time nor system in it, so that the same zlib makes the same of it anywhere."""
    made = gzip.compress(data, 9, mtime=0)
    return made[:9] + b"\xff" + made[10:]
