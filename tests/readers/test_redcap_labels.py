"""REDCap exports with labels: turned back into codes and names where that is certain, said where it is not."""

import pytest

from pipelines import run
from pipelines.readers import redcap
from pipelines.study import Item, SourceOptions
from tests.end_to_end.stores import KEY, table
from tests.readers.samples import as_text, frame

DICTIONARY = (
    '"Variable / Field Name","Form Name","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels",Identifier?\n'
    'study_id,intake,text,"Study ID",,\n'
    'family,intake,text,"Family name",,y\n'
    'birthmode,intake,radio,"How was your baby <b>born</b>?","1, Vaginal|2, Planned caesarean | 3, Urgent caesarean",\n'
    'trouble,intake,checkbox,"Trouble (select all)","1, Tender lump|2, Redness",\n'
    'twins,intake,yesno,"Twins",,\n'
    'dd_day,diary,text,"Day",,\n'
    'dd_tense,diary,text,"How tense?",,\n'
    'dd_again,diary,text,"How tense?",,\n'
)
HEADER = (
    '"Study ID","Event Name","Repeat Instrument","Repeat Instance","Family name","How was your baby born?",'
    '"Trouble (select all) (choice=Tender lump)","Trouble (select all) (choice=Redness)",Twins,Complete?,'
    'Day,"How tense?","How tense?",Complete?\n'
)
ROWS = (
    "M01,Study,,,Example,Planned caesarean,Checked,Unchecked,Yes,Complete,,,,\n"
    "M02,Study,,,Example,Something else,Unchecked,Unchecked,No,,,,,\n"
    "M01,Study,Diary,1,,,,,,,2026-02-01,7,3,Complete\n"
)
ITEMS = {
    "birth_mode": Item("birthmode"),
    "blocked_duct": Item("trouble___1"),
    "multiple_birth": Item("twins"),
    "date": Item("dd_day"),
    "stress": Item("dd_tense"),
    "fatigue": Item("dd_again"),
}


def extract_of(text: str, folder, **options):
    (folder / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    path = folder / "labels.csv"
    path.write_text(text, encoding="utf-8")
    return redcap.read(path, SourceOptions(**options))


def test_labels_become_names_and_codes_with_the_dictionary(tmp_path):
    extract = extract_of(HEADER + ROWS, tmp_path, dictionary="dictionary.csv", items=ITEMS)
    rows = as_text(frame(extract))
    assert rows.birth_mode.tolist() == ["caesarean_planned", "Something else", ""]
    assert rows.blocked_duct.tolist() == ["1", "", ""]  # the second form was never opened
    assert rows.multiple_birth.tolist() == ["yes", "no", ""]
    assert rows[["stress", "fatigue"]].values.tolist()[2] == ["7", "3"]
    assert rows.instrument.tolist() == ["", "", "diary"]
    assert rows.kind.tolist() == ["baseline", "baseline", "day"]
    assert extract.facts["export"] == "labels"
    assert extract.dropped_identifiers == ("family",)
    assert (
        "1 answer(s) of birthmode are neither a code nor a label of the data dictionary" in extract.warnings
    )


def test_without_a_dictionary_wordings_are_the_names(tmp_path):
    items = {
        "birth_mode": Item("How was your baby born?"),
        "blocked_duct": Item("Trouble (select all)___Tender lump"),
        "fatigue": Item("How tense? (2)"),
    }
    extract = extract_of(HEADER + ROWS, tmp_path, items=items)
    rows = as_text(frame(extract))
    assert rows.participant.tolist() == ["M01", "M02", "M01"]
    assert rows.birth_mode.tolist()[0] == "caesarean_planned"
    assert rows.blocked_duct.tolist() == ["1", "", ""]
    assert rows.fatigue.tolist() == ["", "", "3"]
    assert any("the raw export is the safe one" in note for note in extract.warnings)


def test_checkbox_labels_and_codes_beside_raw_names_are_read_too(tmp_path):
    text = (
        "study_id,birthmode,trouble___1,trouble___2,twins,intake_complete\n"
        "M01,Urgent caesarean,Tender lump,,No,Complete\nM02,1,,,1,Unverified\n"
    )
    items = {"birth_mode": Item("birthmode"), "blocked_duct": Item("trouble___1")}
    rows = as_text(frame(extract_of(text, tmp_path, dictionary="dictionary.csv", items=items)))
    assert rows.birth_mode.tolist() == ["caesarean_urgent", "vaginal"]
    assert rows.blocked_duct.tolist() == ["1", ""]


def test_choices_of_the_dictionary_that_are_our_levels_need_no_recoding(tmp_path):
    text = "study_id,birthmode,intake_complete\nM01,2,2\n"
    items = {"birth_mode": Item("birthmode")}
    rows = as_text(frame(extract_of(text, tmp_path, dictionary="dictionary.csv", items=items)))
    assert rows.birth_mode.tolist() == ["caesarean_planned"]
    stated = {"birth_mode": Item("birthmode", {"Planned caesarean": "vaginal"})}
    rows = as_text(frame(extract_of(text, tmp_path, dictionary="dictionary.csv", items=stated)))
    assert rows.birth_mode.tolist() == ["vaginal"]


def test_the_access_group_can_be_the_cohort(tmp_path):
    text = "record_id,redcap_data_access_group,parity,form_complete\n331-1,site_a,first_birth,2\n"
    extract = extract_of(text, tmp_path)
    assert "redcap_data_access_group" in extract.unused_columns
    rows = as_text(frame(extract_of(text, tmp_path, items={"cohort": Item("redcap_data_access_group")})))
    assert rows.cohort.tolist() == ["site_a"]


RAW = (
    "study_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,family,birthmode,trouble___1,"
    "trouble___2,twins,intake_complete,dd_day,dd_tense,dd_again,diary_complete\n"
    "M01,intake_arm_1,,,Example,2,1,0,1,2,,,,\n"
    "M02,intake_arm_1,,,Other,1,0,0,0,2,,,,\n"
    "M01,deadline_to_opt_ou_arm_2,diary,1,,,,,,,,7,3,2\n"
    "M01,deadline_to_opt_ou_arm_2,diary,2,,,,,,,,7,3,2\n"
)
LABELS = HEADER + (
    "M01,Intake,,,Example,Planned caesarean,Checked,Unchecked,Yes,Complete,,,,\n"
    "M02,Intake,,,Other,Vaginal,Unchecked,Unchecked,No,Complete,,,,\n"
    "M01,Deadline to opt out of study (Arm 2: B),Diary,1,,,,,,,,7,3,Complete\n"
    "M01,Deadline to opt out of study (Arm 2: B),Diary,2,,,,,,,,7,3,Complete\n"
)
STUDY = """
[[source]]
files = "*.csv"

[source.items]
birth_mode = { column = "birthmode" }
multiple_birth = { column = "twins" }
stress = { column = "dd_tense" }
"""


def both_exports(folder, raw=RAW, labels=LABELS):
    """An ingest of a project exported in both ways, with its data dictionary beside them."""
    for name, text in {
        "a_raw.csv": raw,
        "b_labels.csv": labels,
        "Pilot_DataDictionary.csv": DICTIONARY,
        "study.toml": STUDY,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return run.ingest([folder], folder / "study.toml", folder / "s.duckdb")


def test_a_project_exported_raw_and_with_labels_counts_once_and_the_ledger_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
    raw, labels = both_exports(tmp_path).files
    assert "with the data dictionary Pilot_DataDictionary.csv beside it" in labels.reason
    assert (raw.counts.accepted, labels.counts.accepted, labels.counts.duplicate) == (4, 0, 4)
    assert any(note.startswith("4 rows repeat answers of the same records") for note in labels.warnings)
    assert len(table(tmp_path / "s.duckdb", "responses")) == 6


def test_another_answer_or_another_instance_in_the_export_with_labels_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
    other = LABELS.replace("Diary,2,,,,,,,,7", "Diary,3,,,,,,,,7").replace("Vaginal", "Urgent caesarean")
    _, labels = both_exports(tmp_path, labels=other).files
    assert (labels.counts.accepted, labels.counts.duplicate) == (2, 2)


def test_events_whose_labels_begin_alike_are_kept_apart(tmp_path):
    text = HEADER + (
        "M01,Deadline to opt out of study,Diary,1,,,,,,,,7,3,Complete\n"
        "M01,Deadline to opt out of treatment,Diary,1,,,,,,,,7,3,Complete\n"
        "M01,Week 1,Diary,1,,,,,,,,7,3,Complete\n"
    )
    rows = frame(extract_of(text, tmp_path, dictionary="dictionary.csv", items={"stress": Item("dd_tense")}))
    assert rows.occasion.tolist() == [
        "Deadline to opt out of study|diary|1",
        "Deadline to opt out of treatment|diary|1",
        "week_1_arm_1|diary|1",
    ]


@pytest.mark.parametrize("named", [True, False])
def test_a_data_dictionary_is_never_read_as_an_export(named, tmp_path, monkeypatch):
    monkeypatch.setenv("LACTOSCOPE_KEY", KEY)
    (tmp_path / "form.csv").write_text("id,parity,base_complete\nM01,first_birth,2\n", encoding="utf-8")
    (tmp_path / "DataDictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    paths = [tmp_path / "form.csv", tmp_path / "DataDictionary.csv"] if named else [tmp_path]
    ledger = run.ingest(paths, store=tmp_path / "s.duckdb")
    assert [each.name for each in ledger.files] == ["form.csv"]
    assert [each.reason.split(":")[0] for each in ledger.not_read] == ["a data dictionary of REDCap"]
