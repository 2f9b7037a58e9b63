"""Data: what came in, what became of every row, and what each file was taken for."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.codebook import load_codebook
from pipelines.evidence import words
from pipelines.evidence.filters import Filters
from pipelines.evidence.frames import basis, load
from pipelines.evidence.parts import Basis, Numbers
from pipelines.evidence.sources import ledgers, remarks, total_of
from pipelines.readers import READERS
from pipelines.results import RowCounts
from pipelines.store.tables import open_store

FILES_NAMED = 3
ROWS_NAMED = 4
CODE_LENGTH = 6


@dataclass(frozen=True)
class SetAsideRule:
    """One reason for which rows were set aside: title, what to do about it, how many, and where they stand."""

    code: str
    title: str
    what_to_do: str
    rows: int
    where: str


@dataclass(frozen=True)
class SourceFile:
    """One file: `taken_for` the kind of export, `why` what told, `counts` its ledger, `remarks` warnings."""

    name: str
    taken_for: str
    why: str
    counts: RowCounts
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileRow:
    """One file with its own ledger; `code` names it, since its own name can hold a person's and is not kept here."""

    source_id: str
    code: str
    taken_for: str
    why: str
    counts: RowCounts
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class WaitingRow:
    """One reason for which one row was set aside: `rule` as `SetAsideRule.title` has it, `field` in words."""

    source_id: str
    code: str
    row: int
    field: str
    rule: str
    what_to_do: str


@dataclass(frozen=True)
class DataPage:
    """What the Data page draws. `ledger` adds up over all files, and so do the counts of `each_file`."""

    basis: Basis
    title: str
    subtitle: str
    ledger: RowCounts
    set_aside_title: str = ""
    set_aside: tuple[SetAsideRule, ...] = ()
    files: tuple[SourceFile, ...] = ()
    numbers: Numbers | None = None
    each_file: tuple[FileRow, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()


def data(path: Path, filters: Filters) -> DataPage:
    """The Data page of a store; it speaks of every row, whatever the filters. Raises StoreError for no store."""
    frames = load(path)
    grounds = basis(frames, Filters(outcome=filters.outcome))
    with open_store(path) as store:
        quarantine = store.quarantine.execute()
    files = ledgers(path)
    total = total_of(files)
    rules = _rules(quarantine, files)
    return DataPage(
        grounds,
        _title(total),
        words.line(
            f"{words.number(len(files))} {'file' if len(files) == 1 else 'files'}",
            f"data version {frames.info.data_version}",
            "no names, addresses or calendar dates are kept",
        ),
        total,
        _set_aside_title(total.quarantined, rules),
        rules,
        _files(files),
        _numbers(quarantine, files),
        _each_file(path, files),
        _waiting(quarantine, files),
    )


def _each_file(path: Path, files: pd.DataFrame) -> tuple[FileRow, ...]:
    """Every file with its ledger, those with most rows set aside first, then those that came last."""
    titles = {reader.name: reader.title for reader in READERS}
    names, said = _names(files), remarks(path)
    rows = []
    for row in files.iloc[::-1].to_dict("records"):
        reasons, warnings = said.get(row["source_id"], ((), ()))
        taken_for = titles.get(row["reader"], row["reader"])
        rows.append(
            FileRow(
                row["source_id"],
                names[row["source_id"]],
                taken_for,
                words.capital("; ".join(reasons)),
                RowCounts.of(row),
                tuple(map(words.capital, warnings)),
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.counts.quarantined))


def _waiting(quarantine: pd.DataFrame, files: pd.DataFrame) -> tuple[WaitingRow, ...]:
    names = _names(files)
    return tuple(
        WaitingRow(
            row.source_id,
            names[row.source_id],
            int(row.source_row),
            _field(row.field) if isinstance(row.field, str) else "",
            _rule(row.code, row.field),
            words.capital(row.message),
        )
        for row in quarantine.sort_values(["source_id", "source_row", "field", "code"]).itertuples()
    )


def _rule(code: str, field: object) -> str:
    """The title of a rule: what is wrong, and with which column."""
    title = words.capital(str(code).replace("_", " "))
    return f"{title}: {_field(field)}" if isinstance(field, str) and field else title


def _title(total: RowCounts) -> str:
    """How many rows are in use, and how many wait for the researcher."""
    if total.accepted == total.read:
        return f"All {words.number(total.read)} rows are in use"
    used = f"{words.number(total.accepted)} of {words.number(total.read)} rows are in use"
    if not total.quarantined:
        return f"{used}; none is set aside"
    return (
        f"{used}; {words.number(total.quarantined)} {'waits' if total.quarantined == 1 else 'wait'} for you"
    )


def _set_aside_title(quarantined: int, rules: tuple[SetAsideRule, ...]) -> str:
    several = "; some break more than one rule" if sum(rule.rows for rule in rules) > quarantined else ""
    return f"Set aside: {words.number(quarantined)} rows, each with what to do{several}"


def _rules(quarantine: pd.DataFrame, files: pd.DataFrame) -> tuple[SetAsideRule, ...]:
    """The set-aside rows by rule, most rows first; a row that breaks two rules counts under each."""
    names = _names(files)
    rules = []
    for (code, field), rows in quarantine.groupby(["code", "field"], dropna=False):
        where = [
            f"{names[source]}, {_span(each['source_row'])}"
            for source, each in rows.groupby("source_id", sort=False)
        ]
        count = len(rows[["source_id", "source_row"]].drop_duplicates())
        shown = where[:FILES_NAMED] + (
            [f"and {len(where) - FILES_NAMED} files more"] if len(where) > FILES_NAMED else []
        )
        message = str(rows["message"].mode().iloc[0])
        what_to_do = words.capital(message) if rows["message"].nunique() == 1 else f"For example: {message}"
        rules.append(
            SetAsideRule(
                str(code),
                _rule(str(code), field),
                what_to_do,
                count,
                "; ".join(shown),
            )
        )
    return tuple(sorted(rules, key=lambda rule: (-rule.rows, rule.title)))


def _field(name: str) -> str:
    """A column's name in words: the factor's label, else the name without its unit."""
    factors = load_codebook().factors
    return factors[name].label.lower() if name in factors else name.removesuffix("_ml").replace("_", " ")


def _span(rows: pd.Series) -> str:
    numbers = sorted(int(number) for number in rows.unique())
    if len(numbers) == 1:
        return f"row {words.number(numbers[0])}"
    if len(numbers) <= ROWS_NAMED:
        return f"rows {words.listed([words.number(number) for number in numbers])}"
    return f"{words.number(len(numbers))} rows from {words.number(numbers[0])} to {words.number(numbers[-1])}"


def _names(files: pd.DataFrame) -> dict[str, str]:
    """A name for each file that says its kind and its content's code: file names themselves can hold a person's."""
    return {
        source_id: f"{reader} {source_id[:CODE_LENGTH]}"
        for source_id, reader in zip(files["source_id"], files["reader"], strict=True)
    }


def known_exports() -> tuple[str, ...]:
    """Names of the programs whose exports are read, as a page tells them."""
    return tuple(reader.title.split(" (")[0] for reader in READERS)


def _files(files: pd.DataFrame) -> tuple[SourceFile, ...]:
    """One line for each kind of file, with the counts of its files added."""
    titles = {reader.name: reader.title for reader in READERS}
    lines = []
    for reader, rows in files.groupby("reader", sort=False):
        counts = total_of(rows)
        files_of = f"{words.number(len(rows))} {'file' if len(rows) == 1 else 'files'}"
        lines.append(
            SourceFile(
                files_of,
                titles.get(str(reader), str(reader)),
                "recognised by its content, whatever its name",
                counts,
            )
        )
    return tuple(lines)


def _numbers(quarantine: pd.DataFrame, files: pd.DataFrame) -> Numbers:
    names = _names(files)
    rows = quarantine.sort_values(["source_id", "source_row"])
    return Numbers(
        "set-aside-rows",
        ("file", "row", "field", "rule", "what_to_do"),
        tuple(
            (names[row.source_id], int(row.source_row), row.field, row.code, row.message)
            for row in rows.itertuples()
        ),
    )
