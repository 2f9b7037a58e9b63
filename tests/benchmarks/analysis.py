"""How long the analysis of a large study takes: `python -m tests.benchmarks.analysis [--sessions 1000000]`.

Prints the seconds and the peak memory from a study's tables to associations and verdicts, then for filling in missing
answers of people, then for one adjusted fit on the same sessions beside statsmodels' GEE, with how far the estimates
lie from statsmodels' GLM.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from threadpoolctl import threadpool_limits

from pipelines.analysis.associations import associations
from pipelines.analysis.claims import claim_findings
from pipelines.analysis.contrasts import claim_contrasts
from pipelines.analysis.design import model_data
from pipelines.analysis.effects import logistic, within_between
from pipelines.analysis.features import collected, model_table
from pipelines.analysis.missing_answers import confirm
from pipelines.codebook import load_codebook
from pipelines.guidance import load_guidance
from pipelines.results import ClaimFinding
from pipelines.settings import load_settings
from tests.benchmarks.large_study import LargeStudy, make

CODEBOOK, SETTINGS, GUIDANCE = load_codebook(), load_settings(), load_guidance()
# Share of people who gave no answer, for each question.
MISSING = 0.05


def timed(words: str, compute: Callable[[], Any]) -> Any:
    """Run, and print the seconds it took and the peak memory so far."""
    started, used = time.perf_counter(), time.process_time()
    result = compute()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    print(f"{words:46} {seconds:7.2f} s  (processor {processor:6.2f} s)  peak {peak:.2f} GB", flush=True)
    return result


def verdicts(table: pd.DataFrame) -> tuple[ClaimFinding, ...]:
    """Associations, the claims' own comparisons, and a verdict per claim."""
    found = timed("associations", lambda: associations(table, CODEBOOK, SETTINGS, "no_milk", 10))
    contrasts = timed(
        "comparisons of single claims",
        lambda: claim_contrasts(table, GUIDANCE, CODEBOOK, SETTINGS, "no_milk", 10),
    )
    people = table["participant_id"].nunique()
    asked = collected(table, CODEBOOK)
    return claim_findings(GUIDANCE, CODEBOOK, found, SETTINGS, "no_milk", contrasts, asked, people)


def whole(study: LargeStudy) -> None:
    """From the store's tables to the verdicts."""
    tables = (study.sessions, study.responses, study.participants, study.daily)

    def everything() -> tuple[ClaimFinding, ...]:
        table = timed("model table", lambda: model_table(*tables, CODEBOOK, SETTINGS))
        return verdicts(table)

    print(f"{len(study.sessions):,} sessions, {len(study.participants):,} people, {study.factors} factors")
    claims = timed("all: tables to verdicts", everything)
    print(f"{sum(each.association is not None for each in claims)} of {len(claims)} claims with a comparison")


def missing_answers(study: LargeStudy) -> None:
    """The verdicts held against missing answers filled in, a twentieth of each of the people's answers missing."""
    random = np.random.default_rng(1)
    people = study.participants.copy()
    for name in people.columns.drop("participant_id"):
        people[name] = people[name].where(random.random(len(people)) > MISSING)
    table = model_table(study.sessions, study.responses, people, study.daily, CODEBOOK, SETTINGS)
    data = model_data(table, CODEBOOK, SETTINGS, "no_milk")
    found, copies = verdicts(table), SETTINGS["inference.multiple_imputations"]
    filled = timed(
        f"missing answers filled in {copies} times",
        lambda: confirm(found, GUIDANCE.claims.values(), data, 10, copies),
    )
    held = {
        (each.finding_of, each.association.factor) for each in filled if each.imputed and each.association
    }
    print(f"{len(held)} findings held against filled-in answers")


def one_fit(study: LargeStudy) -> None:
    """One adjusted fit here and by statsmodels on the same rows."""
    data = study.sessions.merge(study.participants, on="participant_id", suffixes=("", "_person"))
    rows = pd.DataFrame(
        {
            "person": data["participant_id"],
            "empty": data["no_milk"].astype(float),
            "warm": (data["warm_compress"] == "yes").astype(float),
            "log_day": np.log1p(data["day_postpartum"]),
            "first_days": (data["day_postpartum"] <= 3).astype(float),
            "first_birth": (data["parity"] == "first_birth").astype(float),
            "weeks": data["gestational_age_weeks"],
            "misfit": (data["flange_fit"] != "good").astype(float),
        }
    )
    rows = within_between(rows, "warm", "person")
    names = ["warm_within", "warm_between", "log_day", "first_days", "first_birth", "weeks", "misfit"]
    fit = timed("one adjusted fit, jackknife included", lambda: logistic(rows, "empty", names, "person"))
    design = sm.add_constant(rows[names].to_numpy())
    family = sm.families.Binomial()
    glm = timed(
        "statsmodels GLM", lambda: sm.GLM(rows["empty"].to_numpy(), design, family=family).fit(tol=1e-10)
    )
    away = np.abs(np.array([fit.coefficients[name] for name in ("(Intercept)", *names)]) - glm.params).max()
    print(f"largest distance of an estimate from statsmodels' GLM: {away:.1e}")
    groups = pd.factorize(rows["person"])[0]
    exchangeable = sm.cov_struct.Exchangeable()
    timed(
        "statsmodels GEE, exchangeable",
        lambda: sm.GEE(
            rows["empty"].to_numpy(), design, groups=groups, family=family, cov_struct=exchangeable
        ).fit(),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    made = make(asked.sessions, asked.seed)
    with threadpool_limits(1, "blas"):
        whole(made)
        missing_answers(made)
        one_fit(made)
