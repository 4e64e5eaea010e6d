"""Time to one event: Kaplan-Meier, quantiles, restricted mean, follow-up, landmark and numbers at risk.

Written here because the packages differ from R where small cohorts live: times equal but for rounding, curves that
stay at exactly one half, limits once nobody is left, and the variance of the restricted mean (docs/numerics.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from caseseries.estimators.arrays import (
    NO_SPREAD,
    NOTHING_VARIED,
    Arguments,
    at_risk,
    check_level,
    distinct_times,
    in_blocks,
    merge_ties,
)

EQUAL_SURVIVAL = float(np.sqrt(np.finfo(float).eps))
"""Two probabilities closer than this are equal when a quantile is read (`survival:::quantile.survfit`)."""


@dataclass(frozen=True)
class Quantile:
    """Time by which a fraction `p` had the event, with limits; nan = not reached."""

    p: float
    estimate: float
    lower: float
    upper: float
    method: str


@dataclass(frozen=True)
class RestrictedMean:
    """Mean time without the event up to `tau`, with its standard error and normal limits cut to 0 and tau.

    The limits are nan where nothing varied (no event, or all at once): `note` says so.
    """

    tau: float
    estimate: float
    std_error: float
    lower: float
    upper: float
    level: float
    method: str
    note: str = ""


def kaplan_meier(
    time: ArrayLike, event: ArrayLike, level: float = 0.95, *, entry: ArrayLike | None = None
) -> pd.DataFrame:
    """Kaplan-Meier curve of the time to an event, with Greenwood's variance and log-log limits.

    Kaplan and Meier (1958, J Am Stat Assoc); limits exp(-exp(log(-log S) +- z se)), Kalbfleisch and Prentice
    (2002), section 1.4. Values and missing values as `survival::survfit(conf.type = "log-log")`.

    Parameters
    ----------
    time : time of event or end of observation, one a subject, from 0; an event at a tied time comes before censoring.
    event : 1 event, 0 censored.
    level : confidence level.
    entry : left truncation: a subject is at risk on (entry, time]. Without it, from the start.

    Returns
    -------
    One row for each distinct time: `time`, `at_risk` (just before), `events`, `censored`, `survival` (just after),
    `std_error` (of survival; nan where survival is 0), `lower`, `upper` (nan where survival is 1 or 0, where this
    band has no width: give an exact interval of the rate instead).

    Raises
    ------
    ValueError : negative or missing times, codes other than 0 and 1, unequal lengths, no subject, entry not before
        time.

    Examples
    --------
    >>> curve = kaplan_meier([3, 7, 7, 14, 21], [1, 1, 0, 1, 0])
    >>> curve["survival"].round(3).tolist()
    [0.8, 0.6, 0.3, 0.3]
    """
    given = Arguments()
    times = given.times("time", time)
    events = given.codes("event", event, largest=1)
    entries = None if entry is None else given.times("entry", entry)
    if entries is not None and entries.size == times.size:
        entries, times = merge_ties([entries, times])
        given.require(not (entries >= times).any(), "entry: must come before time (for example: entry 3, time 14)")
    given.done()
    check_level(level)
    distinct, place = distinct_times(times)
    happened = np.bincount(place[events == 1], minlength=distinct.size)
    left = np.bincount(place, minlength=distinct.size)
    risk = at_risk(place, distinct, entries)
    survival, relative_error = product_limit(happened, risk)
    std_error, lower, upper = in_blocks(partial(_with_limits, level=level), survival, relative_error)
    return pd.DataFrame(
        {
            "time": distinct,
            "at_risk": risk,
            "events": happened,
            "censored": left - happened,
            "survival": survival,
            "std_error": std_error,
            "lower": lower,
            "upper": upper,
        },
        copy=False,
    )


def product_limit(events: np.ndarray, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Product-limit survival and the root of Greenwood's sum d / (n (n - d)); inf from where nobody is left."""
    left, terms = in_blocks(_steps, events, risk)
    return np.cumprod(left, out=left), np.sqrt(np.cumsum(terms, out=terms), out=terms)


def _steps(events: np.ndarray, risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factor of the survival and summand of Greenwood's sum at each time."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (risk - events) / risk, np.where(events > 0, events / (risk * (risk - events).astype(float)), 0.0)


def _with_limits(survival: np.ndarray, relative_error: np.ndarray, level: float) -> tuple[np.ndarray, ...]:
    """Standard error, lower and upper limit of survival."""
    with np.errstate(invalid="ignore"):
        std_error = survival * relative_error
    return std_error, *log_log_limits(survival, relative_error, level)


def log_log_limits(survival: np.ndarray, relative_error: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Limits of a probability on the log(-log) scale; nan where it is 1 or 0."""
    inside = (survival > 0) & (survival < 1)
    if not inside.all():
        limits = np.full((2, *survival.shape), np.nan)
        limits[:, inside] = log_log_limits(survival[inside], relative_error[inside], level)
        return limits[0], limits[1]
    log_survival = np.log(survival)
    half = special.ndtri((1 + level) / 2) * relative_error / -log_survival
    return np.exp(log_survival * np.exp(half)), np.exp(log_survival * np.exp(-half))


def quantile(curve: pd.DataFrame, p: float) -> Quantile:
    """Time by which a fraction p had the event, from a Kaplan-Meier curve; p = 0.5 is the median.

    The first time at which survival falls below 1 - p. Where the curve stays exactly at 1 - p (within 1.5e-8), the
    middle of the flat piece, up to the last time if it never drops again: the rule of `survival:::quantile.survfit`.
    The limits are those of Brookmeyer and Crowley (1982, Biometrics): the same rule read from the limits of
    the curve. nan = not reached.

    Examples
    --------
    >>> curve = kaplan_meier([3, 7, 7, 14, 21], [1, 1, 0, 1, 0])
    >>> median = quantile(curve, 0.5)
    >>> median.estimate, median.lower, median.upper
    (14.0, 3.0, nan)
    """
    if not 0 < p < 1:
        raise ValueError("p: must lie between 0 and 1 (for example: 0.5)")
    time = np.concatenate(([0.0], curve["time"].to_numpy(dtype=float)))
    estimate, lower, upper = (
        crossing(time, 1 - curve[name].to_numpy(dtype=float), p) for name in ("survival", "lower", "upper")
    )
    return Quantile(p, estimate, lower, upper, method="Brookmeyer-Crowley, log-log; middle of a flat piece")


def crossing(time: np.ndarray, share: np.ndarray, p: float) -> float:
    """Time at which a rising curve reaches p, or the middle of the piece on which it stays there; nan = never.

    `time` begins with the start, `share` with the time after it; nan where the share is not known.
    """
    share = np.concatenate(([0.0], share))
    known = np.flatnonzero(~np.isnan(share))
    edges = []
    for threshold in (p - EQUAL_SURVIVAL, p + EQUAL_SURVIVAL):
        candidates = known[share[known] >= threshold]
        # The first of those that are lowest: on a flat piece they are equal but for rounding.
        lowest = candidates[share[candidates] <= share[candidates].min(initial=np.inf) + EQUAL_SURVIVAL]
        edges.append(time[lowest[0]] if lowest.size else np.nan)
    if abs(share[-1] - p) < EQUAL_SURVIVAL:
        edges[1] = time[-1]
    return float((edges[0] + edges[1]) / 2)


def restricted_mean(time: ArrayLike, event: ArrayLike, tau: float, level: float = 0.95) -> RestrictedMean:
    """Mean time without the event up to `tau`: the area under the Kaplan-Meier curve from 0 to tau.

    Variance: sum over event times of (area from t to tau)^2 d / (n (n - d)), as `survival::survfit` and survRM2
    (Klein and Moeschberger 2003, section 4.5; no small-sample factor). Limits are normal, cut to 0 and tau.

    Raises
    ------
    ValueError : as `kaplan_meier`; tau not positive, or beyond the last time while somebody is still without the
        event (the curve says nothing there).

    Examples
    --------
    >>> round(restricted_mean([3, 7, 7, 14, 21], [1, 1, 0, 1, 0], tau=14).estimate, 3)
    10.4
    """
    curve = kaplan_meier(time, event, level)
    last, final = float(curve["time"].iloc[-1]), float(curve["survival"].iloc[-1])
    if not (np.isfinite(tau) and tau > 0):
        raise ValueError("tau: must be a positive time (for example: 28)")
    if tau > last and final > 0:
        raise ValueError("tau: must not lie beyond the last time observed (for example: the shortest follow-up wanted)")
    within = curve[curve["time"] <= tau]
    edges = np.concatenate(([0.0], within["time"], [tau]))
    level_of = np.concatenate(([1.0], within["survival"]))
    pieces = np.diff(edges) * level_of
    ahead = pieces[::-1].cumsum()[::-1]
    events, risk = within["events"].to_numpy(), within["at_risk"].to_numpy()
    left = np.maximum(risk - events, 1)
    variance = float(np.sum(ahead[1:] ** 2 * events / (risk * left)))
    estimate = float(pieces.sum())
    std_error, lower, upper, note = normal_limits(estimate, variance, tau, int(curve["at_risk"].max()), level)
    method = "Kaplan-Meier area, Greenwood-type variance, normal limits"
    return RestrictedMean(float(tau), estimate, std_error, lower, upper, level, method, note)


def normal_limits(
    estimate: float, variance: float, tau: float, n: int, level: float
) -> tuple[float, float, float, str]:
    """Standard error and normal limits of an area up to tau, cut to 0 and tau; nan, and why, where nothing varied."""
    if variance * n < NO_SPREAD * tau**2:
        return 0.0, float("nan"), float("nan"), NOTHING_VARIED
    std_error = float(np.sqrt(variance))
    half = float(special.ndtri((1 + level) / 2)) * std_error
    return std_error, max(0.0, estimate - half), min(float(tau), estimate + half), ""


def follow_up(time: ArrayLike, event: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """Reverse Kaplan-Meier: the curve of the time under observation, events taken as the censoring of follow-up.

    Schemper and Smith (1996, Control Clin Trials). `event` may hold causes: every code but 0 counts as an
    event. Columns as `kaplan_meier`; `quantile(follow_up(...), 0.5)` is the median follow-up.

    Examples
    --------
    >>> quantile(follow_up([3, 7, 7, 14, 21], [1, 1, 0, 1, 0]), 0.5).estimate
    21.0
    """
    given = Arguments()
    codes = given.codes("event", event)
    times = given.times("time", time)
    given.done()
    return kaplan_meier(times, (codes == 0).astype(np.int64), level)


def landmark(time: ArrayLike, event: ArrayLike, reached: ArrayLike, day: float) -> pd.DataFrame:
    """Subjects still observed without the event after a landmark day, grouped by what had happened to them by then.

    Comparing responders with non-responders from day 0 gives responders the time they needed to respond (immortal
    time); from a day named in advance both start alike (Anderson, Cain and Gelber 1983, J Clin Oncol).

    Parameters
    ----------
    time, event : as `kaplan_meier`; event may hold causes.
    reached : time at which each subject reached the status of interest (response); nan or inf where never.
    day : the landmark, fixed beforehand.

    Returns
    -------
    `subject` (position in the input), `time` (from the landmark), `event`, `group` (1 = status reached by the
    landmark, 0 = not). Subjects whose time is at or before the landmark are left out.

    Examples
    --------
    >>> landmark([20, 25, 30, 40], [1, 0, 1, 1], reached=[5, 40, 60, 8], day=10)["group"].tolist()
    [1, 0, 0, 1]
    """
    given = Arguments()
    times, events = given.times("time", time), given.codes("event", event)
    status = given.numbers("reached", reached, "7")
    given.require(not (status < 0).any(), "reached: must not be negative; empty where never reached (for example: 7)")
    given.require(bool(np.isfinite(day)) and day >= 0, "day: must be a time from 0 (for example: 28)")
    given.done()
    kept = np.flatnonzero(times > day)
    group = (status[kept] <= day).astype(np.int64)
    return pd.DataFrame({"subject": kept, "time": times[kept] - day, "event": events[kept], "group": group})


def number_at_risk(time: ArrayLike, event: ArrayLike, at: ArrayLike, *, entry: ArrayLike | None = None) -> pd.DataFrame:
    """Numbers under a curve: at each time of `at`, how many are at risk just before it and what came up to it.

    Returns
    -------
    `time`, `at_risk` (of those who entered before, or from the start), `events` and `censored` (both cumulative, up
    to and including the time). `event` may hold causes: every code but 0 counts.

    Examples
    --------
    >>> number_at_risk([3, 7, 7, 14, 21], [1, 1, 0, 1, 0], at=[0, 7, 14])["at_risk"].tolist()
    [5, 4, 2]
    """
    given = Arguments()
    times, events = given.times("time", time), given.codes("event", event)
    moments = given.times("at", at)
    del given.lengths["at"]
    entries = np.full(times.size, -1.0) if entry is None else given.times("entry", entry)
    entries, times, moments = merge_ties([entries, times, moments])
    if entries.size == times.size:
        given.require(not (entries >= times).any(), "entry: must come before time (for example: entry 3, time 14)")
    given.done()
    present = (entries[None, :] < moments[:, None]) & (times[None, :] >= moments[:, None])
    past = times[None, :] <= moments[:, None]
    return pd.DataFrame(
        {
            "time": moments,
            "at_risk": present.sum(axis=1),
            "events": (past & (events > 0)).sum(axis=1),
            "censored": (past & (events == 0)).sum(axis=1),
        }
    )
