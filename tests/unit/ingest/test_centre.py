"""Rates of another centre as aggregates: every definition, each rate once, nothing that is no rate."""

from pathlib import Path

import pandas as pd
import pytest

from caseseries.ingest.centre import read_estimates
from caseseries.ingest.folder import examine
from caseseries.model.layout import Layout
from caseseries.model.results import ESTIMATES

COHORT = """\
id: other-centre
title: SYNTHETIC centre
citation: SYNTHETIC
design: simulation
population: SYNTHETIC patients
provenance: synthetic
licence: CC0-1.0
disclosure: {profile: synthetic, basis: No person stands behind any row.}
source_definition: not_stated
"""
KEY = ["definition", "outcome"]


def row(definition, events, n, not_evaluable, **more):
    return {
        "cohort": "other-centre",
        "group": "all",
        "definition": definition,
        "analysis": "primary",
        "statistic": "response_rate",
        "method": "Wilson",
        "events": str(events),
        "n": str(n),
        "not_evaluable": str(not_evaluable),
    } | more


ROWS = [
    row("iwg2009_confirmed", 7, 9, 3),
    row("iwg2009_confirmed", 7, 9, 3, method="Clopper-Pearson"),
    row("iwg2009_confirmed", 10, 12, 0, statistic="response_rate_best_case"),
    row("iwg2009_confirmed", 7, 12, 0, statistic="response_rate_worst_case"),
    row("iwg2009_confirmed", 8, 11, 3, analysis="all_episodes"),
    row("iwg2009_confirmed", 4, 9, 3, statistic="complete_response_rate"),
    row("as_reported", 9, 12, 0),
    row("as_reported", 5, 6, 0, group="A"),
    row("as_reported", 1, 12, 0, statistic="outcome_rate", cause="dizziness", analysis="aggregate"),
    row("soap2021_confirmed", 0, 0, 12, note="nobody evaluable"),
    row("ava_cum_weeks", "", 12, 0, statistic="median_value"),
    row("iwg2009_confirmed", 7, 9, "", statistic="median_time", cause="response"),
]


def folder_with(folder: Path, rows) -> Path:
    cohort = folder / "other-centre"
    cohort.mkdir()
    (cohort / "cohort.yaml").write_text(COHORT)
    pd.DataFrame(rows).reindex(columns=list(ESTIMATES)).to_csv(cohort / "estimates.csv", index=False)
    return cohort


def errors(folder: Path) -> list[str]:
    return [str(finding) for finding in examine(folder, Layout()).findings if finding.severity == "error"]


def test_every_definition_comes_in_once_with_what_could_not_be_evaluated(tmp_path):
    table, findings = read_estimates(folder_with(tmp_path, ROWS))
    assert findings == []
    columns = ["group", *KEY, "events", "n", "not_evaluable", "origin"]
    assert table.texts[columns].to_numpy().tolist() == [
        ["all", "iwg2009_confirmed", "response", "7", "9", "3", "estimates"],
        ["all", "iwg2009_confirmed", "complete_response", "4", "9", "3", "estimates"],
        ["all", "as_reported", "response", "9", "12", "0", "estimates"],
        ["A", "as_reported", "response", "5", "6", "0", "estimates"],
        ["all", "as_reported", "dizziness", "1", "12", "0", "estimates"],
        ["all", "soap2021_confirmed", "response", "0", "0", "12", "estimates"],
    ]
    assert table.lines.tolist() == [2, 7, 8, 9, 10, 11]


def test_the_file_is_checked_like_any_other_and_may_stand_alone(tmp_path):
    assert errors(folder_with(tmp_path, ROWS)) == []


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"events": "10"}, "estimates.csv, line 2, events: events must not exceed n"),
        ({"not_evaluable": "-1"}, "estimates.csv, line 2, not_evaluable: the value must be 0 or more (for example: 2)"),
        (
            {"definition": ""},
            "estimates.csv, line 2, definition: origin estimates needs the id of the definition under "
            "which the cases were counted (for example: iwg2009_confirmed)",
        ),
        ({"group": "Jane Roe, jane@example.org"}, "estimates.csv, line 2, group: "),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(tmp_path, fault, message):
    found = errors(folder_with(tmp_path, [ROWS[0] | fault]))
    assert any(f"other-centre/{message}" in line for line in found), found
    assert not any("jane@" in line for line in found)


def test_a_file_without_a_rate_is_refused(tmp_path):
    assert errors(folder_with(tmp_path, ROWS[-2:])) == [
        "other-centre/estimates.csv, statistic: the file holds no rate of the main analysis (response_rate, "
        "complete_response_rate, outcome_rate) (for example: response_rate)"
    ]
