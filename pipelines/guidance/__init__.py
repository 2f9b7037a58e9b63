"""The guidance as data: claims, tables, tips, answers, warning signs, opinions and the independent literature."""

from pipelines.guidance.load import GUIDANCE, load_guidance
from pipelines.guidance.model import (
    DIRECTIONS,
    POSITIONS,
    TESTABLE,
    Answer,
    Claim,
    Guidance,
    Literature,
    Opinion,
    PublishedVolume,
    PumpRow,
    Repeat,
    Shortfall,
    Source,
    TechniqueRow,
    Tip,
    WarningSign,
)

__all__ = [
    "DIRECTIONS",
    "GUIDANCE",
    "POSITIONS",
    "TESTABLE",
    "Answer",
    "Claim",
    "Guidance",
    "Literature",
    "Opinion",
    "PublishedVolume",
    "PumpRow",
    "Repeat",
    "Shortfall",
    "Source",
    "TechniqueRow",
    "Tip",
    "WarningSign",
    "load_guidance",
]
