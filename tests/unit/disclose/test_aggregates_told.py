"""Rates from counts in place of cases, of a restricted cohort."""

import pandas as pd
import pytest

from caseseries.disclose.aggregates import told_aggregates


def rates(*rows):
    """Rows of estimates.csv, each (group, statistic, cause, events, n, not evaluable)."""
    names = ["group", "statistic", "cause", "events", "n", "not_evaluable"]
    return pd.DataFrame(rows, columns=names).assign(definition="as_reported", analysis="aggregate")


def told(*rows):
    found = told_aggregates(rates(*rows), 10)
    return [tuple(row) for row in found[["group", "statistic", "events"]].itertuples(index=False)]


RESPONSE = ("all", "response_rate", "", 30, 60, 0)


@pytest.mark.parametrize(
    ("events", "n", "unknown"), [(5, 60, 0), (55, 60, 0), (0, 60, 0), (60, 60, 0), (20, 40, 3), (3, 8, 0)]
)
def test_a_count_of_few_people_is_not_told(events, n, unknown):
    assert told(("all", "response_rate", "", events, n, unknown)) == []


def test_a_part_of_a_told_count_is_not_told_where_few_people_would_be_left():
    near, far = (("all", "complete_response_rate", "", events, 60, 0) for events in (25, 15))
    assert told(RESPONSE, near) == [("all", "response_rate", 30)]
    assert told(RESPONSE, far) == [("all", "response_rate", 30), ("all", "complete_response_rate", 15)]


def test_few_people_of_whom_an_outcome_alone_is_unknown_are_not_told():
    assert told(RESPONSE, ("all", "outcome_rate", "relapse", 20, 55, 0)) == [("all", "response_rate", 30)]


def test_groups_are_told_together_and_not_where_the_rest_is_of_few_people():
    hill, dale = ("hill", "response_rate", "", 15, 30, 0), ("dale", "response_rate", "", 12, 24, 0)
    assert told(hill, dale) == [("hill", "response_rate", 15), ("dale", "response_rate", 12)]
    assert told(RESPONSE, hill, dale) == [("all", "response_rate", 30)]  # six people are in neither
    few = ("dale", "response_rate", "", 5, 30, 0)
    assert told(RESPONSE, hill, few) == [("all", "response_rate", 30)]
    half = ("dale", "response_rate", "", 15, 30, 0)
    assert len(told(RESPONSE, hill, half)) == 3


def test_a_rate_goes_with_its_bounds():
    bounds = [
        ("all", f"response_rate_{name}_case", "", events, 60, 0) for name, events in (("best", 40), ("worst", 20))
    ]
    assert len(told(("all", "response_rate", "", 20, 40, 20), *bounds)) == 3
