"""How often the verdicts are wrong and the intervals right, and what a study can find: measured by simulation.

`data/evaluation/scenarios.toml` says what is to be simulated and which limit it is held to, `error_rates.json` beside it
what came out. An entry of its `simulated` is a `Simulated`, one of its `power` a `Power`, as `dataclasses.asdict` gives
them: counts of cohorts, from which shares and Monte Carlo errors follow.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from pipelines import DATA
from pipelines.codebook import load_codebook
from pipelines.datafiles import build, read_entries, refuse, table, with_parts
from pipelines.guidance import load_guidance
from pipelines.results import VERDICTS

SCENARIOS = DATA / "evaluation" / "scenarios.toml"
RATES = DATA / "evaluation" / "error_rates.json"
KINDS = ("between", "within")


@dataclass(frozen=True)
class Share:
    """`count` of `of` simulated cohorts."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0-1."""
        return self.count / self.of

    @property
    def error(self) -> float:
        """Its Monte Carlo standard error, `sqrt(p (1 - p) / n)`; a share of 0 or 1 is taken as half a cohort off."""
        near = min(max(self.value, 0.5 / self.of), 1 - 0.5 / self.of)
        return sqrt(near * (1 - near) / self.of)


@dataclass(frozen=True)
class ClaimRates:
    """One claim over `cohorts` cohorts: cohorts by verdict, and intervals that held the planted truth.

    `claim` is a claim's id, or a factor's where what was planted is no claim's own; then `verdicts` may be empty.
    `verdicts` names each verdict that came up; its counts add up to `cohorts`. `covered` of the `intervals` that were
    estimated where the truth is known (0 of 0 where it is not).
    """

    claim: str
    cohorts: int
    verdicts: Mapping[str, int]
    intervals: int = 0
    covered: int = 0

    def share(self, verdict: str) -> Share:
        """Of the cohorts, those with this verdict."""
        return Share(self.verdicts.get(verdict, 0), self.cohorts)

    @property
    def coverage(self) -> Share | None:
        """Of the 95 % intervals, those that held the truth; None where no truth is known."""
        return Share(self.covered, self.intervals) if self.intervals else None


@dataclass(frozen=True)
class Simulated:
    """What came out of one scenario with cohorts of `people` people; `seed` and `code_version` reproduce it."""

    scenario: str
    people: int
    cohorts: int
    seed: int
    code_version: str
    claims: tuple[ClaimRates, ...]


@dataclass(frozen=True)
class Power:
    """`supported` of `cohorts` simulated cohorts of `people` people, at a true odds ratio, said "supported".

    `kind` "between": a person either has the factor or not; "within": it varies within people, the odds ratio is that of
    one within-person standard deviation.
    """

    odds_ratio: float
    people: int
    kind: str
    cohorts: int
    supported: int
    seed: int
    code_version: str

    @property
    def share(self) -> Share:
        """Of the cohorts, those in which the claim was supported."""
        return Share(self.supported, self.cohorts)


@dataclass(frozen=True)
class Scenario:
    """One planned simulation, the sizes it is run at, the claims it is judged on (none named: all), and its limits.

    `odds_ratios` are those planted, by factor, where the scenario does not say them in words.
    """

    id: str
    name: str
    simulated: str
    people: tuple[int, ...]
    claims: tuple[str, ...] = ()
    supported_at_most: float | None = None
    contradicted_at_most: float | None = None
    negligible_at_most: float | None = None
    coverage_at_least: float | None = None
    coverage_at_most: float | None = None
    odds_ratios: Mapping[str, float] | None = None

    @property
    def limits(self) -> Mapping[str, float]:
        """The largest share of cohorts by verdict."""
        named = {
            "supported": self.supported_at_most,
            "contradicted": self.contradicted_at_most,
            "negligible": self.negligible_at_most,
        }
        return {verdict: limit for verdict, limit in named.items() if limit is not None}


@dataclass(frozen=True)
class PowerPlan:
    """The cells of the power table, and what a reader needs to know of them."""

    odds_ratios: tuple[float, ...]
    people: tuple[int, ...]
    kinds: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Made:
    """How every simulated cohort is made, and in words what is not simulated.

    `days` logged, from `fewest_sessions` to `most_sessions` each; `no_milk` is the share of sessions without milk where
    nothing acts, `with_factor` that of the people, days or sessions that have a factor, `person_deviation` how much
    people differ (standard deviation of the log odds).
    """

    days: int
    fewest_sessions: int
    most_sessions: int
    no_milk: float
    with_factor: float
    person_deviation: float
    not_simulated: tuple[str, ...]


@dataclass(frozen=True)
class ErrorRates:
    """All planned scenarios with what came out so far, and the power table."""

    scenarios: tuple[Scenario, ...]
    simulated: tuple[Simulated, ...]
    power_plan: PowerPlan
    power: tuple[Power, ...]
    made: Made

    def of(self, scenario: str, people: int) -> Simulated | None:
        """What came out of a scenario at one size; None = not yet simulated."""
        found = (each for each in self.simulated if (each.scenario, each.people) == (scenario, people))
        return next(found, None)

    def power_of(self, odds_ratio: float, people: int, kind: str) -> Power | None:
        """One cell of the power table; None = not yet simulated."""
        wanted = (odds_ratio, people, kind)
        return next(
            (each for each in self.power if (each.odds_ratio, each.people, each.kind) == wanted), None
        )


@cache
def error_rates(scenarios: Path = SCENARIOS, rates: Path = RATES) -> ErrorRates:
    """Read and check both files.

    Raises DataFileError naming file and entry for unknown, missing or repeated entries, an unknown scenario, claim or
    verdict, and counts that do not add up.
    """
    plan = read_entries(scenarios)
    planned = tuple(
        build(Scenario, scenarios.name, name, entry, id=name) for name, entry in plan["scenarios"].items()
    )
    content = json.loads(rates.read_text(encoding="utf-8"))
    found = ErrorRates(
        planned,
        tuple(_simulated(rates.name, entry) for entry in content["simulated"]),
        build(PowerPlan, scenarios.name, "power", plan["power"]),
        tuple(build(Power, rates.name, "power", entry) for entry in content["power"]),
        build(Made, scenarios.name, "cohorts", plan["cohorts"]),
    )
    _check(found, rates.name)
    return found


def _simulated(file: str, entry: Any) -> Simulated:
    name = str(table(file, "simulated", entry).get("scenario"))
    return build(Simulated, file, name, with_parts(ClaimRates, file, name, entry, "claims"))


def _check(found: ErrorRates, file: str) -> None:
    known = {each.id for each in found.scenarios}
    subjects = set(load_guidance().claims) | set(load_codebook().factors)
    for entry in found.simulated:
        problems = [] if entry.scenario in known else ["is no scenario of scenarios.toml"]
        for rates in entry.claims:
            problems += [f"unknown claim '{rates.claim}'"] if rates.claim not in subjects else []
            problems += [f"{rates.claim}: {each}" for each in _wrong_counts(rates, entry.cohorts)]
        if problems:
            refuse(file, entry.scenario, problems)
    _check_power(found, file)
    _check_repeats([(each.scenario, each.people) for each in found.simulated], file)
    _check_repeats([(each.odds_ratio, each.people, each.kind) for each in found.power], file)


def _wrong_counts(rates: ClaimRates, cohorts: int) -> list[str]:
    unknown = sorted(set(rates.verdicts) - set(VERDICTS))
    problems = [f"unknown verdict '{verdict}'" for verdict in unknown]
    told = sum(rates.verdicts.values())
    if (rates.verdicts and told != rates.cohorts) or not 0 < rates.cohorts <= cohorts:
        problems.append("its verdicts do not add up to its cohorts")
    if not 0 <= rates.covered <= rates.intervals <= rates.cohorts:
        problems.append("more intervals than cohorts, or more covered than there are")
    return problems


def _check_power(found: ErrorRates, file: str) -> None:
    for each in found.power:
        if each.kind not in KINDS or not 0 <= each.supported <= each.cohorts or each.cohorts < 1:
            refuse(
                file,
                "power",
                [f"kind or counts are wrong at {each.people} people, odds ratio {each.odds_ratio}"],
            )


def _check_repeats(keys: list[tuple], file: str) -> None:
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        refuse(file, str(twice[0]), ["stands twice"])
