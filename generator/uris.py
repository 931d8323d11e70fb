"""Where every page of the handbook stands.

A page has a key, which is what authors write as a link target: a ritual's or a
universe's id, or a page's path without `.md`. Its `src_uri` is the Markdown file
below the language's docs folder; its URL is the folder of that name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from generator.models import Playbook

START = "index.md"
GENERATED = ("anlaesse", "vergleich", "rollen", "register", "glossar", "prueffragen")
# Top-level names that tools and files of the site need; no universe or page may take them.
RESERVED = (*GENERATED, "index", "404", "api", "assets", "en", "print", "search", "sitemap", "tags")


def page_uris(playbook: Playbook, content: Iterable[str] = ()) -> dict[str, str]:
    """Page key → `src_uri`, for every page; `content` holds the `src_uri`s of hand-written pages."""
    uris = {"index": START}
    uris |= {uri.removesuffix(".md").removesuffix("/index"): uri for uri in content}
    uris |= {
        "vergleich": "vergleich.md",
        "register": "register.md",
        "prueffragen": "prueffragen.md",
        "anlaesse": "anlaesse/index.md",
        "rollen": "rollen/index.md",
    }
    if playbook.glossary:
        uris["glossar"] = "glossar.md"
    uris |= {f"anlaesse/{key}": f"anlaesse/{key}.md" for key in playbook.occasions}
    uris |= {f"rollen/{key}": f"rollen/{key}.md" for key in playbook.roles}
    uris |= {key: f"{key}/index.md" for key in playbook.universes}
    uris |= {key: f"{ritual.universe}/{key}.md" for key, ritual in playbook.rituals.items()}
    return uris


def site_path(src_uri: str) -> str:
    """The page's path on the site: `tradition/empfang.md` → `tradition/empfang/`, `index.md` → ``."""
    path = src_uri.removesuffix(".md")
    folder = posixpath.dirname(path) if posixpath.basename(path) == "index" else path
    return f"{folder}/" if folder else ""


def relative_url(src_uri: str, target: str) -> str:
    """The URL from one page to another page's `src_uri` or to a file of the site, such as `api/playbook.json`."""
    path = site_path(target) if target.endswith(".md") else target
    relative = posixpath.relpath("/" + path, "/" + site_path(src_uri))
    return relative + "/" if not path or path.endswith("/") else relative
