"""Cohorts with known truth, made at once as the tables that the store hands over.

Sessions without milk follow a logistic model with a person effect from the bridge distribution, so that the odds
ratios over everybody are exactly the planted ones (Wang and Louis, Biometrika 2003;90:765). Nothing is lost, rounded
or unanswered: what a log and its readers do to data is tested elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipelines.codebook import Codebook
from pipelines.evidence.error_rates import error_rates
from tests.unit.analysis.study import Study

BRIDGE = 0.75
MADE = error_rates().made
TYPICAL_ML, LOW_OUTPUT_ML = 75.0, 15.0
PERSON_VOLUME_DEVIATION, SESSION_VOLUME_DEVIATION, VOLUME_CORRELATION = 0.54, 0.28, -0.5
FIRST_MINUTE, LAST_MINUTE = 360, 1380
# Of the people have a trait; of the sessions or days the rest, each person with a habit of her own.
SHARE = MADE.with_factor
HABIT = (5 * SHARE, 5 * (1 - SHARE))
# A state of the day begins and ends with these chances, so that it holds on SHARE of the days.
ENDS = 0.28
BEGINS = ENDS * SHARE / (1 - SHARE)
EARLY_HEIGHT, EARLY_SCALE, EARLY_POWER = 3.15, 2.0, 1.2
EARLY_SHARE = 0.5


@dataclass(frozen=True)
class Plan:
    """What is planted in a cohort of `people` people who log `sessions` (fewest, most) a day.

    `factors` names the level of each factor that goes against its reference, None for a number. `log_odds` and
    `log_volume` hold what that level, or a unit of the number, adds to the log odds of a session without milk and to
    the log volume once milk comes; for a number reported at night it is the report of the day before that counts.
    `confounding`: how much more of such a number people with little milk report, per standard deviation of the
    person effect; `feedback`: what a day of sessions without milk only adds to it that evening; `carry_over`: the
    share of an evening's surplus that is left the next. `early`: half of the logs begin at birth, where sessions
    without milk are frequent. `habits`: how often and how regularly people pump is counted too.
    """

    people: int
    factors: Mapping[str, str | None]
    days: int = MADE.days
    sessions: tuple[int, int] = (MADE.fewest_sessions, MADE.most_sessions)
    no_milk: float = MADE.no_milk
    log_odds: Mapping[str, float] = field(default_factory=dict)
    log_volume: Mapping[str, float] = field(default_factory=dict)
    confounding: float = 0.0
    feedback: float = 0.0
    carry_over: float = 0.0
    early: bool = False
    habits: bool = False


def make_cohort(plan: Plan, codebook: Codebook, seed: int | list[int]) -> Study:
    """One cohort, the same for the same seed."""
    return _Cohort(plan, codebook, np.random.default_rng(seed)).study()


class _Cohort:
    """Arrays are people x days x places in the day; places without a session are masked by `happens`."""

    def __init__(self, plan: Plan, codebook: Codebook, random: np.random.Generator) -> None:
        self.plan, self.codebook, self.random = plan, codebook, random
        fewest, most = plan.sessions
        self.shape = plan.people, plan.days, most
        count = random.integers(fewest, most + 1, self.shape[:2])
        self.happens = np.arange(most) < count[:, :, None]
        self.minute = np.sort(random.integers(FIRST_MINUTE, LAST_MINUTE, self.shape), axis=2)
        self.day = self._first_days()[:, None] + np.arange(plan.days)
        turn, uniform = BRIDGE * np.pi, random.random(plan.people)
        self.person = np.log(np.sin(turn * uniform) / np.sin(turn * (1 - uniform))) / BRIDGE
        kinds = {name: codebook.factors[name].grains[0] for name in plan.factors}
        self.numbers = [name for name, level in plan.factors.items() if level is None]
        self.has = {name: self._has(kinds[name]) for name, level in plan.factors.items() if level is not None}
        self.reports = {name: np.zeros(self.shape[:2]) for name in self.numbers}
        self.usual = {name: self._usual() for name in self.numbers}

    def _first_days(self) -> np.ndarray:
        start = self.random.integers(4, 29, self.plan.people)
        if not self.plan.early:
            return start
        return np.where(self.random.random(self.plan.people) < EARLY_SHARE, 0, start)

    def _usual(self) -> np.ndarray:
        """A person's usual report of a number."""
        return (
            self.random.normal(size=self.plan.people)
            + self.plan.confounding * self.person / MADE.person_deviation
        )

    def _has(self, grain: str) -> np.ndarray:
        """Whether a factor is there, in the shape of the cohort up to its grain."""
        people, days, _ = self.shape
        if grain == "person":
            return self.random.random(people) < SHARE
        if grain == "session":
            return self.random.random(self.shape) < self.random.beta(*HABIT, people)[:, None, None]
        state = np.empty((people, days), dtype=bool)
        state[:, 0] = self.random.random(people) < SHARE
        for day in range(1, days):
            chance = np.where(state[:, day - 1], 1 - ENDS, BEGINS)
            state[:, day] = self.random.random(people) < chance
        return state

    def _effects(self, effects: Mapping[str, float], day: int) -> np.ndarray:
        """What the planted effects add on one day; people x places."""
        total = np.zeros((self.shape[0], self.shape[2]))
        for name, effect in effects.items():
            if name in self.reports:
                total += effect * self.reports[name][:, max(day - 1, 0), None]
            elif self.has[name].ndim == 3:
                total += effect * self.has[name][:, day]
            else:
                total += (
                    effect * (self.has[name] if self.has[name].ndim == 1 else self.has[name][:, day])[:, None]
                )
        return total

    def _log_odds(self, day: int) -> np.ndarray:
        """Population-averaged log odds of a session without milk; the person effect must not enter here."""
        share = self.plan.no_milk
        base = np.full(self.shape[0], np.log(share / (1 - share)))
        if self.plan.early:
            base += EARLY_HEIGHT * np.exp(-((self.day[:, day] / EARLY_SCALE) ** EARLY_POWER))
        return base[:, None] + self._effects(self.plan.log_odds, day)

    def _volumes(self) -> np.ndarray:
        """Volume in mL of every session, day after day, since an evening's report follows from the day."""
        people, days, most = self.shape
        spread = PERSON_VOLUME_DEVIATION * np.sqrt(1 - VOLUME_CORRELATION**2)
        usual = PERSON_VOLUME_DEVIATION * VOLUME_CORRELATION * self.person / MADE.person_deviation
        usual = np.log(TYPICAL_ML) + usual + self.random.normal(0, spread, people)
        volume = np.empty(self.shape)
        surplus = {name: np.zeros(people) for name in self.numbers}
        for day in range(days):
            if day == 0:
                self._report(0, surplus, np.zeros(people))
            chance = 1 / (1 + np.exp(-(self._log_odds(day) / BRIDGE + self.person[:, None])))
            empty = self.random.random((people, most)) < chance
            noise = self.random.normal(0, SESSION_VOLUME_DEVIATION, (people, most))
            milk = np.exp(usual[:, None] + self._effects(self.plan.log_volume, day) + noise)
            volume[:, day] = np.where(empty, 0, np.maximum(milk, 0.1))
            there = self.happens[:, day]
            self._report(day, surplus, (empty & there).sum(axis=1) / there.sum(axis=1))
        return volume.round(1)

    def _report(self, day: int, surplus: dict[str, np.ndarray], empty_share: np.ndarray) -> None:
        """The numbers as reported in the evening of a day."""
        for name in self.numbers:
            fresh = self.random.normal(size=self.shape[0]) + self.plan.feedback * empty_share
            surplus[name] = self.plan.carry_over * surplus[name] + fresh
            self.reports[name][:, day] = self.usual[name] + surplus[name]

    def study(self) -> Study:
        """The four tables."""
        volume = self._volumes()
        names = np.array([f"p{number:04d}" for number in range(self.shape[0])])
        return Study(
            self._sessions(names, volume), self._responses(names), self._people(names), self._daily(names)
        )

    def _sessions(self, names: np.ndarray, volume: np.ndarray) -> pd.DataFrame:
        person, day, place = np.nonzero(self.happens)
        where = person, day, place
        minute = self.minute[where]
        clock = day * 1440 + minute
        gap = np.diff(clock, prepend=0) / 60
        gap[np.flatnonzero(np.diff(person, prepend=-1))] = np.nan
        columns = {
            "participant_id": names[person],
            "session_id": np.arange(len(person)).astype(str),
            "day_in_study": day,
            "day_postpartum": self.day[person, day],
            "minute_of_day": minute,
            "interval_hours": gap,
            "volume_ml": volume[where],
            "no_milk": pd.array(volume[where] == 0, dtype="boolean"),
            "low_output": pd.array(volume[where] < LOW_OUTPUT_ML, dtype="boolean"),
        }
        columns |= {name: self._codes(name, has[where]) for name, has in self.has.items() if has.ndim == 3}
        return pd.DataFrame(columns)

    def _codes(self, name: str, has: np.ndarray) -> np.ndarray:
        return np.where(has, self.plan.factors[name], self.codebook.factors[name].reference).astype(object)

    def _responses(self, names: np.ndarray) -> pd.DataFrame:
        people, days, _ = self.shape
        person, day = (each.ravel() for each in np.indices((people, days)))
        forms = [
            {"factor": name, "value": None, "value_number": values.ravel().round(2)}
            for name, values in self.reports.items()
        ]
        forms += [
            {"factor": name, "value": self._codes(name, has.ravel()), "value_number": np.nan}
            for name, has in self.has.items()
            if has.ndim == 2
        ]
        common = {"participant_id": names[person], "day_in_study": day, "instrument": "diary"}
        columns = ["participant_id", "day_in_study", "instrument", "factor", "value", "value_number"]
        return (
            pd.concat(
                [pd.DataFrame(columns=columns), *(pd.DataFrame(common | form) for form in forms)],
                ignore_index=True,
            )
            if forms
            else pd.DataFrame(columns=columns)
        )

    def _people(self, names: np.ndarray) -> pd.DataFrame:
        traits = {name: self._codes(name, has) for name, has in self.has.items() if has.ndim == 1}
        return pd.DataFrame({"participant_id": names} | traits)

    def _daily(self, names: np.ndarray) -> pd.DataFrame:
        """Sessions a day; of the first day alone, which counts for nothing, where habits are not wanted."""
        days = self.shape[1] if self.plan.habits else 1
        grid = pd.MultiIndex.from_product([names, range(days)], names=["participant_id", "day_in_study"])
        count = self.happens[:, :days].sum(axis=2).ravel()
        return pd.DataFrame({"sessions": count, "night_sessions": 0}, index=grid).reset_index()
