"""The address of every page.

Authors link to a page by a key: the id of a ritual or a universe, or the page's path. Its `src_uri` is the Markdown
file below the language's docs folder. Every generated page is the `index.md` of a folder of its own, so that relative
URLs are the same in the file and on the site: some engines rewrite such URLs and others do not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from generator.model.playbook import Playbook

START = "index.md"
GUEST_START = "gast.md"  # becomes the START of the guests' site and is not on the team's
GENERATED = "anlaesse vergleich rollen register glossar prueffragen finden plan kompass felder".split()
PATHS = "mentoring"  # the folder of the mentors' paths; a hand-written page introduces them

# Top-level names that tools and files of the site need; no universe or page may take them.
RESERVED = (*GENERATED, "index", "404", "api", "assets", "en", "print", "search", "sitemap", "symbols", "tags")


def page_uris(playbook: Playbook, content: Iterable[str] = ()) -> dict[str, str]:
    """Page key → `src_uri`, for every page; `content` holds the `src_uri`s of hand-written pages."""
    missing = {name for name, there in (("glossar", playbook.glossary), ("kompass", playbook.chooser)) if not there}
    folders = {
        name: name for name in (*GENERATED, "print", "print/aktuell", *playbook.universes) if name not in missing
    }
    for folder, keys in ((PATHS, playbook.paths), ("anlaesse", playbook.occasions), ("rollen", playbook.roles)):
        folders |= {f"{folder}/{key}": f"{folder}/{key}" for key in keys}
    folders |= {key: f"{ritual.universe}/{key}" for key, ritual in playbook.rituals.items()}
    uris = {key: f"{folder}/index.md" for key, folder in folders.items()}
    uris |= {uri.removesuffix(".md").removesuffix("/index"): uri for uri in content}
    uris["index"] = START
    return {site_path(uri).rstrip("/"): uri for uri in uris.values() if uri != START} | uris


def link_key(href: str, folder: str) -> str:
    """The page key that a link in a hand-written page means: an id, a path, or a relative Markdown file."""
    path = href.partition("#")[0]
    if path.endswith(".md") or path.startswith("."):
        path = posixpath.normpath(posixpath.join(folder, path))
    return path.removesuffix("/").removesuffix(".md").removesuffix("/index")


def site_path(src_uri: str) -> str:
    """The page's path on the site: `tradition/empfang/index.md` → `tradition/empfang/`, `index.md` → ``."""
    path = src_uri.removesuffix(".md")
    return f"{path.removesuffix('/index')}/" if path != "index" else ""


def relative_url(src_uri: str, target: str) -> str:
    """The URL from one page to another page's `src_uri` or to a file of the site, such as `api/playbook.json`."""
    path = site_path(target) if target.endswith(".md") else target
    relative = posixpath.relpath("/" + path, "/" + site_path(src_uri))
    return relative + "/" if not path or path.endswith("/") else relative
