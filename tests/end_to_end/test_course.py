"""One person's course from a small study taken in the whole way."""

import pytest

from pipelines import run
from pipelines.errors import InputError
from pipelines.evidence.course import EMPTY, MILK, VOLUME_UNKNOWN, course
from pipelines.evidence.review_done import items, mark_done
from pipelines.evidence.review_person import person
from pipelines.figures.course import course as figure
from pipelines.store.notes import notes_file
from tests.end_to_end.stores import KEY, code, write

DIARY = "participant_id,date,blocked_duct,birth_date,feeding_mode\n"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    days = [1, 2, 3, 6, 7, 8]
    lines = [f"A,2024-03-{day:02}T{hour:02}:00,10,{volume},{volume},wearable" for day in days
             for hour, volume in ((8, 0), (13, 30), (20, ""))]  # fmt: skip
    write(folder, "log.csv", *lines, "B,2024-03-08T08:00,10,40,40,wearable")
    diary = [f"A,2024-03-{day:02},yes,2024-02-20,pump_only" for day in (6, 7, 8)]
    write(folder, "diary.csv", *diary, header=DIARY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", KEY)
        run.ingest([folder], None, folder / "store.duckdb")
    return folder / "store.duckdb"


def test_a_course_shows_sessions_gaps_reports_and_signs_on_one_axis(store):
    made = course(store, code("A"))
    assert (made.first_day, made.last_day, made.offset) == (10, 17, 10)
    assert [session.state for session in made.sessions[:3]] == [EMPTY, MILK, VOLUME_UNKNOWN]
    assert [(gap.first_day, gap.last_day) for gap in made.gaps] == [(13, 14)]
    assert [(report.factor, report.days) for report in made.reports] == [("blocked_duct", (15, 16, 17))]
    assert [(sign.id, sign.first_day, sign.last_day) for sign in made.signs] == [
        ("unresolved_fullness", 15, 17)
    ]
    assert all(day.volume_ml is None for day in made.days)
    assert made.title == "Six of 12 sessions without milk"


def test_a_study_of_two_people_has_no_curve_to_compare_with(store):
    assert course(store, code("A")).bands == ()


def test_the_figure_draws_open_rings_for_sessions_without_milk_and_leaves_the_gap_open(store):
    made = course(store, code("A"))
    drawn = figure(made, "light")
    (rings,) = [trace for trace in drawn.data if trace.marker.symbol == "circle-open"]
    assert len(rings.x) == made.no_milk == 6
    tinted = [(shape.x0, shape.x1) for shape in drawn.layout.shapes]
    assert tinted == [(14.5, 17.5), (12.5, 14.5)]


def test_in_ounces_every_word_and_number_on_screen_is_in_ounces_and_the_download_stays_in_ml(store):
    view = person(store, code("A"), "oz")
    drawn = figure(view.course, "light", unit="oz")
    text = drawn.to_json() + repr([row.says for reason in view.reasons for row in reason.rows])
    assert "oz expressed in 24 hours" in text and "mL" not in text
    dots = next(trace for trace in drawn.data if trace.marker.symbol == "circle" and trace.yaxis == "y2")
    assert "oz" in dots.hovertemplate and dots.customdata[0] == pytest.approx(60 / 29.5735295625)
    assert "mL" not in view.course.title + "".join(reason.rule.condition for reason in view.reasons)
    assert view.numbers.columns[-1] == "volume_ml"
    assert "mL expressed" in figure(person(store, code("A")).course, "light").to_json()


def test_an_unknown_code_is_told_in_one_sentence(store):
    with pytest.raises(InputError, match="code from the list"):
        course(store, "P-NOBODY")


def test_a_review_marked_done_is_no_longer_open_until_something_changes(store):
    (item,) = items(store)
    assert item.is_open
    mark_done(store, code("A"), "Kim")
    (item,) = items(store)
    assert not item.is_open and item.changes.sentence == "Nothing has changed"
    notes_file(store).unlink()
