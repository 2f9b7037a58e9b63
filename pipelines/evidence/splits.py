"""The ways in which a study's people, or their sessions, can be put into groups beside each other."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.analysis.features import collected
from pipelines.codebook import Factor, load_codebook
from pipelines.evidence import words
from pipelines.evidence.frames import Frames
from pipelines.settings import load_settings

PEOPLE, SESSIONS = "people", "sessions"
EVER, OUTCOME, COHORT, TERM, MAIN_PUMP = "ever", "outcome", "cohort", "term", "pump"
CURVES_BY = (COHORT, MAIN_PUMP, TERM)
GESTATION = "gestational_age_weeks"
DESCRIBED_ROLES = ("factor", "adjustment", "rule", "mediator")


@dataclass(frozen=True)
class Split:
    """Groups of people (each person in one of them) or of sessions (a person may be in several).

    `group` holds a label of `groups`, or a missing value, for each row of the frames' sessions; of `of` the groups
    are made.
    """

    key: str
    label: str
    of: str
    groups: tuple[str, ...]
    group: pd.Series


def described(frames: Frames) -> tuple[Factor, ...]:
    """The factors that the study has an answer to, in the codebook's order, without placebos and the like."""
    codebook = load_codebook()
    found = (codebook.factors[name] for name in collected(frames.sessions, codebook))
    return tuple(
        each
        for each in found
        if each.id in frames.sessions and each.role in DESCRIBED_ROLES and not each.restricted
    )


def is_of_people(values: pd.Series, people: pd.Series, factor: Factor) -> bool:
    """Whether a column holds one answer a person: a trait, or what everybody was asked only once."""
    if not factor.varies:
        return True
    return not bool((values.groupby(people, sort=False).nunique() > 1).any())


def first_answers(values: pd.Series, people: pd.Series) -> pd.Series:
    """Each person's first answer among the rows, by person; missing where there is none."""
    return values.groupby(people, sort=False).first()


def offered(frames: Frames, outcome: str) -> tuple[tuple[str, str], ...]:
    """What can be chosen to split by, as key and words, the plainest first."""
    options = [
        (EVER, f"Ever a {words.outcome(outcome)} (people)"),
        (OUTCOME, f"A {words.outcome(outcome)} (sessions)"),
    ]
    options += curve_splits(frames)
    return (*options, *((factor.id, factor.label) for factor in described(frames)))


def curve_splits(frames: Frames) -> tuple[tuple[str, str], ...]:
    """The splits by which curves can be drawn side by side: those of people that the study knows of."""
    options = []
    if frames.sessions["cohort"].nunique() > 1:
        options.append((COHORT, "Cohort"))
    if "pump_type" in frames.sessions:
        options.append((MAIN_PUMP, "Main pump"))
    if GESTATION in frames.sessions:
        options.append((TERM, "Preterm or term birth"))
    return tuple(options)


def split(frames: Frames, key: str, outcome: str) -> Split:
    """The groups for one key of `offered` or `curve_splits`."""
    made = {EVER: _ever, OUTCOME: _outcome, COHORT: _cohort, TERM: _term, MAIN_PUMP: _main_pump}
    return made[key](frames, outcome) if key in made else _factor(frames, load_codebook().factors[key])


def _ever(frames: Frames, outcome: str) -> Split:
    rows = frames.sessions
    ever = rows[outcome].groupby(rows["participant_id"], sort=False).max()
    yes, no = f"Ever {words.OUTCOME_WITH[outcome]}", f"Never {words.OUTCOME_WITH[outcome]}"
    labels = ever.map({1.0: yes, 0.0: no})
    label = f"whether people ever had a {words.outcome(outcome)}"
    return Split(EVER, label, PEOPLE, (yes, no), rows["participant_id"].map(labels))


def _outcome(frames: Frames, outcome: str) -> Split:
    yes, no = words.capital(words.OUTCOME_WITH[outcome]), words.capital(words.OUTCOME_NOT[outcome])
    group = frames.sessions[outcome].map({1.0: yes, 0.0: no})
    return Split(OUTCOME, "how the session ended", SESSIONS, (yes, no), group)


def _cohort(frames: Frames, outcome: str) -> Split:
    group = frames.sessions["cohort"]
    names = tuple(sorted(str(name) for name in group.dropna().unique()))
    return Split(COHORT, "cohort", PEOPLE, names, group)


def _term(frames: Frames, outcome: str) -> Split:
    weeks, rows = load_settings()["cohort.term_from_weeks"], frames.sessions
    early, late = f"Before {weeks:g} weeks", f"From {weeks:g} weeks"
    born = first_answers(rows[GESTATION], rows["participant_id"])
    labels = (born >= weeks).map({True: late, False: early}).where(born.notna())
    return Split(TERM, "preterm or term birth", PEOPLE, (early, late), rows["participant_id"].map(labels))


def _main_pump(frames: Frames, outcome: str) -> Split:
    """Each person's most used kind of pump; of two used equally often the codebook's first."""
    factor, rows = load_codebook().factors["pump_type"], frames.sessions
    used = rows.groupby(["participant_id", "pump_type"], sort=False).size().unstack(fill_value=0)
    order = [level for level in factor.levels if level.code in used]
    main = used[[level.code for level in order]].idxmax(axis=1).map({each.code: each.label for each in order})
    shown = tuple(each.label for each in order if (main == each.label).any())
    return Split(MAIN_PUMP, "main pump", PEOPLE, shown, rows["participant_id"].map(main))


def _factor(frames: Frames, factor: Factor) -> Split:
    rows, people = frames.sessions, frames.sessions["participant_id"]
    values = rows[factor.id]
    of = PEOPLE if is_of_people(values, people, factor) else SESSIONS
    if of == PEOPLE:
        values = people.map(first_answers(values, people))
    if factor.levels:
        group = level_labels(values, factor)
        present = set(group.dropna().unique())
        groups = tuple(level.label for level in factor.levels if level.label in present)
        return Split(factor.id, factor.label.lower(), of, groups, group)
    return _by_median(factor, of, values, people)


def level_labels(values: pd.Series, factor: Factor) -> pd.Series:
    """The labels of a factor's answers; a number with levels as the level it falls into."""
    if factor.band_edges and factor.is_numeric:
        values = values.map(factor.band, na_action="ignore")
    labels = {level.code: level.label for level in factor.levels}
    codes, known = pd.factorize(values)
    # The last label is that of what is not known, whose code is -1.
    of_known = np.array([*(labels.get(code) for code in known), None], dtype=object)
    return pd.Series(of_known[codes], index=values.index, name=values.name)


def _by_median(factor: Factor, of: str, values: pd.Series, people: pd.Series) -> Split:
    """A number split where half of the people, or of the sessions, lie on either side."""
    middle = (values.groupby(people).first() if of == PEOPLE else values).median()
    unit = f" {factor.unit}".rstrip()
    low, high = f"Up to {middle:g}{unit}", f"Over {middle:g}{unit}"
    group = (values > middle).map({True: high, False: low}).where(values.notna())
    return Split(factor.id, factor.label.lower(), of, (low, high), group)
