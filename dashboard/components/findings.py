"""The clearest findings in the one row: name, sentence with ratio and n, interval."""

from dashboard.components import glyph, rows
from pipelines.evidence.overview import ClearFinding


def clearest(listed: tuple[ClearFinding, ...], outcome: str) -> str:
    """Each finding with its interval on one axis, towards fewer or more sessions with the outcome."""
    axis = glyph.axis_words(glyph.ODDS, f"fewer {outcome}", "more")
    body = "".join(
        rows.row(
            (
                ("", rows.strong(found.name)),
                ("", rows.sentence(found.sentence) + rows.quiet(found.line)),
                ("", glyph.ratio(found.interval, glyph.ODDS, shape="dot", colour="cohort")),
            )
        )
        for found in listed
    )
    return rows.head(("Clearest findings", "", axis), axis=2) + body
