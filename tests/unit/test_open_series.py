"""Open data sets of other fields, through the stages: what R gives of the same rows.

R 4.2.2, survival 3.5-3, log-log limits; cmprsk for Gray's test.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from caseseries.cli import main
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.model.layout import Layout
from caseseries.model.results import read_table
from caseseries.response import classify
from caseseries.response.definition_files import load_definitions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def estimates(tmp_path_factory):
    """Estimates of the cohorts with times, by their id."""
    layout = Layout(ROOT / "data", ROOT / "config", tmp_path_factory.mktemp("open"))
    places = ["--data", str(layout.data), "--config", str(layout.config), "--results", str(layout.results)]
    found = {}
    for cohort in ("moss-2012", "sobecks-2011", "vuong-2024"):
        assert main(["ingest", cohort, *places]) == 0
        assert main(["classify", cohort, "--definitions", "as_reported", *places]) == 0
        assert main(["estimate", cohort, *places]) == 0
        found[cohort] = read_table(layout.estimates(cohort))
    return found


def rows(table, outcome, statistic, group="all"):
    same = (table["definition"] == f"as_reported_{outcome}") & (table["statistic"] == statistic)
    return table[same & (table["group"] == group)]


UNREACHED = "never"


@pytest.mark.parametrize(
    ("cohort", "outcome", "group", "median"),
    [
        ("moss-2012", "death", "all", (192, 143, 258)),
        ("moss-2012", "death", "locally advanced", (301, 94, 397)),
        ("moss-2012", "death", "metastatic", (189, 112, 221)),
        ("moss-2012", "progression_or_death", "all", (119, 61, 157)),
        ("moss-2012", "progression_or_death", "locally advanced", (202, 61, 318)),
        ("moss-2012", "progression_or_death", "metastatic", (69, 57, 125)),
        ("sobecks-2011", "cytomegalovirus", "all", (825, 160, UNREACHED)),
        ("sobecks-2011", "cytomegalovirus", "1 to 4", (364, 119, UNREACHED)),
        ("sobecks-2011", "cytomegalovirus", "5 to 6", (UNREACHED, 296, UNREACHED)),
        ("vuong-2024", "recovery", "all", (10, 9, 10)),
        ("vuong-2024", "recovery", "22DX", (10, 10, 10)),
        ("vuong-2024", "recovery", "DR", (11, 10, 12)),
        ("vuong-2024", "recovery", "MD", (3, 3, 3)),
    ],
)
def test_medians_with_their_limits(estimates, cohort, outcome, group, median):
    (row,) = rows(estimates[cohort], outcome, "median_time", group)[["estimate", "lower", "upper"]].to_numpy()
    assert tuple(UNREACHED if one != one else one for one in row) == median


@pytest.mark.parametrize(
    ("cohort", "outcome", "method", "chi_squared"),
    [
        ("moss-2012", "death", "log-rank test", "0.4249 on 1 df"),
        ("moss-2012", "progression_or_death", "log-rank test", "2.25 on 1 df"),
        ("sobecks-2011", "cytomegalovirus", "log-rank test", "4.78 on 1 df"),
        ("sobecks-2011", "cytomegalovirus", "Gray's test", "4.923 on 1 df"),
    ],
)
def test_groups_are_compared_by_both_tests(estimates, cohort, outcome, method, chi_squared):
    tests = rows(estimates[cohort], outcome, "p_value").set_index("method")["note"]
    assert tests[method] == f"chi-squared {chi_squared}"


def test_recovery_as_intervals_is_much_sooner_than_the_day_on_which_it_was_first_seen(estimates):
    """Turnbull by R's interval2; Kaplan-Meier of the day first seen at 100: 0.841, 0.765 and 0.402 not yet on day 2, 3
    and 10.
    """
    turnbull = rows(estimates["vuong-2024"], "recovery", "interval_incidence")
    assert turnbull["time"].tolist() == [1, 2, 3, 4, 5]
    assert turnbull["estimate"].tolist() == pytest.approx([0.089, 0.286, 0.726, 0.909, 1], abs=0.0005)
    seen = rows(estimates["vuong-2024"], "recovery", "survival").set_index("time")["estimate"]
    assert [seen[day] for day in (2, 3, 10)] == pytest.approx([0.841, 0.765, 0.402], abs=0.0005)


HALVED = """
source: {citation: made up for a test, doi: 10.1/none, locator: none}
condition: familial_polyposis
definitions:
  - id: halved_MONTH
    label: Halved
    about: Half the polyps of the baseline or fewer.
    population: people with polyps
    analyte: polyps
    unit: polyps
    admit: [{window: [DAY, DAY], basis: {C: one visit}}]
    classes: [{label: halved, when: {some: {fold_le: 0.5}}, basis: {C: half or fewer}}]
    else: not halved
    responses: [halved]
cases:
  - {id: one, title: half, baseline: 8, counts: {day: [DAY], count: [4]}, expect: {halved_MONTH: halved}}
  - {id: two, title: more, baseline: 8, counts: {day: [DAY], count: [5]}, expect: {halved_MONTH: not halved}}
  - {id: three, title: too late, baseline: 8, counts: {day: [400], count: [4]}, expect: {halved_MONTH: NE}}
"""


@pytest.mark.parametrize(("month", "day", "halved"), [(3, 91, ((2, 11), (0, 11))), (12, 365, ((7, 9), (1, 11)))])
def test_a_rule_of_a_fall_runs_on_polyps(tmp_path, month, day, halved):
    """Falls by half or more, of those with a count: 2 of 11 and 0 of 11 at 3 months, 7 of 9 and 1 of 11 at 12."""
    (tmp_path / "halved.yaml").write_text(HALVED.replace("MONTH", str(month)).replace("DAY", str(day)))
    records = type_records(examine(ROOT / "data" / "giardiello-1993", Layout()), "giardiello-1993")
    responses = classify(records, load_definitions([tmp_path]), "planned").responses
    drug = records["episodes"].set_index("episode_id")["drug"].reindex(responses["episode_id"])
    for name, expected in zip(("sulindac", "placebo"), halved, strict=True):
        classes = responses["response_class"][(drug == name).to_numpy()]
        assert ((classes == "halved").sum(), classes.isin(["halved", "not halved"]).sum()) == expected
