"""Do adjusted intervals hold the planted effects? `python -m tests.benchmarks.recovery [--seeds 50] [--first 0]`.

Each seed is a synthetic study of its own, taken the whole way: export files, ingest, model table, associations. The
twenty planted courses stand outside the model that has the known effects, so their people are left out unless
`--everyone` is asked for. Printed are, for each effect, how often the 95 % interval of its adjusted odds ratio held the truth (the total effect where it runs
through another factor; the effect that a log with unlogged sessions can show, for the interval), and the share over all.
"""

import argparse
import json
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from threadpoolctl import threadpool_limits

from pipelines import run
from pipelines.analysis.associations import associations
from pipelines.codebook import load_codebook
from pipelines.evidence.frames import load
from pipelines.settings import load_settings
from pipelines.study import load_study
from pipelines.synthetic import write_study

PARTICIPANTS = 240


def rows_of(folder: Path, seed: int, everyone: bool):
    """The adjusted associations of one seed, and its truth."""
    truth = write_study(folder, PARTICIPANTS, seed).content
    study = load_study(folder / "study.toml")
    store = folder / "store.duckdb"
    run.ingest([folder], study, store)
    frames = load(store)
    planted = {run.participant_code(each["participant"], store) for each in truth["review"]["planted"]}
    rows = frames.sessions
    if not everyone:
        rows = rows[~rows["participant_id"].isin(planted)]
    found = associations(rows, load_codebook(), load_settings(), "no_milk", frames.minimum)
    return [each for each in found if each.model == "adjusted"], json.loads(json.dumps(truth))


def held(found, truth) -> dict[str, list[bool]]:
    """Whether each estimated interval holds its truth, by effect."""
    answers = defaultdict(list)
    for name, effect in truth["factors"].items():
        if "odds_ratio" not in effect:
            continue
        true = effect.get("odds_ratio_logged", effect["odds_ratio"])
        for each in found:
            wanted = each.factor == effect["factor"] and each.component == effect["component"]
            level = each.level is None or each.level in (effect["levels"] or ())
            if wanted and level and each.ci_low is not None and each.ci_high is not None:
                answers[name].append(each.ci_low <= true <= each.ci_high)
    return answers


def main(first: int, seeds: int, everyone: bool) -> None:
    """Run the seeds one after the other and print the tally."""
    tally: dict[str, list[bool]] = defaultdict(list)
    begin = time.perf_counter()
    for seed in range(first, first + seeds):
        with TemporaryDirectory() as name, threadpool_limits(1, "blas"):
            for effect, answers in held(*rows_of(Path(name), seed, everyone)).items():
                tally[effect] += answers
        every = [answer for answers in tally.values() for answer in answers]
        print(
            f"seed {seed}: {sum(every)} of {len(every)} so far, {time.perf_counter() - begin:.0f} s",
            flush=True,
        )
    for effect, answers in tally.items():
        print(f"{effect:40} {sum(answers):4} of {len(answers):4}  {sum(answers) / len(answers):.3f}")
    every = [answer for answers in tally.values() for answer in answers]
    print(f"{'all':40} {sum(every):4} of {len(every):4}  {sum(every) / len(every):.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--everyone", action="store_true", help="the planted people too")
    given = parser.parse_args()
    main(given.first, given.seeds, given.everyone)
