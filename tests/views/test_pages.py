"""Each page on invented contents: it draws, says what is missing, and keeps hidden numbers off the screen."""

from dataclasses import replace
from functools import partial

import pytest
import streamlit as st

from dashboard import cached
from dashboard.components.cohort import WHO_IS_MISSING
from pipelines.evidence.classifier import ClassifierSection, being_worked_out
from pipelines.evidence.filters import Filters
from pipelines.evidence.logs import LogSign, LogsSection
from pipelines.evidence.missing import MissingSection
from pipelines.evidence.output import CurveSection
from pipelines.evidence.parts import Grouped, GroupedSection
from pipelines.evidence.recall import RecallSection
from pipelines.evidence.specifications import SpecificationRow, SpecificationTable
from pipelines.evidence.what_if import WhatIf
from pipelines.glossary import load_glossary
from pipelines.results import Classifier
from tests.views import pages
from tests.views.conftest import SECTIONS, VIEWS, html, open_app

MISSING = "30 of 80 people said nothing on parity"


def headers(at) -> set[str]:
    """The titles of a page's sections, with plain spaces."""
    return {str(each.value).replace("\u00a0", " ") for each in at.header}


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_opens_with_its_answer_as_title(invented, view):
    at = open_app(view)
    assert [title.value.replace("\u00a0", " ") for title in at.title] == [
        getattr(pages, view)(Filters()).title
    ]


@pytest.mark.parametrize("view", VIEWS)
def test_synthetic_data_are_named_on_every_page(invented, view):
    assert "Synthetic data." in html(open_app(view))


@pytest.mark.parametrize("view", VIEWS)
def test_real_data_carry_no_synthetic_mark(invented, view):
    invented.cards = {invented.store: pages.card(invented.store, synthetic=False)}
    build = getattr(pages, view)
    setattr(invented, view, lambda filters: build(filters, basis=pages.basis(filters, synthetic=False)))
    for name in SECTIONS:
        setattr(invented, name, partial(getattr(pages, name), basis=pages.basis(synthetic=False)))
    assert "ynthetic" not in html(open_app(view))


@pytest.mark.parametrize("view", ["overview", "cohort", "output", "factors", "guidance"])
def test_too_few_people_is_a_sentence_and_nothing_else(invented, view):
    build = getattr(pages, view)
    setattr(
        invented, view, lambda filters: build(filters, basis=pages.basis(filters, unavailable=pages.TOO_FEW))
    )
    at = open_app(view)
    assert pages.TOO_FEW in html(at)
    assert not at.get("plotly_chart") and not at.get("download_button")


def test_no_clear_finding_says_why(invented):
    invented.overview = partial(pages.overview, findings=(), no_findings="Nothing stands out.")
    assert "Nothing stands out." in html(open_app())


def test_no_curve_says_why_and_draws_none(invented):
    invented.output = partial(
        pages.output, curves=CurveSection((), (), (), "", "", unavailable="No birth date known."), splits=()
    )
    at = open_app("output")
    assert "No birth date known." in html(at) and not at.get("plotly_chart")


def test_every_chart_has_its_reading_for_screen_readers(invented):
    for view in ("factors", "output", "guidance"):
        charts = open_app(view).get("plotly_chart")
        assert charts and all(chart.proto.alt for chart in charts)


def test_without_any_store_the_page_offers_two_ways_in(invented):
    invented.cards = {}
    at = open_app()
    assert "What do pumping logs say" in at.title[0].value and at.get("file_uploader")


def test_a_kept_link_to_any_page_leads_to_the_first_start_while_there_is_no_study(invented, monkeypatch):
    offered = []
    navigation = st.navigation

    def watched(pages, **how):
        offered.extend((page.url_path, how["position"]) for page in pages)
        return navigation(pages, **how)

    monkeypatch.setattr(st, "navigation", watched)
    invented.cards = {}
    open_app()
    # Streamlit's name for the page that is shown first is "".
    assert offered == [(name if name != "overview" else "", "hidden") for name in VIEWS]


def test_the_data_page_speaks_of_all_rows(invented):
    text = html(open_app("data"))
    assert "Unit unknown" in text and "Generic table" in text


def test_guidance_shows_statements_repeats_and_what_logs_cannot_answer(invented):
    text = html(open_app("guidance"))
    for words in (
        "Calm helps.",
        "Once more, calm.",
        "A hormone falls.",
        "Fever of 38.0 °C.",
        "No medical advice.",
    ):
        assert words in text


def test_a_wanted_statement_comes_first(invented):
    text = html(open_app("guidance", claim="water"))
    assert text.index("Drink.") < text.index("Calm helps.")


def test_the_data_page_offers_the_study_kit(invented):
    buttons = {each.proto.label for each in open_app("data").get("download_button")}
    assert "Study kit (zip)" in buttons


def test_the_factors_page_shows_placebos_the_other_direction_and_what_the_classifier_is_good_for(invented):
    at = open_app("factors")
    text = html(at)
    for words in (
        "The two placebos show nothing.",
        "Between people the other direction hides.",
        "0.2 points higher.",
        "Same mother.",
        "Not intended: advice.",
    ):
        assert words in text
    titles = [header.value for header in at.header]
    assert {"The other direction", "It leans most on stress"} <= set(titles)
    assert len(at.get("plotly_chart")) == 4
    labels = {button.proto.label for button in at.get("download_button")}
    assert {"Model card (Markdown)", "Model card (HTML)"} <= labels


def test_without_an_estimate_the_classifier_is_a_reason_and_no_figure(invented):
    invented.classifier = lambda _filters: ClassifierSection(
        "Open", Classifier(reason="Fewer than 40 people.")
    )
    at = open_app("factors")
    assert "Fewer than 40 people." in html(at) and not at.get("plotly_chart")


def test_a_doubtful_log_is_a_strip_with_its_gaps_and_a_hidden_count_says_so(invented):
    text = html(open_app("data"))
    assert "38 of 40 logs give no reason for doubt" in headers(open_app("data"))
    assert "entries on study days 0 to 2, 6 to 7" in text and "entered in one go" in text
    assert text.index("P-AAA") < text.index("P-BBB") and "the number stays hidden" in text


def test_signs_that_no_log_shows_take_one_row(invented):
    signs = (LogSign("Entered in one go", "All at once.", 0), LogSign("Few days", "Gaps.", 12))
    invented.logs_section = lambda: pages.logs_section(signs=signs)
    text = html(open_app("data"))
    assert "In no log" in text and "All at once." not in text and "Gaps." in text


def test_joined_and_left_out_answers_are_told_for_each_form_and_item(invented):
    text = html(open_app("data"))
    assert "30 of 40 answers" in text and "20 of 40 answers" in text and "It lasts." in text
    assert "Too few people answered" in text


def test_without_answers_or_enough_people_the_sections_are_one_sentence(invented):
    invented.logs_section = lambda: LogsSection(pages.basis(), "Fewer than 10 people have a log")
    invented.recall_section = lambda: RecallSection(pages.basis(), "No answer came in")
    at = open_app("data")
    assert {"Fewer than 10 people have a log", "No answer came in"} <= headers(at)
    assert "ls-logs" not in html(at) and "ls-recall" not in html(at)


def test_the_page_does_not_wait_for_the_classifier_but_says_how_far_it_is(invented):
    invented.classifier = lambda filters: being_worked_out(filters.outcome, 3, 20)
    text = html(open_app("factors"))
    assert (
        "3 of 20 steps are done" in text and "A shield goes with more" in open_app("factors").title[0].value
    )


def test_the_factors_page_holds_a_chosen_finding_against_other_choices_and_tells_leads_to_who_did_not_answer(
    invented, monkeypatch
):
    row = SpecificationRow("Outcome: below 30 mL", pages.MARK, "inconclusive", "40 people")
    none = SpecificationRow("Adjusted for nothing", None, "", "", "Too few people.")
    asked = []

    def table(path, stamp, filters, claim):
        asked.append(claim)
        if claim == "unheard":
            return None
        claim = "warm" if claim == "warm again" else claim
        return SpecificationTable(claim, "Calm helps.", "Judged inconclusive.", (row, none), False)

    whole = invented.factors
    invented.factors = lambda filters: replace(
        whole(filters), statements=(("calm", "Calm helps."), ("warm", "Warmth helps.")), missing=MISSING
    )
    monkeypatch.setattr(cached, "specification_table", table)
    at = open_app("factors")
    text = html(at)
    assert asked == ["calm"] and "Judged inconclusive." in text and "below 30 mL" in text
    assert "Too few people." in text and MISSING in headers(at)
    assert f'href="cohort?#{WHO_IS_MISSING}"' in text
    at.selectbox[-1].select("warm").run()
    assert asked[-1] == "warm" and at.query_params["claim"] in ("warm", ["warm"])
    assert open_app("factors", claim="warm again").selectbox[-1].value == "warm"
    at = open_app("factors", claim="unheard")
    assert at.selectbox[-1].value == "calm" and "has no estimate here" in html(at)


def test_the_cohort_page_shows_flow_table_missing_answers_and_how_logs_end(invented):
    at = open_app("cohort")
    text = html(at)
    for words in (
        "2 sessions have no volume.",
        "120 (50 %)",
        "600 (52 %)",
        "Hidden",
        "Why a log ends",
        "192 (80 %)",
    ):
        assert words in text, words
    assert {
        "Split by ever, alike",
        "30 of 80 people said nothing",
        "Of 100 logs, 80 go on to study day 27",
    } <= headers(at)
    assert invented.splits[-1] == ("table_one", "ever")


def test_the_groups_of_table_1_live_in_the_address(invented):
    at = open_app("cohort", by="cohort")
    assert invented.splits[-1] == ("table_one", "cohort")
    at.selectbox(key="split-by").select("ever").run()
    assert invented.splits[-1] == ("table_one", "ever") and "by" not in at.query_params
    at.selectbox(key="split-by").select("cohort").run()
    assert at.query_params["by"] == ["cohort"] or at.query_params["by"] == "cohort"


def test_groups_that_a_study_does_not_have_are_named_and_left_out(invented):
    text = html(open_app("cohort", by="zebra"))
    assert "groups by “zebra”" in text and invented.splits[-1] == ("table_one", "ever")


def test_a_cohort_of_whom_everything_is_known_says_so(invented):
    invented.cohort = partial(pages.cohort, missing=MissingSection("Everybody answered every question"))
    at = open_app("cohort")
    assert "Everybody answered every question" in headers(at) and "ls-missing" not in html(at)


def test_an_opened_statement_shows_predicted_shares_and_on_demand_other_choices(invented, monkeypatch):
    group = Grouped("With a shield that fits", pages.SHARE, "")
    asked = []

    def answer(path, stamp, filters, claim):
        asked.append(claim)
        return WhatIf(
            claim, GroupedSection("Predicted: from 8 to 10", (group,), 0.2, note="Not a cause."), "225 people"
        )

    def table(path, stamp, filters, claim):
        return SpecificationTable(claim, "Drink.", "Judged inconclusive.", (), False)

    monkeypatch.setattr(cached, "what_if", answer)
    monkeypatch.setattr(cached, "specification_table", table)
    assert "Predicted: from" not in html(open_app("guidance")) and not asked
    at = open_app("guidance", claim="water")
    text = html(at)
    assert asked == ["water"] and "Predicted: from 8 to 10" in text and "Not a cause." in text
    assert "225 people" in text and "Judged inconclusive." not in text
    next(each for each in at.toggle if "other choices" in each.label).set_value(True).run()
    assert "Judged inconclusive." in html(at)


def test_an_opened_statement_without_a_prediction_says_why(invented, monkeypatch):
    monkeypatch.setattr(cached, "what_if", lambda *_: WhatIf("water", reason="Too few people."))
    assert "Too few people." in html(open_app("guidance", claim="water"))


def test_the_address_orders_the_statements_and_a_wrong_order_is_named(invented):
    assert "Cohort and literature part" in html(open_app("guidance", order="standing"))
    assert "which does not exist" in html(open_app("guidance", order="backwards"))


def test_words_are_explained_at_the_foot_and_where_they_stand(invented):
    at = open_app("guidance", claim="water")
    assert "Words used here, and how to say them" in headers(at)
    assert any('<abbr title="' in str(each.value) for each in at.markdown)
    assert f"<summary>{len(load_glossary())} words</summary>" in html(at)


def test_the_output_page_sets_groups_side_by_side_and_the_choice_lives_in_the_address(invented):
    at = open_app("output", beside="term")
    assert invented.splits[-1] == ("split_curves", "term")
    assert {"By term, half express 70 mL", "46 have a day of 500 mL", "With a let-down 73 mL"} <= headers(at)
    at.selectbox(key="split-beside").select("cohort").run()
    assert invented.splits[-1] == ("split_curves", "cohort") and "beside" not in at.query_params


def test_groups_without_enough_people_for_curves_are_a_reason_and_no_figure(invented):
    invented.split_curves = lambda filters, by: replace(
        pages.split_curves(filters, by), unavailable="Too few groups", note="too few people: South"
    )
    at = open_app("output")
    assert "Too few groups; too few people: South" in html(at) and len(at.get("plotly_chart")) == 1
