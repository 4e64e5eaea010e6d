"""Questions about the record of harm: where it says who was looked at, and events that nobody would be counted with."""

import numpy as np
import pandas as pd
import pytest

from caseseries.ingest.adverse_events import check_adverse_events
from caseseries.ingest.source import SourceTable
from caseseries.model.cohort import Cohort


def cohort(said):
    about = {"id": "mine", "title": "Mine", "citation": "None.", "design": "case series", "population": "adults"}
    about |= {"provenance": "registry", "licence": "none", "source_definition": "not_stated"}
    about |= {"disclosure": {"profile": "published", "basis": "made up for a test"}}
    return Cohort(**about, adverse_events_recorded=said)


def table(name, **columns):
    texts = pd.DataFrame(columns, dtype=object)
    return SourceTable(name, texts, np.arange(2, len(texts) + 2), ((0, f"mine/{name}.csv"),))


def asked(said="yes", recorded=None, subjects=(), pregnant=("yes", "no")):
    cases = [f"E{place}" for place in range(len(pregnant))]
    extra = {} if recorded is None else {"adverse_events_recorded": list(recorded)}
    tables = {"episodes": table("episodes", episode_id=cases, pregnant=list(pregnant), **extra)}
    if subjects:
        ids, whom = zip(*subjects, strict=True)
        tables["adverse_events"] = table("adverse_events", episode_id=list(ids), subject=list(whom))
    return [(one.column, one.severity, one.line) for one in check_adverse_events(tables, cohort(said))]


@pytest.mark.parametrize(
    ("said", "recorded", "found"),
    [
        ("by_episode", None, [("adverse_events_recorded", "error", 0)]),
        ("by_episode", ["yes", ""], []),
        ("yes", ["yes", ""], [("adverse_events_recorded", "warning", 0)]),
        ("no", ["", ""], []),
        (["neonate"], None, []),
    ],
)
def test_the_column_is_there_where_it_is_announced_and_read_where_it_is_filled(said, recorded, found):
    assert asked(said, recorded) == found


def test_an_event_of_somebody_whom_the_case_does_not_have_is_asked_about():
    subjects = [("E0", "mother"), ("E0", "patient"), ("E1", "patient"), ("E1", "neonate"), ("E1", "mother")]
    assert [line for _, severity, line in asked(subjects=subjects) if severity == "warning"] == [5, 6, 3]


def test_a_cohort_without_episodes_has_no_such_question():
    assert check_adverse_events({}, cohort("by_episode")) == []
