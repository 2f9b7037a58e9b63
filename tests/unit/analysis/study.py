"""A small made study with known effects, as the store would hand it over."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.settings import load_settings

CODEBOOK = load_codebook()
SETTINGS = load_settings()


@dataclass(frozen=True)
class Study:
    """The four tables that `features.model_table` takes."""

    sessions: pd.DataFrame
    responses: pd.DataFrame
    participants: pd.DataFrame
    daily: pd.DataFrame

    def tables(self):
        return self.sessions, self.responses, self.participants, self.daily


def make_study(
    participants: int = 60,
    days: int = 10,
    seed: int = 0,
    log_odds: dict | None = None,
    base: float = -1.8,
    feedback: float = 0.0,
    confounding: float = 0.0,
) -> Study:
    """Four sessions a day and person, outcomes marginally logistic (bridge distribution, as people differ).

    `log_odds`: effect of flange_fit (not good), warm_compress (yes), stress (per point, reported the day before).
    `feedback`: how much a day without milk raises the stress reported that evening; `confounding`: how much more
    stressed people with low supply are.
    """
    effects = {"flange_fit": 0.0, "warm_compress": 0.0, "stress": 0.0} | (log_odds or {})
    random = np.random.default_rng(seed)
    phi = 0.75
    uniform = random.random(participants)
    person = np.log(np.sin(phi * np.pi * uniform) / np.sin(phi * np.pi * (1 - uniform))) / phi
    misfit = random.random(participants) < 0.4
    names = np.array([f"p{number:04d}" for number in range(participants)])
    sessions, diary = [], []
    yesterday = 5 + confounding * person + random.normal(0, 1, participants)
    for day in range(days):
        warm = random.random((participants, 4)) < 0.3
        mean = base + effects["flange_fit"] * misfit[:, None] + effects["warm_compress"] * warm
        mean = mean + effects["stress"] * (yesterday[:, None] - 5)
        chance = 1 / (1 + np.exp(-(mean / phi + person[:, None])))
        empty = random.random((participants, 4)) < chance
        volume = np.where(
            empty, 0, np.exp(random.normal(4.3, 0.3, (participants, 4)) - 0.2 * misfit[:, None])
        )
        for turn in range(4):
            sessions.append(
                pd.DataFrame(
                    {
                        "participant_id": names,
                        "day_in_study": day,
                        "day_postpartum": day + 10,
                        "minute_of_day": 420 + 240 * turn,
                        "interval_hours": 12.0 if turn == 0 else 4.0,
                        "volume_ml": volume[:, turn].round(1),
                        "warm_compress": np.where(warm[:, turn], "yes", "no"),
                        "pump_type": "electric_double",
                    }
                )
            )
        today = 5 + confounding * person + random.normal(0, 1, participants) + feedback * empty.mean(axis=1)
        diary.append(
            pd.DataFrame({"participant_id": names, "day_in_study": day, "value_number": today.round(1)})
        )
        yesterday = today
    return Study(
        _sessions(sessions),
        _responses(diary),
        pd.DataFrame({"participant_id": names, "flange_fit": np.where(misfit, "too_small", "good")}),
        _daily(names, days),
    )


def _sessions(parts: list[pd.DataFrame]) -> pd.DataFrame:
    sessions = pd.concat(parts, ignore_index=True)
    sessions["no_milk"] = (sessions["volume_ml"] == 0).astype("boolean")
    sessions["low_output"] = (sessions["volume_ml"] < 15).astype("boolean")
    return sessions


def _responses(parts: list[pd.DataFrame]) -> pd.DataFrame:
    answers = pd.concat(parts, ignore_index=True)
    return answers.assign(
        factor="stress",
        instrument="diary",
        value=answers["value_number"].astype(str),
        day_postpartum=answers["day_in_study"] + 10,
    )


def _daily(names: np.ndarray, days: int) -> pd.DataFrame:
    grid = pd.MultiIndex.from_product([names, range(days)], names=["participant_id", "day_in_study"])
    return pd.DataFrame({"sessions": 4, "night_sessions": 0}, index=grid).reset_index()
