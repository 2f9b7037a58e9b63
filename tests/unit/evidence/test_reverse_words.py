"""The other direction in words."""

from pipelines.codebook import load_codebook
from pipelines.evidence.reverse import reverse_section, sentence
from pipelines.results import Cohort, Findings, ReverseAssociation

STRESS = ReverseAssociation("stress", "difference", 0.25, 120, 900, 0.247, 0.17, 0.32, 1e-6)
DUCT = ReverseAssociation("blocked_duct", "odds_ratio", 0.25, 110, 800, 1.16, 0.63, 2.14, 0.5)
NOTHING = ReverseAssociation("fluid_litres", "difference", 0.25, 110, 800, 0.001, -0.02, 0.03, 0.5)
FEW = ReverseAssociation("oats", "odds_ratio", 0.25, status="suppressed", reason="Fewer than 10 people.")
COHORT = Cohort(240, 25000, 2200, "no_milk", False, 1)


def test_a_difference_is_told_with_its_unit_side_and_interval():
    text = sentence(STRESS, load_codebook(), "no_milk").replace("\u00a0", " ")
    assert text == (
        "The day after 25 of 100 more sessions than usual ended without milk, same mother: stress 0.25 points higher "
        "(95 % interval +0.17 to +0.32)."
    )


def test_the_section_names_what_is_clear_and_says_what_is_not():
    found = reverse_section(Findings(COHORT, reverse=(STRESS, DUCT, NOTHING, FEW)))
    assert found.title.endswith("stress differs")
    texts = [row.sentence.replace("\u00a0", " ") for row in found.rows]
    assert texts[1] == "With odds 1.16 (0.63 to 2.14) times the usual."
    assert texts[2] == "No different on average (95 % interval −0.02 to +0.03 litres)."
    assert texts[3] == "Fewer than 10 people."
    assert found.rows[3].line == "number of people hidden" and found.numbers.rows[3][3] is None


def test_without_clear_ones_the_title_says_so_and_without_any_there_is_no_section():
    assert "nothing asked the next day" in reverse_section(Findings(COHORT, reverse=(DUCT,))).title
    assert reverse_section(Findings(COHORT)).rows == ()
