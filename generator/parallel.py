"""Work on many things, shared among the processor's cores."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

ENOUGH = 40  # things for which another process is worth its start


def spread(work: Callable[[Sequence[T]], list[R]], items: Sequence[T]) -> list[R]:
    """What `work` gives for each of `items`, in their order. `work` takes some of them, and gives as many results.

    Forked processes see all that is in memory, so only results have to be carried. Whatever `work` raises is raised
    here; ChildProcessError, if a process was ended from outside.
    """
    count = min(_cores(), len(items) // ENOUGH)
    if count < 2 or sys.platform != "linux":
        return work(items)
    fork, helpers = multiprocessing.get_context("fork"), []
    gc.freeze()  # else the collector's marks copy what is shared
    try:
        for number in range(1, count):
            ours, theirs = fork.Pipe(duplex=False)
            process = fork.Process(target=_help, args=(work, items[number::count], theirs), daemon=True)
            process.start()
            theirs.close()
            helpers.append((number, process, ours))
        results: list[Any] = [None] * len(items)
        results[0::count] = work(items[0::count])
        for number, process, ours in helpers:
            try:
                found, error = ours.recv()
            except EOFError:
                process.join()
                message = f"a process of the build was ended (exit code {process.exitcode}); is there enough memory?"
                raise ChildProcessError(message) from None
            if error:
                raise error
            results[number::count] = found
        return results
    finally:
        gc.unfreeze()
        for _, process, _ours in helpers:
            process.kill()
            process.join()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _help(work: Callable[[Sequence[T]], list[R]], items: Sequence[T], pipe: Connection) -> None:
    try:
        answer: tuple[list[R] | None, Exception | None] = (work(items), None)
    except Exception as error:
        answer = (None, error)
    pipe.send(answer)
