"""An analysis of a simulated cohort that knows the model: what a perfect analyst with all of the truth would find."""

import numpy as np
import pandas as pd
import statsmodels.api as sm

from pipelines.synthetic import Cohort
from pipelines.synthetic.clock import true_minutes
from pipelines.synthetic.effects import day_row, exposure
from pipelines.synthetic.log import write_log

# What an analysis cannot put into one model with the others, or that is only reported after the sessions.
LEFT_OUT = ("stress",)


def model_cohort(cohort: Cohort) -> pd.DataFrame:
    """The sessions of people without a planted course."""
    return cohort.model_sessions.reset_index(drop=True)


def base_design(cohort: Cohort, sessions: pd.DataFrame) -> dict[str, np.ndarray]:
    """Intercept, working group and the day curve, each with a coefficient of its own."""
    model = cohort.recipe["no_milk"]
    working = (cohort.people["group"].to_numpy() == "working")[sessions["person"]]
    day = sessions["day_postpartum"].to_numpy(dtype=float)
    curve = np.exp(-((day / model["day_scale"]) ** model["day_power"])) * ~working
    return {"intercept": np.ones(len(sessions)), "working": working.astype(float), "curve": curve}


def design(cohort: Cohort, sessions: pd.DataFrame, left_out: tuple[str, ...] = ()) -> dict[str, np.ndarray]:
    """Everything that acts, one column an effect."""
    columns = base_design(cohort, sessions)
    for effect in cohort.recipe.effects:
        if effect.id not in (*LEFT_OUT, *left_out):
            columns[effect.id] = exposure(cohort.recipe, effect, cohort.people, cohort.days, sessions)
    return columns


def fit(columns: dict[str, np.ndarray], sessions: pd.DataFrame) -> pd.DataFrame:
    """Logistic model of no milk, clustered by person: estimate and standard error of each column."""
    result = sm.GLM(
        sessions["no_milk"].to_numpy(dtype=float),
        np.column_stack(list(columns.values())),
        family=sm.families.Binomial(),
    ).fit(cov_type="cluster", cov_kwds={"groups": sessions["person"].to_numpy()})
    return pd.DataFrame({"estimate": result.params, "se": result.bse}, index=list(columns))


def z_scores(cohort: Cohort, found: pd.DataFrame, truths: dict[str, float]) -> pd.Series:
    """Distance of each estimate from the true odds ratio, in standard errors."""
    names = list(truths)
    true = np.log(np.array([truths[name] for name in names]))
    return pd.Series(
        (found.loc[names, "estimate"].to_numpy() - true) / found.loc[names, "se"].to_numpy(), index=names
    )


def direct_truths(cohort: Cohort) -> dict[str, float]:
    """True odds ratio of every effect with all the others given."""
    return {effect.id: effect.odds_ratio for effect in cohort.recipe.effects if effect.id not in LEFT_OUT}


def stress_ratios(cohort: Cohort) -> dict[str, tuple[float, float]]:
    """Odds ratio per point of stress, and its z, as different analyses see it; it causes nothing."""
    sessions = model_cohort(cohort)
    days = cohort.days
    stress = days["stress"].to_numpy(dtype=float)
    before = np.where(days["study_day"] > 0, np.roll(stress, 1), np.nan)
    count = cohort.recipe.days
    row = day_row(cohort.recipe, sessions)
    present = days["sessions"].to_numpy().reshape(-1, count) > 0
    by_person = np.where(present, stress.reshape(-1, count), np.nan)
    mean = np.nanmean(by_person, axis=1)[sessions["person"]]
    yesterday = before[row]
    earlier = np.isfinite(yesterday)
    base = base_design(cohort, sessions)
    same_day = fit(base | {"within": stress[row] - mean, "between": mean - 4.2}, sessions)
    crude = fit({"intercept": base["intercept"], "stress": stress[row] - 4.2}, sessions)
    adjusted = fit(base | {"stress": stress[row] - 4.2}, sessions)
    late = sessions[earlier].reset_index(drop=True)
    lagged = fit(
        base_design(cohort, late) | {"within": (yesterday - mean)[earlier], "between": mean[earlier] - 4.2},
        late,
    )
    found = {
        "crude": crude.loc["stress"],
        "adjusted": adjusted.loc["stress"],
        "within": same_day.loc["within"],
        "between": same_day.loc["between"],
        "lagged": lagged.loc["within"],
    }
    return {
        name: (float(np.exp(row["estimate"])), float(row["estimate"] / row["se"]))
        for name, row in found.items()
    }


def logged_intervals(cohort: Cohort) -> pd.DataFrame:
    """Sessions of those who only pump as they were written down, with `gap`: hours since the start before."""
    log, _ = write_log(cohort)
    log = log[(log["entry"] != "double") & ~log["person"].isin(cohort.planted)].reset_index(drop=True)
    minutes = pd.Series(
        true_minutes(log["started_at"].to_numpy().astype("datetime64[m]"), cohort.recipe["calendar"])
    )
    gap = (minutes.diff() / 60).where(log["person"].diff() == 0)
    sessions = (
        cohort.sessions.iloc[log["session"]].reset_index(drop=True).assign(gap=gap, no_milk=log["total"] == 0)
    )
    only = (cohort.people["feeding_mode"] == "pump_only").to_numpy()[sessions["person"]]
    return sessions[(gap <= 24) & log["total"].notna() & only].reset_index(drop=True)
