"""Texts that a spreadsheet would run as formulas."""

import pytest

from caseseries.model.cohort import Cohort
from caseseries.model.findings import BadInput
from caseseries.model.text import as_cell, runs_as_formula
from caseseries.model.yaml_file import RUN, check_model, parse_yaml, texts_that_run

COHORT = """id: formula-labels
title: "=1+2"
citation: None.
design: case series
population: adults
provenance: synthetic
licence: CC0-1.0
disclosure: {profile: synthetic, basis: Nobody stands behind a row.}
source_definition: not_stated
grouped_by: site
covariates:
  - {name: site, label: "+Site", levels: {"@alice": first}}
mapping:
  sources: [{table: counts, file: source/counts.csv, missing: ["-"], columns: {episode_id: "@id", day: day}}]
"""


@pytest.mark.parametrize("text", ["=1+2", "@sum(2)", "+1", "-", "\t=1", " =1", "＝1", "-5 to 3", "=cmd|' /C calc'!A0"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert runs_as_formula(text)
    assert as_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1+1", "-3", "-3.5", "-1e-05", "5 - 3", "≥ 30", "'=1"])
def test_numbers_and_words_stay(text):
    assert not runs_as_formula(text)
    assert as_cell(text) == text


def test_a_configuration_whose_texts_would_run_is_refused_without_naming_a_value_of_the_records():
    data, lines = parse_yaml(COHORT, "cohort.yaml")
    with pytest.raises(BadInput) as refused:
        check_model(Cohort, data, lines, "cohort.yaml")
    said = [finding for finding in refused.value.findings if finding.rule == RUN]
    assert [finding.column for finding in said] == ["title", "covariates.0.label", "covariates.0.levels"]
    assert "alice" not in str(refused.value)


def test_words_of_a_source_may_begin_as_they_do():
    assert list(texts_that_run({"mapping": {"missing": ["-", "=x"]}, "title": "A series"})) == []
