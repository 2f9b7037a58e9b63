"""REDCap: what rows are, checkboxes, missing codes, the data dictionary, the record's id."""

import pytest

from pipelines import readers, run
from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers import redcap
from pipelines.readers.capture.labels import level_recode
from pipelines.study import Item, SourceOptions
from tests.end_to_end.stores import KEY, table, write
from tests.readers.samples import frame

CHOICES = "id,herbs___1,herbs___2,herbs____999,form_complete\n"
MAPPED = {"galactagogue": Item("herbs", {"1": "none", "2": "herb_or_tea"})}


def extract_of(text: str, folder, **options):
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return redcap.read(path, SourceOptions(**options))


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ("1,0,1,0,2", "herb_or_tea"),
        ("1,1,0,0,0", "none"),
        ("1,1,1,0,2", "1 + 2"),
        ("1,0,0,0,2", None),
        ("1,1,0,0,", None),
        ("1,1,0,1,2", None),
    ],
)
def test_a_checkbox_question_answers_only_where_it_was_asked(row, answer, tmp_path):
    rows = frame(extract_of(CHOICES + row + "\n", tmp_path, missing_codes=("-999",), items=MAPPED))
    assert rows.galactagogue.astype(object).where(rows.galactagogue.notna(), None)[0] == answer


@pytest.mark.parametrize(("status", "ticked"), [("2", "0"), ("", None)])
def test_a_single_choice_counts_only_where_its_form_was_opened(status, ticked, tmp_path):
    items = {"oats": Item("food___oats")}
    rows = frame(extract_of(f"id,food___oats,form_complete\n1,0,{status}\n", tmp_path, items=items))
    assert rows.oats.astype(object).where(rows.oats.notna(), None)[0] == ticked


def test_the_first_named_column_is_the_participant_under_any_name(tmp_path):
    rows = frame(extract_of("study_id,stress,diary_complete\n331-1,4,2\n", tmp_path))
    assert rows.participant.tolist() == ["331-1"]
    rows = frame(extract_of('"",record_id,stress,diary_complete\n1,AA,4,2\n', tmp_path))
    assert rows.participant.tolist() == ["AA"]


def test_rows_are_told_apart_by_what_is_filled(tmp_path):
    text = (
        "id,redcap_repeat_instrument,redcap_repeat_instance,parity,base_complete,date,stress,diary_complete,"
        "started_at,volume_ml,pump_type,log_complete\n"
        "1,,,first_birth,2,,,,,,,\n"
        "1,diary,1,,,2026-02-01,4,2,,,,\n"
        "1,diary,2,,,,4,2,,,,\n"
        "1,diary,3,,,2026-02-01,,2,,,,\n"
        "1,log,1,,,,,,2026-02-01 06:10,50,,2\n"
        "1,log,2,,,,,,,50,,2\n"
        "1,log,3,,,,,,,,manual,2\n"
        "1,log,4,,,,,,,,,0\n"
    )
    kinds = frame(extract_of(text, tmp_path)).kind.tolist()
    assert kinds == ["baseline", "day", "day", "other", "session", "session", "session", "other"]


def test_a_survey_that_was_not_completed_has_no_time(tmp_path):
    text = "id,diary_timestamp,stress,diary_complete\n1,[not completed],4,0\n2,2026-02-01 20:00:00,5,2\n"
    rows = frame(extract_of(text, tmp_path, items={"date": Item("diary_timestamp")}))
    assert rows.date.fillna("").tolist() == ["", "2026-02-01 20:00:00"]
    assert rows.kind.tolist() == ["baseline", "day"]


def test_identifiers_of_the_dictionary_are_dropped_but_times_are_used_first(tmp_path):
    (tmp_path / "dictionary.csv").write_text(
        "field_name,form_name,identifier\nid,form,y\nborn,form,y\nward,form,y\ndate,form,y\nstress,form,\n"
    )
    text = "id,born,ward,date,stress,form_complete\n1,2026-01-20,Ward 9,2026-02-01,4,2\n"
    extract = extract_of(
        text, tmp_path, dictionary="dictionary.csv", birth_date="born", items={"cohort": Item("ward")}
    )
    rows = frame(extract)
    assert extract.dropped_identifiers == ("ward",)
    assert extract.warnings == ("column 'ward' is marked as an identifier and was not used",)
    assert rows[["participant", "birth_date", "date"]].values.tolist() == [["1", "2026-01-20", "2026-02-01"]]
    assert "cohort" not in rows


def test_a_dictionary_that_is_missing_or_none_is_an_error(tmp_path):
    text = "id,stress,form_complete\n1,4,2\n"
    with pytest.raises(InputError, match="not there"):
        extract_of(text, tmp_path, dictionary="nowhere.csv")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no data dictionary"):
        extract_of(text, tmp_path, dictionary="other.csv")


def test_our_own_names_in_a_redcap_export_leave_it_to_this_reader(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("participant_id,date,stress,diary_complete\nA,2026-02-01,3,2\n")
    found = readers.identify(path)
    assert found is not None
    assert found[0].name == "redcap"


def test_each_form_may_have_its_own_column_for_the_same_answer(tmp_path):
    text = (
        "id,redcap_repeat_instrument,redcap_repeat_instance,day_a,stress,diary_complete,day_b,pss4_sum,pss4_complete\n"
        "1,diary,1,2026-02-01,4,2,,,\n"
        "1,pss4,1,,,,2026-02-02,11,2\n"
        "1,pss4,2,,,,,12,2\n"
    )
    items = {"date": Item("day_a", others=("day_b",)), "stress": Item("stress", others=("pss4_sum",))}
    rows = frame(extract_of(text, tmp_path, items=items))
    assert rows.date.fillna("").tolist() == ["2026-02-01", "2026-02-02", ""]
    assert rows.stress.tolist() == ["4", "11", "12"]
    assert rows.instrument.tolist() == ["diary", "pss4", "pss4"]
    assert rows.kind.tolist() == ["day"] * 3 and rows.problem_code.isna().all()


def test_two_columns_for_one_answer_filled_in_one_row_are_a_problem_and_none_is_lost_in_silence(tmp_path):
    items = {"stress": Item("stress", others=("tension",))}
    text = "id,stress,tension,form_complete\n1,4,,2\n2,4,7,2\n"
    rows = frame(extract_of(text, tmp_path, items=items))
    assert rows.problem_code.fillna("").tolist() == ["", "several_answers"]
    assert rows.problem_field.fillna("").tolist() == ["", "stress"]


def test_a_column_that_the_dictionary_bars_leaves_the_other_ones_of_its_item(tmp_path):
    (tmp_path / "dictionary.csv").write_text(
        "field_name,form_name,identifier\nid,form,\nward,form,y\narm,form,\n"
    )
    items = {"cohort": Item("ward", others=("arm",))}
    text = "id,ward,arm,stress,form_complete\n1,Ward 9,B,4,2\n"
    extract = extract_of(text, tmp_path, dictionary="dictionary.csv", items=items)
    assert frame(extract).cohort.tolist() == ["B"] and extract.dropped_identifiers == ("ward",)


def test_undated_answers_of_two_visits_are_no_repeats_of_each_other(tmp_path, monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
    header = "record_id,redcap_event_name,redcap_repeat_instance,stress,diary_complete\n"
    rows = ["1,week_1_arm_1,1,4,2", "1,week_2_arm_1,1,4,2", "1,week_2_arm_1,2,4,2", "1,week_2_arm_1,2,4,2"]
    store = tmp_path / "s.duckdb"
    counts = run.ingest([write(tmp_path, "a.csv", *rows, header=header)], store=store).total
    assert (counts.accepted, counts.duplicate) == (3, 1)
    again = run.ingest([write(tmp_path, "b.csv", *rows, "1,week_3_arm_1,1,4,2", header=header)], store=store)
    assert (again.total.accepted, again.total.duplicate) == (1, 4)
    assert len(table(store, "responses")) == 4


def test_dated_answers_are_repeats_whatever_the_visit_is_called(tmp_path, monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
    header = "record_id,redcap_event_name,date,stress,diary_complete\n"
    rows = ["1,week_1_arm_1,2026-02-01,4,2", "1,Week 1,2026-02-01,4,2"]
    counts = run.ingest([write(tmp_path, "a.csv", *rows, header=header)], store=tmp_path / "s.duckdb").total
    assert (counts.accepted, counts.duplicate) == (1, 1)


DICTIONARY = '"Variable / Field Name","Form Name","Field Type","Field Label",Identifier?\n'


@pytest.mark.parametrize(
    ("fields", "used"),
    [
        ("record_id,base,text,ID,\nparity,base,text,Phone,y\nhello,base,descriptive,Welcome,\n", True),
        ("other,base,text,ID,y\n", False),
    ],
)
def test_a_dictionary_beside_an_export_is_used_where_its_fields_are_columns(
    fields, used, tmp_path, monkeypatch
):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
    write(tmp_path, "a.csv", "1,first_birth,4,2", header="record_id,parity,stress,base_complete\n")
    write(tmp_path, "Pilot_DataDictionary_2026-01-02.csv", fields, header=DICTIONARY)
    ledger = run.ingest([tmp_path], store=tmp_path / "s.duckdb")
    assert ledger.files[0].dropped_identifiers == (("parity",) if used else ())
    assert {row["factor"] for row in table(tmp_path / "s.duckdb", "responses")} == (
        {"stress"} if used else {"stress", "parity"}
    )
    assert len(ledger.not_read) == (0 if used else 1)
    (tmp_path / "study.toml").write_text('[[source]]\nfiles = "a.csv"\n')
    ledger = run.ingest([tmp_path], tmp_path / "study.toml", tmp_path / "t.duckdb")
    assert len(ledger.not_read) == (0 if used else 1)


NAMESAKE = (
    "id,dob,parity,pcos,base_complete\nM01,2026-01-20,1,0,2\nM02,2026-01-23,2,1,2\nM03,2026-01-24,{},0,2\n"
)


def test_a_column_that_only_shares_a_factors_name_is_not_used_and_the_rest_of_its_rows_lives(tmp_path):
    extract = extract_of(NAMESAKE.format("2"), tmp_path, birth_date="column:dob")
    rows = frame(extract)
    assert "parity" not in rows
    assert rows.kind.tolist() == ["baseline"] * 3
    assert rows.birth_date.tolist() == ["2026-01-20", "2026-01-23", "2026-01-24"]
    assert rows.pcos.tolist() == ["0", "1", "0"]
    why = "none of its 3 values is one of our levels; map it in [source.items]"
    assert f"not used: parity: {why}" in extract.warnings
    assert "parity" in extract.unused_columns
    assert [each.reason for each in extract.columns if each.column == "parity"] == [why]


@pytest.mark.parametrize(("cell", "items"), [("first_birth", {}), ("2", {"parity": Item("parity")})])
def test_a_column_with_readable_values_or_named_in_the_study_file_keeps_its_unreadable_ones(
    cell, items, tmp_path
):
    extract = extract_of(NAMESAKE.format(cell), tmp_path, birth_date="column:dob", items=items)
    assert frame(extract).parity.tolist() == ["1", "2", cell]
    assert not [note for note in extract.warnings if note.startswith("not used")]


def test_the_ledger_and_a_look_beforehand_tell_of_a_column_that_only_shares_a_factors_name(tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(NAMESAKE.format("2"))
    (look,) = run.inspect(path)
    assert look.outcome is not None
    assert any(note.startswith("not used: parity: none of its 3 values") for note in look.outcome.warnings)
    assert (look.outcome.counts.accepted, look.outcome.counts.quarantined) == (3, 0)


@pytest.mark.parametrize(
    ("labels", "read"),
    [
        ("1, First birth | 2, Later birth", ["first_birth", "later_birth", "later_birth"]),
        ("1, Erstes Kind | 2, Weiteres Kind", None),
    ],
)
def test_labels_in_the_dictionary_decide_what_codes_are(labels, read, tmp_path):
    (tmp_path / "dictionary.csv").write_text(
        "Variable / Field Name,Form Name,Field Type,Field Label,"
        '"Choices, Calculations, OR Slider Labels",Identifier?\n'
        f'id,base,text,Id,,\nparity,base,radio,Births,"{labels}",\n'
    )
    options = {"birth_date": "column:dob", "dictionary": str(tmp_path / "dictionary.csv")}
    rows = frame(extract_of(NAMESAKE.format("2"), tmp_path, **options))
    assert (rows.parity.tolist() if read else "parity" in rows) == (read or False)


def test_a_code_labelled_with_words_of_another_language_is_not_read_as_yes():
    pcos = load_codebook().factors["pcos"]
    assert level_recode(pcos, {"1": "nein", "2": "ja"}, {})["1"] == "nein"
    assert "1" not in level_recode(pcos, {"0": "nein", "1": "ja"}, {})
