"""SPSS, Stata and SAS: labels, missing reasons, dates, encodings, damage."""

import pandas as pd
import pyreadstat
import pytest

from pipelines.errors import InputError
from pipelines.readers import statistics_files
from pipelines.study import Item, SourceOptions
from tests.readers import statistics_samples
from tests.readers.mutations import mutated
from tests.readers.samples import FOLDER, as_text, frame, options_of

SAMPLES = FOLDER / "spss_stata_sas"


@pytest.mark.parametrize("name", ["clean.sav", "nasty.dta"])
def test_the_samples_are_what_their_script_writes(name, tmp_path):
    statistics_samples.write(tmp_path)
    options = options_of(SAMPLES / name)
    anew = as_text(frame(statistics_files.read(tmp_path / name, options)))
    pd.testing.assert_frame_equal(anew, as_text(frame(statistics_files.read(SAMPLES / name, options))))


WRITERS = {
    "SPSS": ("study.sav", pyreadstat.write_sav, {}),
    "SPSS compressed": ("study.zsav", pyreadstat.write_sav, {"compress": True}),
    "SPSS portable": ("study.por", pyreadstat.write_por, {}),
    "Stata": ("study.dta", pyreadstat.write_dta, {}),
    "SAS": ("study.xpt", pyreadstat.write_xport, {}),
}


@pytest.mark.parametrize("program", WRITERS)
def test_every_program_gives_the_same_rows_under_any_name(program, tmp_path):
    name, write, options = WRITERS[program]
    table = pd.DataFrame(
        {
            "subjid": ["M01", "M02"],
            "stress": [7.0, 2.5],
            "visit": pd.to_datetime(["2026-02-01", "2026-02-03"]),
        }
    )
    write(table, tmp_path / name, **options)
    path = (tmp_path / name).rename(tmp_path / "export")
    assert statistics_files.recognise(path)
    asked = {"date": Item("VISIT"), "stress": Item("STRESS")}
    rows = as_text(frame(statistics_files.read(path, SourceOptions(items=asked))))
    assert rows[["participant", "stress", "date"]].values.tolist() == [
        ["M01", "7", "2026-02-01"],
        ["M02", "2.5", "2026-02-03"],
    ]


def test_declared_missing_values_are_unknown_and_their_reasons_told(tmp_path):
    extract = statistics_files.read(SAMPLES / "clean.sav", SourceOptions())
    assert as_text(frame(extract)).stress.tolist() == ["7", "", "2", ""]
    assert "stress: unknown for a stated reason (1 Not asked, 1 Refused)" in extract.warnings


def test_a_value_in_a_declared_range_is_not_repeated(tmp_path):
    table = pd.DataFrame({"subjid": ["M01", "M02"], "stress": [5.0, 2750.0]})
    pyreadstat.write_sav(table, tmp_path / "study.sav", missing_ranges={"stress": [{"lo": 2000, "hi": 3000}]})
    extract = statistics_files.read(tmp_path / "study.sav", SourceOptions())
    assert extract.warnings == ("stress: unknown for a stated reason (1 without a label)",)


def test_single_letters_in_a_text_column_are_no_missing_values(tmp_path):
    pyreadstat.write_dta(pd.DataFrame({"subjid": ["a", "b"], "stress": [1.0, 2.0]}), tmp_path / "study.dta")
    rows = frame(statistics_files.read(tmp_path / "study.dta", SourceOptions()))
    assert rows.participant.tolist() == ["a", "b"]


def test_labels_that_are_no_levels_of_ours_stay_codes_for_the_checks(tmp_path):
    table = pd.DataFrame({"subjid": ["M01", "M02"], "parity": [1.0, 2.0]})
    labels = {"parity": {1.0: "First birth", 2.0: "Never"}}
    pyreadstat.write_sav(table, tmp_path / "study.sav", variable_value_labels=labels)
    rows = frame(statistics_files.read(tmp_path / "study.sav", SourceOptions()))
    assert rows.parity.tolist() == ["first_birth", "2"]


@pytest.mark.parametrize("name", ["clean.sav", "nasty.dta"])
def test_a_file_that_is_cut_off_is_refused_or_read_but_never_a_traceback(name, tmp_path):
    whole = (SAMPLES / name).read_bytes()
    refused = 0
    for part in range(1, 20):
        path = tmp_path / f"{part}"
        path.write_bytes(whole[: len(whole) * part // 20])
        try:
            frame(statistics_files.read(path, SourceOptions()))
        except InputError:
            refused += 1
    assert refused > 10


def test_a_damaged_file_that_keeps_the_library_busy_for_ever_is_refused(tmp_path, monkeypatch):
    """Two minutes did not end it; a larger file may take longer than a small one."""
    whole = (SAMPLES / "clean.sav").read_bytes()
    path = tmp_path / "endless.sav"
    path.write_bytes(mutated(whole, [("flip", 384, 77), ("insert", 2211, 8199), ("cut", 9598, 1071)]))
    assert 7 < statistics_files._longest(path) < 10
    monkeypatch.setattr(statistics_files, "_longest", lambda path: 1)
    with pytest.raises(InputError, match=r"endless\.sav: this SPSS file cannot be opened \(no end\)"):
        statistics_files.read(path, SourceOptions())
