"""What changed since a review was marked done."""

from dataclasses import replace

from pipelines.evidence.review import FiredSign, ListedPerson, Review
from pipelines.evidence.review_done import changes
from pipelines.store.notes import DoneMark, SeenSign

FALL = FiredSign("falling_volume", "Less milk", "B", "", "current", 10, 12, "", (("f", 1),), ())
LATER = replace(FALL, first_day=20, last_day=22)
SEEN = SeenSign("falling_volume", 10, 12, "current")


def compared(*signs, seen=(SEEN,), version=1):
    found = Review("S", False, version, "", "", 1, (), ())
    mark = DoneMark("A", "", "", 1, tuple(seen))
    return changes(ListedPerson("A", "", tuple(signs), ()), mark, found)


def test_nothing_changed_leaves_the_review_done():
    same = compared(FALL)
    assert not same.asks_for_a_look and same.sentence == "Nothing has changed"
    assert compared(FALL, version=2).sentence == "New data, nothing else has changed"


def test_a_sign_on_other_days_is_new_and_one_that_goes_on_is_longer():
    found = compared(FALL, LATER)
    assert found.new == (LATER,) and found.asks_for_a_look
    longer = replace(FALL, last_day=13)
    assert compared(longer).longer == (longer,)
    assert compared(replace(FALL, id="not_at_volume")).new


def test_a_sign_that_is_past_or_gone_has_ended_and_asks_for_no_look():
    past = replace(FALL, state="past")
    assert compared(past).ended == ("falling_volume",)
    assert compared().ended == ("falling_volume",)
    assert not compared(past).asks_for_a_look
