"""`playbook serve` with a browser that looks on."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.serve import PATIENCE
from tests.conftest import SMALL


@pytest.fixture
def live(tmp_path: Path) -> Iterator[tuple[Path, str, subprocess.Popen[str]]]:
    """A playbook of its own, its address, and the command that serves it."""
    root = tmp_path / "small"
    shutil.copytree(SMALL, root)
    command = [sys.executable, "-u", "-m", "generator", "serve", "--root", str(root), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout
    try:
        address = re.match(r"(http://127\.0\.0\.1:\d+/) shows ", process.stdout.readline())
        assert address
        yield root, address[1], process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_what_is_saved_is_seen(live: tuple[Path, str, subprocess.Popen[str]], browser: Browser) -> None:
    root, base, process = live
    ritual = root / "universes/hafen/rituals/gruss.yml"
    context = browser.new_context(viewport={"width": 800, "height": 500})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{base}hafen/gruss/")
    expect(page.locator("h1")).to_contain_text("Gruss")
    panel = page.locator(".serve")

    # The page that is there first may be the one that waits for the sources, or not be whole yet.
    page.wait_for_function("document.readyState === 'complete'")
    page.evaluate("scrollTo({top: 600, behavior: 'instant'})")
    good = ritual.read_text()
    changed = good.replace("Grüß Gott, kommen Sie weiter.", "Servus, komm weiter.")
    assert changed != good
    ritual.write_text(changed)
    expect(page.get_by_text("Servus, komm weiter.").first).to_be_attached()
    page.wait_for_function("scrollY === 600", polling=50)
    expect(panel).to_be_empty()

    ritual.write_text(changed + "\nunbekannt: [\n")
    expect(panel).to_contain_text(re.compile(r"universes/hafen/rituals/gruss\.yml:\d+:\d+: "))
    expect(page.get_by_text("Servus, komm weiter.").first).to_be_attached()
    ritual.write_text(changed)
    expect(panel).to_be_empty()

    ritual.unlink()
    expect(panel).not_to_be_empty()  # other files refer to it
    ritual.write_text(good)
    expect(page.get_by_text("Grüß Gott, kommen Sie weiter.").first).to_be_attached()
    context.close()

    process.send_signal(2)
    output = process.communicate(timeout=PATIENCE / 1000)[0]
    assert process.returncode == 0
    assert "Traceback" not in output
    assert re.search(r"universes/hafen/rituals/gruss\.yml:\d+:\d+: ", output)
    assert "All is fine." in output
