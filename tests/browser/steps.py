"""Steps of a person in the browser that a page drawn anew can undo: they are taken again until they held."""

import re
import time

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, TimeoutError

PATIENCE_MILLISECONDS = 120_000
TRY_MILLISECONDS = 5_000
TRIES = 12
# Streamlit asks for these below a deep link before it knows its own root; nothing else may fail.
HARMLESS = re.compile(r"/_stcore/(?:health|host-config)")


def choose(page: Page, box: Locator, option: str) -> None:
    """Open a list to choose from and take one option.

    A list closes when the page is drawn anew just then, as it does for a person, who opens it again.
    """
    wanted = page.get_by_role("option", name=option)
    for _ in range(TRIES):
        try:
            if not wanted.is_visible():
                box.click(timeout=TRY_MILLISECONDS)
            wanted.click(timeout=TRY_MILLISECONDS)
            return
        except TimeoutError:
            time.sleep(0.5)
    raise AssertionError(f"'{option}' could not be chosen in {TRIES} tries.")


def open_filters(page: Page, said: str) -> None:
    """Open the filters, whose button says `said` now, and wait until their first list can be used."""
    first = page.get_by_role("combobox", name="Cohort")
    for _ in range(TRIES):
        try:
            if not first.is_visible():
                page.get_by_text(said, exact=False).first.click(timeout=TRY_MILLISECONDS)
            first.wait_for(timeout=TRY_MILLISECONDS)
            return
        except TimeoutError:
            time.sleep(0.5)
    raise AssertionError(f"The filters did not open in {TRIES} tries.")


def open_page(browser: Browser, width: int = 1400) -> Page:
    """A new page with patience for a slow machine; what goes wrong in it is gathered in `troubles`."""
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.set_default_timeout(PATIENCE_MILLISECONDS)
    page.troubles = []
    page.on("pageerror", lambda error: page.troubles.append(f"page error: {error}"))
    page.on("console", lambda message: page.troubles.extend(_trouble(message)))
    return page


def _trouble(message: ConsoleMessage) -> list[str]:
    address = message.location.get("url", "")
    return (
        [f"console: {message.text} {address}"]
        if message.type == "error" and not HARMLESS.search(address)
        else []
    )
