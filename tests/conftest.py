"""What the tests share: a small valid playbook to break, and the real one."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from generator.model.playbook import Playbook, published
from generator.pipeline import examine
from generator.project import PROJECT
from tests.browser.serve import base, browser, built, guest_base, guest_site, site, visit

# fixtures for accessibility/, browser/, deploy/ and search/
__all__ = ["base", "browser", "built", "guest_base", "guest_site", "site", "visit"]

# No test is timed: how long one takes says more about what else the machine does. `make test` tries the same few
# examples every time, so that it fails only for what has been changed; `make test-slow` looks for new ones.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", UNTIMED, max_examples=50, derandomize=True)
settings.register_profile("thorough", UNTIMED, max_examples=1000)
settings.load_profile("quick")

TODAY = date(2026, 11, 23)
SMALL = Path(__file__).parent / "small"

Edit = Callable[[str, str, str], None]


def examples(few: int) -> int:
    """How many examples Hypothesis tries: `few` in `make test`, and twenty times as many in `make test-slow`."""
    return few * 20 if settings.get_current_profile_name() == "thorough" else few


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small playbook in `tests/small`: two universes, two rituals, no problems."""
    root = tmp_path / "small"
    shutil.copytree(SMALL, root)
    return root


@pytest.fixture
def edit(small: Path) -> Edit:
    """`edit(path, old, new)` replaces text in a file of `small`; `old` must be there."""

    def replace(path: str, old: str, new: str) -> None:
        text = (small / path).read_text()
        assert old in text, f"{old!r} is not in {path}"
        (small / path).write_text(text.replace(old, new, 1))

    return replace


def messages(root: Path) -> list[str]:
    """The problems below `root`, as they are printed."""
    return [str(problem) for problem in examine(root, TODAY).problems]


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """What is written fails half-way where it has more bytes than that, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def playbook() -> Playbook:
    """What is published of the real playbook."""
    return published(examine(PROJECT, TODAY).playbook)
