"""Files that the store already knows: unchanged ones are left alone, others replace what they gave before."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.privacy.deidentify import pseudonym
from pipelines.results import RowCounts
from pipelines.run.claims import SourceFile, options_hash
from pipelines.store.layout import SOURCES
from pipelines.store.write import Workspace
from pipelines.study import ONE_PERSON, Study

# Besides the contract's columns, what tells whether a file would be read in the same way again.
HIDDEN = {
    **SOURCES,
    "content_hash": "VARCHAR",
    "options_hash": "VARCHAR",
    "participant_rule": "VARCHAR",
    "owner": "VARCHAR",
    "given_order": "BIGINT",
}


@dataclass(frozen=True)
class KnownSource:
    """One file of the present store; `owner` is the participant's code when the file's place named the person."""

    source_id: str
    content_hash: str
    options_hash: str
    participant_rule: str
    owner: str | None
    given_order: int
    counts: RowCounts


def known_sources(workspace: Workspace) -> list[KnownSource]:
    """All files of the present store, in the order they came."""
    table = workspace.old("source_rows")
    if table is None:
        return []
    return [
        KnownSource(
            row["source_id"],
            row["content_hash"],
            row["options_hash"],
            row["participant_rule"],
            row["owner"],
            row["given_order"],
            RowCounts.of(row),
        )
        for row in workspace.rows(table.order_by("given_order"))
    ]


@dataclass(frozen=True)
class Identity:
    """How a file of this ingest compares with the store's: its hashes, its rule, and its owner by place."""

    file: SourceFile
    options_hash: str
    place_code: str

    @property
    def participant_rule(self) -> str:
        """How the file's people are told apart; a code that was typed in for one person only as a pseudonym."""
        rule = self.file.options.participant_rule
        return f"{rule}{self.place_code}" if rule == ONE_PERSON else rule

    def is_unchanged(self, known: KnownSource) -> bool:
        """The same content, read in the same way, of the same person."""
        same = known.content_hash == self.file.content_hash and known.options_hash == self.options_hash
        return same and known.owner in (None, self.place_code)

    def source_id(self, owner: str | None) -> str:
        """The content's hash; with the owner where the place names the person, as two people may hand in the same."""
        if owner is None:
            return self.file.content_hash
        return hashlib.sha256(f"{self.file.content_hash}|{owner}".encode()).hexdigest()

    def replaces(self, known: KnownSource, source_id: str) -> bool:
        """Whether what this file gave before must go."""
        if known.content_hash != self.file.content_hash:
            return False
        return known.source_id == source_id or known.participant_rule != self.participant_rule


def identities(files: Sequence[SourceFile], study: Study, key: bytes) -> list[Identity]:
    """What tells the files of this ingest apart from each other and from the store's."""
    by_options: dict[str, str] = {}
    found = []
    for file in files:
        name = repr((file.reader.name, file.options))
        if name not in by_options:
            by_options[name] = options_hash(file, study)
        found.append(Identity(file, by_options[name], pseudonym(key, file.options.centre, file.place)))
    return found


def unchanged_source(identity: Identity, known: Sequence[KnownSource]) -> KnownSource | None:
    """The store's entry of a file that needs no reading; None when it must be read."""
    return next((each for each in known if identity.is_unchanged(each)), None)
