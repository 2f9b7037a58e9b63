"""One Chromium for all browser tests: Playwright runs once in a process."""

import pytest

from tests.browser.shoot import chromium


@pytest.fixture(scope="session")
def browser():
    with chromium() as started:
        yield started
