"""Every worked case of the audit, each as a test of its own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.model.drug import load_drugs
from spec.audit_cases import WRITTEN, cohort_of, records_of

DRUGS = load_drugs(Path(__file__).resolve().parents[2] / "config" / "drugs")
VECTORS = {vector["id"]: vector for vector in WRITTEN["vectors"]}
DOSED = [vector["id"] for vector in WRITTEN["vectors"] if "dosing" in vector["expect"]]
ASKED = [vector["id"] for vector in WRITTEN["vectors"] if "eligibility" in vector["expect"]]
LABELS = {"romiplostim": ["eu_old", "us"], "rhtpo": ["fixed_15000", "pregnancy_nct02391272"], "eltrombopag": ["us"]}


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
    for label, rules in vector["expect"]["dosing"].items():
        for shown in LABELS[drug] if label == "all" else [label]:
            for rule, expected in rules.items():
                found = rows[(rows["label"] == shown) & (rows["rule"] == rule)]
                got = [
                    [None if day != day else int(day), verdict]
                    for day, verdict in zip(found["day"].astype(float), found["verdict"], strict=True)
                ]
                assert got == expected, (shown, rule)


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
