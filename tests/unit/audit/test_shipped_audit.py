"""What the audit finds in the shipped cohorts, each known beforehand from their rows."""

from functools import cache
from pathlib import Path

import pytest

from caseseries.audit.counts import audit_counts, flow_counts
from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.model.cohort import load_cohort
from caseseries.model.drug import load_drugs
from caseseries.model.layout import Layout

ROOT = Path(__file__).resolve().parents[3]
LAYOUT = Layout(ROOT / "data", ROOT / "config", ROOT / "results")
DRUGS = load_drugs(*LAYOUT.drug_folders)


@cache
def audited(cohort):
    records = type_records(examine(LAYOUT.cohort(cohort), LAYOUT), cohort)
    described = load_cohort(LAYOUT.cohort(cohort))
    return dosing_table(described, records, DRUGS), eligibility_table(described, records, DRUGS), records


def verdicts(cohort, drug, rule):
    """Episodes by label and verdict under one dosing rule."""
    rows = audited(cohort)[0]
    rows = rows[(rows["drug"] == drug) & (rows["rule"] == rule)]
    return rows.groupby(["label", "verdict"])["episode_id"].agg(list).to_dict()


def clause(cohort, drug, name):
    """Episodes by verdict under one clause."""
    rows = audited(cohort)[1]
    rows = rows[(rows["drug"] == drug) & (rows["clause"] == name)]
    return rows.groupby("verdict")["episode_id"].agg(list).to_dict()


def test_spain_begins_with_three_where_both_labels_begin_with_one():
    cohort, everybody = "spain-romiplostim-2017", ["1", "2", "3", "4"]
    for label in ("us", "eu_old"):
        rows = audited(cohort)[0]
        starts = rows[(rows["rule"] == "start") & (rows["label"] == label)]
        assert list(starts["verdict"]) == ["departed"] * 4
        assert starts[["day", "expected", "given"]].drop_duplicates().to_numpy().tolist() == [[0, "1", 3]]
        for rule in ("maximum", "dose_unit"):
            assert verdicts(cohort, "romiplostim", rule)[label, "kept"] == everybody
        assert verdicts(cohort, "romiplostim", "weight_check")[label, "not_evaluable"] == everybody
    assert set(audited(cohort)[0]["rule"]) == {"start", "maximum", "dose_unit", "weight_check"}
    assert clause(cohort, "romiplostim", "chronic_itp") == {"departed": ["1", "2"], "kept": ["3", "4"]}
    for name in ("prior_treatment", "bleeding_risk"):
        assert clause(cohort, "romiplostim", name) == {"kept": everybody}


def test_michel_has_one_hundred_milligrams_of_eltrombopag():
    cohort = "michel-2020"
    assert verdicts(cohort, "eltrombopag", "maximum") == {
        ("us", "departed"): ["8"],
        ("us", "kept"): ["1a", "1b", "2", "3", "4", "5", "6", "7"],
    }
    rows = audited(cohort)[0]
    over = rows[rows["verdict"] == "departed"]
    assert over[["expected", "given", "unit"]].to_numpy().tolist() == [["75", 100, "mg"]]
    assert over["day"].isna().all()
    kept = ["9", "10", "11", "12"]
    assert verdicts(cohort, "romiplostim", "maximum") == {("us", "kept"): kept, ("eu_old", "kept"): kept}
    starts = rows[rows["rule"] == "start"]
    assert set(starts["verdict"]) == {"not_evaluable"}
    assert starts["episode_id"].nunique() == 13
    assert len(clause(cohort, "eltrombopag", "pregnancy")["departed"]) == 9
    assert len(clause(cohort, "romiplostim", "pregnancy")["departed"]) == 4
    assert clause(cohort, "eltrombopag", "chronic_itp")["departed"] == ["7", "8"]
    assert clause(cohort, "romiplostim", "chronic_itp") == {"departed": ["12"], "kept": ["9", "10", "11"]}
    assert clause(cohort, "romiplostim", "prior_treatment")["not_evaluable"] == ["11", "12"]
    assert clause(cohort, "eltrombopag", "bleeding_risk")["not_evaluable"] == ["2", "3", "5"]


def test_the_simulated_course_is_held_to_the_trial_that_it_imitates():
    cohort = "simulated-rhtpo"
    counted = audit_counts(cohort, *audited(cohort)[:2])
    counted = counted[counted["part"] == "dosing"].set_index("rule")
    assert set(counted["label"]) == {"pregnancy_nct02391272"}
    found = {rule: counted.loc[rule, ["kept", "departed", "not_evaluable"]].tolist() for rule in counted.index}
    assert found == {
        "dose": [40, 0, 0],
        "course_length": [40, 0, 0],
        "stop_at_100": [28, 12, 0],
        "every_other_day": [0, 0, 26],
    }


def test_yu_has_no_doses_to_judge():
    rows = audited("yu-2023")[0]
    assert set(rows["rule"]) == {"dose"}
    assert set(rows["verdict"]) == {"not_evaluable"}
    assert rows.groupby("label")["episode_id"].nunique().tolist() == [4, 4]


def test_lupus_is_held_to_the_labels_as_long_as_no_condition_is_said():
    assert verdicts("sle-tpora", "eltrombopag", "start") == {("us", "kept"): ["1", "6"]}
    romiplostim = verdicts("sle-tpora", "romiplostim", "start")
    assert romiplostim["us", "departed"] == ["2", "3", "4"]
    assert romiplostim["us", "not_evaluable"] == ["5"]


@pytest.mark.parametrize("cohort", ["spain-romiplostim-2017", "michel-2020", "simulated-rhtpo", "yu-2023"])
def test_the_numbers_of_the_flow_add_up(cohort):
    _, eligibility, records = audited(cohort)
    flow = flow_counts(load_cohort(LAYOUT.cohort(cohort)), records["episodes"], eligibility, DRUGS)
    parts = flow.groupby("of")["n"].sum()
    numbers = flow.set_index("step")["n"]
    for step in set(flow["of"]) - {""}:
        assert parts[step] == numbers[step]
    assert numbers["recorded"] == len(records["episodes"])


def test_women_who_conceived_on_the_drug_are_no_part_of_those_analysed():
    """Michel 2020: 13 pregnancies of 12 women, of whom 3 conceived on the drug."""
    _, eligibility, records = audited("michel-2020")
    flow = flow_counts(load_cohort(LAYOUT.cohort("michel-2020")), records["episodes"], eligibility, DRUGS)
    assert flow[["step", "of", "n"]].to_numpy().tolist() == [
        ["recorded", "", 13],
        ["further_episodes", "recorded", 1],
        ["first_episodes", "recorded", 12],
        ["no_start", "first_episodes", 3],
        ["analysed", "first_episodes", 9],
        ["within", "analysed", 0],
        ["outside", "analysed", 3],
        ["open", "analysed", 6],
    ]
