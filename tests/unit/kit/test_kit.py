"""The study kit's forms, data dictionary and workbook follow the codebook, the settings and REDCap's own rules."""

import csv
import io
import re

import openpyxl
import pytest

from pipelines.codebook import load_codebook
from pipelines.kit.forms import asked_of, load_kit
from pipelines.kit.redcap import dictionary, export_columns, form_fields
from pipelines.kit.tables import answers, columns, sheets, validation, workbook
from pipelines.settings import load_settings
from pipelines.study import load_study

# What REDCap accepts as a variable's name: https://help.redcap.ualberta.ca, "Variable names".
VARIABLE = re.compile(r"[a-z](?:[a-z0-9]|_(?!_))*[a-z0-9]")
LONGEST_VARIABLE = 26
LONGEST_LIST = 255


def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(dictionary(load_kit()))))


def line(name: str) -> dict[str, str]:
    [found] = [each for each in lines() if each["Variable / Field Name"] == name]
    return found


def test_every_factor_stands_in_the_form_of_its_first_level():
    codebook = load_codebook()
    grains = {"session_log": "session", "daily_diary": "day", "baseline": "person"}
    for form in load_kit().own:
        for asked in form.fields:
            if asked.column in codebook.factors:
                assert codebook.factors[asked.column].grains[0] == grains[form.name]


def test_every_factor_is_asked_once_or_has_a_reason_not_to_be():
    codebook = load_codebook()
    own = [asked.column for form in load_kit().own for asked in form.fields]
    asked = [column for column in own if column in codebook.factors]
    scored = {each.factor for each in codebook.instruments.values()}
    assert len(asked) == len(set(asked))
    left = set(codebook.factors) - set(asked) - scored
    assert left == {
        each.id
        for each in codebook.factors.values()
        if each.derived or each.role == "placebo" or each.id in ("warm_massage", "infant_weight_loss_percent")
    }


def test_a_factor_that_is_left_out_of_the_forms_is_not_asked():
    names = [each.id for each in asked_of(load_codebook(), "session", {"setting": "a reason"})]
    assert "setting" not in names and "warm_massage" in names


def test_the_dictionary_has_the_columns_of_a_download_and_starts_with_the_record():
    assert len(lines()[0]) == 18
    first = lines()[0]
    assert (first["Variable / Field Name"], first["Identifier?"]) == ("record_id", "y")


def test_variable_names_are_unique_and_such_as_redcap_takes():
    names = [each["Variable / Field Name"] for each in lines()]
    assert len(names) == len(set(names))
    for name in names:
        assert VARIABLE.fullmatch(name) and len(name) <= LONGEST_VARIABLE, name


def test_forms_stand_together():
    forms = [each["Form Name"] for each in lines()]
    assert len(set(forms)) == sum(1 for at, form in enumerate(forms) if at == 0 or forms[at - 1] != form)


def test_choices_are_the_codebooks_levels():
    found = line("pump_type")
    listed = [each.split(", ", 1) for each in found["Choices, Calculations, OR Slider Labels"].split(" | ")]
    levels = load_codebook().factors["pump_type"].levels
    assert (found["Field Type"], listed) == ("radio", [[level.code, level.label] for level in levels])


def test_no_label_holds_the_sign_that_parts_choices():
    for form in load_kit().own:
        for asked in form.fields:
            assert not any("|" in level.label for level in asked.levels)


@pytest.mark.parametrize(
    ("name", "kind", "low", "high"),
    [
        ("volume_left_ml", "number", "0", f"{load_settings()['limits.one_breast_reject_ml']:g}"),
        ("volume_ml", "number", "0", f"{load_settings()['limits.both_breasts_reject_ml']:g}"),
        ("stress", "integer", "0", "10"),
        ("sleep_hours", "number", "0", "24"),
        ("pss4_total", "integer", "0", "16"),
        ("epds_total", "number", "0", "30"),
    ],
)
def test_numbers_have_the_limits_of_settings_and_codebook(name, kind, low, high):
    found = line(name)
    shown = (
        found["Text Validation Type OR Show Slider Number"],
        found["Text Validation Min"],
        found["Text Validation Max"],
    )
    assert shown == (kind, low, high)


def test_a_volume_is_asked_only_where_something_came():
    assert line("volume_ml")["Branching Logic (Show field only if...)"] == "[tried_nothing_came] <> '1'"
    assert line("suction_level")["Branching Logic (Show field only if...)"] == "[pump_type] <> 'hand_only'"


def test_dates_and_codes_are_marked_as_identifiers_and_answers_are_not():
    marked = {each["Variable / Field Name"] for each in lines() if each["Identifier?"] == "y"}
    assert {"record_id", "birth_date", "started_at", "diary_date", "epds_date"} <= marked
    assert not marked & {*load_codebook().factors, "volume_ml", "cohort"}


def test_techniques_are_one_list_of_ticks():
    found = line("techniques")
    assert (
        found["Field Type"] == "checkbox"
        and "warm_compress, " in found["Choices, Calculations, OR Slider Labels"]
    )
    log = next(form for form in load_kit().own if form.name == "session_log")
    assert "techniques___warm_compress" in export_columns(log)
    assert "warm_compress" not in {field.name for field in form_fields(log)}


def test_a_question_whose_answers_are_not_yes_and_no_keeps_its_own_words():
    assert line("pcos")["Field Type"] == "yesno"
    for form in load_kit().own:
        for field, asked in ((line(each.name), each) for each in form.fields if each.kind == "yes_no"
                             and not (form.ticks and each.column in form.ticks.columns)):  # fmt: skip
            plain = [level.label for level in asked.levels] == ["No", "Yes"]
            assert (field["Field Type"] == "yesno") == plain


def test_drop_down_lists_fit_into_a_spreadsheets_limit():
    for form in sheets(load_kit()):
        for asked in columns(form):
            check = validation(asked)
            if asked.levels:
                assert check is not None and len(check.formula1) - 2 <= LONGEST_LIST, asked.column


def test_the_workbook_has_a_sheet_for_each_form_and_one_that_explains_every_column():
    kit = load_kit()
    book = openpyxl.load_workbook(io.BytesIO(workbook(kit)))
    assert book.sheetnames == ["Columns", *(form.title for form in sheets(kit))]
    told = {(row[0].value, row[1].value) for row in book["Columns"].iter_rows(min_row=2) if row[1].value}
    assert told == {(form.title, asked.column) for form in sheets(kit) for asked in columns(form)}
    log = book["Session log"]
    head = [cell.value for cell in log[1]]
    lists = {
        str(check.sqref): check.formula1
        for check in log.data_validations.dataValidation
        if check.type == "list"
    }
    letter = openpyxl.utils.get_column_letter(head.index("tried_nothing_came") + 1)
    assert lists[f"{letter}2:{letter}10000"] == '"no,yes"'


def test_answers_are_said_in_words():
    named = {each.column: each for form in sheets(load_kit()) for each in columns(form)}
    assert answers(named["stress"]) != "text"
    assert answers(named["started_at"]) == "yyyy-mm-dd hh:mm"
    assert answers(named["sleep_hours"]) == "number, 0 to 24"
    assert "manual = Hand pump" in answers(named["pump_type"])


def test_the_study_file_is_one_that_the_product_reads(tmp_path):
    from pipelines.kit import write_kit

    write_kit(tmp_path / "kit")
    study = load_study(tmp_path / "kit" / "study.toml")
    assert [source.files for source in study.sources] == ["redcap/*.csv", "tables/*.xlsx", "tables/*.csv"]
    assert study.sources[0].items["stress"].columns[0] == "stress"
    assert "pss4_total" in study.sources[0].items["stress"].columns
