"""The measured sensitivity and false alarms are there for every rule that lists, and hold the promised marks."""

import json

from pipelines.evidence.review_figures import review_figures
from pipelines.guidance.signs import load_signs


def test_every_rule_that_lists_has_its_figures():
    found = review_figures()
    assert {rule.id for rule in found.rules} == {rule.id for rule in load_signs().values() if rule.lists}
    measured = [rule for rule in found.rules if rule.is_measured]
    assert len(measured) >= 7
    assert all(0 <= rule.sensitivity <= 1 and 0 <= rule.false_alarm_rate <= 1 for rule in measured)


def test_the_measured_list_finds_nearly_all_planted_courses_with_few_false_alarms():
    found = review_figures()
    assert found.fewest_listed >= 17 and found.false_alarms_most <= 10
    assert str(found.planted_listed) in found.sentence and found.studies >= 20


def test_the_sentence_tells_the_true_signs_of_others_beside_the_planted_courses(tmp_path):
    counts = {"planted": 0, "found": 0, "true": 0, "seen": 0, "false": 0}
    rules = {
        "falling_volume": counts | {"planted": 4, "found": 3, "true": 10, "seen": 6, "false": 2},
        "distress_protocol": counts | {"planted": 2, "found": 2},
    }
    studies = [
        {"seed": seed, "other_people": 220, "planted_listed": 3, "falsely_listed": wrong, "rules": rules}
        for seed, wrong in enumerate((1, 4))
    ]
    path = tmp_path / "review.json"
    path.write_text(json.dumps({"participants": 240, "studies": studies}))
    found = review_figures(path)
    assert (found.planted, found.planted_listed, found.fewest_listed) == (8, 6, 3)
    assert (
        "found 6 of 8 planted courses, and 12 of the 20 signs that other people truly had" in found.sentence
    )
    assert "2.5 people a study on average (4 at most)" in found.sentence
    fall = found.rules[0]
    assert (fall.sensitivity, fall.false_alarm_rate) == (18 / 28, 4 / 440)
