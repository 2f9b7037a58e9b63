"""The study file: its keys, and one line for whatever is wrong with it."""

import pytest

from pipelines.errors import InputError
from pipelines.study import Item, default_study, load_study

WHOLE = """
[study]
name = "Pilot"
timezone = "Europe/London"
outcome = "low_output"
low_output_ml = 20
cohort = "group"
synthetic = true
[privacy]
minimum_cell = 11
pseudonym_key = "env:MY_KEY"
[review]
distress_protocol = true
[[source]]
files = "logs/*.csv"
participant = "folder_name"
units = "oz"
zero = "not_measured"
date_order = "DMY"
centre = "North"
missing_codes = [-999, "UNK"]
[[source]]
files = "redcap.csv"
reader = "redcap"
participant = "column:record_id"
birth_date = "column:delivery_date"
dictionary = "dictionary.csv"
[source.items]
stress = { column = "pss4_total" }
flange_fit = { column = "flange", recode = { "1" = "too_small", "2" = "good" } }
"""


def load(tmp_path, text: str):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(path)


def test_every_key_of_a_study_file_is_read(tmp_path):
    study = load(tmp_path, WHOLE)
    assert (study.name, study.timezone, study.outcome, study.low_output_ml) == (
        "Pilot",
        "Europe/London",
        "low_output",
        20,
    )
    assert (study.cohort, study.synthetic, study.minimum_cell) == ("group", True, 11)
    assert (study.pseudonym_key, study.distress_protocol) == ("env:MY_KEY", True)
    logs, redcap = study.sources
    assert (logs.participant, logs.units, logs.zero, logs.date_order) == (
        "folder_name",
        "oz",
        "not_measured",
        "DMY",
    )
    assert (logs.centre, logs.missing_codes) == ("North", ("-999", "UNK"))
    assert (redcap.reader, redcap.participant, redcap.birth_date) == (
        "redcap",
        "column:record_id",
        "delivery_date",
    )
    assert redcap.items["stress"] == Item("pss4_total")
    assert redcap.items["flange_fit"].recode == {"1": "too_small", "2": "good"}


def test_an_empty_study_file_says_the_same_as_none(tmp_path):
    study, bare = load(tmp_path, ""), default_study()
    assert (study.outcome, study.sources, study.minimum_cell) == (
        bare.outcome,
        bare.sources,
        bare.minimum_cell,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[study]\nnaem = "x"', "naem"),
        ('[studdy]\nname = "x"', "studdy"),
        ("[study]\nname = 3", "name"),
        ('[study]\noutcome = "milk"', "outcome"),
        ('[study]\ntimezone = "London"', "timezone"),
        ('[study]\nlow_output_ml = "15"', "low_output_ml"),
        ("[study]\nlow_output_ml = 0", "low_output_ml"),
        ("[privacy]\nminimum_cell = 0", "minimum_cell"),
        ("[privacy]\nminimum_cell = 4", "minimum_cell: must be at least 5"),
        ("[privacy]\nminimum_cell = true", "minimum_cell"),
        ('[[source]]\nunits = "cups"', "units"),
        ('[[source]]\nparticipant = "name"', "participant"),
        ('[[source]]\ndate_order = "YMD"', "date_order"),
        ('[[source]]\nzero = "no"', "zero"),
        ('[[source]]\n[source.items]\nstress = "pss"', "stress"),
        ('[[source]]\n[source.items]\nstress = { columns = "pss" }', "stress"),
        ('[[source]]\nfile = "x"', "file"),
        ("[study", "TOML"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_that_names_file_and_key(tmp_path, text, words):
    with pytest.raises(InputError) as error:
        load(tmp_path, text)
    message = str(error.value)
    assert message.startswith("study.toml: ") and words in message and "\n" not in message


def test_a_missing_study_file_is_told(tmp_path):
    with pytest.raises(InputError, match="no such study file"):
        load_study(tmp_path / "none.toml")


def test_an_item_may_name_several_columns(tmp_path):
    study = load(tmp_path, '[[source]]\n[source.items]\ndate = { column = ["diary_date", "visit_date"] }')
    assert study.sources[0].items["date"].columns == ("diary_date", "visit_date")


@pytest.mark.parametrize("column", ["[]", '["a", 3]', "3"])
def test_columns_of_an_item_are_names(tmp_path, column):
    with pytest.raises(InputError, match="stress"):
        load(tmp_path, f"[[source]]\n[source.items]\nstress = {{ column = {column} }}")


PLAN = """
[study]
outcome = "low_output"
low_output_ml = 20
[plan]
factors = ["stress", "flange_fit"]
registered = "osf.io/abcde"
"""


def planned(tmp_path, text=PLAN):
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    return load_study(path).plan


def test_a_plan_takes_outcome_and_limit_from_the_study_and_adjustment_from_the_codebook(tmp_path):
    plan = planned(tmp_path)
    assert (plan.outcome, plan.low_output_ml, plan.factors) == ("low_output", 20, ("flange_fit", "stress"))
    assert "day_postpartum" in plan.adjustment["stress"] and not plan.exact
    assert plan.registered == "osf.io/abcde"


def test_the_hash_of_a_plan_hangs_on_what_it_fixes_and_not_on_the_order_of_its_lines(tmp_path):
    plan = planned(tmp_path)
    assert (
        planned(tmp_path, PLAN.replace('"stress", "flange_fit"', '"flange_fit", "stress"')).hash == plan.hash
    )
    for old, new in (("= 20", "= 30"), (', "flange_fit"', ""), ("[plan]", '[plan]\nadjustment = ["parity"]')):
        assert planned(tmp_path, PLAN.replace(old, new)).hash != plan.hash


@pytest.mark.parametrize(
    "line, words",
    [
        ("factor = []", "factor: is not a key"),
        ("adjustment = ['shoe_size']", "'shoe_size' is not a factor"),
        ("outcome = 'much_milk'", "outcome: must be one of"),
    ],
)
def test_a_plan_with_a_wrong_line_is_refused(tmp_path, line, words):
    with pytest.raises(InputError, match=words):
        planned(tmp_path, f"{PLAN}{line}\n")


def test_a_plan_without_factors_is_refused(tmp_path):
    with pytest.raises(InputError, match="at least one factor"):
        planned(tmp_path, "[plan]\noutcome = 'no_milk'\n")
