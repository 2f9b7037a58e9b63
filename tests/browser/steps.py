"""Steps of a person in the browser that a page drawn anew can undo: they are taken again until they held."""

import time

from playwright.sync_api import Locator, Page, TimeoutError

TRY_MILLISECONDS = 5_000
TRIES = 12


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
