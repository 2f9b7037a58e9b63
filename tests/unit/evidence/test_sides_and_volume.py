"""The right breast's share of the milk, and who came to volume: people counted once, few hidden."""

from dataclasses import replace

import pandas as pd
import pytest

from pipelines.evidence.coming_to_volume import share_of_people
from pipelines.evidence.sides import right_share, sides
from pipelines.settings import load_settings
from tests.unit.evidence.people import frames

SETTINGS = load_settings()


def both(shares):
    """Sessions with 100 mL, as person and right share."""
    return pd.DataFrame(
        [(person, 100 * (1 - share), 100 * share) for person, share in shares],
        columns=["participant_id", "volume_left_ml", "volume_right_ml"],
    )


def test_everybody_weighs_equally_in_the_right_share():
    rows = [("often", 0.9)] * 50 + [(f"p{number}", 0.5) for number in range(9)]
    found = right_share(both(rows), 10)
    assert found.value == pytest.approx(0.54) and found.participants == 10
    assert found.low < 0.54 < found.high


def test_the_interval_is_that_of_a_mean_over_people():
    rows = [(f"p{number}", share) for number, share in enumerate([0.4, 0.6] * 5)]
    found = right_share(both(rows), 10)
    # mean 0.5, standard deviation sqrt(10 * 0.01 / 9), t with 9 degrees of freedom 2.2622
    assert found.high - found.value == pytest.approx(2.2622 * (0.1 / 9) ** 0.5 / 10**0.5, rel=1e-4)


def test_few_people_have_no_right_share():
    assert right_share(both([(f"p{number}", 0.5) for number in range(9)]), 10) is None


def test_sides_say_how_much_comes_from_which_breast():
    made = frames()
    rows = made.sessions.assign(volume_right_ml=made.sessions["volume_right_ml"] * 3)
    found = sides(rows, replace(made, sessions=rows))
    assert (
        found.title.replace("\u00a0", " ")
        == "Of 100 mL, 75 come from the right breast; it gives more in 100 of 100 sessions"
    )
    assert found.numbers.rows[-1][0].startswith("Right breast") and found.numbers.rows[-1][3] == 0.75


def came(counts):
    """Groups of people as (came, all) with the whole of them as one series."""
    groups, values = {}, {}
    for name, (yes, people) in counts.items():
        members = [f"{name}{number}" for number in range(people)]
        groups[name] = pd.Index(members)
        values |= {person: number < yes for number, person in enumerate(members)}
    return pd.Series(values), groups


def section(counts, extra=0):
    values, groups = came(counts)
    values = pd.concat([values, pd.Series({f"none{number}": True for number in range(extra)}, dtype=bool)])
    return share_of_people(values.astype(bool), groups, frames(people=400, each=1), SETTINGS)


def test_the_share_that_came_to_volume_has_wilsons_interval():
    found = section({"Pump only": (40, 100)})
    row = next(row for row in found.numbers.rows if row[0] == "Pump only")
    assert row[1:6] == (100, 40, 0.4, 0.3094, 0.498)
    assert "40 have a day of 500" in found.title and "only pump" in found.title


@pytest.mark.parametrize(("yes", "people"), [(5, 60), (55, 60), (3, 8)])
def test_few_who_came_or_did_not_hide_the_group_and_another_with_it(yes, people):
    found = section({"Pump only": (yes, people), "Half and half": (20, 45), "Mostly pump": (50, 110)})
    hidden = {group.label for group in found.groups if group.state == "hidden"}
    assert {"Pump only", "Half and half"} <= hidden and "Mostly pump" not in hidden


@pytest.mark.parametrize(("extra", "shown"), [(0, True), (4, False), (12, True)])
def test_everyones_share_stands_only_where_it_tells_nothing_of_few_in_no_group(extra, shown):
    found = section({"Pump only": (40, 100), "Half and half": (30, 90)}, extra)
    assert ("Everyone" in {group.label for group in found.groups}) == shown
