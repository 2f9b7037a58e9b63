"""Who did not answer: by question, beside the outcome of those who did and did not, and by cohort."""

from dataclasses import dataclass

import pandas as pd

from pipelines.analysis.features import LAG
from pipelines.codebook import Codebook, Factor, load_codebook
from pipelines.evidence import words
from pipelines.evidence.frames import Frames, numbered, too_few
from pipelines.evidence.parts import Numbers, rounded
from pipelines.privacy.disclosure import hidden_cells, hides

COLUMNS = (
    "factor",
    "cohort",
    "people",
    "people_without_answer",
    "share_of_outcome_answered",
    "share_of_outcome_without_answer",
    "note",
)


@dataclass(frozen=True)
class MissingRow:
    """One question: how many people have no answer, the outcome of both groups, and each cohort's part, in words."""

    label: str
    sentence: str
    cohorts: str = ""


@dataclass(frozen=True)
class MissingSection:
    """The questions that not everybody answered, most missing first; empty with a title that says so otherwise."""

    title: str = ""
    rows: tuple[MissingRow, ...] = ()
    note: str = ""
    numbers: Numbers | None = None


@dataclass(frozen=True)
class _Count:
    """People of one group with and without an answer, and the mean of their shares of sessions with the outcome."""

    people: int
    without: int
    share: float | None
    share_without: float | None

    def hidden(self, minimum: int) -> bool:
        """Whether the counts tell of too few people."""
        return (
            self.people < minimum or hides(self.without, self.people, minimum) or 0 < self.without < minimum
        )


# A cohort with its counts, and whether they stay hidden; a question with everybody's counts and each cohort's.
_Group = tuple[str, _Count, bool]
_Counted = tuple[Factor, _Count, list[_Group]]


def missing_answers(frames: Frames, outcome: str) -> MissingSection:
    """Who gave no answer to what the study asks, in a study or a selection of it.

    Counts people with a known outcome. An answer of any day counts as one. Groups of fewer people than the study's
    minimum, with or without an answer, have no number.
    """
    if reason := too_few(frames, outcome):
        return MissingSection("Too few people for any number", note=reason)
    codebook, minimum = load_codebook(), frames.minimum
    frames = numbered(frames)
    people = _people(frames, outcome)
    answered = _answered(frames, outcome, codebook, people.index)
    asked = [(codebook.factors[name], answered[name]) for name in answered if not answered[name].all()]
    asked.sort(key=lambda pair: int(pair[1].sum()))
    counted = [_counted(factor, known, people, minimum) for factor, known in asked]
    rows = _together([_row(each, outcome, minimum) for each in counted])
    return MissingSection(
        _title(counted, minimum) if answered else "No question was asked in this study",
        rows,
        "Shares are means over people. If answering hangs on the unseen answer and on the outcome together, nothing "
        "in these data can show it.",
        _numbers(counted, minimum),
    )


def _together(rows: list[MissingRow]) -> tuple[MissingRow, ...]:
    """Questions of one form, left out by the same people, in one row."""
    labels: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        labels.setdefault((row.sentence, row.cohorts), []).append(row.label)
    return tuple(
        MissingRow(words.capital(words.listed([names[0], *map(str.lower, names[1:])])), *said)
        for said, names in labels.items()
    )


def _people(frames: Frames, outcome: str) -> pd.DataFrame:
    """One row a person: cohort, and the share of her sessions with the outcome."""
    known = frames.sessions[frames.sessions[outcome].notna()]
    groups = known.groupby("participant_id", sort=False)
    return pd.DataFrame({"cohort": groups["cohort"].first(), "share": groups[outcome].mean()})


def _answered(frames: Frames, outcome: str, codebook: Codebook, people: pd.Index) -> dict[str, pd.Series]:
    """Of each question asked, who ever answered it; what the log or the study itself tells is no question."""
    known = frames.sessions[frames.sessions[outcome].notna()]
    who = known["participant_id"]
    found = {}
    for name, factor in codebook.factors.items():
        columns = [each for each in (name, name + LAG) if each in known]
        if not columns or factor.restricted or not factor.is_question:
            continue
        has = known[columns].notna().any(axis=1)
        found[name] = has.groupby(who, sort=False).any().reindex(people)
    return found


def _count(known: pd.Series, people: pd.DataFrame) -> _Count:
    have = people["share"][known]
    lack = people["share"][~known]
    return _Count(
        len(people),
        len(lack),
        float(have.mean()) if len(have) else None,
        float(lack.mean()) if len(lack) else None,
    )


def _counted(factor: Factor, known: pd.Series, people: pd.DataFrame, minimum: int) -> _Counted:
    return factor, _count(known, people), _groups(known, people, minimum)


def _row(counted: _Counted, outcome: str, minimum: int) -> MissingRow:
    factor, everybody, groups = counted
    cohorts = [_cohort(name, count, hidden) for name, count, hidden in groups]
    sentence = _sentence(everybody, outcome, minimum)
    return MissingRow(factor.label, sentence, "; ".join(cohorts) if len(cohorts) > 1 else "")


def _sentence(count: _Count, outcome: str, minimum: int) -> str:
    if count.hidden(minimum):
        return f"Hidden: fewer than {minimum} people have, or lack, an answer."
    text = f"{count.without:,} of {count.people:,} people gave no answer"
    if count.share is None or count.share_without is None:
        return f"{text}."
    end = words.OUTCOME_WITH[outcome]
    return (
        f"{text}; of their sessions {words.of_hundred(count.share_without)} were {end}, of the others' "
        f"{words.of_hundred(count.share)}."
    )


def _groups(known: pd.Series, people: pd.DataFrame, minimum: int) -> list[_Group]:
    """Each cohort with its counts, and whether they stay hidden: their own, or what a hidden one would follow from."""
    counts = [
        (str(name), _count(known[group.index], group))
        for name, group in people.groupby(people["cohort"].fillna("no cohort"), sort=True)
    ]
    everybody = _count(known, people)
    lacking = hidden_cells([count.without for _, count in counts], minimum)
    having = hidden_cells([count.people - count.without for _, count in counts], minimum)
    return [
        (name, count, everybody.hidden(minimum) or count.hidden(minimum) or lacks or has)
        for (name, count), lacks, has in zip(counts, lacking, having, strict=True)
    ]


def _cohort(name: str, count: _Count, hidden: bool) -> str:
    return f"{name} hidden" if hidden else f"{name} {words.percent(count.without / count.people)}"


def _title(counted: list[_Counted], minimum: int) -> str:
    if not counted:
        return "Everybody answered every question that was asked"
    for factor, count, _ in counted:
        if not count.hidden(minimum) and count.without < count.people:
            label = factor.label.lower()
            return f"Not everybody answered: {count.without:,} of {count.people:,} people said nothing on {label}"
    return "Not everybody answered; how many stays hidden"


def _numbers(counted: list[_Counted], minimum: int) -> Numbers:
    rows = []
    for factor, everybody, groups in counted:
        all_groups = [("", everybody, everybody.hidden(minimum)), *groups]
        rows += [_cells(factor.id, name, count, hidden) for name, count, hidden in all_groups]
    return Numbers("missing_answers", COLUMNS, tuple(rows))


def _cells(factor: str, cohort: str, count: _Count, hidden: bool) -> tuple[str | int | float | None, ...]:
    if hidden:
        return factor, cohort, None, None, None, None, "hidden"
    shares = rounded(count.share, 4), rounded(count.share_without, 4)
    return factor, cohort, count.people, count.without, *shares, ""
