"""The picture of one case: every dated count in its place, what was left out apart, doses and events below."""

import pandas as pd

from caseseries.model.columns import TABLES
from caseseries.model.records import empty_table, type_table
from caseseries.model.results import EXPLAINED_COUNTS
from caseseries.report.case_picture import FOOT, TOP, case_picture, height_of, ticks
from caseseries.response.definition_files import load_definitions
from report_project import CATALOGUE


def own_of(counts, **tables):
    """What is on record of one case: counts as (when, written, deciding, left_out), and further tables."""
    told = [
        {"when": when, "written": written, "deciding": deciding, "left_out": left_out}
        for when, written, deciding, left_out in counts
    ]
    found = {name: empty_table(name) for name in TABLES}
    found |= {name: type_table(name, pd.DataFrame(rows)) for name, rows in tables.items()}
    return found | {"explained_counts": pd.DataFrame(told, columns=list(EXPLAINED_COUNTS)).fillna("")}


def test_counts_stand_by_day_and_what_was_left_out_apart():
    own = own_of([("7", "60", "yes", ""), ("0", "9", "", "before day 1"), ("14", "<5", "", ""), ("nadir", "3", "", "")])
    (trace,) = case_picture(own, None)
    assert [(dot.text, dot.state, dot.limit) for dot in trace.dots] == [
        ("9", "dropped", False),
        ("60", "decides", False),
        ("<5", "kept", True),
    ]
    assert [dot.x for dot in trace.dots] == sorted(dot.x for dot in trace.dots)
    assert len(trace.path.split()) == 2 and trace.lines == []


def test_one_dated_count_or_none_is_no_course():
    assert case_picture(own_of([("7", "60", "yes", ""), ("nadir", "3", "", "")]), None) == []


def test_what_decides_keeps_its_value_where_values_crowd():
    days = [(str(day), str(40 + day), "yes" if day == 11 else "", "") for day in range(0, 40)]
    (trace,) = case_picture(own_of(days), None)
    shown = [dot.text for dot in trace.dots if dot.text]
    assert "51" in shown and len(shown) < 30
    assert all(dot.said.startswith("day ") for dot in trace.dots)


def test_doses_and_events_stand_below_by_their_days():
    exposures = [
        {"episode_id": "1", "drug": "rhTPO", "first_day": first, "last_day": last}
        for first, last in ((0, 6), (10, None))
    ]
    events = [{"episode_id": "1", "day": 12, "kind": "rescue"}, {"episode_id": "1", "day": None, "kind": "delivery"}]
    own = own_of([("0", "9", "", ""), ("20", "60", "", "")], exposures=exposures, events=events)
    (trace,) = case_picture(own, None)
    assert [(lane.label, len(lane.bars)) for lane in trace.lanes] == [("rhTPO", 2), ("rescue treatment", 1)]
    (first, long), (_, dot) = trace.lanes[0].bars
    assert first == trace.dots[0].x and long > dot > 0
    assert all(lane.y > FOOT for lane in trace.lanes)


def test_the_lines_are_those_of_the_definition():
    (rule,) = [one for one in load_definitions(CATALOGUE) if one.id == "plt50_any"]
    (trace,) = case_picture(own_of([("0", "9", "", ""), ("20", "60", "", "")]), rule)
    assert trace.lines == [(height_of(50), "50")] and trace.unit == "10⁹/L"


def test_the_axes():
    assert (height_of(1), height_of(1000), height_of(0.2), height_of(5000)) == (FOOT, TOP, FOOT, TOP)
    assert ticks(0, 28) == [0, 5, 10, 15, 20, 25]
    assert ticks(-3, 400)[:2] == [0, 84]
