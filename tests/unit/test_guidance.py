"""The guidance as data: complete, in our own words, consistent, and refused with file and entry when it is not."""

import hashlib
import re
import shutil
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from pipelines.codebook import load_codebook
from pipelines.errors import DataFileError
from pipelines.guidance import GUIDANCE, load_guidance

# Truncated SHA-256 of every run of eight words of the article, so that its text need not be kept here.
ARTICLE_WINDOWS = frozenset((Path(__file__).parent / "article_windows.txt").read_text().split())
WINDOW = 8
UMBRELLA_THEMES = {"consult.persistent_absence"}
CELLS = ("mechanism", "portability", "noise", "cost")


@pytest.fixture(scope="module")
def guidance():
    return load_guidance()


@pytest.fixture(scope="module")
def cells(guidance):
    """Claims that are cells of the pump table about something else than output."""
    return {f"pump.{row.id}.{cell}" for row in guidance.pumps for cell in CELLS}


@pytest.fixture(scope="module")
def statements(guidance, cells):
    """The claims that the article makes in its text, its lists or the pump table's column on output."""
    return [claim for claim in guidance.claims.values() if claim.id not in cells]


@pytest.fixture
def damage(tmp_path):
    """Change one piece of a copy of the guidance and load that; gives the message of the refusal."""

    def change(file: str, old: str, new: str) -> str:
        folder = tmp_path / "guidance"
        shutil.copytree(GUIDANCE, folder, dirs_exist_ok=True)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        load_guidance.cache_clear()
        with pytest.raises(DataFileError) as refusal:
            load_guidance(folder)
        return str(refusal.value)

    yield change
    load_guidance.cache_clear()


# Completeness


def test_every_statement_and_every_descriptive_pump_cell_is_there_once(guidance, statements, cells):
    assert len(guidance.claims) == 158
    assert len(statements) == 142
    assert all(guidance.claims[id].testable == "no" for id in cells)


def test_sections_hold_as_many_statements_as_the_article_makes(guidance, statements):
    counts = "IN 2, C1 23, ST 14, PT 10, SH 7, C2 19, TE 12, LD 8, CO 7, EX 15, FQ 12, CL 13"
    expected = {section: int(count) for section, count in map(str.split, counts.split(", "))}
    assert Counter(claim.section for claim in statements) == expected
    assert set(expected) == set(guidance.sections)


def test_testable_statements_fold_into_the_findings_that_carry_them(statements):
    testable = [claim for claim in statements if claim.testable != "no"]
    own = [claim for claim in testable if claim.carries_finding]
    assert len(testable) == 93
    assert len(testable) - len(own) == 55
    assert Counter(claim.testable for claim in own) == {
        "yes": 10,
        "only_if_time_order": 11,
        "only_within_person": 17,
    }
    assert len(statements) - len(testable) == 49
    assert sum(1 for claim in statements if claim.testable == "no" and not claim.repeats) == 29


def test_findings_without_direction_are_the_three_that_are_only_described(guidance):
    described = [
        claim.id for claim in guidance.claims.values() if claim.carries_finding and not claim.is_directional
    ]
    assert described == ["pump.choice", "pump.single.slower", "closing.timing"]


def test_one_correction_covers_directional_findings_and_the_four_kinds_of_pump(guidance):
    together = guidance.judged_together()
    kinds = [claim.id for claim in together if claim.repeats]
    assert len(together) == 39
    assert kinds == [f"pump.{kind}.effectiveness" for kind in ("manual", "single", "double", "wearable")]


@pytest.mark.parametrize(
    ("claim", "times"),
    [
        ("cause.pump_fit", 9),
        ("cause.low_supply.frequency", 8),
        ("cause.pump_fit.suction", 7),
        ("cause.stress", 6),
        ("pump.choice", 6),
        ("cause.dehydration", 4),
        ("cause.dehydration.nutrition", 4),
        ("strategy.pump_fit.checks", 4),
        ("letdown.baby_cue", 1),
    ],
)
def test_a_finding_counts_every_statement_that_repeats_it(guidance, claim, times):
    assert guidance.times_said(claim) == times


def test_tables_tips_answers_signs_and_opinions_are_all_there(guidance):
    assert [row.id for row in guidance.pumps] == ["manual", "single", "double", "wearable"]
    assert [row.id for row in guidance.techniques] == ["flange", "suction", "duration", "frequency", "pump"]
    assert [tip.factor for tip in guidance.tips] == [
        "warm_compress",
        "breast_massage",
        "baby_cue",
        "skin_to_skin_before",
        "hand_expression_with",
    ]
    assert len(guidance.answers) == 6
    assert Counter(sign.list for sign in guidance.warning_signs) == {"SH": 4, "CO": 5}
    assert [len(opinion.claims) for opinion in guidance.opinions] == [6, 5, 4]
    assert len(guidance.shortfalls) == 12
    assert "38.0" in guidance.urgent_signs


def test_technique_ranges_are_the_article_s(guidance):
    ranges = {row.id: (row.low, row.high, row.unit) for row in guidance.techniques if row.low is not None}
    assert ranges == {"duration": (15, 20, "minutes a session"), "frequency": (8, 12, "sessions a day")}


def test_every_statement_of_a_table_list_or_expert_is_reached_from_it(guidance):
    reached = {
        "EX": [id for opinion in guidance.opinions for id in opinion.claims],
        "FQ": [id for answer in guidance.answers for id in answer.claims],
        "LD": ["letdown.overview", *(id for tip in guidance.tips for id in (tip.claim, *tip.also))],
    }
    for section, ids in reached.items():
        assert set(ids) == {claim.id for claim in guidance.claims.values() if claim.section == section}


def test_an_expert_s_statement_names_the_expert_it_stands_under(guidance):
    for opinion in guidance.opinions:
        assert {guidance.claims[id].expert for id in opinion.claims} == {opinion.id}


# Meaning


def test_theme_follows_the_first_factor(guidance):
    factors = load_codebook().factors
    for claim in guidance.claims.values():
        if claim.factors and claim.id not in UMBRELLA_THEMES:
            assert claim.theme == factors[claim.factors[0]].theme, claim.id
    assert "context" not in guidance.by_theme()


def test_themes_come_in_page_order_and_lose_no_statement(guidance):
    grouped = guidance.by_theme()
    assert list(grouped)[:3] == ["stress", "fit", "pump"]
    assert list(grouped)[-1] == "support"
    assert sum(map(len, grouped.values())) == len(guidance.claims)


def test_a_level_factor_of_a_directional_finding_says_what_is_compared(guidance):
    factors = load_codebook().factors
    for claim in guidance.judged_together():
        factor = factors[claim.factors[0]]
        if len(factor.levels) > 2:
            assert claim.compared is not None, claim.id


@pytest.mark.parametrize(
    ("claim", "compared"),
    [
        ("pump.manual.effectiveness", (("manual",), ("electric_double",))),
        ("pump.single.effectiveness", (("electric_single",), ("manual",))),
        ("pump.double.effectiveness", (("electric_double",), ("electric_single", "manual"))),
        ("pump.wearable.effectiveness", (("wearable",), ("electric_double",))),
        ("cause.pump_fit", (("too_small", "too_large"), ("good",))),
        ("cause.stress", None),
    ],
)
def test_contrasts_pool_levels_joined_by_plus(guidance, claim, compared):
    assert guidance.claims[claim].compared == compared


def test_causes_point_at_the_low_end_and_remedies_at_the_high_end(guidance):
    low = {claim.id for claim in guidance.claims.values() if claim.points_at_low_end}
    assert {"cause.dehydration", "faq.hydration", "cause.low_supply.frequency", "closing.infrequent"} <= low
    assert not low & {"strategy.hydration", "closing.hydration", "technique.frequency", "closing.stimulation"}
    assert all(guidance.claims[id].direction in ("more_no_milk", "lower_volume") for id in low)


def test_a_cause_with_levels_names_its_level_instead_of_a_low_end(guidance):
    claim = guidance.claims["cause.dehydration.nutrition"]
    assert claim.compared == (("poor",), ("good",))
    assert not claim.points_low("diet_quality")


def test_irregular_times_are_high_values_because_the_factor_measures_variation(guidance):
    assert not guidance.claims["closing.inconsistent"].points_low("session_regularity")


def test_tired_is_a_high_score_but_short_of_sleep_is_few_hours(guidance):
    claim = guidance.claims["cause.stress.fatigue"]
    assert not claim.points_low("fatigue")
    assert claim.points_low("sleep_hours")


def test_a_repeat_leads_to_the_claim_that_carries_the_finding(guidance):
    claims = guidance.claims
    assert guidance.own_claim(claims["faq.flange"]).id == "cause.pump_fit"
    assert guidance.own_claim(claims["cause.stress"]).id == "cause.stress"
    assert claims["strategy.hydration"].repeats[0].reversed
    assert not claims["faq.hydration"].repeats[0].reversed


def test_opposite_readings_predict_opposite_things(guidance):
    worse = {"more_no_milk", "lower_volume"}
    for claim in guidance.claims.values():
        own = guidance.own_claim(claim)
        if claim.repeats and claim.is_directional and own.is_directional:
            opposite = (claim.direction in worse) != (own.direction in worse)
            assert opposite == claim.repeats[0].reversed, claim.id


def test_literature_stands_behind_every_finding_but_how_long_a_session_takes(guidance):
    without = [
        c.id for c in guidance.claims.values() if c.carries_finding and guidance.literature_for(c) is None
    ]
    assert without == ["pump.single.slower"]


def test_a_repeat_shares_the_literature_of_its_finding_unless_it_has_its_own(guidance):
    claims = guidance.claims
    assert guidance.literature_for(claims["faq.stress"]).id == "stress"
    assert guidance.literature_for(claims["pump.wearable.effectiveness"]).id == "pump_wearable"
    assert guidance.literature_for(claims["intro.common"]) is None
    assert guidance.literature_for(claims["closing.causes"]) is None


def test_words_that_were_not_checked_show_no_figure(guidance):
    unchecked = [entry for entry in guidance.literature.values() if not entry.checked]
    assert unchecked
    assert not any(re.search(r"\d", entry.summary) for entry in unchecked)


def test_published_volumes_come_by_day_and_fit_the_eight_letters_of_the_figure(guidance):
    days = [volume.day_postpartum for volume in guidance.published]
    assert days == sorted(days)
    assert len(days) <= 8


def test_referral_rules_name_the_sign_of_their_list(guidance):
    signs = {sign.claim: sign.sign for sign in guidance.warning_signs}
    assert signs["seek.infection_signs"] == signs["consult.fever_redness"] == "breast_infection"
    assert signs["consult.engorgement_duct"] == "unresolved_fullness"
    assert guidance.claims["faq.seek.pain"].sign == "nipple_damage"


# Our own words


def texts(part) -> list[str]:
    """Every text in a TOML document, however deep."""
    if isinstance(part, dict):
        return [text for value in part.values() for text in texts(value)]
    if isinstance(part, list):
        return [text for value in part for text in texts(value)]
    return [part] if isinstance(part, str) else []


def windows(text: str) -> set[str]:
    """Truncated hashes of every run of eight words, apostrophes and signs ignored."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", text.lower()))
    runs = (" ".join(words[start : start + WINDOW]) for start in range(len(words) - WINDOW + 1))
    return {hashlib.sha256(run.encode()).hexdigest()[:10] for run in runs}


@pytest.mark.parametrize("file", ["claims.toml", "literature.toml", "article.toml", "published.toml"])
def test_no_text_shares_eight_words_in_a_row_with_the_article(file):
    for text in texts(tomllib.loads((GUIDANCE / file).read_text(encoding="utf-8"))):
        assert not windows(text) & ARTICLE_WINDOWS, text


def test_runs_of_eight_words_are_seen_through_case_signs_and_apostrophes():
    assert len(ARTICLE_WINDOWS) == 2010
    assert windows("One two, three four; five six: seven’s eight.") == windows(
        "one TWO three four five six sevens eight"
    )
    assert len(windows("one two three four five six seven eight nine")) == 2


def test_paraphrases_are_single_sentences_and_differ_from_each_other(guidance):
    paraphrases = [claim.paraphrase for claim in guidance.claims.values()]
    assert len(set(paraphrases)) == len(paraphrases)
    for text in paraphrases:
        assert re.fullmatch(r"[A-Z][^.!?]*\.", text), text


# Refusals


@pytest.mark.parametrize(
    ("old", "new", "entry", "words"),
    [
        ('factors = ["stress", "anxiety"]', 'factors = ["mood"]', "cause.stress", "unknown factor 'mood'"),
        ('theme = "stress"', 'theme = "nerves"', "cause.stress", "unknown theme 'nerves'"),
        ('section = "C1"', 'section = "C9"', "cause.stress", "unknown section 'C9'"),
        ('direction = "more_no_milk"', 'direction = "worse"', "cause.stress", "unknown direction 'worse'"),
        ('testable = "only_if_time_order"', 'testable = "maybe"', "cause.stress", "unknown testable 'maybe'"),
        ('measure = "volume_ratio"', 'measure = "ratio"', "cause.stress.fatigue", "measure 'ratio'"),
        ('literature = "stress"', 'literature = "strain"', "cause.stress", "unknown literature 'strain'"),
        ('expert = "harris"', 'expert = "harriet"', "expert.harris.1", "unknown expert 'harriet'"),
        ('["cause.stress.fatigue"]', '["cause.stress"]', "cause.stress", "twice"),
        ('low_end = ["sleep_hours"]', 'low_end = ["naps"]', "cause.stress.fatigue", "unknown factor 'naps'"),
        (
            'contrast = ["too_small+too_large", "good"]',
            'contrast = ["too_tight", "good"]',
            "cause.pump_fit",
            "unknown level of flange_fit 'too_tight'",
        ),
        (
            'contrast = ["too_small+too_large", "good"]',
            'contrast = ["too_small"]',
            "cause.pump_fit",
            "a contrast is a level and a reference",
        ),
        (
            'contrast = ["too_small+too_large", "good"]',
            'contrast = ["too_small+good", "good"]',
            "cause.pump_fit",
            "'good' stands on both sides",
        ),
        (
            'among = ["feeding_mode", "mostly_breast"]',
            'among = ["feeding_mode", "breast"]',
            "cause.new_to_pumping.breastfed",
            "unknown level 'breast'",
        ),
        (
            'repeats = [{ of = "cause.pump_fit", reversed = true }]',
            'repeats = [{ of = "cause.pump_size", reversed = true }]',
            "strategy.pump_fit",
            "repeats the unknown claim 'cause.pump_size'",
        ),
        (
            'repeats = [{ of = "cause.pump_fit", reversed = true }]',
            'repeats = [{ of = "strategy.pump_fit" }]',
            "strategy.pump_fit",
            "in a circle",
        ),
        (
            'repeats = [{ of = "cause.pump_fit", reversed = true }]',
            'repeats = [{ of = "faq.flange" }]',
            "strategy.pump_fit",
            "which repeats another claim itself",
        ),
        (
            'repeats = [{ of = "cause.pump_fit", reversed = true }]',
            'repeats = [{ of = "cause.pump_fit.seal" }]',
            "strategy.pump_fit",
            "which has no finding",
        ),
        (
            'repeats = [{ of = "cause.pump_fit", reversed = true }]',
            'repeats = [{ off = "cause.pump_fit" }]',
            "strategy.pump_fit",
            "unknown field 'off'",
        ),
        ('level = "day"\ntestable', "testable", "cause.stress", "'level' is missing"),
        ('level = "day"', 'level = "day"\nweight = 2', "cause.stress", "unknown field 'weight'"),
        ('factors = ["stress", "anxiety"]', 'factors = "stress"', "cause.stress", "'factors' must be a list"),
        ('level = "day"', "level = day", "cause.stress", "Invalid value"),
        ('level = "day"', "level = 1", "cause.stress", "'level' must be a text"),
        (
            "points_at_low_end = true",
            'points_at_low_end = "yes"',
            "cause.low_supply.frequency",
            "true or false",
        ),
        (
            'low_end = ["sleep_hours"]',
            'low_end = ["setting"]',
            "cause.stress.fatigue",
            "'setting' has levels",
        ),
        ('["intro.common"]', 'note = "x"\n["intro.common"]', "note", "must be a table"),
    ],
)
def test_a_damaged_claim_is_refused_by_file_and_entry(damage, old, new, entry, words):
    message = damage("claims.toml", old, new)
    assert message.startswith(f"claims.toml: entry '{entry}': ")
    assert words in message


def test_an_untestable_claim_without_a_reason_is_refused(damage, guidance):
    reason = guidance.claims["cause.pump_fit.seal"].reason
    message = damage("claims.toml", f'reason = "{reason}"\n', "")
    assert message.startswith("claims.toml: entry 'cause.pump_fit.seal': the reason")


@pytest.mark.parametrize(
    ("old", "new", "entry", "words"),
    [
        ('position = "mixed"', 'position = "unsure"', "stress", "unknown position 'unsure'"),
        ('factors = ["let_down_felt"]', 'factors = ["letdown"]', "let_down", "unknown factor 'letdown'"),
        ("[let_down]", "[stress]", "stress", "twice"),
        ('certainty = "low"\n', "", "stress", "'certainty' is missing"),
        ('year = 1994, identifier = "PMID 8041543"', "when = 1994", "stress", "unknown field 'when'"),
        ("year = 1994", 'year = "1994"', "stress", "'year' must be a whole number"),
        ("this is recalled, not read.", "41 trials are recalled.", "galactagogue_herbs", "shows a figure"),
    ],
)
def test_a_damaged_literature_entry_is_refused_by_file_and_entry(damage, old, new, entry, words):
    message = damage("literature.toml", old, new)
    assert message.startswith(f"literature.toml: entry '{entry}': ")
    assert words in message


def test_a_literature_entry_needs_a_source_unless_nothing_was_found(damage, guidance):
    assert guidance.literature["switching"].sources == ()
    source = '{ citation = "Kent, Breastfeed Med", year = 2008, identifier = "10.1089/bfm.2007.0028" }'
    message = damage("literature.toml", f"sources = [{source}]", "sources = []")
    assert message == "literature.toml: entry 'suction_level': the source is missing."


@pytest.mark.parametrize(
    ("old", "new", "entry", "words"),
    [
        ("[pumps.manual]", "[pumps.by_hand]", "pumps.by_hand", "unknown claim 'pump.by_hand.mechanism'"),
        (
            'pump_types = ["manual"]',
            'pump_types = ["hand"]',
            "pumps.manual",
            "unknown level of pump_type 'hand'",
        ),
        (
            'claims = ["technique.pump_type"]',
            'claims = ["technique.pump"]',
            "techniques.pump",
            "unknown claim",
        ),
        ('factor = "suction_level"', 'factor = "suction"', "techniques.suction", "unknown factor 'suction'"),
        ('claim = "letdown.massage"', 'claim = "letdown.rub"', "tips.massage", "unknown claim 'letdown.rub'"),
        ('also = ["letdown.relaxation"]', 'also = ["letdown.rest"]', "tips.baby_in_mind", "unknown claim"),
        ('claims = ["faq.seek", "faq.seek.pain"]', 'claims = ["faq.ask"]', "answers.seek", "unknown claim"),
        ('"expert.chen.5"]', '"expert.chen.6"]', "opinions.chen", "unknown claim 'expert.chen.6'"),
        (
            'claim = "seek.infant_weight"',
            'claim = "seek.weight"',
            "warning_signs.infant_weight",
            "unknown claim",
        ),
        (
            'sign = "infant_weight"',
            'sign = "latch_difficulty"',
            "warning_signs.infant_weight",
            "is not that of",
        ),
        ('list = "SH"', 'list = "S1"', "warning_signs.nothing_again_and_again", "unknown section 'S1'"),
        ('source = "The article\'s first list"', 'source = ""', "shortfalls.missing_words", "the source"),
        ("urgent_signs = ", "urgent = ", "(top of the file)", "'urgent_signs' is missing"),
        ("[tips.massage]", "[tips.warmth]", "tips.warmth", "twice"),
        ("low = 15.0", 'low = "15"', "techniques.duration", "'low' must be a number"),
        ('[tips.warmth]\nlabel = "Warmth"', '[tips]\nlabel = "Warmth"', "tips.label", "must be a table"),
    ],
)
def test_a_damaged_article_entry_is_refused_by_file_and_entry(damage, old, new, entry, words):
    message = damage("article.toml", old, new)
    assert message.startswith(f"article.toml: entry '{entry}': ")
    assert words in message


def test_a_published_volume_without_its_source_is_refused(damage):
    message = damage("published.toml", 'source = "Ru 2020"', 'source = ""')
    assert message == "published.toml: entry 'motivated_day_6': the source is missing."


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataFileError, match=r"claims\.toml is missing"):
        load_guidance(tmp_path)
