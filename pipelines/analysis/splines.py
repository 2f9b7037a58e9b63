"""Smooth curves as a few columns: the natural cubic spline."""

import numpy as np


def quantile_knots(values: np.ndarray, knots: int) -> np.ndarray:
    """Knots at equally spaced quantiles, the outer ones at 5 % and 95 %; fewer where values repeat.

    Source of the placement: Harrell, Regression Modeling Strategies, section 2.4.6.
    """
    return np.unique(np.quantile(values, np.linspace(0.05, 0.95, knots)))


def natural_spline(values: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Columns of a natural cubic spline without the constant: linear beyond the outer knots.

    One column fewer than knots; with fewer than three knots just the values. Source: Harrell, as above.
    """
    values = np.asarray(values, dtype=float)
    if len(knots) < 3:
        return values[:, None]
    last, before, width = knots[-1], knots[-2], (knots[-1] - knots[0]) ** 2

    def cubed(knot: float) -> np.ndarray:
        return np.maximum(values - knot, 0) ** 3

    columns = [values]
    for knot in knots[:-2]:
        bent = (
            cubed(knot)
            - cubed(before) * (last - knot) / (last - before)
            + cubed(last) * (before - knot) / (last - before)
        )
        columns.append(bent / width)
    return np.column_stack(columns)
