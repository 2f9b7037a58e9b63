"""The codebook loads, says what it should, and refuses damage with the file and the entry."""

import shutil
from pathlib import Path

import pytest

from pipelines.codebook import CODEBOOK, NEVER_ADJUSTED, instrument_of, load_codebook, plain, suggest
from pipelines.errors import DataFileError
from pipelines.settings import load_settings


def _names(text: str) -> list[str]:
    return text.split()


OF_THE_CLAIMS = _names("""
stress anxiety fatigue sleep_hours let_down_felt flange_fit suction_level suction_rise pump_pain nipple_damage
pump_type pump_maintenance pump_fault sessions_per_day session_regularity feeds_at_breast frequency_change
interval_hours duration_min minute_of_day fluid_litres diet_quality galactagogue hormonal_contraceptive decongestant
medicine_other engorgement blocked_duct mastitis_signs breast_hypoplasia breast_surgery hypothyroidism thyroid_other
pcos hormonal_imbalance delayed_lactogenesis latch_difficulty infant_weight_concern supplementation support_received
feeding_mode pumping_experience day_postpartum relaxation baby_cue skin_to_skin_before warm_compress breast_massage
breast_compression breast_switching hand_expression_with setting
""")
BESIDES = _names("""
oats warm_massage distracted place work_status night_sessions missed_sessions nothing_came breast_pain
breast_redness temperature_c ill_shivery supply_worry breastfeeding_confidence sleep_disturbance distress_score
parity gestational_age_weeks birth_weight_g multiple_birth maternal_age_band bmi_before birth_mode blood_loss
retained_placenta diabetes first_expression_hour infant_status separated pumping_reason income_band smoking alcohol
flange_size_mm part_age_weeks contraceptive_weeks infant_weight_loss_percent weaning withdrawn
placebo_session placebo_person placebo_number placebo_code
""")


@pytest.fixture(scope="module")
def codebook():
    return load_codebook()


@pytest.fixture
def damaged(tmp_path):
    """A copy of the codebook in which one text of one file is replaced; loading it must fail."""

    def damage(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "codebook"
        shutil.copytree(CODEBOOK, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return damage


def test_every_factor_is_there_in_keep_order(codebook):
    assert list(codebook.factors) == OF_THE_CLAIMS + BESIDES


def test_themes_stand_in_page_order_and_each_has_a_factor(codebook):
    order = _names(
        "stress fit pump supply food medicine breast condition technique experience support context"
    )
    assert list(codebook.themes) == order
    assert {factor.theme for factor in codebook.factors.values()} == set(order)


def test_the_base_set_is_known_before_a_session_and_never_follows_output(codebook):
    assert codebook.base_adjustment == ("day_postpartum", "feeding_mode", "gestational_age_weeks", "parity")
    for name in codebook.base_adjustment:
        assert codebook.factors[name].order == "before"
        assert not codebook.factors[name].output_changes_it


def test_every_factor_can_be_said_in_a_sentence(codebook):
    for factor in codebook.factors.values():
        assert factor.label and len(factor.label) <= 32, factor.id
        assert factor.question or factor.derived, factor.id
        phrases = [level.phrase for level in factor.levels]
        if factor.is_numeric:
            phrases += [factor.phrase_more, factor.phrase_less]
            assert factor.step > 0 and factor.step_label.startswith("per ") and factor.unit, factor.id
        assert len(phrases) >= 2 and all(phrases) and len(set(phrases)) == len(phrases), factor.id
        assert not any(phrase.endswith((".", " ")) or phrase[0].isupper() for phrase in phrases), factor.id


def test_labels_do_not_repeat(codebook):
    labels = [factor.label for factor in codebook.factors.values()]
    assert len(set(labels)) == len(labels)


def test_limits_stand_in_order(codebook):
    for factor in codebook.factors.values():
        ladder = (factor.minimum, factor.warn_below, factor.warn_above, factor.maximum)
        steps = [limit for limit in ladder if limit is not None]
        assert steps == sorted(steps), factor.id


def test_limits_of_session_columns_are_those_of_the_settings(codebook):
    settings = load_settings()
    duration = codebook.factors["duration_min"]
    assert duration.warn_below == settings["limits.duration_warn_below_min"]
    assert duration.warn_above == settings["limits.duration_warn_above_min"]
    assert duration.maximum == settings["limits.duration_reject_min"]
    assert codebook.factors["sessions_per_day"].warn_above == settings["limits.sessions_a_day_warn"]
    assert codebook.factors["sessions_per_day"].maximum == settings["limits.sessions_a_day_reject"]
    assert codebook.factors["interval_hours"].warn_above == settings["limits.interval_warn_hours"]
    assert codebook.factors["day_postpartum"].warn_above == settings["limits.day_postpartum_warn"]
    assert codebook.factors["delayed_lactogenesis"].from_day == settings["outcomes.low_output_first_day"]
    assert codebook.factors["minute_of_day"].band_edges[0] == settings["metrics.night_ends_minute"]


def test_same_day_reports_that_output_changes_count_from_the_day_before(codebook):
    for name in (
        "stress",
        "anxiety",
        "fatigue",
        "fluid_litres",
        "diet_quality",
        "engorgement",
        "blocked_duct",
    ):
        factor = codebook.factors[name]
        assert (factor.order, factor.output_changes_it, factor.use_previous_day) == ("same", True, True), name
    assert not codebook.factors["sleep_hours"].use_previous_day


def test_the_first_grain_decides_whether_a_factor_varies(codebook):
    assert codebook.factors["flange_fit"].grains == ("person", "day", "session")
    assert not codebook.factors["flange_fit"].varies
    assert codebook.factors["pump_type"].grains == ("session", "person")
    assert codebook.factors["pump_type"].varies
    assert codebook.factors["stress"].varies
    assert not codebook.factors["hypothyroidism"].varies


def test_what_follows_output_is_never_an_adjustment(codebook):
    unfit = {factor.id for factor in codebook.with_role(*NEVER_ADJUSTED)}
    for name in ("let_down_felt", "supply_worry", "nothing_came", "distress_score", "supplementation"):
        assert name in unfit
    for factor in codebook.factors.values():
        assert not unfit & {*factor.adjust_for, *codebook.base_adjustment}, factor.id
        assert factor.id not in factor.adjust_for


def test_adjustment_sets_keep_what_pain_stands_on_out_of_shield_fit(codebook):
    fit = codebook.factors["flange_fit"]
    assert fit.adjust_for == ("pump_type", "breast_surgery", "bmi_before")
    assert {"pump_pain", "nipple_damage", "let_down_felt", "duration_min"} <= set(fit.never_adjust_for)
    assert codebook.factors["stress"].adjust_for == ("sleep_hours", "infant_status")


@pytest.mark.parametrize(
    ("factor", "number", "code"),
    [
        ("maternal_age_band", 19, "under_20"),
        ("maternal_age_band", 20, "20_24"),
        ("maternal_age_band", 44, "40_plus"),
        ("bmi_before", 24.99, "18_5_to_24_9"),
        ("bmi_before", 25, "25_to_29_9"),
        ("blood_loss", 999, "under_1000"),
        ("blood_loss", 1000, "ml_1000_plus"),
        ("pumping_experience", 5, "sessions_1_5"),
        ("pumping_experience", 21, "later"),
        ("minute_of_day", 299, "night"),
        ("minute_of_day", 300, "morning"),
        ("minute_of_day", 1439, "evening"),
    ],
)
def test_a_number_falls_into_the_band_that_it_reaches(codebook, factor, number, code):
    assert codebook.factors[factor].band(number) == code


def test_only_the_distress_score_is_restricted(codebook):
    assert [factor.id for factor in codebook.factors.values() if factor.restricted] == ["distress_score"]


def test_rare_conditions_need_a_larger_effect(codebook):
    larger = {factor.id for factor in codebook.factors.values() if factor.smallest_effect is not None}
    conditions = {"breast_hypoplasia", "breast_surgery", "hypothyroidism", "thyroid_other"}
    assert larger == conditions | {"medicine_other", "blood_loss", "retained_placenta"}
    assert {codebook.factors[name].smallest_effect for name in larger} == {1.5}


def test_synonyms_never_name_two_factors(codebook):
    owner = {}
    for factor in codebook.factors.values():
        for name in (factor.id, *factor.synonyms):
            assert owner.setdefault(plain(name), factor.id) == factor.id, name


def test_tables_name_their_grain_and_explain_every_column(codebook):
    assert list(codebook.tables) == [
        "participants",
        "sessions",
        "responses",
        "sources",
        "quarantine",
        "study",
    ]
    for table in codebook.tables.values():
        assert table.grain
        assert all(column.meaning and column.type.isupper() for column in table.columns)
    sessions = {column.name: column for column in codebook.tables["sessions"].columns}
    assert sessions["volume_ml"].unit == "mL" and "0 from one breast" in sessions["volume_ml"].null


def test_only_the_time_of_reading_is_a_date(codebook):
    dated = [
        (table.name, column.name)
        for table in codebook.tables.values()
        for column in table.columns
        if column.type in ("DATE", "TIMESTAMP")
    ]
    assert dated == [("sources", "ingested_at")]


@pytest.mark.parametrize(
    ("instrument", "answers", "scored", "total"),
    [
        ("pss4", [2, 1, 1, 3], False, 11),
        ("pss10", [0] * 10, False, 16),
        ("pss10", [4] * 10, False, 24),
        ("gad7", [1] * 7, False, 7),
        ("gad2", [3, 3], False, 6),
        ("epds", [1, 1, 2, 0, 1, 1, 0, 1, 0, 0], True, 7),
        ("promis_sleep_4a", [3, 3, 3, 3], True, 54.3),
        ("promis_sleep_4a", [5, 5, 1, 1], False, 32.0),
        ("promis_sleep_4a", [5, 5, 5, 5], True, 73.3),
        ("bses_sf", [3] * 14, False, 42),
    ],
)
def test_questionnaires_give_their_worked_totals(codebook, instrument, answers, scored, total):
    assert codebook.instruments[instrument].total(answers, scored=scored) == total


def test_a_missing_answer_is_prorated_only_where_the_rule_allows_it(codebook):
    questionnaires = codebook.instruments
    assert questionnaires["gad7"].total([1, 1, None, 1, 1, None, 1]) == 7
    assert questionnaires["gad7"].total([1, None, None, 1, 1, None, 1]) is None
    assert questionnaires["pss4"].total([2, None, 1, 3]) is None
    assert questionnaires["epds"].total([1] * 9 + [None], scored=True) == 9
    assert questionnaires["gad2"].total([None, None]) is None


def test_an_answer_outside_the_range_gives_no_total_instead_of_a_clipped_one(codebook):
    assert codebook.instruments["gad7"].total([1, 1, 1, 1, 1, 1, 4]) is None
    assert codebook.instruments["bses_sf"].total([3] * 13 + [0]) is None
    assert codebook.instruments["pss4"].total([2, 1, 1]) is None


def test_ranges_of_totals_follow_from_the_items(codebook):
    for one in codebook.instruments.values():
        lowest, highest = one.items * one.item_minimum, one.items * one.item_maximum
        if one.score_table:
            lowest, highest = one.score_table[0], one.score_table[-1]
            assert list(one.score_table) == sorted(one.score_table)
        assert (one.total_minimum, one.total_maximum) == (lowest, highest), one.id
        assert one.licence and one.citation and one.missing_rule, one.id


def test_a_total_column_belongs_to_one_questionnaire(codebook):
    owner = {}
    for one in codebook.instruments.values():
        for name in one.total_columns:
            assert owner.setdefault(plain(name), one.id) == one.id, name
    assert instrument_of("PSS-4 total").id == "pss4"
    assert instrument_of("stress") is None


@pytest.mark.parametrize(
    ("column", "factor"),
    [
        ("stress", "stress"),
        ("Stress Level", "stress"),
        ("BabyAgeDays", "day_postpartum"),
        ("pain", "pump_pain"),
        ("Pain (today)", "breast_pain"),
        ("diary_fluids_wk2", "fluid_litres"),
        ("bl_gest_age", "gestational_age_weeks"),
        ("PCOS?", "pcos"),
    ],
)
def test_a_foreign_column_finds_its_factor(column, factor):
    assert suggest(column)[0][0] == factor


@pytest.mark.parametrize("column", ["record_id", "visit_date", "stress_complete", "ppd", "xyz", "", "agent"])
def test_a_column_that_is_no_factor_suggests_nothing(column):
    assert suggest(column) == ()


def test_a_suggestion_says_why_and_the_longest_match_comes_first():
    assert suggest("flange_fit") == (("flange_fit", "same name"),)
    assert suggest("hydration") == (("fluid_litres", "also known as 'hydration'"),)
    found = suggest("baseline_sleep_quality_score")
    assert found[0] == ("sleep_disturbance", "contains 'sleep_quality'")
    assert "sleep_hours" in dict(found)


@pytest.mark.parametrize(
    ("old", "new", "entry", "what"),
    [
        ('label = "Stress"', 'name = "Stress"', "stress", "unknown key name"),
        ('label = "Stress"', "", "stress", "lacks label"),
        ('kind = "scale"', 'kind = "skale"', "stress", "kind 'skale'"),
        ('order = "same"', 'order = "during"', "stress", "order 'during'"),
        ('role = "factor"', 'role = "cause"', "stress", "role 'cause'"),
        ('grains = ["day", "person"]', 'grains = ["week"]', "stress", "grains"),
        ('theme = "stress"', 'theme = "strain"', "stress", "unknown theme 'strain'"),
        ("minimum = 0\n", "", "stress", "minimum and maximum"),
        ('adjust_for = ["sleep_hours"', 'adjust_for = ["sleeping"', "stress", "unknown factor sleeping"),
        ('adjust_for = ["sleep_hours"', 'adjust_for = ["let_down_felt"', "stress", "both to be adjusted"),
        ('adjust_for = ["sleep_hours"', 'adjust_for = ["supply_worry"', "stress", "must not be adjusted for"),
        ('"tension", "strain"]', '"tension", "tension"]', "stress", "stands twice"),
        ('"tension", "strain"]', '"tension", "Worry"]', "anxiety", "synonym 'worry' is taken by 'stress'"),
        ('"tension", "strain"]', '"tension", "pump-type"]', "stress", "is taken by 'pump_type'"),
        ('reference = "yes"', 'reference = "maybe"', "let_down_felt", "reference 'maybe'"),
        ('code = "unsure", label', 'code = "yes", label', "let_down_felt", "stands twice"),
        ('code = "unsure", label', 'code = "unsure", name', "let_down_felt", "level 'unsure'"),
        ("band_edges = [6, 21]", "band_edges = [6, 21, 40]", "pumping_experience", "band_edges"),
        (
            '{ code = "no", label = "No", phrase = "without a gentle',
            '{ code = "never", label = "No", phrase = "without a gentle',
            "suction_rise",
            "no and yes",
        ),
        ('adjustment = ["day_postpartum"', 'adjustment = ["day"', "base", "unknown factor day"),
    ],
)
def test_a_damaged_factor_is_named_with_what_is_wrong(damaged, old, new, entry, what):
    with pytest.raises(DataFileError) as caught:
        load_codebook(damaged("factors.toml", old, new))
    assert f"factors.toml: entry '{entry}'" in str(caught.value)
    assert what in str(caught.value)


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("factors.toml", "[themes]", "[themes", "factors.toml: entry 'themes': Expected"),
        ("tables.toml", 'grain = "participant"', "", "tables.toml: entry 'participants': lacks grain"),
        ("tables.toml", 'meaning = "Pseudonym, made', 'sense = "Pseudonym, made', "column 'participant_id'"),
        (
            "instruments/pss4.toml",
            'factor = "stress"',
            'factor = "strain"',
            "pss4.toml: unknown factor 'strain'",
        ),
        (
            "instruments/pss4.toml",
            "reversed_items = [2, 3]",
            "reversed_items = [2, 5]",
            "pss4.toml: reversed_items",
        ),
        (
            "instruments/promis_sleep_4a.toml",
            "[32.0, 37.5",
            "[37.5",
            "promis_sleep_4a.toml: score_table needs 17",
        ),
        ("instruments/gad2.toml", "recall_days = 14", "", "gad2.toml: lacks recall_days"),
    ],
)
def test_other_damaged_files_are_named_with_what_is_wrong(damaged, file, old, new, what):
    with pytest.raises(DataFileError) as caught:
        load_codebook(damaged(file, old, new))
    assert what in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"factors\.toml is missing from"):
        load_codebook(tmp_path)
