"""The same session twice, within a file, between files, or already in the store: marked, never lost silently.

Tables here have one row per candidate session: `number` (of the person), `key` (start and sides in one number that
sorts by the local clock), `volume_ml`, `position` (order of the rows), and where rows may carry a source's own id
`session_id` and `moment` (minutes of true time, the local clock where nothing tells it).
"""

import ibis
import ibis.expr.types as ir

ORDER = ("key", "volume_ml", "position")


def mark_repeats(rows: ir.Table) -> ir.Table:
    """Add `repeats`: whether an earlier row of the same person is the same session; the lowest `position` stays.

    Without `session_id` the same session has the same key and total, so repeats are neighbours and one sorted pass
    finds them.
    """
    if "session_id" in rows.columns:
        window = ibis.window(group_by=["number", "session_id"], order_by="position")
        return rows.mutate(repeats=ibis.row_number().over(window) > 0)
    window = ibis.window(group_by="number", order_by=ORDER)
    same = (rows.key.lag().over(window) == rows.key) & rows.volume_ml.lag().over(window).identical_to(
        rows.volume_ml
    )
    return rows.mutate(repeats=same.fill_null(False))


def in_sequence(rows: ir.Table) -> ir.Table:
    """Sessions without repeats, each with its person's previous one.

    Adds `previous_key`, and `previous_id` and `previous_offset` where `session_id` and `offset` are columns; all
    NULL for a person's first session. Grain: one row per session.
    """
    by_id = "session_id" in rows.columns
    if by_id:
        marked = mark_repeats(rows)
        rows = marked.filter(~marked.repeats).drop("repeats")
    order = (*(["moment"] if by_id and "moment" in rows.columns else []), *ORDER)
    window = ibis.window(group_by="number", order_by=order)
    previous = {"previous_key": rows.key.lag().over(window)}
    if "offset" in rows.columns:
        previous["previous_offset"] = rows.offset.lag().over(window)
    if by_id:
        return rows.mutate(previous_id=rows.session_id.lag().over(window), **previous)
    found = rows.mutate(previous_volume=rows.volume_ml.lag().over(window), **previous)
    repeats = (found.previous_key == found.key) & found.previous_volume.identical_to(found.volume_ml)
    return found.filter(~repeats.fill_null(False)).drop("previous_volume")
