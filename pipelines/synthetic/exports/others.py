"""What else an app records: feeds, nappies, sleep. None of it is a pumping session."""

import numpy as np
import pandas as pd

from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.recipe import random_stream

KINDS = ("bottle", "breast", "nappy", "sleep")
SHARES = {"pump_only": (0.45, 0.0, 0.35, 0.20), "mostly_breast": (0.15, 0.35, 0.30, 0.20)}


def other_events(cohort: Cohort, people: np.ndarray, log: pd.DataFrame) -> pd.DataFrame:
    """Feeds, nappies and sleep of these people on the days on which they log: person, started_at, kind, amount.

    `amount` is mL for a bottle, minutes else.
    """
    random = random_stream(cohort.seed, "others")
    logged = log[log["person"].isin(people)].drop_duplicates(["person", "study_day"])
    count = cohort.recipe["log"]["other_per_day"]
    person = np.repeat(logged["person"].to_numpy(), count)
    midnight = np.repeat(logged["started_at"].to_numpy().astype("datetime64[D]"), count)
    # From four in the morning on, away from the hours that a clock change skips.
    minute = random.integers(240, 1440, len(person))
    mode = cohort.people["feeding_mode"].to_numpy()[person]
    draw = random.random(len(person))
    edges = np.array([np.cumsum(SHARES[name])[:-1] for name in SHARES])
    own = edges[np.where(mode == "pump_only", 0, 1)]
    kind = np.array(KINDS, dtype=object)[(draw[:, None] >= own).sum(axis=1)]
    amount = np.where(
        kind == "bottle", random.integers(3, 15, len(person)) * 10, random.integers(5, 91, len(person))
    )
    events = pd.DataFrame(
        {
            "person": person,
            "started_at": (midnight.astype("datetime64[m]") + minute.astype("timedelta64[m]")).astype(
                "datetime64[s]"
            ),
            "kind": kind,
            "amount": amount,
            "formula": random.random(len(person)) < 0.3,
        }
    )
    return events.sort_values(["person", "started_at"], kind="stable", ignore_index=True)
