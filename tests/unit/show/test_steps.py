"""Curves made ready to draw. Numbers at risk are held to R 4.2.2, survival 3.5.3, data set aml of that package.

fit <- survfit(Surv(time, status) ~ 1, data = aml, subset = x == "Nonmaintained")
s <- summary(fit, times = days, extend = TRUE); s$n.risk; cumsum(s$n.event)
"""

import numpy as np
import pandas as pd
import pytest

from caseseries.show.steps import at_risk, band_drawn, curve_steps, day_ticks, events_by, points_at, stacked
from unit.show.toy_cohorts import make_cohort, make_curves, make_records, make_times

AML = {
    "nonmaintained": {
        "time": [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45],
        "status": [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
        "days": [0, 5, 6, 8, 12, 16, 17, 23, 45, 46],
        "n.risk": [12, 12, 10, 10, 8, 7, 6, 6, 1, 0],
        "n.event": [0, 2, 2, 4, 5, 5, 5, 6, 11, 11],
    },
    "maintained": {
        "time": [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161],
        "status": [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0],
        "days": [0, 9, 13, 14, 28, 29, 48, 49, 161, 162],
        "n.risk": [11, 11, 10, 8, 6, 5, 2, 1, 1, 0],
        "n.event": [0, 1, 2, 2, 4, 4, 7, 7, 7, 7],
    },
}


def estimates_of(days, causes):
    return make_curves(make_cohort(), make_records(len(days)), make_times(days, causes))


def steps_of(days, causes, statistic="survival", cause="response"):
    estimates = estimates_of(days, causes)
    return curve_steps(estimates, statistic, "as_reported", "all", cause)


@pytest.mark.parametrize("arm", AML)
@pytest.mark.parametrize("statistic", ["survival", "cumulative_incidence"])
def test_numbers_at_risk_are_those_of_r_at_ties_and_between(arm, statistic):
    data = AML[arm]
    causes = ["response" if status else "censored" for status in data["status"]]
    steps = steps_of(data["time"], causes, statistic)
    assert at_risk(steps, data["days"]) == data["n.risk"]
    totals = estimates_of(data["time"], causes).query("statistic == 'events_so_far'")
    assert events_by(totals, data["days"]) == data["n.event"]


def test_who_has_the_event_on_a_day_is_at_risk_on_it():
    steps = steps_of([7, 7, 7, 9], ["response", "delivery", "censored", "censored"], "cumulative_incidence")
    assert at_risk(steps, [6, 7, 8, 9, 10]) == [4, 4, 1, 1, 0]


def test_every_curve_starts_on_day_0():
    steps = steps_of([7, 9], ["response", "censored"])
    assert steps.loc[0, ["time", "estimate", "n"]].tolist() == [0, 1, 2]
    late = pd.DataFrame(
        {
            "statistic": ["cumulative_incidence"],
            "definition": ["d"],
            "group": ["all"],
            "cause": ["response"],
            "time": [7.0],
            "estimate": [0.5],
            "lower": [np.nan],
            "upper": [np.nan],
            "events": [1.0],
            "n": [2.0],
        }
    )
    first = curve_steps(late, "cumulative_incidence", "d", "all", "response").iloc[0]
    assert (first["time"], first["estimate"], first["events"], first["n"]) == (0, 0, 0, 2)


def test_points_of_a_curve_on_some_days():
    steps = steps_of([7, 9, 9, 12], ["response", "delivery", "censored", "censored"], "cumulative_incidence")
    assert points_at(steps, [9, 12, 13]).to_numpy().tolist() == [[9, 0.25], [12, 0.25]]


@pytest.mark.parametrize(("n", "fewest"), [(10, 2), (31, 7), (49, 10), (50, 10), (500, 10)])
def test_the_band_ends_where_few_are_at_risk(n, fewest):
    risk = np.arange(n, 0, -1)
    assert risk[band_drawn(risk)].min() == fewest


@pytest.mark.parametrize("n", [0, 1, 4, 9])
def test_a_curve_of_few_has_no_band(n):
    assert not band_drawn(np.arange(n, 0, -1)).any()


@pytest.mark.parametrize(
    ("last", "ticks"),
    [
        (1, [0, 1]),
        (10, list(range(11))),
        (28, [0, 5, 10, 15, 20, 25]),
        (90, list(range(0, 91, 14))),
        (400, list(range(0, 401, 56))),
    ],
)
def test_days_on_the_axis(last, ticks):
    assert day_ticks(last) == ticks


def test_states_stacked_on_each_other_add_up_to_one():
    causes = ["response", "delivery", "response", "delivery"]
    days = [7, 9, 9, 12]
    parts = [steps_of(days, causes, "cumulative_incidence", cause) for cause in ("response", "delivery")]
    times, edges = stacked(parts)
    assert times.tolist() == [0, 7, 9, 12, pytest.approx(12.36)]
    assert edges[1].tolist() == pytest.approx([0, 0.25, 0.5, 0.5, 0.5])
    assert edges[2].tolist() == pytest.approx([0, 0.25, 0.75, 1, 1])
