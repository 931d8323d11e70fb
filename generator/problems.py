"""What is wrong in the sources: one form for every problem, whatever step finds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal


@dataclass(frozen=True, order=True)
class Problem:
    """A problem at a place: `path` relative to the root, `line` and `column` counted from 1."""

    path: str
    line: int
    column: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        mark = "warning: " if self.severity == "warning" else ""
        return f"{self.path}:{self.line}:{self.column}: {mark}{self.message}"


class PlaybookError(Exception):
    """The sources cannot be used; `problems` says why, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


def quote(value: object) -> str:
    """The bad value as it goes into a message: on one line, at most 60 characters."""
    text = " ".join(str(value).split())
    return f"'{text if len(text) <= 60 else text[:57] + '…'}'"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of `known`, or nothing."""
    matches = get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """What an author may have meant by an unknown word: the nearest known one, or all if they are few."""
    words = list(known)
    listed = f"; known: {', '.join(words)}" if 0 < len(words) <= 12 else ""
    return did_you_mean(word, words) or listed
