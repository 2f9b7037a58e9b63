"""Compute the likely pages of a store before anybody asks: `python -m pipelines.evidence STORE`.

The dashboard starts it as a process of its own at low priority, so that no click waits for it.
"""

import os
import sys
from pathlib import Path

from pipelines.evidence.ready import ahead
from pipelines.evidence.studies import stamp

NICE = 15


def prepare(path: Path, parent: int) -> None:
    """Work through the likely pages until the store is replaced or whoever asked for it has gone."""
    before = stamp(path)
    for compute in ahead(path):
        if stamp(path) != before or os.getppid() != parent:
            return
        compute()


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(NICE)
    prepare(Path(sys.argv[1]), os.getppid())
