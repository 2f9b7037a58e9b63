"""A study of nothing but starts and volumes: every page says what it can, and no page falls over what was not asked."""

import pytest

from pipelines import run
from pipelines.evidence import cohort, curves, output
from pipelines.evidence.filters import Filters
from tests.end_to_end.stores import KEY, write

HEADER = "participant_id,started_at,volume_ml\n"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Twenty-five people with three sessions on each of eight days; twelve of them had one without milk."""
    folder = tmp_path_factory.mktemp("bare")
    lines = [
        f"m{person},2026-03-{day:02d} {hour:02d}:{person:02d},{0 if (day, hour) == (3, 7) and person < 12 else 40 + person}"
        for person in range(25)
        for day in range(1, 9)
        for hour in (7, 12, 18)
    ]
    path = write(folder, "log.csv", *lines, header=HEADER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LACTOSCOPE_KEY", KEY)
        run.ingest([path], None, folder / "store.duckdb")
    return folder / "store.duckdb"


def test_the_cohort_page_stands_without_a_birth_date_or_any_question(bare):
    page = cohort.cohort(bare, Filters())
    assert page.flow.steps[-1].left.startswith("0") and page.retention.rows
    table = cohort.table_one(bare, Filters(), "cohort")
    assert table.key == "ever" and [column.people[:2] for column in table.columns] == ["25", "12", "13"]


def test_the_output_page_says_what_it_cannot_draw(bare):
    page = output.output(bare, Filters())
    assert page.curves.unavailable and page.came.unavailable and page.let_down is None and page.splits == ()
    assert [group.label for group in page.pumps.groups] == ["Not reported"]
    assert curves.split_curves(bare, Filters(), "pump") is None and curves.curves(bare, "pump") == ()
