"""How long each page takes: `python -m tests.benchmarks.pages [--store PATH] [--repeats 5] [--no-browser]`.

Works on a copy of the store. Prints, for each page, the seconds (and processor seconds) of its data call: computed
the first time, again, for ranges of days that nobody asked for before, and for the likely choices that the dashboard
prepares; then the median seconds in Chromium to the finished page, opened anew and, in the open page, from the click
on another cohort or pump. A page is finished though a section says that it is still being worked out, and how far it
is; when that section came is told beside.
"""

import argparse
import itertools
import json
import math
import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from dashboard.components.rows import WAITING as WAITING_MARK
from pipelines import DATA
from pipelines.evidence import data, methods, ready, review_page, trends
from pipelines.evidence.filters import Choices, Filters, accept
from pipelines.evidence.frames import load
from pipelines.evidence.studies import choices
from tests.browser.shoot import PAGES, chromium, dashboard
from tests.browser.steps import open_filters

Call = Callable[[Path, Filters], Any]
CALLS: dict[str, Call] = {
    "overview": ready.overview_page,
    "cohort": lambda path, filters: (ready.cohort_page(path, filters), ready.table_one(path, filters, "")),
    "guidance": ready.guidance,
    "factors": ready.factors_page,
    "output": ready.output_page,
    "data": lambda path, filters: (
        data.data(path, filters),
        ready.logs_section(path),
        ready.recall_section(path),
    ),
    "review": lambda path, filters: (review_page.review_page(path, filters), trends.trends(path, filters)),
    "methods": methods.methods,
}
DATA_LIMIT, CHANGE_LIMIT = 1.0, 2.0
# Nothing runs, nothing is stale, nothing grey: asked at every frame that the browser draws.
FINISHED = """() => document.querySelector('h1')
  && !document.querySelector('[data-testid=stSkeleton], [data-testid=stSpinner], [data-testid=stStatusWidget]')
  && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'
  && !document.querySelector('[data-stale=true]')"""
# What the filter's button says, which names the filters that the page was drawn for.
SAID = "document.querySelector('[data-testid=stPopoverButton] [data-testid=stMarkdownContainer]')?.innerText"
# A section that says that it is still being worked out, how far that is, and which fills in by itself.
WAITING = f"!!document.querySelector('.{WAITING_MARK}')"
OPENING_MILLISECONDS = 300
DRAWN_MILLISECONDS, WORKED_OUT_MILLISECONDS = 60_000, 300_000


def fresh_selections(offered: Choices, repeats: int) -> list[Filters]:
    """Selections by day that nothing has asked for before."""
    first, last = offered.first_day or 0, offered.last_day or 60
    ranges = (f"{first}-{last - 3 * (place + 1)}" for place in range(repeats))
    return [accept({"days": each}, offered)[0] for each in ranges]


def timed(call: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    started, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - started, time.process_time() - used


def median(pairs: list[tuple[float, float]]) -> str:
    """Both medians as text, with a mark where the clock's is beyond the limit of a data call."""
    clock, processor = (statistics.median(values) for values in zip(*pairs, strict=True))
    late = "  TOO LONG" if clock > DATA_LIMIT else ""
    return f"{clock:6.2f} s (processor {processor:5.2f}){late}"


def data_calls(store: Path, repeats: int) -> None:
    """Each page's data call: computed, from the shelf, for a selection new to it, and for what was prepared."""
    clock, processor = timed(lambda: load(store))
    print(f"Study loaded in {clock:.2f} s (processor {processor:.2f})\n\nData calls, median of {repeats}")
    offered = choices(store)
    base = Filters(outcome=offered.outcome)
    for name, call in CALLS.items():
        first = timed(partial(call, store, base))
        again = [timed(partial(call, store, base)) for _ in range(repeats)]
        print(
            f"  {name:10} everyone, first {first[0]:6.2f} s (processor {first[1]:5.2f})  again {median(again)}"
        )
    for name, call in CALLS.items():
        new = [timed(partial(call, store, each)) for each in fresh_selections(offered, repeats)]
        print(f"  {name:10} a new range of days {median(new)}", flush=True)
    clock, processor = timed(lambda: [compute() for compute in ready.ahead(store)])
    print(f"  likely choices prepared in {clock:.1f} s (processor {processor:.1f})")
    for name, call in CALLS.items():
        likely = [timed(partial(call, store, each)) for each in ready.likely(offered)]
        print(f"  {name:10} a likely choice {median(likely)}")


@dataclass(frozen=True)
class Taken:
    """Seconds to the finished page, and until the last section that was still being worked out is there too."""

    drawn: float
    whole: float


def finished(page: Page, started: float, said_before: str | None = None) -> Taken:
    """Wait until nothing on the page is stale or on its way, drawn for other filters than those said before."""
    changed = f"{SAID} !== {json.dumps(said_before)}" if said_before is not None else "true"
    page.wait_for_function(f"() => {changed} && ({FINISHED})()", timeout=DRAWN_MILLISECONDS)
    drawn = time.perf_counter() - started
    if page.evaluate(WAITING):
        page.wait_for_function(f"() => !{WAITING} && ({FINISHED})()", timeout=WORKED_OUT_MILLISECONDS)
    return Taken(drawn, time.perf_counter() - started)


def opened(page: Page, address: str) -> Taken:
    """Open a page anew and time it."""
    started = time.perf_counter()
    page.goto(address)
    return finished(page, started)


def changed(page: Page, label: str, option: str) -> Taken:
    """Choose in the filter of the open page; timed from the click on the option."""
    said = str(page.evaluate(SAID))
    open_filters(page, said)
    box = page.get_by_role("combobox", name=label, exact=True)
    wanted = page.get_by_role("option", name=option, exact=True)
    # The list is opened before the clock starts; a page that is drawn anew just then closes it again.
    while not wanted.is_visible():
        box.click()
        page.wait_for_timeout(OPENING_MILLISECONDS)
    started = time.perf_counter()
    wanted.click()
    return finished(page, started, said)


def medians(found: list[Taken], limit: float = math.inf) -> str:
    """Median seconds, each measurement behind it, and where something came later, when."""
    drawn = statistics.median(each.drawn for each in found)
    text = f"{drawn:5.2f} s ({' '.join(f'{each.drawn:.1f}' for each in found)})"
    whole = statistics.median(each.whole for each in found)
    if any(each.whole > each.drawn + 1 for each in found):
        text += f", its slowest section {whole:.1f} s"
    return text + ("  TOO LONG" if drawn > limit else "")


def in_browser(store: Path, repeats: int, names: Sequence[str] = PAGES) -> None:
    """Each page opened anew, and its filter changed: to each cohort and pump in turn."""
    offered = choices(store)
    options = [("Cohort", name) for name in offered.cohorts] + [
        ("Pump", label) for _, label in offered.pump_types
    ]
    print(f"\nIn Chromium, median of {repeats} (each)")
    with dashboard(store) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        for name in names:
            place = f"{address}/{'' if name == PAGES[0] else name}"
            first, *others = [opened(page, place) for _ in range(repeats + 1)]
            changes = [
                changed(page, label, option)
                for label, option in itertools.islice(itertools.cycle(options), repeats)
            ]
            print(
                f"  {name:10} first {first.drawn:5.2f} s  opened {medians(others)}\n"
                f"  {'':10} filter changed {medians(changes, CHANGE_LIMIT)}",
                flush=True,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, default=DATA / "demo" / "store.duckdb")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        # A copy, beside which nothing is kept yet.
        path = Path(shutil.copy(asked.store, folder)).resolve()
        data_calls(path, asked.repeats)
        if not asked.no_browser:
            in_browser(path, asked.repeats)
