"""What can be changed and has support here: which statements count, each thing once, the most frequent first."""

from types import SimpleNamespace

import pytest

from pipelines.evidence import modifiable
from pipelines.evidence.filters import Filters
from pipelines.results import Association, ClaimFinding


def claim(id, factor, sessions=100, verdict="supported", **more):
    ratios = {name: more.pop(name) for name in ("measure", "odds_ratio", "volume_ratio") if name in more}
    levels = ("manual", "electric_double") if factor == "pump_type" else ("yes", "no")
    found = Association(factor, *levels, "total", "adjusted", 40, sessions, 9, **more) if factor else None
    return ClaimFinding(id, verdict, factor=factor, finding_of=f"of.{id}", association=found, **ratios)


@pytest.fixture
def told(monkeypatch):
    def of(*claims, unit="ml"):
        monkeypatch.setattr(modifiable, "associated", lambda _path, _filters: SimpleNamespace(claims=claims))
        return modifiable.supported_and_modifiable(None, Filters(), unit)

    return of


def test_only_supported_statements_about_what_can_be_changed_count(told):
    found = told(
        claim("a", "breast_massage"),
        claim("b", "relaxation", verdict="inconclusive"),
        claim("c", "hypothyroidism"),
        claim("d", "parity"),
        claim("e", None),
    )
    assert [(each.factor, each.claim, each.participants) for each in found] == [
        ("breast_massage", "of.a", 40)
    ]


def test_each_thing_stands_once_and_what_happens_most_often_first(told):
    found = told(
        claim("a", "breast_massage", 50), claim("b", "relaxation", 80), claim("c", "relaxation", 900)
    )
    assert [(each.factor, each.claim, each.sessions) for each in found] == [
        ("relaxation", "of.b", 80),
        ("breast_massage", "of.a", 50),
    ]


def test_hidden_counts_come_last(told):
    found = told(claim("a", "breast_massage", None), claim("b", "relaxation", 10))
    assert [each.factor for each in found] == ["relaxation", "breast_massage"]


SHARES = {"share": 0.05, "reference_share": 0.08, "odds_ratio": 0.6}


def test_both_shares_are_told_of_a_hundred_and_a_number_has_no_sentence(told):
    (found,) = told(claim("a", "breast_massage", **SHARES))
    said = found.sentence.replace("\u00a0", " ")
    assert said.startswith("Of 100 sessions ") and ", 5 ended without milk. Of 100 " in said
    assert said.endswith(", 8 did.") and "cause" not in said
    (hidden,) = told(claim("a", "breast_massage", **SHARES | {"share": None}))
    assert hidden.sentence == ""


VOLUMES = {
    "measure": "volume_ratio",
    "volume_ratio": 0.87,
    "odds_ratio": 1.2,
    "mean_volume_ml": 59.147,
    "reference_volume_ml": 118.294,
    "share": 0.06,
    "reference_share": 0.08,
}


def test_a_statement_about_the_volume_is_told_by_volumes_in_the_chosen_unit(told):
    (found,) = told(claim("a", "pump_type", **VOLUMES))
    said = found.sentence.replace("\u00a0", " ")
    assert "gave 59 mL on average. A session" in said and said.endswith("gave 118 mL.")
    assert "without milk" not in said
    (ounces,) = told(claim("a", "pump_type", **VOLUMES), unit="oz")
    assert "gave 2.0\u00a0oz on average" in ounces.sentence and ounces.sentence.endswith("gave 4.0\u00a0oz.")


def test_raw_figures_that_point_the_other_way_than_the_adjusted_ratio_are_not_told(told):
    (shares,) = told(claim("a", "breast_massage", **SHARES | {"odds_ratio": 1.4}))
    (volumes,) = told(claim("a", "pump_type", **VOLUMES | {"volume_ratio": 1.1}))
    assert shares.sentence == volumes.sentence == ""
    assert shares.factor == "breast_massage"
