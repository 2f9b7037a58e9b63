"""Filling in answers of people: what pooling does at its ends, and imputations that carry the outcome."""

import numpy as np
import pytest

from pipelines.analysis.imputation import Answer, impute, pool


def test_copies_that_all_agree_cost_only_the_observed_degrees_of_freedom():
    found = pool([0.5, 0.5, 0.5], [0.1, 0.1, 0.1], 40)
    assert found.standard_error == pytest.approx(0.1)
    assert found.degrees_of_freedom == pytest.approx(41 / 43 * 40)
    low, high = found.interval
    assert low < 0.5 < high


def test_one_copy_cannot_be_pooled():
    with pytest.raises(ValueError, match="two"):
        pool([1.0], [0.1], 10)


def people(missing_share=0.4):
    """A trait of people that goes with their outcome; answers are missing more often where the outcome is high."""
    random = np.random.default_rng(2)
    outcome = random.normal(size=800)
    trait = (random.random(800) < 1 / (1 + np.exp(-1.5 * outcome))).astype(int)
    number = np.round(2 * outcome + trait + random.normal(size=800), 1)
    values, codes = np.unique(number, return_inverse=True)
    gone = random.random(800) < missing_share * (0.5 + (outcome > 0))
    answers = {
        "trait": Answer(np.where(gone, -1, trait), np.array([0.0, 1.0]), False),
        "number": Answer(np.where(random.random(800) < 0.2, -1, codes), values, True),
    }
    return outcome, trait, number, answers


def test_imputed_answers_keep_how_the_answer_goes_with_the_outcome():
    outcome, trait, number, answers = people()
    copies = impute(answers, outcome[:, None], 5, seed=1)
    known = answers["trait"].codes >= 0
    for copy in copies:
        assert (copy["trait"][known] == trait[known]).all() and (copy["trait"] >= 0).all()
        assert copy["trait"].mean() == pytest.approx(trait.mean(), abs=0.05)
        gap = outcome[copy["trait"] == 1].mean() - outcome[copy["trait"] == 0].mean()
        assert gap == pytest.approx(outcome[trait == 1].mean() - outcome[trait == 0].mean(), abs=0.15)
        filled = answers["number"].values[copy["number"]]
        assert np.corrcoef(filled, outcome)[0, 1] == pytest.approx(
            np.corrcoef(number, outcome)[0, 1], abs=0.05
        )


def test_complete_cases_alone_would_have_missed_the_share():
    """The made data are worth imputing: those who answered have the trait less often."""
    _, trait, _, answers = people()
    known = answers["trait"].codes >= 0
    assert trait[known].mean() < trait.mean() - 0.05


def test_copies_differ_and_the_same_seed_repeats_them():
    outcome, _, _, answers = people()
    first, again = (impute(answers, outcome[:, None], 2, seed=1) for _ in range(2))
    assert (first[0]["trait"] != first[1]["trait"]).any()
    assert all((one["trait"] == two["trait"]).all() for one, two in zip(first, again, strict=True))
