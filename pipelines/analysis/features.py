"""The model table: one row per session with everything known of it before its outcome, as far as time allows.

Three rules keep the future out: a diary answer of the same day stands under the factor's name and may describe,
but only `<factor>__lag`, the answer of the day before, counts as having come first (of a questionnaire: an answer of as
many days before as it asks about; what is asked of the person has no other column); what is counted from the log
(sessions a day, regularity, missed sessions) exists only as of yesterday; a session's number counts backwards.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipelines.analysis.joining import DIARY_DAYS, Asked, Days, form_of, recall, ways_asked
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
    floats. A factor without any answer has no column; one that was asked in several ways holds the answers of the way
    that `joining.ways_asked` tells.
    """
    table = sessions.sort_values([*KEYS, "minute_of_day"], kind="stable").reset_index(drop=True)
    for name in OUTCOMES:
        table[name] = table[name].astype("Float64").astype(float)
    table = _plain(table, codebook)
    asked = asked_ways(responses, codebook, settings)
    answers = _answers(responses, asked, codebook)
    people = participants.drop_duplicates("participant_id").set_index("participant_id")
    habits = habits_as_of_yesterday(table, daily, settings).rename(columns=lambda name: name + LAG)
    index = pd.MultiIndex.from_frame(table[KEYS])
    joined = _in_windows(answers, asked, index, codebook) | _at(habits, index)
    joined |= {name: _carried(answers[name], table) for name, way in asked.items() if way.days is None}
    table = _fill(table, joined)
    known = _at(
        people[[name for name in people if name in codebook.factors]], pd.Index(table["participant_id"])
    )
    counts = [name for name in known if _person_answer_counts(codebook.factors[name], table, asked)]
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


def asked_ways(responses: pd.DataFrame, codebook: Codebook, settings: Settings) -> dict[str, Asked]:
    """How each factor that a study has answers to is read: see `joining.ways_asked`."""
    used = _counted(responses, codebook)
    day = used["day_in_study"].astype("Float64").fillna(UNDATED)
    keys = ["factor", "form", "participant_id"]
    answered = used.assign(day=day).drop_duplicates([*keys, "day"]).groupby(keys, sort=False).size()
    return ways_asked(answered.rename("days").reset_index(), codebook, settings["models.asked_daily_from"])


def _counted(responses: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """The answers that may enter a model, with the questionnaire they came from."""
    names = [
        name for name, factor in codebook.factors.items() if not factor.restricted and not factor.derived
    ]
    used = responses[responses["factor"].isin(names)]
    return used.assign(form=form_of(used["instrument"], codebook))


def _answers(responses: pd.DataFrame, asked: Mapping[str, Asked], codebook: Codebook) -> dict[str, pd.Series]:
    """Each factor's answers in the way that counts, by participant and study day; the last answer of a day counts.

    Answers without a date, such as those of a form filled in at the start, stand before every day.
    """
    used = _counted(responses, codebook)
    used = used.assign(day_in_study=used["day_in_study"].astype("Float64").fillna(UNDATED).astype(int))
    found = {}
    for name, answers in used.groupby("factor", sort=False):
        factor = codebook.factors[str(name)]
        answers = answers[answers["form"] == asked[factor.id].form]
        values = _typed(answers["value_number"] if factor.is_numeric else answers["value"], factor)
        series = pd.Series(values.to_numpy(), index=pd.MultiIndex.from_frame(answers[KEYS])).dropna()
        found[factor.id] = series[~series.index.duplicated(keep="last")]
    return found


def _in_windows(
    answers: Mapping[str, pd.Series], asked: Mapping[str, Asked], index: pd.MultiIndex, codebook: Codebook
) -> dict[str, np.ndarray]:
    """Every session's answer that describes it, and under the lagged name the one that came first.

    What a questionnaire asks of the person stands for her in total, under the factor's name: only what came first.
    """
    # The items of a diary share their days, so they are looked up together.
    windowed = [name for name in answers if asked[name].days is not None]
    diary = [name for name in windowed if asked[name].days == DIARY_DAYS and codebook.factors[name].varies]
    others = [[name] for name in windowed if name not in diary]
    found: dict[str, np.ndarray] = {}
    for names in filter(None, [diary, *others]):
        together = pd.DataFrame({name: answers[name] for name in names})
        together = together[together.index.get_level_values(1) != UNDATED]
        window = recall(asked[names[0]].days or DIARY_DAYS)
        came_first = _on_days(together, window.possible_cause)
        if codebook.factors[names[0]].varies:
            found |= _at(_on_days(together, window.describes), index)
            came_first = came_first.add_suffix(LAG)
        found |= _at(came_first, index)
    return found


def _on_days(answers: pd.DataFrame, window: Days) -> pd.DataFrame:
    """The answers on every day of their window; where windows overlap, the answer nearest in time."""
    pieces = []
    for later in sorted(range(window.first, window.last + 1), key=abs):
        days = answers.index.get_level_values(1) + later
        index = pd.MultiIndex.from_arrays([answers.index.get_level_values(0), days], names=KEYS)
        pieces.append(answers.set_axis(index))
    every = pd.concat(pieces)
    return every[~every.index.duplicated()]


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


def _person_answer_counts(factor: Factor, table: pd.DataFrame, asked: Mapping[str, Asked]) -> bool:
    """A person's answer stands in for a trait or a session's pump, but never for days that an answer is about."""
    about_days = factor.id in asked and asked[factor.id].days is not None
    is_trait = factor.grains[0] == "person" and not about_days
    if factor.id not in table or factor.id == "pump_type" or is_trait:
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
