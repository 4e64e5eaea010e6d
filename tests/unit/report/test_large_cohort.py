"""Of a large cohort the rows of those who are shown are read, and what is said of everybody is still right."""

import pandas as pd
import pytest

from caseseries.model import layout as model_layout
from caseseries.model.config import Config
from caseseries.model.records import read_records
from caseseries.model.results import CLAIMS, read_table
from caseseries.report import study as report_study
from caseseries.report.response_section import evaluable_definitions
from caseseries.report.study import facts_of, read_cohort
from caseseries.response.catalogue import read_catalogue
from unit.response.cohort_folders import Study

EPISODES = "episode_id,pregnant,baseline,follow_up_end_day,reported_response\n"
COUNTS = "episode_id,day,count\n"
EXPOSURES = "episode_id,drug,role,first_day,last_day,dose,dose_unit\n"


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Made up: of A and B, who are shown, nothing but an undated answer is on record; C has counts and a dose."""
    monkeypatch.setattr(model_layout, "LARGE", 0)
    monkeypatch.setattr(report_study, "sample", lambda episodes: list(episodes)[:2])
    return Study(
        tmp_path,
        episodes=EPISODES + "A,yes,,60,\nB,yes,,60,\nC,yes,10,60,R\n",
        counts=COUNTS + "C,7,120\nC,14,130\nC,21,140\n",
        exposures=EXPOSURES + "C,rhTPO,study,0,13,300,U/kg\n",
    ).run()


def read(study):
    claims, config = pd.DataFrame(columns=list(CLAIMS)), Config(cohorts=[study.name])
    return read_cohort(study.name, study.layout, claims, config, read_catalogue(study.layout))


def test_rows_are_those_of_who_is_shown_and_facts_those_of_everybody(study):
    found = read(study)
    assert found.records["episodes"]["episode_id"].tolist() == ["A", "B", "C"]
    assert set(found.responses["episode_id"]) == {"A", "B"}
    assert found.records["counts"].empty and found.records["exposures"].empty
    assert (found.facts.counts, found.facts.doses, found.data) == (True, True, "counts")
    records, responses = read_records(study.layout.records(study.name)), read_table(study.layout.responses(study.name))
    assert found.facts == facts_of(len(records["counts"]) > 0, records["exposures"]["dose"], responses)
    assert "plt50_any" in found.facts.evaluable


def test_definitions_that_can_be_evaluated_are_those_of_the_cohort_read_whole(study, monkeypatch):
    names = [definition.id for definition in read_catalogue(study.layout)]
    about = type("Study", (), {"measures": frozenset(), "definitions": names})()
    large = evaluable_definitions(read(study), about)
    monkeypatch.setattr(report_study, "sample", list)
    assert large == evaluable_definitions(read(study), about) != []
