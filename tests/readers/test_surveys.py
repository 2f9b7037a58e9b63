"""Qualtrics, KoBoToolbox, Google Forms: whose rows they are, what is left out, several answers in one cell."""

import openpyxl
import pytest

from pipelines import readers
from pipelines.errors import InputError, Question
from pipelines.readers import google_forms, kobo, qualtrics
from pipelines.study import Item, SourceOptions
from tests.readers.samples import as_text, frame

QUALTRICS = "StartDate,EndDate,Status,Finished,RecordedDate,ResponseId,ExternalReference,Q1,stress\n"
DAY = "2026-02-01 20:15:09,2026-02-01 20:19:00"
END = "2026-02-01 20:19:01"


def written(text: str, folder):
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return path


def workbook(folder, sheets: dict[str, list[list]]):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / "export.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    "below", ["", "Start Date,End Date,Response Type,Finished,Recorded,ID,Ref,A question?,How tense\n"]
)
def test_qualtrics_tells_header_rows_from_responses(below, tmp_path):
    path = written(f"{QUALTRICS}{below}{DAY},0,1,{END},R_1,M01,2,7\n", tmp_path)
    rows = as_text(frame(qualtrics.read(path, SourceOptions())))
    assert rows[["source_row", "participant", "stress"]].values.tolist() == [["1", "M01", "7"]]


@pytest.mark.parametrize("status", ["1", "Survey Preview", "2", "8", "Spam"])
def test_qualtrics_previews_tests_and_spam_are_other_with_the_reason(status, tmp_path):
    path = written(f"{QUALTRICS}{DAY},{status},1,{END},R_1,M01,2,7\n{DAY},0,1,{END},R_2,M02,2,5\n", tmp_path)
    extract = qualtrics.read(path, SourceOptions())
    rows = as_text(frame(extract))
    assert rows.kind.tolist() == ["other", "day"]
    assert rows.participant.tolist() == ["", "M02"]
    assert any(note.startswith("1 row counted as other: ") for note in extract.warnings)


@pytest.mark.parametrize(("rule", "kind"), [("kept", "day"), ("left_out", "other")])
def test_unfinished_responses_follow_the_study_files_rule(rule, kind, tmp_path):
    path = written(f"{QUALTRICS}{DAY},0,False,{END},R_1,M01,,7\n{DAY},0,True,{END},R_2,M02,2,7\n", tmp_path)
    extract = qualtrics.read(path, SourceOptions(unfinished=rule))
    assert frame(extract).kind.tolist() == [kind, "day"]
    assert any("not finished" in note for note in extract.warnings)


def test_anonymous_responses_are_asked_about(tmp_path):
    path = written(f"{QUALTRICS}{DAY},0,1,{END},R_1,,2,7\n", tmp_path)
    with pytest.raises(Question, match="whose") as asked:
        qualtrics.read(path, SourceOptions())
    assert asked.value.key == "participant"
    assert {"column:Q1", "column:ResponseId", "file_name"} <= set(asked.value.choices)
    assert "column:stress" not in asked.value.choices
    rows = frame(qualtrics.read(path, SourceOptions(participant="column:ResponseId")))
    assert rows.participant.tolist() == ["R_1"]


def test_seen_but_not_answered_is_unknown(tmp_path):
    path = written(f"{QUALTRICS}{DAY},0,1,{END},R_1,M01,-99,-99\n", tmp_path)
    extract = qualtrics.read(path, SourceOptions())
    assert frame(extract).stress.isna().all()
    assert any(note.startswith("2 answer(s) of -99") for note in extract.warnings)


def test_a_choice_is_ticked_unticked_or_not_asked(tmp_path):
    rows = "".join(
        f"{DAY},0,1,{END},R_{n},M0{n},{cell},1\n" for n, cell in enumerate(['"1,14"', '"4,2"', "", "-99"])
    )
    items = {"blocked_duct": Item("Q1___4"), "engorgement": Item("Q1___14")}
    found = as_text(frame(qualtrics.read(written(QUALTRICS + rows, tmp_path), SourceOptions(items=items))))
    assert found.blocked_duct.tolist() == ["0", "1", "", ""]
    assert found.engorgement.tolist() == ["1", "0", "", ""]


def test_a_stated_utc_is_said_so_that_the_studys_clock_can_be_used(tmp_path):
    ids = ",".join('"{""ImportId"":""startDate"",""timeZone"":""UTC""}"' if n == 0 else "" for n in range(9))
    texts = ",".join(f"t{n}" for n in "abcdefghi")
    path = written(f"{QUALTRICS}{texts}\n{ids}\n{DAY},0,1,{END},R_1,M01,2,7\n", tmp_path)
    assert frame(qualtrics.read(path, SourceOptions())).date.tolist() == ["2026-02-01 20:15:09Z"]


KOBO = ["_id", "_uuid", "_submission_time", "_index"]


def test_kobo_repeats_take_person_and_day_from_their_submission(tmp_path):
    path = workbook(
        tmp_path,
        {
            "Diary 2026": [
                ["start", "mother/mother_id", "stress", *KOBO],
                ["2026-03-14T19:15:00-04:00", "M01", 7, 1, "u1", "2026-03-14T23:20:00", 1],
                ["2026-03-15T19:15:00-04:00", "M02", 2, 2, "u2", "2026-03-15T23:20:00", 2],
            ],
            "sessions": [
                ["started_at", "volume_ml", "_index", "_parent_table_name", "_parent_index"],
                ["2026-03-14 06:10", 95, 1, "Diary 2026", 1],
                ["2026-03-14 10:20", 60, 2, "Diary 2026", 1],
                ["2026-03-15 06:30", 0, 3, "Diary 2026", 2],
                ["2026-03-15 09:30", 10, 4, "Diary 2026", 9],
            ],
        },
    )
    with readers.scratch_space():
        parents, repeats = (readers.read(part.path) for part in readers.parts(path))
        rows = as_text(frame(repeats))
        assert as_text(frame(parents)).participant.tolist() == ["M01", "M02"]
    assert rows.participant.tolist() == ["M01", "M01", "M02", ""]
    assert rows.volume_total.tolist() == ["95", "60", "0", "10"]
    assert rows.kind.tolist() == ["session"] * 4
    assert "1 row(s) name no submission of this workbook" in repeats.warnings


def test_a_repeating_group_without_its_workbook_is_refused(tmp_path):
    path = written("started_at,volume_ml,_index,_parent_index\n2026-03-14 06:10,95,1,1\n", tmp_path)
    with pytest.raises(InputError, match="workbook"):
        kobo.read(path, SourceOptions())


@pytest.mark.parametrize("separator", ["/", "::", ".", "|"])
def test_kobo_groups_may_be_separated_by_anything(separator, tmp_path):
    columns = [separator.join(["mother", "pid"]), separator.join(["a", "b", "stress"]), *KOBO]
    path = written(";".join(columns) + "\nM01;7;1;u1;2026-03-14T23:20:00;1\n", tmp_path)
    rows = as_text(frame(kobo.read(path, SourceOptions())))
    assert rows[["participant", "stress", "date"]].values.tolist() == [["M01", "7", "2026-03-14T23:20:00Z"]]


def test_a_ticked_choice_with_the_name_of_a_number_is_not_that_number(tmp_path):
    header = ";".join(["pid", "problems", "problems/stress", "problems/engorgement", *KOBO])
    path = written(f"{header}\nM01;stress;1;0;1;u1;2026-03-14T23:20:00;1\n", tmp_path)
    rows = as_text(frame(kobo.read(path, SourceOptions())))
    assert "stress" not in rows
    assert rows.engorgement.tolist() == ["0"]


def test_a_sheet_of_form_responses_is_read_from_a_workbook(tmp_path):
    path = workbook(
        tmp_path,
        {
            "Form Responses 1": [
                ["Timestamp", "Study ID", "stress", "Did you have a tender lump today?\n(any side) "],
                ["2/13/2026 20:15:09", "M01", 7, "Yes"],
            ]
        },
    )
    question = Item("Did you have a tender lump today? (any side)")
    with readers.scratch_space():
        assert readers.identify(path)[0].name == "google_forms"
        part = readers.parts(path)[0]
        rows = as_text(frame(readers.read(part.path, SourceOptions(items={"blocked_duct": question}))))
    assert rows[["participant", "stress", "blocked_duct", "date"]].values.tolist() == [
        ["M01", "7", "yes", "2/13/2026 20:15:09"]
    ]


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        ("2026/02/01 8:15:09 PM GMT+1", "2026/02/01 8:15:09 PM +01:00"),
        ("2026/02/01 8:15:09 AM GMT-3:30", "2026/02/01 8:15:09 AM -03:30"),
        ("2026/02/01 8:15:09 PM EET", "2026/02/01 8:15:09 PM"),
        ("2026/02/01 8:15:09 PM", "2026/02/01 8:15:09 PM"),
    ],
)
def test_the_zone_behind_a_forms_time_is_an_offset_or_left_out(written_as, read_as, tmp_path):
    path = written(f"Timestamp,Study ID,stress,Anything else today?\n{written_as},M01,7,\n", tmp_path)
    assert frame(google_forms.read(path, SourceOptions())).date.tolist() == [read_as]


def test_a_sensors_table_that_begins_with_a_timestamp_is_no_form(tmp_path):
    path = written("Timestamp,Left,Right\n2026-02-01 06:10,40,35\n", tmp_path)
    assert google_forms.recognise(path) is None


def test_an_export_without_a_response_asks_nothing(tmp_path):
    """One that nobody answered yet must not keep the others out."""
    header = QUALTRICS.replace("ExternalReference,", "")
    assert frame(qualtrics.read(written(header, tmp_path), SourceOptions())).empty
    with pytest.raises(Question, match="no column says whose the answers are"):
        qualtrics.read(written(f"{header}{DAY},0,1,{END},R_1,2,7\n", tmp_path), SourceOptions())
