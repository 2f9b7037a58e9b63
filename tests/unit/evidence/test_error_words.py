"""Error rates in words: the worst claim beside its limit, chance taken into account, gaps named as gaps."""

from dataclasses import replace

import pytest

from pipelines.evidence.error_rates import ClaimRates, ErrorRates, Made, Power, PowerPlan, Scenario, Simulated
from pipelines.evidence.error_words import NOT_YET, error_section

NULL = Scenario("no_effect", "Nothing planted", "No effect.", (100,), supported_at_most=0.025)
COVERED = Scenario(
    "known_effects", "Known effects", "Planted.", (40,), coverage_at_least=0.93, coverage_at_most=0.99
)
MADE = Made(14, 3, 5, 0.14, 0.3, 1.6, ("rounded volumes",))
PLAN = PowerPlan((1.5, 2.0), (50, 100), ("between",))


def claim(supported: int, name: str = "cause.stress", cohorts: int = 1000) -> ClaimRates:
    return ClaimRates(name, cohorts, {"supported": supported, "inconclusive": cohorts - supported})


def rates(*claims: ClaimRates, **more) -> ErrorRates:
    simulated = (Simulated("no_effect", 100, 1000, 1, "abc", claims),) if claims else ()
    return replace(ErrorRates((NULL, COVERED), simulated, PLAN, (), MADE), **more)


@pytest.mark.parametrize(
    ("supported", "words"),
    [
        (12, "1.2 % (± 0.3) of cohorts, within the limit of 2.5 %"),
        (30, "3.0 % (± 0.5) of cohorts, not above the limit of 2.5 % by more than chance"),
        (60, "6.0 % (± 0.8) of cohorts, above the limit of 2.5 %"),
    ],
)
def test_a_share_is_held_against_its_limit_with_its_monte_carlo_error(supported, words):
    (sentence,) = error_section(rates(claim(supported))).rows[0].sentences
    assert words in sentence.replace("\u00a0", " ")


def test_of_several_claims_the_worst_is_named():
    (sentence,) = error_section(rates(claim(5), claim(20, "cause.dehydration"))).rows[0].sentences
    assert "at most 2.0" in sentence and "2 claims" in sentence


def test_a_claim_outside_the_scenario_is_not_judged():
    only = replace(NULL, claims=("cause.stress",))
    found = rates(claim(5), claim(90, "cause.dehydration"), scenarios=(only, COVERED))
    assert "0.5" in error_section(found).rows[0].sentences[0]


def test_coverage_is_a_range_beside_its_aim():
    held = ClaimRates("stress", 500, {}, intervals=500, covered=475)
    found = rates(simulated=(Simulated("known_effects", 40, 500, 1, "abc", (held,)),))
    row = error_section(found).rows[1]
    assert "held the truth in 95.0" in row.sentences[0] and "93 to 99 % is the aim" in row.sentences[0]
    assert row.line == "500 cohorts · seed 1 · code version abc"


def test_what_was_not_simulated_has_no_sentence_and_no_number():
    section = error_section(rates())
    assert "not yet simulated" in section.title and not any(row.sentences for row in section.rows)
    assert {cell for row in section.power for cell in row.cells} == {NOT_YET}
    assert section.numbers is None and section.power_numbers is None


def test_the_power_table_has_its_share_in_its_own_cell():
    found = rates(power=(Power(2.0, 100, "between", 400, 220, 1, "abc"),))
    section = error_section(found)
    assert [cell.replace("\u00a0", " ") for cell in section.power[1].cells] == [NOT_YET, "55.0 % (± 2.5)"]
    assert "100 people" in section.power_title and "55" in section.power_title


def test_how_cohorts_are_made_and_what_is_not_simulated_is_said():
    section = error_section(rates())
    assert "14 days with 3 to 5 sessions" in section.made and "14 of 100" in section.made.replace(
        "\u00a0", " "
    )
    assert section.not_simulated == ("rounded volumes",)
