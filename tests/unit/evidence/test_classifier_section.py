"""The classifier in words: differences with their doubt, what it leans on, and a card made from the fit."""

from dataclasses import replace

import pytest

from pipelines.codebook import load_codebook
from pipelines.evidence.classifier import classifier_section
from pipelines.results import Classifier, Cohort, DecisionPoint, GroupImportance, Interval
from pipelines.settings import load_settings

COHORT = Cohort(240, 25000, 2200, "no_milk", True, 3, name="Pilot", low_output_ml=15)
FIT = Classifier(
    auc=0.57,
    auc_low=0.51,
    auc_high=0.63,
    history_auc=0.84,
    history_low=0.80,
    history_high=0.87,
    brier=0.077,
    brier_low=0.06,
    brier_high=0.09,
    calibration_slope=0.72,
    slope_low=0.2,
    slope_high=1.24,
    scaled_brier=Interval(0.018, 0.002, 0.035, 0.008),
    average_precision=Interval(0.144, 0.119, 0.172, 0.013),
    beyond_day=Interval(0.045, -0.003, 0.094, 0.02),
    beyond_history=Interval(-0.27, -0.36, -0.19, 0.04),
    simplicity_costs=Interval(0.022, -0.023, 0.067, 0.02),
    folds=5,
    repeats=3,
    prevalence=0.086,
    participants=240,
    people_in_study=240,
    sessions=25000,
    events=2200,
    factors=("stress", "flange_fit", "day_postpartum"),
    left_out=("anxiety (missing too often)",),
    missing=(("stress", 0.26), ("flange_fit", 0.01)),
    penalties=(0.001, 0.003),
    importance=(
        GroupImportance(("stress",), 0.05, 0.03, 0.07),
        GroupImportance(("flange_fit", "pump_type"), 0.001, -0.01, 0.012),
    ),
    decision=(
        DecisionPoint(0.05, 0.03, 0.01, 0.05, 0.04, 240),
        DecisionPoint(0.1, 0.01, 0.004, 0.02, -0.02, 200),
        DecisionPoint(0.2, 0.005, 0.001, 0.01, -0.2, 90),
    ),
)


def section(result: Classifier = FIT, selection: str = ""):
    return classifier_section(result, COHORT, load_codebook(), load_settings(), selection)


def test_differences_are_told_with_their_doubt():
    text = " ".join(section().sentences)
    assert "4 of 100 pairs more than the day since birth alone (0 to +9, so perhaps none)" in text
    assert "27 of 100 pairs fewer than her own earlier sessions (−36 to −19)" in text
    assert (
        "2 of 100 pairs more than this simple model (−2 to +7, so perhaps none): that is what simplicity costs"
        in text
    )
    assert "For one mother this says nearly nothing" in text


def test_the_groups_it_clearly_leans_on_are_the_title_and_no_effect_is_claimed():
    found = section()
    assert found.leaning_title == "It leans most on stress"
    factors = load_codebook().factors
    second = factors["pump_type"].label
    assert found.leaning[1].label == f"{factors['flange_fit'].label} and {second[0].lower()}{second[1:]}"
    assert "not what changes output" in found.leaning_line
    assert (
        section(replace(FIT, importance=FIT.importance[1:])).leaning_title == "It leans on no factor clearly"
    )


def test_acting_by_it_is_recommended_only_where_it_beats_both_everyone_and_nobody():
    title = section().decision_title
    assert "From a chance of 10 to 20 in 100" in title and title.endswith("by at most 1.0 in 100 sessions")
    assert "nowhere clearly" in section(replace(FIT, decision=FIT.decision[:1])).decision_title
    assert "From a chance of 10 in 100" in section(replace(FIT, decision=FIT.decision[:2])).decision_title


def test_a_random_part_of_a_large_cohort_is_said_beside_the_figures_and_on_the_card():
    drawn = section(replace(FIT, people_in_study=18000))
    assert "240 people drawn at random from 18,000" in drawn.auc_line.replace("\u00a0", " ")
    assert "Drawn at random from 18,000" in drawn.card.as_markdown().replace("\u00a0", " ")
    assert "drawn at random" not in section().auc_line


def test_a_selection_says_that_its_split_is_not_repeated():
    assert "not repeated for a selection" in section(replace(FIT, repeats=1)).auc_line


def test_the_card_is_written_from_the_fit():
    card = section(selection="Cohort North, days 0 to 14").card
    text = card.as_markdown().replace("\u00a0", " ")
    for words in (
        "Synthetic data",
        "TRIPOD+AI (Collins et al., BMJ 2024;385:e078378)",
        "Not intended: advice",
        "Cohort North, days 0 to 14",
        "240 people, 25,000 sessions",
        "measured volume is 0 mL",
        "Stress 26 %",
        f"{load_codebook().factors['anxiety'].label} (missing too often)",
        "chosen strengths (C): 0.001 and 0.003",
        "AUC: 0.57 (0.51 to 0.63).",
        "Average precision (chance: 0.086): 0.144 (0.119 to 0.172).",
        "Calibration in the large, log odds: could not be estimated.",
        "scikit-learn",
    ):
        assert words in text, words
    assert [line for line in text.splitlines() if line.startswith("# ")] == [
        "# Model card: foreseeing a session without milk"
    ]


def test_the_card_as_a_page_escapes_what_a_study_is_called():
    page = classifier_section(
        FIT, replace(COHORT, name="<b>A & B"), load_codebook(), load_settings()
    ).card.as_html()
    assert "<b>" not in page and "&lt;b&gt;A &amp; B" in page


@pytest.mark.parametrize("outcome, words", [("low_output", "below 15 mL")])
def test_the_outcome_is_defined_by_its_limit(outcome, words):
    card = classifier_section(FIT, replace(COHORT, outcome=outcome), load_codebook(), load_settings()).card
    assert words in card.as_markdown()


def test_without_a_fit_there_is_a_reason_and_no_card():
    found = section(Classifier(reason="Fewer than 40 people."))
    assert found.card is None and found.sentences == ("Fewer than 40 people.",)
