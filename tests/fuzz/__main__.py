"""`make fuzz SECONDS=3600`: atheris looks for bytes that reach new code, for each target in turn.

What is worth keeping goes to `tests/fuzz/corpus/<target>/`, minimised; `test_fuzz.py` goes through it in every
run of the tests. Bytes that make a target fail are left in `build/fuzz/`; `python -m tests.fuzz TARGET FILE` tries
them again.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["generator", "markdown_it", "babel.messages", "icalendar"]):
    from tests.fuzz.targets import TARGETS

CORPUS, FOUND = Path(__file__).parent / "corpus", Path("build/fuzz")
LONGEST, WORDS = "-max_len=3000", f"-dict={Path(__file__).with_name('words.dict')}"


def run(target: str, *options: object) -> bool:
    command = [sys.executable, "-m", "tests.fuzz", target, LONGEST, WORDS, *map(str, options)]
    return subprocess.run(command).returncode == 0


def fuzz_all(seconds: int) -> int:
    """Each target for its share of the time; the number of those that failed."""
    failed = 0
    for target in TARGETS:
        kept, new, least = CORPUS / target, FOUND / target, FOUND / f"{target}.least"
        for folder in (kept, new, least):
            folder.mkdir(parents=True, exist_ok=True)
        limits = ("-timeout=30", "-rss_limit_mb=3000", f"-max_total_time={seconds // len(TARGETS)}")
        failed += not run(target, *limits, f"-artifact_prefix={FOUND}/{target}-", "-print_final_stats=1", new, kept)
        if run(target, "-merge=1", least, kept, new):
            for path in kept.iterdir():
                path.unlink()
            for path in least.iterdir():
                path.replace(kept / path.name)
    return failed


if __name__ == "__main__":
    if sys.argv[1].isdigit():
        sys.exit(fuzz_all(int(sys.argv[1])))
    target, *options = sys.argv[1:]
    itself = f"{sys.executable} -m tests.fuzz {target}"  # what libFuzzer starts for merging
    atheris.Setup([itself, *options], TARGETS[target])
    atheris.Fuzz()
