"""The thresholds load, explain themselves, agree with each other, and refuse damage."""

import re

import pytest

from pipelines import DATA
from pipelines.errors import DataFileError
from pipelines.settings import load_settings

GOOD = '[privacy.minimum_cell]\nvalue = 10\nunit = "people"\nreason = "few"\nsource = "assumed"\n'
LOOKED_UP = re.compile(r"""(?:settings|load_settings\(\))(?:\[|\.explain\()\s*f?"([a-z_]+\.[a-z_0-9]+)\"""")


def test_every_threshold_explains_itself():
    for name, setting in load_settings().entries.items():
        assert setting.name == name
        assert len(setting.reason) > 10 and setting.reason.endswith("."), name
        assert setting.unit and setting.source, name


def test_every_threshold_that_the_code_looks_up_is_in_the_file():
    root = DATA.parent
    used = {
        (name, path.relative_to(root).as_posix())
        for folder in ("pipelines", "dashboard")
        for path in (root / folder).rglob("*.py")
        for name in LOOKED_UP.findall(path.read_text(encoding="utf-8"))
    }
    assert used
    known = set(load_settings().entries)
    assert sorted(entry for entry in used if entry[0] not in known) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcomes.low_output_ml", 15),
        ("outcomes.coming_to_volume_ml", 500),
        ("outcomes.coming_to_volume_day", 14),
        ("limits.one_breast_warn_ml", 300),
        ("limits.one_breast_reject_ml", 600),
        ("limits.both_breasts_warn_ml", 450),
        ("limits.both_breasts_reject_ml", 900),
        ("limits.first_days_warn_ml", 60),
        ("limits.merge_interval_min", 30),
        ("limits.longest_modelled_interval_hours", 24),
        ("metrics.known_volume_share", 0.70),
        ("privacy.minimum_cell", 10),
        ("privacy.lowest_minimum_cell", 5),
        ("gates.people_per_parameter", 10),
        ("gates.participants_with_event_per_level", 20),
        ("gates.participants_with_rare_event_per_level", 80),
        ("gates.rare_outcome_share", 0.05),
        ("gates.varying_participants", 20),
        ("gates.vif_joint", 5),
        ("gates.vif_refuse", 10),
        ("gates.largest_share", 0.25),
        ("gates.effective_participants", 5),
        ("gates.separation_coefficient", 10),
        ("gates.separation_standard_error", 10),
        ("effects.odds_ratio_between", 1.25),
        ("effects.odds_ratio_within_sd", 1.10),
        ("effects.odds_ratio_within_yes_no", 1.25),
        ("effects.odds_ratio_rare_condition", 1.50),
        ("effects.volume_ratio", 1.10),
        ("inference.confidence", 0.95),
        ("inference.false_discovery_rate", 0.05),
    ],
)
def test_the_shipped_thresholds_are_the_documented_ones(name, value):
    assert load_settings()[name] == value


def test_pairs_of_thresholds_stand_in_the_right_order():
    settings = load_settings()
    pairs = [
        ("limits.one_breast_warn_ml", "limits.one_breast_reject_ml"),
        ("limits.both_breasts_warn_ml", "limits.both_breasts_reject_ml"),
        ("limits.day_volume_warn_ml", "limits.day_volume_flag_ml"),
        ("limits.duration_warn_below_min", "limits.duration_warn_above_min"),
        ("limits.duration_warn_above_min", "limits.duration_reject_min"),
        ("limits.sessions_a_day_warn", "limits.sessions_a_day_reject"),
        ("limits.fahrenheit_from", "limits.fahrenheit_to"),
        ("metrics.frequency_fewer_share", "metrics.frequency_more_share"),
        ("privacy.lowest_minimum_cell", "privacy.minimum_cell"),
        ("gates.vif_joint", "gates.vif_refuse"),
        ("review.no_milk_of_them", "review.no_milk_sessions"),
        ("review.falling_share", "review.falling_every_day_share"),
        ("review.fever_c", "review.high_fever_c"),
    ]
    for lower, higher in pairs:
        assert settings[lower] < settings[higher], (lower, higher)


def test_percentiles_are_symmetric_about_the_middle():
    probabilities = load_settings()["curves.probabilities"]
    assert probabilities == sorted(probabilities)
    assert [round(1 - p, 6) for p in reversed(probabilities)] == probabilities


def test_the_rare_condition_effect_is_the_one_in_the_codebook():
    from pipelines.codebook import load_codebook

    settings = load_settings()
    own = {factor.smallest_effect for factor in load_codebook().factors.values()} - {None}
    assert own == {settings["effects.odds_ratio_rare_condition"]}


def test_a_name_that_does_not_exist_is_a_programmers_error():
    with pytest.raises(KeyError):
        load_settings()["privacy.maximum_cell"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (GOOD.replace('unit = "people"\n', ""), "entry 'privacy.minimum_cell' lacks unit"),
        (GOOD.replace('"few"', '""'), "entry 'privacy.minimum_cell' lacks reason"),
        (GOOD + 'note = "x"\n', "entry 'privacy.minimum_cell' has the unknown key note"),
        ("[privacy]\nminimum_cell = 10\n", "entry 'privacy.minimum_cell' is not a table"),
        ("minimum_cell = 10\n", "entry 'minimum_cell' is not a group"),
        ("[privacy\n", "entry 'privacy': Expected"),
    ],
)
def test_a_damaged_entry_is_named(tmp_path, content, what):
    path = tmp_path / "settings.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_settings(path)
    assert str(caught.value).startswith("settings.toml: ") and what in str(caught.value)


def test_zero_and_false_are_values(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(GOOD.replace("10", "0") + GOOD.replace("minimum_cell", "strict").replace("10", "false"))
    settings = load_settings(path)
    assert settings["privacy.minimum_cell"] == 0 and settings["privacy.strict"] is False
