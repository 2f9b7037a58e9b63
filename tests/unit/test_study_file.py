"""Writing a study file: what is added can be read again, what stood in it stays."""

from pathlib import Path

import pytest

from pipelines.errors import InputError
from pipelines.study import Item, Questionnaire, SourceOptions, read_study
from pipelines.study_file import with_answer, with_settings, with_source

BEFORE = '# our pilot\n[study]\nname = "Pilot" # as in the protocol\n[[source]]\nfiles = "logs/*.csv"\n'
MAPPED = SourceOptions(
    files="",
    header="0123456789abcdef",
    units="oz",
    participant="column:Mother's code",
    birth_date="Delivered",
    missing_codes=("-99",),
    items={
        "started_at": Item("Date", time="Clock"),
        "kind": Item("Type", session=("Pump", "搾乳")),
        "duration_min": Item("Length", written="h:mm"),
        "anxiety": Item("worry_sum", instrument="gad2"),
        "flange_fit": Item('Fit "now"', recode={"1": "too_small"}),
    },
    answers="scored",
    questionnaires={"pss4": Questionnaire(("q1", "q2", "q3", "q4"), "as_printed", {"Never": "0"})},
)


def read(text: str):
    return read_study(text, Path("study.toml"))


def test_a_source_that_is_added_is_read_again_as_it_was():
    text = with_source(BEFORE, MAPPED)
    logs, mapped = read(text).sources
    assert mapped == MAPPED and logs.files == "logs/*.csv"
    assert text.startswith('# our pilot\n[study]\nname = "Pilot" # as in the protocol\n')


def test_a_mapping_of_the_same_header_takes_the_place_of_the_earlier_one():
    changed = SourceOptions(files="", header=MAPPED.header, items={"date": Item("Date")})
    assert read(with_source(with_source(BEFORE, MAPPED), changed)).sources[1:] == (changed,)


def test_an_answer_holds_for_its_files_until_it_is_given_anew():
    text = with_answer(BEFORE, ["a", "b"], "units", "oz")
    text = with_answer(text, ["b", "c"], "units", "ml")
    answered = {code: source.units for source in read(text).described for code in source.content}
    assert answered == {"a": "oz", "b": "ml", "c": "ml"}


def test_an_answer_to_something_else_leaves_the_first_one():
    text = with_answer(with_answer("", ["a"], "units", "oz"), ["a"], "date_order", "DMY")
    units, order = read(text).described
    assert (units.units, order.date_order) == ("oz", "DMY")


def test_an_answer_that_no_source_knows_is_refused():
    with pytest.raises(InputError, match="flavour"):
        with_answer("", ["a"], "flavour", "sweet")


def test_settings_are_set_and_taken_out():
    text = with_settings(BEFORE, {"outcome": "low_output", "minimum_cell": 12, "timezone": "Europe/Oslo"})
    text = with_settings(text, {"timezone": None})
    study = read(text)
    assert (study.outcome, study.minimum_cell, study.timezone, study.name) == (
        "low_output",
        12,
        None,
        "Pilot",
    )


def test_settings_that_no_study_may_have_are_refused():
    with pytest.raises(InputError, match="minimum_cell"):
        with_settings("", {"minimum_cell": 1})
