"""The closed list of methods: nothing else is written, and its words are those of the estimators."""

import pandas as pd
import pytest

from caseseries.estimators import compare, meta_analysis
from caseseries.estimators.clustered import bootstrap_rate, gee_rate
from caseseries.estimators.competing import time_lost
from caseseries.estimators.proportion import newcombe
from caseseries.estimators.regression import firth_cox, firth_logistic
from caseseries.estimators.survival import restricted_mean
from caseseries.model import methods as m
from caseseries.model.results import ESTIMATES, write_table


def test_only_a_name_of_the_list_is_written(tmp_path):
    row = pd.DataFrame([{"method": "Wilson"}]).reindex(columns=list(ESTIMATES))
    write_table(row, tmp_path / "estimates.csv", ESTIMATES)
    with pytest.raises(ValueError, match="for example: Wilson"):
        write_table(row.assign(method="Wilson; 38 persons"), tmp_path / "estimates.csv", ESTIMATES)


def test_the_words_are_those_of_the_estimators():
    made = {
        m.GEE: gee_rate([1, 0], [1, 2]).method,
        m.BOOTSTRAP: bootstrap_rate([1, 0], [1, 2]).method,
        m.NEWCOMBE: newcombe(1, 2, 1, 2).method,
        m.FISHER: compare.fisher(1, 2, 1, 2).method,
        m.RANDOM_INTERCEPT: meta_analysis.GLMM,
        m.INVERSE_VARIANCE: meta_analysis.INVERSE_VARIANCE,
        m.PREDICTION: meta_analysis.PREDICTION_RULE,
        m.TYPICAL_VARIANCE: meta_analysis.I2_RULE,
        m.AALEN_JOHANSEN_AREA: time_lost([1, 2], [1, 0], 2).method,
        m.FIRTH_LOGISTIC: firth_logistic([1, 0], [1, 2]).method,
    }
    assert {name: m.METHODS[name] for name in made} == made
    assert m.METHODS[m.FIRTH_COX] == f"{firth_cox([1, 2], [1, 0], [1, 2]).method}; {m.CENSORING}"
    assert m.METHODS[m.KAPLAN_MEIER_AREA] == restricted_mean([1, 2], [1, 0], 2).method
