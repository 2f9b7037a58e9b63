"""What the warning signs look at: sessions in order, days, answers that tick something, the ends of the logs."""

from collections.abc import Callable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.metrics.days import daily
from pipelines.metrics.sessions import with_outcomes
from pipelines.settings import Settings

DEPENDS_ON_THE_PUMP = ("pump_only",)
AT_WORK = ("part_time", "full_time")
PEOPLE_COLUMNS = ("participant_id", "cohort", "feeding_mode", "work_status", "withdrawn")
SESSION_COLUMNS = (
    "participant_id day_in_study day_postpartum minute_of_day interval_hours volume_ml pump_pain source_id source_row"
).split()


@dataclass(frozen=True)
class Tables:
    """The canonical tables of one study, and `log_ends` (participant_id, silent); None where the store has none.

    `keep` computes an expression once and gives the table that holds it, under a name.
    """

    sessions: ir.Table
    responses: ir.Table
    participants: ir.Table
    log_ends: ir.Table | None
    low_output_ml: float
    minimum_cell: int
    distress_protocol: bool
    keep: Callable[[str, ir.Table], ir.Table]


@dataclass(frozen=True)
class Study:
    """One study as the rules need it.

    `sessions`: one row per session, `place` its number in the person's log. `days`: one row per person-day with
    sessions (`metrics.days.daily`), with the first and last place of the day. `ticks`: one row per answer that a
    rule may count, `tick` naming what it says; `day` is 0 for an answer without a date. `people`: one row per
    participant with group, feeding, work, withdrawal and the days on which her log ends.
    """

    sessions: ir.Table
    days: ir.Table
    ticks: pd.DataFrame
    people: pd.DataFrame
    settings: Settings
    minimum_cell: int

    def who(self, column: str, values: tuple[str, ...]) -> set[str]:
        """Ids of the people with one of these values."""
        return set(self.people.index[self.people[column].isin(values)])

    def ticked(self, *ticks: str) -> pd.DataFrame:
        """The answers that say one of these, in order of person and day."""
        found = self.ticks[self.ticks["tick"].isin(ticks)]
        return found.sort_values(["participant_id", "day"], kind="stable")

    def dated(self, *ticks: str) -> pd.DataFrame:
        """The same of the diary alone: an answer without a date says "ever", not on which day."""
        found = self.ticked(*ticks)
        return found[found["is_dated"]]

    def last_said(self, tick: str, hits: pd.DataFrame, day: str) -> pd.Series:
        """For each hit the person's last answer of one kind up to that day; "" where she never gave one."""
        answers = self.ticked(tick)[["participant_id", "day", "value"]].rename(columns={"day": day})
        if hits.empty or answers.empty:
            return pd.Series("", index=hits.index)
        asked = hits[["participant_id", day]].astype({day: "int64"}).reset_index(names="hit")
        found = pd.merge_asof(
            asked.sort_values(day, kind="stable"),
            answers.astype({day: "int64"}).sort_values(day, kind="stable"),
            on=day,
            by="participant_id",
        )
        return found.set_index("hit")["value"].fillna("").reindex(hits.index)


def from_day(table: ir.Table, day: int) -> ir.BooleanValue:
    """On this day after birth or later; without a birth date counted from the first session, which is later still."""
    return ibis.coalesce(table.day_postpartum >= day, table.day_in_study >= day)


def read_study(tables: Tables, settings: Settings) -> Study:
    """What the rules need; the heavy tables stay in their engine."""
    ordered = tables.keep("sessions_in_order", _in_order(tables.sessions))
    days = daily(with_outcomes(tables.sessions, tables.low_output_ml), settings)
    responses = tables.responses
    if not tables.distress_protocol:
        responses = responses.filter(responses.factor != "distress_score")
    return Study(
        sessions=ordered,
        days=tables.keep("days_with_places", _with_places(days, ordered)),
        ticks=ticks(responses, settings).to_pandas(),
        people=_people(tables, responses, settings),
        settings=settings,
        minimum_cell=tables.minimum_cell,
    )


def _in_order(sessions: ir.Table) -> ir.Table:
    order = ibis.window(group_by="participant_id", order_by=["day_in_study", "minute_of_day", "session_id"])
    return sessions.mutate(place=ibis.row_number().over(order)).select(*SESSION_COLUMNS, "place")


def _with_places(days: ir.Table, ordered: ir.Table) -> ir.Table:
    """Person-days with the places of their sessions, the volume a session, and whether the log cuts the day."""
    places = ordered.group_by("participant_id", "day_in_study").aggregate(
        first_place=ordered.place.min(), last_place=ordered.place.max()
    )
    joined = days.inner_join(places, ["participant_id", "day_in_study"])
    person = ibis.window(group_by="participant_id")
    day = joined.day_in_study
    return joined.mutate(
        session_ml=joined.volume_ml / joined.logged,
        is_cut=(day == day.min().over(person)) | (day == day.max().over(person)),
    )


def ticks(responses: ir.Table, settings: Settings) -> ir.Table:
    """Every answer that a rule may count.

    `answer` numbers the days on which the person answered that factor at all, so that answers in a row can be told
    from others.
    """
    order = ibis.window(group_by=["participant_id", "factor"], order_by="day_in_study")
    marked = responses.mutate(answer=ibis.dense_rank().over(order), tick=_tick(responses, settings))
    found = marked.filter(marked.tick.notnull())
    return found.select(
        "participant_id",
        "day_postpartum",
        "factor",
        "tick",
        "answer",
        "value",
        "value_number",
        "source_id",
        "source_row",
        day=found.day_in_study.fill_null(0),
        is_dated=found.day_in_study.notnull(),
    )


def _tick(rows: ir.Table, settings: Settings) -> ir.StringValue:
    """What an answer says that a rule may count; NULL when it says nothing of the kind."""
    number, value, yes = rows.value_number, rows.value, rows.value == "yes"
    says = {
        "temperature_c": ("fever", number >= settings["review.fever_c"]),
        "breast_pain": ("sore", number >= settings["review.breast_pain"]),
        "breast_redness": ("red", yes),
        "blocked_duct": ("lump", yes),
        "ill_shivery": ("ill", yes),
        "mastitis_signs": ("mastitis", yes),
        "engorgement": ("full", yes),
        "nipple_damage": ("nipple", value == "cracked_or_bleeding"),
        "infant_weight_loss_percent": ("weight", number > 0),
        "infant_weight_concern": ("worry", yes),
        "infant_status": ("baby_at", value.notnull()),
        "latch_difficulty": ("latch", yes),
        "weaning": ("weaning", value.notnull()),
        "distress_score": ("distress", number >= settings["review.distress_score"]),
        "retained_placenta": ("urgent", yes),
        "blood_loss": ("urgent", value == "ml_1000_plus"),
        "decongestant": ("supply", yes),
        "hormonal_contraceptive": ("supply", value == "combined"),
        "medicine_other": ("supply", value.isin(["dopamine_agonist", "oestrogen"])),
        "breast_surgery": ("supply", value != "none"),
        "breast_hypoplasia": ("supply", value != "none"),
        "hypothyroidism": ("supply", value == "untreated"),
        "pcos": ("supply", yes),
        "delayed_lactogenesis": ("late_milk", yes),
    }
    return ibis.cases(*((((rows.factor == name) & when), tick) for name, (tick, when) in says.items()))


def _nth_last(days: ir.Table, number: int) -> pd.Series:
    """Each person's n-th last day of a table of person-days, or her first one where there are fewer."""
    order = ibis.window(group_by="participant_id", order_by=ibis.desc("day_in_study"))
    ranked = days.mutate(rank=ibis.row_number().over(order))
    late = ranked.filter(ranked.rank < number)
    found = late.group_by("participant_id").aggregate(since=late.day_in_study.min()).to_pandas()
    return found.set_index("participant_id")["since"]


def _people(tables: Tables, responses: ir.Table, settings: Settings) -> pd.DataFrame:
    """One row per participant: `log_since` and `diary_since` are the days from which a sign counts as current."""
    people = tables.participants.select(*PEOPLE_COLUMNS).to_pandas().set_index("participant_id")
    logged = tables.sessions.select("participant_id", "day_in_study").distinct()
    dated = responses.filter(responses.day_in_study.notnull())
    answered = dated.select("participant_id", "day_in_study").distinct()
    # A diary that stopped while the log went on says nothing of today, so both count.
    entries = ibis.union(logged, answered)
    last = entries.group_by("participant_id").aggregate(last_entry=entries.day_in_study.max())
    count = logged.group_by("participant_id").aggregate(logged_days=logged.count())
    for table in (last, count):
        people = people.join(table.to_pandas().set_index("participant_id"))
    people["log_since"] = _nth_last(logged, settings["review.current_days"])
    people["diary_since"] = _nth_last(entries.distinct(), settings["review.current_diary_days"])
    silent = tables.log_ends
    people["silent"] = False
    if silent is not None:
        known = silent.to_pandas().set_index("participant_id")["silent"]
        people["silent"] = known.reindex(people.index).eq(True).fillna(False).astype(bool)
    return people
