"""Which persons truly show a warning sign, by the review rules applied to what happened, nothing missing.

A slow, plain twin of the review page's rules: it lets a test tell a false alarm from a sign that is really there.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.recipe import Recipe

COLUMNS = ("person", "sign", "first_day", "last_day")


def _grid(recipe: Recipe, people: pd.DataFrame, sessions: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """Sum of `values` by person and study day."""
    cell = sessions["person"].to_numpy() * recipe.days + sessions["study_day"].to_numpy()
    total = np.bincount(cell, weights=values, minlength=len(people) * recipe.days)
    return total.reshape(len(people), recipe.days)


def _running(values: np.ndarray, days: int) -> np.ndarray:
    """Whether the last `days` days were all true, on each day."""
    on = values.copy()
    for back in range(1, days):
        on[:, back:] &= values[:, :-back]
        on[:, :back] = False
    return on


def _rows(sign: str, true: np.ndarray, before: int = 0) -> pd.DataFrame:
    """First and last day of a sign for each person that has it; it began `before` days before it was plain."""
    person = np.flatnonzero(true.any(axis=1))
    first = true.argmax(axis=1)[person] - before
    last = true.shape[1] - 1 - true[:, ::-1].argmax(axis=1)[person]
    return pd.DataFrame({"person": person, "sign": sign, "first_day": np.maximum(first, 0), "last_day": last})


def persistent_no_milk(recipe: Recipe, people: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Five of six consecutive sessions without milk, those on two days or more, all after day 4."""
    rule = recipe["signs"]
    late = sessions[sessions["day_postpartum"] > rule["after_day"]]
    window = rule["no_milk_window"]
    if len(late) < window:
        return pd.DataFrame(columns=list(COLUMNS))
    person, day = late["person"].to_numpy(), late["study_day"].to_numpy()
    empty = late["no_milk"].to_numpy()
    count = np.concatenate([[0], np.cumsum(empty)])
    end = np.arange(window - 1, len(late))
    start = end - window + 1
    enough = count[end + 1] - count[start] >= rule["no_milk_needed"]
    # At most one of the sessions has milk, so it can only be the first or the last that does not count as a day.
    first = np.where(empty[start], day[start], day[np.minimum(start + 1, end)])
    last = np.where(empty[end], day[end], day[np.maximum(end - 1, start)])
    found = enough & (person[start] == person[end]) & (first != last)
    rows = pd.DataFrame({"person": person[end], "first_day": day[start], "last_day": day[end]})[found]
    spans = rows.groupby("person", as_index=False).agg({"first_day": "min", "last_day": "max"})
    return spans.assign(sign="persistent_no_milk")


def falling_volume(recipe: Recipe, people: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """The last complete days clearly below the person's own week before them, each of them."""
    rule = recipe["signs"]
    count = _grid(recipe, people, sessions, np.ones(len(sessions)))
    volume = _grid(recipe, people, sessions, sessions["volume_ml"].to_numpy())
    day = np.arange(recipe.days)
    last = np.where(count > 0, day, -1).max(axis=1)
    complete = (count > 0) & (day > 0) & (day < last[:, None])
    daily = np.where(complete, volume, np.nan)
    counted = np.where(complete, count, np.nan)
    working = people["group"].to_numpy() == "working"
    true = np.zeros(count.shape, dtype=bool)
    new, old = rule["new_days"], rule["old_days"]
    with np.errstate(all="ignore"):
        for end in range(new + rule["old_known"], recipe.days):
            recent = slice(end - new + 1, end + 1)
            earlier = slice(max(end - new - old + 1, 0), end - new + 1)
            known = (complete[:, recent].sum(axis=1) >= rule["new_known"]) & (
                complete[:, earlier].sum(axis=1) >= rule["old_known"]
            )
            rows = np.flatnonzero(known)
            old_session = np.nansum(daily[rows, earlier], axis=1) / np.nansum(counted[rows, earlier], axis=1)
            new_session = np.nansum(daily[rows, recent], axis=1) / np.nansum(counted[rows, recent], axis=1)
            each = daily[rows, recent] / counted[rows, recent]
            every = np.nanmax(each, axis=1) < rule["every_day_ratio"] * old_session
            medians = np.nanmedian(daily[rows, recent], axis=1) < rule["ratio"] * np.nanmedian(
                daily[rows, earlier], axis=1
            )
            true[rows, end] = (
                (new_session < rule["ratio"] * old_session)
                & (medians | working[rows])
                & every
                & (old_session >= rule["old_session_ml"])
            )
    true &= people["start_day"].to_numpy()[:, None] + day >= rule["falling_from_day"]
    return _rows("falling_volume", true, before=new - 1)


def breast_infection(recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """Fever on the same day as a sore breast or feeling ill, or the day after."""
    rule = recipe["signs"]
    shape = (len(people), recipe.days)
    fever = days["temperature_c"].to_numpy().reshape(shape) >= rule["fever"]
    sore = (
        (days["breast_pain"] >= rule["pain"])
        | days["breast_redness"]
        | days["blocked_duct"]
        | days["ill_shivery"]
    ).to_numpy()
    sore = sore.reshape(shape)
    near = sore.copy()
    near[:, 1:] |= sore[:, :-1]
    return _rows("breast_infection", fever & near & _present(recipe, people))


def _present(recipe: Recipe, people: pd.DataFrame) -> np.ndarray:
    last = people["withdrawn_day"].fillna(recipe.days).to_numpy()
    return np.arange(recipe.days) < last[:, None]


def unresolved_fullness(recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame) -> pd.DataFrame:
    """The same fullness or lump on three days running, two when it hurts badly."""
    rule = recipe["signs"]
    shape = (len(people), recipe.days)
    severe = days["breast_pain"].to_numpy().reshape(shape) >= rule["severe_pain"]
    lump = days["blocked_duct"].to_numpy().reshape(shape)
    full = days["engorgement"].to_numpy().reshape(shape)
    late = days["day_postpartum"].to_numpy().reshape(shape) > rule["engorgement_after_day"]
    true = np.zeros(shape, dtype=bool)
    for sign in (lump & _present(recipe, people), full & (late | severe) & _present(recipe, people)):
        true |= _running(sign, rule["same_sign_days"]) | _running(sign & severe, rule["severe_days"])
    return _rows("unresolved_fullness", true, before=rule["severe_days"] - 1)


def nipple_damage(recipe: Recipe, people: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Severe pain in three sessions or more, on two days or more, after the first days."""
    rule = recipe["signs"]
    severe = sessions[
        (sessions["pump_pain"] >= rule["severe_pain"])
        & (sessions["day_postpartum"] > rule["nipple_after_day"])
    ]
    spans = severe.groupby("person")["study_day"].agg(["size", "nunique", "min", "max"]).reset_index()
    found = spans[(spans["size"] >= rule["severe_sessions"]) & (spans["nunique"] >= rule["severe_days"])]
    return found.rename(columns={"min": "first_day", "max": "last_day"}).assign(sign="nipple_damage")


def not_at_volume(recipe: Recipe, people: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Pump-dependent and little milk around day 14."""
    rule = recipe["signs"]
    low, high = rule["volume_days"]
    inside = sessions[sessions["day_postpartum"].between(low, high)]
    daily = inside.groupby(["person", "study_day"])["volume_ml"].sum().reset_index()
    spans = (
        daily.groupby("person")
        .agg(
            median=("volume_ml", "median"),
            days=("volume_ml", "size"),
            first_day=("study_day", "min"),
            last_day=("study_day", "max"),
        )
        .reset_index()
    )
    dependent = (people["feeding_mode"] == "pump_only").to_numpy()[spans["person"]]
    found = spans[dependent & (spans["days"] >= 2) & (spans["median"] < rule["volume_ml"])]
    return found.assign(sign="not_at_volume")


def true_signs(
    recipe: Recipe, people: pd.DataFrame, days: pd.DataFrame, sessions: pd.DataFrame
) -> pd.DataFrame:
    """Every sign that lists a person, with first and last study day: person, sign, first_day, last_day."""
    found = [
        persistent_no_milk(recipe, people, sessions),
        falling_volume(recipe, people, sessions),
        breast_infection(recipe, people, days),
        unresolved_fullness(recipe, people, days),
        nipple_damage(recipe, people, sessions),
        not_at_volume(recipe, people, sessions),
    ]
    rows = [frame[list(COLUMNS)] for frame in found if len(frame)]
    if not rows:
        return pd.DataFrame(columns=list(COLUMNS))
    signs = pd.concat(rows, ignore_index=True)
    return signs.astype({"person": int, "first_day": int, "last_day": int}).sort_values(
        ["person", "sign"], ignore_index=True
    )
