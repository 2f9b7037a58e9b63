"""Can these logs be believed: signs as rows, and each log as a strip of days; a gap in the paper's colour is no log."""

from dashboard.components import rows
from dashboard.components.caption import caption
from dashboard.components.marks import chip
from dashboard.components.page import raw, section
from dashboard.components.text import counted, escape
from pipelines.evidence.logs import LogSign, LogsSection, LogStrip

HEIGHT = 14
WORKING_LIST = "Each log by its code, for whoever can put it right"


def believable_logs(page: LogsSection) -> None:
    """The whole section: the summary, the signs, then each log as a strip."""
    section(page.title)
    if not page.signs:
        return
    raw("".join(rows.sentence(words) for words in page.lead))
    raw(signs(page))
    caption("Signs in the way a log was written", page.basis, page.numbers)
    raw(strips(page))


def signs(page: LogsSection) -> str:
    """Each sign that a log shows, with what it means and in how many; then in one line those that none shows."""
    seen = [sign for sign in page.signs if sign.logs != 0]
    none = [sign.title for sign in page.signs if sign.logs == 0]
    body = "".join(
        rows.row((("", rows.strong(sign.title)), ("", rows.sentence(sign.explanation)), ("", _count(sign))))
        for sign in seen
    )
    if not none:
        return body
    return body + rows.row((("", rows.strong("In no log")), ("", rows.sentence(" · ".join(none))), ("", "")))


def _count(sign: LogSign) -> str:
    if sign.logs is None:
        return chip("hidden") + rows.quiet("Too few people have it or lack it; the number stays hidden.")
    return escape(counted(sign.logs, "log", "logs"))


def strips(page: LogsSection) -> str:
    """A working list in a fold: each log by its code, the doubtful ones first, on one axis of study days."""
    axis = f"Days in the study, 0 to {page.last_day}: bars have an entry, gaps have no log"
    head = rows.head(("Code", axis, "How it was written"), axis=1)
    listed = "".join(_row(strip, page.last_day) for strip in (*page.doubtful, *page.others))
    return f'<div class="ls-logs">{rows.fold(WORKING_LIST, head + listed)}</div>'


def _row(strip: LogStrip, last_day: int) -> str:
    said = f'<div class="ls-look">{escape(", ".join(strip.doubts))}</div>' if strip.doubts else ""
    return rows.row(
        (
            ("", escape(strip.code)),
            ("", drawn(strip, last_day)),
            ("", said + rows.quiet(strip.line)),
        )
    )


def drawn(strip: LogStrip, last_day: int) -> str:
    """The strip: a bar for each stretch of days with an entry, a thin line where only answers go on."""
    whole = last_day + 1
    bars = "".join(
        f'<rect x="{100 * first / whole:.2f}%" width="{100 * (last + 1 - first) / whole:.2f}%" '
        f'y="1" height="{HEIGHT - 2}"/>'
        for first, last in strip.stretches
    )
    end = strip.stretches[-1][1] + 1 if strip.stretches else 0
    after = ""
    if strip.answers_until is not None:
        after = (
            f'<line x1="{100 * end / whole:.2f}%" x2="{100 * (strip.answers_until + 1) / whole:.2f}%" '
            f'y1="{HEIGHT / 2:g}" y2="{HEIGHT / 2:g}" style="stroke:var(--faint)" stroke-dasharray="2 2"/>'
        )
    spoken = "entries on study days " + ", ".join(
        f"{first} to {last}" if last > first else f"{first}" for first, last in strip.stretches
    )
    return (
        f'<svg class="ls-track" width="100%" height="{HEIGHT}" role="img" aria-label="{escape(spoken)}">'
        f'<g style="fill:var(--cohort)">{bars}</g>{after}</svg>'
    )
