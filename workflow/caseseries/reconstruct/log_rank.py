"""The log-rank test between two reconstructed groups, with its range over histories and over where people are lost.

With O - E = U and its variance V the statistic is U^2 / V. Between two days on which the number at risk of a group is
known, people may be lost on any day, so that at an event of the other group the number at risk may be any between two
ends. U and V are sums over the days of events; the statistic is convex in them, so that its largest value lies at a
corner of the hull of all sums, and its smallest, where U cannot be 0, on an edge.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.ranges import Range
from caseseries.reconstruct.search import History
from caseseries.reconstruct.timeline import at_risk_by_day

PAIRS = 100_000
"""Pairs of histories of two groups that a range is taken over, evenly spread where there are more."""
FOLLOWED = 20
"""Pairs nearest to each end of the range of which every way to lose people is tried, beside early and late."""

NO_FARTHER = 1e-10
"""What arithmetic adds to a sum of points."""

Point = tuple[float, float]
"""Observed less expected events of the first group, and its variance."""


@dataclass(frozen=True)
class Placed:
    """Histories of one group on the days of events of both: a row a history, a column a day.

    Parameters
    ----------
    events : events of the group. fewest, most : its number at risk if people are lost as early, and as late, as can be.
    """

    events: np.ndarray
    fewest: np.ndarray
    most: np.ndarray


def placed(curve: PrintedCurve, histories: Sequence[History], days: np.ndarray) -> Placed:
    """Histories of a curve on some days, among which are those of its steps."""
    events = np.zeros((len(histories), days.size))
    events[:, np.searchsorted(days, curve.days)] = [[d for _, d in history] for history in histories]
    ends = [np.array([at_risk_on(curve, history, days, late) for history in histories]) for late in (0, 1)]
    return Placed(events, *ends)


def at_risk_on(curve: PrintedCurve, history: History, days: np.ndarray, late: float) -> np.ndarray:
    """Number at risk on some days; `late` as in `at_risk_by_day`."""
    marks, at_risk = at_risk_by_day(curve, history, late=late)
    return at_risk[np.clip(np.searchsorted(marks, days, "right") - 1, 0, None)]


def sums(d1: np.ndarray, n1: np.ndarray, d2: np.ndarray, n2: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """U and V of each day from events and numbers at risk of both groups."""
    n, d = n1 + n2, d1 + d2
    use = n > 1
    whole = np.where(use, n, 2.0)
    share = n1 / whole
    return np.where(use, d1 - d * share, 0.0), np.where(use, d * share * (n2 / whole) * (n - d) / (whole - 1), 0.0)


def p_of(statistic: np.ndarray | float) -> np.ndarray:
    """p-value of a chi-squared statistic with 1 degree of freedom."""
    from scipy import special

    return np.asarray(special.chdtrc(1, statistic))


def log_rank_p(
    one: PrintedCurve, history: History, other: PrintedCurve, its: History, late: float, late_other: float
) -> float:
    """Log-rank p-value of two histories; nan where no event tells the groups apart."""
    days = np.union1d(one.days, other.days)
    first, second = placed(one, [history], days), placed(other, [its], days)
    n1, n2 = at_risk_on(one, history, days, late), at_risk_on(other, its, days, late_other)
    u, v = (float(part.sum()) for part in sums(first.events[0], n1, second.events[0], n2))
    return float(p_of(u * u / v)) if v > 0 else math.nan


def log_rank_range(
    one: PrintedCurve, ones: Sequence[History], other: PrintedCurve, others: Sequence[History], complete: bool
) -> Range:
    """Log-rank p-value of two groups over pairs of histories, wherever people are lost between two known days.

    Parameters
    ----------
    ones, others : histories of each, the best first. complete : whether they are all that fit.
    """
    best = log_rank_p(one, ones[0], other, others[0], 0.5, 0.5)
    days = np.union1d(one.days, other.days)
    rows = sizes(len(ones), len(others))
    first, second = placed(one, spread(ones, rows[0]), days), placed(other, spread(others, rows[1]), days)
    low, high = early_and_late(first, second)
    if math.isnan(best) or not np.isfinite(low).any():
        return Range("log_rank_p", None, math.nan, math.nan, math.nan, "sample")
    smallest = min(ends_of_pair(first, i, second, j)[0] for i, j in nearest(low))
    largest = max(ends_of_pair(first, i, second, j)[1] for i, j in nearest(-high))
    whole = complete and rows == (len(ones), len(others))
    ends = float(p_of(largest)), float(p_of(smallest))
    return Range("log_rank_p", None, best, min(ends[0], best), max(ends[1], best), "all" if whole else "sample")


def sizes(one: int, other: int) -> tuple[int, int]:
    """How many histories of each group are paired, so that there are no more than `PAIRS`."""
    side = math.isqrt(PAIRS)
    if one * other <= PAIRS:
        return one, other
    if min(one, other) > side:
        return side, side
    return (one, PAIRS // one) if one <= side else (PAIRS // other, other)


def spread(histories: Sequence[History], most: int) -> list[History]:
    """The best history and others evenly through the list."""
    if len(histories) <= most:
        return list(histories)
    return [histories[round(place)] for place in np.linspace(0, len(histories) - 1, most)]


def nearest(values: np.ndarray) -> list[tuple[int, int]]:
    """Places of the smallest values of a table, `FOLLOWED` at most."""
    order = np.argsort(values, axis=None, kind="stable")[:FOLLOWED]
    return [(int(i), int(j)) for i, j in zip(*np.unravel_index(order, values.shape), strict=True)]


def early_and_late(first: Placed, second: Placed) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest statistic of each pair with people lost as early or as late as can be; nan = no variance."""
    shape = len(first.events), len(second.events)
    low, high = np.full(shape, math.nan), np.full(shape, math.nan)
    for i, events in enumerate(first.events):
        for n1, n2 in product((first.fewest[i], first.most[i]), (second.fewest, second.most)):
            u, v = (part.sum(axis=1) for part in sums(events, n1, second.events, n2))
            statistic = np.divide(u * u, v, out=np.full(v.shape, math.nan), where=v > 0)
            low[i], high[i] = np.fmin(low[i], statistic), np.fmax(high[i], statistic)
    return low, high


def ends_of_pair(first: Placed, i: int, second: Placed, j: int) -> tuple[float, float]:
    """Smallest and largest statistic of two histories, each day with any number at risk that may be.

    That people who are lost stay away is not asked for, so that the ends are outer limits; as a rule they are reached.
    """
    free = [(side.fewest[row], side.most[row]) for side, row in ((first, i), (second, j))]
    steps = np.arange(max(float((most - fewest).max()) for fewest, most in free) + 1)
    n1, n2 = (np.minimum(fewest[:, None] + steps, most[:, None]) for fewest, most in free)
    u, v = sums(first.events[i][:, None], n1, second.events[j][:, None], n2)
    corners = list(hull(u, v))
    largest = max(u * u / v for u, v in corners if v > 0)
    if min(u for u, _ in corners) <= 0 <= max(u for u, _ in corners):
        return 0.0, largest
    edges = zip(corners, [*corners[1:], corners[0]], strict=True)
    return min(smallest_on(*edge) for edge in edges), largest


def hull(u: np.ndarray, v: np.ndarray) -> Iterator[Point]:
    """Corners of the hull of all sums of one of the points of each row, round it."""

    def farthest(across: float, up: float) -> Point:
        taken = np.argmax(across * u + up * v, axis=1)[:, None]
        return float(np.take_along_axis(u, taken, 1).sum()), float(np.take_along_axis(v, taken, 1).sum())

    def between(start: Point, end: Point) -> Iterator[Point]:
        across, up = end[1] - start[1], start[0] - end[0]
        found = farthest(across, up)
        if across * (found[0] - start[0]) + up * (found[1] - start[1]) <= NO_FARTHER:
            yield start
        else:
            yield from between(start, found)
            yield from between(found, end)

    outer = [farthest(*direction) for direction in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    for start, end in zip(outer, [*outer[1:], outer[0]], strict=True):
        yield from between(start, end)


def smallest_on(start: Point, end: Point) -> float:
    """Smallest U^2 / V between two points on one side of U = 0."""
    (u, v), (across, up) = start, (end[0] - start[0], end[1] - start[1])
    slope = across * up
    # where the derivative of (u + across t)^2 / (v + up t) is 0
    turn = (up * u - 2 * across * v) / slope if slope else 0.0
    at = [(u + across * t, v + up * t) for t in (0.0, 1.0, min(1.0, max(0.0, turn)))]
    return min((x * x / y for x, y in at if y > 0), default=math.inf)
