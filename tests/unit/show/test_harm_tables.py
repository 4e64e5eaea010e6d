"""Harm in tables: what matters most in front, whose record is silent, groups side by side, exposure."""

import pandas as pd

from caseseries.model.results import ESTIMATES, number_key
from caseseries.report.sources import only_on_record
from caseseries.show.tables.harm import exposure_table, harm_rank, harm_table
from unit.show.toy_cohorts import make_cohort, make_harms, make_records


def row(statistic, cause, events, n, unknown=0, group="all", **more):
    about = {"statistic": statistic, "cause": cause, "group": group, "analysis": "primary", "definition": ""}
    share = {"estimate": events / n, "lower": 0.1, "upper": 0.8} if n else {}
    counts = {"events": events, "n": n, "not_evaluable": unknown, "level": 0.95, "method": "Clopper-Pearson"}
    return about | share | counts | more


def frame(*rows):
    return pd.DataFrame(rows).reindex(columns=list(ESTIMATES))


def test_clots_lead_then_low_counts_of_newborns_and_single_events_come_last():
    found = harm_table(
        frame(
            row("adverse_event_rate", "mother/any", 2, 4),
            row("adverse_event_rate", "mother/acne", 1, 4),
            row("adverse_event_rate", "mother/headache", 2, 4),
            row("adverse_event_rate", "mother/venous thrombosis", 1, 4),
            row("neonatal_thrombocytopenia_rate", "<50", 0, 4),
            row("rescue_rate", "rescue", 1, 4),
        ),
        synthetic=False,
    )
    assert [line[:3] for line in found.texts] == [
        ["Venous thrombosis", "mother", "1/4"],
        ["Count of the newborn below 50 × 10⁹/L", "newborn", "0/4"],
        ["Any adverse event", "mother", "2/4"],
        ["Rescue treatment", "–", "1/4"],
        ["Headache", "mother", "2/4"],
        ["Acne", "mother", "1/4"],
    ]


def test_every_statistic_on_harm_has_a_place():
    assert harm_rank("overshoot_rate", ">400") < harm_rank("delivery_count_rate", ">=50")
    assert harm_rank("adverse_event_rate", "patient/portal vein thrombosis") == 0


def test_what_nobody_recorded_is_named_below_and_what_is_on_record_stands_beside_the_rate():
    records = make_records(4, adverse_events=[("E1", "patient", "giddiness")])
    found = harm_table(make_harms(make_cohort(), records), synthetic=False)
    lines = {line[0]: line[1:] for line in found.texts}
    assert lines["Dizziness"] == ["patient", "4", "1"]
    assert "rescue treatment" in found.notes[0]
    assert found.notes[0].startswith("Not recorded of anybody: ")


def test_what_is_on_record_of_some_is_told_and_leads_to_them_where_of_nobody_else_it_is_known():
    best = row("transfusion_rate_best_case", "platelet_transfusion", 1, 10)
    silent = row("transfusion_rate", "platelet_transfusion", 0, 0, 10)
    alone = frame(silent, best)
    (line,) = harm_table(alone, synthetic=False).rows
    (told,) = (cell for cell in line.cells if cell.text == "1")
    group = [silent | {"group": "drug A"}, best | {"group": "drug A"}, silent | {"group": "drug B"}]
    (beside,) = harm_table(frame(silent, best, *group), synthetic=False).rows
    assert [cell.text for cell in beside.cells[-3:]] == ["1 on record, 10 NE", "1 on record, 10 NE", "10 NE"]
    assert {told.key, beside.cells[-3].key} == {number_key(alone.fillna("").iloc[1])}
    assert only_on_record(alone).tolist() == [False, True]
    known = frame(row("transfusion_rate", "platelet_transfusion", 0, 2, 8), best)
    assert not only_on_record(known).any()


def test_nothing_known_is_no_table():
    assert harm_table(make_harms(make_cohort(), make_records(4)), synthetic=False) is None
    assert exposure_table(make_harms(make_cohort(), make_records(4)), synthetic=False) is None


def test_selected_cases_have_no_share():
    """A case report that is silent on harm does not say that there was none."""
    records = make_records(4, adverse_events=[("E1", "patient", "dizziness")])
    found = harm_table(make_harms(make_cohort(selected_for="success"), records), synthetic=False)
    assert found.headings == ["Harm", "In whom", "Cases"]
    assert ["Dizziness", "patient", "1"] in found.texts
    assert "no share" in found.caption


def test_groups_stand_side_by_side_with_the_warning_that_nobody_was_randomised():
    rows = [row("overshoot_rate", ">400", n, 4, group=group) for group, n in (("all", 3), ("drug A", 1), ("drug B", 2))]
    found = harm_table(frame(*rows), synthetic=False)
    assert found.headings == ["Harm", "All", "drug A", "drug B"]
    assert "nobody was assigned to these groups by chance" in found.notes[0]
    alone = harm_table(frame(rows[0]), synthetic=False)
    assert alone.notes == ()


def test_a_rate_by_time_stands_where_every_day_on_the_drug_is_known():
    rows = [row("adverse_event_rate", "mother/any", 2, 4), row("overshoot_rate", ">400", 1, 4)]
    timed = {"statistic": "adverse_event_rate_per_100_weeks", "cause": "mother/any", "group": "all"}
    timed |= {"estimate": 5.293, "lower": 1.442, "upper": 13.552, "method": "exact Poisson", "events": 2, "n": 4}
    found = harm_table(frame(*rows, timed), synthetic=False)
    assert found.headings[-1] == "Per 100 weeks on the drug, 95 % interval"
    assert [line[-1] for line in found.texts] == ["5.3 (1.4 to 13.6)", "–"]
    group = [row("adverse_event_rate", "mother/any", 1, 2, group="drug A"), timed | {"group": "drug A"}]
    beside = harm_table(frame(*rows, *group), synthetic=False)
    assert beside.texts[0][-1].endswith("\n5.3 (1.4 to 13.6) per 100 weeks")


def test_exposure_has_its_unit_and_of_whom_it_is_known():
    about = {"method": "median and range", "estimate": 14, "lower": 7, "upper": 14}
    found = exposure_table(
        frame(
            row("days_on_drug", "", 0, 3, 1, **about),
            row("cumulative_dose", "rhtpo/U/kg", 0, 3, 1, **about | {"estimate": 4200}),
            row("days_followed", "", 0, 0, 4, method="median and range"),
        ),
        synthetic=False,
    )
    assert found.texts == [
        ["Cumulative dose of rhTPO (U/kg)", "4200", "7", "14", "3", "1"],
        ["Days on the drug", "14", "7", "14", "3", "1"],
    ]
