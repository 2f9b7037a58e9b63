"""Table 1: who is in the groups, people and sessions counted apart, with missing answers and how far groups differ.

No cell rests on fewer people than the study's minimum, and none can be worked out from the others: small cells take
others of their row and column with them; where few people lack an answer, counts give way to shares of the known.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from pipelines.analysis import balance
from pipelines.evidence import words
from pipelines.evidence.frames import Frames, numbered
from pipelines.evidence.parts import Numbers, rounded
from pipelines.evidence.splits import (
    EVER,
    GESTATION,
    MAIN_PUMP,
    OUTCOME,
    PEOPLE,
    SESSIONS,
    TERM,
    Split,
    offered,
    split,
)
from pipelines.evidence.table_variables import Spread, Variable, people_at, spread, variables
from pipelines.privacy import disclosure
from pipelines.privacy.disclosure import hidden_cells, hidden_table
from pipelines.settings import load_settings

EVERYONE = "Everyone"
# What the groups are made of is no news about them.
MADE_OF = {EVER: ("volume_ml",), OUTCOME: ("volume_ml",), TERM: (GESTATION,), MAIN_PUMP: ("pump_type",)}
HIDDEN = "Hidden"
NEARLY_ALL = "nearly all"
COLUMNS = (
    "variable",
    "answer",
    "unit",
    "group",
    "counted",
    "number",
    "share",
    "mean",
    "sd",
    "median",
    "lower_quartile",
    "upper_quartile",
    "standardised_difference",
    "state",
)


@dataclass(frozen=True)
class Cell:
    """One group in one row, as the page writes it: counted in people and counted in sessions."""

    people: str
    sessions: str


@dataclass(frozen=True)
class TableRow:
    """One row: a variable's name with its difference, or one answer, number or missing row under it."""

    label: str
    cells: tuple[Cell, ...] = ()
    difference: str = ""
    is_variable: bool = False


@dataclass(frozen=True)
class Column:
    """One group with the people and sessions in it, in words; `is_hidden` where it holds too few people."""

    label: str
    people: str
    sessions: str
    is_hidden: bool = False


@dataclass(frozen=True)
class TableOne:
    """The table for one way to split; `options` are the ways there are, as key and words."""

    title: str
    key: str
    options: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    note: str
    numbers: Numbers


@dataclass(frozen=True)
class _Groups:
    """The groups that are compared, everyone first, and what may be told of each."""

    split: Split
    names: tuple[str, ...]
    group: pd.Series
    people: pd.Series
    people_group: pd.Series | None
    sizes: dict[str, int]
    sessions: dict[str, int]
    hidden: frozenset[str]
    nearly_all: frozenset[str]
    exact: bool
    minimum: int
    rows: dict[str, np.ndarray]
    persons: dict[str, pd.Index]

    def counts_told(self, name: str) -> bool:
        """Whether exact counts of a group may be told, as far as its size goes."""
        return (self.exact and name not in self.nearly_all) or name == EVERYONE


def table_one(frames: Frames, key: str, outcome: str) -> TableOne:
    """Table 1 of a selection, split by one of `splits.offered`. The selection must hold enough people."""
    frames = numbered(frames)
    options = offered(frames, outcome)
    key = key if key in dict(options) else options[0][0]
    groups = _groups(frames, split(frames, key, outcome))
    rows: list[TableRow] = []
    lines: list[tuple] = []
    differences: list[tuple[float, str]] = []
    for variable in variables(frames):
        if variable.name == key:
            continue
        described = _numbers_rows(variable, groups) if not variable.levels else _answer_rows(variable, groups)
        difference = _difference(variable, groups, described.hidden)
        if difference is not None and variable.name not in MADE_OF.get(key, ()):
            differences.append((difference, variable.label))
        said = "" if difference is None else f"{difference:.2f} ({_counted_in(variable, groups)})"
        rows.append(TableRow(_named(variable), difference=said, is_variable=True))
        rows += described.rows
        lines += [(*line[:-1], rounded(difference, 3), line[-1]) for line in described.lines]
    columns = tuple(_column(name, groups) for name in groups.names)
    title = _title(groups, differences)
    return TableOne(
        title, key, options, columns, tuple(rows), _note(groups), Numbers("table-1", COLUMNS, tuple(lines))
    )


def _groups(frames: Frames, chosen: Split) -> _Groups:
    people, group = frames.sessions["participant_id"], chosen.group
    persons = {name: people[group == name].nunique() for name in chosen.groups}
    not_told = people[group.isna()].nunique()
    few_not_told = 0 < not_told < frames.minimum
    sizes = list(persons.values())
    parts = sizes if few_not_told or not not_told else [*sizes, not_told]
    is_hidden = hidden_cells(parts, frames.minimum)[: len(sizes)]
    everybody = people.nunique()
    shared = persons.items() if chosen.of != PEOPLE else ()
    rows = {EVERYONE: np.ones(len(group), dtype=bool)}
    rows |= {name: (group == name).to_numpy(bool, na_value=False) for name in chosen.groups}
    return _Groups(
        split=chosen,
        names=(EVERYONE, *chosen.groups),
        group=group,
        people=people,
        people_group=group.groupby(people, sort=False).first() if chosen.of == PEOPLE else None,
        sizes={EVERYONE: everybody} | persons,
        sessions={EVERYONE: len(group)} | {name: int((group == name).sum()) for name in chosen.groups},
        hidden=frozenset(name for name, hide in zip(chosen.groups, is_hidden, strict=True) if hide),
        nearly_all=frozenset(
            name for name, size in shared if disclosure.hides(size, everybody, frames.minimum)
        ),
        exact=not few_not_told,
        minimum=frames.minimum,
        rows=rows,
        persons={name: pd.Index(people[inside].unique()) for name, inside in rows.items()},
    )


@dataclass(frozen=True)
class _Described:
    """One variable's rows, their plain numbers for the download, and the groups of which something is hidden."""

    rows: tuple[TableRow, ...]
    lines: tuple[tuple, ...]
    hidden: frozenset[str]


def _answer_rows(variable: Variable, groups: _Groups) -> _Described:
    """One row an answer, and the missing ones."""
    assert variable.of_sessions is not None
    counts = _people_counts(variable, groups)
    levels = tuple(
        level for level in variable.levels if any(counts[name].get(level, 0) for name in groups.names)
    )
    hidden = _hidden_answers(counts, levels, groups)
    lacking, lacking_hidden = _lacking(variable, groups)
    rows, lines = [], []
    sessions_at = {name: variable.of_sessions[groups.rows[name]].value_counts() for name in groups.names}
    for level in levels:
        cells = []
        for name in groups.names:
            known, sessions = sessions_at[name].sum(), int(sessions_at[name].get(level, 0))
            told = int(_told(variable, counts[name], groups, name))
            shown = None if hidden[name][level] else int(counts[name].get(level, 0))
            exact = groups.counts_told(name) and not lacking_hidden[name]
            cell, numbers = _count_cell(shown, told, sessions, int(known), exact, groups.minimum)
            cells.append(cell)
            lines += _lines(variable, level, name, numbers, shown is None)
        rows.append(TableRow(level, tuple(cells)))
    missing, missing_lines = _missing_row(variable, groups, lacking, lacking_hidden)
    any_hidden = frozenset(name for name in groups.names if any(hidden[name].values()))
    return _Described((*rows, *missing), (*lines, *missing_lines), any_hidden)


def _told(variable: Variable, counts: pd.Series, groups: _Groups, name: str) -> int:
    """What shares of people are shares of: those with an answer; all of the group where people count at each answer."""
    return (
        int(counts.sum())
        if variable.of_people is not None and groups.people_group is not None
        else groups.sizes[name]
    )


def _people_counts(variable: Variable, groups: _Groups) -> dict[str, pd.Series]:
    names = groups.names[1:]
    counts = people_at(variable, groups.group, names, groups.people, groups.people_group)
    everyone = pd.Series(EVERYONE, index=groups.group.index)
    once = None
    if variable.of_people is not None and groups.people_group is not None:
        once = pd.Series(EVERYONE, index=groups.people_group.index)
    return counts | people_at(variable, everyone, (EVERYONE,), groups.people, once)


def _hidden_answers(
    counts: dict[str, pd.Series], levels: Sequence[str], groups: _Groups
) -> dict[str, dict[str, bool]]:
    """Which answers of which groups stay hidden; a hidden group is hidden whole."""
    names = groups.names[1:]
    body = [[int(counts[name].get(level, 0)) for name in names] for level in levels]
    totals = [int(counts[EVERYONE].get(level, 0)) for level in levels]
    hidden, of_totals = hidden_table(body, totals, groups.minimum)
    found = {EVERYONE: dict(zip(levels, of_totals, strict=True))}
    for at, name in enumerate(names):
        found[name] = {
            level: row[at] or name in groups.hidden for level, row in zip(levels, hidden, strict=True)
        }
    return found


def _lacking(variable: Variable, groups: _Groups) -> tuple[dict[str, tuple[int, int]], dict[str, bool]]:
    """People and sessions of each group without an answer, and whether that stays hidden.

    Of what is told by session the people are those with any session that lacks it.
    """
    found, people = {}, []
    for name in groups.names:
        if variable.of_sessions is None:
            found[name] = (0, 0)
            continue
        lacks = groups.rows[name] & variable.of_sessions.isna().to_numpy()
        found[name] = (groups.people[lacks].nunique(), int(lacks.sum()))
    people = [found[name][0] for name in groups.names[1:]]
    body, totals = hidden_table([people], [found[EVERYONE][0]], groups.minimum)
    hidden = {EVERYONE: totals[0]} | {
        name: hide or name in groups.hidden for name, hide in zip(groups.names[1:], body[0], strict=True)
    }
    return found, hidden


def _count_cell(
    people: int | None, told: int, sessions: int, known: int, exact: bool, minimum: int
) -> tuple[Cell, dict[str, tuple[int | None, float | None]]]:
    """People and sessions at one answer: counts with their shares, only shares where counts would tell too much.

    Where so few people are left that never gave this answer that their number would tell of them, "nearly all" did.
    """
    if people is None:
        return Cell(HIDDEN, HIDDEN), {}
    numbers: dict[str, tuple[int | None, float | None]] = {}
    texts = []
    for counted, count, of in ((PEOPLE, people, told), (SESSIONS, sessions, known)):
        if counted == PEOPLE and disclosure.hides(people, told, minimum):
            numbers[counted] = (None, None)
            texts.append(NEARLY_ALL)
            continue
        share = count / of if of else 0.0
        numbers[counted] = (count, round(share, 4)) if exact else (None, round(share, 2))
        texts.append(f"{count:,} ({words.percent(share)})" if exact else words.percent(share))
    return Cell(*texts), numbers


def _missing_row(
    variable: Variable, groups: _Groups, lacking: dict[str, tuple[int, int]], hidden: dict[str, bool]
) -> tuple[tuple[TableRow, ...], list[tuple]]:
    if not any(people for people, _ in lacking.values()):
        return (), []
    cells, lines = [], []
    for name in groups.names:
        people, sessions = lacking[name]
        of = (groups.sizes[name], groups.sessions[name])
        shown = None if hidden[name] else people
        cell, numbers = _count_cell(shown, of[0], sessions, of[1], groups.counts_told(name), groups.minimum)
        cells.append(cell)
        lines += _lines(variable, "missing", name, numbers, shown is None)
    label = "Missing" if variable.level == PEOPLE else "Missing in a session"
    return (TableRow(label, tuple(cells)),), lines


def _lines(variable: Variable, answer: str, group: str, numbers: dict, hidden: bool) -> list[tuple]:
    start = (variable.label, answer, variable.unit, group)
    blank = (None,) * 5
    if hidden:
        return [(*start, counted, None, None, *blank, "hidden") for counted in (PEOPLE, SESSIONS)]
    return [(*start, counted, *numbers[counted], *blank, "shown") for counted in (PEOPLE, SESSIONS)]


def _numbers_rows(variable: Variable, groups: _Groups) -> _Described:
    """One row with median and quartiles, mean and standard deviation; another for the missing."""
    known = {name: _known_people(variable, groups, name) for name in groups.names}
    body, totals = hidden_table(
        [[known[name] for name in groups.names[1:]]], [known[EVERYONE]], groups.minimum
    )
    hidden = {EVERYONE: totals[0]} | dict(zip(groups.names[1:], body[0], strict=True))
    cells, lines = [], []
    for name in groups.names:
        if hidden[name] or name in groups.hidden or not known[name]:
            word = HIDDEN if known[name] else "Nobody told"
            cells.append(Cell(word, word))
            lines += _lines(variable, "", name, {}, hidden=True)
            continue
        found = _spreads(variable, groups, name, known[name])
        cells.append(Cell(*(_spread_words(found[counted]) for counted in (PEOPLE, SESSIONS))))
        lines += _spread_lines(variable, name, found)
    lacking, lacking_hidden = _lacking(variable, groups)
    missing, missing_lines = _missing_row(variable, groups, lacking, lacking_hidden)
    any_hidden = frozenset(name for name in groups.names if hidden[name]) | groups.hidden
    rows = (TableRow("Median (quartiles); mean (SD)", tuple(cells)), *missing)
    return _Described(rows, (*lines, *missing_lines), any_hidden)


def _of_people(variable: Variable, groups: _Groups, name: str) -> pd.Series:
    """The people's values in a group; where a person has sessions in several groups, of her sessions in this one."""
    if variable.level == PEOPLE or groups.people_group is not None or name == EVERYONE:
        assert variable.of_people is not None
        return variable.of_people.reindex(groups.persons[name])
    assert variable.of_sessions is not None
    rows = groups.rows[name]
    return variable.of_sessions[rows].groupby(groups.people[rows], sort=False).mean()


def _known_people(variable: Variable, groups: _Groups, name: str) -> int:
    return int(_of_people(variable, groups, name).notna().sum())


def _spreads(variable: Variable, groups: _Groups, name: str, people: int) -> dict[str, Spread | None]:
    enough = load_settings()["cohort.people_for_quartiles"]
    sessions = None
    if variable.of_sessions is not None:
        sessions = spread(variable.of_sessions[groups.rows[name]], people, enough)
    return {PEOPLE: spread(_of_people(variable, groups, name), people, enough), SESSIONS: sessions}


def _spread_words(found: Spread | None) -> str:
    if found is None:
        return "counted by person"
    quartiles = (
        "quartiles hidden" if found.low is None or found.high is None else _range(found.low, found.high)
    )
    sd = "" if found.sd is None else f" ({_digits(found.sd)})"
    return f"{_digits(found.median)} ({quartiles}); {_digits(found.mean)}{sd}"


def _range(low: float, high: float) -> str:
    return f"{_digits(low)} to {_digits(high)}"


def _digits(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def _spread_lines(variable: Variable, group: str, found: dict[str, Spread | None]) -> list[tuple]:
    lines = []
    for counted, each in found.items():
        if each is not None:
            numbers = (each.mean, each.sd, each.median, each.low, each.high)
            told = (rounded(number, 2) for number in numbers)
            lines.append((variable.label, "", variable.unit, group, counted, None, None, *told, "shown"))
    return lines


def _counted_in(variable: Variable, groups: _Groups) -> str:
    return PEOPLE if variable.level == PEOPLE and groups.split.of == PEOPLE else SESSIONS


def _difference(variable: Variable, groups: _Groups, hidden: frozenset[str]) -> float | None:
    """The largest standardised difference of two groups of which nothing is hidden; None without two such groups."""
    names = [name for name in groups.names[1:] if name not in hidden and name not in groups.hidden]
    found = [_between(variable, groups, one, two) for one, two in combinations(names, 2)]
    known = [each for each in found if each is not None]
    return max(known) if known else None


def _between(variable: Variable, groups: _Groups, one: str, two: str) -> float | None:
    compare: Callable[[pd.Series, pd.Series], float | None]
    compare = balance.of_levels if variable.levels else balance.of_numbers
    if _counted_in(variable, groups) == PEOPLE:
        assert variable.of_people is not None
        return compare(*(variable.of_people.reindex(groups.persons[name]) for name in (one, two)))
    if variable.of_sessions is None:
        return None
    return compare(*(variable.of_sessions[groups.rows[name]] for name in (one, two)))


def _named(variable: Variable) -> str:
    return f"{variable.label}, {variable.unit}" if variable.unit else variable.label


def _column(name: str, groups: _Groups) -> Column:
    if name in groups.hidden:
        return Column(
            name, f"fewer than {groups.minimum} people, or they would tell of such a group", "", True
        )
    people, sessions = groups.sizes[name], groups.sessions[name]
    if name in groups.nearly_all:
        return Column(name, f"{NEARLY_ALL} people", words.sessions(sessions))
    if groups.counts_told(name):
        return Column(name, words.people(people), words.sessions(sessions))
    step = load_settings()["privacy.export_rounding"]
    near = disclosure.rounded(people, step)
    return Column(name, f"about {words.people(near)}", "")


def _title(groups: _Groups, differences: list[tuple[float, str]]) -> str:
    """By what the groups differ most."""
    notable = load_settings()["cohort.notable_difference"]
    if not differences:
        return "Too few people to set groups beside each other"
    largest, label = max(differences)
    if largest < notable:
        return f"Split by {groups.split.label}, the groups are alike in everything told"
    many = sum(each >= notable for each, _ in differences)
    return (
        f"Split by {groups.split.label}, the groups differ most in {words.uncapital(label)}; "
        f"{many} of {len(differences)} standardised differences are {notable:g} or more"
    )


def _note(groups: _Groups) -> str:
    parts = [
        "Sessions: every session counts. People: everybody counts once, with her first answer to what was asked once "
        "and the mean of her sessions; she counts at each answer that she ever told about a session.",
        "Shares are of those with an answer, people at a session's answer of all in the group.",
        "Difference: standardised, of the two groups that differ most; it describes, it tests nothing.",
    ]
    if groups.split.of == SESSIONS:
        parts.append("The groups are of sessions, so one person can be in several.")
    if not groups.exact:
        parts.append(
            f"Fewer than {groups.minimum} people are in none of the groups; so that nothing tells of them, sizes are "
            "rounded and counts left out."
        )
    return " ".join(parts)
