"""Everything that computes. Data goes one way: readers, checks, privacy, store, metrics, analysis, evidence."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
