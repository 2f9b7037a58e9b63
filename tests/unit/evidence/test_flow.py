"""From files to the analysis: every step's numbers, and none that tells of few people."""

from dataclasses import replace

from pipelines.evidence.filters import Filters
from pipelines.evidence.flow import _lost, _of_people, _shown, _steps
from pipelines.evidence.frames import select
from tests.unit.evidence.people import frames


def without_volume(people: int, sessions: int):
    """So many people lack the volume of their first `sessions` sessions."""
    made = frames()
    rows = made.sessions.copy()
    chosen = rows["participant_id"].isin([f"p{at:03d}" for at in range(people)]) & (
        rows["day_in_study"] < sessions
    )
    rows.loc[chosen, ["volume_ml", "no_milk", "low_output"]] = None
    return replace(made, sessions=rows)


def told(made, filters=None, known=None):
    filters = filters or Filters()
    known = frozenset(made.sessions["participant_id"]) if known is None else known
    steps = _of_people(made, select(made, filters), filters, known)
    return _steps(steps, _shown(steps, made.minimum), made.minimum), steps


def plain(text):
    return text.replace("\u00a0", " ")


def test_each_step_says_what_is_left_and_what_fell_away():
    steps, _ = told(without_volume(20, 2))
    analysis = next(step for step in steps if step.label == "In the analysis")
    assert plain(analysis.left) == "440 sessions" and plain(analysis.people) == "80 people"
    assert plain(analysis.lost).startswith("40 sessions have no volume")


def test_people_who_lose_all_their_sessions_are_counted():
    steps, _ = told(without_volume(20, 6))
    analysis = next(step for step in steps if step.label == "In the analysis")
    assert plain(analysis.people) == "60 people" and "20 people have no other session" in plain(analysis.lost)


def test_a_step_that_few_people_left_hides_their_number_and_what_they_lost():
    steps, _ = told(without_volume(5, 6))
    logged, analysis = steps[0], steps[1]
    assert logged.people.startswith("Hidden") and plain(analysis.people) == "75 people"
    assert analysis.lost == "Fewer than 10 people lost anything here."


def test_a_filter_is_a_step_of_its_own():
    steps, left = told(frames(), Filters(cohort="A"))
    selected = next(step for step in steps if step.label == "Selected")
    assert plain(selected.left) == "240 sessions" and "40 people have no session in it" in plain(
        selected.lost
    )
    assert [step.count for step in left][:2] == [480, 240]


def test_people_who_only_answered_questions_are_in_the_study():
    made = frames()
    known = frozenset(made.sessions["participant_id"]) | {f"q{at}" for at in range(12)}
    steps, _ = told(made, known=known)
    assert plain(steps[0].people) == "92 people"
    assert "12 people answered questions and have no session" in plain(steps[1].lost)


def test_a_step_at_which_nothing_fell_away_says_nothing():
    _, left = told(frames())
    assert _lost(left[0], 80, 80, 10) == ""


def test_a_step_that_nobody_passes_says_so():
    made = frames()
    steps, _ = told(replace(made, days=made.days.assign(day_postpartum=None)))
    assert plain(steps[-1].left) == "0 complete days" and plain(steps[-1].people) == "0 people"
