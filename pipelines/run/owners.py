"""Whose a file is, by its place: what no row says the folder, the name or the study file has to."""

import glob
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from pipelines.readers import Part, Reader
from pipelines.run.files import Candidate
from pipelines.study import ONE_PERSON


def owner(candidate: Candidate, part: Part, reader: Reader, shared: frozenset[str]) -> str:
    """Whose a file is: as the study file says, else by the folder under PATH, the folder that holds it, or its name.

    "" where none of these tells one person from another.
    """
    rule, path = candidate.options.participant, candidate.path
    if rule.startswith(ONE_PERSON):
        return rule.removeprefix(ONE_PERSON).strip()
    if rule == "file_name":
        return path.stem
    if rule == "folder_name":
        return folder_inside(candidate, part) or _holding(candidate)
    above = folders(candidate)
    by_folder = reader.is_app_export or path.stem in shared
    if above and by_folder:
        return above[0] if len(above) > 1 else _holding(candidate)
    return _holding(candidate) if _tells_nobody(candidate, reader, shared) else path.stem


def _holding(candidate: Candidate) -> str:
    """The folder that holds a file; "" for one that was made when the file was received."""
    folder, upload = candidate.path.parent, candidate.upload
    is_made = upload is not None and (
        folder == upload
        or (folder.parent == upload and re.fullmatch(rf"{upload.name}-\d+", folder.name) is not None)
    )
    return "" if is_made else folder.name


def folders(candidate: Candidate) -> tuple[str, ...]:
    """The folders between PATH and a file."""
    path = candidate.path
    return path.relative_to(candidate.base).parts[:-1] if path != candidate.base else ()


def folder_inside(candidate: Candidate, part: Part) -> str:
    """The folder that holds a member inside its zip; empty for one that lies in none, and for other files."""
    return PurePosixPath(part.name).parent.name if candidate.is_archive else ""


def _tells_nobody(candidate: Candidate, reader: Reader, shared: frozenset[str]) -> bool:
    """Whether a file's name is the same for everybody. Files in a zip go by the zip's name, not by their own."""
    if _came_twice(candidate):
        return True
    if not candidate.is_archive:
        return reader.same_name_everywhere
    stem = candidate.path.stem
    if stem in shared and candidate.path == candidate.base:
        return True
    # Browsers number what is downloaded again: "csv (5).zip".
    return re.sub(r" ?\(\d+\)$", "", stem).lower() in reader.mailed_as


def _came_twice(candidate: Candidate) -> bool:
    """Whether another file of this name came with a received one, and neither lay in a folder."""
    upload, path = candidate.upload, candidate.path
    return (
        upload is not None
        and path.parent == upload
        and any(upload.glob(f"{upload.name}-*/{glob.escape(path.name)}"))
    )


def shared_names(candidates: Sequence[Candidate]) -> frozenset[str]:
    """File names that occur in several folders: there the name cannot tell people apart."""
    stems = Counter(stem for stem, _ in {(each.path.stem, each.path.parent) for each in candidates})
    return frozenset(stem for stem, count in stems.items() if count > 1)
