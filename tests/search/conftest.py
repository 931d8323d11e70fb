"""The same built site and browser as in tests/browser."""

from tests.browser.conftest import base, browser, playbook, root, site, visit

__all__ = ["base", "browser", "playbook", "root", "site", "visit"]
