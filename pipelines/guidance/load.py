"""The guidance read from `data/guidance/` and checked."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines import DATA
from pipelines.codebook import load_codebook
from pipelines.datafiles import Entry, build, read_entries, refuse, table, with_parts
from pipelines.guidance.checks import ARTICLE, CLAIMS, LITERATURE, PUBLISHED, check
from pipelines.guidance.model import (
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

GUIDANCE = DATA / "guidance"
GROUPS = {
    "pumps": PumpRow,
    "techniques": TechniqueRow,
    "tips": Tip,
    "answers": Answer,
    "warning_signs": WarningSign,
    "opinions": Opinion,
    "shortfalls": Shortfall,
}


def _group(kind: type[Entry], file: str, entries: Mapping[str, Any], group: str = "") -> dict[str, Entry]:
    """Dataclasses by id from a table of tables, which lies under `group` when it is not the whole file."""
    entries = table(file, group, entries)
    prefix = f"{group}." if group else ""
    return {name: build(kind, file, prefix + name, entry, id=name) for name, entry in entries.items()}


@cache
def load_guidance(folder: Path = GUIDANCE) -> Guidance:
    """Read and check the guidance, one table for each entry.

    `claims.toml` holds what the article claims, `literature.toml` what independent studies say, `article.toml` the
    article's tables, lists and shortfalls, `published.toml` daily volumes to compare a cohort with.

    Raises DataFileError naming file and entry for whatever is unknown (factor, level, theme, section, claim, or a
    word outside the lists of the model), said twice, missing (reason, source, field), or repeated in a circle.
    """
    claims, literature, article = (read_entries(folder / file) for file in (CLAIMS, LITERATURE, ARTICLE))
    claims = {name: with_parts(Repeat, CLAIMS, name, entry, "repeats") for name, entry in claims.items()}
    literature = {
        name: with_parts(Source, LITERATURE, name, row, "sources") for name, row in literature.items()
    }
    if missing := [key for key in GROUPS if not article.get(key)]:
        refuse(ARTICLE, missing[0], ["is missing"])
    volumes = _group(PublishedVolume, PUBLISHED, read_entries(folder / PUBLISHED))
    entries: dict[str, Any] = {
        "claims": _group(Claim, CLAIMS, claims),
        "literature": _group(Literature, LITERATURE, literature),
        "published": tuple(volumes.values()),
    }
    for key, kind in GROUPS.items():
        entries[key] = tuple(_group(kind, ARTICLE, article.pop(key), key).values())
    guidance = build(Guidance, ARTICLE, "(top of the file)", article, **entries)
    check(guidance, load_codebook())
    return guidance
