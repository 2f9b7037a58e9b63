"""Data: what came in, what became of every row, and what each file was taken for."""

from dataclasses import dataclass

from pipelines.evidence.parts import Basis, Numbers
from pipelines.results import RowCounts


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
class DataPage:
    """What the Data page draws. `ledger` adds up over all files."""

    basis: Basis
    title: str
    subtitle: str
    ledger: RowCounts
    set_aside_title: str = ""
    set_aside: tuple[SetAsideRule, ...] = ()
    files: tuple[SourceFile, ...] = ()
    numbers: Numbers | None = None
