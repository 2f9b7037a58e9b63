"""Whether several coefficients are all zero, judged by what leaving each person out changes."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

from pipelines.analysis.clustered import Estimates


def joint_p_value(estimates: Estimates, positions: Sequence[int]) -> float | None:
    """p-value that the coefficients at these positions are all 0; None where too few people carry them.

    Wald statistic on the jackknife covariance against Hotelling's distribution, with the smallest effective number
    of people among the coefficients as degrees of freedom (after Pustejovsky and Tipton, J Bus Econ Stat
    2018;36:672).
    """
    where = list(positions)
    tested = len(where)
    freedom = float(estimates.degrees_of_freedom[where].min())
    if freedom - tested + 1 <= 0:
        return None
    values = estimates.coefficients[where]
    try:
        statistic = float(values @ np.linalg.solve(estimates.covariance[np.ix_(where, where)], values))
    except np.linalg.LinAlgError:
        return None
    left = freedom - tested + 1
    return float(stats.f.sf(left / (freedom * tested) * statistic, tested, left))
