"""Colours: every pair that carries text or marks keeps its contrast, in both modes."""

import pytest

from pipelines.figures.tokens import DARK, LIGHT, Tokens, channels, pairs, tokens, with_alpha

TEXT, GRAPHICS = 4.5, 3.0


def luminance(colour: str) -> float:
    parts = [value / 255 for value in channels(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_contrast_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "quiet", "cohort", "reference"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_text_can_be_read_on_its_ground(scheme: Tokens, text: str, ground: str):
    assert contrast(getattr(scheme, text), getattr(scheme, ground)) >= TEXT


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "band"])
def test_faint_marks_can_be_seen_on_their_ground(scheme: Tokens, ground: str):
    assert contrast(scheme.faint, getattr(scheme, ground)) >= GRAPHICS - 0.05


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_two_hues_survive_grey_print(scheme: Tokens):
    assert contrast(scheme.cohort, scheme.reference) >= 1.6


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("solid", ["cohort", "reference", "ink"])
def test_counts_in_solid_segments_can_be_read(scheme: Tokens, solid: str):
    assert contrast(scheme.paper, getattr(scheme, solid)) >= TEXT


def test_an_unknown_mode_is_light():
    assert tokens("sepia") is LIGHT and tokens("dark") is DARK


def test_no_colour_stands_for_two_tokens_of_one_mode():
    for place in (0, 1):
        colours = [pair[place] for pair in pairs().values()]
        assert len(set(colours)) == len(colours)


def test_no_light_colour_is_another_tokens_dark_one():
    light = {pair[0]: name for name, pair in pairs().items()}
    assert all(light.get(pair[1], name) == name for name, pair in pairs().items())


def test_opacity_is_written_as_css():
    assert with_alpha("#0A4F78", 0.5) == "rgba(10,79,120,0.5)"
