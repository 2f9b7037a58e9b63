"""Parts that several pages share: what the numbers rest on, an interval ready to draw, a figure's own numbers.

Every sentence and count here has already been through small-cell suppression: what must stay hidden is None or
has become words, and pages only draw. Shares are 0-1, volumes mL, ratios plain (not logs).
"""

import csv
import io
from dataclasses import dataclass

HIDDEN = "hidden"
STATES = ("estimated", HIDDEN, "insufficient_data", "not_collected", "not_estimable")


def rounded(value: float | None, digits: int) -> float | None:
    """A number as a download tells it; a hidden one stays hidden."""
    return None if value is None else round(value, digits)


@dataclass(frozen=True)
class Basis:
    """What every number of a page rests on; counts are None when they must stay hidden.

    `filters` is the choice in words, `outcome` the outcome in words ("session without milk"), `unavailable` the
    reason why the page has no number at all ("" otherwise).
    """

    study: str
    synthetic: bool
    data_version: int
    participants: int | None
    sessions: int | None
    outcome: str
    filters: str
    minimum_cell: int = 10
    unavailable: str = ""


@dataclass(frozen=True)
class IntervalMark:
    """An estimate with its 95 % interval and the sentence that is read aloud in its place.

    Ratios on a log axis, or shares (0-1) on a plain one: the section that holds it says which. On the Guidance
    page it is turned so that a value above 1 means "as the article says". `smallest_effect` is the ratio from
    which a difference matters; the band 1/x to x is drawn behind the mark, none where it is None.
    """

    value: float
    low: float
    high: float
    words: str
    smallest_effect: float | None = None


@dataclass(frozen=True)
class Numbers:
    """The numbers behind one figure or list, as they may be downloaded; None becomes an empty cell.

    `name` is the download's file name without its ending. A number that is hidden stays None here too, and the
    row says so in its own column.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]

    def as_csv(self, remark: str = "") -> str:
        """CSV text with a header row; `remark` becomes a last column on every row when it is not empty."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        extra = (("remark",), (remark,)) if remark else ((), ())
        writer.writerow(self.columns + extra[0])
        writer.writerows(row + extra[1] for row in self.rows)
        return text.getvalue()


@dataclass(frozen=True)
class Grouped:
    """One group of sessions (a kind of pump, a stretch of the day): its share without milk and its volume.

    `share` is the share of sessions with the outcome with its interval, None unless `state` is "estimated";
    `line` the quiet line with n ("34 people · 812 sessions"); `volume` mL a session in words; `reason` says why
    there is no number.
    """

    label: str
    share: IntervalMark | None
    line: str
    volume: str = ""
    state: str = "estimated"
    reason: str = ""


@dataclass(frozen=True)
class GroupedSection:
    """Several groups on one plain axis from 0 to `axis_maximum` (a share), with a title that is its reading.

    `of` says what the shares are shares of; "" = of 100 sessions, with the page's outcome. `unavailable` is the reason why there is nothing to draw ("" otherwise); `note` a sentence under the rows.
    """

    title: str
    groups: tuple[Grouped, ...]
    axis_maximum: float
    numbers: Numbers | None = None
    note: str = ""
    unavailable: str = ""
    of: str = ""


@dataclass(frozen=True)
class Bin:
    """One bar of a distribution: from `start` up to `end` in the figure's unit; `share` is None when hidden."""

    start: float
    end: float
    share: float | None


@dataclass(frozen=True)
class Distribution:
    """How often each value occurs, beside the range the article advises.

    `axis` names values with unit ("minutes a session"), `of` what the shares are shares of ("sessions"),
    `line` the caption with n. The advised range includes both ends; None where the article gives no number.
    """

    reading: str
    axis: str
    of: str
    bins: tuple[Bin, ...]
    advised_low: float | None
    advised_high: float | None
    line: str
    numbers: Numbers | None = None


@dataclass(frozen=True)
class VerdictCount:
    """How many statements have this verdict; `verdict` is one of results.VERDICTS."""

    verdict: str
    count: int
