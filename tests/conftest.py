"""One synthetic study at its default size, made once for all tests that look at a whole store."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.run import demonstration
from pipelines.run.ledger import Ledger


@dataclass(frozen=True)
class Demo:
    """The folder with exports, study file and truth; the store; the ledger of its ingest."""

    folder: Path
    store: Path
    ledger: Ledger


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Demo:
    """The demo study as the command line makes it. Nobody may change it."""
    folder = tmp_path_factory.mktemp("study") / "demo"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("LACTOSCOPE_KEY", raising=False)
        ledger = demonstration.demo(folder)
    return Demo(folder, folder / "store.duckdb", ledger)
