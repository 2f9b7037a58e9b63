"""Sensitivity and false alarms of the review rules on synthetic studies, the whole way; writes the figures as data.

python -m tests.benchmarks.review --seeds 20
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from pipelines import run
from pipelines.evidence.review import review
from pipelines.evidence.review_figures import FIGURES
from pipelines.guidance.signs import load_signs
from pipelines.synthetic import write_study
from tests.benchmarks.review_truth import Judged, judge, raw_ids

PARTICIPANTS = 240


def judged(seed: int, folder: Path) -> Judged:
    """One synthetic study, written, taken in and reviewed."""
    truth = write_study(folder, PARTICIPANTS, seed).content
    store = folder / "store.duckdb"
    run.ingest([folder], folder / "study.toml", store)
    return judge(truth, review(store).listed, raw_ids(truth, store))


def entry(seed: int, found: Judged) -> dict:
    """One study's counts as they are kept."""
    names = ("planted", "found", "true", "seen", "false")
    return {
        "seed": seed,
        "other_people": found.other_people,
        "planted_listed": found.planted_listed,
        "falsely_listed": len(found.falsely_listed),
        "rules": {
            sign: {name: getattr(found, name)[sign] for name in names}
            for sign, rule in load_signs().items()
            if rule.lists
        },
    }


def main() -> None:
    """Review one study after the other; each is added to the figures of the earlier ones, in place of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=Path, default=FIGURES)
    arguments = parser.parse_args()
    os.environ["LACTOSCOPE_KEY"] = "a key for the benchmark"
    for seed in range(arguments.first, arguments.first + arguments.seeds):
        with tempfile.TemporaryDirectory() as folder:
            found = judged(seed, Path(folder))
        print(
            f"seed {seed}: {found.planted_listed} planted courses listed, {len(found.falsely_listed)} false alarms, "
            f"missed {found.missed}, false {dict(found.false)}",
            flush=True,
        )
        keep(arguments.out, entry(seed, found))


def keep(path: Path, new: dict) -> None:
    """Add one study to the file of figures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    old = json.loads(path.read_text(encoding="utf-8"))["studies"] if path.exists() else []
    studies = [*(each for each in old if each["seed"] != new["seed"]), new]
    content = {"participants": PARTICIPANTS, "studies": sorted(studies, key=lambda each: each["seed"])}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
