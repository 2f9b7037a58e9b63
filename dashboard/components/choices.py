"""How far one finding hangs on our choices, as rows of HTML."""

from dashboard.components import glyph, rows
from dashboard.components.marks import chip
from dashboard.components.text import escape
from pipelines.evidence.specifications import SpecificationRow, SpecificationTable

OTHER_CHOICES = "other-choices"
NO_ESTIMATE = "no estimate"


def specifications(table: SpecificationTable) -> str:
    """The finding as judged and under each other choice; right of the middle is as the article says."""
    axis = glyph.VOLUME if table.about_volume else glyph.ODDS
    ratio = "ratio of volumes" if table.about_volume else "odds ratio"
    words = glyph.axis_words(axis, "the opposite", "as it says")
    head = rows.head(("What was changed", words, f"Verdict, {ratio}, 95 %"), axis=1)
    return f'<div class="ls-choices">{head}{"".join(_row(each, axis) for each in table.rows)}</div>'


def _row(row: SpecificationRow, axis: glyph.RatioAxis) -> str:
    name = f"{rows.strong(row.changed)}{rows.quiet(row.line)}"
    if row.mark is None:
        return rows.row((("", name), ("", rows.quiet(row.reason)), ("", f"<div>{escape(NO_ESTIMATE)}</div>")))
    shape = "ring" if row.verdict in ("inconclusive", "insufficient_data") else "dot"
    drawn = glyph.ratio(row.mark, axis, shape=shape, colour="cohort")
    said = f"<div>{chip(row.verdict)}</div>{rows.quiet(row.mark.words)}{rows.quiet(row.reason)}"
    return rows.row((("", name), ("", drawn), ("", said)))
