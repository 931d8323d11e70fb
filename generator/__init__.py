"""The engagement playbook: YAML through Jinja to a handbook.

The flow, one module a step: `load`, `check`, `render`, `write`, `build`, `publish`.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from generator.faults import files_below
from generator.problems import PlaybookError, Problem, errors

if TYPE_CHECKING:  # imported where they are needed, so that the command line is there at once and can be stopped
    from generator.load import Memory, Tree
    from generator.models import Playbook

# Where `templates`, `mkdocs.yml` and the shipped catalogues are: at the repository's top, or in the installed package.
_HERE = Path(__file__).parent
PROJECT = _HERE if (_HERE / "templates").is_dir() else _HERE.parent


def part(root: Path, name: str) -> Path:
    """A part that a tree may have of its own, such as `templates` or `mkdocs.yml`; else the project's."""
    own = root / name
    return own if own.exists() else PROJECT / name


def symbols(root: Path) -> dict[str, str]:
    """The theme's symbols: name → SVG source. Raises PlaybookError where one cannot be read."""
    found = {}
    for path in sorted(part(root, "templates").glob("theme/symbols/*.svg")):
        if path.is_file():  # a pipe would be waited for; `load` tells of it
            try:
                found[path.stem] = text = path.read_text("utf-8").strip()
            except UnicodeDecodeError as error:
                message = f"the byte {error.object[error.start]:#04x} is not UTF-8; save the symbol with this encoding"
                raise PlaybookError([Problem(str(path.absolute()), 1, 1, message)]) from None
            if note := re.search("<!--|<metadata", text):  # pages, those for guests too, hold all of it
                line = text.count("\n", 0, note.start()) + 1
                message = f"what stands in '{note[0]}' would be published; remove it"
                raise PlaybookError([Problem(str(path.absolute()), line, 1, message)])
    return found


def misencoded(root: Path) -> list[Problem]:
    """Pages, styles and scripts of ours that are not UTF-8. Raises OSError for a folder that cannot be read."""
    problems = []
    for path in files_below(part(root, "templates")):
        if path.suffix in (".html", ".css", ".js") and path.is_file():
            try:
                path.read_text("utf-8")
            except UnicodeDecodeError as error:
                message = f"the byte {error.object[error.start]:#04x} is not UTF-8; save the file with this encoding"
                problems.append(Problem(str(path.absolute()), 1, 1, message))
    return problems


def examine(root: Path, today: date | None = None, memory: Memory | None = None) -> Tree:
    """Load and check the tree below `root`; all problems, sorted, are in the result's `problems`."""
    from generator.audience import rules
    from generator.build import settings
    from generator.check import check
    from generator.handwritten import handwritten
    from generator.load import load

    tree = load(root, memory)
    if part(root, "templates") != PROJECT / "templates" and not (root / "templates" / "pages").is_dir():
        message = f"stands in the place of all of {PROJECT / 'templates'}; copy that here first, or remove this folder"
        tree.problems.append(Problem("templates", 1, 1, message))
    tree.problems.extend(misencoded(root))
    try:
        tree.problems.extend(check(tree, set(symbols(root)), today or date.today()))
        tree.problems.extend(rules(tree))
        if all(problem.path != "mkdocs.yml" for problem in tree.problems):
            tree.problems.extend(handwritten(tree, settings(part(root, "mkdocs.yml"))))
    except PlaybookError as error:
        tree.problems.extend(error.problems)
    tree.problems = sorted(set(tree.problems))
    return tree


def load_playbook(root: str | Path = ".") -> Playbook:
    """The checked playbook below `root`, drafts left out. Raises PlaybookError with every problem."""
    from generator.render import published

    tree = examine(Path(root))
    if errors(tree.problems):
        raise PlaybookError(tree.problems)
    return published(tree.playbook)


__all__ = ["PlaybookError", "load_playbook"]
