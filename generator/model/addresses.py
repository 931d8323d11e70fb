"""Where every page of the handbook stands.

A page has keys, which is what authors write as a link target: a ritual's or a
universe's id, and a page's path. Its `src_uri` is the Markdown file below the
language's docs folder. A generated page is the `index.md` of its own folder, so that
a relative URL in its HTML is the same seen from the file and from the site: engines
differ in whether they rewrite such URLs, and here there is nothing to rewrite.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from generator.model.playbook import Playbook

START = "index.md"
GUEST_START = "gast.md"  # where guests start; on their site it is the START, and the team's has it not
GENERATED = (
    "anlaesse",
    "vergleich",
    "rollen",
    "register",
    "glossar",
    "prueffragen",
    "finden",
    "plan",
    "kompass",
    "felder",
)
PATHS = "mentoring"  # the folder of the mentors' paths; a hand-written page introduces them

# Top-level names that tools and files of the site need; no universe or page may take them.
RESERVED = (*GENERATED, "index", "404", "api", "assets", "en", "print", "search", "sitemap", "symbols", "tags")


def page_uris(playbook: Playbook, content: Iterable[str] = ()) -> dict[str, str]:
    """Page key → `src_uri`, for every page; `content` holds the `src_uri`s of hand-written pages."""
    keys = {"anlaesse": "anlaesse", "rollen": "rollen"}
    keys |= {name: name for name in ("vergleich", "register", "prueffragen", "finden", "plan", "felder")}
    keys |= {"print": "print", "print/aktuell": "print/aktuell"}
    keys |= {"glossar": "glossar"} if playbook.glossary else {}
    keys |= {"kompass": "kompass"} if playbook.chooser else {}
    keys |= {path: path for path in (f"{PATHS}/{key}" for key in playbook.paths)}
    keys |= {path: path for path in (f"anlaesse/{key}" for key in playbook.occasions)}
    keys |= {path: path for path in (f"rollen/{key}" for key in playbook.roles)}
    keys |= {key: key for key in playbook.universes}
    keys |= {key: f"{ritual.universe}/{key}" for key, ritual in playbook.rituals.items()}
    uris = {key: f"{path}/index.md" for key, path in keys.items()}
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
