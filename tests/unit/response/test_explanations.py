"""Which cases of a cohort are explained, and under which definition."""

from pathlib import Path

import pandas as pd

from caseseries.model.results import EXPLAINED_COUNTS, EXPLANATIONS
from caseseries.response.definitions import load_definitions
from caseseries.response.explanations import evaluable, explain_cases, tabulate_cases, tabulate_counts
from unit.show.toy_cohorts import FOUR, make_cohort, make_records, make_responses

CATALOGUE = load_definitions(Path(__file__).parents[3] / "config" / "definitions")
RECORDS = make_records(4, **FOUR)


def explained(*classes, cohort=None):
    responses = pd.concat([make_responses(given, name) for name, given in classes])
    return explain_cases(cohort or make_cohort(), RECORDS, evaluable(responses), CATALOGUE)


def test_cases_with_counts_are_explained_under_the_definition_that_tells_most():
    told = explained(("plt50_any", ["yes", "NE", "NE", "NE"]), ("iwg2009_single", ["CR", "R", "NE", "NE"]))
    frame = tabulate_cases(told)
    assert tuple(frame.columns) == EXPLANATIONS
    assert set(frame["definition"]) == {"iwg2009_single"}
    assert set(frame["response_class"]) <= {"CR", "R", "NR", "NE"}
    assert frame["sentence"].str.contains("Not evaluable: ").any()


def test_every_count_of_an_explained_case_is_told_with_what_became_of_it():
    frame = tabulate_counts(explained(("iwg2009_single", ["CR", "R", "NE", "NE"])))
    assert tuple(frame.columns) == EXPLAINED_COUNTS
    assert len(frame) == len(RECORDS["counts"])
    left, used = frame[frame["left_out"] != ""], frame[frame["left_out"] == ""]
    assert len(left) and set(left["criteria"]) == {""} and set(left["deciding"]) == {""}
    assert used["criteria"].str.contains("R: (?:yes|no)").any()
    assert "120" in set(frame.loc[frame["deciding"] == "yes", "written"])


def test_the_authors_rule_comes_first_where_it_can_be_evaluated():
    rule = make_cohort(source_definition="plt50_any")
    classes = ("plt50_any", ["yes", "NE", "NE", "NE"]), ("iwg2009_single", ["CR", "R", "NE", "NE"])
    assert {one.definition.id for one in explained(*classes, cohort=rule)} == {"plt50_any"}


def test_nothing_is_explained_where_nobody_can_be_evaluated_or_days_do_not_count_from_the_dose():
    assert explained(("plt50_any", ["NE"] * 4)) == []
    assert explained(("plt50_any", ["yes"] * 4), cohort=make_cohort(day_zero="birth")) == []
