"""Time to response while delivery, rescue, stopping or death may come first: cumulative incidence and Gray's test.

Aalen-Johansen is written here because lifelines moves tied times at random, scikit-survival and comprisk fail or
give no curve where a cause has no event, and none gives the variance of R's `survfit` in linear time
(docs/numerics.md). Gray's test with strata exists in R only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caseseries.estimators.arrays import Arguments, at_risk, check_level, distinct_times, in_blocks, merge_ties
from caseseries.estimators.survival import Quantile, crossing, log_log_limits, normal_limits

SURE = 1e-12
"""An incidence this close to 1 is 1: its sum misses it by rounding only."""


@dataclass(frozen=True)
class TimeLost:
    """Mean time spent after an event of one cause, up to `tau`: the area under its cumulative incidence.

    The limits are nan where nothing varied: `note` says so.
    """

    cause: int
    tau: float
    estimate: float
    std_error: float
    lower: float
    upper: float
    level: float
    method: str
    note: str = ""


@dataclass(frozen=True)
class Hazards:
    """What Aalen-Johansen is made of: counts at each distinct time, over all causes."""

    time: np.ndarray
    at_risk: np.ndarray
    events: np.ndarray  # shape (causes, times)
    causes: np.ndarray
    before: np.ndarray  # event-free probability just before each time
    after: np.ndarray


def cumulative_incidence(
    time: ArrayLike, cause: ArrayLike, level: float = 0.95, *, entry: ArrayLike | None = None
) -> pd.DataFrame:
    """Aalen-Johansen cumulative incidence of each cause, with complementary log-log limits.

    Aalen and Johansen (1978, Scand J Stat). The variance is Greenwood's for Aalen-Johansen (Andersen et al.
    1993, section IV.4), equal to the infinitesimal jackknife of R's `survival::survfit` where nobody enters late.
    The limits are 1 - (1 - F)^exp(+-z se / ((1 - F) log(1 - F))), so that with one cause the band is that of
    Kaplan-Meier. Ties: all events at a time share one risk set, and come before censoring.

    Parameters
    ----------
    time : time of event or end of observation, from 0.
    cause : 0 censored, 1 the event of interest, 2, 3 ... competing events.
    level : confidence level.
    entry : left truncation: a subject is at risk on (entry, time].

    Returns
    -------
    For each cause in ascending order (cause 1 always, others where they occur) one row for each distinct time:
    `cause`, `time`, `at_risk` (just before), `events` (of the cause), `incidence` (up to and including the time),
    `std_error`, `lower`, `upper` (nan where the incidence is 0 or 1).

    Raises
    ------
    ValueError : negative or missing times, causes that are not whole numbers from 0, unequal lengths, no subject.

    Examples
    --------
    >>> curve = cumulative_incidence([3, 7, 7, 14, 21], [1, 1, 2, 1, 0])
    >>> curve.loc[curve["cause"] == 1, "incidence"].round(3).tolist()
    [0.2, 0.4, 0.6, 0.6]
    """
    check_level(level)
    hazards = count_hazards(time, cause, entry)
    gained = hazards.before * hazards.events / hazards.at_risk
    incidence = np.cumsum(gained, axis=1)
    incidence[incidence > 1 - SURE] = 1.0
    sums = _variance_sums(hazards, gained, incidence)
    std_error, lower, upper = in_blocks(partial(_with_limits, level=level), incidence, *sums)
    causes, times = hazards.events.shape
    return pd.DataFrame(
        {
            "cause": np.repeat(hazards.causes, times),
            "time": np.tile(hazards.time, causes),
            "at_risk": np.tile(hazards.at_risk, causes),
            "events": hazards.events.ravel(),
            "incidence": incidence.ravel(),
            "std_error": std_error.ravel(),
            "lower": lower.ravel(),
            "upper": upper.ravel(),
        },
        copy=False,
    )


def incidence_quantile(curve: pd.DataFrame, p: float) -> Quantile:
    """Time by which a fraction p of everybody had the event, while other events may come first; p = 0.5 is the median.

    The first time at which the cumulative incidence of the cause reaches p, by the rule of `survival.quantile`; its
    limits are the same rule read from the limits of the curve. nan = not reached: fewer than p ever had the event.
    Where nothing competes it is the quantile of Kaplan and Meier's curve.

    Parameters
    ----------
    curve : rows of `cumulative_incidence` of one cause.

    Examples
    --------
    >>> curve = cumulative_incidence([3, 7, 7, 14, 21], [1, 1, 2, 1, 0])
    >>> incidence_quantile(curve[curve["cause"] == 1], 0.5).estimate
    14.0
    """
    if not 0 < p < 1:
        raise ValueError("p: must lie between 0 and 1 (for example: 0.5)")
    time = np.concatenate(([0.0], curve["time"].to_numpy(dtype=float)))
    estimate, lower, upper = (
        crossing(time, curve[name].to_numpy(dtype=float), p) for name in ("incidence", "upper", "lower")
    )
    method = "cumulative incidence, complementary log-log; middle of a flat piece"
    return Quantile(p, estimate, lower, upper, method=method)


def count_hazards(time: ArrayLike, cause: ArrayLike, entry: ArrayLike | None = None) -> Hazards:
    """Check the arrays and count events of each cause and the number at risk at every distinct time."""
    given = Arguments()
    times, causes = given.times("time", time), given.codes("cause", cause)
    entries = None if entry is None else given.times("entry", entry)
    if entries is not None and entries.size == times.size:
        entries, times = merge_ties([entries, times])
        given.require(not (entries >= times).any(), "entry: must come before time (for example: entry 3, time 14)")
    given.done()
    distinct, place = distinct_times(times)
    kinds = np.unique(np.append(np.flatnonzero(np.bincount(causes)) if causes.max() < 1000 else np.unique(causes), 1))
    kinds = kinds[kinds > 0]
    rows = causes if kinds[-1] == kinds.size else np.searchsorted(np.append(0, kinds), causes)  # 0: censored
    shape = (kinds.size + 1, distinct.size)
    events = np.bincount(rows * distinct.size + place, minlength=shape[0] * shape[1]).reshape(shape)[1:]
    risk = at_risk(place, distinct, entries)
    after = np.cumprod((risk - events.sum(axis=0)) / risk)
    return Hazards(distinct, risk, events, kinds, np.concatenate(([1.0], after[:-1])), after)


def _variance_sums(
    hazards: Hazards, gained: np.ndarray, incidence: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sums of which the variance of the incidence of each cause (rows) is made at every time, in linear time.

    With n at risk, d events, S- the event-free probability before u, f(u) what the incidence F of the cause gains at
    u, the variance is the sum over u <= t of f (S- - f) / n - 2 (F(t) - F(u)) f / n + (F(t) - F(u))^2 d / (n (n - d)).
    F(t) is taken out: these are the sums that stand alone, with -2 F(t) and with F(t)^2. Where nobody is left, F no
    longer changes and the last part is 0.
    """

    def terms(
        n: np.ndarray, d: np.ndarray, before: np.ndarray, gain: np.ndarray, f: np.ndarray
    ) -> tuple[np.ndarray, ...]:
        left = n - d
        greenwood = np.divide(d, n * left.astype(float), out=np.zeros(n.shape), where=left > 0)
        share, carried = gain / n, f * greenwood
        return share * (before - gain + 2 * f) + f * carried, share + carried, greenwood

    found = in_blocks(terms, hazards.at_risk, hazards.events.sum(axis=0), hazards.before, gained, incidence)
    constant, linear, square = (np.cumsum(part, axis=-1, out=part) for part in found)
    return constant, linear, square


def _with_limits(
    incidence: np.ndarray, constant: np.ndarray, linear: np.ndarray, square: np.ndarray, level: float
) -> tuple[np.ndarray, ...]:
    """Standard error, lower and upper limit of the incidence, from the sums of its variance."""
    std_error = np.sqrt(np.maximum(constant - 2 * incidence * linear + incidence**2 * square, 0.0))
    std_error[incidence == 1] = 0.0
    free = 1 - incidence
    with np.errstate(divide="ignore", invalid="ignore"):
        lower_free, upper_free = log_log_limits(free, std_error / free, level)
    return std_error, 1 - upper_free, 1 - lower_free


def time_lost(time: ArrayLike, cause: ArrayLike, tau: float, *, of_interest: int = 1, level: float = 0.95) -> TimeLost:
    """Area under the cumulative incidence of one cause from 0 to `tau`: mean time in the state within tau.

    For response it is the mean time since response within tau, for a loss it is the mean time lost (Andersen 2013,
    Stat Med). The variance is that of `cumulative_incidence`, carried to the area. Limits are normal, cut to
    0 and tau; nan where nothing varied.

    Raises
    ------
    ValueError : as `cumulative_incidence`; tau not positive or beyond the last time while somebody is event-free.

    Examples
    --------
    >>> round(time_lost([3, 7, 7, 14, 21], [1, 1, 2, 1, 0], tau=14).estimate, 3)
    3.6
    """
    check_level(level)
    hazards = count_hazards(time, cause)
    if not (np.isfinite(tau) and tau > 0):
        raise ValueError("tau: must be a positive time (for example: 28)")
    if tau > hazards.time[-1] and hazards.after[-1] > 0:
        raise ValueError("tau: must not lie beyond the last time observed (for example: the shortest follow-up wanted)")
    kept = hazards.time <= tau
    n, d = hazards.at_risk[kept].astype(float), hazards.events[:, kept].sum(axis=0)
    events = hazards.events[hazards.causes == of_interest][:, kept].sum(axis=0)
    before, remaining = hazards.before[kept], tau - hazards.time[kept]
    gains = before * events / n
    estimate = float(np.sum(gains * remaining))
    later = (gains * remaining)[::-1].cumsum()[::-1] - gains * remaining
    b = np.where(n > d, -later * n / np.maximum(n - d, 1), 0.0)
    a, e, rest = before * remaining + b, events / n, (d - events) / n
    variance = float(np.sum((a**2 * e + b**2 * rest - (a * e + b * rest) ** 2) / n))
    std_error, lower, upper, note = normal_limits(estimate, variance, tau, int(hazards.at_risk.max()), level)
    method = "area under Aalen-Johansen, normal limits"
    return TimeLost(of_interest, float(tau), estimate, std_error, lower, upper, level, method, note)
