"""Verdicts on doses as tables: labels that agree stand together, and nothing is drawn where nothing is known."""

from pathlib import Path

import pandas as pd

from caseseries.model.drug import load_drugs
from caseseries.model.results import AUDIT, DOSING, FLOW
from caseseries.show.tables.dosing import departures_table, dosing_table, eligibility_table, flow_table

DRUGS = load_drugs(Path(__file__).resolve().parents[3] / "config" / "drugs")


def audit(*rows):
    """Part, label, rule, kept, departed, not evaluable."""
    frame = pd.DataFrame(rows, columns=["part", "label", "rule", "kept", "departed", "not_evaluable"])
    frame["episodes"] = frame["kept"] + frame["departed"] + frame["not_evaluable"]
    frame[["rows", "rows_kept", "rows_departed", "rows_not_evaluable"]] = 0
    return frame.assign(cohort="made-up", drug="romiplostim")[list(AUDIT)]


def test_labels_that_come_to_the_same_stand_together_and_others_apart():
    same = [("dosing", label, "start", 1, 3, 0) for label in ("eu_old", "us")]
    table = dosing_table(audit(*same), DRUGS, synthetic=False)
    assert table.texts == [
        ["romiplostim: EU label (older text) and US label"],
        ["First dose", "1 mcg/kg", "4", "1", "3", "0"],
    ]
    differing = [*same, ("dosing", "us", "hold", 1, 0, 0), ("dosing", "eu_old", "hold", 0, 1, 0)]
    table = dosing_table(audit(*differing), DRUGS, synthetic=False)
    assert [row.cells[0].text for row in table.rows if row.role == "heading"] == [
        "romiplostim: EU label (older text)",
        "romiplostim: US label",
    ]
    assert [row[1] for row in table.texts if row[0].startswith("Withheld")] == [
        "count above 250: none",
        "count above 400: none",
    ]


def test_nothing_is_drawn_where_nothing_could_be_judged():
    open_rows = audit(("dosing", "us", "start", 0, 0, 4), ("eligibility", "", "chronic_itp", 0, 0, 4))
    assert dosing_table(open_rows, DRUGS, synthetic=False) is None
    assert eligibility_table(open_rows, DRUGS, synthetic=False) is None
    nothing = pd.DataFrame([("c", "recorded", "", 4), ("c", "open", "first_episodes", 4)], columns=list(FLOW))
    assert flow_table(nothing.assign(n=nothing["n"].astype(float)), synthetic=False) is None
    assert departures_table(pd.DataFrame(columns=list(DOSING)), DRUGS, synthetic=False) is None


def test_a_departure_has_one_row_for_the_labels_that_see_it_alike():
    row = {"episode_id": "E1", "drug": "romiplostim", "rule": "start", "day": 0.0, "verdict": "departed"}
    row |= {"expected": "1", "given": 3.0, "unit": "mcg/kg", "source": "monograph"}
    undated = row | {"rule": "maximum", "day": float("nan"), "expected": "10", "given": 11.0, "label": "us"}
    kept = row | {"verdict": "kept", "label": "us", "episode_id": "E2"}
    rows = pd.DataFrame([row | {"label": "eu_old"}, row | {"label": "us"}, undated, kept])
    table = departures_table(rows, DRUGS, synthetic=False)
    assert table.individual
    assert table.texts == [
        ["E1", "0", "First dose", "1 mcg/kg", "3 mcg/kg", "romiplostim, EU label (older text) and US label"],
        ["E1", "not dated", "Highest dose", "10 mcg/kg", "11 mcg/kg", "romiplostim, US label"],
    ]


def test_the_flow_and_the_clauses_are_shown_where_something_is_known():
    flow = [("recorded", "", 5), ("further_episodes", "recorded", 1), ("first_episodes", "recorded", 4)]
    flow += [("within", "first_episodes", 1), ("outside", "first_episodes", 1), ("open", "first_episodes", 2)]
    table = flow_table(pd.DataFrame([("c", *row) for row in flow], columns=list(FLOW)), synthetic=True)
    assert [cell[1] for cell in table.texts] == ["5", "1", "4", "1", "1", "2"]
    assert [row.indent for row in table.rows] == [0, 1, 0, 1, 1, 1]
    clauses = eligibility_table(audit(("eligibility", "", "pregnancy", 1, 3, 0)), DRUGS, synthetic=False)
    assert clauses.texts[1] == ["pregnancy is flagged (category C), it is no breach", "caution", "4", "1", "3", "0"]
