"""Make a plain CSV of pumping sessions of any size: `python tests/benchmarks/make_sessions_csv.py FILE [SESSIONS]`."""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

SESSIONS_EACH = 250
CHUNK = 500_000


def sessions(first: int, count: int, seed: int) -> pd.DataFrame:
    """`count` sessions from number `first` on; people have 250 each, six to eight a day."""
    chance = np.random.default_rng([seed, first])
    number = np.arange(first, first + count)
    person, turn = number // SESSIONS_EACH, number % SESSIONS_EACH
    begin = np.datetime64("2024-01-01T00:00") + (person * 7919 % (300 * 1440)).astype("timedelta64[m]")
    start = begin + (turn * 200 + chance.integers(0, 60, count)).astype("timedelta64[m]")
    return pd.DataFrame(
        {
            "participant_id": pd.Series(person).map("P{:06d}".format),
            "started_at": pd.Series(start).dt.strftime("%Y-%m-%d %H:%M"),
            "duration_min": chance.integers(5, 40, count),
            "volume_left_ml": np.minimum(chance.gamma(2, 30, count).round().astype(int), 300),
            "volume_right_ml": np.minimum(chance.gamma(2, 30, count).round().astype(int), 300),
            "pump_type": chance.choice(["electric_double", "manual", "wearable"], count),
            "pump_pain": chance.integers(0, 11, count),
            "warm_compress": chance.choice(["yes", "no", ""], count),
        }
    )


def make(path: Path, count: int = 1_000_000, seed: int = 1) -> None:
    """Write the file, a part at a time."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for first in range(0, count, CHUNK):
            part = sessions(first, min(CHUNK, count - first), seed)
            part.to_csv(file, index=False, header=first == 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("sessions", type=int, nargs="?", default=1_000_000)
    arguments = parser.parse_args()
    make(arguments.file, arguments.sessions)
