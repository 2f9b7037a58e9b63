"""Tables that somebody opened in a spreadsheet program and saved again give the same rows after the checks."""

import dataclasses

import pandas as pd
import pytest

from pipelines import readers
from pipelines.readers.containers.text import whole_text
from tests.readers.checked import checked
from tests.readers.resaved import VARIANTS
from tests.readers.samples import SAMPLES, Sample

TABLES = [sample for sample in SAMPLES if sample.path.suffix in (".csv", ".tsv")]
# Damage that a spreadsheet program mends or spreads when it opens a file: lines that are taken out beforehand, and why.
CUT_OFF = "the file ends within this line; a program fills the row up with empty cells, and nobody can tell any more"
OPEN_QUOTE = "a quote that is never closed; a program takes all that follows into its cell"
ONLY_AN_EPOCH = "its only time is a number of 13 digits, of which a program saves the first six"
TAKEN_OUT = {
    "babybuddy-nasty": {9: CUT_OFF},
    "babyconnect-nasty": {13: OPEN_QUOTE, 14: CUT_OFF},
    "droste-nasty": {14: OPEN_QUOTE, 16: CUT_OFF},
    "feedbaby-nasty": {16: CUT_OFF},
    "generic-nasty": {13: OPEN_QUOTE},
    "huckleberry-nasty": {15: CUT_OFF},
    "nara-nasty": {14: ONLY_AN_EPOCH, 18: CUT_OFF},
    "nighp-nasty": {15: CUT_OFF},
    "nursing_timer-nasty": {15: OPEN_QUOTE},
}
# What is lost for good, by reader, and why.
LOST = {
    "nara": {
        "offset": "it comes from numbers of 13 digits; the clock beside them stays, and its zone tells the rest"
    }
}
# The order of day and month in which the variants with local dates are written: what the study file then says.
ORDERS = {"nursing_timer": "MDY", "nighp": "MDY"}
UNITS_OPEN = ("babybuddy",)


def options_of(sample: Sample):
    """The sample's own options, with what a study file has to say of a file saved anew."""
    own = sample.options
    return dataclasses.replace(
        own,
        units="ml" if sample.reader in UNITS_OPEN and own.units == "auto" else own.units,
        date_order=own.date_order or ORDERS.get(sample.reader, "DMY"),
        dictionary=str(sample.path.parent / own.dictionary) if own.dictionary else None,
    )


def opened(sample: Sample) -> bytes:
    """The sample as UTF-8, without the lines that no spreadsheet program keeps as they are."""
    text, _, _ = whole_text(sample.path)
    gone = TAKEN_OUT.get(str(sample), {})
    lines = [line for number, line in enumerate(text.split("\n"), start=1) if number not in gone]
    return "\n".join(lines).encode()


def resave(sample: Sample, folder) -> list:
    """The sample itself and its variants, each in a folder of its own."""
    files = []
    for name, change in {"as it is": lambda data: data, **VARIANTS}.items():
        path = folder / name / sample.path.name
        path.parent.mkdir()
        path.write_bytes(change(opened(sample)))
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
    found = checked(sample.reader, files, options_of(sample), tmp_path)
    lost = list(LOST.get(sample.reader, {}))
    original, *variants = (grouped(rows).drop(columns=lost) for rows in found)
    assert not original.bad.all()
    for path, rows in zip(files[1:], variants, strict=True):
        pd.testing.assert_frame_equal(rows, original, obj=path.parent.name)


def test_every_reader_of_tables_is_tried():
    assert {sample.reader for sample in TABLES} >= {"huckleberry", "babybuddy", "generic", "redcap", "droste"}


@pytest.mark.parametrize("name", TAKEN_OUT)
def test_only_damaged_lines_are_taken_out(name):
    """Each line that is taken out opens a quote without closing it, or is the last one and has no end."""
    sample = next(each for each in TABLES if str(each) == name)
    lines = whole_text(sample.path)[0].split("\n")
    for number, why in TAKEN_OUT[name].items():
        line = lines[number - 1]
        if why == CUT_OFF:
            assert number == len(lines) and line
        else:
            assert line.count('"') % 2 if why == OPEN_QUOTE else '"1774600000000",,' in line


def test_a_variant_that_says_something_else_is_noticed(tmp_path):
    sample = next(sample for sample in TABLES if sample.reader == "huckleberry")
    changed = tmp_path / "changed.csv"
    changed.write_bytes(sample.path.read_bytes().replace(b"110ml", b"111ml"))
    original, other = checked(sample.reader, [sample.path, changed], options_of(sample), tmp_path)
    assert original.volume_ml.sum() + 1 == other.volume_ml.sum()
