"""The hand-out printed by Chromium: exactly one page, nothing cut off, nothing loaded from outside."""

import re

import pytest

from pipelines.evidence.handout import Handout, HandoutBand, HandoutBlock, HandoutDay
from pipelines.guidance import load_guidance
from pipelines.guidance.signs import load_signs
from pipelines.reports.handout import handout_html

pytestmark = pytest.mark.browser

PAGE_MM = (297 - 32) / 25.4 * 96  # the height of A4 between its margins, in CSS pixels


def fullest(of: str) -> Handout:
    """The fullest sheet there can be, for a mother or a group; days of a year, and signs of HTML in a name."""
    said = sorted((rule.to_mother for rule in load_signs().values()), key=len, reverse=True)[:3]
    long = "Of 100 sessions in a private but restless place or where others could walk in, 7 ended without milk. "
    blocks = {
        "mother": (
            HandoutBlock(
                "What your log shows", ("You wrote down 2,000 sessions on 365 days, and more besides.",) * 5
            ),
            HandoutBlock(
                "What to talk about",
                (*said, "If you have questions, ask the person who gave you this sheet."),
            ),
        ),
        "group": (
            HandoutBlock(
                "How often sessions end without milk",
                ("In this study, 9 of 100 sessions.", "So one is usual."),
            ),
            HandoutBlock(
                "How much comes in a day", ("On day 14, half of the mothers pumped 400 mL or more. " * 2,) * 2
            ),
            HandoutBlock(
                "What goes along with it",
                (*(long * 2,) * 3, "This does not tell us that one leads to the other."),
            ),
        ),
    }
    return Handout(
        title="Your pumping log",
        subtitle="P-AAAAAAAAAA · <b>day 0</b> to day 365",
        blocks=blocks[of],
        days=tuple(HandoutDay(day, None if day % 9 == 0 else 3.0 * day) for day in range(366)),
        bands=tuple(HandoutBand(day, 1.0 * day, 2.0 * day, 3.5 * day) for day in range(366)),
        unit="mL",
        day_axis="days since birth (day of birth = 0)",
        chart_words="Each bar is one full day.",
        urgent=load_guidance().urgent_signs,
        foot=("This is a made-up study.", "This sheet shows a log. It is not a diagnosis."),
    )


@pytest.mark.parametrize("of", ["mother", "group"])
def test_the_fullest_hand_out_prints_to_one_page_with_nothing_cut_off(browser, tmp_path, of):
    path = tmp_path / "handout.html"
    path.write_text(handout_html(fullest(of)), encoding="utf-8")
    asked = []
    page = browser.new_page(viewport={"width": 658, "height": 1000})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    size = page.evaluate("[document.documentElement.scrollWidth, document.body.scrollHeight]")
    text = page.inner_text("body")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == 1
    assert size[0] <= 658 and size[1] <= PAGE_MM
    assert "<b>day 0</b>" in text and text.rstrip().endswith("It is not a diagnosis.")
    assert asked == [path.as_uri()]


def test_a_group_that_is_too_small_gets_a_sentence_and_no_number():
    none = Handout(
        "Pumping", "", (), (), (), "mL", "", "", "", (), "Fewer than 10 people are in this selection."
    )
    html = handout_html(none)
    assert "Fewer than 10 people" in html and "<svg" not in html
