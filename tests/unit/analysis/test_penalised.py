"""Where one answer separates the outcome a penalised estimate stands in, descriptive, without a verdict."""

import numpy as np
import pytest
from firthmodels import FirthLogisticRegression

from pipelines.analysis.associations import associations
from pipelines.analysis.cells import make_cells
from pipelines.analysis.features import model_table
from pipelines.analysis.penalised import penalised_odds_ratio
from tests.unit.analysis.study import CODEBOOK, SETTINGS, make_study


def separated():
    random = np.random.default_rng(8)
    trait = np.repeat([1.0, 0.0], [13, 66])
    age = random.normal(50, 10, 79).round()
    outcome = np.concatenate([np.ones(13), (random.random(66) < 0.3).astype(float)])
    return np.column_stack([trait, age]), outcome


def test_cells_give_the_penalised_estimate_of_the_rows():
    design, outcome = separated()
    people = np.arange(79) // 2
    cells = make_cells(["trait", "age"], design, people)
    rows = FirthLogisticRegression(gtol=1e-8, xtol=1e-8, max_iter=200).fit(design, outcome.astype(int))
    found = penalised_odds_ratio(cells, cells.total(outcome), "trait")
    assert np.log(found) == pytest.approx(rows.coef_[0], abs=1e-3)
    assert 1 < found < 1000


def test_a_level_without_any_event_shows_a_penalised_ratio_and_no_interval():
    study = make_study(participants=120, days=8)
    levels = np.where(np.arange(120) < 25, "too_large", np.where(np.arange(120) < 60, "too_small", "good"))
    participants = study.participants.assign(flange_fit=levels)
    never = study.sessions["participant_id"].isin(participants["participant_id"][:25])
    sessions = study.sessions.copy()
    sessions.loc[never & (sessions["volume_ml"] == 0), "volume_ml"] = 30.0
    sessions.loc[never, "no_milk"] = False
    table = model_table(sessions, study.responses, participants, study.daily, CODEBOOK, SETTINGS)
    rows = associations(table, CODEBOOK, SETTINGS, "no_milk", 10)
    row = next(
        each
        for each in rows
        if (each.level, each.component, each.model) == ("too_large", "total", "adjusted")
    )
    assert row.status == "not_estimable" and row.odds_ratio is None and row.ci_low is None
    assert 0 < row.penalised_ratio < 0.5


def test_a_predictor_that_never_changes_has_none():
    design, outcome = separated()
    cells = make_cells(["trait", "same"], np.column_stack([design[:, 0], np.ones(79)]), np.arange(79))
    assert penalised_odds_ratio(cells, cells.total(outcome), "same") is None
