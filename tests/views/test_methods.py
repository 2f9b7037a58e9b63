"""The Methods page: worked tables, searches that find and do not find, what is not simulated, hidden rows, downloads."""

from dataclasses import replace

from pipelines.evidence.classifier import ClassifierSection
from pipelines.evidence.filters import Filters
from pipelines.results import Classifier
from tests.views import pages
from tests.views.conftest import html, open_app


def buttons(at) -> set[str]:
    return {each.proto.label for each in at.get("download_button")}


def test_definitions_come_with_worked_tables_and_blanks_in_words(invented):
    text = html(open_app("methods"))
    for words in ("A blank is no zero.", "<td>blank</td>", "<td>unknown</td>", "1 worked example"):
        assert words in text


def test_what_is_not_simulated_says_so_beside_what_is(invented):
    text = html(open_app("methods"))
    assert "Supported: 1.2 % of cohorts." in text and "Not yet simulated" in text
    assert "<td>not yet simulated</td>" in text and "Never planted, so not measured" in text
    assert "Power table (CSV)" not in buttons(open_app("methods"))


def test_a_search_leaves_what_fits_and_says_when_nothing_does(invented):
    at = open_app("methods")
    thresholds = next(each for each in at.text_input if each.key == "methods-thresholds")
    assert "review.pain" in html(at) and "privacy.cell" in html(at)
    thresholds.input("Pain").run()
    assert "review.pain" in html(at) and "privacy.cell" not in html(at)
    thresholds.input("flange").run()
    assert "No threshold has these words." in html(at)


def test_files_of_too_few_people_stay_hidden(invented):
    text = html(open_app("methods"))
    assert "12 files, 10 rows read = 6 in use" in text
    assert "files and rows stay hidden: too few people" in text and "Rare kind" in text


def test_everything_for_a_supplement_can_be_taken_away(invented):
    assert {
        "Thresholds (CSV)",
        "Provenance (text)",
        "Provenance (JSON)",
        "Model card (Markdown)",
        "Numbers (CSV)",
    } <= buttons(open_app("methods"))


def test_without_a_classifier_the_model_card_is_a_reason(invented):
    invented.classifier = lambda _filters: ClassifierSection(
        "Open", Classifier(reason="Fewer than 40 people.")
    )
    at = open_app("methods")
    assert "Fewer than 40 people." in html(at) and "Model card (Markdown)" not in buttons(at)


def test_while_the_classifier_is_worked_out_the_page_stands(invented):
    invented.classifier = lambda _filters: ClassifierSection("Open", waiting="3 of 20 steps are done.")
    text = html(open_app("methods"))
    assert "3 of 20 steps are done." in text and "The authors. The product." in text


def test_nothing_of_the_data_becomes_markup(invented):
    hostile = replace(pages.methods(Filters()).topics[0], title="<b>x</b>")
    invented.methods = lambda filters: pages.methods(filters, topics=(hostile,))
    assert "<b>x</b>" not in html(open_app("methods"))
