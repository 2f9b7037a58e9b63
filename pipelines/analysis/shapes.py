"""Whether a number's odds ratio per step tells the whole story: a curve beside the straight line."""

from dataclasses import dataclass

import numpy as np

from pipelines.analysis.design import ModelData, Term
from pipelines.analysis.exposures import Exposure, split
from pipelines.analysis.joint_test import joint_p_value
from pipelines.analysis.models import Adjustment, Fitted, fit_one
from pipelines.analysis.splines import natural_spline, quantile_knots
from pipelines.codebook import Factor
from pipelines.settings import Settings

STRAIGHT = "close to a straight line"
UNCHECKED = "too few different values, or too few people, to check the shape"


@dataclass(frozen=True)
class Shape:
    """In words, and the p-value of the departure from a straight line (None where it could not be tested)."""

    words: str
    p_value: float | None = None


def shapes(data: ModelData, exposure: Exposure, rows: np.ndarray, adjusting: Adjustment) -> dict[str, Shape]:
    """The shape of a number's course for each component that compares like with like.

    A natural spline takes the place of the line; its bent columns are tested together, participants left out one by
    one. Where they matter, the odds ratio per step is told below and above the middle value.
    """
    components = [name for name in exposure.components if name != "between"]
    codes, known = data.codes(exposure.column)
    values = known[codes[rows]]
    knots = quantile_knots(values, int(data.settings["models.day_knots"])) if len(values) else np.empty(0)
    if len(knots) < 3:
        return dict.fromkeys(components, Shape(UNCHECKED))
    table = natural_spline(known, knots)
    table = table / np.ptp(table, axis=0)
    names = tuple(f"{exposure.factor.id} (curve {position + 1})" for position in range(table.shape[1]))
    term = Term(exposure.factor.id, names, codes[rows], table, data.is_fixed(exposure.column))
    terms = split(term, exposure, data.people[rows], data.person_days[rows])
    fitted = fit_one(data, terms, rows, adjusting)
    course = _Course(exposure.factor, known, table, values)
    return {name: _shape(fitted, terms[-1], course, data.settings) for name in components}


@dataclass(frozen=True)
class _Course:
    """What a curve is drawn from: the known values, the spline's columns at each, and every session's value."""

    factor: Factor
    known: np.ndarray
    table: np.ndarray
    values: np.ndarray

    def height(self, value: float, slopes: np.ndarray) -> float:
        """Predicted log odds at a value, up to a constant."""
        return float(self.table[int(np.argmin(np.abs(self.known - value)))] @ slopes)


def _shape(fitted: Fitted, part: Term, course: _Course, settings: Settings) -> Shape:
    if fitted.estimates is None or fitted.cells is None or not set(part.names) <= set(fitted.cells.names):
        return Shape(UNCHECKED)
    positions = [1 + fitted.cells.names.index(name) for name in part.names]
    p_value = joint_p_value(fitted.estimates, positions[1:])
    if p_value is None:
        return Shape(UNCHECKED)
    if p_value > settings["models.shape_p_value"]:
        return Shape(STRAIGHT, p_value)
    words = _two_slopes(course, fitted.estimates.coefficients[positions])
    return Shape(f"not a straight line: {words}" if words else UNCHECKED, p_value)


def _two_slopes(course: _Course, slopes: np.ndarray) -> str:
    """The odds ratio per step from the 10th percentile to the median, and from there to the 90th."""
    factor = course.factor
    ends = np.quantile(course.values, [0.1, 0.5, 0.9], method="nearest")
    if not ends[0] < ends[1] < ends[2]:
        return ""
    heights = [course.height(end, slopes) for end in ends]
    ratios = np.exp(np.diff(heights) / np.diff(ends) * factor.step)
    middle = f"{ends[1]:g} {factor.unit}".strip()
    first, second = (f"{ratio:.2f}" for ratio in ratios)
    if first == second:
        return (
            f"bent within both halves, odds ratio {first} {factor.step_label} up to {middle} and beyond alike"
        )
    return f"odds ratio {first} {factor.step_label} up to {middle} and {second} beyond"
