"""Which statements a reader of the Guidance page sees."""

from pipelines.evidence.guidance import (
    ClaimRow,
    GuidanceTheme,
    LiteraturePosition,
    RepeatedClaim,
    UntestableClaim,
)
from pipelines.evidence.selection import ORDERS, Selection, arranged, holding, select
from pipelines.results import VERDICTS


def claim(name: str, verdict: str = "supported", **more) -> ClaimRow:
    return ClaimRow(name, f"Statement {name}.", verdict, "A sentence.", **more)


THEMES = (
    GuidanceTheme(
        "stress",
        "Stress",
        (
            claim("worry", literature=LiteraturePosition("mixed", "Cortisol was measured.")),
            claim(
                "calm",
                "negligible",
                parts=True,
                repeats=(RepeatedClaim("music", "Play music.", "negligible"),),
            ),
        ),
        (UntestableClaim("oxytocin", "A hormone falls.", "Not measured."),),
    ),
    GuidanceTheme("food", "Food", (claim("water", "contradicted", factors=("fluid litres",)),)),
)


def ids(selection: Selection) -> list[str]:
    chosen = select(THEMES, selection)
    return [row.id for theme in chosen for row in (*theme.rows, *theme.untestable)]


def test_no_choice_shows_all():
    assert Selection().is_everything
    assert ids(Selection()) == ["worry", "calm", "oxytocin", "water"]


def test_verdicts_add_up():
    assert ids(Selection(verdicts=("supported", "contradicted"))) == ["worry", "water"]


def test_not_testable_shows_only_what_logs_cannot_answer():
    assert ids(Selection(verdicts=("not_testable",))) == ["oxytocin"]


def test_a_theme_without_a_fitting_statement_is_left_out():
    assert [theme.id for theme in select(THEMES, Selection(verdicts=("contradicted",)))] == ["food"]


def test_theme_limits_to_itself():
    assert ids(Selection(theme="food")) == ["water"]


def test_search_finds_statement_repeat_factor_and_literature():
    assert ids(Selection(search="HORMONE")) == ["oxytocin"]
    assert ids(Selection(search="music")) == ["calm"]
    assert ids(Selection(search="litres")) == ["water"]
    assert ids(Selection(search="cortisol")) == ["worry"]


def test_every_word_of_a_search_must_occur():
    assert ids(Selection(search="statement water")) == ["water"]
    assert ids(Selection(search="music water")) == []


def test_only_parting_leaves_agreement_out():
    assert ids(Selection(only_parting=True)) == ["calm"]


def test_a_repeat_is_found_with_the_finding_it_repeats():
    theme = holding(THEMES, "music")
    assert [row.id for row in theme.rows] == ["calm"] and theme.untestable == ()


def test_an_unknown_statement_is_held_by_no_theme():
    assert holding(THEMES, "nothing") is None


def order(name: str) -> list[tuple[str, list[str]]]:
    words = {verdict: verdict.upper() for verdict in VERDICTS}
    return [
        (theme.title, [row.id for row in (*theme.rows, *theme.untestable)])
        for theme in arranged(THEMES, name, words)
    ]


def test_statements_can_be_ordered_by_verdict_or_with_disagreement_first():
    assert order("theme") == [("Stress", ["worry", "calm", "oxytocin"]), ("Food", ["water"])]
    assert order("verdict") == [
        ("SUPPORTED", ["worry"]),
        ("CONTRADICTED", ["water"]),
        ("NEGLIGIBLE", ["calm"]),
        ("NOT_TESTABLE", ["oxytocin"]),
    ]
    first, *rest = order("standing")
    assert first == ("Cohort and literature part", ["calm"]) and rest[-1][1] == ["worry", "water", "oxytocin"]


def test_no_order_loses_a_statement():
    for name in ORDERS:
        assert sum(len(ids) for _, ids in order(name)) == 4
