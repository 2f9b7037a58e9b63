"""A consultant's morning in a real Chromium: the list, the first person and why, the statement, a note, the hand-out."""

import io
import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from pipelines.store.notes import notes_file
from tests.browser.shoot import dashboard, wait_until_drawn
from tests.browser.steps import open_page

pytestmark = pytest.mark.browser

NOTE = "Called her, weighs the baby on Friday."


@pytest.fixture(scope="module")
def address(demo):
    with dashboard(demo.store) as running:
        yield running


@pytest.fixture
def page(demo, address, browser):
    """The Review page of the demo; its troubles are gathered, and what was noted is gone afterwards."""
    opened = open_page(browser)
    opened.goto(f"{address}/review")
    wait_until_drawn(opened)
    yield opened
    opened.close()
    notes_file(demo.store).unlink(missing_ok=True)


def main_text(page) -> str:
    assert page.locator("[data-testid=stException]").count() == 0
    return page.locator("[data-testid=stMainBlockContainer]").inner_text().replace("\u00a0", " ")


def printed(browser, html: str, size: str) -> tuple[int, str]:
    """Pages and text of what Chromium prints on one size of paper."""
    sheet = browser.new_page()
    sheet.set_content(html)
    pdf = PdfReader(io.BytesIO(sheet.pdf(format=size, print_background=True)))
    sheet.close()
    return len(pdf.pages), " ".join(pdf.pages[0].extract_text().split())


def test_a_consultants_morning(page, browser):
    # The list says who, and the first person is open with the reason.
    title = page.locator("h1").inner_text()
    assert re.match(r"\d+ of 240.mothers need a look, \w+ of them today", title.replace("\u00a0", " "))
    first = page.locator("[data-testid=stRadio] input:checked").locator("xpath=ancestor::label")
    code = re.search(r"P-[A-Z0-9]+", first.inner_text())[0]
    assert page.locator("h2").first.inner_text().startswith(f"{code}:")
    text = main_text(page)
    assert "no monitoring service" in text and "Often something else" in text and "Threshold from" in text

    # Why: the rows behind the sign stand in a table with file and row.
    page.get_by_text(re.compile(r"\d+ rows? behind it")).first.click()
    row = page.locator(".ls-reason .ls-table tr").nth(1)
    assert re.fullmatch(r"\d+", row.locator("td").last.inner_text())

    # A note, marked as looked at: she moves into the fold.
    page.get_by_label("Your initials").fill("KM")
    page.get_by_label("Note for colleagues").fill(NOTE)
    page.get_by_role("button", name="Keep note").click()
    page.locator(".ls").filter(has_text=NOTE).first.wait_for()
    assert "KM," in main_text(page)

    # The hand-out: its own print button prints it, and the file prints to one page.
    page.get_by_role("button", name="Print her sheet").click()
    inside = page.frame_locator("[data-testid=stDialog] iframe")
    inside.get_by_role("heading", name="Your pumping log").wait_for()
    frame = next(each for each in page.frames if each.parent_frame)
    frame.evaluate("window.print = () => { document.body.dataset.printed = 'yes' }")
    inside.get_by_role("button", name="Print").click()
    assert frame.evaluate("document.body.dataset.printed") == "yes"
    with page.expect_download() as started:
        page.get_by_text("Hand-out (HTML)").click()
    assert started.value.suggested_filename == f"handout-{code}.html"
    html = Path(started.value.path()).read_text(encoding="utf-8")
    for size in ("A4", "Letter"):
        pages, said = printed(browser, html, size)
        assert pages == 1, size
        assert code in said and "When to get help at once" in said and said.endswith("from mother to mother.")
        assert NOTE not in said and "Print" not in said
    page.keyboard.press("Escape")

    # The statement that fits opens on Guidance.
    link = page.locator("[data-testid=stPageLink] a").first
    wording = link.inner_text().replace("arrow_forward", "").strip()
    link.click()
    page.wait_for_url(re.compile(r"/guidance\?.*claim="))
    wait_until_drawn(page)
    assert wording in main_text(page)
    assert page.troubles == []


def test_the_way_back_from_done_and_the_whole_study(page, browser):
    page.get_by_role("button", name="Mark as looked at").click()
    page.get_by_text(re.compile("^Looked at: 1")).wait_for()
    assert "Since you last looked" in main_text(page)
    page.get_by_text("The whole study").click()
    page.get_by_role("heading", name=re.compile("Sessions without milk:")).first.wait_for()
    wait_until_drawn(page)
    assert "In the last week of each log" in main_text(page)
    page.get_by_role("button", name="Print a sheet about this study").click()
    inside = page.frame_locator("[data-testid=stDialog] iframe")
    inside.get_by_role("heading", name="Pumping in this study").wait_for()
    with page.expect_download() as started:
        page.get_by_text("Hand-out (HTML)").click()
    html = Path(started.value.path()).read_text(encoding="utf-8")
    assert [printed(browser, html, size)[0] for size in ("A4", "Letter")] == [1, 1]
    assert page.troubles == []
