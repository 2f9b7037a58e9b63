"""Warning signs: each a rule on the log, the diary or the forms, giving episodes with the rows that show them."""

from pipelines.metrics.signs.diary import (
    breast_infection,
    damaged_nipples,
    distress_protocol,
    infant_weight,
    latch_difficulty,
    medicine_or_condition,
    unresolved_fullness,
)
from pipelines.metrics.signs.ends import gone_quiet
from pipelines.metrics.signs.episodes import Episode, with_session_rows, with_states
from pipelines.metrics.signs.log import (
    delayed_activation,
    falling_volume,
    long_night_gap,
    low_frequency,
    not_at_volume,
    persistent_no_milk,
    severe_pain,
)
from pipelines.metrics.signs.tables import PEOPLE_COLUMNS, Study, Tables, read_study

RULES = (
    breast_infection,
    infant_weight,
    distress_protocol,
    medicine_or_condition,
    persistent_no_milk,
    unresolved_fullness,
    severe_pain,
    damaged_nipples,
    falling_volume,
    not_at_volume,
    latch_difficulty,
    gone_quiet,
    delayed_activation,
    low_frequency,
    long_night_gap,
)

__all__ = ["PEOPLE_COLUMNS", "RULES", "Episode", "Study", "Tables", "find_signs", "read_study"]


def find_signs(study: Study) -> list[Episode]:
    """Every episode of every sign, with its rows and whether it is current."""
    episodes = [episode for rule in RULES for episode in rule(study)]
    return with_states(study, with_session_rows(study, episodes))
