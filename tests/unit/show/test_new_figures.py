"""Specification curve, flow and bleeding by day: what they show, read from their data and from what is drawn."""

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from caseseries.model.results import CHOICES, FLOW, MULTIVERSE
from caseseries.show.draw.draw import draw
from caseseries.show.draw.flow import draw_flow, rows_of
from caseseries.show.draw.style import COLUMNS
from caseseries.show.draw.swimmer import draw_strips
from caseseries.show.drawing import Box, Flow, Strip, Strips
from caseseries.show.figures.bleeding import bleeding_drawing
from caseseries.show.figures.flow import flow_drawing
from caseseries.show.figures.multiverse import multiverse_drawing
from caseseries.show.figures.specification import specification_drawing
from caseseries.words.labels import DefinitionLabel
from unit.show.toy_cohorts import make_rates, make_records

ABOUT = {"cohort": "toy-2024", "synthetic": False}
LABELS = {"iwg": DefinitionLabel("iwg", "IWG", "Source"), "low": DefinitionLabel("low", "Low", "Source")}


def choices(*rows):
    """Rows of choices.csv: analysis, choice, setting, default, events, n, lowest, highest, moves."""
    names = ("analysis", "choice", "setting", "default", "events", "n", "lowest", "highest", "moves")
    frame = pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows])
    frame = frame.assign(definition="iwg", cohort="toy-2024", not_evaluable=0.0, runs=4, note="")
    return frame.assign(estimate=frame["events"] / frame["n"]).reindex(columns=list(CHOICES))


NAN = float("nan")
BOTH = (
    ("one_at_a_time", "rescue", "28 days left out", "yes", 6.0, 10.0, NAN, NAN, NAN),
    ("one_at_a_time", "rescue", "failure", "no", 4.0, 10.0, NAN, NAN, NAN),
    ("one_at_a_time", "baseline", "last7", "yes", 6.0, 10.0, NAN, NAN, NAN),
    ("one_at_a_time", "baseline", "min14", "no", 6.0, 10.0, NAN, NAN, NAN),
    ("grid", "rescue", "", "", NAN, NAN, NAN, NAN, 0.2),
    ("grid", "all together", "", "", NAN, NAN, 0.4, 0.6, NAN),
)


def test_definitions_and_the_choices_that_move_are_sorted_by_their_rate():
    rates = make_rates(
        "toy-2024", [("iwg", "all", 6, 10, 0), ("low", "all", 5, 10, 0), ("as_reported", "all", 9, 10, 0)]
    )
    drawing = specification_drawing(rates, choices(*BOTH), LABELS, **ABOUT)
    assert [(row.kind, row.counts) for row in drawing.plot.rows] == [
        ("choice", "4/10"),
        ("rate", "5/10"),
        ("rate", "6/10"),
        ("rate", "9/10"),
    ]
    assert drawing.plot.reference == 0.6
    assert drawing.subtitle.startswith("Of our choices, what rescue treatment does to the counts that")
    assert "20 percentage points" in drawing.subtitle
    assert "1 further choice moves nothing" in drawing.caption and "40 to 60 %" in drawing.caption


def multiverse(*rates, own=("yes", "no", "no")):
    """Rows of multiverse.csv of three combinations, of which two have a median, and what moves the rate."""
    run = [
        {"analysis": "specification", "definition": "iwg", "default": default, "response_rate": rate, "day": 28.0}
        for default, rate in zip(own, rates, strict=True)
    ]
    run[0]["median_time"], run[1]["median_time"] = 7.0, 9.5
    shares = [("definition", 0.0), ("rescue", 0.75), ("several together", 0.25)]
    about = {"analysis": "share", "outcome": "response_rate", "definitions": 1, "day": 28.0}
    return pd.DataFrame([*run, *(about | {"choice": name, "share": share} for name, share in shares)]).reindex(
        columns=list(MULTIVERSE)
    )


def test_combinations_are_sorted_beside_what_moves_them():
    drawing = multiverse_drawing(multiverse(0.6, 0.4, 0.4), **ABOUT)
    rate, median = drawing.plot.outcomes
    assert rate.values == ((0.4, 2), (0.6, 1)) and rate.own == (0.6,)
    assert rate.shares == (("rescue", 0.75), ("several together", 0.25))
    assert (median.percent, median.values, median.shares) == (False, ((7.0, 1), (9.5, 1)), ())
    assert "3 combinations of 1 definition" in drawing.subtitle and "1 for response rate, of 1" in drawing.caption
    assert "40 % to 60 %, 75 % of its variance made by: Rescue" in drawing.alt
    figure = draw(drawing, COLUMNS[85])
    curve, bars = figure.axes[0], figure.axes[1]
    assert [bar.get_width() for bar in bars.patches] == [0.75, 0.25]
    assert curve.get_xlim() == (0, 3)


def test_where_every_combination_leads_to_the_same_there_is_no_such_figure():
    still = multiverse(0.4, 0.4, 0.4).assign(median_time=7.0)
    assert multiverse_drawing(still, **ABOUT) is None
    assert multiverse_drawing(still.iloc[:0], **ABOUT) is None


def test_where_no_choice_moves_the_rate_there_is_no_such_figure():
    rates = make_rates("toy-2024", [("iwg", "all", 6, 10, 0)])
    still = [row for row in BOTH if row[1] != "rescue"]
    assert specification_drawing(rates, choices(*still), LABELS, **ABOUT) is None
    assert specification_drawing(rates, choices(*BOTH).iloc[:0], LABELS, **ABOUT) is None
    assert specification_drawing(rates.iloc[:0], choices(*BOTH), LABELS, **ABOUT) is None


STEPS = (
    ("recorded", "", 13),
    ("further_episodes", "recorded", 1),
    ("first_episodes", "recorded", 12),
    ("within", "first_episodes", 0),
    ("outside", "first_episodes", 3),
    ("open", "first_episodes", 9),
)


def flow(steps=STEPS):
    return pd.DataFrame([{"cohort": "toy-2024", "step": s, "of": of, "n": n} for s, of, n in steps], columns=list(FLOW))


@pytest.mark.parametrize("column", COLUMNS.values(), ids=str)
def test_each_step_has_a_box_below_the_one_that_it_is_a_part_of(column):
    drawing = flow_drawing(flow(), **ABOUT)
    assert [[box.counts for box in row] for row in rows_of(drawing.plot.boxes)] == [
        ["n = 13"],
        ["n = 12", "n = 1"],
        ["n = 0", "n = 3", "n = 9"],
    ]
    axes = draw(drawing, column).axes[0]
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(boxes) == 6 and len(axes.lines) == 5
    assert max(box.get_x() + box.get_width() for box in boxes) <= column.width


def test_a_flow_that_says_nothing_of_the_drug_is_not_drawn():
    assert flow_drawing(flow([("recorded", "", 4), ("open", "recorded", 4)]), **ABOUT) is None


def bled(people, rows):
    records = make_records(people)
    columns = ("episode_id", "first_day", "last_day", "who_grade")
    records.tables["bleeding"] = pd.DataFrame(rows, columns=list(columns)).assign(source_row=1)
    return records


def test_bleeding_stands_on_its_days_by_its_grade():
    records = bled(3, [("E1", 0.0, 3.0, 1.0), ("E1", 5.0, 6.0, 2.0), ("E3", 2.0, 2.0, 0.0)])
    drawing = bleeding_drawing(records, **ABOUT)
    assert drawing.individual
    assert [(one.episode, one.first, one.last, one.grade) for one in drawing.plot.bleeds] == [
        ("E1", 0, 3, 1),
        ("E1", 5, 6, 2),
    ]
    assert "Bleeding of WHO grade 1 and 2 in 1 episode." in drawing.alt
    assert bleeding_drawing(bled(2, []), **ABOUT) is None


@pytest.mark.parametrize("people", [4, 137])
def test_bleeding_of_many_takes_no_more_room(people):
    rows = [(f"E{place + 1}", float(place % 9), float(place % 9 + 2), float(1 + place % 4)) for place in range(people)]
    figure = draw(bleeding_drawing(bled(people, rows), **ABOUT))
    assert figure.get_size_inches()[1] < 7.5
    assert bool(figure.axes[0].get_yticklabels()) == (people == 4)


def test_strips_have_one_scale_so_that_one_death_is_no_higher_than_one_recovery():
    kinds = {"recovery": ((10.0, 10), (20.0, 1)), "death": ((15.0, 1),)}
    strips = tuple(Strip(kind, kind, "", days) for kind, days in kinds.items())
    figure = draw_strips(Strips("strips", "Days", 20.0, strips), "Toy", "", COLUMNS[178])
    segments = [line for lines in figure.axes[0].collections for line in lines.get_segments()]
    assert [round(abs(end - start), 3) for (_, start), (_, end) in segments] == [0.8, 0.08, 0.08]


def test_boxes_of_a_flow_are_drawn_with_their_whole_edge():
    figure = draw_flow(Flow("flow", (Box("recorded", "", "Episodes", "n = 4"),)), "Toy", "", COLUMNS[178])
    assert [box.get_clip_on() for box in figure.axes[0].patches] == [False]
