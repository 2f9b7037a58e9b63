"""Which column of a table means what: by the study file, and by our own column names; never by likeness."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.codebook import load_codebook
from pipelines.errors import InputError
from pipelines.readers.base import ColumnMeaning
from pipelines.readers.containers.tables import plain_name
from pipelines.readers.identifiers import is_identifier
from pipelines.study import Item, SourceOptions

VOLUMES = ("volume_left", "volume_right", "volume_total")
FIELDS = {
    "participant_id": "participant",
    "session_id": "source_session_id",
    "source_session_id": "source_session_id",
    "started_at": "started_at",
    "ended_at": "ended_at",
    "date": "date",
    "birth_date": "birth_date",
    "duration_min": "duration_min",
    "tried_nothing_came": "tried_nothing_came",
    "instrument": "instrument",
    "cohort": "cohort",
    "unit": "unit",
    "volume_unit": "unit",
}
# Other measures are named too, so that a column of teaspoons is refused instead of overlooked.
_UNITS = "ml|cc|milliliters?|millilitres?|oz|fl_oz|floz|ounces?|cl|dl|l|liters?|litres?|g|grams?|tsp|tbsp|cups?|pints?"
_VOLUME = re.compile(rf"volume(?:_(left|right|total))?(?:_({_UNITS}))?")
# In a study's own column name, as in "pump_l" beside "pump_r", a lone l is the left side.
_UNIT_AT_END = re.compile(rf"(?:^|_)(?!l$)({_UNITS})$")
_ORDER = "_order"
# A column that tells sessions from other rows; a study file alone can name it.
KIND = "kind"
_NAMED = "named in the study file"
OWN_NAME = "our own column name"
_INSTRUMENT = "_instrument"


@dataclass(frozen=True)
class Mapped:
    """One source column taken for one canonical column.

    `place` is its position in the header; `unit` is what the header says, ml, oz or another measure; `recode` turns
    their values into ours. `clock` is the position of a second column with the clock; `session`, `written` and
    `instrument` are those of the study file's item.
    """

    meaning: str
    place: int
    column: str
    reason: str
    unit: str = ""
    recode: Mapping[str, str] = field(default_factory=dict)
    clock: int | None = None
    session: tuple[str, ...] = ()
    written: str = ""
    instrument: str = ""


@dataclass(frozen=True)
class Plan:
    """What becomes of every column of one table."""

    mapped: tuple[Mapped, ...]
    identifiers: tuple[str, ...]
    unused: tuple[str, ...]
    warnings: tuple[str, ...]

    def has(self, *meanings: str) -> bool:
        """Whether any column has one of these meanings."""
        return any(column.meaning in meanings for column in self.mapped)

    def meanings(self) -> tuple[ColumnMeaning, ...]:
        """The plan in words, for a person to look through."""
        used = [ColumnMeaning(each.column, each.meaning, each.reason) for each in self.mapped]
        dropped = [
            ColumnMeaning(column, "", "an identifier or free text, dropped") for column in self.identifiers
        ]
        left = [ColumnMeaning(column, "", _why_unused(column)) for column in self.unused]
        return (*used, *dropped, *left)


def _why_unused(column: str) -> str:
    known = plain_name(column) in load_codebook().factors
    return "computed from the log instead" if known else "not a name we know"


def unit_word(text: str) -> str:
    """ml or oz for the usual spellings of these units, any other text as it is; empty for none."""
    plain = plain_name(text).replace("_", "")
    if plain in ("ml", "cc", "milliliter", "milliliters", "millilitre", "millilitres"):
        return "ml"
    if plain in ("oz", "floz", "ounce", "ounces"):
        return "oz"
    return plain


def own_meaning(column: str) -> tuple[str, str]:
    """Canonical column and unit for one of our own column names, in any spelling of its signs; empty for others.

    Factors that are computed from the log are not read from a file.
    """
    plain = plain_name(column)
    if plain in FIELDS:
        return FIELDS[plain], ""
    volume = _VOLUME.fullmatch(plain)
    if volume:
        return f"volume_{volume[1] or 'total'}", unit_word(volume[2] or "")
    factors = load_codebook().factors
    if plain.endswith(_INSTRUMENT) and load_codebook().has_questionnaire(plain.removesuffix(_INSTRUMENT)):
        return plain, ""
    factor = factors.get(plain.removesuffix(_ORDER) if plain.endswith(_ORDER) else plain)
    return (plain, "") if factor and not factor.derived else ("", "")


def find_column(header: Sequence[str], name: str) -> int | None:
    """Position of a column that a study file names: as written, else apart from case, spaces and signs."""
    written = [column.strip() for column in header]
    if name.strip() in written:
        return written.index(name.strip())
    plain = [plain_name(column) for column in header]
    return plain.index(plain_name(name)) if plain_name(name) in plain else None


def named_column(option: str | None) -> str:
    """The NAME of an option `column:NAME`, or of a bare column name; empty for none."""
    return (option or "").removeprefix("column:")


def participant_column(options: SourceOptions) -> str:
    """The column that the study file names for the participant; empty when it names none."""
    return named_column(options.participant) if options.participant.startswith("column:") else ""


def plan_columns(header: Sequence[str], options: SourceOptions, file: str) -> Plan:
    """Decide what each column means: the study file first, then our own names for what is left.

    Raises InputError when the study file names a participant or birth date column that the file lacks, none of its
    items' columns is there, or an item is neither a factor nor a session field.
    """
    chosen = _named_places(header, options, file)
    items, warnings = _items(header, options, file)
    chosen += [item for item in items if item.place not in {each.place for each in chosen}]
    taken = {each.meaning for each in chosen}
    places = {each.place for each in chosen} | {each.clock for each in chosen}
    if options.participant not in ("auto", "column:participant_id"):
        taken.add("participant")
    unused = []
    for place, column in enumerate(header):
        if place in places:
            continue
        meaning, unit = own_meaning(column)
        again = any(each.meaning == meaning and each.unit == unit for each in chosen)
        if meaning and meaning not in taken and not again:
            chosen.append(Mapped(meaning, place, column, OWN_NAME, unit))
        else:
            unused.append(column)
            if meaning and again:
                warnings.append(f"column '{column}' repeats another one and was not used")
    identifiers = tuple(column for column in unused if is_identifier(column))
    rest = tuple(column for column in unused if column.strip() and not is_identifier(column))
    return Plan(tuple(chosen), identifiers, rest, tuple(warnings))


def _named_places(header: Sequence[str], options: SourceOptions, file: str) -> list[Mapped]:
    """The participant and birth date columns that the study file names."""
    found = []
    for meaning, name in (
        ("participant", participant_column(options)),
        ("birth_date", named_column(options.birth_date)),
    ):
        if not name:
            continue
        place = find_column(header, name)
        if place is None:
            raise InputError(f"{file}: the column '{name}' that the study file names is not there.")
        found.append(Mapped(meaning, place, header[place], _NAMED))
    return found


def _items(header: Sequence[str], options: SourceOptions, file: str) -> tuple[list[Mapped], list[str]]:
    found, missing = [], []
    for name, item in options.items.items():
        meaning, unit = (KIND, "") if name == KIND else own_meaning(name)
        if not meaning:
            raise InputError(f"{file}: '{name}' under items is neither a factor nor a session field.")
        _require_instrument(meaning, item, file)
        clock = find_column(header, item.time) if item.time else None
        for named in item.columns:
            place = find_column(header, named)
            if place is None or (item.time and clock is None):
                missing.append(named if place is None else item.time)
                continue
            stated = _item_unit(header[place], unit, options) if meaning in VOLUMES else unit
            column = header[place] if clock is None else f"{header[place]} + {header[clock]}"
            mapped = Mapped(
                meaning,
                place,
                column,
                _NAMED,
                stated,
                item.recode,
                clock,
                item.session,
                item.written,
                item.instrument,
            )
            found.append(mapped)
    if missing and not found:
        raise InputError(f"{file}: none of the study file's columns is there (looked for '{missing[0]}').")
    return found, [f"the study file's column '{column}' is not in this file" for column in missing]


def _require_instrument(meaning: str, item: Item, file: str) -> None:
    """Raises InputError where an item names a questionnaire that does not measure its factor."""
    instruments = load_codebook().instruments.values()
    measuring = [each.id for each in instruments if each.factor == meaning]
    if item.instrument and item.instrument not in measuring:
        known = f"known are {', '.join(measuring)}" if measuring else "there is none"
        raise InputError(f"{file}: '{item.instrument}' is no questionnaire that measures {meaning}; {known}.")


def _item_unit(column: str, unit: str, options: SourceOptions) -> str:
    """The unit that a mapped volume column states: in its own name, else the item's name where units are not set."""
    own = _UNIT_AT_END.search(plain_name(column))
    if own:
        return unit_word(own[1])
    return unit if options.units == "auto" else ""
