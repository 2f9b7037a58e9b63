"""Clocks of twelve hours without AM and PM: half of the sessions would land in the wrong half of the day."""

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from pipelines.checks.columns import optional
from pipelines.checks.written_times import OFFSET_SUFFIX
from pipelines.errors import Question

CLOCKS = {"24h": "the times are on a 24-hour clock"}
NOON = 12


def half_evidence(staged: ir.Table) -> dict[str, ir.Value]:
    """Aggregates of the starts whose offset from UTC is not stated: how many, and which hours they show."""
    offset = optional(staged, "started_at" + OFFSET_SUFFIX, "int64")
    hour = ibis.ifelse(offset.isnull(), optional(staged, "started_at", "timestamp").hour(), None)
    return {
        "starts": hour.count(),
        "hours": hour.nunique(),
        "least_hour": hour.min(),
        "most_hour": hour.max(),
    }


def ask_for_half(
    name: str, stated: str | None, evidence: Mapping[str, Any], *, fewest_starts: float, fewest_hours: float
) -> None:
    """Raise Question naming the file when its starts, none marked AM or PM, look like a clock of twelve hours.

    They do when there are at least `fewest_starts`, none in hour 0 or after 12, and at least `fewest_hours` of the
    hours 1 to 12 occur: a log of a whole day on a 24-hour clock would show others as well.
    """
    if stated or not evidence["starts"] or evidence["starts"] < fewest_starts:
        return
    if evidence["least_hour"] < 1 or evidence["most_hour"] > NOON or evidence["hours"] < fewest_hours:
        return
    raise Question(
        f"{name}: all {evidence['starts']} starts lie between 1:00 and 12:59 and none says AM or PM; export the file "
        'with AM and PM, or say clock = "24h" in the study file if it is a 24-hour clock.',
        "clock",
        CLOCKS,
    )
