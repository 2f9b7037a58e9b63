"""What is said of the way logs were written tells of no few people."""

import pandas as pd

from pipelines.evidence.logs import _habits
from pipelines.settings import load_settings


def habits(too_short: int) -> str:
    people = pd.DataFrame(
        {
            "long_enough": [at >= too_short for at in range(40)],
            "fives_share": 1.0,
            "quarter_ounce_share": 0.0,
            "round_start_share": 0.8,
            "day_span_share": 0.625,
            "zero_share": 0.1,
        }
    )
    return _habits(people, pd.DataFrame({"silent_days": [0] * 40}), 10, load_settings())[0]


def test_how_many_logs_are_long_enough_is_not_told_where_few_are_too_short():
    assert habits(0).startswith("Of 40 logs long enough")
    assert habits(12).startswith("Of 28 logs long enough")
    assert habits(3).startswith("Of the logs long enough")


def test_the_share_of_the_day_logged_is_said():
    assert "the entries of a day span at least 62\u00a0% of it" in habits(0)
