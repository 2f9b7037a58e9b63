"""Which sessions each answer is joined to, and which are left out."""

from collections.abc import Collection, Sequence

import ibis
import ibis.expr.types as ir

EVER = 10**6


def in_days(answers: ir.Table, first: ir.IntegerValue | int, last: ir.IntegerValue | int) -> ir.Table:
    """Add the study days `from_day` to `to_day` whose sessions an answer is joined to, counted from its own.

    Grain: one row per answer, in and out. An answer without a day, or followed by another one to the same question on
    the same day (`counts` is false), is joined to none: both are NULL.
    """
    day = ibis.ifelse(answers.counts, answers.day_in_study, None)
    return answers.mutate(from_day=(day + first).cast("int64"), to_day=(day + last).cast("int64"))


def until_next(answers: ir.Table) -> ir.Table:
    """Add the study days that an answer lasts: from its own to the day before the next one to the same question.

    The first answer holds for the days before it too; one without a day stands before all others.
    """
    place = answers.day_in_study.fill_null(-EVER)
    rows = answers.mutate(place=ibis.ifelse(answers.counts, place, None))
    order = ibis.window(group_by=["participant_id", "factor", "form", "counts"], order_by="place")
    rows = rows.mutate(before=rows.place.lag().over(order), after=rows.place.lead().over(order))
    from_day = ibis.ifelse(rows.before.isnull(), -EVER, rows.place)
    to_day = ibis.ifelse(rows.after.isnull(), EVER, rows.after - 1)
    return rows.mutate(
        from_day=ibis.ifelse(rows.counts, from_day, None).cast("int64"),
        to_day=ibis.ifelse(rows.counts, to_day, None).cast("int64"),
    ).drop("place", "before", "after")


def with_turn(responses: ir.Table, questionnaires: Collection[str]) -> ir.Table:
    """Number the answers (`answer`), name their questionnaire (`form`, "" for an item of its own), and mark the last.

    `counts` is true for the last answer of each person, factor, form and day.
    """
    instrument = responses.instrument.fill_null("")
    known = instrument.isin(list(questionnaires))
    responses = responses.mutate(form=ibis.ifelse(known, instrument, ""))
    keys = ["participant_id", "factor", "form", "day_in_study"]
    later = ibis.window(group_by=keys, order_by=["source_id", "source_row"])
    rows = responses.mutate(answer=ibis.row_number(), after=responses.factor.lead().over(later))
    return rows.mutate(counts=rows.after.isnull()).drop("after")


def sessions_of_days(sessions: ir.Table) -> ir.Table:
    """The days with a session. Grain: one row per participant and day, with the number of `sessions`."""
    return sessions.group_by("participant_id", "day_in_study").aggregate(sessions=sessions.count())


def meetings(answers: ir.Table, days: ir.Table, keep: Sequence[str]) -> ir.Table:
    """The days with a session that each answer is joined to.

    `answers` have `answer`, `participant_id`, `from_day`, `to_day` and the columns `keep`; `days` are those of
    `sessions_of_days`. Grain out: one row per answer and day, with `answer`, `keep` and the day's columns.
    """
    pairs = answers.inner_join(
        days,
        [
            answers.participant_id == days.participant_id,
            answers.from_day <= days.day_in_study,
            days.day_in_study <= answers.to_day,
        ],
        rname="session_{name}",
    )
    return pairs.select("answer", *keep, "participant_id", "session_day_in_study", "sessions")


def joined(answers: ir.Table, sessions: ir.Table, by: Sequence[str]) -> ir.Table:
    """`counted` for all of the study's sessions, with `participant_id` and `day_in_study`."""
    days = sessions_of_days(sessions)
    return counted(answers, days, meetings(answers, days, by), by)


def counted(answers: ir.Table, days: ir.Table, pairs: ir.Table, by: Sequence[str]) -> ir.Table:
    """Count what is joined and what is left out, on both sides.

    `answers` have `answer`, `participant_id` and the columns `by` (no NULL); `days` are those of `sessions_of_days`
    and `pairs` those of `meetings`, which keep `by`. Grain out: one row per `by`. `answers` and `sessions` are all
    there are (all of the study's sessions), `answers_joined` and `sessions_covered` those that meet; each with
    `..._people`, and `answers_left_people`, `sessions_left_people` for those that do not.
    """
    keys = list(by)
    people = days.group_by("participant_id").aggregate(all_sessions=days.sessions.sum())
    hits = pairs.select("answer").distinct().mutate(is_joined=True)
    told = answers.left_join(hits, "answer").drop("answer_right")
    told = told.mutate(is_joined=told.is_joined.fill_null(False))
    of_answers = told.group_by(keys).aggregate(
        answers=told.count(),
        answers_people=told.participant_id.nunique(),
        answers_joined=told.is_joined.sum(),
        answers_joined_people=told.participant_id.nunique(where=told.is_joined),
        answers_left_people=told.participant_id.nunique(where=~told.is_joined),
    )
    covered_days = pairs.select(*keys, "participant_id", "session_day_in_study", "sessions").distinct()
    covered = covered_days.group_by([*keys, "participant_id"]).aggregate(covered=covered_days.sessions.sum())
    groups = answers.select(keys).distinct()
    every = groups.cross_join(people)
    every = every.left_join(covered, [*keys, "participant_id"])
    every = every.mutate(covered=every.covered.fill_null(0))
    of_sessions = every.group_by(keys).aggregate(
        sessions=every.all_sessions.sum(),
        sessions_covered=every.covered.sum(),
        sessions_covered_people=every.participant_id.nunique(where=every.covered > 0),
        sessions_left_people=every.participant_id.nunique(where=every.covered < every.all_sessions),
    )
    both = of_answers.inner_join(of_sessions, keys)
    return both.drop(*(name for name in both.columns if name.endswith("_right")))
