"""The review list: its order, its words, and what never gets onto it."""

import pandas as pd

from pipelines.evidence.documents import review_document
from pipelines.evidence.review import compose
from pipelines.metrics.signs import RULES, Episode, find_signs
from pipelines.settings import load_settings
from pipelines.store.tables import StoreInfo
from tests.definitions.signs import log, study

INFO = StoreInfo("Pilot", False, "no_milk", 15.0, 10, True, 3, None)  # type: ignore[arg-type]


class Made:
    """Enough of a study for putting episodes in order."""

    people = pd.DataFrame({"cohort": [None] * 7}, index=list("ABCDEFG"))


def episode(sign, person, first, last, state="current", lists=True, **numbers):
    return Episode(sign, person, first, last, lists, numbers, (("file", 1),), state=state)


EMPTY = {"empty": 5, "sessions": 6, "days": 2}
WORRY = {"lost": None, "below_on": None, "worried": True}


def listed(*episodes):
    return compose(INFO, Made(), list(episodes)).listed


def test_what_is_current_comes_first_urgent_signs_in_their_own_order_and_then_the_latest():
    found = listed(
        episode("infant_weight", "G", 9, 9, **WORRY),
        episode("gone_quiet", "A", 9, 9, logged=8, hours=48),
        episode("persistent_no_milk", "B", 2, 3, **EMPTY),
        episode("persistent_no_milk", "C", 4, 8, "past", **EMPTY),
        episode("persistent_no_milk", "D", 4, 8, **EMPTY),
        episode("infant_weight", "E", 1, 1, "past", **WORRY),
        episode("breast_infection", "F", 1, 1, fever_days=1, highest=38.1, is_high=False, is_lasting=False,
                factors=("blocked_duct",)),
    )  # fmt: skip
    assert [person.participant_id for person in found] == ["F", "G", "D", "B", "A", "E", "C"]


def test_a_note_alone_lists_nobody_and_stands_beside_a_sign():
    note = episode("low_frequency", "A", 1, 3, lists=False, fewer=5, days=3)
    assert listed(note) == ()
    (person,) = listed(note, episode("persistent_no_milk", "A", 2, 3, **EMPTY))
    assert [each.id for each in person.signs] == ["persistent_no_milk"]
    assert [each.id for each in person.notes] == ["low_frequency"]


def test_the_title_counts_only_what_is_current():
    found = compose(
        INFO,
        Made(),
        [
            episode("persistent_no_milk", "A", 2, 3, **EMPTY),
            episode("infant_weight", "B", 1, 1, **WORRY),
            episode("infant_weight", "C", 1, 1, "past", **WORRY),
        ],
    )
    assert found.title == "Two of 7 mothers need a look, one of them today"
    assert len(found.listed) == 3


def test_the_document_has_the_keys_that_other_programs_rely_on_and_no_score():
    sessions = log({day: [0, 0, 0] for day in range(4)})
    answers = "day_in_study factor value\n2 distress_score 27\n2 temperature_c 39.1\n2 breast_redness yes"
    made = study(sessions, answers, distress=True)
    document = review_document(compose(INFO, made, find_signs(made)))
    assert document["data_version"] == 3
    (person,) = document["listed"]
    assert {sign["id"]: sign["priority"] for sign in person["signs"]} == {
        "breast_infection": "A",
        "distress_protocol": "B",
        "persistent_no_milk": "B",
    }
    for sign in person["signs"]:
        assert set(sign) == {"id", "state", "priority", "first_day", "last_day", "reason", "rows"}
        assert sign["rows"] and not sign["reason"][0].islower()
    assert "27" not in str(document)


def test_every_sign_of_the_rules_file_is_found_by_a_rule_and_has_words():
    from pipelines.guidance.signs import load_signs

    by_module = {rule.__name__ for rule in RULES} - {"severe_pain", "damaged_nipples"} | {"nipple_damage"}
    assert by_module == set(load_signs())


def test_shares_of_a_fall_are_told_in_per_cent_that_no_line_tears_apart():
    numbers = {
        "recent_session": 30,
        "earlier_session": 80,
        "recent_day": 200,
        "earlier_day": 500,
        "share": 0.374,
    }
    made = compose(INFO, Made(), [episode("falling_volume", "A", 20, 22, **numbers)])
    assert "37\N{NO-BREAK SPACE}% of the 80 mL" in made.listed[0].first.reason
    card = next(rule for rule in made.rules if rule.id == "falling_volume")
    share = f"{100 * load_settings()['review.falling_share']:g}\N{NO-BREAK SPACE}%"
    assert f"below {share} of the volume" in card.condition and "{" not in card.condition
