"""The interval glyph: an estimate with its 95 % interval on an axis, as inline SVG that fits any column.

Positions are percentages and marks sit in nested SVGs, so circles stay round at every width.
"""

import math
from dataclasses import dataclass

from dashboard.components.text import escape
from pipelines.evidence.parts import IntervalMark

MARGIN = 3.0  # per cent of the width kept free at both ends for marks and arrows


@dataclass(frozen=True)
class RatioAxis:
    """A log axis from 1/limit to limit with its labelled ticks."""

    limit: float
    ticks: tuple[tuple[float, str], ...]

    def at(self, ratio: float) -> float:
        """Position of a ratio in per cent of the width; beyond the axis it stays at the end."""
        kept = min(max(ratio, 1 / self.limit), self.limit)
        return 50 + (50 - MARGIN) * math.log(kept) / math.log(self.limit)


@dataclass(frozen=True)
class ShareAxis:
    """A plain axis from 0 to `maximum` (a share) with three ticks in "of 100"."""

    maximum: float

    def at(self, share: float) -> float:
        """Position of a share in per cent of the width."""
        return MARGIN / 2 + (100 - MARGIN) * min(max(share, 0.0), self.maximum) / self.maximum

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Nought, half and the whole, as numbers of 100."""
        return tuple((part * self.maximum, f"{100 * part * self.maximum:g}") for part in (0, 0.5, 1))


ODDS = RatioAxis(3.0, ((0.5, "½"), (1.0, "1"), (2.0, "2")))
VOLUME = RatioAxis(2.0, ((2 / 3, "⅔"), (1.0, "1"), (1.5, "1½")))


def _track(inner: str, label: str, height: int | str) -> str:
    return f'<svg class="ls-track" width="100%" height="{height}" role="img" aria-label="{escape(label)}">{inner}</svg>'


def _place(x: float, y: float, shape: str) -> str:
    return f'<svg x="{x:.1f}%" y="{y:g}" overflow="visible">{shape}</svg>'


def _line(low: float, high: float, y: float, colour: str, width: float) -> str:
    return (
        f'<line x1="{low:.1f}%" x2="{high:.1f}%" y1="{y:g}" y2="{y:g}" '
        f'style="stroke:var(--{colour})" stroke-width="{width:g}"/>'
    )


def point(shape: str, colour: str) -> str:
    """A mark around the origin: dot, ring, diamond (open), small, or an arrow head (beyond, before)."""
    ink = f"var(--{colour})"
    return {
        "dot": f'<circle r="5" style="fill:{ink}"/>',
        "ring": f'<circle r="5" style="fill:var(--paper);stroke:{ink}" stroke-width="2"/>',
        "diamond": f'<path d="M0-6.5 6.5 0 0 6.5-6.5 0Z" style="fill:var(--paper);stroke:{ink}" stroke-width="2"/>',
        "beyond": f'<path d="M-7-6 4 0-7 6Z" style="fill:{ink}"/>',
        "before": f'<path d="M7-6-4 0 7 6Z" style="fill:{ink}"/>',
        "small": f'<circle r="3" style="fill:{ink}"/>',
    }[shape]


def estimate(interval: IntervalMark, axis: RatioAxis, y: float, shape: str, colour: str) -> str:
    """The estimate's mark; a solid arrow head at the axis' end where the estimate itself lies beyond it."""
    if interval.value > axis.limit:
        shape = "beyond"
    elif interval.value < 1 / axis.limit:
        shape = "before"
    return _place(axis.at(interval.value), y, point(shape, colour))


def ground(height: int | str, axis: RatioAxis, smallest_effect: float | None) -> str:
    """The band of differences too small to matter, and the line of no difference."""
    band = ""
    if smallest_effect is not None:
        low, high = axis.at(1 / smallest_effect), axis.at(smallest_effect)
        band = f'<rect x="{low:.1f}%" width="{high - low:.1f}%" height="{height}" style="fill:var(--band)"/>'
    return f'{band}<line x1="50%" x2="50%" y1="0" y2="{height}" style="stroke:var(--faint)"/>'


def span(interval: IntervalMark, axis: RatioAxis, y: float, colour: str, width: float = 2.5) -> str:
    """The interval's line, with an open arrow at an end that lies beyond the axis."""
    arrow = f'style="fill:none;stroke:var(--{colour})" stroke-width="2"/>'
    text = _line(axis.at(interval.low), axis.at(interval.high), y, colour, width)
    if interval.low < 1 / axis.limit:
        text += _place(axis.at(interval.low), y, f'<path d="M5-4 0 0 5 4" {arrow}')
    if interval.high > axis.limit:
        text += _place(axis.at(interval.high), y, f'<path d="M-5-4 0 0-5 4" {arrow}')
    return text


def ratio(interval: IntervalMark, axis: RatioAxis, *, shape: str, colour: str, height: int = 22) -> str:
    """One estimate on its own: band, line of no difference, interval, mark."""
    middle = height / 2
    inner = ground(height, axis, interval.smallest_effect) + span(interval, axis, middle, colour)
    return _track(inner + estimate(interval, axis, middle, shape, colour), interval.words, height)


def paired(
    adjusted: IntervalMark | None,
    unadjusted: IntervalMark | None,
    axis: RatioAxis,
    *,
    shape: str,
    colour: str,
    smallest_effect: float | None,
) -> str:
    """Unadjusted small and faint above adjusted strong, on a ground as high as the row, so that it runs on."""
    inner, words = "", []
    if unadjusted is not None:
        inner += span(unadjusted, axis, -7, "faint", 1.5)
        inner += _place(axis.at(unadjusted.value), -7, point("small", "faint"))
        words.append(f"unadjusted {unadjusted.words}")
    if adjusted is not None:
        inner += span(adjusted, axis, 6, colour) + estimate(adjusted, axis, 6, shape, colour)
        words.insert(0, f"adjusted {adjusted.words}")
    marks = f'<svg y="50%" width="100%" height="1" overflow="visible">{inner}</svg>'
    return _track(ground("100%", axis, smallest_effect) + marks, "; ".join(words), "100%")


def share(interval: IntervalMark, axis: ShareAxis, *, colour: str = "cohort") -> str:
    """A share with its interval on a hairline from 0 to the axis' end."""
    inner = f'<line x1="{axis.at(0):.1f}%" x2="{axis.at(axis.maximum):.1f}%" y1="11" y2="11" style="stroke:var(--line)"/>'
    inner += _line(axis.at(interval.low), axis.at(interval.high), 11, colour, 2.5)
    return _track(inner + _place(axis.at(interval.value), 11, point("dot", colour)), interval.words, 22)


def axis_words(axis: RatioAxis | ShareAxis, left: str = "", right: str = "") -> str:
    """The axis' two directions in words above its ticks; stands once over a group of glyphs."""
    style = 'font-size="13" style="fill:var(--quiet)"'
    inner = f'<text x="0%" y="12" text-anchor="start" {style}>← {escape(left)}</text>' if left else ""
    inner += f'<text x="100%" y="12" text-anchor="end" {style}>{escape(right)} →</text>' if right else ""
    top = 30 if left or right else 12
    for value, label in axis.ticks:
        inner += (
            f'<text x="{axis.at(value):.1f}%" y="{top}" text-anchor="middle" {style}>{escape(label)}</text>'
        )
    scale = "log scale" if isinstance(axis, RatioAxis) else "of 100"
    spoken = f"axis from {left} to {right}, {scale}" if left else f"axis, {scale}"
    return _track(inner, spoken, top + 4)
