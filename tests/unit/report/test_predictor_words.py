"""What is said of the declared predictor: its ratio with its unit, or why there is none."""

import numpy as np
import pandas as pd
import pytest

from caseseries.report.predictor_words import predictor_sentences


class Rows:
    """The one thing that the sentences ask of a cohort's study."""

    def __init__(self, row, test=None):
        self.row, self.test = row, test

    def rows(self, statistic, **same):
        if statistic == "proportional_hazards":
            return pd.DataFrame([self.test] if self.test else [])
        return pd.DataFrame([self.row | {"statistic": statistic} | same])


def found(**row):
    return Rows({"level": 0.95, "lower": 0.985, "upper": 1.1249, "estimate": 1.0549, "note": ""} | row)


@pytest.mark.parametrize(
    ("study", "statistic", "text"),
    [
        (
            found(contrast="age, for each year more", method="Firth Cox regression"),
            "hazard_ratio",
            "Hazard ratio of response by age, for each year more: 1.05 (95 % interval 0.99 to 1.12; "
            "nothing else is adjusted for).",
        ),
        (
            found(contrast="arm, Beta against Alpha", method="Firth logistic regression"),
            "odds_ratio",
            "Odds ratio of response by arm, Beta against Alpha: 1.05 (95 % interval 0.99 to 1.12; "
            "nothing else is adjusted for).",
        ),
        (
            found(contrast="age", estimate=np.nan, note="not fitted: 2 responders for 1 coefficient"),
            "odds_ratio",
            "Response is not set against age (not fitted: 2 responders for 1 coefficient).",
        ),
    ],
)
def test_sentences(study, statistic, text):
    assert predictor_sentences(study, statistic, "as_reported", "response") == text


@pytest.mark.parametrize(
    ("test", "text"),
    [
        ({"estimate": 0.34, "note": ""}, "Nothing speaks against one ratio by age for all times (p = 0.34)."),
        (
            {"estimate": 0.012, "note": ""},
            "The ratio by age changes with time (p = 0.012): it is a mean over the time observed.",
        ),
        (
            {"estimate": np.nan, "note": "not tested: it does not converge"},
            "Whether the ratio by age is the same at all times could not be tested (not tested: it does not converge).",
        ),
        ({"estimate": 0.34, "note": "", "n": 9}, ""),
    ],
)
def test_the_test_of_proportional_hazards_stands_behind_the_ratio(test, text):
    row = found(contrast="age", method="Firth Cox regression").row
    said = predictor_sentences(
        Rows(row, {"contrast": "age", "n": 20} | test), "hazard_ratio", "as_reported", "response"
    )
    assert said.partition("adjusted for).")[2].strip() == text
