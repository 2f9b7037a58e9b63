"""The one-page hand-out as print-ready HTML: its own print style, its chart drawn inside, nothing loaded from outside."""

from html import escape

from pipelines.evidence.handout import Handout, HandoutBand, HandoutBlock, HandoutDay
from pipelines.figures.tokens import LIGHT

WIDTH, HEIGHT = 680, 190
LEFT, BOTTOM, TOP = 44, 24, 8
GRID_LINES = 4
# Ends of the axis whose quarters are short numbers too.
ENDS = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8)
STYLE = f"""
@page {{ size: A4; margin: 16mm 18mm; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 174mm; font: 12pt/1.35 "Source Sans 3", "Source Sans Pro", "Segoe UI", sans-serif;
  color: {LIGHT.ink}; background: #fff; -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
h1 {{ font-size: 23pt; line-height: 1.15; margin: 0; }}
h2 {{ font-size: 14pt; margin: 4mm 0 1mm; color: {LIGHT.cohort}; break-after: avoid; }}
p, ul {{ margin: 0 0 1.5mm; }}
ul {{ padding-left: 5mm; }}
.quiet {{ color: {LIGHT.quiet}; font-size: 10.5pt; }}
figure {{ margin: 4mm 0 0; break-inside: avoid; }}
svg {{ width: 100%; height: auto; display: block; }}
.urgent {{ margin-top: 4mm; padding: 3mm 4mm; border: 0.6mm solid {LIGHT.reference}; border-radius: 1mm;
  break-inside: avoid; }}
.urgent h2 {{ margin: 0 0 1mm; color: {LIGHT.reference}; }}
footer {{ margin-top: 3mm; break-inside: avoid; }}
.print {{ font: inherit; font-size: 11pt; padding: 1.5mm 4mm; border: 0.3mm solid {LIGHT.line}; border-radius: 1mm;
  background: #fff; color: {LIGHT.ink}; cursor: pointer; float: right; }}
@media screen {{ body {{ padding: 10mm 4mm; }} }}
@media print {{ .print {{ display: none; }} }}
"""


PRINT = "<button type='button' class='print' onclick='window.print()'>Print</button>"


def handout_html(content: Handout) -> str:
    """One HTML document; everything that comes from data is escaped."""
    if content.unavailable:
        body = f"<h1>{escape(content.title)}</h1><p>{escape(content.unavailable)}</p>"
    else:
        body = (
            f"{PRINT}<header><h1>{escape(content.title)}</h1><p class='quiet'>{escape(content.subtitle)}</p></header>"
            + _figure(content)
            + "".join(_block(block) for block in content.blocks)
            + f"<section class='urgent'><h2>When to get help at once</h2><p>{escape(content.urgent)}</p></section>"
            + "<footer class='quiet'>"
            + "".join(f"<p>{escape(line)}</p>" for line in content.foot)
            + "</footer>"
        )
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<title>{escape(content.title)}</title><style>{STYLE}</style></head><body>{body}</body></html>\n"
    )


def _block(block: HandoutBlock) -> str:
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in block.sentences)
    return f"<section><h2>{escape(block.heading)}</h2><ul>{lines}</ul></section>"


def _figure(content: Handout) -> str:
    if not (content.bands or any(day.amount is not None for day in content.days)):
        return ""
    words = escape(content.chart_words)
    return (
        f"<figure><p class='quiet'>{escape(content.unit)} in 24 hours</p>{_chart(content)}"
        f"<p class='quiet'>{escape(content.day_axis)}. {words}</p></figure>"
    )


def _chart(content: Handout) -> str:
    """Bars of the mother's days over the middle half of all mothers."""
    every_day = [day.day for day in content.days] + [band.day for band in content.bands]
    first, last = min(every_day), max(every_day)
    highest = max([day.amount or 0 for day in content.days] + [band.high for band in content.bands])
    top = _round_up(highest)
    plot_width, plot_height = WIDTH - LEFT - 4, HEIGHT - BOTTOM - TOP

    def x(day: float) -> float:
        return LEFT + (day - first + 0.5) / (last - first + 1) * plot_width

    def y(amount: float) -> float:
        return TOP + plot_height * (1 - amount / top)

    bar = max(2.0, 0.6 * plot_width / (last - first + 1))
    parts = [_grid(top, y), _band(content.bands, x, y), *(_bar(day, bar, x, y) for day in content.days)]
    parts += [_day_label(day, x) for day in _ticks(first, last)]
    return f"<svg viewBox='0 0 {WIDTH} {HEIGHT}' role='img' aria-label='{escape(content.chart_words)}'>{''.join(parts)}</svg>"


def _round_up(highest: float) -> float:
    """The end of the axis: the next of ENDS times a power of ten."""
    step = 1.0
    while True:
        for factor in ENDS:
            if factor * step >= highest:
                return factor * step
        step *= 10


def _grid(top: float, y) -> str:
    lines = []
    for part in range(GRID_LINES + 1):
        amount = top * part / GRID_LINES
        place = y(amount)
        lines.append(
            f"<line x1='{LEFT}' x2='{WIDTH - 4}' y1='{place:.1f}' y2='{place:.1f}' stroke='{LIGHT.line}'/>"
            f"<text x='{LEFT - 6}' y='{place + 4:.1f}' text-anchor='end' font-size='12' fill='{LIGHT.quiet}'>"
            f"{amount:,.4g}</text>"
        )
    return "".join(lines)


def _band(bands: tuple[HandoutBand, ...], x, y) -> str:
    if not bands:
        return ""
    upper = " ".join(f"{x(band.day):.1f},{y(band.high):.1f}" for band in bands)
    lower = " ".join(f"{x(band.day):.1f},{y(band.low):.1f}" for band in reversed(bands))
    middle = " ".join(f"{x(band.day):.1f},{y(band.middle):.1f}" for band in bands)
    return (
        f"<polygon points='{upper} {lower}' fill='{LIGHT.band}'/>"
        f"<polyline points='{middle}' fill='none' stroke='{LIGHT.faint}' stroke-width='1.5'/>"
    )


def _bar(day: HandoutDay, width: float, x, y) -> str:
    if day.amount is None:
        return ""
    top, bottom = y(day.amount), y(0)
    return (
        f"<rect x='{x(day.day) - width / 2:.1f}' y='{top:.1f}' width='{width:.1f}' "
        f"height='{max(bottom - top, 1):.1f}' fill='{LIGHT.cohort}'/>"
    )


def _ticks(first: int, last: int) -> list[int]:
    step = next(
        step for step in (1, 2, 7, 14, 28, 56, 112, 365) if (last - first) / step <= 14 or step == 365
    )
    return [day for day in range(first, last + 1) if day % step == 0]


def _day_label(day: int, x) -> str:
    return f"<text x='{x(day):.1f}' y='{HEIGHT - 6}' text-anchor='middle' font-size='12' fill='{LIGHT.quiet}'>{day}</text>"
