"""What people write down of their sessions: rounded, sometimes late, twice, without a number, or not at all."""

import numpy as np
import pandas as pd

from pipelines.synthetic.clock import wall_clock
from pipelines.synthetic.cohort import Cohort
from pipelines.synthetic.people import choose
from pipelines.synthetic.recipe import Recipe, random_stream

FIVES, EXACT, OUNCES = "fives", "exact", "ounces"
SLIP_FACTOR = 10


def logging_habits(cohort: Cohort, random: np.random.Generator) -> pd.DataFrame:
    """How each person logs, one row a person.

    `logging` is the kind of export, `style` the rounding, `sides` whether left and right are written,
    `switches` whether the unit changes mid-study, `second_from` the study day from which a second export repeats
    (-1: there is none), `trap` marks the one who writes ounces into a mL column.
    """
    recipe, people = cohort.recipe["log"], cohort.people
    size = len(people)
    logging = choose(random, recipe["logging"], size)
    shares = {FIVES: recipe["fives"], EXACT: recipe["exact"], OUNCES: 1 - recipe["fives"] - recipe["exact"]}
    habits = pd.DataFrame({"logging": logging, "style": choose(random, shares, size)})
    keeps_sides = habits["logging"].isin(["table", "huckleberry"])
    habits["sides"] = keeps_sides & (random.random(size) < recipe["sides"])
    stays = people["withdrawn_day"].isna().to_numpy().copy()
    quiet = [course.person for course in cohort.courses if course.sign == "gone_quiet"]
    stays[quiet] = False
    unit_in_cell = np.flatnonzero(habits["logging"].isin(["huckleberry", "piyolog"]) & stays)
    switching = random.permutation(unit_in_cell)[: round(recipe["unit_switch"] * size)]
    habits["switches"] = np.isin(np.arange(size), switching)
    twice = random.permutation(np.flatnonzero(stays))[: round(recipe["re_export"] * size)]
    days = recipe["re_export_days"]
    habits["second_from"] = -1
    habits.loc[twice, "second_from"] = random.integers(days, cohort.recipe.days - days, len(twice))
    habits["trap"] = False
    ounces = habits.index[(habits["logging"] == "table") & (habits["style"] == OUNCES)]
    if len(ounces):
        habits.loc[ounces[0], "trap"] = True
    return habits


def round_total(volume_ml: np.ndarray, style: np.ndarray, coarse: np.ndarray, recipe: dict) -> np.ndarray:
    """The total as written, in the writer's own unit.

    `coarse` picks the rougher of a style's two steps. Something is never rounded to nothing, unless the recipe says
    so: small amounts are written more finely.
    """
    ounces = volume_ml / recipe["ml_per_oz"]
    step = np.select(
        [style == EXACT, style == OUNCES],
        [1.0, np.where(coarse, 0.5, 0.25)],
        np.where(coarse, 10.0, 5.0),
    )
    value = np.where(style == OUNCES, ounces, volume_ml)
    if not recipe["rounding_makes_zero"]:
        small = np.where(style == OUNCES, volume_ml < recipe["small_oz_ml"], volume_ml < recipe["small_ml"])
        step = np.where(small, np.where(style == OUNCES, 0.1, 1.0), step)
    written = np.round(value / step) * step
    if not recipe["rounding_makes_zero"]:
        written = np.where((volume_ml > 0) & (written == 0), step, written)
    return np.round(written, 2)


def split_sides(
    total: np.ndarray, right_share: np.ndarray, ounces: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Left and right as written: in fitting steps, and adding up to the total."""
    quarters = np.isclose(total * 4, np.round(total * 4))
    fives = np.isclose(total / 5, np.round(total / 5)) & (total >= 10)
    step = np.where(ounces, np.where(quarters, 0.25, 0.1), np.where(fives, 5.0, 1.0))
    left = np.clip(np.round(total * (1 - right_share) / step) * step, 0, total)
    return np.round(left, 2), np.round(total - left, 2)


def _lost(cohort: Cohort, random: np.random.Generator) -> np.ndarray:
    """Sessions that nobody writes down."""
    recipe, sessions = cohort.recipe["log"], cohort.sessions
    misfit = (cohort.people["flange_fit"] != "good").to_numpy()[sessions["person"]]
    zero = np.where(misfit, recipe["zeros_lost_misfit"], recipe["zeros_lost"])
    chance = np.where(sessions["no_milk"], np.maximum(zero, recipe["not_logged"]), recipe["not_logged"])
    lost = random.random(len(sessions)) < chance
    for course in cohort.courses:
        if course.sign == "gone_quiet":
            last = course.first_day + cohort.recipe["planted"]["quiet_after"]
            lost |= ((sessions["person"] == course.person) & (sessions["study_day"] > last)).to_numpy()
    return lost


def _written_times(cohort: Cohort, sessions: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    minutes = sessions["started_at"].to_numpy().astype("datetime64[m]").astype(np.int64)
    neat = random.random(len(sessions)) < cohort.recipe["log"]["five_minutes"]
    rounded = np.where(neat, np.round(minutes / 5).astype(np.int64) * 5, minutes)
    return wall_clock(
        np.array("1970-01-01", dtype="datetime64[D]"), rounded, cohort.recipe["calendar"]
    ).astype("datetime64[s]")


def _doubled(log: pd.DataFrame, recipe: dict, random: np.random.Generator) -> pd.DataFrame:
    """The log with some entries written twice: exactly, or again a few minutes later."""
    draw = random.random(len(log))
    exact = log[(draw < recipe["exact_double"]) & (log["logging"] != "babybuddy")].assign(entry="double")
    near_draw = (draw >= recipe["exact_double"]) & (draw < recipe["exact_double"] + recipe["near_double"])
    near = log[near_draw].assign(entry="near_double")
    near["started_at"] += pd.to_timedelta(random.integers(1, 5, len(near)), unit="m")
    both = pd.concat([log.assign(entry="original"), exact, near], ignore_index=True)
    return both.sort_values(["person", "started_at", "entry"], kind="stable", ignore_index=True)


def _with_slips(log: pd.DataFrame, recipe: dict, random: np.random.Generator) -> pd.DataFrame:
    """The log with some entries of the study's own log typed once more with a digit too many, and left standing.

    Only amounts that nobody can express count as such a slip, so that every one of them must be set aside.
    """
    impossible = log["total"] * SLIP_FACTOR > recipe["slip_above_ml"]
    may_slip = (log["logging"] == "table") & (log["unit"] == "ml") & (log["entry"] == "original") & impossible
    slips = log[may_slip & (random.random(len(log)) < recipe["slips"])].assign(entry="slip")
    for name in ("total", "left", "right"):
        slips[name] *= SLIP_FACTOR
    both = pd.concat([log, slips], ignore_index=True)
    return both.sort_values(["person", "started_at", "entry"], kind="stable", ignore_index=True)


def planted_notes(recipe: Recipe) -> list[tuple[str, str]]:
    """The notes that identify someone, each with the part that does."""
    return [
        (entry["text"].format(identifier), identifier)
        for entry in recipe["log"]["planted_notes"]
        for identifier in entry["identifiers"]
    ]


def _notes(cohort: Cohort, log: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    words = cohort.recipe["log"]["words"]["notes"]
    notes = np.full(len(log), "", dtype=object)
    usual = np.flatnonzero(random.random(len(log)) < 0.03)
    notes[usual] = random.choice(words, len(usual))
    planted = [text for text, _ in planted_notes(cohort.recipe)]
    rows = random.permutation(np.flatnonzero(log["entry"] == "original"))[: len(planted)]
    notes[rows] = planted[: len(rows)]
    return notes


def write_log(cohort: Cohort) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is written down: one row an entry, in order of person and time, and the habits of each person.

    `session` is the row of `cohort.sessions`; `started_at` the local clock as written; `total`, `left`, `right` are
    in the entry's own `unit` (ml or oz), NaN where no number was written; `duration_min` NaN where not recorded;
    `entry` is original, double, near_double or slip (an impossible amount beside the right one).
    """
    random = random_stream(cohort.seed, "log")
    recipe = cohort.recipe["log"]
    habits = logging_habits(cohort, random)
    kept = ~_lost(cohort, random)
    sessions = cohort.sessions[kept]
    own = habits.iloc[sessions["person"]].reset_index(drop=True)
    size = len(sessions)
    style = own["style"].to_numpy().copy()
    switched = own["switches"].to_numpy() & (sessions["study_day"].to_numpy() >= recipe["unit_switch_day"])
    style[switched] = np.where(style[switched] == OUNCES, FIVES, OUNCES)
    coarse = random.random(size) < np.where(style == OUNCES, recipe["half_ounce"], recipe["to_ten"])
    total = round_total(sessions["volume_ml"].to_numpy(), style, coarse, recipe)
    left, right = split_sides(total, sessions["right_share"].to_numpy(), style == OUNCES)
    blank = random.random(size) < recipe["blank_volume"]
    sides = own["sides"].to_numpy() & ~blank
    untimed = random.random(size) < recipe["no_duration"]
    log = pd.DataFrame(
        {
            "person": sessions["person"].to_numpy(),
            "session": np.flatnonzero(kept),
            "study_day": sessions["study_day"].to_numpy(),
            "started_at": _written_times(cohort, sessions, random),
            "duration_min": np.where(untimed, np.nan, sessions["duration_min"]),
            "unit": np.where(style == OUNCES, "oz", "ml"),
            "total": np.where(blank, np.nan, total),
            "left": np.where(sides, left, np.nan),
            "right": np.where(sides, right, np.nan),
            "logging": own["logging"].to_numpy(),
        }
    )
    # Baby Buddy's form does not accept a session without an amount.
    log = log[~(blank & (log["logging"] == "babybuddy").to_numpy())]
    log = _with_slips(_doubled(log, recipe, random), recipe, random)
    log["note"] = _notes(cohort, log, random)
    return log, habits
