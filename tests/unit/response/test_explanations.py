"""Which cases of a cohort are explained, and under which definition."""

from pathlib import Path

import pandas as pd

from caseseries.model.results import EXPLANATIONS
from caseseries.response.definitions import load_definitions
from caseseries.response.explanations import explain_cases
from unit.show.toy_cohorts import FOUR, make_cohort, make_records, make_responses

CATALOGUE = load_definitions(Path(__file__).parents[3] / "config" / "definitions")
RECORDS = make_records(4, **FOUR)


def explained(*classes, cohort=None):
    responses = pd.concat([make_responses(given, name) for name, given in classes])
    return explain_cases(cohort or make_cohort(), RECORDS, responses, CATALOGUE)


def test_cases_with_counts_are_explained_under_the_definition_that_tells_most():
    frame = explained(("plt50_any", ["yes", "NE", "NE", "NE"]), ("iwg2009_single", ["CR", "R", "NE", "NE"]))
    assert tuple(frame.columns) == EXPLANATIONS
    assert set(frame["definition"]) == {"iwg2009_single"}
    assert dict(zip(frame["episode_id"], frame["response_class"], strict=True))["E2"] == "R"
    assert frame["explanation"].str.contains("33").any()


def test_the_authors_rule_comes_first_where_it_can_be_evaluated():
    rule = make_cohort(source_definition="plt50_any")
    classes = ("plt50_any", ["yes", "NE", "NE", "NE"]), ("iwg2009_single", ["CR", "R", "NE", "NE"])
    assert set(explained(*classes, cohort=rule)["definition"]) == {"plt50_any"}


def test_nothing_is_explained_where_nobody_can_be_evaluated_or_days_do_not_count_from_the_dose():
    assert explained(("plt50_any", ["NE"] * 4)).empty
    assert explained(("plt50_any", ["yes"] * 4), cohort=make_cohort(day_zero="birth")).empty
