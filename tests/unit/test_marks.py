"""Verdict marks: shape, word, colour."""

import base64
import re

import pytest

from dashboard.components import marks, verdicts
from pipelines.evidence.parts import STATES, VerdictCount
from pipelines.figures.tokens import pairs
from pipelines.guidance import POSITIONS
from pipelines.results import VERDICTS


def shape(html: str) -> str:
    return re.sub(r"<svg[^>]*>|</svg>|<title>.*?</title>", "", html)


def test_every_verdict_has_word_and_shape():
    assert all(marks.WORDS[verdict] in marks.chip(verdict) for verdict in VERDICTS)


def test_every_state_without_a_number_has_word_and_shape():
    assert all(marks.WORDS[state] in marks.chip(state) for state in STATES if state != "estimated")


def test_seven_verdicts_have_seven_shapes():
    assert len({shape(marks.mark(verdict)) for verdict in VERDICTS}) == 7


def test_too_few_and_hidden_share_the_dotted_ring():
    assert shape(marks.mark("hidden")) == shape(marks.mark("insufficient_data"))
    assert "stroke-dasharray" in marks.mark("hidden")


def test_literature_uses_the_same_shape_in_ink():
    assert shape(marks.mark("supported")) in marks.literature_chip("supports")
    assert "ls-ink" in marks.literature_chip("supports")


@pytest.mark.parametrize("position", POSITIONS)
def test_every_position_of_literature_has_a_word(position):
    assert marks.POSITIONS[position][1] in marks.literature_chip(position)


def test_a_mark_beside_its_word_is_silent():
    assert 'aria-hidden="true"' in marks.chip("supported")


def test_a_mark_alone_is_read_aloud():
    assert 'aria-label="Contradicted"' in marks.coloured("contradicted")


def test_a_word_given_from_outside_is_escaped():
    assert "<b>" not in marks.chip("supported", "<b>bold</b>")


def test_pill_image_carries_both_modes():
    svg = base64.b64decode(marks.image("supported").partition(",")[2]).decode()
    assert all(colour in svg for colour in pairs()["cohort"])


COUNTS = tuple(
    VerdictCount(verdict, count) for verdict, count in zip(VERDICTS, (9, 3, 0, 21, 12, 14, 41), strict=True)
)


def test_bar_says_its_counts_and_leaves_out_none():
    bar = verdicts.bar(COUNTS)
    assert 'aria-label="9 supported, 3 contradicted, 21 inconclusive' in bar
    assert ">0<" not in bar and "flex-grow:41" in bar


def test_bar_can_be_read_without_colour():
    segments = re.findall(r"<div[^>]*flex-grow[^>]*>", verdicts.bar(COUNTS))
    looks = [re.sub(r"flex-grow:\d+|title=.*", "", segment) for segment in segments]
    assert len(set(looks)) == len(looks)


def test_legend_keeps_the_bars_order():
    legend = verdicts.legend(COUNTS)
    assert legend.index("Supported") < legend.index("Contradicted") < legend.index("Not testable")


def test_strip_has_one_mark_a_statement():
    assert verdicts.strip(["supported", "not_testable", "supported"]).count("<svg") == 3
