"""What is said of the declared predictor: its ratio with its unit, or why there is none."""

import numpy as np
import pandas as pd
import pytest

from caseseries.model.cohort import Cohort
from caseseries.report.predictor_words import predictor_sentences

FIELDS = {
    "id": "some-2020",
    "title": "t",
    "citation": "c",
    "design": "d",
    "population": "p",
    "provenance": "transcribed",
    "licence": "l",
    "source_definition": "not_stated",
    "disclosure": {"profile": "published", "basis": "everything is in print"},
    "covariates": [{"name": "arm", "label": "Arm"}],
}


class Found:
    """The two things that the sentences ask of a cohort's evidence."""

    def __init__(self, predictor, **row):
        self.cohort = Cohort.model_validate(FIELDS | {"predictor": predictor})
        self.row = {"level": 0.95, "lower": 0.985, "upper": 1.1249, "estimate": 1.0549} | row

    def rows(self, statistic, **same):
        return pd.DataFrame([self.row | {"statistic": statistic} | same])


@pytest.mark.parametrize(
    ("found", "statistic", "text"),
    [
        (
            Found("age_years", group="age_years", method="Firth Cox regression, Breslow ties"),
            "hazard_ratio",
            "Hazard ratio of response by age, for each year more: 1.05 (95 % interval 0.99 to 1.12, "
            "Firth Cox regression; nothing else is adjusted for).",
        ),
        (
            Found("prior_lines", group="prior_lines", method="Firth logistic regression, profile"),
            "odds_ratio",
            "Odds ratio of response by earlier lines of treatment, for each unit more: 1.05 (95 % interval 0.99 "
            "to 1.12, Firth logistic regression; nothing else is adjusted for).",
        ),
        (
            Found("arm", group="arm: Beta", method="Firth logistic regression, profile"),
            "odds_ratio",
            "Odds ratio of response by arm, Beta against the first: 1.05 (95 % interval 0.99 to 1.12, Firth logistic "
            "regression; nothing else is adjusted for).",
        ),
        (
            Found(
                "age_years",
                group="age_years",
                estimate=np.nan,
                method="Firth logistic regression, profile not fitted: 2 responders for 1 coefficient, fewer than 5 "
                "for each",
            ),
            "odds_ratio",
            "Response is not set against age: 2 responders for 1 coefficient, fewer than 5 for each.",
        ),
    ],
)
def test_sentences(found, statistic, text):
    assert predictor_sentences(found, statistic, "as_reported", "response") == text
