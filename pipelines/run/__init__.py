"""The only place that knows the order of the stages: files in, a store out.

`run.answering` and `run.demonstration` are asked for by name: they bring the statistics along, which an ingest does
not need.
"""

from pipelines.run.ingestion import DEFAULT_STORE, ingest
from pipelines.run.inspection import Inspection, inspect
from pipelines.run.ledger import FileLedger, Ledger, NotRead
from pipelines.run.pseudonyms import participant_code
from pipelines.run.received import Desk
from pipelines.run.store_check import Check, check_store

__all__ = [
    "DEFAULT_STORE",
    "Check",
    "Desk",
    "FileLedger",
    "Inspection",
    "Ledger",
    "NotRead",
    "check_store",
    "ingest",
    "inspect",
    "participant_code",
]
