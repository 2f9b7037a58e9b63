"""A finding under other choices: each row is a fit of its own, hides what would tell of one person, and has a verdict."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.associations import associations
from pipelines.analysis.claims import claim_findings
from pipelines.analysis.comparison_again import again, fits_of
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.design import model_data
from pipelines.analysis.features import collected, model_table
from pipelines.analysis.missing_answers import confirm, filled_in
from pipelines.analysis.own_usual import far_below_own
from pipelines.analysis.specifications import specifications
from pipelines.guidance import load_guidance
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study

GUIDANCE = load_guidance()


def judged(table):
    found = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    contrasts = claim_contrasts(table, GUIDANCE, CODEBOOK, SETTINGS, "no_milk", 10)
    people = table["participant_id"].nunique()
    asked = collected(table, CODEBOOK)
    return claim_findings(GUIDANCE, CODEBOOK, found, SETTINGS, "no_milk", contrasts, asked, people)


def finding_on(findings, factor, measure="odds_ratio"):
    """The first claim with a finding of its own on a factor."""
    return next(
        each
        for each in findings
        if each.association is not None
        and (each.factor, each.measure, each.finding_of) == (factor, measure, each.id)
    )


@pytest.fixture(scope="module")
def table():
    effects = {"warm_compress": np.log(0.6), "flange_fit": np.log(2.5)}
    return model_table(*make_study(participants=150, days=12, log_odds=effects).tables(), CODEBOOK, SETTINGS)


@pytest.fixture(scope="module")
def findings(table):
    return judged(table)


def rows_of(table, finding):
    claim = GUIDANCE.claims[finding.id]
    return specifications(table, claim, finding, CODEBOOK, SETTINGS, "no_milk", 10, 15)


def test_the_first_row_is_the_finding_and_every_other_changes_one_thing(table, findings):
    finding = finding_on(findings, "flange_fit")
    rows = rows_of(table, finding)
    assert (rows[0].kind, rows[0].ratio, rows[0].verdict) == ("chosen", finding.odds_ratio, finding.verdict)
    kinds = [row.kind for row in rows]
    assert kinds.count("outcome") == 6 and {"adjustment", "person", "model"} <= set(kinds)
    assert len({row.changed for row in rows}) == len(rows)
    for row in rows:
        assert (row.ratio is None) == bool(not row.verdict) and (row.verdict or row.reason)


def test_another_outcome_is_really_another_outcome(table, findings):
    finding = finding_on(findings, "flange_fit")
    row = next(row for row in rows_of(table, finding) if "below 30 mL" in row.changed)
    other = table.assign(no_milk=(table["volume_ml"] < 30).astype(float))
    expected = again(finding.association, model_data(other, CODEBOOK, SETTINGS, "no_milk"), 10)
    assert row.ratio == pytest.approx(expected.odds_ratio)


def test_the_row_without_one_person_leaves_out_the_one_who_moves_it_most_and_shows_no_count(table, findings):
    finding = finding_on(findings, "flange_fit")
    row = next(row for row in rows_of(table, finding) if row.kind == "person")
    assert row.participants is None and row.sessions is None
    moves = {}
    for person in table["participant_id"].unique():
        rest = model_data(table[table["participant_id"] != person], CODEBOOK, SETTINGS, "no_milk")
        fits = fits_of(finding.association, rest, 10)
        moves[person] = np.exp(fits.models.outcome.fit.coefficients[fits.name])
        if len(moves) == 40:
            break
    largest = max(abs(np.log(value / finding.odds_ratio)) for value in moves.values())
    assert abs(np.log(row.ratio / finding.odds_ratio)) >= largest - 1e-9


def test_a_claim_about_volume_is_not_asked_about_other_outcomes(table, findings):
    claim = next(
        each for each in GUIDANCE.claims.values() if each.measure == "volume_ratio" and each.is_directional
    )
    fit = finding_on(findings, "flange_fit")
    finding = type(fit)(**(fit.__dict__ | {"id": claim.id, "measure": "volume_ratio"}))
    rows = rows_of(table, finding)
    assert {row.kind for row in rows} <= {"chosen", "adjustment", "person", "answers"}
    assert rows[0].ratio == finding.volume_ratio != finding.odds_ratio


def with_missing(table, seed=0):
    """The table in which a third did not tell their shield, more of them among those with much without milk."""
    share = table.groupby("participant_id")["no_milk"].mean()
    chance = np.where(share > share.median(), 0.5, 0.15)
    silent = share.index[np.random.default_rng(seed).random(len(share)) < chance]
    changed = table.copy()
    changed.loc[changed["participant_id"].isin(silent), "flange_fit"] = None
    return changed, len(silent)


def test_missing_answers_of_people_are_filled_in_and_pooled(table):
    holed, silent = with_missing(table)
    finding = finding_on(judged(holed), "flange_fit")
    data = model_data(holed, CODEBOOK, SETTINGS, "no_milk")
    filled = filled_in(finding.association, "odds_ratio", data, 10, 5)
    assert (filled.filled_in, filled.participants) == (silent, 150)
    assert 0 < filled.pooled.missing_information < 0.9
    whole = finding_on(judged(table), "flange_fit").odds_ratio
    assert filled.pooled.interval[0] < np.log(whole) < filled.pooled.interval[1]


def test_what_varies_within_a_person_and_what_everybody_answered_is_not_filled_in(table, findings):
    data = model_data(table, CODEBOOK, SETTINGS, "no_milk")
    assert filled_in(finding_on(findings, "flange_fit").association, "odds_ratio", data, 10, 5) is None
    assert filled_in(finding_on(findings, "warm_compress").association, "odds_ratio", data, 10, 5) is None


def test_a_verdict_falls_where_filled_in_answers_disagree(table):
    holed, _ = with_missing(table)
    findings = judged(holed)
    finding = finding_on(findings, "flange_fit")
    data = model_data(holed, CODEBOOK, SETTINGS, "no_milk")
    claims = GUIDANCE.claims.values()
    for verdict in ("supported", "contradicted"):
        (held,) = confirm([_called(finding, verdict)], claims, data, 10, 5)
        assert held.imputed.low < held.imputed.value < held.imputed.high
        if held.verdict != verdict:
            assert held.verdict == "inconclusive" and held.detail == "gate" and "both to agree" in held.reason
    assert held.verdict == "inconclusive", "contradicted cannot stand beside a ratio above 1"


def _called(finding, verdict):
    return type(finding)(**(finding.__dict__ | {"verdict": verdict, "detail": "", "reason": ""}))


def test_far_below_her_own_usual_looks_only_at_the_days_before():
    log = pd.DataFrame(
        {
            "participant_id": ["a"] * 5 + ["b"] * 2,
            "day_in_study": [0, 1, 1, 2, 12, 0, 1],
            "volume_ml": [100.0, 100.0, 20.0, None, 20.0, 40.0, 9.0],
        }
    ).sample(frac=1, random_state=2)
    found = far_below_own(log, 0.25, 7).sort_index().tolist()
    assert np.isnan([found[0], found[3], found[4], found[5]]).all(), (
        "nothing measured on the days before, or now"
    )
    assert (found[1], found[2], found[6]) == (0.0, 1.0, 1.0)
