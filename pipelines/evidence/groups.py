"""Shares and volumes of groups of sessions, each with a clustered interval, small groups hidden."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from pipelines.analysis.clustered import CONFIDENCE
from pipelines.analysis.effects import logistic
from pipelines.analysis.refusals import INTERCEPT
from pipelines.evidence import words
from pipelines.evidence.parts import HIDDEN, Grouped, GroupedSection, IntervalMark, Numbers, rounded
from pipelines.privacy.disclosure import hides

COLUMNS = (
    "group",
    "people",
    "sessions",
    "share",
    "share_low",
    "share_high",
    "mean_volume_ml",
    "state",
    "reason",
)


@dataclass(frozen=True)
class Summary:
    """One group of sessions. Everything but `state` and `reason` is None unless `state` is "estimated".

    `share` (0-1) is that of sessions with the outcome, among those where it is known; its interval is clustered by
    participant. `mean_volume_ml` is mL a session, zeros included.
    """

    label: str
    state: str = "estimated"
    reason: str = ""
    participants: int | None = None
    sessions: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    mean_volume_ml: float | None = None


def summarise(rows: pd.DataFrame, label: str, outcome: str, minimum: int, total: int) -> Summary:
    """Summarise one group: `rows` of the model table, `total` people on the page.

    Hidden when fewer than `minimum` people are in it.
    """
    known = rows[rows[outcome].notna()]
    participants = known["participant_id"].nunique()
    if participants == 0:
        return Summary(label, "not_collected", "Nobody logged such a session.")
    if participants < minimum:
        return Summary(label, HIDDEN, f"Fewer than {minimum} people; the number stays hidden.")
    values = known[outcome].astype(float)
    shown = not hides(participants, total, minimum)
    # A bound from the number of people would tell that number.
    counted = participants if shown else participants // minimum * minimum
    low, high = _interval(known.assign(**{outcome: values}), outcome, counted)
    return Summary(
        label,
        participants=participants if shown else None,
        sessions=len(known) if shown else None,
        share=float(values.mean()),
        low=low,
        high=high,
        mean_volume_ml=float(known["volume_ml"].mean()),
    )


def _interval(rows: pd.DataFrame, outcome: str, participants: int) -> tuple[float, float]:
    """A clustered interval; where every session is alike it is bounded by how many people show it (Clopper-Pearson)."""
    share = float(rows[outcome].mean())
    if share in (0.0, 1.0):
        bounds = proportion_confint(share * participants, participants, alpha=1 - CONFIDENCE, method="beta")
        return float(bounds[0]), float(bounds[1])
    low, high = logistic(rows, outcome, [], "participant_id").intervals[INTERCEPT]
    return float(1 / (1 + np.exp(-low))), float(1 / (1 + np.exp(-high)))


def fence(summaries: Sequence[Summary]) -> list[Summary]:
    """Where a group is hidden, tell the others so coarsely that the whole minus them tells nothing of it.

    Groups of sessions share their people, so counts of people cannot be subtracted; sessions, shares and volumes can.
    """
    if not any(summary.state == HIDDEN for summary in summaries):
        return list(summaries)
    return [_coarse(each) for each in summaries]


def _coarse(summary: Summary) -> Summary:
    sessions = None if summary.sessions is None else int(round(summary.sessions, -2))
    return replace(
        summary,
        sessions=sessions,
        share=rounded(summary.share, 2),
        low=rounded(summary.low, 2),
        high=rounded(summary.high, 2),
        mean_volume_ml=rounded(summary.mean_volume_ml, 0),
    )


def as_grouped(summary: Summary, outcome: str) -> Grouped:
    """The group as a page draws it."""
    if summary.state != "estimated":
        return Grouped(summary.label, None, "", state=summary.state, reason=summary.reason)
    assert summary.share is not None and summary.low is not None and summary.high is not None
    low, high = summary.low, summary.high
    text = (
        f"{words.of_hundred(summary.share)} sessions {words.OUTCOME_WITH.get(outcome, '')}".rstrip()
        + f" ({low * 100:.0f} to {high * 100:.0f})"
    )
    return Grouped(
        summary.label,
        IntervalMark(summary.share, low, high, text),
        words.line(words.people(summary.participants), words.sessions(summary.sessions)),
        "" if summary.mean_volume_ml is None else f"{words.millilitres(summary.mean_volume_ml)} a session",
    )


def section(
    title: str, summaries: Sequence[Summary], outcome: str, name: str, note: str = ""
) -> GroupedSection:
    """Several groups on one axis with their numbers; unavailable when no group has a number."""
    fenced = fence(summaries)
    groups = tuple(as_grouped(summary, outcome) for summary in fenced)
    highest = max((group.share.high for group in groups if group.share), default=0.0)
    unavailable = "" if highest else "No group of sessions is large enough to show."
    return GroupedSection(title, groups, _round_up(highest), numbers(fenced, name), note, unavailable)


def numbers(summaries: Sequence[Summary], name: str) -> Numbers:
    """The table behind a grouped figure."""
    rows = tuple(
        (
            each.label,
            each.participants,
            each.sessions,
            rounded(each.share, 4),
            rounded(each.low, 4),
            rounded(each.high, 4),
            rounded(each.mean_volume_ml, 1),
            each.state,
            each.reason,
        )
        for each in summaries
    )
    return Numbers(name, COLUMNS, rows)


def _round_up(share: float) -> float:
    """The end of an axis of shares: the next of 5, 10, 20, 30 ... per cent."""
    steps = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.8, 1.0)
    return next(step for step in steps if share <= step or step == 1.0)
