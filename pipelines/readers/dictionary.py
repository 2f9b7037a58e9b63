"""A REDCap data dictionary: which fields its authors marked as identifiers."""

from pathlib import Path

from pipelines.errors import InputError
from pipelines.readers.containers.tables import find_layout, plain_name, read_table

_FIELD = ("variable_field_name", "field_name")


def identifier_fields(export: Path, dictionary: str | None) -> frozenset[str]:
    """Fields with `Identifier?` = y; none without a dictionary.

    `dictionary` is a path, or a file's name beside the export. Both forms are read: the download with long headers
    and the one with short names. Raises InputError when the file is missing or no data dictionary.
    """
    if not dictionary:
        return frozenset()
    path = next((each for each in (Path(dictionary), export.parent / dictionary) if each.is_file()), None)
    if path is None:
        raise InputError(f"{dictionary}: this data dictionary is not there.")
    layout = find_layout(path, lambda header: _is_dictionary([plain_name(name) for name in header]))
    if layout is None:
        raise InputError(
            f"{path.name}: this is no data dictionary of REDCap (no field name and identifier columns)."
        )
    table = read_table(path, layout)
    names = table.column(next(name for name in _FIELD if name in map(plain_name, layout.header)))
    marked = table.column("identifier").str.lower().isin(["y", "yes", "1"])
    return frozenset(names[marked].dropna())


def _is_dictionary(header: list[str]) -> bool:
    return "identifier" in header and any(name in header for name in _FIELD)
