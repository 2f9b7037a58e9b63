from pipelines.metrics.participants import came_to_volume, per_participant
from pipelines.metrics.sessions import with_outcomes
from pipelines.settings import load_settings
from tests.definitions.worked import rows_of, table


def test_each_participant_is_counted_over_the_whole_log():
    sessions = with_outcomes(
        table("""
        participant_id day_in_study volume_ml
        A              0            0
        A              0            80
        A              4            -
        B              2            -
    """),
        15,
    )
    result = rows_of(
        per_participant(sessions),
        "participant_id",
        "sessions",
        "known",
        "days",
        "span_days",
        "no_milk_share",
        "ever_no_milk",
        order=("participant_id",),
    )
    assert result == [("A", 3, 2, 2, 5, 0.5, True), ("B", 1, 0, 1, 1, None, None)]


def test_coming_to_volume_needs_five_hundred_millilitres_by_day_fourteen():
    days = table(
        """
        participant_id day_postpartum volume_ml
        early          12             500
        early          13             300
        late           14             499
        late           15             700
        unknown        13             -
    """,
        defaults={},
    )
    result = rows_of(
        came_to_volume(days, load_settings()),
        "participant_id",
        "came_to_volume",
        "day_came_to_volume",
        order=("participant_id",),
    )
    assert result == [("early", True, 12), ("late", False, None)]
