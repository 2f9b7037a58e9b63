"""Average predictions: against statsmodels, against really leaving people out, and what must not be predicted."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from pipelines.analysis.associations import associations
from pipelines.analysis.cells import make_cells
from pipelines.analysis.claims import claim_findings
from pipelines.analysis.clustered import BINOMIAL, estimate
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.features import collected, model_table
from pipelines.analysis.standardisation import predicted_share
from pipelines.analysis.what_if import predictions, spread
from pipelines.guidance import load_guidance
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study

GUIDANCE = load_guidance()
SEVERAL_LEVELS = "cause.pump_fit"


@pytest.fixture(scope="module")
def log():
    random = np.random.default_rng(8)
    person = np.repeat(np.arange(50), 12)
    dose = random.choice([0.0, 1.0, 2.5], len(person))
    age = random.normal(size=50)[person].round(1)
    own = random.normal(0, 0.5, 50)[person]
    empty = random.random(len(person)) < 1 / (1 + np.exp(1.4 - 0.5 * dose - 0.3 * age - own))
    return pd.DataFrame({"person": person, "dose": dose, "age": age, "empty": empty.astype(float)})


def predicted(log, dose, freedom=49):
    people = pd.factorize(log["person"])[0]
    cells = make_cells(["dose", "age"], log[["dose", "age"]].to_numpy(), people)
    estimates = estimate(cells, cells.total(log["empty"].to_numpy()), BINOMIAL)
    return predicted_share(cells, estimates, {"dose": np.full(len(cells.count), dose)}, freedom)


@pytest.mark.parametrize("dose", [0.0, 1.0, 2.5])
def test_a_prediction_is_the_mean_of_statsmodels_predictions_with_the_factor_set(log, dose):
    fit = sm.GLM(log["empty"], sm.add_constant(log[["dose", "age"]]), family=sm.families.Binomial()).fit(
        tol=1e-12
    )
    changed = sm.add_constant(log[["dose", "age"]].assign(dose=dose), has_constant="add")
    assert predicted(log, dose).value == pytest.approx(fit.predict(changed).mean(), abs=1e-9)


def test_its_interval_is_close_to_really_leaving_each_person_out_and_stays_within_bounds(log):
    found = predicted(log, 1.0)
    values = np.array([predicted(log[log["person"] != each], 1.0).value for each in range(50)])
    error = math.sqrt(49 / 50 * ((values - values.mean()) ** 2).sum())
    width = (math.log(found.high / (1 - found.high)) - math.log(found.low / (1 - found.low))) / 2 / 2.0096
    assert width * found.value * (1 - found.value) == pytest.approx(error, rel=0.05)
    assert 0 < predicted(log, -40.0).low < predicted(log, -40.0).high < 1


@pytest.fixture(scope="module")
def table():
    effects = {"warm_compress": np.log(0.6), "flange_fit": np.log(2.0), "stress": 0.2}
    return model_table(*make_study(participants=120, days=10, log_odds=effects).tables(), CODEBOOK, SETTINGS)


@pytest.fixture(scope="module")
def findings(table):
    found = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    contrasts = claim_contrasts(table, GUIDANCE, CODEBOOK, SETTINGS, "no_milk", 10)
    asked, people = collected(table, CODEBOOK), table["participant_id"].nunique()
    judged = claim_findings(GUIDANCE, CODEBOOK, found, SETTINGS, "no_milk", contrasts, asked, people)
    return {each.id: each for each in judged}


def of(table, finding, minimum=10):
    claim = GUIDANCE.claims[finding.id]
    return predictions(table, claim, finding, CODEBOOK, SETTINGS, "no_milk", minimum)


@pytest.mark.parametrize("claim", [SEVERAL_LEVELS, "strategy.relaxing.warm"])
def test_both_sides_of_a_level_agree_with_the_difference_per_100_sessions(table, findings, claim):
    finding = findings[claim]
    found = of(table, finding)
    reference, level = found.levels[0], found.levels[-1]
    assert (reference.level, level.level) == (finding.association.reference, finding.association.level)
    assert reference.share == pytest.approx(finding.association.expected_reference_share)
    assert level.share == pytest.approx(finding.association.expected_share)
    assert level.share - reference.share == pytest.approx(finding.association.risk_difference)
    assert all(each.low < each.share < each.high for each in found.levels)
    assert found.participants == 120


def test_a_number_within_a_person_is_predicted_around_her_own_usual(table, findings):
    found = of(table, findings["cause.stress"])
    values = [each.value for each in found.levels]
    assert found.component == "within_lagged" and values[1] == 0 and values[0] < 0 < values[2]
    shares = [each.share for each in found.levels]
    rising = findings["cause.stress"].association.odds_ratio > 1
    assert shares == sorted(shares, reverse=not rising)
    # At her own usual the model predicts nearly what was seen.
    assert shares[1] == pytest.approx(table["no_milk"].mean(), abs=0.02)


def test_what_has_too_few_people_or_only_compares_mothers_in_what_changes_is_refused(table, findings):
    finding = findings["strategy.relaxing.warm"]
    gated = replace(finding.association, insufficient=True, gates=("fewer than 20 people",))
    refused = of(table, replace(finding, association=gated))
    assert not refused.levels and refused.reason == "Fewer than 20 people."
    between = replace(finding.association, component="between")
    assert "different mothers" in of(table, replace(finding, association=between)).reason
    hidden = replace(finding.association, status="suppressed", reason="few")
    assert not of(table, replace(finding, association=hidden, reason="Few.")).levels


def test_quantiles_with_too_few_people_beyond_them_are_left_out(table, findings):
    assert len(of(table, findings["cause.stress"]).levels) == 3
    assert len(of(table, findings["cause.stress"], minimum=121).levels) == 0


def test_the_spread_needs_two_levels(table, findings):
    levels = of(table, findings["cause.stress"]).levels
    low, high = spread(levels)
    assert low.share == min(each.share for each in levels) and high.share == max(
        each.share for each in levels
    )
    assert spread(levels[:1]) is None
