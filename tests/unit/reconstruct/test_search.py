"""The search is held to a plain one that tries every sequence of whole numbers, with fractions."""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.search import LARGEST, levels_of, search


def every_history(curve):
    """All sequences of (at risk, events) that fit, without any pruning."""
    found = set()
    steps = [(risk, events) for risk in range(1, curve.n + 1) for events in range(1, risk + 1)]
    for path in itertools.product(steps, repeat=len(curve.days)):
        if fits(curve, path):
            found.add(path)
    return found


def fits(curve, path):
    left, level, error = curve.n, Fraction(1), Fraction(str(curve.error))
    at_risk = {}
    for day, read, (risk, events) in zip(curve.days, curve.levels, path, strict=True):
        if risk > left:
            return False
        at_risk[day] = (left, risk)
        level *= 1 - Fraction(events, risk)
        if abs(level - Fraction(str(read))) > error:
            return False
        left = risk - events
    lowest = min(Fraction(str(curve.end_level)), Fraction(str(curve.levels[-1]))) + error
    somebody = curve.end > curve.days[-1] and lowest >= Fraction(1, curve.n)
    if abs(level - Fraction(str(curve.end_level))) > error or (somebody and not left):
        return False
    if curve.events is not None and sum(d for _, d in path) != curve.events:
        return False
    return all(row_fits(curve, path, day, printed, left) for day, printed in curve.rows)


def row_fits(curve, path, day, printed, left):
    later = [i for i, step in enumerate(curve.days) if step >= day]
    if not later:
        return printed <= left
    risk = path[later[0]][0]
    before = curve.n if later[0] == 0 else path[later[0] - 1][0] - path[later[0] - 1][1]
    return printed == risk if curve.days[later[0]] == day else risk <= printed <= before


def drawn(seed, n, steps, error, *, rows=(), total=False):
    """A made-up curve of a made-up history, read with an error."""
    random = np.random.default_rng(seed)
    left, level, path, levels = n, 1.0, [], []
    for _ in range(steps):
        if left < 2:
            break
        risk = int(random.integers(max(1, left - 2), left + 1))
        events = int(random.integers(1, min(2, risk) + 1))
        path.append((risk, events))
        left = risk - events
        level *= left / risk
        levels.append(round(float(np.clip(level + random.uniform(-error, error) * 0.99, 0, 1)), 6))
    days = tuple(7 * (i + 1) for i in range(len(path)))
    marks = tuple((day, path[days.index(day)][0]) for day in rows if day in days)
    events = sum(d for _, d in path) if total else None
    end = days[-1] + (5 if left else 0)
    return PrintedCurve("c", "g", "o", n, events, days, tuple(levels), error, end, levels[-1], marks), tuple(path)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("rows", "total"), [((), False), ((7, 14), False), ((), True)])
def test_the_search_finds_what_trying_everything_finds(seed, rows, total):
    curve, path = drawn(seed, 6, 3, 0.06, rows=rows, total=total)
    found = search(curve)
    assert set(found.histories) == every_history(curve)
    assert path in found.histories
    assert found.exhausted and found.counted == len(found.histories)


@pytest.mark.parametrize("seed", range(6))
def test_the_backward_pass_never_bounds_the_total_too_narrowly(seed):
    curve, _ = drawn(seed, 12, 6, 0.04)
    found = search(curve)
    totals = [sum(d for _, d in history) for history in found.histories]
    assert found.events[0] <= min(totals) <= max(totals) <= found.events[1]


def test_the_best_history_is_the_one_nearest_to_the_readings():
    curve, _ = drawn(3, 14, 6, 0.03)
    far = [np.sum((levels_of(history) - curve.levels) ** 2) for history in search(curve).histories]
    assert far == sorted(far) and len(far) > 1


def test_beyond_what_can_be_counted_a_sample_stands_the_same_each_time(monkeypatch):
    curve, _ = drawn(8, 40, 12, 0.05)
    monkeypatch.setattr("caseseries.reconstruct.search.COUNTED", 50)
    monkeypatch.setattr("caseseries.reconstruct.search.LISTED", 30)
    one, again = search(curve), search(curve)
    assert not one.exhausted and not one.complete
    assert one.histories == again.histories
    assert 1 < len(one.listed) <= 30
    assert all(fits(curve, history) for history in one.histories)


def test_a_search_ends_when_it_has_entered_as_many_states_as_it_may(monkeypatch):
    monkeypatch.setattr("caseseries.reconstruct.search.VISITS", 200)
    curve, _ = drawn(8, 60, 15, 0.05)
    found = search(curve)
    assert not found.exhausted and found.events is not None


def test_where_nothing_fits_nothing_is_found():
    curve, _ = drawn(1, 6, 3, 0.01)
    found = search(replace(curve, levels=(0.99, *curve.levels[1:])))
    assert found.histories == () and found.events is None and found.exhausted


def test_progress_is_told(monkeypatch):
    monkeypatch.setattr("caseseries.reconstruct.search.LISTED", 10)
    told = []
    search(drawn(8, 20, 8, 0.05)[0], told.append)
    assert told[:2] == [10, 20]


def test_too_many_people_are_not_searched():
    with pytest.raises(ValueError, match="n: must not exceed"):
        search(replace(drawn(1, 6, 3, 0.01)[0], n=LARGEST + 1))


def test_a_row_near_a_step_may_stand_on_either_side_where_days_were_read_roughly():
    """Four at risk on the day of the step are two after six and two events, or four before three and one."""
    curve = PrintedCurve("c", "g", "o", 6, None, (7,), (0.6667,), 0.01, 20, 0.6667, ((7, 4),))
    assert not search(curve).histories
    assert set(search(replace(curve, day_error=1)).histories) == {((6, 2),), ((3, 1),)}


@pytest.mark.parametrize("end_level", [0.0, 0.004])
def test_a_line_at_zero_that_is_drawn_on_leaves_nobody(end_level):
    curve = PrintedCurve("c", "g", "x", 4, None, (3, 5, 9, 12), (0.75, 0.5, 0.25, 0.0), 0.005, 30, end_level)
    found = search(curve)
    assert [list(history) for history in found.histories] == [[(4, 1), (3, 1), (2, 1), (1, 1)]]
    above = replace(curve, levels=(0.75, 0.5, 0.25, 0.125), end_level=0.125)
    assert all(risk > events for history in search(above).histories for risk, events in history[-1:])
