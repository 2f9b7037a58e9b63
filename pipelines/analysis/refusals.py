"""What a model refuses: constant, aliased and separating predictors, each by name."""

from collections.abc import Sequence

import numpy as np

from pipelines.analysis.cells import Cells
from pipelines.errors import NotEstimable
from pipelines.settings import load_settings

INTERCEPT = "(Intercept)"
# A maximum that exists lies well inside this on standardised predictors; a separated one climbs past it.
LARGEST_COEFFICIENT: float = load_settings()["gates.separation_coefficient"]
LARGEST_MODEL_ERROR: float = load_settings()["gates.separation_standard_error"]
# A column whose part outside the columns before it is smaller than this is taken as their combination.
ALIAS_TOLERANCE = 1e-7
# A pivot above this is real whatever the rounding of the correlations.
CLEAR_PIVOT = 1e-4
# So many cells tell at once that most columns have more than two values.
FIRST_LOOK = 1000


class Refused(NotEstimable):
    """A refusal that knows which predictor it is about, so that a model can be fitted without it."""

    def __init__(self, predictor: str, text: str) -> None:
        super().__init__(text)
        self.predictor = predictor


def refuse_aliased(names: Sequence[str], weighted: np.ndarray, correlation: np.ndarray) -> None:
    """Raise NotEstimable for the first standardised column that the columns before it determine.

    `weighted` are the columns, each row times the root of its weight, so that `correlation` is their product.
    A column's part outside those before it is a pivot of the correlations; only where one is small do rounding
    errors matter, and the columns themselves are taken apart.
    """
    if not names:
        return
    try:
        if np.diag(np.linalg.cholesky(correlation)).min() > CLEAR_PIVOT:
            return
    except np.linalg.LinAlgError:
        pass
    if weighted.shape[0] < weighted.shape[1]:
        weighted = np.vstack([weighted, np.zeros((weighted.shape[1] - weighted.shape[0], weighted.shape[1]))])
    refuse_small_pivot(names, np.abs(np.diag(np.linalg.qr(weighted, mode="r"))), weighted)


def refuse_small_pivot(names: Sequence[str], pivots: np.ndarray, weighted: np.ndarray) -> None:
    """Raise NotEstimable naming the first predictor without a part of its own, and those it follows from."""
    small = np.flatnonzero(pivots < ALIAS_TOLERANCE)
    if small.size:
        position = int(small[0])
        shares = np.linalg.lstsq(weighted[:, :position], weighted[:, position], rcond=None)[0]
        others = [name for name, share in zip(names[:position], shares, strict=True) if abs(share) > 1e-6]
        name = names[position]
        raise Refused(name, f"{name} follows exactly from {', '.join(others) or 'the others'}.")


def refuse_separated_levels(cells: Cells, total: np.ndarray, can_be_certain: bool) -> None:
    """Raise NotEstimable for a two-valued predictor at one of whose values the outcome is always or never there.

    `can_be_certain`: the outcome is yes or no, so that always having it is a separation too.
    """
    some = cells.design[:FIRST_LOOK]
    lows, highs = some.min(axis=0), some.max(axis=0)
    two_valued = ((some == lows) | (some == highs)).all(axis=0)
    for position in np.flatnonzero(two_valued):
        name, column = cells.names[position], cells.design[:, position]
        low, high = column.min(), column.max()
        sides = [(value, column == value) for value in (low, high)]
        if not (sides[0][1] | sides[1][1]).all():
            continue
        for value, at_value in sides:
            events, rows = total @ at_value, cells.count @ at_value
            if events == 0 or (can_be_certain and events == rows):
                raise separated(name, "never" if events == 0 else "always", value)


def separated(name: str, how: str = "", value: float | None = None) -> Refused:
    """The refusal for a predictor that splits the outcome perfectly, naming it."""
    if how and value is not None:
        where = f": the outcome {how} occurs where it is {value:g}, so no finite estimate exists"
    else:
        # A likelihood that climbs so far has no maximum, or one so far out that its estimate is of no use.
        where = " completely or nearly so, so no usable estimate exists"
    return Refused(name, f"{name} separates the outcome{where} (separation).")


def refuse_runaway(
    names: Sequence[str],
    coefficients: np.ndarray,
    information: np.ndarray,
    last_step: np.ndarray,
    converged: bool,
    correlation: np.ndarray,
) -> None:
    """Raise NotEstimable where the maximum does not exist: no convergence, or a huge coefficient or error.

    Predictors that go along with each other have large coefficients and errors without any separation, so both are
    taken per standard deviation of what is a predictor's own beside the others; `correlation` is theirs.
    """
    if not names:
        return
    if not converged:
        raise separated(furthest(names, last_step))
    own = np.append(1.0, 1 / np.sqrt(np.diag(np.linalg.inv(correlation))))
    sizes = np.abs(coefficients) * own
    errors = np.sqrt(np.diag(np.linalg.inv(information))) * own
    if (sizes[1:] > LARGEST_COEFFICIENT).any():
        raise separated(furthest(names, sizes))
    if not (errors[1:] <= LARGEST_MODEL_ERROR).all():
        raise separated(furthest(names, errors))


def furthest(names: Sequence[str], sizes: np.ndarray) -> str:
    """The name of the predictor with the largest of these sizes, which hold the intercept's first."""
    return names[int(np.argmax(np.abs(sizes[1:])))] if names else INTERCEPT
