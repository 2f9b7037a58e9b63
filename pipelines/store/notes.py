"""A consultant's notes and done marks, in a file of their own beside the store.

They are kept apart from the research tables, never exported with them, and stay on this computer. SQLite keeps the
file whole when several people write at once or a program stops in the middle.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import InputError, StoreError

LONGEST_NOTE = 4000
WAIT_SECONDS = 10
SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, participant_id TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL,
  written_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS done (
  id INTEGER PRIMARY KEY AUTOINCREMENT, participant_id TEXT NOT NULL, author TEXT NOT NULL, marked_at TEXT NOT NULL,
  data_version INTEGER NOT NULL, signs TEXT NOT NULL);
"""


@dataclass(frozen=True)
class WrittenNote:
    """One note about one person, by her code; `written_at` is when the consultant wrote it (UTC)."""

    id: int
    participant_id: str
    text: str
    author: str
    written_at: str


@dataclass(frozen=True)
class SeenSign:
    """One sign as it stood when a review was marked done; days are study days."""

    id: str
    first_day: int
    last_day: int
    state: str


@dataclass(frozen=True)
class DoneMark:
    """A review marked done: by whom, when (UTC), on which data version, and the signs that were seen."""

    participant_id: str
    author: str
    marked_at: str
    data_version: int
    signs: tuple[SeenSign, ...]


def notes_file(store: Path) -> Path:
    """Where the notes of a store lie."""
    return store.with_name(store.name + ".notes.sqlite")


@contextmanager
def _opened(store: Path) -> Iterator[sqlite3.Connection]:
    """The notes of a store, made when there are none; one transaction, kept only when all of it went well."""
    path = notes_file(store)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
    except (OSError, sqlite3.Error):
        raise StoreError(
            f"{path}: the notes cannot be opened; close other programs that use them, or check who may write there."
        ) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def add_note(store: Path, participant_id: str, text: str, author: str = "") -> WrittenNote:
    """Keep a note. Raises InputError when it is empty or too long."""
    said = text.strip()
    if not said:
        raise InputError("The note is empty; write something first.")
    if len(said) > LONGEST_NOTE:
        raise InputError(f"The note is longer than {LONGEST_NOTE:,} characters; shorten it.")
    written_at = _now()
    with _opened(store) as connection:
        number = connection.execute(
            "INSERT INTO notes (participant_id, text, author, written_at) VALUES (?, ?, ?, ?)",
            (participant_id, said, author.strip(), written_at),
        ).lastrowid
    assert number is not None
    return WrittenNote(number, participant_id, said, author.strip(), written_at)


def notes(store: Path, participant_id: str | None = None) -> tuple[WrittenNote, ...]:
    """The notes about one person, or all of them, the oldest first; none where nobody ever wrote one."""
    if not notes_file(store).exists():
        return ()
    query = "SELECT id, participant_id, text, author, written_at FROM notes"
    with _opened(store) as connection:
        if participant_id is None:
            rows = connection.execute(f"{query} ORDER BY id").fetchall()
        else:
            rows = connection.execute(
                f"{query} WHERE participant_id = ? ORDER BY id", (participant_id,)
            ).fetchall()
    return tuple(WrittenNote(*row) for row in rows)


def delete_note(store: Path, id: int) -> None:
    """Remove one note for good; its text is overwritten in the file."""
    with _opened(store) as connection:
        connection.execute("DELETE FROM notes WHERE id = ?", (id,))


def delete_person(store: Path, participant_id: str) -> None:
    """Remove everything written about one person, done marks too."""
    with _opened(store) as connection:
        connection.execute("DELETE FROM notes WHERE participant_id = ?", (participant_id,))
        connection.execute("DELETE FROM done WHERE participant_id = ?", (participant_id,))


def forget_others(store: Path, participants: Iterable[str]) -> None:
    """Remove everything written about people who are not among these: their data were taken out of the study."""
    if not notes_file(store).exists():
        return
    written = {note.participant_id for note in notes(store)} | set(done_marks(store))
    for gone in sorted(written - set(participants)):
        delete_person(store, gone)


def mark_done(
    store: Path, participant_id: str, data_version: int, signs: Sequence[SeenSign], author: str = ""
) -> DoneMark:
    """Record that somebody has looked at a person, and what there was to see."""
    mark = DoneMark(participant_id, author.strip(), _now(), data_version, tuple(signs))
    with _opened(store) as connection:
        connection.execute(
            "INSERT INTO done (participant_id, author, marked_at, data_version, signs) VALUES (?, ?, ?, ?, ?)",
            (
                mark.participant_id,
                mark.author,
                mark.marked_at,
                mark.data_version,
                json.dumps([asdict(sign) for sign in mark.signs]),
            ),
        )
    return mark


def undo_done(store: Path, participant_id: str) -> None:
    """Take the latest done mark of a person back."""
    with _opened(store) as connection:
        connection.execute(
            "DELETE FROM done WHERE id = (SELECT max(id) FROM done WHERE participant_id = ?)",
            (participant_id,),
        )


def done_marks(store: Path) -> dict[str, DoneMark]:
    """The latest done mark of each person, by code."""
    if not notes_file(store).exists():
        return {}
    with _opened(store) as connection:
        rows = connection.execute(
            "SELECT participant_id, author, marked_at, data_version, signs FROM done ORDER BY id"
        ).fetchall()
    return {
        person: DoneMark(person, author, at, version, tuple(SeenSign(**sign) for sign in json.loads(signs)))
        for person, author, at, version, signs in rows
    }


def export_notes(store: Path) -> str:
    """All notes and latest done marks as JSON text, for whoever takes them elsewhere."""
    content = {
        "notes": [asdict(note) for note in notes(store)],
        "done": [asdict(mark) for mark in done_marks(store).values()],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)
