"""A real Chromium drops 300 files at once, and maps a spreadsheet that nobody knows."""

import re
from contextlib import contextmanager

import pytest

from pipelines.run import ingest
from tests.browser.pile import FILES, make_pile
from tests.browser.shoot import dashboard, wait_until_drawn
from tests.browser.steps import choose, open_page
from tests.end_to_end.stores import write

pytestmark = pytest.mark.browser

PATIENCE = 180_000
SPREADSHEET = (
    "Date,Time,Type,Amount (oz),,Left (min),Right (min),Comments\n"
    "04/18/2026,6:32 PM,Pump,3.5,,12,12,\n"
    "04/18/2026,9:32 PM,Nursing,,,12,12,\n"
    "04/19/2026,6:32 AM,Pump,2.25,,10,12,\n"
)


@contextmanager
def data_page(browser, store, study):
    """The Data page of a new study, beside the store of another one; its troubles are gathered."""
    with dashboard(store, study=study) as address:
        opened = open_page(browser)
        opened.set_default_timeout(PATIENCE)
        opened.goto(f"{address}/data")
        wait_until_drawn(opened)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def page(demo, browser, tmp_path_factory):
    with data_page(browser, demo.store, tmp_path_factory.mktemp("study")) as opened:
        yield opened


def equation(page) -> dict[str, int]:
    terms = page.locator(".ls-ledger .ls-term").all_inner_texts()
    found = {}
    for term in terms:
        number, words = re.search(r"([\d,]+)\s+(.+)", term).groups()
        found[words.strip()] = int(number.replace(",", ""))
    return found


def added_up(page) -> int:
    """The rows read, once the equation and the table of files are seen to say the same."""
    # While a page is drawn anew the table before may still stand beside the new one.
    page.wait_for_function(
        "() => document.querySelectorAll('.ls-ledgers .ls-sum').length === 1", timeout=PATIENCE
    )
    page.wait_for_timeout(1500)
    counts = equation(page)
    read = counts.pop("read")
    assert read == sum(counts.values()), counts
    last = page.locator(".ls-ledgers .ls-sum td").all_inner_texts()[2:]
    assert [int(each.replace(",", "")) for each in last] == [read, *counts.values()]
    return read


def wait_for_message(page, words: str) -> str:
    message = page.locator(".ls-edge[role=status]").filter(has_text=re.compile(words))
    message.first.wait_for(timeout=PATIENCE)
    wait_until_drawn(page)
    assert page.locator("[data-testid=stException]").count() == 0
    return message.first.inner_text().replace("\u00a0", " ")


def test_a_folder_of_three_hundred_files_is_one_drop_with_progress_and_a_ledger_that_adds_up(
    page, demo, tmp_path
):
    pile = tmp_path / "pile"
    pile.mkdir()
    assert make_pile(demo.folder, pile) == FILES
    page.get_by_text("A whole folder").click()
    chooser = page.locator("input[webkitdirectory]")
    chooser.wait_for(state="attached")
    chooser.set_input_files(pile)
    page.get_by_role("button", name="Read these files").click(timeout=PATIENCE)
    seen = page.get_by_text(re.compile(r"(Looking at|Reading) \d+ of 3\d\d files"))
    seen.first.wait_for(timeout=PATIENCE)
    told = wait_for_message(page, "rows read:")
    assert int(re.match(r"\d+", told)[0]) == FILES + 1, "the exports and the questionnaires"
    assert added_up(page) > 2000
    assert page.troubles == []


def test_a_spreadsheet_that_nobody_knows_is_mapped_with_a_preview_and_read(page):
    before = equation(page)["read"]
    page.get_by_text("Files", exact=True).first.click()
    page.locator("input[type=file]:not([webkitdirectory])").set_input_files(
        {"name": "P900.csv", "mimeType": "text/csv", "buffer": SPREADSHEET.encode()}
    )
    page.get_by_role("button", name="Read these files").click(timeout=PATIENCE)
    page.get_by_text("Of 3 rows, 2 would be in use").wait_for(timeout=PATIENCE)
    assert page.get_by_text("its name is 'amount'").count() == 1
    page.get_by_role("button", name="Read it this way").click()
    wait_for_message(page, "rows read:")
    page.get_by_text("P900.csv").first.wait_for(timeout=PATIENCE)
    assert added_up(page) == before + 3
    assert page.troubles == []


def test_a_file_asks_its_unit_is_read_and_is_taken_out_again(browser, tmp_path):
    """Two small logs into a study of their own: one asks, both are read, one leaves with all its rows."""
    path = write(tmp_path, "one.csv", "Z,2026-03-01 06:00,15,40,30,manual")
    ingest([path], store=tmp_path / "small.duckdb")
    asks = b"participant_id,started_at,volume\nA,2026-03-01 06:00,5\n"
    plain = b"participant_id,started_at,volume_ml\nB,2026-03-01 06:00,50\nB,2026-03-02 06:00,50\n"
    with data_page(browser, tmp_path / "small.duckdb", tmp_path / "study") as page:
        page.locator("input[type=file]:not([webkitdirectory])").set_input_files(
            [
                {"name": "asks.csv", "mimeType": "text/csv", "buffer": asks},
                {"name": "plain.csv", "mimeType": "text/csv", "buffer": plain},
            ]
        )
        page.get_by_role("button", name="Read these files").click()
        page.locator("label").filter(has_text="ounces").click()
        page.get_by_role("button", name="Go on").click()
        assert wait_for_message(page, "rows read:").startswith("2 files, 3 rows read: 3 in use")
        assert added_up(page) == 3
        choose(page, page.locator(".st-key-action-file input"), "plain.csv")
        page.get_by_text("Take it out of the study").click()
        page.get_by_role("button", name="Take out").click()
        assert "1 file, 1 row read" in wait_for_message(page, "^Removed")
        assert added_up(page) == 1
        assert page.get_by_text("plain.csv").count() == 0
        assert page.troubles == []
