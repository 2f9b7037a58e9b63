"""Volumes in mL or ounces, and sentences told again in ounces."""

import pytest

from pipelines.evidence.volume_units import amount, in_words, retold

SPACE = "\N{NO-BREAK SPACE}"


def test_an_ounce_is_a_us_fluid_ounce():
    assert amount(29.5735295625, "oz") == 1 and amount(29.5735295625, "ml") == 29.5735295625
    assert in_words(1478.7, "oz") == f"50.0{SPACE}oz" and in_words(1478.7, "ml") == f"1,479{SPACE}mL"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("17 mL a session, 41 % of the 41 mL before", f"0.6{SPACE}oz a session, 41 % of the 41 mL before"),
        (f"below 1,000{SPACE}mL a day", f"below 33.8{SPACE}oz a day"),
        (f"around 7.5{SPACE}mL", f"around 0.3{SPACE}oz"),
        ("no volume, 12 mLs, day 14", "no volume, 12 mLs, day 14"),
    ],
)
def test_every_volume_of_a_sentence_is_told_again(said, told):
    assert retold(said, "oz") == told.replace("41 mL before", f"1.4{SPACE}oz before")
    assert retold(said, "ml") == said
