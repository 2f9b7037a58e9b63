"""Where the numbers come from, for a supplement: study, data version, files, plan, code, packages."""

import json
import platform
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version

import pandas as pd

from pipelines import DATA, ROOT
from pipelines.evidence import words
from pipelines.evidence.method_words import product_version
from pipelines.evidence.parts import Numbers
from pipelines.evidence.plan_state import plan_state
from pipelines.evidence.sources import total_of
from pipelines.privacy.disclosure import hidden_cells
from pipelines.readers import READERS
from pipelines.results import RowCounts
from pipelines.store.tables import Store, StoreInfo

HASH_LENGTH = 12
REQUIREMENTS = ROOT / "requirements.txt"
TESTS_BEGIN = "# What the tests"


@dataclass(frozen=True)
class ReaderRows:
    """All files of one kind; `files` and `counts` are None where they are about too few people."""

    label: str
    files: int | None
    counts: RowCounts | None


@dataclass(frozen=True)
class Provenance:
    """Everything that a number of this study rests on; `facts` are names and words, in order."""

    facts: tuple[tuple[str, str], ...]
    readers: tuple[ReaderRows, ...]
    packages: tuple[tuple[str, str], ...]
    numbers: Numbers

    def as_json(self) -> str:
        """The whole as JSON, for a machine."""
        content = {
            **dict(self.facts),
            "files": [
                dict(zip(self.numbers.columns, row, strict=True))
                | ({"hidden": "too few people"} if row[1] is None else {})
                for row in self.numbers.rows
            ],
            "packages": dict(self.packages),
        }
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    def as_text(self) -> str:
        """The whole as plain text, for a supplement."""
        lines = [f"{name}: {value}" for name, value in self.facts]
        lines += ["", "Files and rows"]
        lines += [f"  {each.label}: {row_words(each)}" for each in self.readers]
        lines += ["", "Packages", *(f"  {name} {number}" for name, number in self.packages)]
        return "\n".join(lines).replace(words.NO_BREAK, " ") + "\n"


def row_words(each: ReaderRows) -> str:
    """Files and what became of their rows, in words that add up; hidden where they are about too few people."""
    if each.counts is None or each.files is None:
        return "files and rows stay hidden: too few people"
    counts = each.counts
    return (
        f"{words.number(each.files)} file{'' if each.files == 1 else 's'}, {words.number(counts.read)} rows read = "
        f"{words.number(counts.accepted)} in use + {words.number(counts.duplicate)} repeats + "
        f"{words.number(counts.quarantined)} set aside + {words.number(counts.other)} about other things"
    )


def provenance(store: Store) -> Provenance:
    """The provenance of an open store."""
    info, files = store.info, store.sources.execute()
    readers = _readers(files, _people(store, files), info.minimum_cell)
    return Provenance(_facts(info, readers), readers, packages(), _numbers(readers))


def _facts(info: StoreInfo, readers: tuple[ReaderRows, ...]) -> tuple[tuple[str, str], ...]:
    return (
        ("Study", info.name + (" (synthetic: invented people)" if info.synthetic else "")),
        ("Data version", f"{info.data_version}; {_versions(info.data_version)}"),
        ("Files read", _files_read(readers)),
        ("Outcome shown first", words.outcome(info.outcome)),
        ("Low output", f"below {info.low_output_ml:g} mL"),
        ("Fewest people a number may rest on", str(info.minimum_cell)),
        ("Plan", plan_state(info).words),
        ("Layout of the store", str(info.schema_version)),
        ("Lactoscope", f"{product_version()}, code and definitions {code_hash()}"),
        ("Python", f"{platform.python_version()} on {platform.system()}"),
    )


def _versions(count: int) -> str:
    return "the first" if count == 1 else f"every change of the data made one, so there were {count}"


def _files_read(readers: tuple[ReaderRows, ...]) -> str:
    """Files of all kinds that may be told; those of too few people are named and not counted."""
    told = words.number(sum(each.files or 0 for each in readers))
    hidden = sum(each.files is None for each in readers)
    return told if not hidden else f"{told}, and those of {words.counted(hidden, 'kind')} that stay hidden"


@cache
def code_hash() -> str:
    """A fingerprint of everything that computes or defines: code, codebook, guidance, settings."""
    digest = sha256()
    folders = [ROOT / "pipelines", DATA / "codebook", DATA / "guidance"]
    paths = [path for folder in folders for kind in ("*.py", "*.toml") for path in folder.rglob(kind)]
    for path in sorted([*paths, DATA / "settings.toml"]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:HASH_LENGTH]


@cache
def packages() -> tuple[tuple[str, str], ...]:
    """Name and installed version of what the product runs on, as its list of requirements names them."""
    text = REQUIREMENTS.read_text(encoding="utf-8").partition(TESTS_BEGIN)[0]
    names = re.findall(r"^([A-Za-z0-9_.-]+)", text, re.MULTILINE)
    return tuple((name, version(name)) for name in names)


def _people(store: Store, files: pd.DataFrame) -> dict[str, int]:
    """How many people stand in the rows of each reader's files."""
    said = store.sessions.select("source_id", "participant_id").union(
        store.responses.select("source_id", "participant_id")
    )
    pairs = said.distinct().execute().merge(files[["source_id", "reader"]])
    return pairs.groupby("reader")["participant_id"].nunique().to_dict()


def _readers(files: pd.DataFrame, people: dict[str, int], minimum: int) -> tuple[ReaderRows, ...]:
    """One row a reader. Files whose people are not known, since only their baseline is kept, count as too few."""
    labels = {reader.name: reader.title for reader in READERS}
    names = sorted(set(files["reader"]))
    hidden = hidden_cells([people.get(name) for name in names], minimum)
    return tuple(
        _reader(labels.get(name, name), files[files["reader"] == name], is_hidden)
        for name, is_hidden in zip(names, hidden, strict=True)
    )


def _reader(label: str, files: pd.DataFrame, is_hidden: bool) -> ReaderRows:
    return ReaderRows(label, None, None) if is_hidden else ReaderRows(label, len(files), total_of(files))


def _numbers(readers: tuple[ReaderRows, ...]) -> Numbers:
    columns = (
        "kind_of_file",
        "files",
        "rows_read",
        "rows_accepted",
        "rows_duplicate",
        "rows_quarantined",
        "rows_other",
    )
    rows = tuple((each.label, each.files, *_counts(each.counts)) for each in readers)
    return Numbers("provenance", columns, rows)


def _counts(counts: RowCounts | None) -> tuple[int | None, ...]:
    if counts is None:
        return (None,) * 5
    return counts.read, counts.accepted, counts.duplicate, counts.quarantined, counts.other
