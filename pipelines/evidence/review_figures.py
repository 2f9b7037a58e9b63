"""How often the review rules find what is there, and cry wolf: measured on synthetic studies, whose truth is known."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import DATA
from pipelines.guidance.signs import load_signs

COUNTS = ("planted", "found", "true", "seen", "false")
# Listed only where the study file says that a procedure is agreed, so it stands outside the total.
NEEDS_PROCEDURE = ("distress_protocol",)
FIGURES = DATA / "evaluation" / "review.json"


@dataclass(frozen=True)
class RuleFigures:
    """One rule over all studies: planted courses and those found, true signs of other people and those seen.

    `false` are people with the sign who have neither; `other_people` all who have no planted course.
    """

    id: str
    wording: str
    planted: int
    found: int
    true: int
    seen: int
    false: int
    other_people: int

    @property
    def is_measured(self) -> bool:
        """Whether the synthetic studies hold such a course at all."""
        return self.planted + self.true > 0

    @property
    def sensitivity(self) -> float | None:
        """Share (0-1) of planted courses and true signs that were found; None where there was none."""
        return (self.found + self.seen) / (self.planted + self.true) if self.is_measured else None

    @property
    def false_alarm_rate(self) -> float:
        """Share (0-1) of the people without a planted course who got the sign wrongly."""
        return self.false / self.other_people


@dataclass(frozen=True)
class ReviewFigures:
    """The whole list over `studies` synthetic studies of `participants` people each.

    `planted_listed` of `planted` courses brought their person onto the list; `fewest_listed` in the worst study.
    False alarms are listed people who have neither a planted course nor a true sign.
    """

    studies: int
    participants: int
    planted: int
    planted_listed: int
    fewest_listed: int
    false_alarms_mean: float
    false_alarms_most: int
    rules: tuple[RuleFigures, ...]

    @property
    def title(self) -> str:
        """What the list found, as a page's answer."""
        return f"On synthetic studies the list found {self.planted_listed} of {self.planted} planted courses"

    @property
    def sentence(self) -> str:
        """The figures in words: a planted course is always written down, a true sign of somebody else not always."""
        true, seen = (sum(getattr(rule, name) for rule in self.rules) for name in ("true", "seen"))
        return (
            f"On {self.studies} synthetic studies of {self.participants} people the list found {self.planted_listed} of "
            f"{self.planted} planted courses, and {seen:,} of the {true:,} signs that other people truly had but did not "
            f"always write down. It listed {self.false_alarms_mean:.1f} people a study on average "
            f"({self.false_alarms_most} at most) without a reason. Real logs may do worse."
        )


@cache
def review_figures(path: Path = FIGURES) -> ReviewFigures:
    """The figures that `tests.benchmarks.review` measured last."""
    content = json.loads(path.read_text(encoding="utf-8"))
    studies = content["studies"]
    rules = tuple(_rule(name, studies) for name in studies[0]["rules"])
    alarms = [study["falsely_listed"] for study in studies]
    listed = [study["planted_listed"] for study in studies]
    return ReviewFigures(
        studies=len(studies),
        participants=content["participants"],
        planted=sum(rule.planted for rule in rules if rule.id not in NEEDS_PROCEDURE),
        planted_listed=sum(listed),
        fewest_listed=min(listed),
        false_alarms_mean=sum(alarms) / len(alarms),
        false_alarms_most=max(alarms),
        rules=rules,
    )


def _rule(name: str, studies: list[dict[str, Any]]) -> RuleFigures:
    """One rule's counts, added up over the studies."""
    counts = {key: sum(study["rules"][name][key] for study in studies) for key in COUNTS}
    other_people = sum(study["other_people"] for study in studies)
    return RuleFigures(id=name, wording=load_signs()[name].wording, other_people=other_people, **counts)
