"""Where every page of the handbook stands.

A page has keys, which is what authors write as a link target: a ritual's or a
universe's id, and a page's path. Its `src_uri` is the Markdown file below the
language's docs folder. A generated page is the `index.md` of its own folder, so that
a relative URL in its HTML is the same seen from the file and from the site: engines
differ in whether they rewrite such URLs, and here there is nothing to rewrite.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from markdown_it import MarkdownIt

from generator.models import Playbook

_MARKDOWN = MarkdownIt("commonmark").enable("table")
# Code, in which there is no link; and a link's target.
_TARGET = re.compile(
    r"(?<!`)(`++).+?(?<!`)\1(?!`) | \](?:\(|:)\s*+(?:<(?=[^<>\n]*>))?(?P<target>(?<=<)[^<>\n]*|[^\s<>()]+)",
    re.DOTALL | re.VERBOSE,
)
# What Markdown looks for the end of, in all that follows, and headings, whose names it compares: many take minutes.
_COSTLY = re.compile(r"[\[<#]|^[> \t]*[=-]+[ \t]*$|^(?:```|~~~)", re.MULTILINE)
MOST = 1_000  # of them in a page
LONGEST = 50_000  # characters of a page; what else costs more than its length does, is bearable up to there

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


def too_much(body: str) -> tuple[int, str] | None:
    """From which character on a hand-written page's Markdown is more than is read, and the message."""
    if extra := next(islice(_COSTLY.finditer(body[:LONGEST]), MOST, None), None):
        return extra.start(), f"more than {MOST:,} '[', '<', '#', underlines and '```' up to here; split the page"
    if len(body) > LONGEST:
        return LONGEST, f"more than {LONGEST:,} characters up to here; split the page"
    return None


@lru_cache(maxsize=1000)
def page_links(body: str) -> list[tuple[slice, str]]:
    """Where each link to a page has its target in a hand-written page's Markdown, and the target.

    Of a target that is typed in a way of its own, the slice is an empty one at its paragraph.
    """
    if too_much(body):
        return []
    rows = [0, *(match.end() for match in re.finditer("\r\n?|\n", body)), len(body)]  # where each begins
    env = dict[str, Any]()
    tokens = _MARKDOWN.parse(body, env)

    @cache
    def targets(first: int, last: int) -> dict[str, list[slice]]:
        found = dict[str, list[slice]]()
        for match in _TARGET.finditer(body, rows[first], rows[last]):
            if target := match["target"]:
                found.setdefault(_MARKDOWN.normalizeLink(target), []).append(slice(*match.span("target")))
        return found

    defined = dict[str, list[slice]]()  # by `[name]: target`
    for reference in env.get("references", {}).values():
        defined |= targets(*reference["map"])
    found = list[tuple[slice, str]]()
    for token in tokens:
        for child in token.children or ():
            href = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if href and not re.match(r"[a-z]+:|#", href):
                first, last = token.map or (0, len(rows) - 1)
                if typed := targets(first, last).get(href):
                    place = typed.pop(0)  # the cells of a table are all of the same lines
                else:
                    place = defined.get(href, [slice(rows[first], rows[first])])[0]
                found.append((place, href))
    return found


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
