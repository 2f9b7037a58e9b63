"""What an ingest hands from step to step."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

import ibis.expr.types as ir
import pandas as pd

from pipelines.codebook import Codebook, load_codebook
from pipelines.errors import Question
from pipelines.privacy.keys import Key
from pipelines.privacy.links import Link
from pipelines.results import RowCounts
from pipelines.run.checking import Rules
from pipelines.run.claims import SourceFile
from pipelines.run.extracts import Batch, Source
from pipelines.run.known_sources import Identity, KnownSource
from pipelines.run.ledger import NotRead, SetAside
from pipelines.run.people import Fates, Known
from pipelines.settings import Settings, load_settings
from pipelines.store.write import Workspace
from pipelines.study import Study

Progress = Callable[[str, int, int], None]


@dataclass
class Work:
    """Everything one ingest works with. `needed` are contents without which nothing may be kept."""

    study: Study
    workspace: Workspace
    key: Key
    progress: Progress
    needed: frozenset[str] = frozenset()
    codebook: Codebook = field(default_factory=load_codebook)
    settings: Settings = field(default_factory=load_settings)
    now: datetime.datetime = field(default_factory=lambda: datetime.datetime.now(datetime.UTC))

    @property
    def rules(self) -> Rules:
        """What the rules need besides the rows."""
        return Rules(self.codebook, self.settings, int(self.now.timestamp() // 86400))


@dataclass
class Plan:
    """What of the files is read, and what of the store stays.

    `gone` are sources of the store whose rows make place for new ones, `kept` the others; `again` are files with
    the same content and owner as another one of this ingest, `open` what only the researcher can say of a file, `unread`
    received files that their reader cannot use.
    """

    sources: list[Source] = field(default_factory=list)
    identities: dict[int, Identity] = field(default_factory=dict)
    unchanged: list[tuple[Identity, KnownSource]] = field(default_factory=list)
    again: list[tuple[Identity, Source]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    kept: list[KnownSource] = field(default_factory=list)
    open: list[tuple[SourceFile, Question]] = field(default_factory=list)
    unread: list[NotRead] = field(default_factory=list)

    @property
    def source_ids(self) -> dict[int, str]:
        """Source ids by the file's rank in this ingest."""
        return {source.rank: source.source_id for source in self.sources}

    def remains(self, table: ir.Table | None) -> ir.Table | None:
        """Rows of a table of the present store whose files are not read anew."""
        if table is None or not self.gone:
            return table
        return table.filter(~table.source_id.isin(self.gone))


@dataclass
class Rows:
    """The batches' rows with their final fate but repeats, and the people they belong to."""

    tables: list[tuple[Batch, ir.Table]]
    coded: pd.DataFrame
    people: ir.Table
    known: Known
    fates: dict[int, Fates]


@dataclass
class Built:
    """What building found out: counts by file rank, first reasons by source, dates by person."""

    counts: dict[int, RowCounts] = field(default_factory=dict)
    set_aside: dict[str, tuple[SetAside, ...]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
