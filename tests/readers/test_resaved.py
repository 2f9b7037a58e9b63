"""Tables that somebody opened in a spreadsheet program and saved again give the same rows after the checks."""

import dataclasses

import pandas as pd
import pytest

from pipelines import readers
from tests.readers.checked import checked
from tests.readers.resaved import VARIANTS
from tests.readers.samples import SAMPLES, Sample

TABLES = [
    sample for sample in SAMPLES if sample.path.suffix in (".csv", ".tsv") and sample.path.stem != "nasty"
]
# The order of day and month in which the variants with local dates are written: what the study file then says.
ORDERS = {"nursing_timer": "MDY", "nighp": "MDY"}
UNITS_OPEN = ("babybuddy",)


def options_of(sample: Sample):
    """The sample's own options, with what a study file has to say of a file saved anew."""
    units = "ml" if sample.reader in UNITS_OPEN else sample.options.units
    return dataclasses.replace(sample.options, units=units, date_order=ORDERS.get(sample.reader, "DMY"))


def resave(sample: Sample, folder) -> list:
    """The sample itself and its variants, each in a folder of its own."""
    files = []
    for name, change in {"as it is": lambda data: data, **VARIANTS}.items():
        path = folder / name / sample.path.name
        path.parent.mkdir()
        path.write_bytes(change(sample.path.read_bytes()))
        files.append(path)
    return files


def grouped(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with a number for the rows that belong together: what they are called does not matter."""
    if "session_group" in rows:
        rows = rows.assign(session_group=pd.factorize(rows["session_group"])[0])
    return rows


@pytest.mark.parametrize("sample", TABLES, ids=str)
def test_a_table_saved_again_gives_the_same_rows(sample, tmp_path):
    files = resave(sample, tmp_path)
    for path in files:
        found = readers.identify(path, sample.options)
        assert found is not None and found[0].name == sample.reader, path.parent.name
    original, *variants = map(grouped, checked(sample.reader, files, options_of(sample), tmp_path))
    assert not original.bad.all()
    for path, rows in zip(files[1:], variants, strict=True):
        pd.testing.assert_frame_equal(rows, original, obj=path.parent.name)


def test_every_reader_of_tables_is_tried():
    assert {sample.reader for sample in TABLES} >= {"huckleberry", "babybuddy", "generic", "redcap", "droste"}


def test_a_variant_that_says_something_else_is_noticed(tmp_path):
    sample = next(sample for sample in TABLES if sample.reader == "huckleberry")
    changed = tmp_path / "changed.csv"
    changed.write_bytes(sample.path.read_bytes().replace(b"110ml", b"111ml"))
    original, other = checked(sample.reader, [sample.path, changed], options_of(sample), tmp_path)
    assert original.volume_ml.sum() + 1 == other.volume_ml.sum()
