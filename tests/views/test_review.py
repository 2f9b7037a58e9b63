"""The Review page on an invented list: its order, one person's reasons, notes, marks, trends and rules."""

from functools import partial

import pytest

from dashboard import cached
from pipelines.evidence import review_done
from pipelines.evidence.review import Review
from pipelines.store import notes as kept
from tests.views import pages
from tests.views.conftest import html, open_app


def labels(at) -> list[str]:
    return [radio.label for radio in at.radio if radio.key.startswith("review-")]


@pytest.fixture
def known_list(invented, monkeypatch):
    """The invented list is what marking somebody as looked at finds in the store."""
    page = pages.review(None)
    monkeypatch.setattr(review_done, "review", lambda _path: page.found)
    return invented


def test_the_list_goes_by_urgency_with_those_gone_quiet_apart_and_past_signs_folded(invented):
    at = open_app("review")
    assert labels(at) == [
        "**Today**",
        "**Within one or two days**",
        "**No entries lately: gone quiet, which is not little milk**",
        "Past signs",
    ]
    assert [each.label for each in at.expander] == ["Past signs: 1\N{NO-BREAK SPACE}person"]
    assert at.radio(key="review-group-A").value == "P-FEVER"
    assert "Nobody has been marked as looked at yet" in html(at)
    assert "235 others fulfilled no rule" in html(at)


def test_two_people_with_the_same_sign_can_be_told_apart_and_a_click_goes_into_the_address(invented):
    at = open_app("review")
    options = at.radio(key="review-group-B").options
    assert len(set(options)) == 2 and all("Less milk" in each for each in options)
    at.radio(key="review-group-B").set_value("P-OTHER").run()
    assert at.query_params["person"] == "P-OTHER"
    assert at.header[0].value.replace("\u00a0", " ") == "P-OTHER: Less milk, in numbers"
    assert at.radio(key="review-group-B").value == "P-OTHER" and at.radio(key="review-group-A").value is None


def test_a_link_opens_a_person_and_an_unknown_code_is_told(invented):
    at = open_app("review", person="P-QUIET")
    assert at.header[0].value.startswith("P-QUIET")
    assert "no log of 'P-NOBODY'" in html(open_app("review", person="P-NOBODY")).replace("&#x27;", "'")


def test_a_person_shows_rule_days_rows_source_and_what_it_often_is_instead(invented):
    at = open_app("review")
    text = html(at)
    for words in ("Below 60 %.", "day 30, recent", "06:40", "no milk (0 mL)", "ffffff", "<td>7</td>"):
        assert words in text
    for words in ("Assumed.", "A weekend.", "Compare.", "A reason to look, not a diagnosis", "Few sessions"):
        assert words in text
    assert at.get("plotly_chart")[0].proto.alt.startswith("P-FEVER")
    link = at.get("page_link")[0].proto
    assert "consult.overview" in str(link) and link.label == "Ask when nothing comes."


def test_somebody_without_a_session_has_a_reason_instead_of_a_figure(invented):
    invented.person = partial(pages.person, course=None, no_course="She has logged no session.", numbers=None)
    at = open_app("review")
    assert "She has logged no session." in html(at) and not at.get("plotly_chart")


def test_a_note_is_kept_shown_and_deleted(invented):
    at = open_app("review")
    at.text_input(key="review-name").set_value("KM")
    at.text_area(key="review-note").set_value("Called <b>her</b>.")
    at.button(key="review-keep").click().run()
    (note,) = kept.notes(invented.store, "P-FEVER")
    assert (note.text, note.author) == ("Called <b>her</b>.", "KM")
    assert "Called &lt;b&gt;her&lt;/b&gt;." in html(at) and at.text_area(key="review-note").value == ""
    at.button(key=f"review-delete-{note.id}").click().run()
    assert kept.notes(invented.store) == () and "Called" not in html(at)


def test_all_that_was_written_about_one_person_is_deleted_at_once(known_list):
    kept.add_note(known_list.store, "P-OTHER", "stays")
    at = open_app("review")
    assert not [button for button in at.button if button.key == "review-forget"]
    kept.add_note(known_list.store, "P-FEVER", "goes")
    kept.mark_done(known_list.store, "P-FEVER", 1, [])
    at = open_app("review", person="P-FEVER")
    at.button(key="review-forget").click().run()
    assert [note.text for note in kept.notes(known_list.store)] == ["stays"]
    assert kept.done_marks(known_list.store) == {}


def test_an_empty_note_is_refused_in_words(invented):
    at = open_app("review")
    at.button(key="review-keep").click().run()
    assert "The note is empty" in html(at) and kept.notes(invented.store) == ()


def test_who_was_looked_at_moves_into_a_fold_and_comes_back(known_list):
    at = open_app("review")
    at.button(key="review-done").click().run()
    at = open_app("review")
    assert "Looked at" in labels(at) and "**Today**" not in labels(at)
    assert "Since you last looked: Four listed and not looked at yet." in html(at)
    at = open_app("review", person="P-FEVER")
    assert "Nothing has changed." in html(at)
    at.button(key="review-undo").click().run()
    assert kept.done_marks(known_list.store) == {} and "**Today**" in labels(open_app("review"))


def test_a_sign_that_the_studys_procedure_covers_is_acknowledged_with_a_name(known_list):
    distress = pages.sign("distress_protocol", "Protocol sign", "B")
    reason = pages.SignReason(distress, pages.rule("distress_protocol", "Protocol sign"), "day 3", (), ())
    known_list.person = partial(pages.person, reasons=(reason,))
    at = open_app("review")
    at.button(key="review-done").click().run()
    assert "who acknowledged" in html(at) and kept.done_marks(known_list.store) == {}
    at.text_input(key="review-name").set_value("KM")
    at.button(key="review-done").click().run()
    assert kept.done_marks(known_list.store)["P-FEVER"].author == "KM"


def test_clinical_marks_can_be_switched_off_and_the_link_keeps_it(invented):
    at = open_app("review")
    assert "Three sessions" in html(at)
    at.pills(key="review-marks").set_value([]).run()
    assert "Three sessions" not in html(at) and at.query_params["marks"] == "none"


def test_the_whole_study_shows_charts_in_words_and_what_can_be_changed(invented):
    at = open_app("review", part="study")
    text = html(at)
    for words in (
        "Day 3 lies above.",
        "8 now; 9 before.",
        "Too few days.",
        "53 of 240 who were asked",
        "7 beside 9.",
    ):
        assert words in text
    assert at.title[0].value.replace("\u00a0", " ") == "Without milk: 8 now, 9 before"
    titles = [header.value for header in at.header]
    assert {"Sessions without milk: more than chance", "Milk in a day"} <= set(titles)
    assert at.title[0].value not in titles
    assert len(at.get("plotly_chart")) == 1


def test_too_few_people_have_no_trend(invented):
    invented.trends = partial(pages.trends, basis=pages.basis(unavailable=pages.TOO_FEW))
    at = open_app("review", part="study")
    assert pages.TOO_FEW in html(at) and not at.get("plotly_chart")
    assert not [button for button in at.button if button.label.startswith("Print")]


def test_the_rules_are_told_with_what_they_found_on_synthetic_studies(invented):
    text = html(open_app("review", part="rules"))
    assert (
        "planted courses" in text
        and "without a planted course had it wrongly" in text
        and "Below 60 %." in text
    )


def test_the_unit_is_chosen_on_the_page_and_stays_in_the_address(invented):
    at = open_app("review")
    at.segmented_control(key="review-page-unit").set_value("oz").run()
    assert at.query_params["unit"] == "oz" and not at.exception
    assert "oz expressed" in str(at.get("plotly_chart")[0].proto)
    assert "mL expressed" in str(open_app("review").get("plotly_chart")[0].proto)
    assert not [
        each for each in open_app("review", part="rules").segmented_control if "unit" in (each.key or "")
    ]


def test_an_unknown_part_is_told_and_people_shown(invented):
    at = open_app("review", part="zebra")
    assert "zebra" in html(at) and at.radio(key="review-group-A").value == "P-FEVER"


def test_whoever_may_not_see_people_sees_nobody(invented):
    closed = Review("Study", True, 7, "", "", 0, (), (), "You may not see single people's logs here.")
    invented.review = partial(pages.review, found=closed, title="", listed=())
    at = open_app("review")
    assert "You may not see single people" in html(at) and "P-FEVER" not in html(at)
    assert not labels(at)


def test_an_empty_list_says_so(invented):
    invented.review = partial(pages.review, listed=(), title="No of 240 mothers need a look")
    at = open_app("review")
    assert "No rule fired" in html(at) and not labels(at)


def test_the_hand_out_opens_in_the_chosen_unit(invented, monkeypatch):
    asked = []

    def sheet(_path, _stamp, code, unit):
        asked.append((code, unit))
        return f"<html><body>{code} in {unit}</body></html>"

    monkeypatch.setattr(cached, "person_sheet", sheet)
    at = open_app("review", unit="oz")
    assert asked == []
    at.button(key="sheet-handout-P-FEVER").click().run()
    assert asked == [("P-FEVER", "oz")]
    assert not at.exception
