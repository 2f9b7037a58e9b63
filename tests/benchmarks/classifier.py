"""The classifier with its cross-validation on one million sessions and twenty factors: seconds and memory.

    python -m tests.benchmarks.classifier [--people 18000] [--sessions 56] [--repeats 3]

The cohort is made up: people differ by a bridge-like effect, three of twenty factors matter. Above the setting
`classifier.largest_cohort` people are drawn at random, as in the product; `--all` takes everybody.
"""

import argparse
import resource
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from pipelines.analysis.classifier import classify
from pipelines.analysis.leaks import column_before
from pipelines.codebook import Codebook, load_codebook
from pipelines.settings import Settings, load_settings

FACTORS = 20


def factors(codebook: Codebook) -> list[str]:
    """Twenty factors of the codebook that the classifier may use, with the columns it reads them from."""
    usable = [each for each in codebook.with_role("factor", "adjustment") if not each.restricted]
    named = [
        each for each in usable if column_before(each) and each.id not in ("day_postpartum", "minute_of_day")
    ]
    return [each.id for each in named[:FACTORS]]


def cohort(people: int, sessions: int, codebook: Codebook, seed: int = 0) -> pd.DataFrame:
    """A model table: one row a session, a tenth of the answers missing."""
    random = np.random.default_rng(seed)
    rows = people * sessions
    person = np.repeat(np.arange(people), sessions)
    table = {
        "participant_id": pd.Categorical.from_codes(
            person, [f"P-{number:07d}" for number in range(people)]
        ).astype(str),
        "day_in_study": np.tile(np.arange(sessions) // 6, people),
        "day_postpartum": np.tile(np.arange(sessions) // 6 + 5, people).astype(float),
        "minute_of_day": np.tile((np.arange(sessions) % 6) * 200 + 360, people).astype(float),
    }
    log_odds = random.normal(0, 1.2, people)[person] - 2.5
    for place, name in enumerate(factors(codebook)):
        factor = codebook.factors[name]
        fixed = factor.grains[0] == "person"
        size = people if fixed else rows
        if factor.levels and not factor.is_numeric:
            value = random.integers(0, len(factor.levels), size)
            codes = np.array([level.code for level in factor.levels], dtype=object)
            answers = codes[value]
            effect = (value == 0).astype(float)
        else:
            effect = random.normal(size=size)
            answers = effect
        spread = person if fixed else slice(None)
        if place % 7 == 0:
            log_odds = log_odds + 0.4 * effect[spread]
        column = pd.Series(answers[spread])
        table[column_before(factor)] = column.mask(random.random(rows) < 0.1)
    table["no_milk"] = (random.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(float)
    return pd.DataFrame(table)


def _with_everybody(settings: Settings, people: int) -> Settings:
    largest = replace(settings.explain("classifier.largest_cohort"), value=people)
    return Settings({**settings.entries, "classifier.largest_cohort": largest})


def main() -> None:
    """Print seconds, memory and the AUC."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=18_000)
    parser.add_argument("--sessions", type=int, default=56)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--all", action="store_true", help="draw nobody at random, take everyone")
    arguments = parser.parse_args()
    codebook, settings = load_codebook(), load_settings()
    if arguments.all:
        settings = _with_everybody(settings, arguments.people)
    table = cohort(arguments.people, arguments.sessions, codebook)
    print(f"{len(table):,} sessions of {arguments.people:,} people, {FACTORS} factors")
    wall, processor = time.perf_counter(), time.process_time()

    def progress(step: str, done: int, total: int) -> None:
        print(f"  {step} {done} of {total}: {time.perf_counter() - wall:.0f} s", file=sys.stderr)

    with threadpool_limits(1, "blas"):
        found = classify(table, codebook, settings, "no_milk", 10, arguments.repeats, progress)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{time.perf_counter() - wall:.0f} s ({time.process_time() - processor:.0f} s of one processor), at most "
        f"{memory:.1f} GB; {found.participants:,} of {found.people_in_study:,} people, {found.sessions:,} sessions"
    )
    print(
        f"AUC {found.auc:.3f} ({found.auc_low:.3f} to {found.auc_high:.3f}), challenger {found.challenger_auc:.3f}"
    )


if __name__ == "__main__":
    main()
