"""Work shared among processes: the same results as alone, and what goes wrong in one of them is raised here."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

import pytest

from generator.parallel import ENOUGH, spread
from generator.problems import PlaybookError, Problem

ITEMS = range(3 * ENOUGH)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only there is work shared")


@pytest.fixture(autouse=True)
def three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.parallel.cores", lambda: 3)


def test_results_are_in_the_order_of_the_items() -> None:
    results = spread(lambda share: [(item, os.getpid()) for item in share], ITEMS)
    assert [item for item, _process in results] == [*ITEMS]
    assert os.getpid() not in {process for _item, process in results}


def test_a_problem_found_in_another_process_arrives_whole() -> None:
    problem = Problem("content/hilfe.md", 7, 3, "so nicht; anders")

    def work(share: Sequence[int]) -> list[int]:
        raise PlaybookError([problem])

    with pytest.raises(PlaybookError) as caught:
        spread(work, ITEMS)
    assert caught.value.problems == [problem]


def test_a_process_that_is_killed_is_no_endless_wait() -> None:
    def work(share: Sequence[int]) -> list[int]:
        os.kill(os.getpid(), signal.SIGKILL)
        return [*share]

    with pytest.raises(BrokenProcessPool):
        spread(work, ITEMS)
    assert not multiprocessing.active_children()
