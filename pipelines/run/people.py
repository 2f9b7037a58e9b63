"""The people of an ingest: their codes, and the two dates that days are counted from, kept out of the store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.checks.rules import SESSION, Remark
from pipelines.privacy.deidentify import people_codes, whose
from pipelines.privacy.links import Link, Links
from pipelines.run.extracts import Batch
from pipelines.store.write import Workspace

MINUTES_A_DAY = 1440
COLUMNS = {
    "centre": "string",
    "raw": "string",
    "participant_id": "string",
    "secret": "string",
    "number": "int64",
    "birth_day": "int64",
    "old_first_day": "int64",
    "first_day": "int64",
    "blocked": "boolean",
}


@dataclass(frozen=True)
class Fates:
    """What became of one file's rows before repeats are known; `remarks` counts kept rows that are odd."""

    read: int = 0
    other: int = 0
    quarantined: int = 0
    sessions: int = 0
    answers: int = 0
    remarks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A batch whose rows know whether a rule on their own values sets them aside.

    `rows` are the cells with `bad` and `position` (unique in this ingest); `centre` is the same for all of them;
    `any_bad` tells whether a rule found anything; `odd` are the remarks that `fates` counts.
    """

    batch: Batch
    rows: ir.Table
    centre: str | None
    fates: dict[int, Fates]
    any_bad: bool
    odd: Sequence[Remark]


NAMED = ("first_minute", "birth_day", "birth_position", "first_answer")


def named_people(checked: Sequence[Checked], workspace: Workspace) -> pd.DataFrame:
    """One row per person who has a row that may be kept: `who`, `centre`, `raw`, the latest `birth_day` given,
    `births` (how many different ones), `first_session` and `first_answer` as days since 1970."""
    frames = []
    for each in checked:
        rows = each.rows.filter(~each.rows.bad & (each.rows.kind != "other"))
        found: dict[str, ir.Value] = {"first_minute": rows.minute.min(where=rows.kind == SESSION)}
        if each.batch.has_births:
            found["birth_day"] = rows.birth_day.argmax(rows.position, where=rows.birth_day.notnull())
            found["birth_position"] = rows.position.max(where=rows.birth_day.notnull())
        if each.batch.has_dates:
            found["first_answer"] = rows.day.min(where=rows.kind != SESSION)
        frame = workspace.backend.to_pandas(rows.group_by("participant").aggregate(**found))
        frame = frame.reindex(columns=["participant", *NAMED]).assign(centre=each.centre)
        frames.append(frame)
    people = pd.concat(frames, ignore_index=True).sort_values("birth_position", na_position="first")
    people["who"] = [
        whose(centre, raw) for centre, raw in zip(people.centre, people.participant, strict=True)
    ]
    grouped = people.groupby("who", sort=True)
    merged = grouped.agg(
        centre=("centre", "first"),
        raw=("participant", "first"),
        birth_day=("birth_day", "last"),
        births=("birth_day", "nunique"),
        first_minute=("first_minute", "min"),
        first_answer=("first_answer", "min"),
    ).reset_index()
    merged["who"] = merged.who.astype("str")
    merged["first_session"] = merged.first_minute // MINUTES_A_DAY
    return merged


def _optional(value: float | None) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


@dataclass(frozen=True)
class Known:
    """What the present store and its link file know of people: all participants' ids, and their dates."""

    ids: frozenset[str] = frozenset()
    links: Mapping[str, Link] = field(default_factory=dict)

    def link(self, code: str) -> Link:
        """A participant's dates; nothing known for a new one."""
        return self.links.get(code, Link())

    def is_blocked(self, code: str) -> bool:
        """In the store, but without dates: new rows cannot be placed beside the old ones."""
        return code in self.ids and code not in self.links


def known_people(workspace: Workspace, links: Links | None) -> Known:
    """Who is in the present store, and the dates that its link file holds."""
    participants = workspace.old("participant_rows")
    if participants is None:
        return Known()
    ids = frozenset(row["participant_id"] for row in workspace.rows(participants.select("participant_id")))
    return Known(ids, links.people if links else {})


def first_old_days(rows: ir.Table | None, people: ir.Table, workspace: Workspace) -> dict[int, int]:
    """Day, since 1970, of the first row that stays in the store for each person of this ingest, by number.

    Sessions before the birth do not stay; answers from before it do.
    """
    if rows is None:
        return {}
    dates = people.filter(people.old_first_day.notnull() & ~people.blocked)
    dates = dates.select("participant_id", "number", "old_first_day", "birth_day")
    dated = rows.inner_join(dates, "participant_id")
    day = dated.old_first_day + dated.day_in_study
    if "session_id" in rows.columns:
        day = ibis.ifelse((day < dated.birth_day).fill_null(False), None, day)
    found = dated.group_by("number").aggregate(first=day.min())
    return {row["number"]: row["first"] for row in workspace.rows(found) if row["first"] is not None}


def code_people(people: pd.DataFrame, key: bytes, known: Known, also: Iterable[str]) -> pd.DataFrame:
    """The people of this ingest with their codes and what is known of them; one row each.

    `also` are participants of the store whose rows change although they have none in this ingest. Their birth day
    is the latest given, else the one in the link file.
    """
    coded = people_codes(key, zip(people.centre, people.raw, strict=True))
    coded = coded.merge(people, on="who", how="left")
    extra = sorted(set(also) - set(coded.participant_id))
    coded = pd.concat([coded, pd.DataFrame({"participant_id": extra})], ignore_index=True)
    coded["number"] = range(len(coded))
    links = [known.link(code) for code in coded.participant_id]
    given = coded.birth_day if "birth_day" in coded.columns else [None] * len(coded)
    coded["birth_day"] = pd.array(
        [link.birth_day if pd.isna(new) else int(new) for new, link in zip(given, links, strict=True)],
        dtype="Int64",
    )
    coded["old_first_day"] = pd.array([link.first_day for link in links], dtype="Int64")
    coded["blocked"] = [known.is_blocked(code) for code in coded.participant_id]
    return coded


def with_first_days(
    coded: pd.DataFrame, sessions: Sequence[Mapping[int, int]], answers: Sequence[Mapping[int, int]]
) -> pd.DataFrame:
    """Add `first_day`: the first session's day, of the store or of this ingest; without one the first answer's.

    The mappings give days since 1970 by the person's number.
    """

    def first(number: int, days: Sequence[Mapping[int, int]]) -> int | None:
        return min((found[number] for found in days if number in found), default=None)

    days = []
    for number in coded.number:
        session = first(number, sessions)
        days.append(first(number, answers) if session is None else session)
    return coded.assign(first_day=pd.array(days, dtype="Int64"))


def people_table(workspace: Workspace, coded: pd.DataFrame, name: str = "people") -> ir.Table:
    """The people in the work engine, typed."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "int64": pa.int64(), "boolean": pa.bool_()}
    columns = {
        column: pa.array(
            coded[column] if column in coded else [None] * len(coded), kinds[kind], from_pandas=True
        )
        for column, kind in COLUMNS.items()
    }
    return workspace.keep(name, pa.table(columns))


def joined(each: Checked, people: ir.Table) -> ir.Table:
    """Rows with their person's `number`, `secret`, `birth_day_known` and `blocked`; rows of nobody stay, with NULL."""
    centre = people.centre == each.centre if each.centre else people.centre.isnull()
    kept = people.filter(centre & people.raw.notnull()).select(
        "raw", "number", "secret", "blocked", birth_day_known=people.birth_day
    )
    return each.rows.left_join(kept, each.rows.participant == kept.raw).drop("raw")


def new_links(known: Known, coded: pd.DataFrame) -> dict[str, Link]:
    """Everybody's dates after this ingest, for the link file."""
    people = dict(known.links)
    for row in coded.itertuples():
        if not row.blocked:
            people[row.participant_id] = Link(_optional(row.first_day), _optional(row.birth_day))
    return people
