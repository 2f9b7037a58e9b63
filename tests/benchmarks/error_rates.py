"""How often verdicts are wrong, intervals right and effects found, on cohorts with known truth; writes them as data.

python -m tests.benchmarks.error_rates [--minutes 30] [--processes 2]     simulate what is still missing
python -m tests.benchmarks.error_rates --write                             count what there is into data/evaluation

Every cohort is kept at once in build/error_rates, so that a run can be stopped and taken up again. All scenarios grow
side by side, a part of each in turn. Cohorts of another version of the analysis are not counted, unless this version
judges a part of them again and comes to the same: --adopt VERSION.
"""

import argparse
import json
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from threadpoolctl import threadpool_limits

from pipelines.evidence.error_rates import RATES, ClaimRates, Power, Simulated, error_rates
from tests.simulation import scenarios

BUILD = Path("build") / "error_rates"
SEED = 20_261
PARTS = 10
# Cohorts wanted; a scenario's verdicts that stand alone are counted from the same cohorts.
WANTED = {"no_effect": 1000, "reverse_causation": 1000, "smallest_effect": 1000, "known_effects": 600}
WANTED_POWER = {"between": 160, "within": 160}
ALONE = {"no_effect": "no_effect_alone"}
WHAT_DECIDES = ["pipelines/analysis", "data/codebook", "data/guidance/claims.toml", "data/settings.toml"]
A_BATCH = 5
JUDGED_AGAIN = 4


@dataclass(frozen=True)
class Job:
    """One scenario at one size, or one cell of the power table (`odds_ratio` above 0, `name` its kind)."""

    name: str
    people: int
    wanted: int
    odds_ratio: float = 0.0

    @property
    def file(self) -> Path:
        """Where its cohorts are kept, a line each."""
        odds = f"-{self.odds_ratio}" if self.odds_ratio else ""
        return BUILD / f"{self.name}-{self.people}{odds}.jsonl"

    def cohort(self, number: int) -> dict:
        """What is kept of one cohort, which the number makes reproducible."""
        seed = [SEED, self.people, number]
        if self.odds_ratio:
            found = scenarios.supported(self.odds_ratio, self.people, self.name, seed)
            return {"number": number, "supported": found}
        judged = getattr(scenarios, self.name)(self.people, seed)
        return {"number": number, "claims": {claim: asdict(each) for claim, each in judged.items()}}

    def done(self, version: str) -> list[dict]:
        """The cohorts kept so far that this version of the analysis judged."""
        if not self.file.exists():
            return []
        lines = (json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines())
        return sorted((line for line in lines if line["version"] == version), key=lambda line: line["number"])


def jobs() -> list[Job]:
    """Everything that is planned."""
    plan = error_rates()
    found = [
        Job(each.id, people, WANTED[each.id])
        for each in plan.scenarios
        if each.id in WANTED
        for people in each.people
    ]
    return found + [
        Job(kind, people, WANTED_POWER[kind], odds_ratio)
        for kind in plan.power_plan.kinds
        for odds_ratio in plan.power_plan.odds_ratios
        for people in plan.power_plan.people
    ]


def code_version() -> str:
    """The last change of what decides a verdict."""
    command = ["git", "log", "-1", "--format=%h", "--", *WHAT_DECIDES]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def missing(version: str) -> Iterator[tuple[Job, list[int]]]:
    """Batches of cohorts still to be made, a part of each job in turn."""
    planned = [(job, {line["number"] for line in job.done(version)}) for job in jobs()]
    for part in range(PARTS):
        for job, done in planned:
            numbers = range(job.wanted * part // PARTS, job.wanted * (part + 1) // PARTS)
            left = [number for number in numbers if number not in done]
            for begin in range(0, len(left), A_BATCH):
                yield job, left[begin : begin + A_BATCH]


def make(job: Job, numbers: list[int], version: str, until: float) -> int:
    """Make some cohorts and keep them, each a line."""
    with threadpool_limits(1, "blas"):
        for number in numbers:
            if time.time() > until:
                return 0
            line = json.dumps(job.cohort(number) | {"version": version}) + "\n"
            with job.file.open("a", encoding="utf-8") as file:
                file.write(line)
    return len(numbers)


def run(minutes: float, processes: int) -> None:
    """Simulate until all is there or the time is over."""
    BUILD.mkdir(parents=True, exist_ok=True)
    version, until = code_version(), time.time() + 60 * minutes
    with ProcessPoolExecutor(processes) as pool:
        work = [pool.submit(make, job, numbers, version, until) for job, numbers in missing(version)]
        for number, each in enumerate(work):
            each.result()
            if number % 50 == 0:
                print(f"{number} of {len(work)} batches", flush=True)


def adopt(old: str, version: str) -> None:
    """Count the cohorts of an earlier version as this one's, after judging some of every job again."""
    with threadpool_limits(1, "blas"):
        for job in jobs():
            for line in job.done(old)[:: max(1, len(job.done(old)) // JUDGED_AGAIN)]:
                again = json.loads(json.dumps(job.cohort(line["number"]))) | {"version": old}
                if again != line:
                    raise SystemExit(
                        f"{job.file.name}: cohort {line['number']} is judged otherwise than by {old}."
                    )
    for job in jobs():
        if job.file.exists():
            text = job.file.read_text(encoding="utf-8")
            old_mark, new_mark = (json.dumps({"version": each})[1:] for each in (old, version))
            job.file.write_text(text.replace(old_mark, new_mark), encoding="utf-8")


def counted(job: Job, version: str) -> list[Simulated | Power]:
    """What a job's cohorts say."""
    lines = job.done(version)
    if not lines:
        return []
    if job.odds_ratio:
        found = sum(line["supported"] for line in lines)
        return [Power(job.odds_ratio, job.people, job.name, len(lines), found, SEED, version)]
    result = [Simulated(job.name, job.people, len(lines), SEED, version, rates(lines, "verdict"))]
    if job.name in ALONE:
        result.append(
            Simulated(ALONE[job.name], job.people, len(lines), SEED, version, rates(lines, "alone"))
        )
    return result


def rates(lines: list[dict], which: str) -> tuple[ClaimRates, ...]:
    """Count verdicts and intervals claim by claim."""
    verdicts: dict[str, Counter] = defaultdict(Counter)
    held: dict[str, list[bool]] = defaultdict(list)
    for line in lines:
        for claim, each in line["claims"].items():
            verdicts[claim][each[which]] += 1
            held[claim] += [] if each["held"] is None else [each["held"]]
    return tuple(
        ClaimRates(claim, counts.total(), dict(sorted(counts.items())), len(held[claim]), sum(held[claim]))
        for claim, counts in verdicts.items()
    )


def write(path: Path, version: str) -> None:
    """Count everything into the data file and say it."""
    found = [each for job in jobs() for each in counted(job, version)]
    content = {
        "simulated": [asdict(each) for each in found if isinstance(each, Simulated)],
        "power": [asdict(each) for each in found if isinstance(each, Power)],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    for each in found:
        print(describe(each))


def describe(found: Simulated | Power) -> str:
    """One scenario or cell in words."""
    if isinstance(found, Power):
        share = found.share
        return f"power {found.kind} {found.odds_ratio} {found.people}: {share.value:.3f} +- {share.error:.3f}"
    lines = [f"{found.scenario}, {found.people} people, {found.cohorts} cohorts"]
    for each in found.claims:
        words = " ".join(f"{name} {each.share(name).value:.3f}" for name in each.verdicts)
        coverage = f"{each.coverage.value:.3f} of {each.coverage.of}" if each.coverage else "no interval"
        lines.append(f"  {each.claim:34} {coverage:16} {words}")
    return "\n".join(lines)


def main() -> None:
    """Simulate, or write what there is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--adopt", metavar="VERSION", help="take over the cohorts of an earlier version")
    given = parser.parse_args()
    if given.adopt:
        adopt(given.adopt, code_version())
    elif given.write:
        write(RATES, code_version())
    else:
        run(given.minutes, given.processes)


if __name__ == "__main__":
    main()
