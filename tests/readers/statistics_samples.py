"""Writes the samples of statistics programs: `python -m tests.readers.statistics_samples FOLDER`.

The files themselves lie in data/samples; a test holds them to what is written here.
"""

import sys
from pathlib import Path

import pandas as pd
import pyreadstat

CLEAN = pd.DataFrame(
    {
        "participant_id": ["M01", "M02", "M03", "M04"],
        "parity": [1.0, 2.0, 2.0, None],
        "birthmode": [2.0, 1.0, 3.0, 1.0],
        "stress": [7.0, 99.0, 2.0, 98.0],
        "bses_1": [3.0, 5.0, None, 2.0],
        **{f"bses_{item}": [3.0, 5.0, 1.0, 2.0] for item in range(2, 15)},
        "bw": [3420.0, 2950.5, None, 3100.0],
    }
)
CLEAN_LABELS = {
    "parity": {1.0: "First birth", 2.0: "Later birth"},
    "birthmode": {1.0: "vaginal", 2.0: "Planned caesarean", 3.0: "Urgent caesarean"},
    "stress": {98.0: "Refused", 99.0: "Not asked"},
}
NASTY = pd.DataFrame(
    {
        "subjid": ["331-1", "331-2", "331-2", ""],
        "Name": ["Zoë Example", "Anaïs", "", ""],
        "visit": pd.to_datetime(["2026-02-01", "2026-02-08", None, "2026-02-09"]),
        "flange": [1, "a", 3, 2],
        "ovary": [2.0, 1.0, None, 1.0],
        "pss10_total": [40.0, 21.0, 41.0, 3.0],
        "asleep": ["6 hours", "7,5", "late", ""],
    }
)


def write(folder: Path) -> None:
    """Write clean.sav and nasty.dta."""
    pyreadstat.write_sav(
        CLEAN,
        folder / "clean.sav",
        column_labels={"bw": "birth_weight_g", "birthmode": "birth_mode"},
        variable_value_labels=CLEAN_LABELS,
        missing_ranges={"stress": [98, 99]},
    )
    pyreadstat.write_dta(
        NASTY,
        folder / "nasty.dta",
        column_labels=dict.fromkeys(NASTY.columns, "") | {"ovary": "pcos"},
        variable_value_labels={
            "flange": {1: "Too small", 2: "Fits", 3: "Too large", "a": "did not know"},
            "ovary": {1: "No", 2: "Yes"},
        },
        missing_user_values={"flange": ["a"]},
        version=14,
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
