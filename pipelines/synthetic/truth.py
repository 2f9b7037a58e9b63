"""What is true of a synthetic study, as `truth.json`: effects, people, planted courses, what the log did."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.exports.base import SET_ASIDE, ExportFile
from pipelines.synthetic.exports.redcap import answer_counts
from pipelines.synthetic.implied import lagged_odds_ratio, mean_volume_ratio, total_odds_ratio
from pipelines.synthetic.log import planted_notes
from pipelines.synthetic.recipe import Effect

VERSION = 1


@dataclass(frozen=True)
class Truth:
    """The content of `truth.json`, and the cohort it speaks of."""

    content: dict[str, Any]
    cohort: Cohort


def _effect(cohort: Cohort, effect: Effect) -> dict[str, Any]:
    total = total_odds_ratio(effect)
    entry: dict[str, Any] = {
        "factor": effect.factor,
        "levels": list(effect.levels) or None,
        "reference": effect.reference,
        "kind": effect.kind,
        "component": effect.component,
        "unit": effect.unit,
        "odds_ratio": total,
        "odds_ratio_direct": effect.odds_ratio,
        "odds_ratio_total": total,
        "volume_ratio": effect.volume_ratio,
        "volume_ratio_total": mean_volume_ratio(cohort, effect),
    }
    lagged = lagged_odds_ratio(cohort, effect)
    if lagged is not None:
        entry["odds_ratio_lagged"] = lagged
    if effect.odds_ratio_logged is not None:
        entry["odds_ratio_logged"] = effect.odds_ratio_logged
    if effect.via:
        entry["via"] = list(effect.via)
    for key in ("naive", "note"):
        if getattr(effect, key):
            entry[key] = getattr(effect, key)
    return entry


def _factors(cohort: Cohort) -> dict[str, Any]:
    """Effects by id. `odds_ratio` is what an analysis recovers that leaves the steps in `via` out (the total one);
    `odds_ratio_lagged` what yesterday's answer shows; `odds_ratio_logged` what the log leaves of it; `volume_ratio` is once milk came, `volume_ratio_total` with
    sessions without milk as 0."""
    factors = {effect.id: _effect(cohort, effect) for effect in cohort.recipe.effects}
    factors["let_down_felt"] = {
        "factor": "let_down_felt",
        "kind": "session",
        "role": "never_adjust",
        "note": "a step on the way: no_milk, setting, warm_compress and breast_massage change it",
    }
    return factors


def _people(cohort: Cohort, habits: pd.DataFrame) -> list[dict[str, Any]]:
    entries = []
    for person, habit in zip(cohort.people.itertuples(), habits.itertuples(), strict=True):
        entries.append(
            {
                "participant": person.participant,
                "group": person.group,
                "start_day": int(person.start_day),
                "z": round(float(person.z), 3),
                "plateau_ml": round(float(person.plateau_ml)),
                "withdrawn_day": None if np.isnan(person.withdrawn_day) else int(person.withdrawn_day),
                "export": habit.logging,
                "logging": habit.style,
            }
        )
    return entries


def _review(cohort: Cohort) -> dict[str, Any]:
    names = cohort.people["participant"].to_numpy()
    planted = [
        {"participant": names[course.person], "course": course.sign, "first_day": course.first_day}
        for course in sorted(cohort.courses, key=lambda course: course.person)
    ]
    unplanted = cohort.signs[~cohort.signs["person"].isin(cohort.planted)]
    also = [
        {
            "participant": names[row.person],
            "sign": row.sign,
            "first_day": row.first_day,
            "last_day": row.last_day,
        }
        for row in unplanted.itertuples()
    ]
    return {"planted": planted, "also_true": also}


def _repeats(files: Sequence[ExportFile]) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """Rows that repeat an earlier one, with files in order of their path, and what each file holds."""
    seen: set = set()
    duplicates: list[list[Any]] = []
    ledger = []
    for file in sorted(files, key=lambda each: each.path):
        repeated, aside = [], 0
        for row, key in enumerate(file.keys, start=1):
            if _is_set_aside(key):
                aside += 1
                continue
            if key is not None and key in seen:
                repeated.append([file.path, row])
            seen.add(key)
        sessions = sum(key is not None for key in file.keys)
        ledger.append(
            {
                "file": file.path,
                "rows": len(file.keys),
                "session_rows": sessions,
                "duplicates": len(repeated),
                "set_aside": aside,
                "other": len(file.keys) - sessions,
            }
        )
        duplicates += repeated
    return duplicates, ledger


def _is_set_aside(key: Hashable | None) -> bool:
    return isinstance(key, tuple) and key[:1] == (SET_ASIDE,)


def _log(
    cohort: Cohort, log: pd.DataFrame, habits: pd.DataFrame, exports: Sequence[ExportFile]
) -> dict[str, Any]:
    duplicates, ledger = _repeats(exports)
    names = cohort.people["participant"]
    known = log[log["total"].notna() & ~log["entry"].isin(["double", "slip"])]
    return {
        "duplicates": duplicates,
        "near_doubles": int((log["entry"] == "near_double").sum()),
        "lost_sessions": len(cohort.sessions) - log["session"].nunique(),
        "sessions": sum(entry["session_rows"] - entry["duplicates"] - entry["set_aside"] for entry in ledger),
        "set_aside": sum(entry["set_aside"] for entry in ledger),
        "no_milk": float((known["total"] == 0).mean()) if len(known) else None,
        "unit_traps": names[habits["trap"].to_numpy()].tolist(),
        "unit_switches": names[habits["switches"].to_numpy()].tolist(),
        "identifiers": [identifier for _, identifier in planted_notes(cohort.recipe)],
        "files": ledger,
    }


def _marginals(cohort: Cohort) -> dict[str, Any]:
    sessions = cohort.sessions
    late = sessions["day_postpartum"] > cohort.recipe["signs"]["after_day"]
    return {
        "no_milk": round(float(sessions["no_milk"].mean()), 5),
        "no_milk_after_day_4": round(float(sessions.loc[late, "no_milk"].mean()), 5),
        "low_output": round(
            float((sessions["volume_ml"] < cohort.recipe["cohort"]["low_output_ml"]).mean()), 5
        ),
        "sessions": len(sessions),
    }


def make_truth(
    cohort: Cohort,
    log: pd.DataFrame,
    habits: pd.DataFrame,
    exports: Sequence[ExportFile],
    questionnaires: pd.DataFrame,
) -> Truth:
    """Everything a test may want to compare with.

    `marginals` are of the sessions that took place; `log.sessions` counts different sessions written down, so
    `log.sessions` rows should be accepted and `log.duplicates` set aside. A pair of `duplicates` is a file and the
    number of its data row; of two equal rows the one in the earlier file or row stays.
    """
    recipe = cohort.recipe
    model = recipe["no_milk"]
    content = {
        "version": VERSION,
        "seed": cohort.seed,
        "variant": recipe.variant,
        "phi": recipe["person"]["bridge"],
        "participants": len(cohort.people),
        "model": {
            "intercept": model["intercept"],
            "working": model["working"],
            "day_curve": f"{model['day_height']}*exp(-(day/{model['day_scale']})**{model['day_power']})",
        },
        "factors": _factors(cohort),
        "people": _people(cohort, habits),
        "review": _review(cohort),
        "log": _log(cohort, log, habits, exports),
        "questionnaires": {"rows": len(questionnaires), "answers": answer_counts(recipe, questionnaires)},
        "marginals": _marginals(cohort),
    }
    return Truth(content, cohort)
