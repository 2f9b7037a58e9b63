"""All files of the study kit: in a folder, or as one zip."""

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from pipelines.errors import InputError
from pipelines.kit.forms import KIT, load_kit
from pipelines.kit.redcap import dictionary
from pipelines.kit.study_file import DICTIONARY, REDCAP_FOLDER, TABLES_FOLDER, study_toml
from pipelines.kit.tables import csv_files, workbook

WORKBOOK = "study_tables.xlsx"
HOW_TO = "HOW_TO.md"


def kit_files() -> dict[str, bytes]:
    """The content of each file by its place in the kit's folder."""
    kit = load_kit()
    tables = {f"{TABLES_FOLDER}/{name}": text.encode() for name, text in csv_files(kit).items()}
    return {
        HOW_TO: (KIT / HOW_TO).read_bytes(),
        "study.toml": study_toml(kit).encode(),
        f"{REDCAP_FOLDER}/{DICTIONARY}": dictionary(kit).encode(),
        f"{TABLES_FOLDER}/{WORKBOOK}": workbook(kit),
        **tables,
    }


def write_kit(folder: Path) -> tuple[Path, ...]:
    """Write the kit into a folder and give the files' paths.

    Raises InputError, with nothing written, when one of its files is there already or the folder cannot be used.
    """
    files = {folder / name: content for name, content in kit_files().items()}
    for path in files:
        if path.exists():
            raise InputError(f"{path}: is there already, and nothing was written; choose another folder.")
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); choose another folder.") from None
    return tuple(files)


def as_zip() -> bytes:
    """The kit as one zip file."""
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, each in kit_files().items():
            archive.writestr(f"study_kit/{name}", each)
    return content.getvalue()
