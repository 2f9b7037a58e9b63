"""Recall windows made visible: which sessions each item's answers were joined to, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pandas as pd

from pipelines.analysis.joining import DIARY_DAYS, days_asked, form_of, recall, ways_asked
from pipelines.codebook import Codebook, load_codebook
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import basis, load
from pipelines.evidence.parts import HIDDEN, Basis, Numbers
from pipelines.metrics.recall import counted, in_days, meetings, sessions_of_days, until_next, with_turn
from pipelines.privacy.disclosure import hides
from pipelines.settings import load_settings
from pipelines.store.tables import Store, open_store

ITEM, FORM = ("instrument", "factor"), ("instrument",)
WAYS = ("describes", "possible_cause")
NO_FORM = "Asked once, or in a table without a form's name"
LASTING = "An answer lasts until the next, and sessions before the first take the first."
ONLY_FIRST = "In the estimates as a possible cause alone, since it is asked of the person."
NO_ORDER = "none: asked once, so what came first is not told by days"


@dataclass(frozen=True)
class RecallItem:
    """One item of a form: what it asks about, and in words what it was joined to and what was left out.

    `estimates` says where the findings do not use these windows; `hidden` that too few people answered for any number.
    """

    label: str
    window: str
    describes: str = ""
    possible_cause: str = ""
    estimates: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class RecallForm:
    """One questionnaire or form with its items."""

    title: str
    line: str
    describes: str
    possible_cause: str
    items: tuple[RecallItem, ...]
    hidden: bool = False


@dataclass(frozen=True)
class RecallSection:
    """What the section draws; `forms` is empty where no answer came in."""

    basis: Basis
    title: str
    note: str = ""
    forms: tuple[RecallForm, ...] = ()
    numbers: Numbers | None = None


def recall_windows(path: Path) -> RecallSection:
    """The join of answers and sessions in a store, whatever the filters. Raises StoreError for no store."""
    frames, codebook = load(path), load_codebook()
    grounds = basis(frames, Filters(outcome=frames.info.outcome))
    if grounds.unavailable:
        return RecallSection(grounds, grounds.unavailable)
    with open_store(path) as store:
        rules = _rules(store, codebook)
        if rules.empty:
            return RecallSection(grounds, "No answer came in, so none is joined to a session")
        found = _counted(store, _answers(store, rules))
    rows = rules.merge(found[ITEM], on=list(ITEM)).to_dict("records")
    items = {(row["instrument"], row["factor"]): row for row in rows}
    forms = _forms(items, found[FORM], frames.minimum, codebook)
    return RecallSection(
        grounds,
        _title(list(items.values()), frames.minimum),
        "An answer whose window holds no session, or that has no day, is left out; so are all but the last answer to "
        "an item on one day. Left out is not lost: the answers stay in the store. Where nothing else is said the "
        "estimates use these very windows; where two overlap a session takes the answer nearest in time.",
        forms,
        _numbers(list(items.values()), frames.minimum),
    )


def _rules(store: Store, codebook: Codebook) -> pd.DataFrame:
    """Each form's items with their windows, and what the estimates do with them.

    One row per form and item: `days` that it asks about and the ends of both windows (only where it `has_window`, else
    an answer lasts), and `instead` the questionnaire that the estimates use for the same factor (None: this one).
    """
    daily_from = load_settings()["models.asked_daily_from"]
    shown = [name for name, each in codebook.factors.items() if not each.restricted and not each.derived]
    answers = store.responses.filter(store.responses.factor.isin(shown))
    answers = answers.mutate(instrument=answers.instrument.fill_null(""))
    asked_on = answers.mutate(day=answers.day_in_study.fill_null(-1))
    asked_on = asked_on.select(*ITEM, "participant_id", "day").distinct().execute()
    asked_on["form"] = form_of(asked_on["instrument"], codebook)
    listed = asked_on[[*ITEM, "form"]].drop_duplicates()
    keys = ["factor", "form", "participant_id"]
    answered = asked_on.drop_duplicates([*keys, "day"]).groupby(keys).size().rename("days").reset_index()
    ways = ways_asked(answered, codebook, daily_from)
    days_of = {key: rows["days"] for key, rows in answered.groupby(["factor", "form"])}
    days = [
        days_asked(
            codebook.factors[row.factor], row.form, days_of[row.factor, row.form], codebook, daily_from
        )
        for row in listed.itertuples()
    ]
    windows = [recall(DIARY_DAYS if asked is None else asked) for asked in days]
    chosen = [ways[row.factor].form for row in listed.itertuples()]
    return listed.assign(
        has_window=[asked is not None for asked in days],
        days=[DIARY_DAYS if asked is None else asked for asked in days],
        instead=[None if one == form else one for one, form in zip(chosen, listed["form"], strict=True)],
        describes_first=[each.describes.first for each in windows],
        describes_last=[each.describes.last for each in windows],
        cause_first=[each.possible_cause.first for each in windows],
        cause_last=[each.possible_cause.last for each in windows],
    ).sort_values(list(ITEM), ignore_index=True)


def _answers(store: Store, rules: pd.DataFrame) -> ir.Table:
    """All answers with their item's rule, worked out once since every way of joining starts from them."""
    responses = store.responses.mutate(instrument=store.responses.instrument.fill_null(""))
    turned = with_turn(responses, load_codebook().instruments).drop("form")
    ruled = turned.inner_join(ibis.memtable(rules.drop(columns="instead")), list(ITEM))
    return store.backend.create_table("recall_answers", ruled, temp=True)


def _counted(store: Store, answers: ir.Table) -> dict[tuple[str, ...], pd.DataFrame]:
    """For items and for forms one row each, the counts of each way of joining with its name before them.

    Which answers and days meet is worked out once for both.
    """
    days = store.keep("recall_days", sessions_of_days(store.sessions))
    every = answers.select("answer", *ITEM, "participant_id")
    frames: dict[tuple[str, ...], list[pd.DataFrame]] = {ITEM: [], FORM: []}
    for way, placed in _placed(answers).items():
        pairs = store.keep(f"recall_{way}", meetings(placed, days, ITEM))
        for by, found in frames.items():
            each = counted(every, days, pairs, by).execute().set_index(list(by))
            found.append(each.add_prefix(f"{way}_"))
    return {by: pd.concat(found, axis=1).reset_index() for by, found in frames.items()}


def _placed(answers: ir.Table) -> dict[str, ir.Table]:
    """The answers with the days that each way of joining gives them."""
    windows = answers.mutate(
        describes_first=ibis.ifelse(answers.has_window, answers.describes_first, None),
        cause_first=ibis.ifelse(answers.has_window, answers.cause_first, None),
    )
    described = in_days(windows, windows.describes_first, windows.describes_last)
    lasting = until_next(answers)
    columns = lasting.columns
    return {
        "describes": described.filter(described.has_window)
        .select(columns)
        .union(lasting.filter(~lasting.has_window)),
        "possible_cause": in_days(windows, windows.cause_first, windows.cause_last),
    }


def _pair(row: Mapping[str, Any], way: str, minimum: int) -> tuple[int | None, int | None]:
    """Answers joined and sessions covered; None where the count, or what is left of the whole, tells of few people."""

    def few(*names: str) -> bool:
        return any(0 < row[f"{way}_{name}"] < minimum for name in names)

    answers = (
        None if few("answers_joined_people", "answers_left_people") else int(row[f"{way}_answers_joined"])
    )
    covered = (
        None
        if few("sessions_covered_people", "sessions_left_people")
        else int(row[f"{way}_sessions_covered"])
    )
    return answers, covered


def _said(row: Mapping[str, Any], way: str, minimum: int) -> str:
    """Both counts in words, "4,626 of 4,640 answers, 20,092 of 26,222 sessions"; nearly all or few where hidden."""
    answers, covered = _pair(row, way, minimum)
    parts = (
        (answers, row[f"{way}_answers_joined"], row[f"{way}_answers"], "answers"),
        (covered, row[f"{way}_sessions_covered"], row[f"{way}_sessions"], "sessions"),
    )
    return ", ".join(
        f"{words.number(shown) if shown is not None else _roughly(count, total)} of "
        f"{words.number(int(total))}{words.NO_BREAK}{thing}"
        for shown, count, total, thing in parts
    )


def _roughly(count: float, total: float) -> str:
    return "nearly all" if count > 0.9 * total else "few" if count < 0.1 * total else "a hidden number"


def _is_hidden(row: Mapping[str, Any], minimum: int) -> bool:
    """Whether so few people answered that nothing is told."""
    return hides(int(row["describes_answers_people"]), None, minimum)


def _window(row: Mapping[str, Any]) -> str:
    if not row["has_window"]:
        return "asked of the person, about no day"
    return "asks about that day" if row["days"] == DIARY_DAYS else f"asks about {row['days']} days"


def _item(row: Mapping[str, Any], minimum: int, codebook: Codebook) -> RecallItem:
    label = codebook.factors[row["factor"]].label
    if _is_hidden(row, minimum):
        return RecallItem(label, _window(row), hidden=True)
    return RecallItem(
        label,
        _window(row),
        _said(row, "describes", minimum),
        _said(row, "possible_cause", minimum) if row["has_window"] else NO_ORDER,
        _estimates(row, codebook),
    )


def _estimates(row: Mapping[str, Any], codebook: Codebook) -> str:
    """What the estimates do otherwise: another way to ask the same is used, or an answer lasts."""
    if row["instead"] is None and row["has_window"]:
        return "" if codebook.factors[row["factor"]].varies else ONLY_FIRST
    if row["instead"] is None:
        return LASTING
    other = codebook.instruments.get(row["instead"])
    used = other.name if other else "the item of the day"
    return f"Not in the estimates: they use {used}, and scales are not mixed."


def _forms(
    items: Mapping[tuple[str, str], Mapping[str, Any]],
    counted: pd.DataFrame,
    minimum: int,
    codebook: Codebook,
) -> tuple[RecallForm, ...]:
    """Each form with its items in the codebook's order; the one without a name last."""
    found = []
    order = list(codebook.factors)
    for row in counted.sort_values(
        "instrument", key=lambda names: names.where(names != "", "\uffff")
    ).to_dict("records"):
        own = [each for (form, _), each in items.items() if form == row["instrument"]]
        own.sort(key=lambda each: order.index(each["factor"]))
        hidden = _is_hidden(row, minimum)
        found.append(
            RecallForm(
                _form_title(row["instrument"], codebook),
                words.line(
                    words.counted(len(own), "item"),
                    "" if hidden else words.people(int(row["describes_answers_people"])),
                    words.listed(list(dict.fromkeys(_window(each) for each in own))),
                ),
                "" if hidden else _said(row, "describes", minimum),
                "" if hidden else _cause(row, own, minimum),
                tuple(_item(each, minimum, codebook) for each in own),
                hidden,
            )
        )
    return tuple(found)


def _cause(row: Mapping[str, Any], items: list[Mapping[str, Any]], minimum: int) -> str:
    return _said(row, "possible_cause", minimum) if any(each["has_window"] for each in items) else NO_ORDER


def _form_title(instrument: str, codebook: Codebook) -> str:
    known = codebook.instruments.get(instrument)
    return known.name if known else words.capital(instrument.replace("_", " ")) or NO_FORM


def _title(rows: list[Mapping[str, Any]], minimum: int) -> str:
    """How many of the answers meet a session that they describe; hidden where too few people are left over."""
    rows = [row for row in rows if not _is_hidden(row, minimum)]
    if not rows:
        return f"Fewer than {minimum} people answered any item, so nothing is told of the join"
    total = sum(int(row["describes_answers"]) for row in rows)
    count = sum(int(row["describes_answers_joined"]) for row in rows)
    sides = [max(row[f"describes_answers_{side}_people"] for row in rows) for side in ("joined", "left")]
    if any(0 < people < minimum for people in sides):
        return f"{words.capital(_roughly(count, total))} of {words.number(total)} answers meet a session that they describe"
    return f"{words.number(count)} of {words.number(total)} answers meet a session that they describe"


def _numbers(rows: list[Mapping[str, Any]], minimum: int) -> Numbers:
    """Every item's counts for every way of joining; what is left out is the total minus what is joined."""
    found = []
    for row in rows:
        hidden = _is_hidden(row, minimum)
        for way in WAYS:
            answers, covered = (None, None) if hidden else _pair(row, way, minimum)
            total = None if hidden else int(row[f"{way}_answers"])
            sessions = int(row[f"{way}_sessions"])
            found.append(
                (
                    row["instrument"] or None,
                    row["factor"],
                    int(row["days"]) if row["has_window"] else None,
                    way,
                    total,
                    answers,
                    None if answers is None or total is None else total - answers,
                    sessions,
                    covered,
                    None if covered is None else sessions - covered,
                    HIDDEN if answers is None or covered is None else "shown",
                )
            )
    columns = (
        "form",
        "item",
        "recall_days",
        "joined_as",
        "answers",
        "answers_joined",
        "answers_left_out",
        "sessions",
        "sessions_covered",
        "sessions_left_out",
        "state",
    )
    return Numbers("recall-windows", columns, tuple(found))
