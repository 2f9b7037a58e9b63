"""Signs that rest on the log of sessions: no milk again and again, falling and low volume, pain, few sessions."""

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.metrics.signs.episodes import Episode, joined, rows_of
from pipelines.metrics.signs.tables import AT_WORK, DEPENDS_ON_THE_PUMP, Study, from_day


def persistent_no_milk(study: Study) -> Iterator[Episode]:
    """So many of so many sessions in a row with a known volume without milk, on several days, after the first days.

    Sessions without a known volume are passed over: they are neither milk nor no milk. The days are those of the
    sessions without milk: a session with milk the evening before does not make one bad night two days.
    """
    settings = study.settings
    size = settings["review.no_milk_sessions"]
    windows = _latest_sessions(study, size)
    found = windows.filter(
        (windows.sessions == size)
        & (windows.empty >= settings["review.no_milk_of_them"])
        & (windows.last_empty_day - windows.first_empty_day + 1 >= settings["review.no_milk_days"])
        & (windows.all_late == 1)
    )
    hits = found.order_by("participant_id", "number").to_pandas()
    hits["first_number"] = hits["number"] - size + 1
    for _, run in hits.groupby(joined(hits, "first_number", "number", 1)):
        first, latest = run.iloc[0], run.iloc[-1]
        yield Episode(
            "persistent_no_milk",
            first["participant_id"],
            int(first["first_day"]),
            int(latest["last_day"]),
            numbers={
                "empty": int(latest["empty_so_far"] - first["empty_so_far"] + first["empty"]),
                "sessions": int(latest["number"] - first["first_number"] + 1),
                "days": int(latest["last_empty_day"] - first["first_empty_day"] + 1),
            },
            places=(int(first["first_place"]), int(latest["last_place"])),
        )


def _latest_sessions(study: Study, size: int) -> ir.Table:
    """Each session with a known volume, with what it and the `size` - 1 before it hold together."""
    sessions = study.sessions
    known = sessions.filter(sessions.volume_ml.notnull())
    order = ibis.window(group_by="participant_id", order_by="place")
    is_empty = known.volume_ml == 0
    days = ibis.window(group_by=["participant_id", is_empty], order_by="day_in_study")
    known = known.mutate(
        number=ibis.row_number().over(order),
        empty=is_empty.cast("int64"),
        empty_day=ibis.ifelse(is_empty, ibis.dense_rank().over(days), None),
        late=from_day(known, study.settings["review.no_milk_after_day"] + 1).cast("int64"),
    )
    last = ibis.window(group_by="participant_id", order_by="place", preceding=size - 1, following=0)
    before = ibis.cumulative_window(group_by="participant_id", order_by="place")
    return known.select(
        "participant_id",
        "number",
        last_place="place",
        last_day="day_in_study",
        first_place=known.place.min().over(last),
        first_day=known.day_in_study.min().over(last),
        first_empty_day=known.empty_day.min().over(last),
        last_empty_day=known.empty_day.max().over(last),
        sessions=known.place.count().over(last),
        empty=known.empty.sum().over(last),
        empty_so_far=known.empty.sum().over(before),
        all_late=known.late.min().over(last),
    )


def _falls(study: Study) -> ir.Table:
    """Person-days up to which the volume of the last complete days has fallen against the days before them."""
    settings, days = study.settings, study.days
    new, old = settings["review.falling_recent_days"], settings["review.falling_earlier_days"]

    def over(first: int, last: int):
        return ibis.range_window(group_by="participant_id", order_by="day_in_study", preceding=(first, last))

    recent, earlier = over(new - 1, 0), over(new + old - 1, new)
    known_logged = ibis.ifelse(days.volume_ml.notnull(), days.logged, None)
    compared = days.mutate(
        recent_known=days.volume_ml.count().over(recent),
        earlier_known=days.volume_ml.count().over(earlier),
        recent_session=days.volume_ml.sum().over(recent) / known_logged.sum().over(recent),
        earlier_session=days.volume_ml.sum().over(earlier) / known_logged.sum().over(earlier),
        recent_day=days.volume_ml.median().over(recent),
        earlier_day=days.volume_ml.median().over(earlier),
        highest_session=days.session_ml.max().over(recent),
        recent_count=days.sessions.mean().over(recent),
        earlier_count=days.sessions.mean().over(earlier),
        from_place=days.first_place.min().over(over(new + old - 1, 0)),
    )
    share, every = settings["review.falling_share"], settings["review.falling_every_day_share"]
    return compared.filter(
        compared.volume_ml.notnull()
        & (compared.recent_known >= settings["review.falling_recent_known"])
        & (compared.earlier_known >= settings["review.falling_earlier_known"])
        & (compared.earlier_session >= settings["review.falling_least_ml"])
        & (compared.recent_session < share * compared.earlier_session)
        & (compared.highest_session < every * compared.earlier_session)
        & from_day(compared, settings["review.falling_from_day"])
    )


def falling_volume(study: Study) -> Iterator[Episode]:
    """The last complete days clearly below the person's own days before them, each of them; not while weaning."""
    settings = study.settings
    hits = _falls(study).order_by("participant_id", "day_in_study").to_pandas()
    fallen_days = hits["recent_day"] < settings["review.falling_share"] * hits["earlier_day"]
    hits = hits[fallen_days | hits["participant_id"].isin(study.who("work_status", AT_WORK))]
    hits = hits[study.last_said("weaning", hits, "day_in_study") != "yes"]
    hits["start"] = hits["day_in_study"] - settings["review.falling_recent_days"] + 1
    for _, run in hits.groupby(joined(hits, "start", "day_in_study", 1)):
        first, latest = run.iloc[0], run.iloc[-1]
        names = (
            "recent_session",
            "earlier_session",
            "recent_day",
            "earlier_day",
            "recent_count",
            "earlier_count",
        )
        yield Episode(
            "falling_volume",
            first["participant_id"],
            int(first["start"]),
            int(latest["day_in_study"]),
            numbers={name: float(latest[name]) for name in names}
            | {"share": float(latest["recent_session"] / latest["earlier_session"])},
            places=(int(first["from_place"]), int(latest["last_place"])),
        )


def not_at_volume(study: Study) -> Iterator[Episode]:
    """Feeding by pump alone and a low median daily volume two weeks after birth; a higher mark makes a note."""
    settings, days = study.settings, study.days
    counted = days.filter(
        days.day_postpartum.isin(settings["review.volume_days"])
        & days.volume_ml.notnull()
        & days.participant_id.isin(sorted(study.who("feeding_mode", DEPENDS_ON_THE_PUMP)))
    )
    medians = counted.group_by("participant_id").aggregate(
        median=counted.volume_ml.median(),
        days=counted.count(),
        first_day=counted.day_in_study.min(),
        last_day=counted.day_in_study.max(),
        first_place=counted.first_place.min(),
        last_place=counted.last_place.max(),
    )
    low = medians.filter(
        (medians.days >= settings["review.volume_days_known"])
        & (medians["median"] < settings["outcomes.coming_to_volume_ml"])
    )
    for row in low.to_pandas().to_dict("records"):
        yield Episode(
            "not_at_volume",
            row["participant_id"],
            int(row["first_day"]),
            int(row["last_day"]),
            lists=row["median"] < settings["review.volume_ml"],
            numbers={"median": float(row["median"]), "days": int(row["days"])},
            places=(int(row["first_place"]), int(row["last_place"])),
        )


def severe_pain(study: Study) -> Iterator[Episode]:
    """Severe pain in several sessions on several days, after the first days: nipple damage is likely."""
    settings, sessions = study.settings, study.sessions
    severe = sessions.filter(
        (sessions.pump_pain >= settings["review.severe_pain"])
        & from_day(sessions, settings["review.nipple_after_day"] + 1)
    )
    for person, rows in severe.order_by("participant_id", "place").to_pandas().groupby("participant_id"):
        days = rows["day_in_study"].nunique()
        if len(rows) < settings["review.nipple_pain_sessions"] or days < settings["review.nipple_pain_days"]:
            continue
        yield Episode(
            "nipple_damage",
            str(person),
            int(rows["day_in_study"].min()),
            int(rows["day_in_study"].max()),
            numbers={"sessions": len(rows), "days": days, "pain": settings["review.severe_pain"]},
            rows=rows_of(rows),
        )


def low_frequency(study: Study) -> Iterator[Episode]:
    """A note: feeding by pump alone and few sessions on several complete days running."""
    settings, days = study.settings, study.days
    fewer, running = settings["review.frequency_sessions"], settings["review.frequency_days"]
    few = days.filter(
        ~days.is_cut
        & (days.sessions < fewer)
        & from_day(days, settings["review.frequency_from_day"])
        & days.participant_id.isin(sorted(study.who("feeding_mode", DEPENDS_ON_THE_PUMP)))
    )
    window = ibis.range_window(group_by="participant_id", order_by="day_in_study", preceding=(running - 1, 0))
    counted = few.mutate(running=few.day_in_study.count().over(window))
    hits = counted.filter(counted.running == running).order_by("participant_id", "day_in_study").to_pandas()
    hits["start"] = hits["day_in_study"] - running + 1
    for _, run in hits.groupby(joined(hits, "start", "day_in_study", 1)):
        first, last = int(run["start"].min()), int(run["day_in_study"].max())
        yield Episode(
            "low_frequency",
            run["participant_id"].iloc[0],
            first,
            last,
            lists=False,
            numbers={"fewer": fewer, "days": last - first + 1},
        )


def long_night_gap(study: Study) -> Iterator[Episode]:
    """A note: feeding by pump alone and many nights with a long gap between two sessions.

    A gap counts for the night in which it lies: it ends on that day and begins before the end of the night. Gaps of
    a day and more are days not logged.
    """
    settings, sessions = study.settings, study.sessions
    hours, of_nights = settings["review.night_gap_hours"], settings["review.night_gap_of_nights"]
    began = sessions.minute_of_day - 60 * sessions.interval_hours
    gaps = sessions.filter(
        (sessions.interval_hours > hours)
        & (sessions.interval_hours <= settings["limits.longest_modelled_interval_hours"])
        & (began < settings["metrics.night_ends_minute"])
        & sessions.day_postpartum.between(
            settings["review.night_gap_from_day"], settings["review.night_gap_to_day"]
        )
        & sessions.participant_id.isin(sorted(study.who("feeding_mode", DEPENDS_ON_THE_PUMP)))
    )
    nights = gaps.select("participant_id", "day_in_study").distinct()
    window = ibis.range_window(
        group_by="participant_id", order_by="day_in_study", preceding=(of_nights - 1, 0)
    )
    counted = nights.mutate(
        nights=nights.day_in_study.count().over(window), first_day=nights.day_in_study.min().over(window)
    )
    found = counted.filter(counted.nights >= settings["review.night_gap_nights"])
    hits = found.order_by("participant_id", "day_in_study").to_pandas()
    for _, run in hits.groupby(joined(hits, "first_day", "day_in_study", 1)):
        yield Episode(
            "long_night_gap",
            run["participant_id"].iloc[0],
            int(run["first_day"].min()),
            int(run["day_in_study"].max()),
            lists=False,
            numbers={"hours": hours, "nights": int(run["nights"].max()), "of_nights": of_nights},
        )


def activation(study: Study) -> pd.DataFrame:
    """When milk came in, for people whose log shows it: one row per participant with a birth date.

    `day` is the day after birth on which the first run of sessions in a row with enough milk began, NaN when none
    did; `first` the first logged day after birth, `last` the last one with a known volume, `offset` what `day_in_study` is behind it.
    """
    settings = study.settings
    size = settings["outcomes.activation_sessions"]
    sessions = study.sessions.filter(study.sessions.day_postpartum.notnull())
    is_known = sessions.volume_ml.notnull()
    # Sessions without a known volume are passed over, but show from when on she wrote a log.
    ahead = ibis.window(
        group_by=["participant_id", is_known], order_by="place", preceding=0, following=size - 1
    )
    runs = sessions.mutate(
        least=sessions.volume_ml.min().over(ahead), sessions_ahead=sessions.volume_ml.count().over(ahead)
    )
    begins = (runs.least >= settings["outcomes.activation_ml"]) & (runs.sessions_ahead == size)
    people = runs.group_by("participant_id").aggregate(
        day=ibis.cases((begins, runs.day_postpartum)).min(),
        first=runs.day_postpartum.min(),
        last=ibis.cases((runs.volume_ml.notnull(), runs.day_postpartum)).max(),
        offset=(runs.day_postpartum - runs.day_in_study).min(),
    )
    return people.to_pandas().set_index("participant_id").astype("float64")


def delayed_activation(study: Study) -> Iterator[Episode]:
    """A note: no run of sessions with enough milk by the end of a day, in a log that shows it; or reported late."""
    settings = study.settings
    people = activation(study)
    dependent = people.index.isin(study.who("feeding_mode", DEPENDS_ON_THE_PUMP))
    seen = people[dependent & (people["first"] <= settings["review.delayed_last_log_day"])]
    for person, row in seen.iterrows():
        late = [
            day
            for day in (settings["review.delayed_note_day"], settings["review.delayed_day"])
            if row["last"] > day and not row["day"] <= day
        ]
        if late:
            ended = row["last"] if pd.isna(row["day"]) else row["day"]
            yield Episode(
                "delayed_activation",
                str(person),
                int(max(late[-1] - row["offset"], 0)),
                int(ended - row["offset"]),
                lists=False,
                numbers={"by_day": late[-1]},
            )
    for _, row in study.ticked("late_milk").drop_duplicates("participant_id").iterrows():
        yield Episode(
            "delayed_activation",
            row["participant_id"],
            int(row["day"]),
            int(row["day"]),
            lists=False,
            numbers={"factor": row["factor"]},
        )
