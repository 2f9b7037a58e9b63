"""A finding at a glance: the cells of a row that opens, and the head with the axis over such rows."""

from collections.abc import Sequence

from dashboard.components import glyph, rows
from dashboard.components.marks import chip, token
from dashboard.components.sources import split_sentence
from dashboard.components.text import escape
from pipelines.evidence.guidance import ClaimRow, TipRow

COHORT, LITERATURE = "This cohort", "Literature"
AXES = {"odds_ratio": glyph.ODDS, "volume_ratio": glyph.VOLUME}
FIGURES = {
    "odds_ratio": "Of 100 sessions, so many {ends}; odds ratio, people",
    "volume_ratio": "Milk a session; ratio of volumes, people",
}


def head(first: str, chosen: Sequence[ClaimRow | TipRow], measure: str, ends: str) -> str:
    """Column names over rows that share an axis; the axis stands over them only where one of them has an estimate.

    `first` is the HTML of the first cell, `ends` the outcome after "sessions" ("without milk").
    """
    axis = figures = "<div></div>"
    if any(row.interval for row in chosen):
        axis = f'<div class="ls-axis">{glyph.axis_words(AXES[measure], "opposite", "as it says")}</div>'
        figures = f"<div>{escape(FIGURES[measure].format(ends=ends))}</div>"
    return f'<div class="ls-head ls-fixed">{first}<div>{COHORT}</div>{axis}{figures}<div>{LITERATURE}</div></div>'


def cells(row: ClaimRow | TipRow) -> tuple[tuple[str, str], ...]:
    """Verdict, interval, figures; or verdict and the reason why there is no more."""
    if is_unsaid(row):
        reason, _ = split_sentence(row.sentence)
        return ("", chip(row.verdict)), ("", rows.quiet(reason))
    drawn = ""
    if row.interval is not None:
        shape = "ring" if row.verdict in ("inconclusive", "insufficient_data") else "dot"
        measure = row.measure if isinstance(row, ClaimRow) else "odds_ratio"
        drawn = glyph.ratio(row.interval, AXES[measure], shape=shape, colour=token(row.verdict))
    figures = f"<div>{escape(row.brief)}</div>{rows.quiet(row.brief_line)}"
    return ("", chip(row.verdict)), ("", drawn), ("", figures)


def is_unsaid(row: ClaimRow | TipRow) -> bool:
    """No interval and no figure: the reason takes their room."""
    return row.interval is None and not row.brief


def kind(row: ClaimRow | TipRow) -> str:
    """The class of the row's card."""
    return "ls-unsaid" if is_unsaid(row) else ""
