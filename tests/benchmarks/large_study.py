"""A made study of any size with 20 factors, straight as the tables that a store holds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

DAYS = 50
SESSIONS_A_DAY = 7
MINUTES = (60, 330, 540, 720, 900, 1110, 1320)
SESSION_FACTORS = {
    "warm_compress": ("no", "yes"),
    "breast_massage": ("no", "yes"),
    "relaxation": ("no", "yes"),
    "baby_cue": ("no", "yes"),
    "setting": ("private_calm", "private_not_calm", "not_private"),
    "place": ("home", "work", "elsewhere"),
}
DAY_FACTORS = ("stress", "sleep_hours", "breast_pain", "fluid_litres")
PERSON_FACTORS = {
    "flange_fit": ("good", "too_small", "too_large"),
    "parity": ("later_birth", "first_birth"),
    "hypothyroidism": ("no", "treated", "untreated"),
    "pcos": ("no", "yes"),
    "birth_mode": ("vaginal", "caesarean_planned", "caesarean_urgent"),
    "feeding_mode": ("pump_only", "mostly_pump", "half_half"),
    "breast_surgery": ("none", "reduction"),
}


@dataclass(frozen=True)
class LargeStudy:
    """What `features.model_table` takes, and how many factors were asked."""

    sessions: pd.DataFrame
    responses: pd.DataFrame
    participants: pd.DataFrame
    daily: pd.DataFrame
    factors: int


def make(sessions: int, seed: int = 0) -> LargeStudy:
    """About so many sessions: seven a day for 50 days from the birth on, a fifth of the diary days not kept."""
    random = np.random.default_rng(seed)
    people = max(20, sessions // (DAYS * SESSIONS_A_DAY))
    names = np.array([f"P-{number:06d}" for number in range(people)], dtype=object)
    person = np.repeat(np.arange(people), DAYS * SESSIONS_A_DAY)
    day = np.tile(np.repeat(np.arange(DAYS), SESSIONS_A_DAY), people)
    rows = len(person)
    stress = np.clip(
        random.normal(4, 1.5, (people, DAYS)) + random.normal(0, 1, people)[:, None], 0, 10
    ).round()
    participants = pd.DataFrame({"participant_id": names})
    for name, levels in PERSON_FACTORS.items():
        participants[name] = random.choice(np.array(levels, dtype=object), people)
    participants["gestational_age_weeks"] = random.integers(30, 42, people).astype(float)
    asked = {name: random.integers(0, len(levels), rows) for name, levels in SESSION_FACTORS.items()}
    pain = np.clip(random.normal(2, 1.5, rows), 0, 10).round()
    log_odds = (
        -2.4
        + 2.5 * np.exp(-day / 2)
        + random.normal(0, 1, people)[person]
        + 0.15 * (stress[person, np.maximum(day - 1, 0)] - 4)
        + 0.4 * (participants["flange_fit"].to_numpy() != "good")[person]
        - 0.3 * asked["warm_compress"]
        + 0.1 * pain
    )
    empty = random.random(rows) < 1 / (1 + np.exp(-log_odds))
    volume = np.where(empty, 0.0, np.exp(random.normal(4.2, 0.5, rows)).round(0))
    table = pd.DataFrame(
        {
            "participant_id": names[person],
            "day_in_study": day,
            "day_postpartum": day,
            "minute_of_day": np.tile(np.array(MINUTES), rows // SESSIONS_A_DAY)
            + random.integers(0, 30, rows),
            "interval_hours": random.normal(3.5, 0.6, rows).round(1),
            "volume_ml": volume,
            "pump_pain": pain,
            "pump_type": "electric_double",
        }
    )
    for name, levels in SESSION_FACTORS.items():
        table[name] = np.array(levels, dtype=object)[asked[name]]
    table["no_milk"] = table["volume_ml"] == 0
    table["low_output"] = table["volume_ml"] < 15
    grid = pd.DataFrame(
        {"participant_id": np.repeat(names, DAYS), "day_in_study": np.tile(np.arange(DAYS), people)}
    )
    diaries = [_diary(grid, "stress", stress.ravel(), random)]
    diaries += [
        _diary(grid, name, random.normal(6, 1.5, len(grid)).clip(0, 10).round(), random)
        for name in DAY_FACTORS[1:]
    ]
    daily = grid.assign(sessions=SESSIONS_A_DAY, night_sessions=1)
    count = len(SESSION_FACTORS) + len(DAY_FACTORS) + len(PERSON_FACTORS) + 3
    return LargeStudy(table, pd.concat(diaries, ignore_index=True), participants, daily, count)


def _diary(grid: pd.DataFrame, factor: str, values: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    kept = random.random(len(grid)) < 0.8
    return grid[kept].assign(
        factor=factor,
        instrument="diary",
        value_number=values[kept],
        value=values[kept].astype(str),
        day_postpartum=grid["day_in_study"][kept],
    )
