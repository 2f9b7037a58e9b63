"""The files that a study received through its page: kept as they came, read, asked about, mapped, removed again.

Beside the store lie `incoming/` with the files, `study.toml` with what was said about them, and `incoming/files.json`,
which knows the files' names: a name can hold a person's, so it is neither in the store nor in any export.
"""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.errors import Asked, InputError, Question
from pipelines.readers import parts, redcap, scratch_space
from pipelines.readers.dictionary import is_dictionary
from pipelines.readers.suggestions import TableLook, look
from pipelines.run.claims import NothingKnown
from pipelines.run.files import file_hash, find_received, part_code
from pipelines.run.ingestion import ingest
from pipelines.run.inspection import outcomes, with_sources
from pipelines.run.ledger import LEFT_OUT, FileLedger, Ledger, NotRead
from pipelines.run.register import KnownFile, OpenFile, Register, keep_register, read_register
from pipelines.run.state import Progress
from pipelines.run.uploads import (
    Given,
    files_in,
    keep_files,
    safe_parts,
    shared_folders,
    sorted_out,
    write_whole,
)
from pipelines.run.whose import Whose, whose
from pipelines.study import SourceOptions, Study, read_study, study_text
from pipelines.study_file import NAME, with_answer, with_settings, with_source, without_dictionary

REGISTER = "files.json"


@dataclass(frozen=True)
class OpenTable:
    """A table whose columns wait for a meaning, and all received files with the same columns."""

    look: TableLook
    files: tuple[OpenFile, ...]


@dataclass(frozen=True)
class Preview:
    """What would become of one file's rows; `question` or `problem` where they could not be read as chosen."""

    ledger: FileLedger | None = None
    question: Question | None = None
    problem: str = ""


@dataclass(frozen=True)
class Desk:
    """Where one study's received files, its study file and its store lie."""

    folder: Path

    @property
    def store(self) -> Path:
        """The study's store."""
        return self.folder / "store.duckdb"

    @property
    def incoming(self) -> Path:
        """Received files, one numbered folder for each upload."""
        return self.folder / "incoming"

    @property
    def study_file(self) -> Path:
        """What was said about the study and its files."""
        return self.folder / NAME

    @property
    def uploads(self) -> tuple[Path, ...]:
        """The folders of all uploads, the first one first."""
        if not self.incoming.is_dir():
            return ()
        return tuple(
            sorted(
                (path for path in self.incoming.iterdir() if path.name.isdecimal() and any(path.iterdir())),
                key=lambda path: int(path.name),
            )
        )

    # -- what was said

    def text(self) -> str:
        """The text of the study file; "" while there is none."""
        return study_text(self.study_file) if self.study_file.exists() else ""

    def study(self) -> Study:
        """The study with its received files."""
        study = read_study(self.text(), self.study_file) if self.study_file.exists() else Study()
        return replace(study, uploads=self.uploads, left_out=self._left_out())

    def _left_out(self) -> frozenset[tuple[Path, str]]:
        folder = self.incoming.absolute()
        return frozenset((folder / path, code) for path, code in self.register().left_out)

    def write(self, text: str) -> None:
        """Keep what was said; the study file before stays as a backup."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.study_file.exists():
            shutil.copy2(self.study_file, self.study_file.with_name(NAME + ".bak"))
        write_whole(self.study_file, text)

    def adopt(self, text: str) -> None:
        """Take over an uploaded study file; mappings and answers that were given here are added to it.

        Raises InputError when it is no study file.
        """
        before = read_study(self.text(), self.study_file).described if self.study_file.exists() else ()
        known = {source.header for source in read_study(text, self.study_file).described if source.header}
        for source in before:
            if source.header not in known:
                text = with_source(text, source)
        self.write(text)

    def answer(self, content: Sequence[str], key: str, value: str) -> None:
        """Say for these very files what only the researcher knows."""
        self.write(with_answer(self.text(), content, key, value))

    def describe(self, source: SourceOptions) -> None:
        """Keep a confirmed mapping; it holds for every table with its header."""
        self.write(with_source(self.text(), source))

    def set(self, settings: dict[str, Any]) -> None:
        """Set what concerns the whole study."""
        self.write(with_settings(self.text(), settings))

    # -- the register

    @property
    def stamp(self) -> str:
        """A short text that changes whenever the register may have changed."""
        path = self.incoming / REGISTER
        return str(path.stat().st_mtime_ns) if path.is_file() else ""

    def register(self) -> Register:
        """What is known of the received files."""
        return read_register(self.incoming / REGISTER)

    def _keep(self, register: Register) -> None:
        keep_register(register, self.incoming / REGISTER)

    # -- taking in

    def receive(self, given: Given) -> Path | None:
        """Keep uploaded files as they are in a new numbered folder, and give that folder; None where nothing is left.

        A study file among them is taken over instead. Names may have folders before them; folders that all files
        share are left out, since they tell nobody apart. Raises InputError for a study file that is none.
        """
        files, texts = sorted_out(given)
        for text in texts:
            self.adopt(text)
        return keep_files(files, self.incoming) if files else None

    def whose(self, given: Given) -> Whose:
        """How people would be told apart in files that are not received yet. Raises InputError like `receive`."""
        given = list(given)
        files, texts = sorted_out(given)
        study = read_study(texts[-1], self.study_file) if texts else self.study()
        if not files:
            return Whose()
        names = [safe_parts(name) for name, _ in given]
        shared = names[0][: shared_folders(names)]
        with TemporaryDirectory(prefix="lactoscope-") as folder:
            found = whose(keep_files(files, Path(folder)), study, self.uploads)
        return replace(found, folder=shared[-1] if shared else "")

    def take_in(self, folders: Sequence[Path], progress: Progress | None = None) -> Ledger | None:
        """Read the files of some uploads; None where nothing could be kept because questions wait for an answer, or
        no file is known. What is left open stands in the register."""
        self._use_dictionary(folders)
        try:
            ledger = ingest(folders, self.study(), self.store, progress)
        except Question as question:
            self._keep(replace(self.register(), asked=tuple(map(self._asked, question.files))))
            return None
        except NothingKnown as error:
            self._note(folders, (), error.left)
            return None
        self._note(folders, ledger.files, ledger.not_read)
        return ledger

    def _use_dictionary(self, folders: Sequence[Path]) -> None:
        """Let a data dictionary that came with these uploads serve every REDCap export, unless the study file says
        which one does."""
        found = [path for path in files_in(folders) if is_dictionary(path)]
        if not found or any(source.dictionary for source in self.study().sources):
            return
        exports = [file_hash(path) for path in files_in(self.uploads) if recognises_redcap(path)]
        if exports:
            self.answer(exports, "dictionary", found[-1].name)

    def missing_dictionaries(self) -> tuple[str, ...]:
        """Data dictionaries that the study file names and no upload holds; while any is missing nothing is read."""
        study = self.study()
        named = dict.fromkeys(source.dictionary for source in study.sources if source.dictionary)
        return tuple(name for name in named if find_received(name, study) is None) if study.uploads else ()

    def do_without_dictionary(self, name: str) -> None:
        """Let the study file no longer name a data dictionary."""
        self.write(without_dictionary(self.text(), name))

    def take_in_all(self, progress: Progress | None = None) -> Ledger | None:
        """Read whatever changed of all uploads."""
        return self.take_in(self.uploads, progress)

    def _asked(self, asked: Asked) -> Asked:
        return replace(asked, path=self._relative(Path(asked.path)))

    def _note(self, folders: Sequence[Path], read: Sequence[FileLedger], left: Sequence[NotRead]) -> None:
        """Remember what the files of these uploads became."""
        before = self.register()
        names = {str(folder.relative_to(self.incoming)) for folder in folders}

        def stays(path: str) -> bool:
            return PurePosixPath(path).parts[0] not in names

        known = [each for each in before.files if stays(each.path)]
        known += [
            KnownFile(each.source_id, each.content, each.name, self._relative(each.path), each.part)
            for each in read
            if each.path is not None
        ]
        unread = {(self._relative(each.path), each.part) for each in left if each.path is not None}
        # What the store holds of a file stays until the file is read again.
        known += [each for each in before.files if not stays(each.path) and (each.path, each.part) in unread]
        waiting = [each for each in before.open if stays(each.path)]
        waiting += [
            OpenFile(each.name, self._relative(each.path), each.part, each.reason, each.reader)
            for each in left
            if each.path is not None and each.reason != LEFT_OUT
        ]
        self._keep(Register(tuple(known), tuple(waiting), (), before.left_out))

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.incoming.absolute()).as_posix()

    # -- mapping

    def look(self, path: str, part: str) -> TableLook | None:
        """Look at a received table; None for what is none. Raises InputError when it cannot be opened."""
        return self._with_part(path, part, lambda copy: look(copy, part or copy.stem))

    def tables(self) -> tuple[tuple[OpenTable, ...], tuple[OpenFile, ...]]:
        """Open files that are tables, those with the same columns together; and those that are none."""
        found: dict[str, OpenTable] = {}
        others = []
        for each in self.register().open:
            try:
                table = self.look(each.path, each.part)
            except InputError:
                table = None
            if table is None:
                others.append(each)
                continue
            before = found.get(table.sample.code, OpenTable(table, ()))
            found[table.sample.code] = replace(before, files=(*before.files, each))
        return tuple(found.values()), tuple(others)

    def contents(self, path: str, part: str) -> tuple[str, ...]:
        """Hashes by which a received file, or one part of it, is known: for a whole file those of all its parts."""
        with scratch_space():
            found = [each for each in parts(self.incoming / path) if part in ("", each.name)]
            return tuple(file_hash(each.path) for each in found if not each.problem)

    def preview(self, path: str, part: str, source: SourceOptions) -> Preview:
        """What would become of a table's rows if they were read by this source; nothing is kept."""

        def read(copy: Path) -> Preview:
            study = replace(with_sources(self.study(), source), uploads=(), sources=(source,), path=None)
            with TemporaryDirectory(prefix="lactoscope-") as folder:
                alone = Path(folder) / copy.name
                shutil.copyfile(copy, alone)
                found, problem = outcomes([alone], study)
            if isinstance(problem, Question):
                return Preview(question=problem)
            ledger = next(iter(found.values()), None)
            return Preview(ledger, problem=str(problem or ""))

        return self._with_part(path, part, read)

    def _with_part(self, path: str, part: str, use: Callable[[Path], Any]) -> Any:
        with scratch_space():
            for each in parts(self.incoming / path):
                if each.name == part and not each.problem:
                    return use(each.path)
        raise InputError(f"{part or path}: this file is not there any more.")

    # -- leaving

    def leave_out(self, asked: Sequence[Asked]) -> None:
        """Do not read files that ask something."""
        gone = {(each.path, each.part) for each in asked}
        before = self.register()
        waiting = tuple(each for each in before.asked if (each.path, each.part) not in gone)
        self._let_go(replace(before, asked=waiting), gone)

    def discard(self, files: Sequence[OpenFile]) -> None:
        """Forget received files, or parts of them, that were not read and that the store holds nothing of."""
        before = self.register()
        held = {(each.path, each.part) for each in before.files}
        gone = {(each.path, each.part) for each in files} - held
        waiting = tuple(each for each in before.open if (each.path, each.part) not in gone)
        self._let_go(replace(before, open=waiting), gone)

    def _let_go(self, register: Register, gone: Iterable[tuple[str, str]]) -> None:
        """Keep a register, delete the copies of whole files that left, and remember which parts of others did."""
        left_out = set(register.left_out)
        for path, part in gone:
            if part:
                left_out.add((path, part_code(part)))
            else:
                (self.incoming / path).unlink(missing_ok=True)
        self._keep(replace(register, left_out=tuple(sorted(left_out))))

    def missing(self) -> frozenset[str]:
        """Sources of the store whose files were not received here."""
        from pipelines.evidence.sources import ledgers

        here = {each.source_id for each in self.register().files}
        return frozenset(ledgers(self.store)["source_id"]) - here

    def remove(self, source_id: str, progress: Progress | None = None) -> Ledger:
        """Take a file out of the study completely: its rows, its received copies, its name.

        Reads all other files again. Raises InputError when the store holds files that were not received here.
        """
        ledger = ingest(self.uploads, self.study(), self.store, progress, [source_id])
        before = self.register()
        gone = {(each.path, each.part) for each in before.files if each.source_id == source_id}
        files = tuple(each for each in before.files if each.source_id != source_id)
        waiting = tuple(each for each in before.open if (each.path, each.part) not in gone)
        self._let_go(Register(files, waiting, (), before.left_out), gone)
        return ledger


def recognises_redcap(path: Path) -> bool:
    """Whether a file is an export of REDCap; False for one that cannot be read."""
    try:
        return redcap.recognise(path) is not None
    except InputError:
        return False
