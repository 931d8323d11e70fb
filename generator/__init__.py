"""The engagement playbook: YAML files become a handbook. `generator/pipeline.py` has the steps in order."""

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
