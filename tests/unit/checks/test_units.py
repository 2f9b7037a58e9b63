"""Volumes: any spelling of a number and a unit, and no unit guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.checks.columns import as_found, plain_evidence, read_plain
from pipelines.checks.units import decide_unit, looks_like_ounces, small_step_evidence, unit_evidence
from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from tests.unit.checks.tables import Engine

OUNCE = 29.5735295625


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine()


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("85ml", 85),
        ("85 mL", 85),
        ("2.75oz", 2.75 * OUNCE),
        ("4 oz", 4 * OUNCE),
        ("3,5 fl. oz.", 3.5 * OUNCE),
        ("1 FLOZ", OUNCE),
        ("0ml", 0),
        ("0", 0),
        (".5 oz", 0.5 * OUNCE),
        ("12", 12),
        ("12,5", 12.5),
        ("unknown", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_a_volume_is_read_with_its_own_unit(engine, cell, wanted):
    # The plain cell beside it makes sure that plain and odd cells of one column agree.
    found = engine.values("volume_left_ml", volume_left=[cell, "7"], unit="ml")
    assert found[1] == (7,)
    assert found[0] == (pytest.approx(wanted) if wanted is not None else None,)


@pytest.mark.parametrize(
    "cell", ["120ml/4oz", "2 cups", "abc", "12 13", "1.2.3", "ml", "inf", "1e400", "9" * 20]
)
def test_what_is_no_number_with_a_known_unit_is_unreadable(engine, cell):
    found = engine.values("volume_left_ml", "unreadable_volume_left", volume_left=[cell], unit="ml")
    assert found == [(None, True)]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.decimals(0, 900, places=2),
            st.sampled_from(["ml", " ML", "mL ", " milliliters", "oz", " OZ", " fl oz", "ounces"]),
            st.booleans(),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_ml_and_ounces_may_mix_cell_by_cell(cells):
    texts = [f"{number}{unit}".replace(".", "," if comma else ".", 1) for number, unit, comma in cells]
    found = Engine().values("volume_ml", volume_total=texts)
    for (volume,), (number, unit, _) in zip(found, cells, strict=True):
        assert volume == pytest.approx(float(number) * (1 if "m" in unit.lower() else OUNCE))


def test_left_and_right_make_a_total_only_together(engine):
    found = engine.values(
        "volume_left_ml",
        "volume_right_ml",
        "volume_ml",
        volume_left=["50", "0", None, "10", "0"],
        volume_right=["60", None, "5", "20", "0"],
        volume_total=[None, None, None, "31", None],
        unit="ml",
    )
    assert found == [(50, 60, 110), (0, None, None), (None, 5, None), (10, 20, 31), (0, 0, 0)]


def test_zero_is_unknown_where_the_study_says_it_was_not_measured(engine):
    found = engine.values("volume_ml", volume_total=["0", "0ml", "5"], unit="ml", zero_unmeasured=True)
    assert found == [(None,), (None,), (5,)]


def evidence(**columns) -> dict:
    engine = Engine()
    staged = engine.settle("staged", read_plain(engine.raw(**columns), load_codebook()))
    staged = as_found(staged, engine.rows(plain_evidence(staged)))
    (row,) = engine.rows(staged.aggregate(**unit_evidence(staged), **small_step_evidence(staged, 0.25)))
    return row


def test_a_number_without_any_unit_stops_the_file_and_zero_does_not():
    assert evidence(volume_total=["5", "3 oz", "0"])["unitless"] == 1
    with pytest.raises(InputError, match=r"^a\.csv: volumes without a unit"):
        decide_unit("a.csv", "auto", 1)
    assert decide_unit("a.csv", "oz", 1) == "oz"
    assert decide_unit("a.csv", "auto", evidence(volume_total=["0", "3 oz", None])["unitless"]) is None


def test_the_unit_of_the_row_is_enough():
    assert evidence(volume_left=["5", "3"], unit=["ml", "oz"])["unitless"] == 0
    assert evidence(volume_left=["5", "3"], unit=["ml", "cup"])["unitless"] == 1


def test_small_quarter_steps_in_a_column_that_says_ml_look_like_ounces():
    def suspicious(cells: list[str]) -> bool:
        row = evidence(volume_total=cells, unit=["ml"] * len(cells))
        enough = looks_like_ounces(row["numbers"], row["median"], row["steps"], below=8, fewest=10)
        return bool(row["fractions"]) and enough

    assert suspicious(["2.5", "3", "3.25", "0"] * 5)
    assert not suspicious(["2", "3", "5", "0"] * 5)
    assert not suspicious(["62.5", "80", "75.25"] * 5)
    assert not suspicious(["2.5", "3.1", "4"] * 5)
    assert not suspicious(["2.5", "3"])
