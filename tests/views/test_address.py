"""Filters and choices live in the address: a link reproduces a view, and says what it could not grant."""

from dataclasses import replace

from dashboard import cached
from pipelines.errors import StoreError
from pipelines.evidence.filters import Choices, Filters
from tests.views import pages
from tests.views.conftest import html, open_app


def asked_last(invented):
    return invented.asked[-1][-1]


def test_without_words_everyone_is_shown(invented):
    open_app()
    assert asked_last(invented) == Filters()


def test_a_link_sets_the_filters(invented):
    open_app(cohort="North", days="7-28", pump="manual", outcome="low_output")
    assert asked_last(invented) == Filters("North", 7, 28, "manual", "low_output")


def test_filters_stay_when_the_page_changes(invented):
    at = open_app("guidance", cohort="North")
    assert invented.asked[-1][0] == "guidance" and asked_last(invented).cohort == "North"
    assert at.query_params["cohort"] == "North"


def test_what_a_link_asks_in_vain_is_said(invented):
    at = open_app(cohort="East")
    assert "East" in html(at) and asked_last(invented) == Filters()


def test_choosing_a_pump_changes_numbers_and_address(invented):
    at = open_app()
    at.selectbox(key="filter-pump").select("manual").run()
    assert asked_last(invented).pump_type == "manual" and at.query_params["pump"] == "manual"


def test_choosing_days_changes_numbers_and_address(invented):
    at = open_app()
    at.slider(key="filter-days").set_range(7, 28).run()
    assert (asked_last(invented).first_day, asked_last(invented).last_day) == (7, 28)
    assert at.query_params["days"] == "7-28"


def test_all_days_are_no_limit(invented):
    at = open_app(days="7-28")
    at.slider(key="filter-days").set_range(0, 84).run()
    assert asked_last(invented) == Filters() and "days" not in at.query_params


def test_show_everyone_clears_the_filters(invented):
    at = open_app(cohort="North", days="7-28")
    at.button(key="filter-clear").click().run()
    assert asked_last(invented) == Filters() and "cohort" not in at.query_params


def test_the_studys_own_outcome_is_not_written_into_the_address(invented):
    invented.choices = Choices(outcome="low_output")
    at = open_app()
    assert asked_last(invented).outcome == "low_output" and "outcome" not in at.query_params


def test_the_first_of_several_studies_is_shown_and_another_can_be_chosen(invented, tmp_path):
    other = tmp_path / "other" / "store.duckdb"
    other.parent.mkdir()
    other.touch()
    invented.cards[other] = pages.card(other)
    at = open_app(cohort="North")
    assert invented.asked[-1][1] == str(invented.store)
    at.selectbox(key="filter-study").select("other").run()
    assert invented.asked[-1][1] == str(other)
    assert at.query_params["study"] == "other" and "cohort" not in at.query_params


def test_a_click_leaves_the_study_chosen_among_two_of_the_same_name(invented, tmp_path):
    other = tmp_path / "other" / "store.duckdb"
    other.parent.mkdir()
    other.touch()
    invented.cards = {store: replace(pages.card(store), name="Same") for store in (invented.store, other)}
    at = open_app(study="pilot")
    assert at.selectbox(key="filter-study").options == ["Same (pilot)", "Same (other)"]
    at.switch_page("views/cohort.py").run()
    assert invented.asked[-1][1] == str(invented.store)


def test_a_study_that_is_not_here_is_named(invented):
    at = open_app(study="elsewhere")
    assert "elsewhere" in html(at) and invented.asked[-1][1] == str(invented.store)


def test_a_store_that_this_version_cannot_read_is_left_out_and_named(invented, tmp_path, monkeypatch):
    old = tmp_path / "old" / "store.duckdb"
    old.parent.mkdir()
    old.touch()
    readable = cached.study

    def study(path, stamp):
        if path == str(old):
            raise StoreError(f"{path}: made by another version of this program.")
        return readable(path, stamp)

    monkeypatch.setattr(cached, "study", study)
    invented.cards = {old: pages.card(old), **invented.cards}
    at = open_app()
    assert "another version" in html(at) and invented.asked[-1][1] == str(invented.store)


def test_a_verdict_pill_limits_the_statements(invented):
    at = open_app("guidance")
    at.pills(key="guidance-verdict").set_value(["contradicted"]).run()
    text = html(at)
    assert "Drink." in text and "Calm helps." not in text
    assert at.query_params["verdict"] == "contradicted"


def test_theme_search_and_disagreement_limit_the_statements(invented):
    for choice in ({"theme": "food"}, {"search": "drink"}, {"parting": "yes"}):
        text = html(open_app("guidance", **choice))
        assert "Drink." in text and "Calm helps." not in text


def test_a_choice_that_nothing_fits_says_what_to_do(invented):
    assert "Clear a choice" in html(open_app("guidance", search="zebra"))


def test_an_unknown_theme_verdict_or_statement_is_said(invented):
    text = html(open_app("guidance", theme="zebra", verdict="maybe", claim="nothing"))
    assert all(word in text for word in ("zebra", "maybe", "nothing")) and "Calm helps." in text


def test_a_file_in_the_address_is_only_text(invented):
    assert "<script>" not in html(open_app(cohort="<script>alert(1)</script>"))


def test_doubtful_logs_can_be_left_out_and_the_address_says_so(invented):
    at = open_app(cohort="North")
    at.radio(key="filter-logs").set_value("believable").run()
    assert asked_last(invented) == Filters("North", logs="believable")
    assert at.query_params["logs"] == "believable"
    assert asked_last(invented) != Filters("North")
