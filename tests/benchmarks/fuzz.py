"""20,000 damaged files through every reader: `python -m tests.benchmarks.fuzz [--rounds 20] [--log fuzz.jsonl]`.

Each round damages every sample anew, reads what comes of it, and takes it through an ingest (tests/readers/fuzzing.py).
A round that ends stands as one line in the log; rounds that stand there are not run again, so a run that was cut off
goes on where it was. Delete the log, or the lines with an error, to run them once more. Printed is the sum of the log.
"""

import argparse
import json
import os
import sys
import traceback
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.end_to_end.stores import KEY
from tests.readers.fuzzing import fuzz

FILES = 1000


def one_round(number: int) -> dict:
    """What a round found, or the error that ended it with the way to it."""
    with TemporaryDirectory(prefix="lactoscope-fuzz-") as folder:
        try:
            report = fuzz(FILES, Path(folder), chance=number)
        except Exception as error:  # noqa: BLE001 - the other rounds go on
            traceback.print_exc()
            return {"round": number, "error": f"{type(error).__name__}: {error}"}
    return {
        "round": number,
        "files": report.files,
        "fates": report.fates,
        "rows": report.rows,
        "slowest": report.slowest,
        "slowest_pile": report.slowest_pile,
    }


def total(rounds: list[dict]) -> str:
    """The rounds of a log as one sentence each."""
    whole = [each for each in rounds if "error" not in each]
    fates, rows = Counter(), Counter()
    for each in whole:
        fates.update(each["fates"])
        rows.update(each["rows"])
    seconds, what = max((tuple(each["slowest"]) for each in whole), default=(0.0, "none"))
    said = [
        f"{sum(each['files'] for each in whole)} damaged files in {len(whole)} rounds: {dict(fates)}",
        f"rows: {dict(rows)}",
        f"slowest file {seconds:.2f} s: {what}",
        f"slowest ingest {max((each['slowest_pile'] for each in whole), default=0):.1f} s",
        *(f"round {each['round']}: {each['error']}" for each in rounds if "error" in each),
    ]
    return "\n".join(said)


def main(rounds: int, log: Path) -> None:
    """Run the rounds that are not in the log, and print what the log holds then."""
    os.environ["LACTOSCOPE_KEY"] = KEY
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    done = {json.loads(line)["round"] for line in lines}
    for number in range(1, rounds + 1):
        if number in done:
            continue
        line = json.dumps(one_round(number))
        print(line, file=sys.stderr, flush=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    print(total([json.loads(line) for line in log.read_text("utf-8").splitlines()]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--log", type=Path, default=Path("fuzz.jsonl"))
    asked = parser.parse_args()
    main(asked.rounds, asked.log)
