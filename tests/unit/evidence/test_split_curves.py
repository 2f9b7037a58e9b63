"""Curves of several groups: each group's own people, few people hidden, the reading, the figure."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.evidence import curves as evidence
from pipelines.evidence.filters import Filters
from pipelines.figures.split_curves import split_curves as draw
from pipelines.settings import Settings, load_settings
from tests.unit.evidence.people import frames


@pytest.fixture
def study(monkeypatch):
    """Forty people of cohort A with 300 mL a day, forty of B with 600 mL, on days 5 to 16; each day smoothed."""
    made = frames(people=80, each=12)
    low = made.days["cohort"] == "A"
    spread = np.random.default_rng(1).normal(1, 0.1, len(low))
    days = made.days.assign(volume_ml=np.where(low, 300.0, 600.0) * spread)

    known = load_settings()
    quick = replace(known.explain("curves.regression_limit"), value=0)
    settings = Settings(known.entries | {quick.name: quick})
    monkeypatch.setattr(evidence, "load_settings", lambda: settings)

    def use(changed=None):
        shown = changed or replace(made, days=days)
        monkeypatch.setattr(evidence, "load", lambda path: shown)
        return shown

    use()
    return use


def test_each_group_has_the_curve_of_its_own_people(study):
    found = evidence.split_curves("store", Filters(), "cohort")
    middle = {
        point.cohort: point
        for point in found.points
        if (point.day_postpartum, point.probability) == (14, 0.5)
    }
    assert middle["A"].volume_ml == pytest.approx(300, rel=0.05)
    assert middle["B"].volume_ml == pytest.approx(600, rel=0.05)
    assert middle["A"].ci_low < middle["A"].volume_ml < middle["A"].ci_high and middle["A"].participants == 40
    assert found.title.startswith("On day 14 half of the group “B” express 6")


def test_the_command_line_gives_everyone_and_then_each_group(study):
    assert list(dict.fromkeys(point.cohort for point in evidence.curves("store"))) == ["", "A", "B"]
    by_pump = dict.fromkeys(point.cohort for point in evidence.curves("store", "pump"))
    assert list(by_pump) == ["", "Wearable", "Hand pump"]
    by_term = dict.fromkeys(point.cohort for point in evidence.curves("store", "term"))
    assert list(by_term) == ["", "Before 37 weeks", "From 37 weeks"]


def test_a_group_of_few_people_has_no_point_nor_has_the_one_beside_it(study):
    made = study()
    few = {f"p{number:03d}" for number in range(5)}
    rows = made.sessions.assign(
        cohort=np.where(made.sessions["participant_id"].isin(few), "few", made.sessions["cohort"])
    )
    study(replace(made, sessions=rows))
    found = evidence.split_curves("store", Filters(), "cohort")
    assert {point.cohort for point in found.points} == {"B"} and "few" in found.note
    assert found.unavailable


def test_where_few_people_are_in_no_group_their_number_cannot_be_worked_out(study):
    made = study()
    rows = made.sessions.copy()
    rows.loc[rows["participant_id"].isin({"p000", "p001"}), "gestational_age_weeks"] = None
    study(replace(made, sessions=rows))
    found = evidence.split_curves("store", Filters(), "term")
    assert all(point.participants is None for point in found.points) and "about" in found.note
    assert all(point.participants is None for point in evidence.curves("store", "term") if point.cohort)


def test_a_split_that_the_study_does_not_know_is_none(study):
    made = study()
    study(replace(made, sessions=made.sessions.drop(columns="gestational_age_weeks")))
    assert evidence.split_curves("store", Filters(), "term") is None
    assert {point.cohort for point in evidence.curves("store", "term")} == {""}


def test_the_figure_tells_groups_apart_by_pattern_and_names_each_at_its_end(study):
    figure = draw(evidence.split_curves("store", Filters(), "cohort"), "light")
    lines = [trace for trace in figure.data if trace.line.width]
    assert [trace.line.dash for trace in lines] == ["solid", "dash"]
    labels = [note.text for note in figure.layout.annotations]
    assert {"A", "B"} <= set(labels)


def test_labels_of_lines_that_end_together_do_not_lie_over_each_other(study):
    made = study()
    study(replace(made, days=made.days.assign(volume_ml=500 + np.arange(len(made.days)) % 7)))
    figure = draw(evidence.split_curves("store", Filters(), "cohort"), "light")
    heights = sorted(note.y for note in figure.layout.annotations if note.text in ("A", "B"))
    assert heights[1] - heights[0] > 20
