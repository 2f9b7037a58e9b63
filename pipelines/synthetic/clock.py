"""The clock on the wall against time that passed, for the two clock changes of the recipe."""

import numpy as np


def wall_clock(dates: np.ndarray, minutes: np.ndarray, calendar: dict) -> np.ndarray:
    """Local clock time of `minutes` after midnight of `dates`, as datetime64[m].

    A time that the clock skipped in spring is one hour later on the wall.
    """
    wall = dates.astype("datetime64[m]") + minutes.astype("timedelta64[m]")
    gap = np.datetime64(calendar["spring_forward"], "m")
    shift = np.timedelta64(calendar["clock_shift"], "m")
    return np.where((wall >= gap) & (wall < gap + shift), wall + shift, wall)


def true_minutes(wall: np.ndarray, calendar: dict) -> np.ndarray:
    """Minutes that truly passed since 1970 on a clock of its own; a time that comes twice is the first of the two."""
    shift = calendar["clock_shift"]
    spring = np.datetime64(calendar["spring_forward"], "m") + np.timedelta64(shift, "m")
    fall = np.datetime64(calendar["fall_back"], "m")
    summer = (wall >= spring) & (wall < fall)
    return wall.astype(np.int64) - shift * summer
