"""Harm as estimated, as counted a second time in every run, and as the plain second evaluator counts it agree on random
cohorts, bounds and all.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseseries.estimate.safety import estimate_safety
from caseseries.model.drug import load_drugs
from caseseries.model.safety import load_vocabulary
from caseseries.recompute.of_definition import RowsByDefinition
from caseseries.recompute.people import People
from property.test_audit import episodes as dosed
from spec import safety_reference as reference
from spec.audit_cases import cohort_of, records_of

CONFIG = Path(__file__).resolve().parents[2] / "config"
DRUGS, VOCABULARY = load_drugs(CONFIG / "drugs"), load_vocabulary(CONFIG / "safety.yaml")
YES_NO = st.sampled_from([None, "yes", "no"])
TERMS = st.sampled_from(["Pyrexia", "fever", "DVT", "hiccups", "Stroke", "headache", "feeling sick", "rash of a kind"])
ADVERSE = st.tuples(
    st.sampled_from(["mother", "neonate", "patient"]),
    st.sampled_from([None, -1, 0, 5, 40]),
    TERMS,
    st.sampled_from([None, 1, 2, 3, 4]),
    YES_NO,
)
EVENTS = st.fixed_dictionaries(
    {
        "day": st.sampled_from([-1, 0, 3, 7, 14, 21, 28, 35]),
        "kind": st.sampled_from(["rescue", "platelet_transfusion", "stop_drug", "delivery"]),
    }
)
OTHER = st.sampled_from([["platelets", "transfusion", "rescue"], ["prednisone", "corticosteroid", "rescue"]])
NEWBORN = st.sampled_from([None, 20, 49, 50, 99, 100, 150, 200, "<50", ">100"])


@st.composite
def harmed(draw):
    """An episode with doses and counts, and what else befell it."""
    episode = draw(dosed(draw(st.sampled_from(["romiplostim", "romiplostim", "rhtpo"]))))
    pregnant = draw(YES_NO)
    episode |= {"pregnant": pregnant, "sex": "female", "follow_up": draw(st.sampled_from([None, 90]))}
    episode["adverse_events_recorded"] = draw(st.sampled_from(["yes", "yes", "no", None])) or ""
    episode["adverse_events"] = [list(row) for row in draw(st.lists(ADVERSE, max_size=3))]
    bleeding = st.tuples(st.sampled_from([-3, 0, 1, 5]), st.sampled_from([0, 1, 4]), st.integers(0, 4))
    spells = draw(st.none() | st.lists(bleeding, max_size=2))
    episode["bleeding"] = None if spells is None else [[first, first + more, grade] for first, more, grade in spells]
    episode["events"] = episode["events"] + draw(st.lists(EVENTS, max_size=3))
    days = st.sampled_from([None, -2, 0, 4])
    episode["other"] = [[*draw(OTHER), day, day] for day in draw(st.lists(days, max_size=1))]
    if pregnant == "yes":
        episode["covariates"] = {"neonatal_platelets": draw(NEWBORN)}
    return episode


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(harmed(), min_size=1, max_size=5))
def test_harm_is_that_of_the_plain_evaluator(cohort):
    named = {f"E{place}": episode for place, episode in enumerate(cohort)}
    about = cohort_of([*cohort, {"covariates": {"neonatal_platelets": None}}], adverse_events_recorded="by_episode")
    records = records_of(named)
    rows = estimate_safety(about, records, DRUGS, VOCABULARY, 0.95)
    none = RowsByDefinition(pd.DataFrame())
    harms = People(about, records, none, none, [], 0.95, DRUGS, VOCABULARY).harms
    rows = rows[rows["statistic"].str.contains("_rate")]
    rows = rows.set_index(rows["statistic"] + " " + rows["cause"])
    expected = reference.safety(cohort)
    plain = rows[~rows["statistic"].str.contains("_case|per_100")]
    assert set(plain.index) == set(expected)
    for outcome, (events, n, unknown, least, most) in expected.items():
        row = plain.loc[outcome]
        assert [row["events"], row["n"], row["not_evaluable"]] == [events, n, unknown], outcome
        statistic, cause = outcome.split(" ", 1)
        again = harms[statistic, cause].among(np.arange(len(cohort)))
        assert [again.events, again.n, again.everybody - again.n, again.least, again.most] == [
            events,
            n,
            unknown,
            least,
            most,
        ], ("counted again", outcome)
        for case, number in (("best", least), ("worst", most)):
            bound = rows.get("events", pd.Series()).get(f"{statistic}_{case}_case {cause}")
            assert bound == (number if unknown else None), (outcome, case)


def told(values, unknown):
    """What a row says of some values: median, range, how many are known and how many are not."""
    known = [median(values), min(values), max(values)] if values else [None] * 3
    return [*known, len(values), unknown]


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(st.lists(dosed(), min_size=1, max_size=5))
def test_exposure_is_that_of_the_plain_evaluator(cohort):
    records = records_of({f"E{place}": episode for place, episode in enumerate(cohort)})
    rows = estimate_safety(cohort_of(cohort), records, DRUGS, VOCABULARY, 0.95)
    rows = rows[rows["statistic"].isin(["days_on_drug", "cumulative_dose"]) & (rows["group"] == "all")]
    columns = ["estimate", "lower", "upper", "n", "not_evaluable"]
    cells = rows.reindex(columns=columns).astype(object)
    keys = zip(rows["statistic"], rows["cause"], strict=True)
    found = dict(zip(keys, cells.where(cells.notna(), None).to_numpy().tolist(), strict=True))
    exposures = [reference.exposure(episode) for episode in cohort]
    days = [day for day, _ in exposures if day is not None]
    expected = {("days_on_drug", ""): told(days, len(cohort) - len(days))}
    unknown = sum(not doses for _, doses in exposures)
    for cause in sorted({cause for _, doses in exposures for cause in doses}) or [""]:
        doses = [doses[cause] for _, doses in exposures if cause in doses]
        expected["cumulative_dose", cause] = told(doses, unknown)
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        assert found[key] == pytest.approx(values), key
