"""How the canonical tables lie in the store file: narrow physical tables, and a view of each contract table.

A physical table has a column only for factors that the study has ever recorded; the view adds the others as NULL.
(Writing seventy empty columns of a million rows took three times as long as all the rest.)
"""

from collections.abc import Iterable

from pipelines.codebook import Codebook, Factor

SCHEMA_VERSION = 2
SESSION_CORE = {
    "session_id": "UBIGINT",
    "participant_id": "VARCHAR",
    "day_postpartum": "INTEGER",
    "day_in_study": "INTEGER",
    "minute_of_day": "INTEGER",
    "interval_hours": "DOUBLE",
    "duration_min": "DOUBLE",
    "volume_left_ml": "DOUBLE",
    "volume_right_ml": "DOUBLE",
    "volume_ml": "DOUBLE",
}
SOURCE = {"source_id": "VARCHAR", "source_row": "BIGINT"}
RESPONSES = {
    "participant_id": "VARCHAR",
    "day_postpartum": "INTEGER",
    "day_in_study": "INTEGER",
    "instrument": "VARCHAR",
    "factor": "VARCHAR",
    "value": "VARCHAR",
    "value_number": "DOUBLE",
    **SOURCE,
}
SOURCES = {
    "source_id": "VARCHAR",
    "reader": "VARCHAR",
    "rows_read": "BIGINT",
    "rows_accepted": "BIGINT",
    "rows_duplicate": "BIGINT",
    "rows_quarantined": "BIGINT",
    "rows_other": "BIGINT",
    "ingested_at": "TIMESTAMP",
}
QUARANTINE = {**SOURCE, "field": "VARCHAR", "code": "VARCHAR", "message": "VARCHAR"}
# Beside the contract's tables: whether a log had long been silent at the study's last entry. A yes or no, since how
# long would be a date: everybody's last days counted back from one and the same moment.
LOG_ENDS = "log_end_rows"
LOG_END = {"participant_id": "VARCHAR", "silent": "BOOLEAN"}
# Kept as a number, told as its sixteen hexadecimal digits, which no program rounds.
SHOWN_AS = {"session_id": """format('{:016x}', "session_id") AS "session_id\""""}
# Kept beside the answers so that the group survives later ingests; no answer, so not in the view.
COHORT = "cohort"


def factor_type(factor: Factor) -> str:
    """The column type of a factor: codes are text, everything else a number."""
    return "DOUBLE" if factor.is_numeric else "VARCHAR"


def session_columns(codebook: Codebook) -> dict[str, str]:
    """Names and types of the contract's sessions table, in order."""
    factors = {
        name: factor_type(factor)
        for name, factor in codebook.factors.items()
        if "session" in factor.grains and not factor.derived and name != "duration_min"
    }
    return {**SESSION_CORE, "pump_type": "VARCHAR", **factors, **SOURCE}


def person_factors(codebook: Codebook) -> dict[str, str]:
    """Factors with a column in participants: asked once, and not restricted."""
    return {
        name: factor_type(factor)
        for name, factor in codebook.factors.items()
        if "person" in factor.grains and not factor.derived and not factor.restricted
    }


def participant_columns(codebook: Codebook) -> dict[str, str]:
    """Names and types of the contract's participants table, in order."""
    return {"participant_id": "VARCHAR", COHORT: "VARCHAR", **person_factors(codebook)}


def view(
    name: str, physical: str, columns: dict[str, str], present: Iterable[str], condition: str = ""
) -> str:
    """The statement that shows a physical table under its contract name, missing columns as NULL."""
    there = set(present)
    chosen = ", ".join(
        SHOWN_AS.get(column, f'"{column}"') if column in there else f'CAST(NULL AS {kind}) AS "{column}"'
        for column, kind in columns.items()
    )
    return f'CREATE VIEW "{name}" AS SELECT {chosen} FROM "{physical}"{condition}'
