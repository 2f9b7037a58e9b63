"""Which pass through an hour that exists twice a start belongs to, as the order of a file's rows tells.

A clock shows 01:10, 01:40, 01:05, 01:50 in the night when clocks go back: where the rows of a person are in time order
all around, the one step back is where the second pass begins. Without such a step nothing tells.
"""

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from pipelines.checks.times import clock_changes, exists_twice
from pipelines.checks.written_times import OFFSET_SUFFIX

# 1 or 2; NULL where the order does not tell.
PASS = "clock_pass"
# So many minutes around the change have to be in time order.
AROUND = 7 * 1440
FEWEST_AROUND = 2


def repeated_starts(staged: ir.Table, zone: tuple[str, int, int]) -> ir.Table | None:
    """The starts around every night that has an hour twice; None where the zone has no such night.

    Columns: `source_rank`, `source_row`, `participant`, `minute` (since 1970 on the local clock), `night` (the
    change's own minute), `twice`. Starts that state their offset are one moment each and are left out.
    """
    nights = [change for change in clock_changes(*zone)[1] if change.repeat_start < change.start]
    if not nights or "started_at" not in staged.columns:
        return None
    rows = staged.filter(staged.started_at.notnull())
    if "started_at" + OFFSET_SUFFIX in staged.columns:
        rows = rows.filter(rows["started_at" + OFFSET_SUFFIX].isnull())
    minute = (rows.started_at.epoch_seconds() / 60).floor().cast("int64")
    night = ibis.cases(
        *((minute.between(each.start - AROUND, each.start + AROUND), each.start) for each in nights)
    )
    found = rows.select(
        "source_rank",
        "source_row",
        "participant",
        minute=minute,
        night=night,
        twice=exists_twice(minute, *zone),
    )
    return found.filter(found.night.notnull())


def told_by_order(starts: pd.DataFrame) -> pd.DataFrame:
    """The passes that the order of rows tells: `source_rank`, `source_row`, PASS; takes rows of `repeated_starts`."""
    found = [
        own[["source_rank", "source_row"]].assign(**{PASS: passes}).loc[own["twice"]]
        for _, own in starts.sort_values("source_row").groupby(["source_rank", "participant", "night"])
        if own["twice"].any()
        and (passes := _passes(own["minute"].to_numpy(), own["twice"].to_numpy())) is not None
    ]
    empty = pd.DataFrame({name: pd.Series(dtype="int64") for name in ("source_rank", "source_row", PASS)})
    return pd.concat([empty, *found], ignore_index=True).astype("int64")


def _passes(minutes: np.ndarray, twice: np.ndarray) -> np.ndarray | None:
    """The pass of each row of one person, read forwards, else backwards; None where neither is in time order."""
    if (~twice).sum() < FEWEST_AROUND:
        return None
    for way in (1, -1):
        back = np.flatnonzero(np.diff(minutes[::way]) < 0)
        if len(back) == 1 and twice[::way][back[0]] and twice[::way][back[0] + 1]:
            second = np.arange(len(minutes)) > back[0]
            return (1 + second)[::way]
    return None
