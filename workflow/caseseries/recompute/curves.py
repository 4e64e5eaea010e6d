"""Curves again: lifelines for Kaplan-Meier, statsmodels for standard errors and incidence, greenwood for intervals."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from caseseries.recompute.opinion import Opinion

if TYPE_CHECKING:
    from lifelines import KaplanMeierFitter

HALF = 1e-8
"""Survival this close to one half stays exactly there but for rounding."""

SHIFT = 1e-6
"""Days by which a left end is moved to make an interval open."""

FLAT = "stays at exactly one half: the middle of the flat piece, as R has it; lifelines takes its first day"
NOBODY_LEFT = "statsmodels gives no standard error once nobody is left"
NO_VARIANCE = "no package of these gives the variance of an area; R has it"
AT_ZERO = "the curve reaches 0, where R and statsmodels give no limit; lifelines takes 0 for both"


def kaplan_meier(time: np.ndarray, event: np.ndarray, level: float) -> dict[float, Opinion]:
    """Survival by day: estimate and log-log limits by lifelines, standard error by statsmodels.

    Where survival is 1 or 0 nothing varies and there is no band, as in R.
    """
    from statsmodels.duration.survfunc import SurvfuncRight

    fitted = _fitted(time, event, level)
    limits = fitted.confidence_interval_
    survival = fitted.survival_function_.iloc[:, 0]
    of_events = SurvfuncRight(time, event)
    steps = np.searchsorted(of_events.surv_times, limits.index, side="right")
    errors = np.append(0.0, of_events.surv_prob_se)[steps]
    curve = {}
    rows = zip(limits.index, survival, errors, limits.iloc[:, 0], limits.iloc[:, 1], strict=True)
    for day, value, error, lower, upper in rows:
        inside = 0 < value < 1
        band = (float(lower), float(upper)) if inside else (np.nan, np.nan)
        curve[float(day)] = Opinion("lifelines", float(value), float(error) if value > 0 else np.nan, *band)
    return curve


def _fitted(time: np.ndarray, event: np.ndarray, level: float) -> KaplanMeierFitter:
    from lifelines import KaplanMeierFitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return KaplanMeierFitter().fit(time, event, alpha=1 - level)


def incidence(time: np.ndarray, cause: np.ndarray, level: float) -> dict[tuple[int, float], Opinion]:
    """Cumulative incidence by cause code and day by statsmodels; limits on the complementary log-log scale.

    lifelines' Aalen-Johansen moves tied times at random and is not asked.
    """
    from statsmodels.duration.survfunc import CumIncidenceRight

    fitted = CumIncidenceRight(time, cause)
    quantile = stats.norm.ppf((1 + level) / 2)
    found = {}
    for code in range(1, int(cause.max()) + 1):
        if not (cause == code).any():
            continue
        for day, value, error in zip(fitted.times, fitted.cinc[code - 1], fitted.cinc_se[code - 1], strict=True):
            known = "" if np.isfinite(error) else NOBODY_LEFT
            lower = upper = np.nan
            if HALF < value < 1 - HALF:
                rest = 1 - value
                reach = quantile * error / (rest * np.log(rest))
                lower, upper = sorted(1 - rest ** np.exp(side * reach) for side in (1, -1))
            band = (float(lower), float(upper))
            found[code, float(day)] = Opinion("statsmodels", float(value), float(error), *band, known=known)
    return found


def median(time: np.ndarray, event: np.ndarray, level: float) -> Opinion:
    """Median of a Kaplan-Meier curve with Brookmeyer and Crowley's limits, by lifelines."""
    from lifelines.utils import median_survival_times

    fitted = _fitted(time, event, level)
    survival = fitted.survival_function_.iloc[:, 0]
    limits = fitted.confidence_interval_
    lower, upper = (float(median_survival_times(limits[name])) for name in limits)
    known = FLAT if (abs(survival - 0.5) < HALF).any() or (abs(limits - 0.5) < HALF).any(axis=None) else ""
    if survival.min() < HALF:
        known = known or AT_ZERO
    found = (float(fitted.median_survival_time_), lower, upper)
    estimate, lower, upper = (value if np.isfinite(value) else np.nan for value in found)
    return Opinion("lifelines", estimate, lower=lower, upper=upper, known=known)


def median_of_incidence(curve: dict[tuple[int, float], Opinion]) -> Opinion:
    """First day on which the incidence of cause 1 reaches one half, and those on which its band does; nan for none."""
    of_event = sorted((day, one) for (code, day), one in curve.items() if code == 1)

    def first(name: str) -> float:
        return next((day for day, one in of_event if getattr(one, name) >= 0.5 - HALF), np.nan)

    known = FLAT if any(abs(one.estimate - 0.5) < HALF for _, one in of_event) else ""
    known = known or (NOBODY_LEFT if any(one.known for _, one in of_event) else "")
    return Opinion("statsmodels", first("estimate"), lower=first("upper"), upper=first("lower"), known=known)


def restricted_mean(time: np.ndarray, event: np.ndarray, tau: float) -> Opinion:
    """Area under survival up to tau by lifelines; its variance is that of min(T, tau) and is not asked."""
    from lifelines.utils import restricted_mean_survival_time

    found = float(restricted_mean_survival_time(_fitted(time, event, 0.95), t=tau))
    return Opinion("lifelines", found, known=NO_VARIANCE)


def time_after_event(curve: dict[tuple[int, float], Opinion], tau: float) -> Opinion:
    """Area under statsmodels' incidence of cause 1 up to tau."""
    days = np.array([day for code, day in curve if code == 1 and day < tau])
    height = np.array([one.estimate for (code, day), one in curve.items() if code == 1 and day < tau])
    return Opinion("statsmodels", float(np.sum(np.diff(np.append(days, tau)) * height)), known=NO_VARIANCE)


def interval_survival(left: np.ndarray, right: np.ndarray) -> pd.Series:
    """Share without an event that is known only as (left, right], by day, by lifelines.

    lifelines takes intervals as closed: left ends are moved by a millionth of a day, so that two visits do not meet.
    It is given each interval once with the number of those who have it, which it would count itself, row by row.
    """
    from lifelines import KaplanMeierFitter

    number = pd.DataFrame({"left": left + SHIFT, "right": right}).groupby(["left", "right"]).size()
    ends = (number.index.get_level_values(name).to_numpy() for name in ("left", "right"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter().fit_interval_censoring(*ends, weights=number.to_numpy(float), tol=1e-10)
    return fitted.survival_function_["NPMLE_estimate_lower"]


def interval_incidence(survival: pd.Series, day: float) -> Opinion:
    """Share with the event by a day, from what `interval_survival` makes."""
    found = survival[survival.index <= day + SHIFT / 2]
    return Opinion("lifelines", 1 - float(found.iloc[-1]) if len(found) else 0.0, tolerance=1e-4)


def gray(time: np.ndarray, cause: np.ndarray, group: np.ndarray) -> Opinion:
    """p-value of Gray's test for cause 1 by greenwood.

    It takes the lowest code that occurs for the censored; the codes are declared, since nobody may be.
    """
    import greenwood

    states = pd.Categorical.from_codes(cause.astype(int), [str(code) for code in range(int(cause.max()) + 1)])
    with np.errstate(all="ignore"):  # it divides by a group that has run out
        found = greenwood.grays_test(greenwood.Surv(time, event=states, type="mstate"), group, cause=1)
    return Opinion("greenwood", float(found.p_value), tolerance=1e-7)


def log_rank(time: np.ndarray, event: np.ndarray, group: np.ndarray) -> Opinion:
    """p-value of the log-rank test by statsmodels."""
    from statsmodels.duration.survfunc import survdiff

    return Opinion("statsmodels", float(survdiff(time, event, group)[1]))
