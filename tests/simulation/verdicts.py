"""The product's own way from a cohort to a verdict on every claim: model table, associations, claims."""

from collections.abc import Collection

import pandas as pd

from pipelines.analysis.associations import associations
from pipelines.analysis.claims import claim_findings
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.features import KEYS, LAG, OUTCOMES, collected, model_table
from pipelines.codebook import load_codebook
from pipelines.guidance import load_guidance
from pipelines.results import ClaimFinding
from pipelines.settings import load_settings
from tests.simulation.cohorts import Plan, make_cohort

CODEBOOK, SETTINGS, GUIDANCE = load_codebook(), load_settings(), load_guidance()
OUTCOME, MINIMUM_CELL = "no_milk", 10


def judge(plan: Plan, seed: int | list[int], only_planted: bool = False) -> dict[str, ClaimFinding]:
    """The findings of one cohort by claim, repeats left out.

    `only_planted`: a study that asked for nothing but the plan's factors, so that no other claim shares the false
    discovery rate; else everything is judged that a log and the plan's factors answer.
    """
    table = model_table(*make_cohort(plan, CODEBOOK, seed).tables(), CODEBOOK, SETTINGS)
    return findings(_only(table, plan.factors) if only_planted else table)


def findings(table: pd.DataFrame) -> dict[str, ClaimFinding]:
    """The findings from a model table by claim, repeats left out."""
    rows = associations(table, CODEBOOK, SETTINGS, OUTCOME, MINIMUM_CELL, ["adjusted"])
    contrasts = claim_contrasts(table, GUIDANCE, CODEBOOK, SETTINGS, OUTCOME, MINIMUM_CELL)
    people = table["participant_id"].nunique()
    found = claim_findings(
        GUIDANCE, CODEBOOK, rows, SETTINGS, OUTCOME, contrasts, collected(table, CODEBOOK), people
    )
    return {each.id: each for each in found if each.finding_of == each.id}


def _only(table: pd.DataFrame, factors: Collection[str]) -> pd.DataFrame:
    wanted = {
        *KEYS,
        *OUTCOMES,
        "day_postpartum",
        "minute_of_day",
        *factors,
        *(name + LAG for name in factors),
    }
    return table[[name for name in table if name in wanted]]
