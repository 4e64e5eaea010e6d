"""Every worked case, through the engine and through the plain evaluator, each as a test of its own."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from caseseries.model.worked_case import Case
from caseseries.response import load_definitions
from caseseries.response.admit import derive_baseline
from caseseries.response.cases import evidence_of_cases, outcomes_of_cases
from spec import cases
from spec import reference_evaluator as reference

SHIPPED = {definition.id: definition for definition in load_definitions(cases.DEFINITIONS)}
RAW = cases.raw_definitions()
WRITTEN = cases.written_cases()
NAMES = [f"{file}-{case['id']}-{name}" for file, case, name, _ in WRITTEN]


def test_the_catalogue_is_whole():
    assert len(SHIPPED) == 36
    assert set(SHIPPED) == set(RAW)


@cache
def engine_outcomes(name):
    """What the engine makes of every case for one definition, as one cohort."""
    mine = [Case.model_validate({**case, "expect": {}}) for _, case, other, _ in WRITTEN if other == name]
    keys = [(file, case["id"]) for file, case, other, _ in WRITTEN if other == name]
    return dict(zip(keys, outcomes_of_cases(SHIPPED[name], mine), strict=True))


@pytest.mark.parametrize(("file", "case", "name", "expected"), WRITTEN, ids=NAMES)
def test_engine(file, case, name, expected):
    got = engine_outcomes(name)[file, case["id"]]
    for field, value in cases.fields(expected).items():
        assert got[field] == value, field


@pytest.mark.parametrize(("file", "case", "name", "expected"), WRITTEN, ids=NAMES)
def test_plain_evaluator(file, case, name, expected):
    got = reference.evaluate(RAW[name], cases.plain_episode(case))
    for field, value in cases.fields(expected).items():
        assert got[field] == value, field


BASELINES = [(v, rule) for v in cases.read(cases.HERE / "vectors.yaml")["baseline_vectors"] for rule in v["expect"]]


@pytest.mark.parametrize(("vector", "rule"), BASELINES, ids=[f"{v['id']}-{rule}" for v, rule in BASELINES])
def test_baseline(vector, rule):
    case = {"id": vector["id"], "title": "baseline", "counts": vector["counts"], "events": vector["events"]}
    found = derive_baseline(evidence_of_cases([Case.model_validate({**case, "expect": {}})]), rule)
    expected = vector["expect"][rule]
    if expected is None:
        assert np.isnan(found.lo[0])
    else:
        assert round(float(found.lo[0]), 3) == round(float(found.hi[0]), 3) == expected
    plain = reference.Setting({"choices": {"baseline": rule}, "admit": []}, cases.plain_episode(case)).baseline
    assert (plain is None) == (expected is None)
    if plain is not None:
        assert round(plain[0], 3) == expected
