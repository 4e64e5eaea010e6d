"""Adverse events of single cases: counted once, by episode, with a share only where it means something."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from caseseries.estimate.adverse_events import count_adverse_events
from caseseries.model.cohort import Cohort
from caseseries.model.records import Records, empty_table, type_table

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
}


def found(events, persons=("P1", "P2", "P3", "P4"), **more):
    """Rows for episodes E1, E2 ... of some persons; events are (episode, day, subject, term), all made up."""
    episodes = [{"episode_id": f"E{place}", "patient_id": person} for place, person in enumerate(persons, start=1)]
    tables = {"episodes": type_table("episodes", pd.DataFrame(episodes, dtype=str))}
    columns = ["episode_id", "day", "subject", "term"]
    given = pd.DataFrame(events, columns=columns, dtype=str)
    tables["adverse_events"] = type_table("adverse_events", given) if events else empty_table("adverse_events")
    return count_adverse_events(Cohort.model_validate(FIELDS | more), Records("some-2020", tables), 0.95)


def test_events_and_the_episodes_that_had_them_are_counted():
    frame = found([("E1", "3", "mother", "headache"), ("E1", "9", "mother", "headache"), ("E2", "", "neonate", "rash")])
    (number,) = frame[frame["statistic"] == "adverse_events"].itertuples()
    assert (number.events, number.n, number.method) == (3, 4, "count")
    exact = frame[frame["method"] == "Clopper-Pearson"].set_index(["statistic", "cause"])
    assert exact["events"].to_dict() == {
        ("adverse_event_rate", ""): 2,
        ("adverse_event_rate_mother", ""): 1,
        ("adverse_event_rate_neonate", ""): 1,
        ("adverse_event_rate_mother", "headache"): 1,
        ("adverse_event_rate_neonate", "rash"): 1,
    }
    limits = binomtest(2, 4).proportion_ci(0.95)
    row = exact.loc[("adverse_event_rate", "")]
    assert [row["lower"], row["upper"]] == pytest.approx([limits.low, limits.high])


def test_an_event_entered_twice_is_one_event():
    twice = [("E1", "3", "mother", "headache")] * 2
    frame = found(twice).set_index("statistic")
    assert frame.loc["adverse_events", "events"] == 1
    another_day = found([*twice, ("E1", "4", "mother", "headache")]).set_index("statistic")
    assert another_day.loc["adverse_events", "events"] == 2


def test_selected_cases_have_counts_and_no_shares():
    frame = found([("E1", "3", "mother", "headache")], selected_for="success")
    rates = frame[frame["statistic"] != "adverse_events"]
    assert rates["estimate"].isna().all()
    assert set(rates["events"]) == {1}
    assert set(rates["note"]) == {"no share: the cases were selected, and silence on harm is not its absence"}


def test_several_episodes_of_a_person_have_a_share_without_an_interval():
    frame = found([("E1", "3", "mother", "headache")], persons=("P1", "P1", "P2"))
    assert set(frame["analysis"]) == {"all_episodes"}
    rate = frame[frame["statistic"] == "adverse_event_rate"].iloc[0]
    assert rate["estimate"] == pytest.approx(1 / 3)
    assert "lower" not in rate or pd.isna(rate["lower"])


def test_nothing_recorded_is_no_estimate_of_none():
    assert found([]).empty
