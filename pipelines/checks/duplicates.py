"""The same session twice, within a file, between files, or already in the store: marked, never lost silently."""

import ibis
import ibis.expr.types as ir


def mark_repeats(rows: ir.Table, *, by_own_id: bool) -> ir.Table:
    """Add `repeats`: whether an earlier row of the same person has the same `session_id`.

    Grain: one row per candidate session, in and out; the lowest `position` stays. Without ids of the source's own
    the same id means the same minute, so repeats are neighbours and one sorted pass finds them (`by_own_id` False).
    """
    if by_own_id:
        window = ibis.window(group_by=["number", "session_id"], order_by="position")
        return rows.mutate(repeats=ibis.row_number().over(window) > 0)
    window = ibis.window(group_by="number", order_by=["minute", "session_id", "position"])
    return rows.mutate(repeats=(rows.session_id.lag().over(window) == rows.session_id).fill_null(False))


def in_sequence(rows: ir.Table, *, by_own_id: bool) -> ir.Table:
    """Sessions without repeats, each with its person's previous start.

    Adds `previous_minute` and `previous_id`, and `previous_offset` where `offset` is a column; all NULL for a
    person's first session. Grain: one row per session.
    """
    if by_own_id:
        marked = mark_repeats(rows, by_own_id=True)
        rows = marked.filter(~marked.repeats).drop("repeats")
    window = ibis.window(group_by="number", order_by=["minute", "session_id", "position"])
    previous = {
        "previous_minute": rows.minute.lag().over(window),
        "previous_id": rows.session_id.lag().over(window),
    }
    if "offset" in rows.columns:
        previous["previous_offset"] = rows.offset.lag().over(window)
    sequenced = rows.mutate(**previous)
    repeats = (sequenced.previous_id == sequenced.session_id).fill_null(False)
    return sequenced if by_own_id else sequenced.filter(~repeats)


def interval_hours(sequenced: ir.Table) -> ir.FloatingValue:
    """Hours that really passed since the person's previous start, from a table of `in_sequence`.

    Where both starts' offsets from UTC are known, a change between them is taken out. NULL for the first session,
    and where two clocks contradict each other.
    """
    passed = sequenced.minute - sequenced.previous_minute
    if "offset" in sequenced.columns:
        passed = passed - (sequenced.offset - sequenced.previous_offset).fill_null(0)
    return ibis.ifelse(passed < 0, None, passed / 60)
