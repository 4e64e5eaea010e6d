"""Several counts of one day become one: its ends, and whether they are open."""

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
