"""What fuzzing has found worth keeping is tried again in every run; `make fuzz` looks for more (see `tests/fuzz/`)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.fuzz.targets import TARGETS, changed_files, with_file

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_that_was_found_fails_again(target: str) -> None:
    kept = sorted((CORPUS / target).iterdir())
    assert kept
    for path in kept:
        TARGETS[target](path.read_bytes())


@pytest.mark.parametrize("target", ["yaml", "text", "page", "catalogue"])
@settings(max_examples=examples(30))
@given(data=st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_any_bytes_will_do(target: str, data: bytes) -> None:
    TARGETS[target](data)


@settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
@given(changed_files())
def test_mistakes_in_a_file_are_problems(changed: tuple[str, str]) -> None:
    with_file(*changed)
