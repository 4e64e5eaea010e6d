"""Response rates: a proportion with its confidence interval, and the difference of two.

Written here rather than taken from statsmodels because importing it takes longer than a whole stage, and because
its Jeffreys interval is left open at 0/n and n/n and its `binom_test` interval is too short (docs/numerics.md).
All intervals are defined at 0/n and n/n; for n = 0 nothing is known: the estimate is missing and the interval is
0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimate.arrays import check_level

Limits = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Proportion:
    """A rate and its interval, as fractions of 1. With n = 0 the estimate is nan and the interval 0 to 1."""

    events: int
    n: int
    estimate: float
    lower: float
    upper: float
    level: float
    method: str


@dataclass(frozen=True)
class RateDifference:
    """Rate of the first group minus rate of the second, with its interval."""

    estimate: float
    lower: float
    upper: float
    level: float
    method: str


def proportion(events: int, n: int, method: str = "wilson", level: float = 0.95) -> Proportion:
    """Proportion of `events` among `n` with a two-sided confidence interval.

    Parameters
    ----------
    events, n : whole numbers, 0 <= events <= n.
    method : `wilson` (score; Wilson 1927, J Am Stat Assoc 22:209), `clopper_pearson` (exact; Biometrika 1934;26:404),
        `jeffreys`, `mid_p` or `blaker`.
    level : confidence level.

    Raises
    ------
    ValueError : counts that are not whole numbers with 0 <= events <= n, unknown method, level outside 0 to 1.
    """
    if method not in INTERVALS:
        raise ValueError(f"method: must be one of {', '.join(INTERVALS)} (for example: wilson)")
    x, m = check_counts([events], [n])
    lower, upper = interval(x, m, method, level)
    estimate = float(x[0] / m[0]) if m[0] else float("nan")
    return Proportion(int(x[0]), int(m[0]), estimate, float(lower[0]), float(upper[0]), level, method)


def interval(events: ArrayLike, n: ArrayLike, method: str, level: float = 0.95) -> Limits:
    """Lower and upper limits for many rates at once; arrays of equal length. See `proportion`."""
    x, m = check_counts(events, n)
    alpha = 1 - check_level(level)
    lower, upper = INTERVALS[method](x, np.maximum(m, 1), alpha)
    return np.where(m == 0, 0.0, lower), np.where(m == 0, 1.0, upper)


def clopper_pearson(events: int, n: int, level: float = 0.95) -> Proportion:
    """Exact interval: each limit is the rate at which one tail holds half of 1 - level."""
    return proportion(events, n, "clopper_pearson", level)


def jeffreys(events: int, n: int, level: float = 0.95) -> Proportion:
    """Equal-tailed Jeffreys interval, its lower limit 0 at 0/n and its upper limit 1 at n/n.

    The rule at the edges is that of Brown, Cai and DasGupta (2001, Stat Sci 16:101, section 4.1.2).
    """
    return proportion(events, n, "jeffreys", level)


def mid_p(events: int, n: int, level: float = 0.95) -> Proportion:
    """Mid-P interval: as Clopper-Pearson, but with half the probability of the observed count in each tail."""
    return proportion(events, n, "mid_p", level)


def blaker(events: int, n: int, level: float = 0.95) -> Proportion:
    """Exact interval from Blaker's acceptability function (2000, Can J Stat 28:783); lies within Clopper-Pearson's."""
    return proportion(events, n, "blaker", level)


def newcombe(events_1: int, n_1: int, events_2: int, n_2: int, level: float = 0.95) -> RateDifference:
    """Difference of two independent rates, first minus second, with Newcombe's hybrid score interval.

    Newcombe (1998, Stat Med 17:873), method 10, from the two Wilson intervals. Where a group is empty the estimate
    is nan and the interval is -1 to 1.
    """
    first, second = proportion(events_1, n_1, level=level), proportion(events_2, n_2, level=level)
    name = "Newcombe, hybrid score"
    if first.n == 0 or second.n == 0:
        return RateDifference(float("nan"), -1.0, 1.0, level, name)
    difference = first.estimate - second.estimate
    below = np.hypot(first.estimate - first.lower, second.upper - second.estimate)
    above = np.hypot(first.upper - first.estimate, second.estimate - second.lower)
    return RateDifference(difference, float(difference - below), float(difference + above), level, name)


def check_counts(events: ArrayLike, n: ArrayLike) -> Limits:
    """Counts as float arrays: whole numbers, 0 <= events <= n, of equal length; else ValueError."""
    x, m = np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    if x.shape != m.shape or x.ndim != 1:
        raise ValueError("events and n: one value each per group needed (for example: events 2, n 4)")
    whole = np.isfinite(x) & np.isfinite(m) & (np.floor(x) == x) & (np.floor(m) == m)
    if not (whole & (x >= 0) & (x <= m)).all():
        raise ValueError("events and n: must be whole numbers with 0 <= events <= n (for example: events 2, n 4)")
    return x, m


def _wilson(x: np.ndarray, n: np.ndarray, alpha: float) -> Limits:
    z = special.ndtri(1 - alpha / 2)
    centre = (x + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * np.sqrt(x * (n - x) / n + z**2 / 4)
    return np.where(x == 0, 0.0, centre - half), np.where(x == n, 1.0, centre + half)


def _clopper_pearson(x: np.ndarray, n: np.ndarray, alpha: float) -> Limits:
    lower = special.betaincinv(np.maximum(x, 0.5), n - x + 1, alpha / 2)
    upper = special.betaincinv(x + 1, np.maximum(n - x, 0.5), 1 - alpha / 2)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _jeffreys(x: np.ndarray, n: np.ndarray, alpha: float) -> Limits:
    lower = special.betaincinv(x + 0.5, n - x + 0.5, alpha / 2)
    upper = special.betaincinv(x + 0.5, n - x + 0.5, 1 - alpha / 2)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _mid_p(x: np.ndarray, n: np.ndarray, alpha: float) -> Limits:
    def tail(p: np.ndarray) -> np.ndarray:  # P(X > x) + P(X = x) / 2, rising in p
        return (_at_least(x, n, p) + _at_least(x + 1, n, p)) / 2

    zero, one = np.zeros_like(x), np.ones_like(x)
    lower = _rising_root(lambda p: tail(p) - alpha / 2, zero, one)
    upper = _rising_root(lambda p: tail(p) - (1 - alpha / 2), zero, one)
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _rising_root(f: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Bisection to the last bit, elementwise, for functions that rise from negative to positive."""
    for _ in range(60):
        middle = (low + high) / 2
        positive = f(middle) > 0
        low, high = np.where(positive, low, middle), np.where(positive, middle, high)
    return (low + high) / 2


def _blaker(x: np.ndarray, n: np.ndarray, alpha: float) -> Limits:
    return 1 - _blaker_upper(n - x, n, alpha), _blaker_upper(x, n, alpha)


def _blaker_upper(x: np.ndarray, n: np.ndarray, alpha: float) -> np.ndarray:
    """Largest rate whose acceptability exceeds alpha: L(p) + U_k(p), L = P(X <= x), U_k = P(X >= k).

    k is the smallest count with U_k <= L. Tail k stands on the rates up to `edge` k, where U_k = L; there the
    acceptability is 2 L and drops. At Clopper-Pearson's limit L = alpha / 2, so that the last edge below that limit
    is acceptable and none beyond it is. Between the two the sum crosses alpha once, downwards, or lies below it.
    """
    edges_at = _clopper_pearson(x, n, alpha)[1]
    counts = np.arange(int(n.max(initial=0)) + 1)
    tails = _at_least(counts[None, :], n[:, None], edges_at[:, None])
    k = np.where((tails > alpha / 2) & (counts <= n[:, None]), counts, 0).max(axis=1)
    zero, one = np.zeros_like(x), np.ones_like(x)
    edge = _rising_root(lambda p: _at_least(k, n, p) - (1 - _at_least(x + 1, n, p)), zero, one)
    beyond = _rising_root(
        lambda p: np.where(p <= edge, -1.0, alpha - (1 - _at_least(x + 1, n, p)) - _at_least(k + 1, n, p)),
        edge, np.maximum(edge, edges_at),
    )  # fmt: skip
    return np.where(x == n, 1.0, beyond)


def _at_least(k: np.ndarray, n: np.ndarray, p: np.ndarray) -> np.ndarray:
    """P(X >= k) for X binomial(n, p)."""
    inside = special.betainc(np.clip(k, 0.5, None), np.clip(n - k + 1, 0.5, None), p)
    return np.where(k <= 0, 1.0, np.where(k > n, 0.0, inside))


INTERVALS: dict[str, Callable[[np.ndarray, np.ndarray, float], Limits]] = {
    "wilson": _wilson,
    "clopper_pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
    "mid_p": _mid_p,
    "blaker": _blaker,
}
"""Interval functions by name: (events, n, alpha) to limits; n at least 1."""
