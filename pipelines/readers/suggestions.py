"""What the columns of a foreign table may mean, each suggestion with its reason in words; a person confirms them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from pipelines.codebook import Codebook, Factor, instrument_of, load_codebook, plain, suggest
from pipelines.readers.dictionary import is_dictionary
from pipelines.readers.field_names import FieldName, field_names
from pipelines.readers.foreign import Sample, sample
from pipelines.readers.identifiers import is_identifier
from pipelines.readers.missing import likely_missing_codes
from pipelines.readers.patterns import Looks, looks
from pipelines.readers.recodes import Recode, recodes
from pipelines.settings import load_settings
from pipelines.study import DURATIONS, EPOCHS

VOLUMES = ("volume_left_ml", "volume_right_ml", "volume_ml")
WHOLE, PART, ALIKE = 1.0, 0.8, 0.55
FITS, TELLS, ONLY_LOOKS = 0.1, 0.3, 0.4
_UNIT_WORDS = frozenset("ml mls cc oz floz fl ounce ounces milliliters millilitres".split())
_MINUTE_WORDS = frozenset("min mins minute minutes".split())
_SECOND_WORDS = frozenset("s sec secs second seconds".split())
_HOUR_WORDS = frozenset("h hr hrs hour hours".split())
# Likeness of short names is chance.
_SHORTEST_ALIKE = 5
_FORM_MARKS = frozenset({"respondentid", "collectorid"})
_FORM_BEGUN = "startdate"
_NUMBER_AT_END = re.compile(r"(?<=\D)\d{1,3}$")
# What a column is said to look like: the first of these that fits.
_KINDS = tuple(
    "time date epoch_ms epoch_s excel_days clock volume yes_no length number words code text empty".split()
)


@dataclass(frozen=True)
class Suggestion:
    """One meaning that a column may have: a field, or a factor's id.

    `recode` turns their values into ours; `written` says how a duration or a time is written, `session` which values
    of a kind mean a pumping session.
    """

    meaning: str
    label: str
    reason: str
    score: float
    recode: tuple[Recode, ...] = ()
    written: str = ""
    session: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnLook:
    """One column: how it looks, and what it may mean, best first; `chosen` is taken unless a person says otherwise.

    `why_not` says why nothing was chosen. `values` are its different values where it has few.
    """

    column: str
    looks: str
    suggestions: tuple[Suggestion, ...]
    chosen: Suggestion | None = None
    why_not: str = ""
    values: tuple[str, ...] = ()
    identifies: bool = False


@dataclass(frozen=True)
class TableLook:
    """A table that no reader knows, looked at: its first rows and its columns.

    `missing_codes` are values such as -99 that seem to mean unknown wherever they stand.
    """

    sample: Sample
    columns: tuple[ColumnLook, ...]
    missing_codes: tuple[str, ...] = ()

    @property
    def needs_unit(self) -> bool:
        """Whether a volume was chosen that states no unit anywhere."""
        return any(
            each.chosen
            and each.chosen.meaning.startswith("volume_")
            and not _states_unit(each.column, each.looks)
            for each in self.columns
        )


def look(path: Path, title: str = "") -> TableLook | None:
    """Look at a table, whose name may be `title`; None for what is no table.

    Raises InputError for an empty or damaged file.
    """
    found = None if is_dictionary(path) else sample(path)
    return None if found is None else look_at(found, title)


def look_at(found: Sample, title: str = "") -> TableLook:
    """Suggestions for every column with a name; each meaning is chosen for one column at most, the best one.

    Nothing is chosen as a session where the names speak of milk that is fed, or where nothing but a time is there.
    """
    places = [place for place, name in enumerate(found.header) if name.strip()]
    missing = _missing_codes(found)
    seen = {place: looks([cell for cell in found.column(place) if cell not in missing]) for place in places}
    offered = {place: _suggestions(found.header[place], seen[place]) for place in places}
    if _is_form([found.header[place] for place in places]):
        offered = {place: _of_a_form(found.header[place], each) for place, each in offered.items()}
    for place in _numbered([found.header[place] for place in places]):
        offered[places[place]] = tuple(map(_as_item, offered[places[place]]))
    chosen = _choose(offered)
    barred, reason = _no_session(title, found.header, [each.meaning for each in chosen.values()])
    columns = []
    for place in places:
        column = _column(found.header[place], seen[place], offered[place], chosen.get(place))
        if column.chosen and column.chosen.meaning in barred:
            column = replace(column, chosen=None, why_not=f"perhaps {column.chosen.meaning}; but {reason}")
        columns.append(column)
    return TableLook(found, tuple(columns), missing)


def _is_form(names: Sequence[str]) -> bool:
    """Whether a table has the columns that SurveyMonkey puts before the answers."""
    return {plain(name) for name in names} >= _FORM_MARKS


def _of_a_form(name: str, offered: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """What a column of a form may be: when it was begun and ended is the day of its answers, not a session."""
    begun = plain(name) == _FORM_BEGUN
    day = field_names()["date"].label
    return tuple(
        replace(each, meaning="date", label=day, reason="the day on which the form was begun")
        if begun and each.meaning == "started_at"
        else each
        for each in offered
        if begun or each.meaning not in ("started_at", "ended_at")
    )


def _no_session(title: str, header: Sequence[str], chosen: Sequence[str]) -> tuple[frozenset[str], str]:
    """Meanings that must not be chosen here without a person, and why."""
    fed = field_names()["volume_ml"].not_session
    if any(word in name.lower() for name in (title, *header) for word in fed) and "kind" not in chosen:
        return frozenset((*VOLUMES, "started_at")), "this may be milk that was fed, not expressed"
    factors = load_codebook().factors
    about = {*VOLUMES, "duration_min", "kind"} | {
        each for each in chosen if each in factors and "session" in factors[each].grains
    }
    if about & set(chosen):
        return frozenset(), ""
    return frozenset({"started_at"}), "a time alone makes no session"


def _missing_codes(found: Sample) -> tuple[str, ...]:
    return likely_missing_codes(cell for row in found.rows for cell in row)


def _numbered(names: Sequence[str]) -> list[int]:
    """Places of columns that differ by a number at their end: the items of one questionnaire."""
    stems = [_NUMBER_AT_END.sub("", name) if _NUMBER_AT_END.search(name) else "" for name in names]
    counts = Counter(stem for stem in stems if stem)
    return [place for place, stem in enumerate(stems) if counts[stem] > 1]


def _as_item(suggestion: Suggestion) -> Suggestion:
    """A suggestion for one of several numbered columns, which is hardly the answer itself."""
    reason = (
        f"{suggestion.reason}; but it is one of several numbered columns, perhaps one item of a questionnaire"
    )
    return replace(suggestion, reason=reason, score=suggestion.score - 1)


def column_words(name: str) -> list[str]:
    """The words of a column's name, small; a capital inside begins a new one."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return re.findall(r"[^\W_]+", split)


def _states_unit(column: str, cells: str) -> bool:
    return bool(_UNIT_WORDS & set(column_words(column))) or "with a unit" in cells


def _column(name: str, seen: Looks, offered: tuple[Suggestion, ...], chosen: Suggestion | None) -> ColumnLook:
    identifies = is_identifier(name) and chosen is None
    why_not = ""
    if chosen is None:
        why_not = "no name or value that the codebook knows"
        if identifies:
            why_not = "its name says that it identifies people or is free text; it is dropped"
        elif offered:
            best = offered[0]
            uncertain = best.score < load_settings()["mapping.chosen_score"]
            why_not = (
                f"perhaps {best.meaning}: {best.reason}" if uncertain else f"another column is {best.meaning}"
            )
    words = seen.words(_KINDS)
    return ColumnLook(name, words, offered, chosen, why_not, seen.distinct or (), identifies)


def _choose(offered: dict[int, tuple[Suggestion, ...]]) -> dict[int, Suggestion]:
    """The best suggestion of each column, no meaning twice, nothing below the least score."""
    least = load_settings()["mapping.chosen_score"]
    ranked = sorted(
        ((each, place) for place, found in offered.items() for each in found if each.score >= least),
        key=lambda pair: (-pair[0].score, pair[1]),
    )
    chosen: dict[int, Suggestion] = {}
    taken: set[str] = set()
    for each, place in ranked:
        if place not in chosen and each.meaning not in taken:
            chosen[place] = each
            taken.add(each.meaning)
    return chosen


def _suggestions(name: str, seen: Looks) -> tuple[Suggestion, ...]:
    codebook = load_codebook()
    found = [each for field, entry in field_names().items() if (each := _field(field, entry, name, seen))]
    if not is_identifier(name):
        found += _factors(name, seen, codebook)
    else:
        found = [each for each in found if each.meaning in ("birth_date",)]
    return tuple(sorted(found, key=lambda each: -each.score))


# -- fields


def _field(field: str, entry: FieldName, name: str, seen: Looks) -> Suggestion | None:
    if set(entry.not_beside) & set(column_words(name)):
        return None
    fitting = [kind for kind in entry.values if kind in seen.kinds]
    if not fitting and "empty" not in seen.kinds:
        return None
    score, words = _alike(name, entry.names)
    if entry.beside and score < WHOLE and not set(entry.beside) & set(column_words(name)):
        score, words = 0.0, ""
    tells = any(kind in seen.kinds for kind in entry.telling)
    session = _session_values(entry, seen)
    if entry.session and not session:
        return None
    if not words and not tells and not session:
        return None
    reasons = [words, seen.words(fitting)]
    if session:
        tells = True
        reasons.append(f"some of them mean pumping: {', '.join(session)}")
    # Minutes in the name of a column of numbers say what they count.
    if field == "duration_min" and not score and _MINUTE_WORDS & set(column_words(name)):
        score = PART
    written, how = _written(field, name, seen)
    reason = "; ".join(part for part in (*reasons, how) if part)
    total = (score or ONLY_LOOKS) + (TELLS if tells else FITS)
    return Suggestion(field, entry.label, reason, total, (), written, session)


def _alike(name: str, known: Iterable[str]) -> tuple[float, str]:
    """How alike a column's name is to the best of some names, and in words; 0 and "" for none."""
    words = column_words(name)
    without_unit = [word for word in words if word not in _UNIT_WORDS | _MINUTE_WORDS] or words
    best, reason = 0.0, ""
    for each in known:
        parts = each.split()
        score = 0.0
        if each.replace(" ", "") in ("".join(words), "".join(without_unit)):
            score, told = WHOLE, f"its name is '{each}'"
        elif any(words[at : at + len(parts)] == parts for at in range(len(words))):
            # The more of the name the known words are, the surer.
            score, told = PART - 0.1 * (1 - len(parts) / len(words)), f"its name contains '{each}'"
        if score > best:
            best, reason = score, told
    return best, reason


def _session_values(entry: FieldName, seen: Looks) -> tuple[str, ...]:
    """Values of a column that mean a pumping session, and not milk that is fed."""
    meant = []
    for value in (seen.distinct or ()) if entry.session else ():
        words = set(column_words(value)) | (
            {each for each in entry.session if not each.isascii() and each in value}
        )
        if words & set(entry.session) and not words & set(entry.not_session):
            meant.append(value)
    return tuple(meant)


def _written(field: str, name: str, seen: Looks) -> tuple[str, str]:
    """How the times or lengths of a column are written, and why."""
    if field == "started_at":
        kind = next((kind for kind in EPOCHS if kind in seen.kinds and "time" not in seen.kinds), "")
        return kind, ""
    if field == "ended_at":
        return (
            ("clock", "a clock without a date")
            if "clock" in seen.kinds and "time" not in seen.kinds
            else ("", "")
        )
    if field != "duration_min":
        return "", ""
    words = set(column_words(name))
    if "number" in seen.kinds:
        if _SECOND_WORDS & words:
            return "seconds", "its name says seconds"
        if _HOUR_WORDS & words and not _MINUTE_WORDS & words:
            return "hours", "its name says hours"
        longest = load_settings()["limits.duration_reject_min"]
        if seen.numbers and sorted(seen.numbers)[len(seen.numbers) // 2] > longest:
            return "seconds", f"half of them are above {longest:g}, so they are seconds rather than minutes"
        return "", ""
    if "clock" in seen.kinds or "length" in seen.kinds:
        return _clock_form(seen)
    return "", ""


def _clock_form(seen: Looks) -> tuple[str, str]:
    """h:mm or m:ss, by whether the first part would be too many hours; words where no colon stands."""
    if not seen.firsts:
        return "words", "written in words"
    longest = load_settings()["limits.duration_reject_min"] / 60
    if max(seen.firsts) > longest:
        return "m:ss", f"one has {max(seen.firsts)} before the colon, too many for hours"
    return "h:mm", DURATIONS["h:mm"]


# -- factors


def _factors(name: str, seen: Looks, codebook: Codebook) -> list[Suggestion]:
    found: dict[str, tuple[float, str]] = {}
    instrument = instrument_of(name, codebook)
    if instrument:
        found[instrument.factor] = (WHOLE, f"the total of {instrument.name}")
    for factor_id, words in suggest(name, codebook):
        score = PART if words.startswith("contains") else WHOLE
        found.setdefault(factor_id, (score, f"its name {words}" if score == PART else words))
    for factor_id, words in _alike_factors(name, codebook):
        # Likeness alone, without a value that fits, is chance.
        found.setdefault(factor_id, (ALIKE - FITS if "empty" in seen.kinds else ALIKE, words))
    suggestions = []
    for factor_id, (score, words) in found.items():
        factor = codebook.factors[factor_id]
        if factor.derived or factor_id == "duration_min":
            continue
        fit, how = _values_fit(factor, seen)
        if fit is not None:
            reason = "; ".join(part for part in (words, how) if part)
            suggestions.append(
                Suggestion(factor_id, factor.label, reason, score + fit, recodes(factor, seen.distinct or ()))
            )
    return suggestions


def _alike_factors(name: str, codebook: Codebook) -> list[tuple[str, str]]:
    """Factors with an id, label or synonym that is nearly the same as the name."""
    own = plain(name)
    if len(own) < _SHORTEST_ALIKE:
        return []
    least = load_settings()["mapping.likeness"]
    found = []
    for factor in codebook.factors.values():
        ranked = max(
            ((SequenceMatcher(None, own, plain(known)).ratio(), known) for known in _known(factor)),
            default=(0.0, ""),
        )
        if ranked[0] >= least:
            found.append((ranked[0], factor.id, f"its name is like '{ranked[1]}'"))
    return [(factor_id, words) for _, factor_id, words in sorted(found, key=lambda each: -each[0])]


def _known(factor: Factor) -> Sequence[str]:
    return (factor.id, factor.label, *factor.synonyms)


def _values_fit(factor: Factor, seen: Looks) -> tuple[float | None, str]:
    """What the values add to a suggestion, and in words; None where they can't be this factor's."""
    if "empty" in seen.kinds:
        return 0.0, "the first rows are empty"
    if factor.is_numeric:
        if "number" not in seen.kinds:
            return None, ""
        low, high = float(factor.minimum or 0), float(factor.maximum or 0)
        outside = sum(1 for number in seen.numbers if not low <= number <= high)
        limits = f"{low:g} to {high:g} {factor.unit}".strip()
        if outside:
            return -TELLS, f"but {outside} of its first values lie outside {limits}"
        return FITS, f"all values lie in {limits}"
    if seen.distinct is None:
        return None, ""
    if factor.kind == "yes_no" and "yes_no" in seen.kinds:
        return FITS, "its values are yes and no"
    known = [each for each in recodes(factor, seen.distinct) if each.code]
    if known:
        return FITS, f"{len(known)} of its {len(seen.distinct)} values are like our answers"
    return 0.0, "its values need a meaning"
