"""Text on its way into HTML."""

import pytest

from dashboard.components.sources import linked, split_sentence, without_address
from dashboard.components.text import NO_BREAK, counted, escape, keep_together


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("6 of 100 sessions", "6_of_100_sessions"),
        ("94 % of rows", "94_% of rows"),
        ("58 mL", "58_mL"),
        ("0.94 to 1.34", "0.94_to_1.34"),
        ("13,412 sessions", "13,412_sessions"),
        ("one of them", "one of them"),
    ],
)
def test_number_and_unit_stay_on_one_line(words, kept):
    assert keep_together(words) == kept.replace("_", NO_BREAK)


def test_markup_in_a_value_becomes_text():
    assert escape('<script>"x"&') == "&lt;script&gt;&quot;x&quot;&amp;"


def test_line_breaks_cannot_end_the_html_block():
    assert escape("first\n\n  second") == "first second"


def test_one_row_is_not_one_rows():
    assert counted(1, "row", "rows") == f"1{NO_BREAK}row"
    assert counted(1204, "row", "rows") == f"1,204{NO_BREAK}rows"


def test_first_sentence_is_told_from_the_rest():
    assert split_sentence("In 20 min. of pumping (n=5). Then more.") == (
        "In 20 min. of pumping (n=5).",
        "Then more.",
    )
    assert split_sentence("Only one.") == ("Only one.", "")


def test_decimals_and_initials_do_not_end_a_sentence():
    assert split_sentence("From 2.25 to 1.28 in women")[1] == ""


@pytest.mark.parametrize(
    ("citation", "short"),
    [
        ("Ueda, Obstet Gynecol 1994, PMID 8041543", "Ueda, Obstet Gynecol 1994"),
        ("Dewey, J Nutr 2001, 10.1093/jn/131.11.3012S", "Dewey, J Nutr 2001"),
        ("Trial of video, NCT03957941, 10.1177/1530", "Trial of video"),
        ("Jones, Arch 85:F91 2001", "Jones, Arch 85:F91 2001"),
    ],
)
def test_short_citation_has_no_address(citation, short):
    assert without_address(citation) == short


def test_doi_becomes_a_link():
    assert 'href="https://doi.org/10.1093/jn/131.11.3012S"' in linked("Dewey 2001, 10.1093/jn/131.11.3012S")


def test_pmid_becomes_a_link():
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/8041543/"' in linked("Ueda 1994, PMID 8041543")


def test_citation_without_address_is_only_escaped():
    assert linked("Smith & Jones") == "Smith &amp; Jones"
