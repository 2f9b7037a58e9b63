"""Files of kinds that too few people used are hidden, and so is what would give them away."""

import pandas as pd

from pipelines.evidence.provenance import _readers


def files(*readers: str) -> pd.DataFrame:
    rows = [(f"{number:064}", reader, 10, 8, 1, 1, 0) for number, reader in enumerate(readers)]
    names = (
        "source_id",
        "reader",
        "rows_read",
        "rows_accepted",
        "rows_duplicate",
        "rows_quarantined",
        "rows_other",
    )
    return pd.DataFrame(rows, columns=names)


def test_a_kind_of_few_people_takes_the_next_smallest_with_it():
    found = _readers(files("generic", "piyolog", "redcap"), {"generic": 3, "piyolog": 20, "redcap": 40}, 10)
    assert [each.counts is None for each in found] == [True, True, False]


def test_files_whose_people_are_unknown_are_hidden():
    found = _readers(files("generic", "redcap", "redcap"), {"generic": 40}, 10)
    assert all(each.files is None for each in found)


def test_rows_of_one_kind_are_added_up():
    (found,) = _readers(files("redcap", "redcap"), {"redcap": 40}, 10)
    assert found.files == 2 and found.counts is not None and found.counts.read == 20 and found.counts.adds_up
