"""Printed numbers with their verdict, found by exact enumeration and by R: arithmetic/cases.yaml, one test a case."""

import json
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
import yaml

from caseseries.cli import main
from caseseries.model.claim import Claim
from caseseries.model.printed import read_p
from caseseries.reconcile.from_print import judge_print
from caseseries.reconcile.grounds import COUNTED, Grounds
from caseseries.reconcile.interval import NAMES as INTERVALS
from caseseries.reconcile.judge import judge_claims
from caseseries.reconcile.p_value import NAMES as TESTS
from caseseries.reconcile.p_value import fitting_tests, p_of_values
from caseseries.reconcile.percent import counts_that_give, sizes_that_give
from caseseries.reconcile.rounding import WORDS
from caseseries.reconcile.system import counts_in_print

HERE = Path(__file__).parent / "arithmetic"
CONFIG = Path(__file__).parents[3] / "config"
CASES = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))["cases"]
SIZES = [case for case in CASES if "n_range" in case["says"]]
VALUES = [case for case in CASES if "values" in case]
ROWS = [case for case in CASES if "data" in case]
PRINT = [case for case in CASES if not any(case in part for part in (SIZES, VALUES, ROWS))]


def ids(cases):
    return [case["id"] for case in cases]


def test_every_case_is_tried():
    assert len(SIZES) + len(VALUES) + len(ROWS) + len(PRINT) == len(CASES) == 125
    assert len(set(ids(CASES))) == 125


def claim_of(case, groups=()):
    keys = ("says", "statistic", "test", "group", "groups", "time", "definition", "cause")
    given = {key: case[key] for key in keys if key in case}
    return {"id": case["id"], "where": "abstract"} | given | ({"groups": list(groups)} if groups else {})


@pytest.mark.parametrize("case", PRINT, ids=ids(PRINT))
def test_print(case):
    """Aggregates that a cohort prints: two groups in their order, or the parts of a whole, or the group itself."""
    printed = case.get("aggregates", [])
    several = case.get("compare") or case.get("whole")
    rows = [
        {"group": f"part {i}" if several else "all", "outcome": "response", "origin": "printed"} | row
        for i, row in enumerate(printed)
    ]
    aggregates = pd.DataFrame(rows, columns=list(COUNTED))
    claim = Claim.model_validate(claim_of(case, [row["group"] for row in rows] if several else ()))
    row = judge_claims([claim], Grounds(aggregates=aggregates))[0]
    assert row["verdict"] == case["verdict"], row["reason"]
    answer = judge_print(claim, counts_in_print([claim], aggregates))
    for key, names in (("modes", WORDS), ("methods", INTERVALS), ("fitting", TESTS)):
        if key in case:
            assert set(answer.fitting) & set(names) == set(case[key])
    if "possible_events" in case:
        assert counts_that_give(claim.says.percent, claim.says.n) == case["possible_events"]
    for name in (*case.get("methods", ()), *case.get("fitting", ())):
        assert (INTERVALS | TESTS)[name] in row["reason"]


@pytest.mark.parametrize("case", SIZES, ids=ids(SIZES))
def test_numbers_of_cases_that_a_percentage_allows(case):
    printed = case["says"]["percent"]
    percents = [Decimal(one) for one in (printed if isinstance(printed, list) else [printed])]
    first, last = case["says"]["n_range"]
    found = sizes_that_give(percents, range(first, last + 1), case["says"].get("events"))
    assert found == case["possible_n"]
    assert bool(found) == (case["verdict"] == "consistent")


@pytest.mark.parametrize("case", VALUES, ids=ids(VALUES))
def test_p_from_single_values(case):
    made = p_of_values(case["values"]["a"], case["values"]["b"])
    fitting = fitting_tests(read_p(case["says"]["p"]), made, case.get("test"))
    assert set(fitting) == set(case.get("fitting", fitting))
    assert bool(fitting) == (case["verdict"] == "reproduced")


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Rows of claims.csv for the cases with rows, by id: two cohorts taken through the stages, claims and all."""
    found = {}
    for data in sorted({case["data"] for case in ROWS}):
        folder = tmp_path_factory.mktemp(data)
        write_cohort(folder / "data" / data, data)
        places = ["--data", str(folder / "data"), "--config", str(CONFIG), "--results", str(folder / "results")]
        for words in (["ingest", data], ["classify", data, "--definitions", "as_reported"], ["estimate", data]):
            assert main([*words, *places]) == 0
        assert main(["reconcile", "--settings", json.dumps({"cohorts": [data], "pools": []}), *places]) == 0
        table = pd.read_csv(folder / "results" / "restricted" / "claims.csv", dtype=str, keep_default_na=False)
        found |= {row["claim"]: row for row in table.to_dict("records")}
    return found


def write_cohort(folder, data):
    folder.mkdir(parents=True)
    rows = pd.read_csv(HERE / f"{data}.csv", dtype=str)
    event = {"remission": "relapse", "recovery": "recovery"}[data]
    rows[["episode_id", "arm"]].to_csv(folder / "episodes.csv", index=False)
    rows.assign(outcome=event)[["episode_id", "outcome", "day", "cause"]].to_csv(folder / "outcomes.csv", index=False)
    claims = [claim_of(case) for case in ROWS if case["data"] == data]
    (folder / "claims.yaml").write_text(yaml.safe_dump({"claims": claims}), encoding="utf-8")
    cohort = {
        "id": data,
        "title": data,
        "citation": "Freireich 1963, Blood 21:699, or simulated",
        "design": "trial",
        "population": "patients",
        "provenance": "transcribed",
        "licence": "facts",
        "disclosure": {"profile": "published", "basis": "The rows are in print."},
        "source_definition": "not_stated",
        "grouped_by": "arm",
        "covariates": [{"name": "arm", "label": "Arm"}],
    }
    (folder / "cohort.yaml").write_text(yaml.safe_dump(cohort), encoding="utf-8")


@pytest.mark.parametrize("case", ROWS, ids=ids(ROWS))
def test_cases(case, judged):
    row = judged[case["id"]]
    assert row["verdict"] == case["verdict"], row["reason"]
    for word in ("log-log", "plain"):
        assert (word in case["why"]) == (f"interval: {word}" in row["reason"])
