"""Chromium reads and uses the handbook as nginx serves it: nothing runs into the Content-Security-Policy.

The tests are those of `tests/browser/`; here `base` is nginx, and a browser's contexts sign in and report.
`test_walk.py` opens all pages.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.serve import none_of
from tests.browser.test_chooser import chooser, test_every_situation_is_answered_by_keyboard
from tests.browser.test_finder import test_by_keyboard_alone
from tests.browser.test_paper import test_a_version_that_is_none
from tests.browser.test_paths import path, start, test_a_whole_path
from tests.browser.test_plan import test_a_summer_event_from_scratch_by_keyboard_alone
from tests.browser.test_reading import test_search_finds_the_ritual, test_the_toggle_switches_and_is_remembered
from tests.browser.test_ritual import (
    test_reading_a_list_aloud_by_the_keyboard,
    test_the_calendar_is_that_of_the_command_line,
    test_ticks_stay_after_a_reload,
    tool,
)
from tests.browser.test_start import test_a_star_leads_back_from_the_start_page
from tests.deploy.conftest import Reporting
from tests.deploy.host import Host

__all__ = [
    "chooser",
    "path",
    "start",
    "test_a_star_leads_back_from_the_start_page",
    "test_a_summer_event_from_scratch_by_keyboard_alone",
    "test_a_version_that_is_none",
    "test_a_whole_path",
    "test_by_keyboard_alone",
    "test_every_situation_is_answered_by_keyboard",
    "test_reading_a_list_aloud_by_the_keyboard",
    "test_search_finds_the_ritual",
    "test_the_calendar_is_that_of_the_command_line",
    "test_the_toggle_switches_and_is_remembered",
    "test_ticks_stay_after_a_reload",
    "tool",
]


@pytest.fixture(scope="session")
def base(debian: Host) -> str:
    return debian.base


@pytest.fixture(scope="module", name="browser")
def reporting(browser: Browser, debian: Host) -> Reporting:
    return Reporting(browser, debian.signed_in)


@pytest.fixture(autouse=True)
def nothing_is_refused(browser: Reporting) -> Iterator[None]:
    yield
    refused, browser.refused = browser.refused, []
    none_of(refused)


def test_the_policy_is_in_force(browser: Reporting, base: str) -> None:
    """What is injected does nothing, and is reported: without this, the tests above would say nothing."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(base)
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.injected = 1";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='injected = 1'><p style='color: red'>");
    }""")
    evaluated = page.evaluate("""() => new Promise((done) => setTimeout(() => {
        try { done(new Function("return 1")()) } catch { done("refused") }
    }))""")  # later, as what Playwright evaluates itself may do anything
    assert evaluated == "refused"
    assert page.evaluate("window.injected") is None
    assert {"script-src-elem", "script-src-attr", "style-src-attr"} <= {
        line.partition("Policy: ")[2].split(" ")[0] for line in browser.refused
    }
    browser.refused.clear()
    context.close()
