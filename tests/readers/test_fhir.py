"""FHIR: what is a row, whose it is, which milk is the mother's output, and breakages that are put up with."""

import json

import pytest

from pipelines.errors import InputError
from pipelines.readers import fhir
from pipelines.study import Item, SourceOptions
from tests.readers.samples import as_text, frame


def extract_of(resources, folder, **options):
    path = folder / "export.json"
    path.write_text(json.dumps(resources), encoding="utf-8")
    return fhir.read(path, SourceOptions(**options))


def response(items, **more):
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": {"reference": "Patient/M01"},
        "authored": "2026-02-01",
        "item": items,
        **more,
    }


def observation(**more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "s", "code": "out"}]},
        "subject": {"reference": "Patient/M01"},
        "effectiveDateTime": "2026-02-01T06:40:00+01:00",
        "valueQuantity": {"value": 60, "unit": "ml", "code": "mL"},
        **more,
    }


@pytest.mark.parametrize(
    ("answer", "cell"),
    [
        ({"valueInteger": 7}, "7"),
        ([{"valueDecimal": 7.5}], "7.5"),
        ([{"valueString": "7"}], "7"),
        ({"valueString": "7 points"}, "7"),
        ([{"valueQuantity": {"value": "7", "unit": "points"}}], "7"),
        ([{"valueCoding": {"code": "7", "display": "seven"}}], "7"),
        ("7", "7"),
        ([], ""),
        ([{"valueReference": {"reference": "Patient/M02"}}], ""),
    ],
)
def test_an_answer_is_read_in_any_of_its_forms(answer, cell, tmp_path):
    rows = frame(extract_of(response([{"linkId": "stress", "answer": answer}, _slept()]), tmp_path))
    found = as_text(rows).stress.tolist() if "stress" in rows else [""]
    assert found == [cell]


def _slept():
    return {"linkId": "sleep_hours", "answer": [{"valueDecimal": 6}]}


@pytest.mark.parametrize(
    ("reference", "person"),
    [
        ("Patient/M01", "M01"),
        ("https://example.org/r4/Patient/M01/_history/2", "M01"),
        ("urn:uuid:0c3151bd", "urn:uuid:0c3151bd"),
    ],
)
def test_a_reference_tells_the_person(reference, person, tmp_path):
    found = response([_slept()], subject={"reference": reference, "display": "Zoë Example"})
    assert frame(extract_of(found, tmp_path)).participant.tolist() == [person]


def test_a_reference_with_names_becomes_a_code(tmp_path):
    search = {"reference": "Patient?family=Example&given=Zoë&birthdate=1990-01-01"}
    extract = extract_of(
        [response([_slept()], subject=search), response([_slept()], subject=search)], tmp_path
    )
    first, second = frame(extract).participant
    assert first == second
    assert "Example" not in first and "1990" not in first
    assert any("references that hold names" in note for note in extract.warnings)


def test_only_milk_expressed_by_the_studys_codes_is_a_session(tmp_path):
    intake = observation(code={"coding": [{"system": "http://snomed.info/sct", "code": "819975003"}]})
    resources = [observation(id="a"), intake, {"resourceType": "Patient", "name": [{"family": "Example"}]}]
    extract = extract_of(resources, tmp_path, expressed_codes=("s|out",))
    rows = as_text(frame(extract))
    assert rows.kind.tolist() == ["session", "other", "other"]
    assert rows[["started_at", "volume_total", "source_session_id"]].values.tolist()[0] == [
        "2026-02-01T06:40:00+01:00",
        "60 ml",
        "a",
    ]
    assert any("not the mother's output" in note for note in extract.warnings)
    assert frame(extract_of(resources, tmp_path)).kind.tolist() == ["other"] * 3
    assert "Example" not in rows.to_csv()


def test_unfinished_responses_follow_the_study_files_rule(tmp_path):
    begun = response([_slept()], status="in-progress")
    assert frame(extract_of(begun, tmp_path)).kind.tolist() == ["day"]
    assert frame(extract_of(begun, tmp_path, unfinished="left_out")).kind.tolist() == ["other"]


def test_questions_are_known_by_link_or_text_and_one_choice_by_its_code(tmp_path):
    items = [
        {"linkId": "q1", "text": "How did\nyou sleep?", "answer": [{"valueDecimal": 6}]},
        {"linkId": "q2", "answer": [{"valueCoding": {"code": "a"}}, {"valueCoding": {"code": "b"}}]},
    ]
    asked = {
        "sleep_hours": Item("How did you sleep?"),
        "blocked_duct": Item("q2___b"),
        "oats": Item("q2___c"),
    }
    rows = as_text(frame(extract_of(response(items), tmp_path, items=asked)))
    assert rows[["sleep_hours", "blocked_duct", "oats"]].values.tolist() == [["6", "1", "0"]]


def test_a_file_of_another_form_needs_none_of_the_study_files_columns(tmp_path):
    extract = extract_of({"resourceType": "Patient"}, tmp_path, items={"stress": Item("q1")})
    assert frame(extract).kind.tolist() == ["other"]


def test_lines_are_read_one_by_one_and_a_broken_one_is_kept(tmp_path):
    path = tmp_path / "export.ndjson"
    path.write_text(f'{json.dumps(response([_slept()]))}\n\n{{"resourceType": "Obs\n{{}}\n')
    rows = as_text(frame(fhir.read(path, SourceOptions())))
    assert rows.problem_code.tolist() == ["", "broken_json", "no_resource"]


@pytest.mark.parametrize("text", ['{"resourceType": "Bundle", "entry": [', "[" * 50_000 + '"resourceType":'])
def test_text_that_is_no_json_is_refused_in_words(text, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"export\.json"):
        fhir.read(path, SourceOptions())


def test_one_page_of_several_is_noticed(tmp_path):
    bundle = {
        "resourceType": "Bundle",
        "link": [{"relation": "next", "url": "https://example.org/page2"}],
        "entry": [{"resource": response([_slept()])}],
    }
    assert any("one page of several" in note for note in extract_of(bundle, tmp_path).warnings)
