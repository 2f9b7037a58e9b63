"""The model table: one row per session with everything known of it before its outcome, as far as time allows.

Three rules keep the future out: a diary answer of the same day stands under the factor's name and may describe,
but only `<factor>__lag`, the answer of the day before, counts as having come first; what is counted from the log
(sessions a day, regularity, missed sessions) exists only as of yesterday; a session's number counts backwards.
"""

import numpy as np
import pandas as pd

from pipelines.analysis.joining import DIARY, Days, lasts
from pipelines.analysis.logged_days import habits_as_of_yesterday
from pipelines.codebook import Codebook, Factor
from pipelines.settings import Settings

LAG = "__lag"
KEYS = ["participant_id", "day_in_study"]
UNDATED = -1
OUTCOMES = ["no_milk", "low_output", "volume_ml"]


def model_table(
    sessions: pd.DataFrame,
    responses: pd.DataFrame,
    participants: pd.DataFrame,
    daily: pd.DataFrame,
    codebook: Codebook,
    settings: Settings,
) -> pd.DataFrame:
    """Join what a study has to one row per session.

    `sessions` are those of the store with `no_milk` and `low_output`; `daily` is one row per participant-day with
    `sessions` and `night_sessions`; `responses` and `participants` as in the store. Returns participant_id,
    day_postpartum, day_in_study, minute_of_day, the outcomes (float 0/1 and mL), a column per factor that the
    study has an answer to, and `<factor>__lag` for the day before. NULL = unknown; levels are text codes, numbers
    floats. A factor without any answer has no column.
    """
    table = sessions.sort_values([*KEYS, "minute_of_day"], kind="stable").reset_index(drop=True)
    for name in OUTCOMES:
        table[name] = table[name].astype("Float64").astype(float)
    table = _plain(table, codebook)
    diary = _diary(responses, codebook)
    people = participants.drop_duplicates("participant_id").set_index("participant_id")
    daily_from = settings["models.asked_daily_from"]
    lasting = [
        name for name in diary if lasts(codebook.factors[name], _days_answered(diary[name]), daily_from)
    ]
    same_day = diary[diary.index.get_level_values(1) != UNDATED].drop(columns=lasting)
    yesterday = same_day.rename(columns=lambda name: name + LAG)
    same_day.index = _days_later(same_day.index, DIARY.describes)
    yesterday.index = _days_later(yesterday.index, DIARY.possible_cause)
    habits = habits_as_of_yesterday(table, daily, settings).rename(columns=lambda name: name + LAG)
    index = pd.MultiIndex.from_frame(table[KEYS])
    joined = _at(same_day, index) | _at(yesterday, index) | _at(habits, index)
    joined |= {name: _carried(diary[name], table) for name in lasting}
    table = _fill(table, joined)
    asked = [name for name in people if name in codebook.factors]
    known = _at(people[asked], pd.Index(table["participant_id"]))
    counts = [name for name in known if _person_answer_counts(codebook.factors[name], table)]
    table = _fill(table, {name: known[name] for name in counts})
    table = _derive(table, codebook, settings)
    kept = [
        name for name in table if name.removesuffix(LAG) not in codebook.factors or table[name].notna().any()
    ]
    return table[[name for name in kept if not _is_restricted(name, codebook)]]


def _at(answers: pd.DataFrame, index: pd.Index) -> dict[str, np.ndarray]:
    """Each column of `answers` at every place of a long index; missing where it has no such entry."""
    if not len(answers):
        return {str(name): np.full(len(index), np.nan, dtype=object) for name in answers}
    where = answers.index.get_indexer(index)
    found = {}
    for name in answers:
        values = answers[name].to_numpy()
        if values.dtype.kind not in "fO":
            values = values.astype(object)
        taken = values[where]
        taken[where < 0] = np.nan
        found[str(name)] = taken
    return found


def collected(table: pd.DataFrame, codebook: Codebook) -> tuple[str, ...]:
    """The factors a model table has answers to, today's or yesterday's, in keep order."""
    return tuple(name for name in codebook.factors if name in table or name + LAG in table)


def _is_restricted(name: str, codebook: Codebook) -> bool:
    factor = codebook.factors.get(name.removesuffix(LAG))
    return factor is not None and factor.restricted


def _plain(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Numbers as floats and codes as objects, whatever the store returned."""
    columns = {}
    for name in table:
        factor = codebook.factors.get(str(name))
        if factor is not None:
            columns[name] = _typed(table[name], factor)
    return table.assign(**columns)


def _typed(values: pd.Series, factor: Factor) -> pd.Series:
    if factor.is_numeric or factor.id == "day_postpartum":
        return pd.to_numeric(values, errors="coerce").astype("Float64").astype(float)
    # One text per level instead of one per row.
    codes, levels = pd.factorize(values)
    texts = np.array([*levels, None], dtype=object)
    return pd.Series(texts[codes], index=values.index, dtype=object)


def _diary(responses: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """One row per participant and study day, one column per factor asked; the last answer of a day counts.

    Answers without a date, such as those of a form filled in at the start, stand before every day.
    """
    factors = {
        name: factor
        for name, factor in codebook.factors.items()
        if not factor.restricted and not factor.derived
    }
    used = responses[responses["factor"].isin(list(factors))]
    if used.empty:
        return pd.DataFrame(index=pd.MultiIndex.from_arrays([[], []], names=KEYS))
    used = used.assign(day_in_study=used["day_in_study"].astype("Float64").fillna(UNDATED).astype(int))
    columns = {}
    for name, answers in used.groupby("factor", sort=False):
        factor = factors[str(name)]
        values = _typed(answers["value_number"] if factor.is_numeric else answers["value"], factor)
        series = pd.Series(values.to_numpy(), index=pd.MultiIndex.from_frame(answers[KEYS])).dropna()
        columns[str(name)] = series[~series.index.duplicated(keep="last")]
    return pd.DataFrame(columns)


def _days_answered(answers: pd.Series) -> pd.Series:
    """On how many days each person answered."""
    return answers.dropna().groupby(level=0).size()


def _days_later(index: pd.Index, window: Days) -> pd.MultiIndex:
    """The days of the sessions that answers of these days are joined to; a diary's windows are of one day."""
    assert window.first == window.last, "a diary's answer is joined to the sessions of one day"
    days = index.get_level_values(1) + window.first
    return pd.MultiIndex.from_arrays([index.get_level_values(0), days], names=KEYS)


def _carried(answers: pd.Series, table: pd.DataFrame) -> np.ndarray:
    """The last answer on or before each session's day; sessions before the first answer take the first."""
    known = answers.dropna().rename("answer").reset_index().sort_values("day_in_study")
    first = known.drop_duplicates("participant_id").set_index("participant_id")[["answer"]]
    from_first = _at(first, pd.Index(table["participant_id"]))["answer"]
    if len(first) == len(known):
        return from_first
    asked = table[KEYS].assign(day_in_study=table["day_in_study"].astype(int), row=np.arange(len(table)))
    merged = pd.merge_asof(
        asked.sort_values("day_in_study", kind="stable"), known, on="day_in_study", by="participant_id"
    ).sort_values("row")["answer"]
    return merged.where(merged.notna(), pd.Series(from_first, index=merged.index)).to_numpy()


def _fill(table: pd.DataFrame, columns: dict) -> pd.DataFrame:
    """Add columns; where a session has its own answer already, that one stays."""
    new = {}
    for name, values in columns.items():
        values = pd.Series(values, index=table.index)
        new[name] = table[name].where(table[name].notna(), values) if name in table else values
    return table.assign(**new)


def _person_answer_counts(factor: Factor, table: pd.DataFrame) -> bool:
    """A person's answer stands in for a trait or a session's pump, but never for missing diary days."""
    if factor.id not in table or factor.id == "pump_type" or factor.grains[0] == "person":
        return True
    return bool(table[factor.id].isna().all())


def _derive(table: pd.DataFrame, codebook: Codebook, settings: Settings) -> pd.DataFrame:
    new = {}
    new["interval_hours"] = _interval(table, settings)
    new["pumping_experience"] = _experience(
        table, codebook.factors["pumping_experience"], settings["models.log_begins_by_day"]
    )
    new["hormonal_imbalance"] = _hormonal_imbalance(table)
    new["mastitis_signs"] = _mastitis(table, "", settings)
    new["mastitis_signs" + LAG] = _mastitis(table, LAG, settings)
    new["placebo_code"] = _odd(table["participant_id"])
    if "session_id" in table:
        new["placebo_number"] = _odd(table["session_id"])
    if "delayed_lactogenesis" in table:
        late = table["day_postpartum"] >= settings["models.late_milk_from_day"]
        new["delayed_lactogenesis"] = table["delayed_lactogenesis"].where(late)
    return table.assign(**new)


def _odd(codes: pd.Series) -> pd.Series:
    """Whether the last sign of a code is odd: keyed hashes, so it has nothing to do with anybody's milk."""
    signs = pd.factorize(codes)
    odd = np.array([ord(str(code)[-1]) % 2 == 1 for code in signs[1]], dtype=bool)
    return pd.Series(np.where(odd[signs[0]], "yes", "no"), index=codes.index, dtype=object)


def _interval(table: pd.DataFrame, settings: Settings) -> pd.Series:
    """Hours since milk was last removed: the log tells them only where the baby does not also feed at the breast."""
    interval = table["interval_hours"].astype("Float64").astype(float)
    interval = interval.where(interval <= settings["limits.longest_modelled_interval_hours"])
    feeding = table.get("feeding_mode", _missing(table))
    return interval.where(feeding.isna() | (feeding == "pump_only"))


def _experience(table: pd.DataFrame, factor: Factor, begins_by: int) -> pd.Series:
    """The band of a session's number since the first ever, where the log shows it.

    Known from the first session on for logs that begin by the day after birth; else only once the log itself
    holds as many sessions as the last band needs.
    """
    number = table.groupby("participant_id").cumcount() + 1
    first_day = table.groupby("participant_id")["day_postpartum"].transform("min")
    codes = np.array([level.code for level in factor.levels], dtype=object)
    bands = pd.Series(codes[np.searchsorted(factor.band_edges, number, side="right")], index=table.index)
    return bands.where((first_day <= begins_by) | (number >= factor.band_edges[-1]))


def _missing(table: pd.DataFrame) -> pd.Series:
    return pd.Series([None] * len(table), index=table.index, dtype=object)


def _hormonal_imbalance(table: pd.DataFrame) -> pd.Series:
    """Reported, or following from polycystic ovaries or an untreated or other thyroid disorder."""
    reported = table.get("hormonal_imbalance", _missing(table))
    parts = [
        (name, levels)
        for name, levels in (
            ("pcos", ["yes"]),
            ("hypothyroidism", ["untreated"]),
            ("thyroid_other", ["overactive", "postpartum_thyroiditis"]),
        )
        if name in table and table[name].notna().any()
    ]
    if not parts:
        return reported
    present = np.logical_or.reduce([table[name].isin(levels) for name, levels in parts])
    absent = np.logical_and.reduce(
        [table[name].notna() & ~table[name].isin(levels) for name, levels in parts]
    )
    follows = _missing(table).mask(pd.Series(absent, index=table.index), "no")
    return reported.where(reported.notna(), follows).mask(pd.Series(present, index=table.index), "yes")


def _mastitis(table: pd.DataFrame, lag: str, settings: Settings) -> pd.Series:
    """Reported, or fever with a sore breast on the same day or the day before; never from a later day."""
    reported = table.get("mastitis_signs" + lag, _missing(table))
    if "temperature_c" + lag not in table:
        return reported
    fever = table["temperature_c" + lag] >= settings["review.fever_c"]
    sore = pd.Series(False, index=table.index)
    for day in {lag, LAG}:
        if "breast_pain" + day in table:
            sore |= table["breast_pain" + day] >= settings["review.breast_pain"]
        for name in ("breast_redness", "blocked_duct", "ill_shivery"):
            if name + day in table:
                sore |= table[name + day] == "yes"
    measured = _missing(table).mask(table["temperature_c" + lag].notna(), "no")
    return reported.where(reported.notna(), measured).mask(fever & sore, "yes")
