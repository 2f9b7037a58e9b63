"""The interval glyph: where marks stand, what is read aloud, what leaves the axis."""

import re

import pytest

from dashboard.components import glyph
from pipelines.evidence.parts import IntervalMark

WORDS = "odds ratio 1.41 (1.13 to 1.77)"


def interval(value=1.41, low=1.13, high=1.77, smallest_effect=1.25):
    return IntervalMark(value, low, high, WORDS, smallest_effect)


def test_no_difference_stands_in_the_middle():
    assert glyph.ODDS.at(1) == 50
    assert glyph.VOLUME.at(1) == 50


def test_a_ratio_and_its_inverse_lie_as_far_from_the_middle():
    assert glyph.ODDS.at(2) - 50 == pytest.approx(50 - glyph.ODDS.at(0.5))


def test_an_estimate_beyond_the_axis_stays_at_its_end():
    assert glyph.ODDS.at(50) == glyph.ODDS.at(3) == 97


def test_share_axis_starts_at_nought():
    axis = glyph.ShareAxis(0.12)
    assert axis.at(0) < axis.at(0.06) < axis.at(0.12) <= 100
    assert [label for _, label in axis.ticks] == ["0", "6", "12"]


def test_glyph_is_read_aloud():
    assert f'aria-label="{WORDS.replace(" to ", chr(160) + "to" + chr(160))}"' in draw(interval())


def draw(mark: IntervalMark, shape: str = "dot") -> str:
    return glyph.ratio(mark, glyph.ODDS, shape=shape, colour="cohort")


def test_line_runs_from_low_to_high():
    line = re.search(r'<line x1="([\d.]+)%" x2="([\d.]+)%"[^>]*--cohort', draw(interval()))
    assert float(line[1]) == pytest.approx(glyph.ODDS.at(1.13), abs=0.1)
    assert float(line[2]) == pytest.approx(glyph.ODDS.at(1.77), abs=0.1)


def test_band_spans_the_smallest_effect_and_its_inverse():
    band = re.search(r'<rect x="([\d.]+)%" width="([\d.]+)%"', draw(interval()))
    assert float(band[1]) == pytest.approx(glyph.ODDS.at(0.8), abs=0.1)
    assert float(band[1]) + float(band[2]) == pytest.approx(glyph.ODDS.at(1.25), abs=0.1)


def test_without_a_smallest_effect_there_is_no_band():
    assert "<rect" not in draw(interval(smallest_effect=None))


def test_open_arrow_shows_that_an_interval_goes_on():
    assert "M-5-4 0 0-5 4" in draw(interval(high=9))
    assert "M5-4 0 0 5 4" in draw(interval(low=0.1))
    assert "M-5-4" not in draw(interval())


def test_inconclusive_is_an_open_ring():
    assert "fill:var(--paper)" in draw(interval(), "ring")
    assert "fill:var(--paper)" not in draw(interval(), "dot")


def test_pair_reads_adjusted_before_unadjusted():
    pair = glyph.paired(
        interval(), interval(2, 1.5, 2.5), glyph.ODDS, shape="diamond", colour="cohort", smallest_effect=1.25
    )
    label = re.search(r'aria-label="([^"]*)"', pair)[1]
    assert label.index("adjusted odds") < label.index("unadjusted odds")


def test_pair_without_an_adjusted_estimate_shows_the_unadjusted_one():
    pair = glyph.paired(None, interval(), glyph.ODDS, shape="dot", colour="cohort", smallest_effect=None)
    assert "unadjusted" in pair and "--cohort" not in pair


def test_axis_words_are_escaped_and_said():
    assert "&lt;" in glyph.axis_words(glyph.ODDS, "<", "more")
    assert "log scale" in glyph.axis_words(glyph.ODDS, "fewer", "more")
