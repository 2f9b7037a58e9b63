"""The written study: what is in the folder, and that the truth beside it is true of the files."""

import hashlib
import json
import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipelines.codebook import load_codebook
from pipelines.errors import DataFileError
from pipelines.readers import identify, parts, scratch_space
from pipelines.study import load_study
from pipelines.synthetic import simulate, write_study

PEOPLE = 160


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    write_study(folder, PEOPLE, seed=7)
    return folder


@pytest.fixture(scope="module")
def truth(study):
    return json.loads((study / "truth.json").read_text())


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_study(tmp_path / name, 40, seed=3)
    write_study(tmp_path / "other", 40, seed=4)
    assert _files(tmp_path / "one") == _files(tmp_path / "two")
    assert _files(tmp_path / "one") != _files(tmp_path / "other")
    assert any(name.endswith(".xlsx") for name in _files(tmp_path / "one"))


def test_an_unknown_variant_is_named_with_those_there_are(tmp_path):
    with pytest.raises(DataFileError, match=r"'rain'.*base.*mnar"):
        write_study(tmp_path, 20, variant="rain")


def test_every_file_holds_the_rows_that_the_truth_counts(study, truth):
    ledger = {entry["file"]: entry for entry in truth["log"]["files"]}
    found = {}
    with scratch_space():
        for source in load_study(study / "study.toml").sources[1:]:
            for path in sorted(study.glob(source.files)):
                (part,) = parts(path)
                reader, _ = identify(part.path, source)
                rows = reader.read(part.path, source, None).rows
                kinds = rows["kind"] if hasattr(rows, "iloc") else rows.kind.execute()
                found[str(path.relative_to(study))] = (len(kinds), int((kinds == "session").sum()))
    assert found == {file: (entry["rows"], entry["session_rows"]) for file, entry in ledger.items()}


def test_the_study_file_names_every_export_and_only_codes_of_the_codebook(study, truth):
    content = tomllib.loads((study / "study.toml").read_text())
    covered = {
        str(path.relative_to(study)) for source in content["source"] for path in study.glob(source["files"])
    }
    written = {name for name in _files(study) if name.startswith(("exports/", "redcap/quest"))}
    assert covered == written
    factors = load_codebook().factors
    for source in content["source"]:
        for name, item in source.get("items", {}).items():
            if name in factors and not factors[name].is_numeric:
                codes = {level.code for level in factors[name].levels}
                assert set(item.get("recode", {}).values()) <= codes, name
    assert content["study"]["synthetic"] is True


def test_every_effect_of_the_truth_is_a_factor_of_the_codebook(truth):
    factors = load_codebook().factors
    for name, entry in truth["factors"].items():
        factor = factors[entry["factor"]]
        for level in entry.get("levels") or ():
            factor.level(level)
        if entry.get("reference"):
            assert entry["reference"] == factor.reference, name


def test_repeated_rows_say_the_same_as_an_earlier_one(study, truth):
    lines = (study / "exports/logs/north.csv").read_text().splitlines()[1:]
    rows = [row for file, row in truth["log"]["duplicates"] if file == "exports/logs/north.csv"]
    assert rows
    for row in rows:
        assert lines[row - 1].split(",")[:6] in [line.split(",")[:6] for line in lines[: row - 1]]


def test_each_planted_identifier_stands_in_exactly_one_export(study, truth):
    texts = [path.read_bytes() for path in (study / "exports").rglob("*.*") if path.suffix != ".xlsx"]
    places = [
        sum(identifier.encode() in text for text in texts) for identifier in truth["log"]["identifiers"]
    ]
    assert len(places) == 20
    # Those of the workbook are compressed; the others are each in one file.
    assert max(places) == 1
    assert sum(places) >= 12


def test_one_person_writes_ounces_into_a_column_of_millilitres(study, truth):
    (trap,) = truth["log"]["unit_traps"]
    lines = [line.split(",") for line in (study / "exports/logs/north.csv").read_text().splitlines()]
    total = [float(line[5]) for line in lines if line[0] == trap and line[5]]
    assert np.median(total) < 8
    assert any(value % 1 for value in total)


def test_units_are_mixed_inside_the_files_of_those_who_switch(study, truth):
    assert len(truth["log"]["unit_switches"]) == round(0.03 * PEOPLE)
    for participant in truth["log"]["unit_switches"]:
        folder = next(path for path in (study / "exports").glob(f"*/{participant}"))
        text = "".join(path.read_text() for path in folder.iterdir())
        assert re.search(r"\dml", text) and re.search(r"\doz", text), participant


def test_zeros_are_written_as_zeros_and_blanks_as_blanks(study):
    text = "".join(path.read_text() for path in (study / "exports/huckleberry").rglob("*.csv"))
    pumps = [line for line in text.splitlines() if line.startswith('"Pump"')]
    assert any('"0ml"' in line for line in pumps)
    assert any(re.fullmatch(r'"Pump","[^"]*"(,"[^"]*","[^"]*"|,,),,,,.*', line) for line in pumps)


def test_a_clock_change_lies_inside_the_follow_up_of_many():
    people = simulate(PEOPLE, seed=7).people
    change = np.array(["2025-03-30", "2025-10-26"], dtype="datetime64[D]")
    start = people["start_date"].to_numpy().astype("datetime64[D]")[:, None]
    assert ((start < change) & (change < start + 27)).any(axis=1).mean() > 0.3


def test_time_since_the_last_session_is_true_time_on_the_night_the_clocks_change():
    cohort = simulate(PEOPLE, seed=7)
    rows = cohort.sessions[cohort.people["feeding_mode"].to_numpy()[cohort.sessions["person"]] == "pump_only"]
    wall = rows["started_at"].diff().dt.total_seconds() / 3600
    shift = (rows["interval_hours"] - wall).round(6)[(rows["person"].diff() == 0)]
    assert set(shift.unique()) == {-1.0, 0.0, 1.0}


def test_questionnaire_answers_are_counted_as_written(study, truth):
    table = pd.read_csv(study / "redcap/questionnaires.csv", dtype=str, keep_default_na=False)
    assert len(table) == truth["questionnaires"]["rows"]
    known = ~table["dd_tension"].isin(["", "-99", "-77"])
    assert truth["questionnaires"]["answers"]["stress"] == int(known.sum())
    assert table["dd_tension"].isin(["-99", "-77"]).any()
    # Checkboxes are never empty in such an export, and a missing answer has a box of its own.
    assert set(table["dd_meds___1"]) == {"0", "1"}
    assert (table["dd_meds____99"] == "1").any()


def test_identifying_fields_are_marked_in_the_data_dictionary(study):
    lines = (study / "redcap/dictionary.csv").read_text().splitlines()
    marked = {line.split(",")[0] for line in lines[1:] if re.search(r",y,", line)}
    assert {"given_name", "family_name", "mail_to", "delivery_date"} <= marked


def test_withdrawals_are_recorded_with_their_day(study, truth):
    left = sum(person["withdrawn_day"] is not None for person in truth["people"])
    text = (study / "redcap/questionnaires.csv").read_text()
    assert text.count("leaving_arm_1") == left > 0


@pytest.mark.parametrize("participants", [1, 12])
def test_a_very_small_study_can_be_written(tmp_path, participants):
    truth = write_study(tmp_path, participants, seed=1)
    assert truth.content["participants"] == participants
    assert (tmp_path / "redcap/questionnaires.csv").exists()
