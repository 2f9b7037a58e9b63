"""Worked tables: a metric's definition as a small table that a researcher can check by hand."""

import ibis
import pandas as pd

SESSION_DEFAULTS = {
    "participant_id": "A",
    "day_in_study": 0,
    "day_postpartum": None,
    "minute_of_day": 480,
    "interval_hours": None,
    "duration_min": None,
    "volume_ml": None,
}
TYPES = {
    "participant_id": "string",
    "day_in_study": "int64",
    "day_postpartum": "int64",
    "minute_of_day": "int64",
    "interval_hours": "float64",
    "duration_min": "float64",
    "volume_ml": "float64",
    "no_milk": "boolean",
    "low_output": "boolean",
    "logged": "int64",
    "known": "int64",
}


def parse(text: str) -> list[dict]:
    """Rows of a text table: first line the column names, `-` for NULL."""
    lines = [line.split() for line in text.strip().splitlines()]
    names, *rows = lines
    return [dict(zip(names, (convert(cell) for cell in row), strict=True)) for row in rows]


def convert(cell: str):
    """A cell as number, truth value, text or None."""
    if cell in ("-", "yes", "no"):
        return {"-": None, "yes": True, "no": False}[cell]
    try:
        number = float(cell)
    except ValueError:
        return cell
    return int(number) if number.is_integer() and "." not in cell else number


def table(text: str, defaults: dict | None = None):
    """The text table as an Ibis table of sessions (or of what `defaults` says)."""
    rows = [(SESSION_DEFAULTS if defaults is None else defaults) | row for row in parse(text)]
    frame = pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in rows[0]})
    return ibis.memtable(frame, schema={name: TYPES.get(name, "float64") for name in frame.columns})


def rows_of(expression, *names: str, order: tuple[str, ...] = ()) -> list[tuple]:
    """The expression's rows as tuples, NULL as None, in the stated order."""
    expression = expression.order_by(list(order)) if order else expression
    return [tuple(row[name] for name in names) for row in expression.to_pyarrow().to_pylist()]
