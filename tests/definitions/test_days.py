import pytest

from pipelines.metrics.days import daily
from pipelines.metrics.sessions import with_outcomes
from pipelines.settings import load_settings
from tests.definitions.worked import rows_of, table


def days_of(text: str, *names: str) -> list[tuple]:
    expression = daily(with_outcomes(table(text), 15), load_settings())
    return rows_of(expression, *names, order=("participant_id", "day_in_study"))


def test_daily_volume_is_unknown_on_the_first_and_last_day_of_a_log():
    text = """
        day_in_study volume_ml
        0            100
        1            100
        1            50
        2            100
    """
    assert days_of(text, "day_in_study", "volume_ml") == [(0, None), (1, 150.0), (2, None)]


def test_a_day_without_known_volumes_is_unknown_never_zero():
    text = """
        day_in_study volume_ml
        0            100
        1            -
        2            0
        3            100
    """
    assert days_of(text, "volume_ml", "no_milk_share") == [(None, 0.0), (None, None), (0.0, 1.0), (None, 0.0)]


def test_daily_volume_is_scaled_when_at_least_seven_in_ten_sessions_have_a_volume():
    known = "\n".join("1 60" for _ in range(7))
    unknown = "\n".join("1 -" for _ in range(3))
    text = f"day_in_study volume_ml\n0 60\n{known}\n{unknown}\n2 60"
    assert days_of(text, "logged", "known", "volume_ml")[1] == (10, 7, pytest.approx(600))
    one_less = f"day_in_study volume_ml\n0 60\n{known}\n{unknown}\n1 -\n2 60"
    assert days_of(one_less, "logged", "known", "volume_ml")[1] == (11, 7, None)


@pytest.mark.parametrize(("sessions", "each", "volume"), [(10, 400, 4000.0), (10, 401, None), (25, 10, None)])
def test_a_day_that_holds_more_than_a_day_can_has_no_volume(sessions, each, volume):
    day = "\n".join(f"1 {each}" for _ in range(sessions))
    assert days_of(f"day_in_study volume_ml\n0 60\n{day}\n2 60", "volume_ml")[1] == (volume,)


def test_starts_less_than_half_an_hour_apart_count_as_one_session():
    text = """
        minute_of_day interval_hours volume_ml
        480           -              50
        500           0.33           10
        530           0.5            50
        900           6.17           50
    """
    assert days_of(text, "sessions", "logged", "longest_interval_hours") == [(3, 4, 6.17)]


def test_people_are_summed_apart():
    text = """
        participant_id day_in_study volume_ml minute_of_day
        A              1            40        60
        A              0            40        480
        A              2            40        480
        B              1            70        480
    """
    assert days_of(text, "participant_id", "day_in_study", "volume_ml", "night_sessions") == [
        ("A", 0, None, 0),
        ("A", 1, 40.0, 1),
        ("A", 2, None, 0),
        ("B", 1, None, 0),
    ]
