"""Verify a store: counts add up, ids are unique, and neither an identifier nor a date stands in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.privacy.deidentify import SUSPICIOUS
from pipelines.store.tables import Store, open_store

HASHES = (
    "source_id",
    "session_id",
    "participant_id",
    "row_id",
    "content_hash",
    "options_hash",
    "owner",
    "key_check",
    "plan_hash",
)
TEMPORAL = ("DATE", "TIME", "INTERVAL")
# The only column that holds a time, and it is about no person.
ALLOWED_TIME = ("sources", "source_rows"), "ingested_at"
DAY_COLUMNS = ("day_postpartum", "day_in_study")
# Days since 1970 of every day from 2009 on are larger; nobody is in a study for 39 years.
LARGEST_DAY = 14_245


@dataclass(frozen=True)
class Check:
    """One thing that was verified, in words, and whether it holds; `detail` names what does not."""

    name: str
    holds: bool
    detail: str = ""


def check_store(path: str | Path) -> list[Check]:
    """Verify a store. Raises StoreError when it cannot be opened."""
    with open_store(path) as store:
        return [*_ledger_checks(store), *_id_checks(store), *_privacy_checks(store)]


def _single(store: Store, query: str) -> int:
    rows = store.backend.con.execute(query).fetchall()
    return int(rows[0][0] or 0)


def _ledger_checks(store: Store) -> Iterator[Check]:
    sources = "study_store.main.source_rows"
    wrong = _single(
        store,
        f"SELECT count(*) FROM {sources} WHERE rows_read <> "
        "rows_accepted + rows_duplicate + rows_quarantined + rows_other",
    )
    yield Check(
        "every row of every file has one fate", wrong == 0, f"{wrong} files do not add up" if wrong else ""
    )
    wrong = _single(
        store,
        f"SELECT count(*) FROM (SELECT s.rows_quarantined AS told, count(DISTINCT q.source_row) AS kept"
        f" FROM {sources} s LEFT JOIN study_store.main.quarantine_rows q USING (source_id)"
        " GROUP BY s.source_id, s.rows_quarantined) WHERE told <> kept",
    )
    yield Check("every row set aside has a reason", wrong == 0, f"{wrong} files" if wrong else "")
    wrong = _single(
        store,
        f"SELECT count(*) FROM (SELECT s.rows_accepted AS told, count(DISTINCT r.source_row) AS kept"
        f" FROM {sources} s LEFT JOIN (SELECT source_id, source_row FROM study_store.main.session_rows"
        f" UNION ALL SELECT source_id, source_row FROM study_store.main.response_rows) r USING (source_id)"
        " GROUP BY s.source_id, s.rows_accepted) WHERE kept > told",
    )
    yield Check("no file gave more rows than it says", wrong == 0, f"{wrong} files" if wrong else "")
    orphans = _single(
        store,
        f"SELECT count(*) FROM study_store.main.session_rows WHERE source_id NOT IN (SELECT source_id FROM {sources})",
    )
    yield Check("every session has its file", orphans == 0, f"{orphans} sessions" if orphans else "")


def _id_checks(store: Store) -> Iterator[Check]:
    for table, column in (
        ("session_rows", "session_id"),
        ("participant_rows", "participant_id"),
        ("source_rows", "source_id"),
    ):
        twice = _single(store, f"SELECT count(*) - count(DISTINCT {column}) FROM study_store.main.{table}")
        yield Check(f"{column} is unique", twice == 0, f"{twice} repeats" if twice else "")
    strangers = _single(
        store,
        "SELECT count(*) FROM study_store.main.session_rows WHERE participant_id NOT IN"
        " (SELECT participant_id FROM study_store.main.participant_rows)",
    )
    yield Check(
        "every session has its participant", strangers == 0, f"{strangers} sessions" if strangers else ""
    )
    odd = _single(
        store,
        "SELECT count(*) FROM study_store.main.participant_rows WHERE NOT regexp_full_match(participant_id, 'P-[A-Z2-7]{10}')",
    )
    yield Check("participants are pseudonyms", odd == 0, f"{odd} are not" if odd else "")


def _privacy_checks(store: Store) -> Iterator[Check]:
    types = store.column_types()
    times = [
        f"{table}.{column}"
        for table, columns in types.items()
        for column, kind in columns.items()
        if kind.startswith(TEMPORAL) and not (table in ALLOWED_TIME[0] and column == ALLOWED_TIME[1])
    ]
    yield Check("no column holds dates or times", not times, ", ".join(times))
    found = []
    for table, columns in types.items():
        if not table.endswith("_rows") and table != "study":
            continue
        for column, kind in columns.items():
            if kind == "VARCHAR" and column not in HASHES:
                found += [f"{table}.{column}: {words}" for words in _suspicious(store, table, column)]
            if column in DAY_COLUMNS and _single(
                store, f"SELECT count(*) FROM study_store.main.{table} WHERE abs({column}) >= {LARGEST_DAY}"
            ):
                found.append(f"{table}.{column}: days that may be dates")
    yield Check("no text looks like a date, address or number of a person", not found, "; ".join(found))


def _suspicious(store: Store, table: str, column: str) -> list[str]:
    """What the cells of a text column look like that they must not."""
    counts = ", ".join(
        f"count(*) FILTER (regexp_matches(\"{column}\", '{pattern}'))" for pattern in SUSPICIOUS.values()
    )
    distinct = f'SELECT DISTINCT "{column}" FROM study_store.main.{table} WHERE "{column}" IS NOT NULL'
    rows = store.backend.con.execute(f"SELECT {counts} FROM ({distinct})").fetchall()
    return [words for words, count in zip(SUSPICIOUS, rows[0], strict=True) if count]
