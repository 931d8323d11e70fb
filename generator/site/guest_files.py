"""The guests' built site without the team's part of the theme."""

from __future__ import annotations

import os
import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from generator.files import files_below
from generator.pages.guests import guest_scripts

STYLES = ("playbook.css", "universes.css")


def remove_team_files(html: Path, assets: Path) -> None:
    """Delete scripts, styles, pictures and symbols that no guests' page names from the built site in `html`.

    `assets` is the theme's folder. All fonts stay, as their licence goes with them. The sitemap's date goes: it is the
    day on which somebody last worked on anything at all, be it a draft or one of the team's pages.
    """
    sitemap = html / "sitemap.xml"
    sitemap.write_text(re.sub(r"\s*<lastmod>.*?</lastmod>", "", sitemap.read_text("utf-8")), "utf-8")
    shutil.rmtree(html / "symbols", ignore_errors=True)  # pages hold them themselves
    kept = {os.path.normpath(html / "assets" / name) for name in (*guest_scripts(assets), *STYLES)}
    for page in files_below(html):
        kept |= named_files(page) if page.suffix == ".html" else set()
    for path in [Path(name) for name in kept if name.endswith(".css")]:
        kept |= named_files(path) if path.is_file() else set()
    for path in files_below(assets.parent):
        copy = html / path.relative_to(assets.parent)
        if os.path.normpath(copy) not in kept and path.suffix != ".html" and path.parent != assets / "fonts":
            copy.unlink(missing_ok=True)


def named_files(path: Path) -> set[str]:
    """The files that a page or a style sheet names, as whole paths: two pictures may have the same name."""
    urls = re.findall(r"""(?:href|src)="([^"?#]+)|url\(["']?([^"')?#]+)""", path.read_text("utf-8"))
    return {os.path.normpath(path.parent / unquote(unescape(attribute or css))) for attribute, css in urls}
