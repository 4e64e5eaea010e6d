"""Doses and counts on one axis: who is drawn, in which order, and what is marked."""

from pathlib import Path

import pytest

from caseseries.audit.dosing import dosing_table
from caseseries.model.drug import load_drugs
from caseseries.show.draw.draw import draw
from caseseries.show.figures.doses import doses_drawing
from caseseries.show.treatments import treatments
from spec.audit_cases import cohort_of, records_of

DRUGS = load_drugs(Path(__file__).resolve().parents[3] / "config" / "drugs")
KEPT = {"weekly_doses": [1, 2], "weekly_counts": [20, 60]}
DEPARTED = {"weekly_doses": [3, 6, 6], "weekly_counts": [20, 60, ">400"]}


def drawn(**episodes):
    cohort, records = cohort_of(list(episodes.values())), records_of(episodes)
    return cohort, records, dosing_table(cohort, records, DRUGS), DRUGS


def test_those_who_depart_most_come_first_and_one_departure_of_two_labels_is_one():
    first, second = treatments(*drawn(kept=KEPT, departed=DEPARTED))
    assert [first.episode, second.episode] == ["departed", "kept"]
    assert second.departures == ()
    assert len(set(first.departures)) == len(first.departures)
    assert {(0, "first dose"), (7, "size of a rise")} <= set(first.departures)
    assert first.doses == ((0, 3), (7, 6), (14, 6))
    assert [count.x for count in first.counts] == [7, 14, 21]


@pytest.mark.parametrize("episode", [{}, {"weekly_doses": [3]}, {"doses": [[None, None, 3, "mcg/kg"]]}])
def test_doses_of_one_day_or_of_none_are_no_course(episode):
    assert doses_drawing(*drawn(alone=episode)) is None


def test_the_drawing_stands_for_single_persons_and_says_what_is_marked():
    drawing = doses_drawing(*drawn(kept=KEPT, departed=DEPARTED))
    assert drawing.individual and drawing.synthetic
    assert "first dose" in drawing.caption
    assert "not an error of the physician" in drawing.caption
    marks = [line for axes in draw(drawing).axes for line in axes.lines if line.get_marker() == "v"]
    assert sorted(float(line.get_xdata()[0]) for line in marks) == [0, 7]


def test_without_a_departure_no_rule_is_named():
    drawing = doses_drawing(*drawn(kept=KEPT))
    assert "0 departures from the label;" in drawing.caption


def test_what_a_whole_course_departs_from_is_named_and_marks_no_day():
    """Given on to day 13 though the count had reached 100 on day 7: the row of the course is that of day 0."""
    course = {"drug": "rhtpo", "doses": [[0, 13, 300, "U/kg"]], "counts": [[0, 8], [3, 30], [7, 140], [14, 160]]}
    drawing = doses_drawing(*drawn(one=course))
    (treatment,) = drawing.plot.treatments
    assert (None, "stopped at the count") in treatment.departures
    axes = draw(drawing).axes
    assert [line for one in axes for line in one.lines if line.get_marker() == "v"] == []
    assert "10⁹/L" in [one.get_ylabel() for one in axes]
