"""Our choices in the audit are really run: each other value that a profile offers moves the case made for it."""

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from caseseries.audit import choices
from caseseries.audit.choices import audit_choices, settings_of
from caseseries.audit.counts import flow_counts
from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.model.drug import load_drugs
from caseseries.model.results import FLOW
from caseseries.model.sample import records_of as records_of_some
from caseseries.model.sample import sample
from caseseries.show.tables.audit_choices import audit_choices_table
from spec.audit_cases import cohort_of, records_of

DRUGS = load_drugs(Path(__file__).resolve().parents[3] / "config" / "drugs")
NO_FLOW = pd.DataFrame(columns=list(FLOW))
TRANSFUSED = [{"day": 6, "kind": "platelet_transfusion"}]
AT_TEN = [[7 * week, 7 * week, 10, "mcg/kg"] for week in range(5)]
DOUBLED = [[7 * week, 25] for week in range(1, 6)]
CASES = {
    "a dose that is 0.1 off": {"weekly_doses": [1.1, 1.1]},
    "a dose that is 0.2 off": {"weekly_doses": [1.2, 1.2]},
    "nine days apart": {"doses": [[0, 0, 1, "mcg/kg"], [9, 9, 1, "mcg/kg"]]},
    "ten days apart": {"doses": [[0, 0, 1, "mcg/kg"], [10, 10, 1, "mcg/kg"]]},
    "doubled and below the target": {"baseline": 10, "doses": AT_TEN, "counts": DOUBLED},
    "risen and below the target": {"baseline": 20, "doses": AT_TEN, "counts": [[0, 20], *DOUBLED]},
    "a count on the day of the dose": {"weekly_doses": [1, 2], "counts": [[3, 90], [7, 30]]},
    "a count after a transfusion": {"weekly_doses": [1, 2], "counts": [[5, 30], [7, 80]], "events": TRANSFUSED},
    "a child weighed long ago": {
        "age": 9,
        "weight_kg": 30,
        "weights": [[1, 31]],
        "doses": [[7 * week, 7 * week, 1, "mcg/kg"] for week in range(14)],
    },
    "a baseline of 25": {"baseline": 25, "weekly_doses": [1]},
    "a baseline of 40": {"baseline": 40, "bleeding": [], "weekly_doses": [1]},
    "6 % too much": {"drug": "rhtpo", "doses": [[0, 2, 318, "U/kg"]]},
    "15 % too much": {"drug": "rhtpo", "doses": [[0, 2, 345, "U/kg"]]},
    "a course after ten days": {"drug": "rhtpo", "doses": [[0, 2, 300, "U/kg"], [13, 16, 300, "U/kg"]]},
    "100 in the morning": {"drug": "rhtpo", "doses": [[0, 5, 300, "U/kg"]], "counts": [[2, 40], [5, 100]]},
    "100 after a transfusion": {
        "drug": "rhtpo",
        "doses": [[0, 9, 300, "U/kg"]],
        "counts": [[2, 40], [8, 120]],
        "events": TRANSFUSED,
    },
}


@cache
def moved():
    """Rows of audit_choices.csv of the cases above."""
    cohort, records = cohort_of(list(CASES.values())), records_of(CASES)
    tables = dosing_table(cohort, records, DRUGS), eligibility_table(cohort, records, DRUGS)
    return audit_choices(cohort, records, DRUGS, *tables)


OFFERED = [(drug, one.choice, one.value) for drug in ("rhtpo", "romiplostim") for one in settings_of(DRUGS[drug])]


def test_the_profiles_offer_what_the_rules_leave_open():
    assert {choice for drug, choice, _ in OFFERED if drug == "romiplostim"} == {
        "dose_tolerance",
        "interval_tolerance_days",
        "no_improvement",
        "count_steers",
        "transfused_counts",
        "weights_complete",
        "bleeding_risk",
    }
    rhtpo = {choice for drug, choice, _ in OFFERED if drug == "rhtpo"}
    assert rhtpo == {"dose_tolerance_percent", "course_gap_days", "count_steers", "transfused_counts"}


@pytest.mark.parametrize(("drug", "choice", "value"), OFFERED)
def test_every_other_value_is_run_and_moves_a_verdict(drug, choice, value):
    rows = moved()
    rows = rows[(rows["drug"] == drug) & (rows["choice"] == choice) & (rows["setting"] == value)]
    assert rows["moved"].sum() > 0
    assert (rows["rule"] != "").all()


def test_what_moves_is_counted_before_and_after():
    rows = moved().set_index(["choice", "setting", "label", "rule"])
    start = rows.loc[("dose_tolerance", "0", "us", "start")]
    assert start[["moved", "departed", "departed_here"]].tolist() == [1, 3, 4]
    stop = rows.loc[("no_improvement", "below_target", "us", "stop_rule")]
    assert stop[["moved", "kept", "kept_here", "departed_here"]].tolist() == [1, 1, 0, 2]
    assert rows.loc[("no_improvement", "clinician", "us", "stop_rule"), "not_evaluable_here"] == 2


def test_the_table_has_the_value_that_is_used_and_the_other_one():
    table = audit_choices_table(moved().assign(cohort="made-up"), NO_FLOW, DRUGS, synthetic=True)
    lines = [row for row in table.texts if len(row) > 1]
    assert ["Difference of a dose that counts as none: 0.1", "0", "First dose"] in [row[:3] for row in lines]
    assert audit_choices_table(moved().iloc[:0], NO_FLOW, DRUGS, synthetic=True) is None


def test_of_a_large_cohort_a_sample_is_judged_again_and_the_caption_says_so(monkeypatch):
    cohort, records = cohort_of(list(CASES.values())), records_of(CASES)
    tables = dosing_table(cohort, records, DRUGS), eligibility_table(cohort, records, DRUGS)
    few = records_of_some(records, sample(records["episodes"]["episode_id"], 4))
    alone = audit_choices(cohort, few, DRUGS, dosing_table(cohort, few, DRUGS), eligibility_table(cohort, few, DRUGS))
    monkeypatch.setattr(choices, "MOST_TRIED", 4)
    sampled = audit_choices(cohort, records, DRUGS, *tables)
    assert sampled.loc[0, ["part", "moved"]].tolist() == ["sample", 4]
    assert len(alone) and alone["moved"].sum() < moved()["moved"].sum()
    pd.testing.assert_frame_equal(sampled.iloc[1:].reset_index(drop=True), alone, check_dtype=False)
    flow = flow_counts(cohort, records["episodes"], tables[1], DRUGS)
    table = audit_choices_table(sampled.fillna(""), flow, DRUGS, synthetic=True)
    assert table.caption.startswith(f"Judged again in 4 of {len(CASES)} episodes, evenly spaced")
