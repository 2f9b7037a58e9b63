"""The measured sensitivity and false alarms are there for every rule that lists, and hold the promised marks."""

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
    assert str(found.planted_listed) in found.sentence
