"""A made-up selection: people with sessions, one trait, one thing told by session, as evidence takes it."""

from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.evidence.filters import Choices
from pipelines.evidence.frames import Frames
from pipelines.store.tables import StoreInfo

INFO = StoreInfo("Made up", True, "no_milk", 15, 10, False, 1, Path("none.duckdb"))


def frames(people: int = 80, each: int = 6, cohorts: tuple[str, ...] = ("A", "B")) -> Frames:
    """So many people with `each` sessions a day apart; every fourth person has a first session without milk.

    The first half of each cohort had a first birth; gestation runs from 30 to 41 weeks; pumps alternate by person.
    """
    number = np.repeat(np.arange(people), each)
    turn = np.tile(np.arange(each), people)
    empty = (number % 4 == 0) & (turn == 0)
    rows = pd.DataFrame(
        {
            "participant_id": [f"p{at:03d}" for at in number],
            "session_id": [f"s{at}" for at in range(len(number))],
            "cohort": np.array(cohorts, dtype=object)[number % len(cohorts)],
            "day_in_study": turn,
            "day_postpartum": (turn + 5).astype(float),
            "minute_of_day": 400,
            "interval_hours": 4.0,
            "volume_ml": np.where(empty, 0.0, 60.0 + number),
            "volume_left_ml": np.where(empty, 0.0, 30.0 + number / 2),
            "volume_right_ml": np.where(empty, 0.0, 30.0 + number / 2),
            "no_milk": empty.astype(float),
            "low_output": empty.astype(float),
            "pump_type": np.where(number % 3 == 0, "manual", "wearable").astype(object),
            "parity": np.where(number < people / 2, "first_birth", "later_birth").astype(object),
            "gestational_age_weeks": 30.0 + number % 12,
            "relaxation": np.where(turn % 2 == 0, "yes", "no").astype(object),
            "let_down_felt": np.where(turn % 2 == 0, "yes", "no").astype(object),
        }
    )
    days = rows.groupby(["participant_id", "day_in_study"], as_index=False).agg(
        cohort=("cohort", "first"),
        day_postpartum=("day_postpartum", "first"),
        volume_ml=("volume_ml", "sum"),
        no_milk_share=("no_milk", "mean"),
    )
    return Frames(INFO, Choices(tuple(cohorts)), rows, days, people)
