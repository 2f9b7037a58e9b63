"""Who had long been silent at the study's last entry: the only thing of calendar time that the store keeps.

It is a yes or no. How many hours would be a date in another form, since all people's last days would be counted back
from the same moment.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.privacy.links import Link
from pipelines.run.people import MINUTES_A_DAY
from pipelines.run.state import Work
from pipelines.store.layout import LOG_END, LOG_ENDS


def last_minutes(sessions: ir.Table, responses: ir.Table) -> ir.Table:
    """Minutes from the beginning of each person's first day to her last entry.

    Grain: participant. An answer has a day and no hour: `latest` takes the end of that day, `earliest` its beginning,
    so that nobody looks silent who may not have been.
    """
    dated = responses.filter(responses.day_in_study.notnull())
    minute = (sessions.day_in_study * MINUTES_A_DAY + sessions.minute_of_day).cast("int64")
    day = (dated.day_in_study * MINUTES_A_DAY).cast("int64")
    entries = ibis.union(
        sessions.select("participant_id", earliest=minute, latest=minute),
        dated.select("participant_id", earliest=day, latest=day + (MINUTES_A_DAY - 1)),
    )
    return entries.group_by("participant_id").aggregate(
        earliest=entries.earliest.max(), latest=entries.latest.max()
    )


def silent(minutes: pd.DataFrame, first_days: Mapping[str, int], hours: int) -> pd.DataFrame:
    """Whether each person's last entry lies so many hours or more before the last entry of all.

    `minutes` are those of `last_minutes`, `first_days` each person's first day since 1970. NULL where that is lost.
    """
    start = minutes["participant_id"].map(first_days).astype("float64") * MINUTES_A_DAY
    cut = (start + minutes["earliest"]).max()
    quiet = (cut - (start + minutes["latest"])) >= hours * 60
    known = quiet.astype("boolean").where(start.notna(), pd.NA)
    return pd.DataFrame({"participant_id": minutes["participant_id"], "silent": known})


def write_log_ends(work: Work, links: Mapping[str, Link]) -> None:
    """Write the table of log ends for everybody in the new store, old and new."""
    workspace = work.workspace
    minutes = last_minutes(workspace.new("session_rows"), workspace.new("response_rows"))
    found = workspace.backend.to_pandas(minutes)
    first_days = {code: link.first_day for code, link in links.items() if link.first_day is not None}
    frame = silent(found, first_days, work.settings["review.quiet_hours"])
    workspace.write_frame(LOG_ENDS, frame.sort_values("participant_id", ignore_index=True), LOG_END)
