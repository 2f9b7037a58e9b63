"""How far two groups differ in one thing, in units of its own spread: standardised differences, free of sample size."""

import numpy as np
import pandas as pd


def of_numbers(first: pd.Series, second: pd.Series) -> float | None:
    """Standardised difference of two groups' means, always 0 or more.

    `|mean1 - mean2| / sqrt((s1^2 + s2^2) / 2)` with the sample variances; missing values are left out. None where a
    group has fewer than two values; where neither varies, 0 for equal means, else None. Source: Austin, Stat Med
    2009, 28:3083, 10.1002/sim.3697.
    """
    one, two = (_numbers(values) for values in (first, second))
    if len(one) < 2 or len(two) < 2:
        return None
    difference = abs(float(one.mean() - two.mean()))
    spread = float(np.sqrt((one.var(ddof=1) + two.var(ddof=1)) / 2))
    return _per_spread(difference, spread)


def _numbers(values: pd.Series) -> np.ndarray:
    return values.dropna().to_numpy(float)


def _per_spread(difference: float, spread: float) -> float | None:
    if spread > 0:
        return difference / spread
    return 0.0 if difference == 0 else None


def of_levels(first: pd.Series, second: pd.Series) -> float | None:
    """Standardised difference of two groups in a thing with several answers, always 0 or more.

    The Mahalanobis distance of the two groups' shares of all answers but one, with the mean of their multinomial
    covariance matrices; for two answers that is `|p1 - p2| / sqrt((p1 (1 - p1) + p2 (1 - p2)) / 2)`. Missing answers
    are left out. None where a group has no answer, or the groups have no answer in common and none varies. Source:
    Yang and Dalton, SAS Global Forum 2012, paper 335.
    """
    one, two = first.dropna(), second.dropna()
    if one.empty or two.empty:
        return None
    levels = pd.unique(pd.concat([one, two]))[1:]
    shares = [np.array([float((group == level).mean()) for level in levels]) for group in (one, two)]
    covariance = sum((np.diag(each) - np.outer(each, each) for each in shares), np.zeros((len(levels),) * 2))
    difference = shares[0] - shares[1]
    if not difference.any():
        return 0.0
    # A group without spread in some direction leaves a singular matrix: the distance there has no unit.
    inverse = np.linalg.pinv(covariance / 2, hermitian=True)
    if not np.allclose(covariance / 2 @ inverse @ difference, difference):
        return None
    return float(np.sqrt(difference @ inverse @ difference))
