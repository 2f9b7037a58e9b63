"""How long each page takes: `python -m tests.benchmarks.pages [--store PATH] [--repeats 5] [--no-browser]`.

Works on a copy of the store. Prints, for each page, the seconds (and processor seconds) of its data call: computed
the first time, again, for ranges of days that nobody asked for before, and for the likely choices that the dashboard
prepares; then the median seconds in Chromium to the finished page, opened anew and after another cohort or pump.
"""

import argparse
import itertools
import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from pipelines import DATA
from pipelines.evidence import data, methods, ready, review_page, trends
from pipelines.evidence.filters import Choices, Filters
from pipelines.evidence.frames import load
from pipelines.evidence.studies import choices
from tests.browser.shoot import PAGES, chromium, dashboard

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
SETTLING_MILLISECONDS = 50


def fresh_selections(offered: Choices, repeats: int) -> list[Filters]:
    """Selections by day that nothing has asked for before."""
    first, last = offered.first_day or 0, offered.last_day or 60
    base = Filters(outcome=offered.outcome)
    return [replace(base, first_day=first, last_day=last - 3 * (place + 1)) for place in range(repeats)]


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


def finished(page: Page) -> None:
    """Wait until nothing on the page is stale or on its way."""
    page.wait_for_timeout(SETTLING_MILLISECONDS)
    page.wait_for_function(FINISHED, timeout=120_000)


def open_filter(page: Page) -> None:
    """Open the filter where it is closed; it stays open while a choice is made."""
    button = page.get_by_test_id("stPopoverButton").first
    if button.get_attribute("aria-expanded") == "false":
        button.click()


def choose(page: Page, label: str, option: str) -> float:
    """Choose in the filter and time it to the finished page."""
    open_filter(page)
    page.get_by_role("combobox", name=label).click()
    wanted = page.get_by_role("option", name=option, exact=True)
    started = time.perf_counter()
    wanted.click()
    finished(page)
    return time.perf_counter() - started


def in_browser(store: Path, repeats: int) -> None:
    """Each page opened anew, and after each cohort and pump was chosen."""
    offered = choices(store)
    options = [("Cohort", name) for name in offered.cohorts] + [
        ("Pump", label) for _, label in offered.pump_types
    ]
    print(f"\nIn Chromium, median of {repeats}")
    with dashboard(store) as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        for name in PAGES:
            opened = []
            for _ in range(repeats):
                started = time.perf_counter()
                page.goto(f"{address}/{name}")
                finished(page)
                opened.append(time.perf_counter() - started)
            changes = [
                choose(page, label, option)
                for label, option in itertools.islice(itertools.cycle(options), repeats)
            ]
            open_filter(page)
            page.get_by_role("button", name="Show everyone").click()
            finished(page)
            change = statistics.median(changes)
            late = "  TOO LONG" if change > CHANGE_LIMIT else ""
            print(
                f"  {name:10} first {opened[0]:5.2f} s  opened {statistics.median(opened):5.2f} s  "
                f"filter changed {change:5.2f} s ({' '.join(f'{each:.1f}' for each in changes)}){late}",
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
