"""Differences per 100 sessions: against predicting every row twice, and against refits without each person."""

import numpy as np
import pandas as pd
import pytest

from pipelines.analysis.cells import make_cells
from pipelines.analysis.clustered import BINOMIAL, estimate
from pipelines.analysis.standardisation import share_difference


@pytest.fixture(scope="module")
def log():
    random = np.random.default_rng(4)
    person = np.repeat(np.arange(60), 15)
    coin = random.integers(0, 2, len(person)).astype(float)
    age = random.normal(size=60)[person].round(1)
    own = random.normal(0, 0.6, 60)[person]
    empty = random.random(len(person)) < 1 / (1 + np.exp(1.2 - 0.7 * coin - 0.4 * age - own))
    return pd.DataFrame({"person": person, "coin": coin, "age": age, "empty": empty.astype(float)})


def difference(log):
    people = pd.factorize(log["person"])[0]
    cells = make_cells(["coin", "age"], log[["coin", "age"]].to_numpy(), people)
    estimates = estimate(cells, cells.total(log["empty"].to_numpy()), BINOMIAL)
    zeros = np.zeros(len(cells.count))
    return share_difference(cells, estimates, {"coin": zeros}, {"coin": zeros + 1}, 40), estimates


def test_the_difference_is_the_mean_of_two_predictions_of_every_row(log):
    found, estimates = difference(log)
    eta = estimates.coefficients[0] + estimates.coefficients[2] * log["age"]
    chances = [1 / (1 + np.exp(-(eta + turn * estimates.coefficients[1]))) for turn in (0, 1)]
    assert (found.without, found.having) == pytest.approx([chance.mean() for chance in chances])
    assert found.value == pytest.approx((chances[1] - chances[0]).mean())
    assert found.low < found.value < found.high


def test_its_interval_is_close_to_really_leaving_each_person_out(log):
    found, _ = difference(log)
    values = np.array([difference(log[log["person"] != person])[0].value for person in range(60)])
    error = np.sqrt(59 / 60 * ((values - values.mean()) ** 2).sum())
    assert (found.high - found.low) / 2 / 2.021 == pytest.approx(error, rel=0.05)
