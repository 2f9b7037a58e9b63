"""The built-in synthetic study: export files with planted effects, taken in by the ordinary way."""

import shutil
from dataclasses import replace
from pathlib import Path

from pipelines import DATA
from pipelines.errors import InputError
from pipelines.evidence.findings import findings
from pipelines.run.ingestion import ingest
from pipelines.run.ledger import Ledger
from pipelines.study import load_study
from pipelines.synthetic import write_study

DEMO_FOLDER = DATA / "demo"
STORE = "store.duckdb"
MARK = "truth.json"


def demo(
    folder: Path | str, participants: int = 240, seed: int = 0, variant: str = "base", progress=None
) -> Ledger:
    """Make a synthetic study in `folder`, ingest it into `folder/store.duckdb` and compute its findings.

    Everything is made beside the folder and then swapped in; an earlier synthetic study there is replaced. Raises
    InputError when the folder holds anything else, so that nobody's data are lost, and for a number of people below 1
    or a seed below 0.
    """
    folder = Path(folder)
    if participants < 1 or seed < 0:
        raise InputError("a synthetic study needs at least 1 participant and a seed of 0 or more.")
    if folder.is_file():
        raise InputError(f"{folder}: is a file; name a folder with --out.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise InputError(
            f"{folder}: holds other files than a synthetic study; name an empty folder with --out."
        )
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        write_study(new, participants, seed, variant)
        ledger = ingest([new], load_study(new / "study.toml"), new / STORE, progress)
        findings(new / STORE)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return replace(ledger, store=folder / STORE)
