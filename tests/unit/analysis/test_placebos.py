"""Placebos: made from codes alone, run through the same analysis, and never part of anything else."""

import pandas as pd
import pytest

from pipelines.analysis.associations import with_q_values
from pipelines.analysis.classifier_inputs import usable_factors
from pipelines.analysis.comparison_choice import wanted_comparisons
from pipelines.analysis.features import model_table
from pipelines.analysis.leaks import Leak, require_known_before
from pipelines.guidance import load_guidance
from pipelines.results import Association
from tests.unit.analysis.study import CODEBOOK, SETTINGS, Study, make_study

PLACEBOS = {factor.id for factor in CODEBOOK.with_role("placebo")}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    made = make_study(30, 4)
    sessions = made.sessions.assign(
        session_id=[f"{number * 7919:016x}" for number in range(len(made.sessions))]
    )
    study = Study(sessions, made.responses, made.participants, made.daily)
    return model_table(*study.tables(), CODEBOOK, SETTINGS)


def test_a_placebo_is_whether_the_last_sign_of_a_code_is_odd(table):
    last = table["session_id"].str[-1]
    assert set(last[table["placebo_number"] == "yes"]) <= set("13579ace")
    assert set(last[table["placebo_number"] == "no"]) <= set("02468bdf")
    by_person = table.groupby("participant_id")["placebo_code"].first()
    assert by_person.nunique() == 2
    assert (by_person == by_person.index.str[-1].map(lambda sign: "yes" if int(sign) % 2 else "no")).all()


def test_no_claim_and_no_prediction_uses_a_placebo(table):
    used = {each.factor.id for each in usable_factors(table, CODEBOOK, SETTINGS)[0]}
    assert not used & PLACEBOS
    with pytest.raises(Leak, match="placebo_code"):
        require_known_before(["placebo_code"], CODEBOOK)
    for claim in load_guidance().claims.values():
        wanted = wanted_comparisons(claim, CODEBOOK, list(CODEBOOK.factors))
        assert not {each.factor for each in wanted} & PLACEBOS


def test_placebos_do_not_change_the_false_discovery_rates_of_the_others():
    def row(factor: str, p_value: float) -> Association:
        return Association(factor, "yes", "no", "total", "adjusted", odds_ratio=1.4, p_value=p_value)

    real = [row("pcos", 0.01), row("oats", 0.04)]
    alone = with_q_values(real)
    beside = with_q_values([*real, row("placebo_code", 0.9)], sorted(PLACEBOS))
    assert [each.q_value for each in beside[:2]] == [each.q_value for each in alone] == [0.02, 0.04]
    assert beside[2].q_value == 0.9
