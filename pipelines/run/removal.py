"""Take files out of a study again, so completely as if they had never come.

Another file may have lost rows to the removed one as repeats, a birth date may have come from it, days may count from
its first session: only the other files' rows tell what is left. So the store is built anew from all of them, which
costs as much as reading them for the first time did.
"""

from collections.abc import Sequence
from pathlib import Path

from pipelines.errors import InputError
from pipelines.evidence.kept import path_beside
from pipelines.evidence.shelf import forget as forget_pages
from pipelines.privacy import links
from pipelines.run.claims import SourceFile
from pipelines.run.known_sources import Identity, KnownSource, known_sources
from pipelines.store import notes, write
from pipelines.store.tables import open_store
from pipelines.store.write import Workspace

SHORTEST_CODE = 6
NAMED = 3


def to_remove(workspace: Workspace, codes: Sequence[str]) -> list[KnownSource]:
    """The store's sources whose ids begin with these codes.

    Raises InputError for a code that is too short, of no source, or of several.
    """
    known = known_sources(workspace)
    found = []
    for code in codes:
        matching = [each for each in known if each.source_id.startswith(code.lower())]
        if len(code) < SHORTEST_CODE or len(matching) != 1:
            which = "several files have" if len(matching) > 1 else "no file of this store has"
            raise InputError(
                f"--remove {code}: {which} this code; take at least {SHORTEST_CODE} signs of the source_id that the "
                "ledger (--json) and the Data page show."
            )
        found += matching
    return found


def files_that_stay(
    workspace: Workspace, removed: Sequence[KnownSource], given: Sequence[Identity]
) -> list[SourceFile]:
    """The given files but the removed ones.

    Raises InputError when a file that stays in the study is not given, since its rows could not be read again.
    """
    stay = [each for each in given if not any(is_the_same(each, known) for known in removed)]
    gone = {each.source_id for each in removed}
    there = {each.file.content_hash for each in stay}
    others = [each for each in known_sources(workspace) if each.source_id not in gone]
    missing = [each.source_id[:SHORTEST_CODE] for each in others if each.content_hash not in there]
    if missing:
        named = ", ".join(missing[:NAMED]) + (", ..." if len(missing) > NAMED else "")
        raise InputError(
            f"{len(missing)} other files of this study ({named}) are not among the files given; removing one reads "
            "all others again, so give them all."
        )
    return [each.file for each in stay]


def is_the_same(given: Identity, known: KnownSource) -> bool:
    """Whether a file is the one that gave this source: the same content, of the same person where its place says so."""
    return given.file.content_hash == known.content_hash and known.owner in (None, given.place_code)


def forget_everything(store: Path) -> None:
    """Delete a store that its last file was removed from, with a consultant's notes, but for the key."""
    write.forget_store(store)
    notes.notes_file(store).unlink(missing_ok=True)
    links.forget_links(store)
    forget_backups(store)


def forget_notes(store: Path) -> None:
    """Delete what a consultant wrote about people of whom nothing is left in the store."""
    with open_store(store) as opened:
        left = opened.participants.participant_id.to_pyarrow().to_pylist()
    notes.forget_others(store, left)


def forget_backups(store: Path) -> None:
    """Delete what still holds the removed rows beside the store: backups, findings and pages of the version before."""
    write.forget_backup(store)
    links.forget_backup(store)
    path_beside(store).unlink(missing_ok=True)
    forget_pages(store)
