"""Three hundred small export files as participants send them, cut from the synthetic study's own."""

import shutil
from pathlib import Path

FILES = 300
LINES = 16


def _cut(source: Path, target: Path, lines: int = LINES) -> None:
    """The first lines of an export, byte for byte; a workbook as it is."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".xlsx":
        shutil.copy(source, target)
        return
    target.write_bytes(b"".join(source.read_bytes().splitlines(keepends=True)[:lines]))


def make_pile(study: Path, folder: Path, count: int = FILES) -> int:
    """A folder with the study's file, questionnaires and at least `count` exports; gives the number of exports.

    An app's exports are cut to a few days and, where there are too few, stand for further people under other folder
    names. Tables of all participants stay as they are made, cut at the end.
    """
    shutil.copy(study / "study.toml", folder / "study.toml")
    shutil.copytree(study / "redcap", folder / "redcap")
    made = 0
    by_person = []
    for path in sorted((study / "exports").rglob("*")):
        if path.is_file():
            place = path.relative_to(study)
            _cut(path, folder / place)
            made += 1
            if len(place.parts) == 4:
                by_person.append(place)
    turn = 0
    while made < count:
        turn += 1
        for place in by_person[: count - made]:
            person = f"{place.parts[2]}-{turn}"
            _cut(study / place, folder.joinpath(*place.parts[:2], person, place.name), LINES - turn % 4)
            made += 1
    return made
