"""What follows from histories: held to the estimators on cases that are placed day by day."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from caseseries.estimators import kaplan_meier, log_rank, quantile, restricted_mean
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.guyot import guyot, isotonic
from caseseries.reconstruct.log_rank import log_rank_p, log_rank_range, p_of, placed, sums
from caseseries.reconstruct.ranges import ranges
from caseseries.reconstruct.reconstructed import by_guyot, pairs, reconstruct
from caseseries.reconstruct.search import search
from caseseries.reconstruct.settle import what_settles
from caseseries.reconstruct.timeline import timeline


def cases(seed, n, rate=0.04, followed=60):
    """Made-up times and events of a group."""
    random = np.random.default_rng(seed)
    event, lost = np.ceil(random.exponential(1 / rate, n)), random.integers(followed // 4, followed + 1, n)
    return np.minimum(event, lost).astype(int), (event <= lost).astype(int)


def printed(time, event, group="a", every=7, error=0.002, events=None):
    """The curve of cases, read without error, with numbers at risk every so many days."""
    curve = kaplan_meier(time, event)
    steps = curve[curve["events"] > 0]
    days = tuple(int(day) for day in steps["time"])
    rows = tuple((day, int((time >= day).sum())) for day in range(0, int(time.max()) + 1, every))
    levels = tuple(steps["survival"])
    return PrintedCurve("c", group, "o", len(time), events, days, levels, error, int(time.max()), levels[-1], rows)


def spread_out(curve, history, late):
    """Times and events of cases, censored on the first or the last day that the history leaves them."""
    lines = timeline(curve, history)
    time, event = [], []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        time += [line.day] * line.events
        event += [1] * line.events
        last = following.day - 1 if following else curve.end
        lost = [last if late else line.day] * line.censored
        if following is None and lost:
            lost[0] = curve.end
        time += lost
        event += [0] * line.censored
    return time, event


@pytest.mark.parametrize("seed", range(4))
def test_a_unique_history_gives_back_what_the_cases_give(seed):
    time, event = cases(seed, 12)
    curve = printed(time, event, every=1)
    numbers = {(one.statistic, one.time): one for one in reconstruct(curve, [20]).ranges}
    km = kaplan_meier(time, event)
    level = km.loc[km["time"] <= 20, "survival"].iloc[-1]
    assert numbers["survival", 20].best == pytest.approx(level)
    assert numbers["events", None].best == event.sum()
    tau = curve.end
    assert numbers["restricted_mean_time", tau].best == pytest.approx(restricted_mean(time, event, tau).estimate)
    median = numbers["median_time", None].best
    half = quantile(km, 0.5).estimate
    assert np.isnan(median) == np.isnan(half)
    if not np.isclose(km["survival"], 0.5).any():
        assert median == pytest.approx(half, nan_ok=True)


@pytest.mark.parametrize("late", [0, 1])
def test_the_log_rank_test_is_that_of_the_estimators_on_placed_cases(late):
    (time1, event1), (time2, event2) = cases(1, 20), cases(2, 22, 0.08)
    one, other = printed(time1, event1), printed(time2, event2, "b")
    first, second = search(one).histories[0], search(other).histories[0]
    p = log_rank_p(one, first, other, second, late, late)
    (t1, e1), (t2, e2) = spread_out(one, first, late), spread_out(other, second, late)
    found = log_rank([*t1, *t2], [*e1, *e2], [0] * len(t1) + [1] * len(t2))
    assert p == pytest.approx(found.p_value, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_log_rank_range_holds_the_p_value_of_the_cases(seed):
    (time1, event1), (time2, event2) = cases(10 + seed, 18), cases(20 + seed, 16, 0.07)
    one, other = printed(time1, event1), printed(time2, event2, "b")
    whole = log_rank_range(one, search(one).histories, other, search(other).histories, complete=True)
    truth = log_rank([*time1, *time2], [*event1, *event2], [0] * 18 + [1] * 16).p_value
    assert whole.lower - 1e-9 <= truth <= whole.upper + 1e-9


def every_way(curve, history, days):
    """Numbers at risk of a history on some days for every way to lose its people between two known days."""
    one = placed(curve, [history], days)
    ways = product(*(range(int(low), int(high) + 1) for low, high in zip(one.fewest[0], one.most[0], strict=True)))
    return one.events[0], [np.array(way) for way in ways if all(a >= b for a, b in pairwise(way))]


@pytest.mark.parametrize("seed", [2, 5, 6, 10, 11])
def test_the_log_rank_range_goes_over_every_way_to_lose_people(seed):
    (time1, event1), (time2, event2) = cases(10 + seed, 10), cases(20 + seed, 9, 0.07)
    one, other = printed(time1, event1, every=20, error=0.02), printed(time2, event2, "b", every=20, error=0.02)
    ones, others = search(one).histories, search(other).histories
    days = np.union1d(one.days, other.days)
    found = []
    for history, its in product(ones, others):
        (d1, ways), (d2, its_ways) = every_way(one, history, days), every_way(other, its, days)
        for n1 in ways:
            u, v = (part.sum(axis=1) for part in sums(d1, n1, d2, np.array(its_ways)))
            found += (u * u / v).tolist()
    assert len(found) > 1
    whole = log_rank_range(one, ones, other, others, complete=True)
    assert whole.basis == "all"
    # the ends are outer limits, and here they are reached
    assert [whole.lower, whole.upper] == pytest.approx(sorted(p_of([min(found), max(found)])), rel=1e-9)


def test_a_difference_that_may_be_none_has_a_p_of_up_to_1():
    """Depending on who is lost when, either group has more events than expected."""
    (time1, event1), (time2, event2) = cases(51, 10, 0.05), cases(61, 9, 0.05)
    one, other = printed(time1, event1, every=20, error=0.02), printed(time2, event2, "b", every=20, error=0.02)
    ones, others = search(one).histories, search(other).histories
    p = [log_rank_p(one, a, other, b, *late) for a in ones for b in others for late in product((0, 1), (0, 1))]
    whole = log_rank_range(one, ones, other, others, complete=True)
    assert max(p) < whole.upper == 1
    assert whole.lower == pytest.approx(min(p))


def test_outer_limits_of_a_sample_hold_every_history():
    time, event = cases(5, 36)
    curve = printed(time, event, every=30, error=0.012)
    found = search(curve)
    assert len(found.histories) > 20
    exact = ranges(curve, found.histories, [15, 30], found.events, True)
    outer = ranges(curve, found.histories[:5], [15, 30], found.events, False)
    for inside, outside in zip(exact, outer, strict=True):
        assert outside.basis == "sample"
        assert outside.lower - 1e-9 <= inside.lower
        assert np.isnan(outside.upper) or outside.upper + 1e-9 >= inside.upper


def test_what_settles_is_true_of_the_histories():
    time, event = cases(5, 30)
    curve = printed(time, event, every=30, error=0.01)
    histories = search(curve).histories
    assert len(histories) > 5
    for one in what_settles(curve, histories):
        place = None if one.day is None else curve.days.index(one.day)
        values = [sum(d for _, d in path) if place is None else path[place][0] for path in histories]
        assert one.left == max(values.count(value) for value in values) < len(histories)
        assert one.values == len(set(values)) > 1


def test_a_total_that_is_printed_settles_nothing_more():
    time, event = cases(5, 30)
    curve = printed(time, event, every=30, error=0.01, events=int(event.sum()))
    assert [one.day for one in what_settles(curve, search(curve).histories) if one.day is None] == []


def test_a_history_that_is_certain_needs_nothing_further():
    time, event = cases(0, 8)
    assert reconstruct(printed(time, event, every=1)).settling == ()


@pytest.mark.parametrize("seed", range(3))
def test_guyots_algorithm_comes_near_a_large_curve(seed):
    """400 cases, numbers at risk every seven days: events within two in a hundred, levels within a hundredth."""
    time, event = cases(seed, 400, 0.03)
    curve = printed(time, event, error=0.002)
    found = guyot(curve)
    assert abs(found.events.sum() - event.sum()) <= 0.02 * event.sum()
    steps = found.events > 0
    levels = np.cumprod(1 - found.events[steps] / found.at_risk[steps])
    km = kaplan_meier(time, event)
    true = [km.loc[km["time"] <= day, "survival"].iloc[-1] for day in found.days[steps]]
    assert np.abs(levels - true).max() < 0.01
    assert (found.at_risk - found.events - found.censored >= 0).all()


def test_guyots_algorithm_keeps_to_a_printed_total():
    time, event = cases(1, 200, 0.03)
    curve = printed(time, event, every=20, events=int(event.sum()))
    assert abs(guyot(curve).events.sum() - event.sum()) <= 1


def test_a_large_curve_comes_with_the_error_of_reading_it_again():
    time, event = cases(1, 200, 0.03)
    one = reconstruct(printed(time, event, error=0.01), [20])
    assert one.by_guyot and one.found is None and len(one.solutions) == 1
    assert {number.basis for number in one.ranges} == {"simulated"}
    numbers = {number.statistic: number for number in one.ranges}
    assert 0 < numbers["survival"].upper - numbers["survival"].lower < 0.05
    assert numbers["events"].lower <= event.sum() <= numbers["events"].upper
    left = [line.at_risk - line.events - line.censored for line in one.solutions[0]]
    assert left == [line.at_risk for line in one.solutions[0][1:]] + [0]


def test_two_large_curves_are_compared():
    (time1, event1), (time2, event2) = cases(1, 160, 0.03), cases(2, 170, 0.05)
    both = [reconstruct(printed(time1, event1)), reconstruct(printed(time2, event2, "b"))]
    (pair,) = pairs(both)
    truth = log_rank([*time1, *time2], [*event1, *event2], [0] * 160 + [1] * 170).p_value
    assert truth < 0.001 and pair.log_rank.upper < 0.01 and pair.log_rank.basis == "sample"


def test_rising_readings_are_repaired_by_least_squares():
    assert isotonic(np.array([1.0, 0.8, 0.82, 0.5])).tolist() == pytest.approx([1.0, 0.81, 0.81, 0.5])


def test_readings_a_little_worse_than_said_are_searched_with_a_wider_error():
    time, event = cases(3, 12)
    curve = printed(time, event, error=0.004)
    off = replace(curve, levels=tuple(level - 0.0055 for level in curve.levels), end_level=curve.end_level - 0.0055)
    one = reconstruct(off)
    assert one.widened and one.curve.error == pytest.approx(0.006)
    assert not by_guyot(off, None, [10]).widened
