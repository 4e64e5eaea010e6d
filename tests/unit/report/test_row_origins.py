"""Rows behind numbers that are no estimates: what is named, and whose cases, for the owner's eyes alone."""

import argparse
from dataclasses import replace

import pandas as pd
import pytest

from caseseries.audit.counts import audit_counts
from caseseries.model.claim import Claim
from caseseries.model.config import load_settings
from caseseries.model.results import AGREEMENT, CASE_SETS, DOSING, ELIGIBILITY, key_in, row_key
from caseseries.report.across_section import across_section
from caseseries.report.cohort_section import our_row
from caseseries.report.page import Folded, Origins, Tabular
from caseseries.report.row_origins import row_origins, row_places
from caseseries.report.study import read_study
from report_project import add_spread, make_project
from unit.show.test_dosing_tables import DRUGS


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    layout = make_project(tmp_path_factory.mktemp("rows"))
    add_spread(layout, "rescue")
    return layout


@pytest.fixture(scope="module")
def study(layout):
    return replace(read_study(load_settings(argparse.Namespace(settings=None), layout), layout), drugs=DRUGS)


@pytest.fixture(scope="module")
def found(study):
    """The synthetic cohort with an audit of one rule, and two definitions that judge one case unlike."""
    drug = next(name for name, one in DRUGS.items() if one.dosing)
    label = next(iter(DRUGS[drug].dosing.labels))
    verdicts = [("E1", "kept"), ("E1", "departed"), ("E2", "kept"), ("E3", "not_evaluable")]
    dosing = pd.DataFrame(
        [
            {"episode_id": case, "drug": drug, "label": label, "rule": "maximum", "verdict": verdict}
            for case, verdict in verdicts
        ],
        columns=list(DOSING),
    )
    eligibility = pd.DataFrame(columns=list(ELIGIBILITY))
    sets = [("loose:all:primary", case, "event") for case in ("E1", "E2")]
    sets += [("other", "E1", "event"), ("other", "E2", "non_event")]
    rates = study.cohorts["simulated-a"].estimates
    rates = rates.assign(case_set=rates["definition"].map({"loose": "loose:all:primary", "plt50_any": "other"}))
    return replace(
        study.cohorts["simulated-a"],
        estimates=rates,
        dosing=dosing,
        eligibility=eligibility,
        audit=audit_counts("simulated-a", dosing, eligibility),
        agreement=pd.DataFrame([{"first": "loose", "second": "plt50_any", "n": 2.0}], columns=list(AGREEMENT)),
        case_sets=pd.DataFrame(sets, columns=["case_set", "episode_id", "role"])[list(CASE_SETS)],
    )


def told(found, study, result, **row):
    """The one row that a key finds, with its cases by how they count."""
    key = row_key(result, row)
    ((origins,), places) = row_origins(found, study, {key}), row_places(found, {key})
    (origin,) = origins.rows
    assert places == {key: origin.anchor}
    return origins, origin, {role: [case for case, _ in cases] for role, cases in origin.cases}


def test_a_verdict_leads_to_its_row_and_to_the_episodes_of_each_verdict(found, study):
    row = found.audit.iloc[0]
    _, origin, cases = told(found, study, "audit", **row.to_dict())
    assert origin.counted == "1/2" and "rule maximum" in origin.row
    assert cases == {"kept": ["E2"], "departed": ["E1"], "not evaluable": ["E3"]}


def test_a_line_of_table_1_leads_to_who_has_a_value_and_who_has_none(found, study):
    _, origin, cases = told(found, study, "description", group="all", variable="weight_kg")
    assert origin.counted == "0/4" and cases == {"missing": ["E1", "E2", "E3", "E4"]}


def test_two_definitions_lead_to_the_cases_that_they_judge_unlike(found, study):
    _, origin, cases = told(found, study, "agreement", first="loose", second="plt50_any")
    assert "kappa" in origin.method and cases == {"response under the first alone": ["E2"]}


def test_another_setting_of_a_choice_leads_to_those_who_count_under_it(found, study):
    other = found.choices[found.choices["default"] == "no"].iloc[0]
    key = row_key("choices", other)
    sets = [(key, "event", "E3"), (key, "non_event", "E4"), ("another", "event", "E1")]
    changed = replace(found, case_sets=pd.DataFrame(sets, columns=list(CASE_SETS)))
    _, _, cases = told(changed, study, "choices", **other.to_dict())
    assert cases == {"counted": ["E3"], "not": ["E4"]}


def test_what_may_leave_names_the_file_and_no_case(found, study):
    for told_study, file, named in ((study, "", True), (replace(study, told=True), "simulated-a/audit.csv", False)):
        origins, origin, _ = told(found, told_study, "audit", **found.audit.iloc[0].to_dict())
        assert (origins.file, bool(origin.cases)) == (file, named)


@pytest.mark.parametrize(
    "claim, key",
    [
        ({"statistic": "response_rate", "definition": "as_reported"}, "response_rate|as_reported|all|primary|"),
        ({"statistic": "n_episodes"}, "description|all|episodes"),
        ({"statistic": "p_value"}, ""),
    ],
)
def test_our_number_beside_a_claim_names_its_row(study, claim, key):
    alpha = study.cohorts["alpha-2020"]
    stated = Claim.model_construct(id="one", group="all", cause="", **{"definition": ""} | claim)
    assert our_row("one", replace(alpha, stated={"one": stated})) == key
    assert our_row("another", alpha) == ""


def test_the_pool_and_the_spread_lead_to_rows_and_on_to_their_cohorts(study):
    section = across_section(study, study.cohorts.values())
    pool = next(child for child in section.children if child.id == "pool-drug-a")
    (listed,) = (
        block
        for folded in pool.blocks
        if isinstance(folded, Folded)
        for block in folded.blocks
        if isinstance(block, Origins)
    )
    assert listed.rows[0].what == "Pooled rate, main analysis"
    spread = next(child for child in section.children if child.id == "across-sensitivity")
    (table,) = (block for block in spread.blocks if isinstance(block, Tabular))
    keys = [row.cells[2].key for row in table.table.rows]
    assert keys == [key_in(cohort, "rates") for cohort in ("delta-site", "simulated-a")]
    assert table.anchors[keys[0]] == "table-delta-site-responses"
