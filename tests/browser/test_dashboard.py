"""A real Chromium opens every page on the demo study, filters, downloads, and finds nothing broken."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.browser.shoot import dashboard, wait_until_drawn
from tests.browser.steps import choose, open_filters, open_page

pytestmark = pytest.mark.browser

PAGES = ("", "data", "cohort", "output", "factors", "guidance", "review", "methods")
# A missing value that was written as a number; "None" alone is an answer's label.
NO_NUMBER = re.compile(r"\bnan\b|\bNaN\b|\(None\b|\bNone (?:mL|%|of|to|people|sessions|rows|days)\b")


@pytest.fixture(scope="module")
def address(demo):
    with dashboard(demo.store) as running:
        yield running


@pytest.fixture
def page(browser):
    opened = open_page(browser)
    yield opened
    opened.close()


def look(page, address: str) -> str:
    page.goto(address)
    wait_until_drawn(page)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stAlertContentError]").count() == 0
    return page.locator("[data-testid=stMainBlockContainer]").inner_text()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [1400, 420])
def test_every_page_opens_whole_and_says_that_it_is_synthetic(page, address, name, width):
    page.set_viewport_size({"width": width, "height": 900})
    text = look(page, f"{address}/{name}")
    assert "Synthetic data" in text
    assert not NO_NUMBER.search(text)
    assert page.locator("h1").inner_text().strip()
    for chart in page.locator("[data-testid=stPlotlyChart]").all():
        chart.scroll_into_view_if_needed()
        assert chart.locator(".plot-container").count() == 1
        marks = chart.locator("path.js-line, .point, .barlayer path, .scatterlayer path")
        assert marks.count() > 0, "an empty figure"
    sideways = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth - innerWidth")
    assert sideways <= 1, "the page is wider than the window"
    assert page.troubles == []


def test_a_filter_changes_the_numbers_and_the_link(page, address):
    before = look(page, f"{address}/output")
    open_filters(page, "Everyone, all days")
    choose(page, page.get_by_role("combobox", name="Cohort"), "working")
    page.wait_for_url(re.compile("cohort="))
    wait_until_drawn(page)
    page.keyboard.press("Escape")
    link = page.url
    after = look(page, link)
    assert "Cohort working" in after and after != before
    assert page.troubles == []


def test_a_link_to_a_cohort_that_is_not_there_says_so(page, address):
    assert "nobody_of_this_name" in look(page, f"{address}/output?cohort=nobody_of_this_name")


def test_a_table_can_be_downloaded_and_holds_what_the_page_shows(page, address):
    look(page, f"{address}/factors")
    with page.expect_download() as started:
        page.get_by_text("Numbers (CSV)").first.click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) > 20 and {"factor", "odds_ratio", "ci_low", "ci_high"} <= set(rows[0])
    assert all("synthetic" in " ".join(str(value) for value in row.values()).lower() for row in rows)
    people = [int(float(row["participants"])) for row in rows if row["participants"]]
    assert people and min(people) >= 10


def test_guidance_finds_a_statement_by_word_and_by_verdict(page, address):
    look(page, f"{address}/guidance")
    page.get_by_label("Search").fill("thyroid")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("search="))
    wait_until_drawn(page)
    text = page.locator("[data-testid=stMainBlockContainer]").inner_text().lower()
    assert "thyroid" in text
    assert page.troubles == []


def test_statements_are_folded_until_one_is_asked_for_or_the_page_is_printed(page, address):
    look(page, f"{address}/guidance")
    cards = page.locator(".ls-claims > div > .ls-card")
    count, bodies = cards.count(), page.locator(".ls-claims > div > .ls-card > .ls-body > .ls-row")
    assert count > 20 and not any(bodies.nth(at).is_visible() for at in range(count))
    page.emulate_media(media="print")
    assert all(bodies.nth(at).is_visible() for at in range(count))
    page.emulate_media(media="screen")
    cards.first.locator("summary").first.click()
    assert bodies.first.is_visible()
    page.goto(f"{address}/guidance?claim={cards.last.get_attribute('id')}")
    wait_until_drawn(page)
    wanted = page.locator(".ls-wanted > .ls-claims > div > .ls-card > .ls-body")
    assert wanted.count() == 1 and wanted.is_visible()
    assert page.troubles == []
