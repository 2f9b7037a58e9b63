"""The only place that knows the order of the stages: files in, a store out."""

from pipelines.run.answering import curves, findings
from pipelines.run.demonstration import DEMO_FOLDER, demo
from pipelines.run.ingestion import DEFAULT_STORE, ingest
from pipelines.run.inspection import Inspection, inspect
from pipelines.run.ledger import FileLedger, Ledger, NotRead
from pipelines.run.pseudonyms import participant_code
from pipelines.run.store_check import Check, check_store

__all__ = [
    "DEFAULT_STORE",
    "DEMO_FOLDER",
    "Check",
    "FileLedger",
    "Inspection",
    "Ledger",
    "NotRead",
    "check_store",
    "curves",
    "demo",
    "findings",
    "ingest",
    "inspect",
    "participant_code",
]
