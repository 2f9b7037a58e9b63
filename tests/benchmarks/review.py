"""Sensitivity and false alarms of the review rules on synthetic studies, the whole way; writes the figures as data.

python -m tests.benchmarks.review --seeds 20
"""

import argparse
import json
import os
import tempfile
from collections import Counter
from pathlib import Path

from pipelines import run
from pipelines.evidence.review import review
from pipelines.evidence.review_figures import FIGURES
from pipelines.guidance.signs import load_signs
from pipelines.run.pseudonyms import participant_code
from pipelines.synthetic import write_study
from tests.benchmarks.review_truth import DISTRESS, Judged, judge

PARTICIPANTS = 240


def judged(seed: int, folder: Path) -> Judged:
    """One synthetic study, written, taken in and reviewed."""
    truth = write_study(folder, PARTICIPANTS, seed).content
    store = folder / "store.duckdb"
    run.ingest([folder], folder / "study.toml", store)
    raw = {participant_code(each["participant"], store): each["participant"] for each in truth["people"]}
    return judge(truth, review(store).listed, raw)


def figures(studies: list[Judged]) -> dict:
    """What the page shows: one entry for each rule, and the whole list."""
    total = {name: Counter() for name in ("planted", "found", "true", "seen", "false")}
    for each in studies:
        for name, counter in total.items():
            counter.update(getattr(each, name))
    alarms = [len(each.falsely_listed) for each in studies]
    return {
        "studies": len(studies),
        "participants": PARTICIPANTS,
        "other_people": sum(each.other_people for each in studies),
        "planted": sum(count for sign, count in total["planted"].items() if sign != DISTRESS),
        "planted_listed": sum(each.planted_listed for each in studies),
        "fewest_listed": min(each.planted_listed for each in studies),
        "false_alarms_mean": round(sum(alarms) / len(alarms), 2),
        "false_alarms_most": max(alarms),
        "rules": {
            sign: {name: total[name][sign] for name in total}
            for sign, rule in load_signs().items()
            if rule.lists
        },
    }


def main() -> None:
    """Print each study's figures and write them all."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--out", type=Path, default=FIGURES)
    arguments = parser.parse_args()
    os.environ["LACTOSCOPE_KEY"] = "a key for the benchmark"
    studies = []
    for seed in range(arguments.seeds):
        with tempfile.TemporaryDirectory() as folder:
            studies.append(judged(seed, Path(folder)))
        last = studies[-1]
        print(
            f"seed {seed}: {last.planted_listed} of 18 planted, {len(last.falsely_listed)} false alarms, "
            f"missed {last.missed}, false {dict(last.false)}",
            flush=True,
        )
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(json.dumps(figures(studies), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
