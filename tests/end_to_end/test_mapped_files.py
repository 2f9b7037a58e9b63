"""A mapping that was confirmed once is recognised by the header; an answer holds for the file that it was given for."""

import json

import pytest

from pipelines.__main__ import main
from pipelines.errors import InputError, Question
from pipelines.run import ingest, inspect
from pipelines.study import load_study, read_study
from pipelines.study_file import with_answer
from tests.end_to_end.stores import code, sessions, table

LOG = "Date,Time,Type,Amount (oz),Comments\n04/18/2026,6:32 PM,Pump,2,x\n04/18/2026,9:32 PM,Nursing,,\n"
BARE = "participant_id,started_at,volume\n{0},{1},5\n"


def put(folder, name: str, text: str):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_inspect_suggests_saves_and_ingest_reads_by_the_header(tmp_path, capsys):
    log, study = put(tmp_path, "P01.csv", LOG), tmp_path / "study.toml"
    assert main(["inspect", str(log), "--save", str(study), "--json"]) == 0
    (looked,) = json.loads(capsys.readouterr().out)
    assert looked["outcome"]["rows_accepted"] == 1 and looked["outcome"]["rows_other"] == 1
    assert {each["column"]: each["meaning"] for each in looked["columns"]}["Time"] == "time"
    assert not list(tmp_path.glob("*.duckdb"))
    other = put(tmp_path / "later", "P02.csv", LOG.replace("6:32", "7:00"))
    ledger = ingest([log, other], study, tmp_path / "s.duckdb")
    assert ["its header is one" in each.reason for each in ledger.files] == [True, True]
    assert sessions(tmp_path / "s.duckdb", "P02", "minute_of_day", "volume_ml") == [
        (19 * 60, 2 * 29.5735295625)
    ]


def test_a_study_file_that_stood_there_keeps_what_it_says(tmp_path):
    log = put(tmp_path, "P01.csv", LOG)
    study = put(tmp_path, "study.toml", '[study]\nname = "Pilot" # ours\n[[source]]\nfiles = "logs/*.csv"\n')
    assert main(["inspect", str(log), "--save", str(study)]) == 0
    assert study.read_text().startswith('[study]\nname = "Pilot" # ours\n[[source]]\nfiles = "logs/*.csv"\n')
    assert len(load_study(study).sources) == 2
    known = put(
        tmp_path / "logs", "A.csv", BARE.format("A", "2026-03-01 06:00").replace("volume", "volume_ml")
    )
    ledger = ingest([tmp_path], study, tmp_path / "s.duckdb")
    assert {each.name for each in ledger.files} == {"P01.csv", known.name}


def test_inspect_offers_meanings_for_columns_that_a_reader_does_not_use(tmp_path):
    path = put(tmp_path, "a.csv", "participant_id,date,stress,Hours slept\nA,2026-03-01,3,7\n")
    (looked,) = inspect(path)
    reasons = {each.column: each.reason for each in looked.columns}
    assert "perhaps sleep_hours" in reasons["Hours slept"]


def test_rows_of_a_repeat_and_a_dictionary_are_told_with_what_to_do(tmp_path):
    repeat = put(
        tmp_path, "form-sessions.csv", "side,millilitres,PARENT_KEY,KEY\nleft,30,uuid:1,uuid:1/s[1]\n"
    )
    told = "these rows of a repeat belong to submissions of another table"
    assert told in inspect(repeat)[0].problem
    with pytest.raises(InputError, match=told):
        ingest([repeat], store=tmp_path / "s.duckdb")
    fields = "Variable / Field Name,Form Name,Field Type,Field Label,Identifier?\nid,base,text,Id,\n"
    (looked,) = inspect(put(tmp_path, "fields.csv", fields))
    assert looked.problem.startswith("a data dictionary of REDCap") and looked.columns == ()


def test_inspect_refuses_what_is_no_table(tmp_path):
    with pytest.raises(InputError, match="no table"):
        inspect(put(tmp_path, "a.txt", "just a line\n"))


def test_a_unit_that_nobody_states_stays_a_question(tmp_path):
    path = put(tmp_path, "P01.csv", LOG.replace("Amount (oz)", "Amount"))
    (looked,) = inspect(path)
    assert "without a unit" in looked.problem and looked.suggested is not None


def test_all_files_that_leave_something_open_are_told_at_once(tmp_path):
    for name, time in (("A", "2026-03-01 06:00"), ("B", "2026-03-01 07:00"), ("C", "03/04/2026 07:00")):
        put(tmp_path / "in", f"{name}.csv", BARE.format(name, time))
    with pytest.raises(Question) as caught:
        ingest([tmp_path / "in"], store=tmp_path / "s.duckdb")
    asked = [(each.file, each.key) for each in caught.value.files]
    assert asked.count(("C.csv", "date_order")) == 1
    assert sorted(name for name, key in asked if key == "units") == ["A.csv", "B.csv", "C.csv"]
    assert "2 other files leave something open too" in str(caught.value)
    text = ""
    for each, value in zip(caught.value.files, _answers(caught.value.files), strict=True):
        text = with_answer(text, [each.content], each.key, value)
    study = put(tmp_path, "study.toml", text)
    ledger = ingest([tmp_path / "in"], study, tmp_path / "s.duckdb")
    assert ledger.total.accepted == 3
    assert sessions(tmp_path / "s.duckdb", "B", "volume_ml") == [(5 * 29.5735295625,)]
    assert sessions(tmp_path / "s.duckdb", "A", "volume_ml") == [(5,)]


def _answers(asked) -> list[str]:
    return ["DMY" if each.key == "date_order" else "oz" if each.file == "B.csv" else "ml" for each in asked]


def test_a_question_stays_one_line_on_the_command_line(tmp_path, capsys):
    for name in "AB":
        put(tmp_path / "in", f"{name}.csv", BARE.format(name, "2026-03-01 06:00"))
    assert main(["ingest", str(tmp_path / "in"), "--store", str(tmp_path / "s.duckdb")]) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1 and "units" in printed.err and not printed.out
    assert not (tmp_path / "s.duckdb").exists()


def test_another_answer_reads_only_that_file_again(tmp_path):
    for name in "AB":
        put(tmp_path / "in", f"{name}.csv", BARE.format(name, "2026-03-01 06:00"))
    with pytest.raises(Question) as caught:
        ingest([tmp_path / "in"], store=tmp_path / "s.duckdb")
    codes = {each.file: each.content for each in caught.value.files}
    text = with_answer("", list(codes.values()), "units", "ml")
    ingest([tmp_path / "in"], put(tmp_path, "study.toml", text), tmp_path / "s.duckdb")
    text = with_answer(text, [codes["A.csv"]], "units", "oz")
    ledger = ingest([tmp_path / "in"], put(tmp_path, "study.toml", text), tmp_path / "s.duckdb")
    assert {each.name: each.state for each in ledger.files} == {"A.csv": "replaced", "B.csv": "unchanged"}
    assert sessions(tmp_path / "s.duckdb", "A", "volume_ml") == [(5 * 29.5735295625,)]


def test_a_study_of_received_files_finds_what_it_names_in_every_upload(tmp_path):
    from dataclasses import replace

    first = put(tmp_path / "1", "logs/A.csv", BARE.format("A", "2026-03-01 06:00")).parents[1]
    second = put(tmp_path / "2", "B.csv", BARE.format("B", "2026-03-01 06:00")).parent
    put(tmp_path / "2", "C.csv", BARE.format("C", "2026-03-01 06:00").replace("volume", "volume_ml"))
    text = '[[source]]\nfiles = "logs/A.csv"\nunits = "oz"\n[[source]]\nfiles = "logs/B.csv"\nunits = "ml"\n'
    text += '[[source]]\nfiles = "others/*.csv"\nreader = "huckleberry"\n'
    study = replace(read_study(text, tmp_path / "study.toml"), uploads=(first, second))
    ingest([first, second], study, tmp_path / "s.duckdb")
    assert sessions(tmp_path / "s.duckdb", "A", "volume_ml") == [(5 * 29.5735295625,)]
    people = {row["participant_id"] for row in table(tmp_path / "s.duckdb", "participants")}
    assert people == {code("A"), code("B"), code("C")}
