"""The engagement playbook: YAML through Jinja to a handbook.

The flow, one module a step: `load`, `check`, `render`, `write`, `build`, `publish`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from generator.problems import PlaybookError, errors

if TYPE_CHECKING:
    from generator.model.playbook import Playbook


def load_playbook(root: str | Path = ".") -> Playbook:
    """The checked playbook below `root`, drafts left out. Raises PlaybookError with every problem."""
    from generator.model.playbook import published
    from generator.pipeline import examine

    tree = examine(Path(root))
    if errors(tree.problems):
        raise PlaybookError(tree.problems)
    return published(tree.playbook)


__all__ = ["PlaybookError", "load_playbook"]
