"""Every worked case of the audit, each as a test of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.estimate.safety import estimate_safety
from caseseries.model.drug import load_drugs
from caseseries.model.safety import load_vocabulary
from spec import audit_reference as reference
from spec import safety_reference as harm_reference
from spec.audit_cases import WRITTEN, cohort_of, records_of

CONFIG = Path(__file__).resolve().parents[2] / "config"
DRUGS, VOCABULARY = load_drugs(CONFIG / "drugs"), load_vocabulary(CONFIG / "safety.yaml")
VECTORS = {vector["id"]: vector for vector in WRITTEN["vectors"]}
DOSED = [vector["id"] for vector in WRITTEN["vectors"] if "dosing" in vector["expect"]]
ASKED = [vector["id"] for vector in WRITTEN["vectors"] if "eligibility" in vector["expect"]]
LABELS = {"romiplostim": ["eu_old", "us"], "rhtpo": ["fixed_15000", "pregnancy_nct02391272"], "eltrombopag": ["us"]}


def expected_rows(name):
    """Label, rule and the rows that a case expects of it."""
    vector = VECTORS[name]
    labels = LABELS[vector.get("drug", "romiplostim")]
    for label, rules in vector["expect"]["dosing"].items():
        for shown in labels if label == "all" else [label]:
            yield from ((shown, rule, rows) for rule, rows in rules.items())


@cache
def dosing():
    vectors = {name: VECTORS[name] for name in DOSED}
    return dosing_table(cohort_of(list(vectors.values())), records_of(vectors), DRUGS)


@pytest.mark.parametrize("name", DOSED)
def test_dosing(name):
    vector = VECTORS[name]
    drug = vector.get("drug", "romiplostim")
    rows = dosing()[dosing()["episode_id"] == name]
    assert sorted(rows["label"].unique()) == LABELS[drug]
    assert set(rows["drug"]) == {drug}
    for label, rule, expected in expected_rows(name):
        found = rows[(rows["label"] == label) & (rows["rule"] == rule)]
        days = [None if pd.isna(day) else int(day) for day in found["day"]]
        assert [list(row) for row in zip(days, found["verdict"], strict=True)] == expected, (label, rule)


@pytest.mark.parametrize("name", DOSED)
def test_dosing_by_the_plain_evaluator(name):
    rows = reference.dosing(VECTORS[name])
    for label, rule, expected in expected_rows(name):
        found = [[day, verdict] for shown, named, day, verdict in rows if (shown, named) == (label, rule)]
        assert sorted(found, key=str) == sorted(expected, key=str), (label, rule)


@cache
def eligibility():
    vectors = {name: VECTORS[name] for name in ASKED}
    return eligibility_table(cohort_of(list(vectors.values())), records_of(vectors), DRUGS)


@pytest.mark.parametrize("name", ASKED)
def test_eligibility(name):
    drug = VECTORS[name].get("drug", "romiplostim")
    rows = eligibility()[eligibility()["episode_id"] == name]
    assert list(rows["clause"]) == [clause.clause for clause in DRUGS[drug].eligibility]
    found = dict(zip(rows["clause"], rows["verdict"], strict=True))
    expected = VECTORS[name]["expect"]["eligibility"]
    assert {clause: found[clause] for clause in expected} == expected


@pytest.mark.parametrize("name", ASKED)
def test_eligibility_by_the_plain_evaluator(name):
    found = reference.eligibility(VECTORS[name])
    expected = VECTORS[name]["expect"]["eligibility"]
    assert {clause: found[clause] for clause in expected} == expected


HARMS = {vector["id"]: vector for vector in WRITTEN["safety_vectors"]}


@pytest.mark.parametrize("name", HARMS)
def test_safety(name):
    episodes = {f"{name}-{place}": episode for place, episode in enumerate(HARMS[name]["episodes"])}
    cohort = cohort_of(list(episodes.values()), adverse_events_recorded="by_episode")
    rows = estimate_safety(cohort, records_of(episodes), DRUGS, VOCABULARY, 0.95)
    rows = rows[(rows["group"] == "all") & (rows["analysis"] == "primary")].drop_duplicates(["statistic", "cause"])
    found = {f"{row.statistic} {row.cause}": [row.events, row.n, row.not_evaluable] for row in rows.itertuples()}
    expected = HARMS[name]["expect"]
    assert {outcome: found[outcome] for outcome in expected} == expected


@pytest.mark.parametrize("name", HARMS)
def test_safety_by_the_plain_evaluator(name):
    found = harm_reference.safety(HARMS[name]["episodes"])
    expected = HARMS[name]["expect"]
    assert {outcome: found[outcome][:3] for outcome in expected} == expected
