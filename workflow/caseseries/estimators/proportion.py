"""Response rates: a proportion with its confidence interval, and the difference of two.

Written here rather than taken from statsmodels because importing it takes a quarter of a stage, and because its
Jeffreys interval is left open at 0/n and n/n and its `binom_test` interval is too short (docs/numerics.md).
All intervals are defined at 0/n and n/n; for n = 0 nothing is known: the estimate is missing and the interval is
0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.arrays import check_level

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
    method : `wilson` (score; Wilson 1927, J Am Stat Assoc), `clopper_pearson` (exact; Biometrika 1934),
        `jeffreys`, `mid_p` or `blaker`.
    level : confidence level.

    Raises
    ------
    ValueError : counts that are not whole numbers with 0 <= events <= n, unknown method, level outside 0 to 1.

    Examples
    --------
    >>> found = proportion(2, 4)
    >>> round(found.lower, 3), round(found.upper, 3)
    (0.15, 0.85)
    """
    if method not in INTERVALS:
        raise ValueError(f"method: must be one of {', '.join(INTERVALS)} (for example: wilson)")
    check_level(level)
    x, m = check_counts([events], [n])
    return _proportion(int(x[0]), int(m[0]), method, level)


@lru_cache(maxsize=4096)
def _proportion(events: int, n: int, method: str, level: float) -> Proportion:
    """The same counts come up under definition after definition."""
    lower, upper = interval([events], [n], method, level)
    estimate = events / n if n else float("nan")
    return Proportion(events, n, estimate, float(lower[0]), float(upper[0]), level, method)


def interval(events: ArrayLike, n: ArrayLike, method: str, level: float = 0.95) -> Limits:
    """Lower and upper limits for many rates at once; arrays of equal length. See `proportion`."""
    x, m = check_counts(events, n)
    alpha = 1 - check_level(level)
    lower, upper = INTERVALS[method](x, np.maximum(m, 1), alpha)
    return np.where(m == 0, 0.0, lower), np.where(m == 0, 1.0, upper)


def clopper_pearson(events: int, n: int, level: float = 0.95) -> Proportion:
    """Exact interval: each limit is the rate at which one tail holds half of 1 - level.

    Examples
    --------
    >>> found = clopper_pearson(2, 4)
    >>> round(found.lower, 3), round(found.upper, 3)
    (0.068, 0.932)
    """
    return proportion(events, n, "clopper_pearson", level)


def jeffreys(events: int, n: int, level: float = 0.95) -> Proportion:
    """Equal-tailed Jeffreys interval, its lower limit 0 at 0/n and its upper limit 1 at n/n.

    The rule at the edges is that of Brown, Cai and DasGupta (2001, Stat Sci).

    Examples
    --------
    >>> found = jeffreys(2, 4)
    >>> round(found.lower, 3), round(found.upper, 3)
    (0.123, 0.877)
    """
    return proportion(events, n, "jeffreys", level)


def mid_p(events: int, n: int, level: float = 0.95) -> Proportion:
    """Mid-P interval: as Clopper-Pearson, but with half the probability of the observed count in each tail.

    Examples
    --------
    >>> found = mid_p(2, 4)
    >>> round(found.lower, 3), round(found.upper, 3)
    (0.094, 0.906)
    """
    return proportion(events, n, "mid_p", level)


def blaker(events: int, n: int, level: float = 0.95) -> Proportion:
    """Exact interval from Blaker's acceptability function (2000, Can J Stat); lies within Clopper-Pearson's.

    Examples
    --------
    >>> found = blaker(2, 4)
    >>> round(found.lower, 3), round(found.upper, 3)
    (0.098, 0.902)
    """
    return proportion(events, n, "blaker", level)


def newcombe(events_1: int, n_1: int, events_2: int, n_2: int, level: float = 0.95) -> RateDifference:
    """Difference of two independent rates, first minus second, with Newcombe's hybrid score interval.

    Newcombe (1998, Stat Med), method 10, from the two Wilson intervals. Where a group is empty the estimate
    is nan and the interval is -1 to 1.

    Examples
    --------
    >>> found = newcombe(7, 10, 3, 10)
    >>> round(found.estimate, 3), round(found.lower, 3), round(found.upper, 3)
    (0.4, -0.029, 0.672)
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
    not_counts = "events and n: must be whole numbers with 0 <= events <= n (for example: events 2, n 4)"
    try:
        x, m = np.asarray(events, dtype=float), np.asarray(n, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(not_counts) from None
    if x.shape != m.shape or x.ndim != 1:
        raise ValueError("events and n: one value each per group needed (for example: events 2, n 4)")
    whole = np.isfinite(x) & np.isfinite(m) & (np.floor(x) == x) & (np.floor(m) == m)
    if not (whole & (x >= 0) & (x <= m)).all():
        raise ValueError(not_counts)
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
    pairs = [(_mid_p_root(k, m, alpha / 2), _mid_p_root(k, m, 1 - alpha / 2)) for k, m in _whole(x, n)]
    lower, upper = np.array(pairs).T
    return np.where(x == 0, 0.0, lower), np.where(x == n, 1.0, upper)


def _mid_p_root(k: int, n: int, wanted: float) -> float:
    """Rate at which P(X > k) + P(X = k) / 2 is as wanted; it rises with the rate."""
    return _root(lambda p: (_at_least(k, n, p) + _at_least(k + 1, n, p)) / 2 > wanted, 0.0, 1.0)


def _blaker(x: np.ndarray, n: np.ndarray, alpha: float) -> Limits:
    lower = [1 - _blaker_upper(m - k, m, alpha) for k, m in _whole(x, n)]
    return np.array(lower), np.array([_blaker_upper(k, m, alpha) for k, m in _whole(x, n)])


def _blaker_upper(x: int, n: int, alpha: float) -> float:
    """Largest rate whose acceptability exceeds alpha: L(p) + U_k(p), L = P(X <= x), U_k = P(X >= k).

    k is the smallest count with U_k <= L. Tail k stands on the rates up to `edge` k, where U_k = L; there the
    acceptability is 2 L and drops. At Clopper-Pearson's limit L = alpha / 2, so that the last edge below that limit
    is acceptable and none beyond it is. Between the two the sum crosses alpha once, downwards, or lies below it.
    """
    if x == n:
        return 1.0
    exact = float(special.betaincinv(x + 1.0, n - x, 1 - alpha / 2))
    above = np.arange(x + 2, n + 1)
    k = x + 1 + int(np.sum(special.betainc(above, n - above + 1.0, exact) > alpha / 2))
    edge = _root(lambda p: _at_least(k, n, p) + _at_least(x + 1, n, p) > 1, 0.0, exact)
    return _root(lambda p: 1 - _at_least(x + 1, n, p) + _at_least(k + 1, n, p) <= alpha, edge, exact)


def _whole(x: np.ndarray, n: np.ndarray) -> Iterator[tuple[int, int]]:
    return zip(x.astype(int).tolist(), n.astype(int).tolist(), strict=True)


def _at_least(k: int, n: int, p: float) -> float:
    """P(X >= k) for X binomial(n, p)."""
    if not 0 < k <= n:
        return 1.0 if k <= 0 else 0.0
    return float(special.betainc(k, n - k + 1.0, p))


def _root(beyond: Callable[[float], bool], low: float, high: float) -> float:
    """Bisection to the last bit: where `beyond` turns true between low and high."""
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if beyond(middle) else (middle, high)
    return high


INTERVALS: dict[str, Callable[[np.ndarray, np.ndarray, float], Limits]] = {
    "wilson": _wilson,
    "clopper_pearson": _clopper_pearson,
    "jeffreys": _jeffreys,
    "mid_p": _mid_p,
    "blaker": _blaker,
}
"""Interval functions by name: (events, n, alpha) to limits; n at least 1."""
