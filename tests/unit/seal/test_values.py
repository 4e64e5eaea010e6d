"""Values that moved between two releases, as a reader would name them."""

import pandas as pd
import pytest

from caseseries.model.results import ESTIMATES, write_table
from caseseries.seal.values import COLUMNS, moved_claims, moved_values, sealed_values, values_of

RATE = {
    "cohort": "kong-2017",
    "group": "all",
    "definition": "as_reported",
    "analysis": "primary",
    "statistic": "response_rate",
    "method": "Wilson",
    "estimate": 23 / 31,
    "lower": 0.57,
    "upper": 0.86,
    "events": 23,
    "n": 31,
}


def values(*rows):
    return pd.DataFrame([RATE | row for row in rows]).reindex(columns=list(COLUMNS))


def test_nothing_moves_between_equals():
    assert moved_values(values({}, {"method": "Clopper-Pearson"}), values({}, {"method": "Clopper-Pearson"})) == {}


def test_a_rate_is_told_once_as_its_counts_whatever_interval_it_has():
    now = {"events": 24, "estimate": 24 / 31}
    moved = moved_values(values({}, {"method": "Clopper-Pearson"}), values(now, {"method": "Clopper-Pearson"} | now))
    assert moved == {"kong-2017": ["as reported: 23 of 31 -> 24 of 31"]}


@pytest.mark.parametrize(
    ("row", "now", "line"),
    [
        ({"lower": 0.5}, {"lower": 0.6}, "as reported: 0.7419354839 (0.5 to 0.86) -> 0.7419354839 (0.6 to 0.86)"),
        ({"group": "A"}, {"group": "A", "events": 0}, "as reported, A: 23 of 31 -> 0 of 31"),
        (
            {"statistic": "median_time", "cause": "response", "estimate": 7.0},
            {"statistic": "median_time", "cause": "response", "estimate": 8.0},
            "as reported, median time of response: 7 -> 8",
        ),
    ],
)
def test_what_moved_is_named(row, now, line):
    assert moved_values(values(row), values(now)) == {"kong-2017": [line]}


def test_a_value_that_came_or_went_is_named():
    assert moved_values(values({}), values()) == {"kong-2017": ["as reported: 23 of 31 -> absent"]}
    assert moved_values(values(), values({})) == {"kong-2017": ["as reported: absent -> 23 of 31"]}


def test_a_release_without_its_list_of_values_is_read_from_its_cohorts(tmp_path):
    for cohort in ("b", "a"):
        frame = pd.DataFrame([RATE | {"cohort": cohort}]).reindex(columns=list(ESTIMATES))
        write_table(frame, tmp_path / cohort / "estimates.csv", ESTIMATES)
    assert values_of(tmp_path)["cohort"].tolist() == ["a", "b"]
    write_table(values({}), tmp_path / "values.csv", COLUMNS)
    assert sealed_values(tmp_path)["cohort"].tolist() == ["kong-2017"]


def claims(**more):
    row = {"cohort": "kong-2017", "claim": "responders", "published": "23 of 31", "ours": "23 of 31"}
    return pd.DataFrame([row | {"verdict": "consistent", "reason": "23 of 31 is 74.2 %"} | more])


def test_claims_are_compared_by_number_and_verdict_and_not_by_their_sentence():
    assert moved_claims(claims(), claims(reason="otherwise said")) == {}
    moved = moved_claims(claims(), claims(ours="", verdict="not_derivable"))
    line = "claim responders: 23 of 31, ours 23 of 31, consistent -> 23 of 31, none of ours, not derivable"
    assert moved == {"kong-2017": [line]}
    gone = moved_claims(claims(), claims().iloc[:0])
    assert gone == {"kong-2017": ["claim responders: 23 of 31, ours 23 of 31, consistent -> absent"]}
