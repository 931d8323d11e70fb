"""Work shared among processes: the same results as alone, and what goes wrong in one of them is said here."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence

import pytest

from generator.parallel import ENOUGH, spread
from generator.problems import PlaybookError, Problem

ITEMS = range(3 * ENOUGH)


@pytest.fixture(autouse=True)
def three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.parallel._cores", lambda: 3)


def elsewhere() -> bool:
    return multiprocessing.parent_process() is not None


def test_results_are_in_the_order_of_what_they_are_of() -> None:
    found = spread(lambda some: [(item, os.getpid()) for item in some], ITEMS)
    assert [item for item, _process in found] == [*ITEMS]
    assert len({process for _item, process in found}) == 3


def test_a_problem_found_in_another_process_arrives_whole() -> None:
    problem = Problem("content/hilfe.md", 7, 3, "so nicht; anders")

    def work(some: Sequence[int]) -> list[int]:
        if elsewhere():
            raise PlaybookError([problem])
        return [*some]

    with pytest.raises(PlaybookError) as caught:
        spread(work, ITEMS)
    assert caught.value.problems == [problem]
    assert caught.value.__reduce__() == (PlaybookError, ([problem],))  # how it came here


def test_a_process_that_is_killed_is_no_endless_wait() -> None:
    def work(some: Sequence[int]) -> list[int]:
        if elsewhere():
            os.kill(os.getpid(), signal.SIGKILL)
        return [*some]

    with pytest.raises(ChildProcessError, match=r"was ended \(exit code -9\); is there enough memory\?"):
        spread(work, ITEMS)
    assert not multiprocessing.active_children()
