"""Analysis results: every number of estimates.csv once, in a form that its schema describes."""

import json

import jsonschema
import pandas as pd
import pytest

from caseseries.export.analysis_results import NUMBERED, AnalysisResults, analysis_results
from caseseries.model.cohort import load_cohort
from caseseries.model.results import read_table
from report_project import CATALOGUE, make_project

SCHEMA = CATALOGUE.parents[1] / "docs" / "analysis-results.schema.json"


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    return make_project(tmp_path_factory.mktemp("results")).as_told()


def test_the_schema_is_that_of_the_code():
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == AnalysisResults.model_json_schema()


@pytest.mark.parametrize("cohort", ["alpha-2020", "gamma-2011", "simulated-a"])
def test_every_number_stands_once_and_keeps_to_the_schema(layout, cohort):
    estimates = read_table(layout.estimates(cohort))
    written = json.loads(analysis_results(load_cohort(layout.cohort(cohort)), estimates))
    jsonschema.validate(written, AnalysisResults.model_json_schema())
    assert written["synthetic"] == (cohort == "simulated-a")
    found = pd.DataFrame(written["results"], columns=["stat_name", "stat"])
    for name in NUMBERED:
        wanted = estimates[name].dropna().tolist()
        assert found.loc[found["stat_name"] == name, "stat"].tolist() == wanted
