"""The hand-out: plain words, the chosen unit, nothing that must not stand on paper."""

import re

import pytest

from pipelines.evidence.course import AFTER_BIRTH, Course, CourseDay, CourseSession, CourseSpan
from pipelines.evidence.handout import NO_DIAGNOSIS, TALK, _log_sentences, _to_talk_about
from pipelines.evidence.volume_units import in_words
from pipelines.guidance import load_guidance
from pipelines.guidance.signs import load_signs
from pipelines.results import CurvePoint

HIGHEST_GRADE = 7.0


def made(*signs, **more) -> Course:
    bands = tuple(
        CurvePoint("", 12, probability, volume, None, None, 40, "estimated")
        for probability, volume in ((0.25, 200.0), (0.5, 400.0), (0.75, 600.0))
    )
    content = {
        "participant_id": "P-A", "cohort": "", "title": "", "day_axis": AFTER_BIRTH, "offset": 10, "first_day": 10,
        "last_day": 13, "days": (CourseDay(11, 6, None), CourseDay(12, 6, 295.7)),
        "sessions": (CourseSession(11, 480, "empty", 0.0), CourseSession(12, 480, "milk", 60.0)), "reports": (),
        "signs": signs, "gaps": (), "marks": (), "bands": bands, "bands_of": "everybody", "no_milk": 1, "known": 2,
        "listed": None,
    }  # fmt: skip
    return Course(**(content | more))


def span(sign, state="current"):
    return CourseSpan(sign, "", 10, 12, state)


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    return max(1, groups - (word.lower().endswith("e") and not word.lower().endswith("le")))


def grade(text: str) -> float:
    """School grade by Flesch and Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?]+\s", text + " ") if part.strip()]
    said = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(said) / len(sentences) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def test_volumes_are_told_in_the_unit_that_the_mother_uses():
    assert in_words(295.74, "oz") == "10.0\u00a0oz"
    assert in_words(295.74, "ml") == "296\u00a0mL"
    said = _log_sentences(made(), "oz")
    assert "On day 12 you pumped 10.0\u00a0oz in all." in said
    assert "half of the mothers in this study pumped between 6.8\u00a0oz and 20.3\u00a0oz" in said[-1]
    assert not any("mL" in sentence for sentence in said)


def test_curves_of_her_own_group_are_not_called_those_of_the_whole_study():
    said = _log_sentences(made(bands_of="preterm"), "ml")
    assert "half of the mothers in your group of this study pumped" in said[-1]
    assert grade(said[-1].replace("\u00a0", " ")) <= HIGHEST_GRADE


def test_current_signs_are_talked_about_once_and_past_ones_not():
    (block,) = _to_talk_about(
        made(span("falling_volume"), span("falling_volume"), span("nipple_damage", "past"))
    )
    assert block.sentences == (load_signs()["falling_volume"].to_mother, TALK)


def test_distress_never_stands_on_paper():
    assert load_signs()["distress_protocol"].to_mother == ""
    (block,) = _to_talk_about(made(span("distress_protocol")))
    assert block.sentences[0] == "We saw nothing in your log that needs a closer look."


def test_every_other_sign_that_lists_has_words_for_the_mother():
    without = {rule.id for rule in load_signs().values() if rule.lists and not rule.to_mother}
    assert without == {"distress_protocol"}


@pytest.mark.parametrize(
    "text",
    [
        " ".join(rule.to_mother for rule in load_signs().values() if rule.to_mother),
        " ".join(_log_sentences(made(), "ml")).replace("\u00a0", " "),
        f"{NO_DIAGNOSIS} {TALK}",
        load_guidance().urgent_signs,
    ],
    ids=["signs", "log", "foot", "urgent"],
)
def test_a_child_of_twelve_can_read_it(text):
    assert grade(text) <= HIGHEST_GRADE


def test_the_urgent_signs_are_on_the_sheet():
    assert "38.0" in load_guidance().urgent_signs
