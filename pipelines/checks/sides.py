"""Two rows of a file that are the left and the right breast of one session, as one session."""

import ibis
import ibis.expr.types as ir

LONGEST_OF = ("volume_left_ml", "volume_right_ml", "volume_ml", "duration_min")
GROUP = "session_group"
SECOND_ROW = "second_row"


def join_sides(rows: ir.Table) -> ir.Table:
    """One row per session, for session rows that no rule sets aside.

    Two rows of one person and file with the same `session_group` are the two breasts of one session, unless both
    hold a volume of the same breast, or they hold totals that are not the same; all other rows stay as they are. The
    joined row takes the place of the earlier one, `second_row` is the number of the other (NULL for a session of one
    row). The longer duration counts, the total is the one both give, else the sum where both volumes are known,
    anything else is what the earlier row says.
    """
    marked = rows.mutate(joins=_two_sides(rows))
    pairs = marked.filter(marked.joins)
    keys = ["number", "source_rank", GROUP]
    said = {name: pairs[name].first(order_by="source_row") for name in rows.columns if name not in keys}
    said |= {name: pairs[name].max() for name in LONGEST_OF}
    if "source_session_id" in rows.columns:
        # Whatever order the rows stand in, the session keeps its id.
        said["source_session_id"] = pairs.source_session_id.min()
    joined = pairs.group_by(keys).aggregate(**said, **{SECOND_ROW: pairs.source_row.max()})
    both = joined.volume_left_ml + joined.volume_right_ml
    joined = joined.mutate(volume_ml=ibis.coalesce(joined.volume_ml, both))
    single = marked.filter(~marked.joins).mutate(**{SECOND_ROW: ibis.null("int64")})
    columns = [*rows.columns, SECOND_ROW]
    return ibis.union(single.select(columns), joined.select(columns)).drop(GROUP)


def _two_sides(rows: ir.Table) -> ir.BooleanValue:
    """Whether a row is one of exactly two of its group whose volumes can stand side by side."""
    group = ibis.window(group_by=["number", "source_rank", GROUP])
    lefts, rights = rows.volume_left_ml.count().over(group), rows.volume_right_ml.count().over(group)
    totals = rows.volume_ml.count().over(group)
    two = rows.count().over(group) == 2
    same = rows.volume_ml.min().over(group) == rows.volume_ml.max().over(group)
    same_total = (totals == 2) & (lefts + rights == 0) & same.fill_null(False)
    return rows[GROUP].notnull() & two & (lefts <= 1) & (rights <= 1) & ((totals == 0) | same_total)
