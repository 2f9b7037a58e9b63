"""Filters in words and from a link."""

import pytest

from pipelines.evidence.filters import Choices, Filters, accept

CHOICES = Choices(("North", "South"), (("manual", "Hand pump"),), 0, 84, "no_milk")


def test_no_limit_reads_as_everyone():
    assert Filters().sentence(CHOICES) == "Everyone, all days, any pump"
    assert Filters().is_everyone


def test_every_limit_is_said():
    chosen = Filters("North", 7, 28, "manual", "low_output")
    assert chosen.sentence(CHOICES) == "Cohort North, days 7 to 28, Hand pump, little milk instead of none"
    assert not chosen.is_everyone


def test_one_day_is_one_day():
    assert Filters(first_day=3, last_day=3).sentence(CHOICES) == "Everyone, day 3, any pump"


def test_without_birth_dates_there_are_no_days_to_name():
    assert Filters().sentence(Choices()) == "Everyone, all days, any pump"


def test_a_link_gives_its_filters():
    asked = {"cohort": "North", "days": "7-28", "pump": "manual", "outcome": "low_output"}
    assert accept(asked, CHOICES) == (Filters("North", 7, 28, "manual", "low_output"), ())


def test_an_empty_link_takes_the_studys_outcome():
    filters, problems = accept({}, Choices(outcome="low_output"))
    assert filters == Filters(outcome="low_output") and problems == ()


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"cohort": "East"}, "East"),
        ({"pump": "hoover"}, "hoover"),
        ({"outcome": "plenty"}, "plenty"),
        ({"days": "soon"}, "soon"),
        ({"days": "28-7"}, "28-7"),
        ({"days": "-5-7"}, "-5-7"),
        ({"days": "100-200"}, "100 to 200"),
        ({"days": "²-3"}, "²-3"),
    ],
)
def test_what_a_link_asks_in_vain_is_named_and_left_out(asked, named):
    filters, problems = accept(asked, CHOICES)
    assert filters == Filters()
    assert len(problems) == 1 and named in problems[0]


def test_days_are_refused_where_no_birth_date_is_known():
    filters, problems = accept({"days": "0-7"}, Choices())
    assert filters.first_day is None and "birth date" in problems[0]


def test_doubtful_logs_can_be_left_out_and_the_words_say_so():
    filters, problems = accept({"logs": "believable"}, CHOICES)
    assert filters == Filters(logs="believable") and not problems and not filters.is_everyone
    assert filters.sentence(CHOICES) == "Everyone, all days, any pump, without doubtful logs"
    assert accept({"logs": "nice"}, CHOICES)[0] == Filters()
