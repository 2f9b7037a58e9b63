"""A study's own file: what its columns mean, its outcome, its privacy limits. Frozen; unknown keys are errors."""

import tomllib
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.plan import AnalysisPlan, codebook_adjustment
from pipelines.settings import load_settings

ZERO = ("measured", "not_measured")
UNITS = ("auto", "ml", "oz")
OUTCOMES = ("no_milk", "low_output")
DATE_ORDERS = ("DMY", "MDY")
SIDES = ("9=left", "10=left")
CLOCKS = ("24h",)
ANSWERS = ("as_printed", "scored")
UNFINISHED = ("kept", "left_out")
PARTICIPANT = ("auto", "file_name", "folder_name")
# Before the code of the one person whose rows a file holds.
ONE_PERSON = "one:"
COLUMN = "column:"
FROM_SOURCE = "from_source"
# How a duration or a time may be written that is neither minutes nor a date: what an item's `written` says.
DURATIONS = {
    "h:mm": "hours and minutes, 0:25",
    "m:ss": "minutes and seconds, 25:00",
    "seconds": "seconds",
    "hours": "hours, 0.5",
    "words": "words, 1 hr 5 min",
}
EPOCHS = {
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
    "excel_days": "days as a spreadsheet counts them",
}
WRITTEN = (*DURATIONS, *EPOCHS)


@dataclass(frozen=True)
class Item:
    """One of their columns as one of our factors or session fields, with values recoded where they differ.

    `time` is a second column with the clock where date and clock stand apart. `session` are the values of a `kind`
    column that mean a pumping session; rows with any other are none of our business. `written` is one of WRITTEN.
    `others` are more columns that say the same, such as the date of each form of a REDCap project: a row may fill
    one of them all. `instrument` is the questionnaire of the codebook of which the column holds the total.
    """

    column: str
    recode: Mapping[str, str] = field(default_factory=dict)
    time: str = ""
    session: tuple[str, ...] = ()
    written: str = ""
    others: tuple[str, ...] = ()
    instrument: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, the first one first."""
        return (self.column, *self.others)


@dataclass(frozen=True)
class Questionnaire:
    """Where the answers of one questionnaire stand, in the order of its items, and how they are written.

    `columns` empty means that the columns' own names tell. `answers` is None, as_printed or scored (already turned
    round where the scoring turns them); `recode` turns what the cells say into the numbers of the items.
    """

    columns: tuple[str, ...] = ()
    answers: str | None = None
    recode: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceOptions:
    """How the files of one `[[source]]` are to be read. The defaults are those of a bare ingest.

    `participant` is auto, file_name, folder_name, column:NAME or, for a file of one person, one:CODE; `birth_date`
    None or the column's name; `date_order` None, DMY or MDY; `clock` None, or 24h where times without AM and PM are
    meant so; `sides` None, or the code that means the left breast where a format has codes and
    does not say so; `missing_codes` are values that mean unknown. `answers` says how questionnaires were exported
    that come as ticked or already turned round, `unfinished` what becomes of answers that were begun and not
    finished, `expressed_codes` are the codes ("CODE" or "SYSTEM|CODE") of milk expressed in FHIR observations. A
    source may say by `header` (a code of the column names) or by `content` (hashes of files) what it is about; then
    `files` may be empty, and it holds for such a file wherever it lies.
    """

    files: str = "*"
    reader: str = "auto"
    participant: str = "auto"
    units: str = "auto"
    zero: str = "measured"
    birth_date: str | None = None
    date_order: str | None = None
    clock: str | None = None
    sides: str | None = None
    missing_codes: tuple[str, ...] = ()
    dictionary: str | None = None
    centre: str | None = None
    answers: str | None = None
    unfinished: str = "kept"
    expressed_codes: tuple[str, ...] = ()
    items: Mapping[str, Item] = field(default_factory=dict)
    questionnaires: Mapping[str, Questionnaire] = field(default_factory=dict)
    header: str | None = None
    content: tuple[str, ...] = ()

    @property
    def participant_rule(self) -> str:
        """How people are told apart, without any person's own code."""
        return ONE_PERSON if self.participant.startswith(ONE_PERSON) else self.participant

    def with_answers(self, answers: "SourceOptions") -> "SourceOptions":
        """These options with whatever other ones say besides their defaults; what they are about is left out."""
        about = {"files", "header", "content"}
        default = SourceOptions()
        said = {
            each.name: getattr(answers, each.name)
            for each in fields(self)
            if each.name not in about and getattr(answers, each.name) != getattr(default, each.name)
        }
        return replace(self, **said)


@dataclass(frozen=True)
class Study:
    """What `study.toml` says, or the defaults without one (`path` None).

    `uploads` are folders of received files: what the sources name is looked for in each of them, and a file that
    none names is read as without a study file. `left_out` are received files, each with the code of a part that is not to be read.
    """

    name: str = "Study"
    timezone: str | None = None
    outcome: str = "no_milk"
    low_output_ml: float | None = None
    cohort: str | None = None
    synthetic: bool = False
    minimum_cell: int | None = None
    pseudonym_key: str = "env:LACTOSCOPE_KEY"
    distress_protocol: bool = False
    sources: tuple[SourceOptions, ...] = ()
    path: Path | None = None
    uploads: tuple[Path, ...] = ()
    plan: AnalysisPlan | None = None
    left_out: frozenset[tuple[Path, str]] = frozenset()

    @property
    def cohort_column(self) -> str:
        """The column whose values may be people's cohorts, in small letters; "" where only `cohort` is one."""
        said = (self.cohort or "").removeprefix(COLUMN).strip().lower()
        return "" if said == FROM_SOURCE else said

    @property
    def cohort_label(self) -> str | None:
        """The cohort of everybody, where no file has a column for it; None where only a column may tell."""
        only_column = not self.cohort or self.cohort == FROM_SOURCE or self.cohort.startswith(COLUMN)
        return None if only_column else self.cohort

    @property
    def named(self) -> tuple[SourceOptions, ...]:
        """Sources that name files."""
        return tuple(source for source in self.sources if source.files)

    @property
    def described(self) -> tuple[SourceOptions, ...]:
        """Sources that know a file by its header or its content."""
        return tuple(source for source in self.sources if source.header or source.content)


def default_study() -> Study:
    """The rules of a bare ingest, when no study file says otherwise."""
    return Study()


@dataclass(frozen=True)
class _Place:
    """Where in a study file a value stands, for the one line that a user reads."""

    file: str
    section: str

    def refuse(self, key: str, reason: str) -> InputError:
        return InputError(f"{self.file}: {self.section} {key}: {reason}.")

    def take(self, table: dict[str, Any], key: str, kind: type, default: Any) -> Any:
        """One value of the right type; TOML's whole numbers count as numbers."""
        value = table.pop(key, default)
        if value is default:
            return value
        wanted = (int, float) if kind is float else kind
        if not isinstance(value, wanted) or (isinstance(value, bool) and kind is not bool):
            words = {str: "text in quotes", float: "a number", int: "a whole number", bool: "true or false"}
            raise self.refuse(key, f"must be {words.get(kind, 'a list or table')}")
        return value

    def choose(self, table: dict[str, Any], key: str, choices: tuple[str, ...], default: str | None) -> Any:
        """One of a few words."""
        value = self.take(table, key, str, default)
        if value is not default and value not in choices:
            raise self.refuse(key, f"must be one of {', '.join(choices)}")
        return value

    def finish(self, table: dict[str, Any]) -> None:
        """Refuse what is left over: a misspelt key would otherwise be ignored in silence."""
        if table:
            raise self.refuse(sorted(table)[0], "is not a key of this section")


def _column(place: _Place, table: dict[str, Any], key: str) -> str | None:
    """The NAME of a value `column:NAME`; a bare name is taken as it is."""
    value = place.take(table, key, str, None)
    return None if value is None else value.removeprefix(COLUMN).strip()


def _participant(place: _Place, table: dict[str, Any]) -> str:
    value = place.take(table, "participant", str, "auto")
    if value in PARTICIPANT or any(
        value.startswith(rule) and value.removeprefix(rule).strip() for rule in (COLUMN, ONE_PERSON)
    ):
        return value
    raise place.refuse(
        "participant", f"must be one of {', '.join(PARTICIPANT)}, column:NAME or {ONE_PERSON}CODE"
    )


def _items(place: _Place, table: dict[str, Any]) -> dict[str, Item]:
    items = {}
    for name, entry in table.items():
        named = entry.get("column") if isinstance(entry, dict) else None
        columns = [named] if isinstance(named, str) else named
        if not isinstance(columns, list) or not columns or not all(isinstance(each, str) for each in columns):
            raise place.refuse(name, 'needs the form { column = "NAME" } or { column = ["NAME", "OTHER"] }')
        if len(columns) > 1 and "time" in entry:
            raise place.refuse(name, "time goes with one column, not with several")
        others = {key: value for key, value in entry.items() if key != "column"}
        items[name] = _item(place, name, tuple(columns), others)
    return items


def _item(place: _Place, name: str, columns: tuple[str, ...], entry: dict[str, Any]) -> Item:
    recode, session = entry.pop("recode", {}), entry.pop("session", [])
    if not isinstance(recode, dict):
        raise place.refuse(name, 'needs the form { column = "NAME", recode = { "1" = "code" } }')
    if not isinstance(session, list) or bool(session) != (name == "kind"):
        raise place.refuse(name, 'kind alone has session, as in { column = "Type", session = ["Pumping"] }')
    own = _Place(place.file, f"{place.section} {name}")
    item = Item(
        columns[0],
        {str(old): str(new) for old, new in recode.items()},
        own.take(entry, "time", str, ""),
        tuple(str(value) for value in session),
        own.choose(entry, "written", WRITTEN, ""),
        columns[1:],
        own.take(entry, "instrument", str, ""),
    )
    if entry:
        raise place.refuse(
            name,
            'needs the form { column = "NAME", recode = { "1" = "code" } }, or time, session, written, instrument',
        )
    return item


def _questionnaires(place: _Place, table: dict[str, Any]) -> dict[str, Questionnaire]:
    found = {}
    for name, entry in table.items():
        if not isinstance(entry, dict):
            raise place.refuse(name, 'needs the form { columns = ["NAME", ...] }')
        rest = dict(entry)
        inner = _Place(place.file, f"{place.section} {name}:")
        found[name] = Questionnaire(
            columns=_texts(inner, rest, "columns"),
            answers=inner.choose(rest, "answers", ANSWERS, None),
            recode={str(old): str(new) for old, new in inner.take(rest, "recode", dict, {}).items()},
        )
        inner.finish(rest)
    return found


def _texts(place: _Place, table: dict[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; numbers in it are taken as written."""
    return tuple(str(value) for value in place.take(table, key, list, []))


def _source(file: str, number: int, table: dict[str, Any]) -> SourceOptions:
    place = _Place(file, f"[[source]] {number}:")
    header, content = place.take(table, "header", str, None), _texts(place, table, "content")
    options = SourceOptions(
        files=place.take(table, "files", str, "" if header or content else "*"),
        reader=place.take(table, "reader", str, "auto"),
        participant=_participant(place, table),
        units=place.choose(table, "units", UNITS, "auto"),
        zero=place.choose(table, "zero", ZERO, "measured"),
        birth_date=_column(place, table, "birth_date"),
        date_order=place.choose(table, "date_order", DATE_ORDERS, None),
        clock=place.choose(table, "clock", CLOCKS, None),
        sides=place.choose(table, "sides", SIDES, None),
        missing_codes=_texts(place, table, "missing_codes"),
        dictionary=place.take(table, "dictionary", str, None),
        centre=place.take(table, "centre", str, None),
        answers=place.choose(table, "answers", ANSWERS, None),
        unfinished=place.choose(table, "unfinished", UNFINISHED, "kept"),
        expressed_codes=_texts(place, table, "expressed_codes"),
        items=_items(_Place(file, "[source.items]"), place.take(table, "items", dict, {})),
        questionnaires=_questionnaires(
            _Place(file, "[source.questionnaires]"), place.take(table, "questionnaires", dict, {})
        ),
        header=header,
        content=content,
    )
    place.finish(table)
    return options


def _plan(place: _Place, table: dict[str, Any], study: Study) -> AnalysisPlan:
    """What was fixed before the data; outcome and limit are the study's where the plan names none."""
    codebook = load_codebook()
    factors, named = _texts(place, table, "factors"), table.get("adjustment")
    if not factors:
        raise place.refuse("factors", "must name at least one factor of the codebook")
    adjustment = _texts(place, table, "adjustment") if named is not None else ()
    for key, names in (("factors", factors), ("adjustment", adjustment)):
        unknown = [name for name in names if name not in codebook.factors]
        if unknown:
            raise place.refuse(key, f"{unknown[0]!r} is not a factor of the codebook")
    outcome = place.choose(table, "outcome", OUTCOMES, study.outcome)
    standard = float(load_settings()["outcomes.low_output_ml"])
    limit = place.take(table, "low_output_ml", float, study.low_output_ml or standard)
    plan = AnalysisPlan(
        outcome,
        float(limit) if outcome == "low_output" else None,
        tuple(sorted(factors)),
        {
            name: tuple(sorted(adjustment if named is not None else codebook_adjustment(name, codebook)))
            for name in factors
        },
        exact=named is not None,
        registered=place.take(table, "registered", str, ""),
    )
    place.finish(table)
    return plan


def _check_timezone(place: _Place, name: str | None) -> None:
    if name is None:
        return
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise place.refuse("timezone", "is not a name such as Europe/London") from None


def study_text(path: Path) -> str:
    """The text of a study file. Raises InputError when it is missing or no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name}: there is no such study file.") from None
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path.name}: the study file cannot be read; save it as UTF-8 text.") from None


def load_study(path: Path | str) -> Study:
    """Read a study file.

    Keys that are not known, and values of the wrong kind, are refused: a misspelt key would otherwise change a
    result in silence. Raises InputError, one line that names file and key.
    """
    return read_study(study_text(Path(path)), Path(path))


def read_study(text: str, path: Path) -> Study:
    """The study that the text of a study file describes. Raises InputError like `load_study`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path.name}: not valid TOML: {error}.") from None
    study = _Place(path.name, "[study]")
    privacy = _Place(path.name, "[privacy]")
    review = _Place(path.name, "[review]")
    whole = _Place(path.name, "the file:")
    study_table = whole.take(content, "study", dict, {})
    privacy_table = whole.take(content, "privacy", dict, {})
    review_table = whole.take(content, "review", dict, {})
    sources = whole.take(content, "source", list, [])
    plan_table = whole.take(content, "plan", dict, None)
    whole.finish(content)
    default = default_study()
    loaded = Study(
        name=study.take(study_table, "name", str, default.name),
        timezone=study.take(study_table, "timezone", str, None),
        outcome=study.choose(study_table, "outcome", OUTCOMES, default.outcome),
        low_output_ml=study.take(study_table, "low_output_ml", float, None),
        cohort=study.take(study_table, "cohort", str, None),
        synthetic=study.take(study_table, "synthetic", bool, False),
        minimum_cell=privacy.take(privacy_table, "minimum_cell", int, None),
        pseudonym_key=privacy.take(privacy_table, "pseudonym_key", str, default.pseudonym_key),
        distress_protocol=review.take(review_table, "distress_protocol", bool, False),
        sources=tuple(
            _source(path.name, number, dict(entry)) for number, entry in enumerate(sources, start=1)
        ),
        path=path,
    )
    if plan_table is not None:
        loaded = replace(loaded, plan=_plan(_Place(path.name, "[plan]"), plan_table, loaded))
    _check_timezone(study, loaded.timezone)
    lowest = load_settings()["privacy.lowest_minimum_cell"]
    if loaded.minimum_cell is not None and loaded.minimum_cell < lowest:
        raise privacy.refuse("minimum_cell", f"must be at least {lowest}")
    if loaded.low_output_ml is not None and loaded.low_output_ml <= 0:
        raise study.refuse("low_output_ml", "must be more than 0 mL")
    for section, table in ((study, study_table), (privacy, privacy_table), (review, review_table)):
        section.finish(table)
    return loaded
