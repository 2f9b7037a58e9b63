"""The hand-out: plain words, the chosen unit, nothing that must not stand on paper."""

import re

import pytest

from pipelines.evidence import handout
from pipelines.evidence.course import AFTER_BIRTH, Course, CourseDay, CourseSession, CourseSpan
from pipelines.evidence.filters import Filters
from pipelines.evidence.handout import NO_DIAGNOSIS, TALK, _log_sentences, _to_talk_about
from pipelines.evidence.modifiable import Modifiable
from pipelines.evidence.output import CurveSection
from pipelines.evidence.volume_units import in_words
from pipelines.guidance import load_guidance
from pipelines.guidance.signs import load_signs
from pipelines.results import CurvePoint
from tests.unit.evidence.people import frames

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


@pytest.fixture
def group(monkeypatch):
    """The hand-out of a made-up group: 80 people, every fourth with one empty session of six."""

    def of(unit="ml", outcome="no_milk", empty=None, people=80):
        made = frames(people=people)
        if empty is not None:
            made.sessions["no_milk"] = made.sessions["no_milk"] * (made.sessions["participant_id"] < empty)
        lines = tuple(
            CurvePoint("", day, probability, volume, None, None, 40, "estimated")
            for day in (7, 13, 20)
            for probability, volume in ((0.25, 100.0 + day), (0.5, 400.0 + day), (0.75, 600.0 + day))
        )
        hidden = CurvePoint("", 14, 0.5, None, None, None, None, "suppressed")
        asked = []

        def helps(_path, _filters, unit):
            asked.append(unit)
            return tuple(Modifiable(name, name, "", said, 40, 9) for name, said in (("a", "One."), ("b", "")))

        monkeypatch.setattr(handout, "load", lambda _path: made)
        monkeypatch.setattr(
            handout, "curve_section", lambda _frames: CurveSection((*lines, hidden), (), (), "", "")
        )
        monkeypatch.setattr(handout, "supported_and_modifiable", helps)
        sheet = handout.of_cohort(None, Filters(outcome=outcome), unit)
        assert asked in ([], [unit])
        return sheet

    return of


def said(sheet) -> dict[str, str]:
    return {block.heading: " ".join(block.sentences).replace("\u00a0", " ") for block in sheet.blocks}


def test_a_groups_sheet_tells_how_often_how_much_and_what_goes_along(group):
    sheet = group()
    blocks = said(sheet)
    assert blocks["How often sessions end without milk"].startswith(
        "In this study, 4 of 100 pumping sessions end"
    )
    assert blocks["How much comes in a day"] == (
        "On day 13 after the birth, half of the mothers pumped 413 mL or more. "
        "One in four pumped less than 113 mL. One in four pumped more than 613 mL."
    )
    assert blocks["What goes along with it"] == "One. This does not tell us that one leads to the other."
    assert [band.day for band in sheet.bands] == [7, 13, 20] and sheet.bands[1].middle == 413.0
    assert "80\u00a0people" in sheet.subtitle and sheet.unit == "mL"
    assert all(grade(text) <= HIGHEST_GRADE for text in blocks.values())


def test_a_groups_sheet_in_ounces_has_no_ml_in_it(group):
    sheet = group("oz")
    assert "half of the mothers pumped 14.0 oz or more" in said(sheet)["How much comes in a day"]
    assert sheet.bands[1].middle == pytest.approx(413 / 29.5735295625) and sheet.unit == "oz"
    assert "mL" not in str(sheet)


def test_a_share_that_few_people_make_up_stands_on_no_sheet(group):
    assert not any(heading.startswith("How often") for heading in said(group(empty="p036")))
    assert "How often sessions end without milk" in said(group(empty="p037"))


def test_a_group_that_is_too_small_has_a_reason_and_no_sheet(group):
    sheet = group(people=9)
    assert "Fewer than 10 people" in sheet.unavailable and not sheet.blocks and not sheet.bands
