"""Who did not answer: counts, small groups hidden, and what would give a hidden one away."""

import pandas as pd
import pytest

from pipelines.evidence.data_dictionary import OWN_RECORD, _here
from pipelines.evidence.missing import _counted, _groups, _row, missing_answers
from pipelines.evidence.table_variables import variables
from tests.unit.analysis.study import CODEBOOK
from tests.unit.evidence.people import frames


def people(sizes):
    cohorts = [name for name, size in sizes.items() for _ in range(size)]
    return pd.DataFrame({"cohort": cohorts, "share": 0.1}, index=[f"p{at}" for at in range(len(cohorts))])


def answered(frame, without):
    """Everybody answered but the first so many of each cohort."""
    place = frame.groupby("cohort").cumcount()
    return place >= frame["cohort"].map(without)


def test_a_question_says_how_many_gave_no_answer_and_what_their_sessions_were_like():
    frame = people({"A": 40, "B": 40})
    known = answered(frame, {"A": 10, "B": 20})
    frame.loc[~known, "share"] = 0.2
    row = _row(_counted(CODEBOOK.factors["parity"], known, frame, 10), "no_milk", 10)
    assert row.sentence.startswith("30 of 80 people gave no answer")
    assert "20\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}100 were without milk" in row.sentence
    assert row.cohorts == "A 25\N{NO-BREAK SPACE}%; B 50\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("without", [1, 9, 71, 79])
def test_few_with_or_without_an_answer_stay_hidden(without):
    frame = people({"A": 80})
    known = answered(frame, {"A": without})
    row = _row(_counted(CODEBOOK.factors["parity"], known, frame, 10), "no_milk", 10)
    assert row.sentence.startswith("Hidden") and str(without) not in row.sentence.replace("fewer than 10", "")


def test_a_hidden_cohort_takes_another_with_it():
    frame = people({"A": 40, "B": 40, "C": 40})
    known = answered(frame, {"A": 3, "B": 15, "C": 20})
    hidden = {name for name, _, is_hidden in _groups(known, frame, 10) if is_hidden}
    assert hidden >= {"A", "B"} and "C" not in hidden


def test_who_left_is_the_studys_own_record_and_nowhere_an_open_question():
    study = frames()
    first = study.sessions["participant_id"].str[1:].astype(int) < 20
    study.sessions["withdrawn"] = first.map({True: "yes", False: None})
    study.sessions["weaning"] = study.sessions["withdrawn"]
    found = missing_answers(study, "no_milk")
    assert found.title.endswith("said nothing on weaning")
    assert "withdrawn" not in {row[0] for row in found.numbers.rows}
    assert "withdrawn" not in {variable.name for variable in variables(study)}
    assert _here(CODEBOOK.factors["withdrawn"], 40, 80, 10) == (None, OWN_RECORD)
