"""What the report says of a cohort that is known only from another centre's rates."""

from dataclasses import replace

import pandas as pd

from caseseries.estimate.definition_counts import count_definitions
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.config import Config
from caseseries.model.records import Records, empty_table
from caseseries.model.results import CLAIMS, DESCRIPTION, ESTIMATES, QUERIES, RESPONSES
from caseseries.report.response_section import evaluable_definitions, rule_sentence, standard_definitions
from caseseries.report.study import CohortResults, Study


def empty(columns) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


def sent(folder, rows) -> tuple[CohortResults, Study]:
    """Study of a cohort of rates (definition, evaluable) alone."""
    cohort = Cohort.model_validate(
        {
            "id": "other-centre",
            "title": "t",
            "citation": "c",
            "design": "d",
            "population": "p",
            "licence": "l",
            "provenance": "registry",
            "source_definition": "not_stated",
            "disclosure": {"profile": "restricted", "basis": "summaries alone are sent"},
        }
    )
    rates = [
        {"definition": definition, "n": n, "statistic": "response_rate", "analysis": "aggregate"}
        for definition, n in rows
    ]
    found = CohortResults(
        cohort,
        folder,
        pd.DataFrame(rates).reindex(columns=list(ESTIMATES)),
        empty(DESCRIPTION),
        empty(CLAIMS),
        empty(RESPONSES),
        empty(QUERIES),
        Records("other-centre", {name: empty_table(name) for name in TABLES}),
    )
    found = replace(found, definition_counts=count_definitions(found.responses, found.estimates, []))
    config = Config(cohorts=["other-centre"])
    return found, Study(config, {"other-centre": found}, empty(ESTIMATES), {}, {}, folder)


def test_definitions_of_another_centre_count_as_evaluated(tmp_path):
    found, study = sent(tmp_path, [("as_reported", 9), ("iwg2009_confirmed", 9), ("soap2021_confirmed", 0)])
    assert standard_definitions(found, study) == ["iwg2009_confirmed", "soap2021_confirmed"]
    assert evaluable_definitions(found, study) == ["iwg2009_confirmed"]
    assert "1 of 2" in rule_sentence(found, study)


def test_printed_totals_leave_no_definition_to_evaluate(tmp_path):
    found, study = sent(tmp_path, [("as_reported", 9)])
    assert evaluable_definitions(found, study) == []
    assert rule_sentence(found, study) == "Single cases were not recorded."
