"""Several counts of one day become one: its ends, and whether they are open."""

from dataclasses import replace

import numpy as np
import pytest

from caseseries.response.admit import one_a_day
from caseseries.response.series import sort_counts

INF = np.inf
EXACT, BELOW_50, ABOVE_100 = (50.0, 50.0, False, False), (0.0, 50.0, False, True), (100.0, INF, True, False)


def of_one_day(values, which):
    """The count of a day on which some were taken: lo, hi, whether each end is open."""
    lo, hi, lo_open, hi_open = (np.array(column) for column in zip(*values, strict=True))
    n = len(values)
    zeros, rows = np.zeros(n, np.int64), np.arange(n)
    found = one_a_day(sort_counts(1, zeros, zeros, lo, hi, rows, lo_open, hi_open), which)
    flags = (False if flag is None else bool(flag[0]) for flag in (found.lo_open, found.hi_open))
    return found.lo[0], found.hi[0], *flags


@pytest.mark.parametrize(
    ("which", "values", "expected"),
    [
        ("max", [EXACT, ABOVE_100], (100.0, INF, True, False)),
        ("max", [EXACT, BELOW_50], (50.0, 50.0, False, False)),
        ("max", [BELOW_50, BELOW_50], (0.0, 50.0, False, True)),
        ("max", [(20.0, 20.0, False, False), BELOW_50], (20.0, 50.0, False, True)),
        ("min", [EXACT, BELOW_50], (0.0, 50.0, False, True)),
        ("min", [(100.0, 100.0, False, False), ABOVE_100], (100.0, 100.0, False, False)),
        ("min", [(200.0, 200.0, False, False), ABOVE_100], (100.0, 200.0, True, False)),
    ],
)
def test_the_highest_and_the_lowest_of_a_day(which, values, expected):
    assert of_one_day(values, which) == expected
    assert of_one_day(values[::-1], which) == expected


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        ("first", [30, 10, 5, 60, 80]),
        ("last", [20, 10, 6, 50, 80]),
        ("min", [20, 10, 4, 50, 80]),
        ("max", [30, 10, 7, 60, 80]),
    ],
)
@pytest.mark.parametrize("rows", [True, False])
def test_days_with_one_count_and_with_several(which, expected, rows):
    """Two episodes; days of two, one, four and two counts, and the day of the second episode that the first ends on."""
    episode, day = np.array([0] * 9 + [1]), np.array([1, 1, 2, 3, 3, 3, 3, 4, 4, 4])
    lo = np.array([30, 20, 10, 5, 7, 4, 6, 60, 50, 80], float)
    counts = sort_counts(2, episode, day, lo, lo, np.arange(10))
    found = one_a_day(counts if rows else replace(counts, row=None), which)
    assert found.lo.tolist() == found.hi.tolist() == expected
    assert found.day.tolist() == [1, 2, 3, 4, 4] and found.episode.tolist() == [0, 0, 0, 0, 1]
    keep = day != 3
    assert one_a_day(counts, which, keep).lo.tolist() == [value for value in expected if value not in (4, 5, 6, 7)]
    assert counts.lo.tolist() == lo.tolist()


def test_counts_are_sorted_by_episode_day_and_row_where_they_are_not():
    episode, day, row = np.array([1, 0, 0, 0]), np.array([1, 2, 1, 1]), np.array([5, 6, 8, 7])
    found = sort_counts(2, episode, day, row.astype(float), row.astype(float), row)
    assert found.row.tolist() == [7, 8, 6, 5]
    for place in range(3):  # a pair in the wrong order, by its day, row or episode
        order = np.array([[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 3, 2]][place])
        parts = (column[order] for column in (found.episode, found.day, found.lo, found.hi, found.row))
        assert sort_counts(2, *parts).row.tolist() == [7, 8, 6, 5]
