"""Photograph every page: start the dashboard against a store, in Chromium, at two widths and in both modes.

python -m tests.browser.shoot --out FOLDER [--store PATH] [--pages overview,guidance] [--widths 1400,420]
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("overview", "data", "cohort", "output", "factors", "guidance", "review", "methods")
WIDTHS = (1400, 420)
MODES = ("light", "dark")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 60
PAINT_MILLISECONDS = 60_000
EXTRA_HEIGHT = 80  # the toolbar above the main block


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def dashboard(
    store: Path | None = None, entry: list[str] | None = None, study: Path | None = None
) -> Iterator[str]:
    """A running dashboard's address; `entry` replaces the command that starts it, files are added to the study in the
    folder `study`. Stopped afterwards."""
    port = free_port()
    command = entry or [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py")]
    options = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    environment = dict(os.environ)
    if store is not None:
        environment["LACTOSCOPE_STORE"] = str(store)
    if study is not None:
        environment["LACTOSCOPE_STUDY"] = str(study)
    process = subprocess.Popen(
        [*command, *options], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_until_up(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_up(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The dashboard ended at once with code {process.returncode}.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"The dashboard did not answer within {START_SECONDS} s.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The operating system's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def wait_until_drawn(page: Page) -> None:
    """Wait until a page has its title, nothing runs and no grey block is left."""
    page.wait_for_selector("h1", timeout=PAINT_MILLISECONDS)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton]') && "
        "!document.querySelector('[data-testid=stStatusWidget]')",
        timeout=PAINT_MILLISECONDS,
    )
    page.wait_for_timeout(700)


def photograph(browser: Browser, address: str, target: Path, width: int, mode: str) -> None:
    """One full-page picture; the window grows to the main block's height since the page scrolls inside it."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=mode)
    try:
        page.goto(address)
        wait_until_drawn(page)
        height = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
        page.set_viewport_size({"width": width, "height": int(height) + EXTRA_HEIGHT})
        page.mouse.move(2, 2)
        page.wait_for_timeout(900)
        page.screenshot(path=target)
    finally:
        page.close()


def shoot(
    out: Path,
    store: Path | None = None,
    entry: list[str] | None = None,
    *,
    pages=PAGES,
    widths=WIDTHS,
    modes=MODES,
) -> list[Path]:
    """Photograph pages at widths in modes into `out`; gives the pictures' paths."""
    out.mkdir(parents=True, exist_ok=True)
    pictures = []
    with dashboard(store, entry) as address, chromium() as browser:
        for name in pages:
            for width in widths:
                for mode in modes:
                    path, _, query = name.partition("?")
                    target = out / f"{path}-{width}-{mode}.png"
                    photograph(
                        browser, f"{address}/{'' if path == PAGES[0] else path}?{query}", target, width, mode
                    )
                    pictures.append(target)
    return pictures


def main() -> None:
    """Read the command line and shoot."""
    parser = argparse.ArgumentParser(description="Photograph every page of the dashboard.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--entry", nargs="*", help="another command that starts the dashboard")
    parser.add_argument("--pages", default=",".join(PAGES))
    parser.add_argument("--widths", default=",".join(map(str, WIDTHS)))
    parser.add_argument("--modes", default=",".join(MODES))
    given = parser.parse_args()
    widths = [int(width) for width in given.widths.split(",")]
    pictures = shoot(
        given.out,
        given.store,
        given.entry,
        pages=given.pages.split(","),
        widths=widths,
        modes=given.modes.split(","),
    )
    for picture in pictures:
        print(picture)


if __name__ == "__main__":
    main()
