"""What follows from reconstructed histories, with its range over all of them: nothing here is certain but its ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from caseseries.estimators.survival import EQUAL_SURVIVAL
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.search import History, levels_of
from caseseries.reconstruct.timeline import at_risk_by_day

PAIRS = 400
"""Pairs of histories of two groups that a log-rank range is taken over, evenly spread where there are more."""


@dataclass(frozen=True)
class Range:
    """A quantity of a reconstructed curve.

    Parameters
    ----------
    statistic : `events`, `median_time`, `survival`, `restricted_mean_time` or `log_rank_p`.
    time : day that it is about, None where it is about none.
    best : its value in the history nearest to the readings; lower, upper : over all histories. nan = not reached.
    basis : `all` histories, a `sample` within outer bounds, or `simulated` (read again and reconstructed).
    """

    statistic: str
    time: float | None
    best: float
    lower: float
    upper: float
    basis: str


def median_of(days: Sequence[int], levels: np.ndarray) -> float:
    """First day at which at most half are without the event; nan where there is none."""
    reached = np.flatnonzero(levels <= 0.5 + EQUAL_SURVIVAL)
    return float(days[reached[0]]) if reached.size else math.nan


def level_at(days: Sequence[int], levels: np.ndarray, day: float) -> float:
    """Share without the event on a day."""
    place = int(np.searchsorted(np.array(days), day, "right"))
    return float(levels[place - 1]) if place else 1.0


def area_to(days: Sequence[int], levels: np.ndarray, end: float) -> float:
    """Mean time without the event up to a day: the area under the steps."""
    inside = [day for day in days if day < end]
    edges = np.array([0.0, *inside, end])
    return float(np.sum(np.diff(edges) * np.array([1.0, *levels[: len(inside)]])))


def quantities(days: Sequence[int], levels: np.ndarray, total: int, at: Sequence[float], end: float) -> list[float]:
    """Events, median, level on each of some days, restricted mean to the end."""
    return [
        float(total),
        median_of(days, levels),
        *(level_at(days, levels, day) for day in at),
        area_to(days, levels, end),
    ]


def named(at: Sequence[float], end: float) -> list[tuple[str, float | None]]:
    """Statistic and day of each of `quantities`."""
    return [("events", None), ("median_time", None), *(("survival", day) for day in at), ("restricted_mean_time", end)]


def ranges(
    curve: PrintedCurve, histories: Sequence[History], at: Sequence[float], events: tuple[int, int], complete: bool
) -> list[Range]:
    """Ranges over every history, or over the outer bounds of what the readings allow where only a sample is listed.

    Parameters
    ----------
    histories : the best first. complete : whether they are all.
    events : bounds of the total from the backward pass.
    """
    values = [
        quantities(curve.days, levels_of(history), sum(d for _, d in history), at, curve.end) for history in histories
    ]
    if complete:
        return [
            Range(statistic, time, best, *ends([row[place] for row in values]), "all")
            for place, ((statistic, time), best) in enumerate(zip(named(at, curve.end), values[0], strict=True))
        ]
    low, high = np.array([band[0] for band in curve.bands]), np.array([band[1] for band in curve.bands])
    low, high = np.maximum.accumulate(low[::-1])[::-1], np.minimum.accumulate(high)
    lowest = quantities(curve.days, low, events[0], at, curve.end)
    highest = quantities(curve.days, high, events[1], at, curve.end)
    return [
        Range(statistic, time, best, one, other, "sample")
        for (statistic, time), best, one, other in zip(named(at, curve.end), values[0], lowest, highest, strict=True)
    ]


def ends(values: Iterable[float]) -> tuple[float, float]:
    """Smallest and largest; nan (never reached) is the largest of all."""
    known = sorted(math.inf if math.isnan(value) else value for value in values)
    low, high = (math.nan if math.isinf(value) else value for value in (known[0], known[-1]))
    return low, high


def risk_on(marks: tuple[np.ndarray, np.ndarray], days: np.ndarray) -> np.ndarray:
    """Number at risk on some days."""
    return marks[1][np.clip(np.searchsorted(marks[0], days, "right") - 1, 0, None)]


def log_rank_p(one: Events, other: Events) -> float:
    """Log-rank p-value (chi-squared, 1 degree of freedom) of two groups from events and numbers at risk; nan = none."""
    from scipy import special

    days = np.union1d(one.days, other.days)
    n1, n2 = risk_on(one.marks, days).astype(float), risk_on(other.marks, days).astype(float)
    d1, d2 = one.on(days), other.on(days)
    n, d = n1 + n2, d1 + d2
    use = n > 1
    expected = np.sum(d[use] * n1[use] / n[use])
    variance = np.sum(d[use] * (n1 * n2)[use] * (n - d)[use] / (n[use] ** 2 * (n[use] - 1)))
    if variance <= 0:
        return math.nan
    return float(special.chdtrc(1, (np.sum(d1[use]) - expected) ** 2 / variance))


@dataclass(frozen=True)
class Events:
    """Events of a group by day, and its numbers at risk from each day on."""

    days: np.ndarray
    events: np.ndarray
    marks: tuple[np.ndarray, np.ndarray]

    def on(self, days: np.ndarray) -> np.ndarray:
        """Events on some days."""
        place = np.searchsorted(self.days, days)
        known = place < self.days.size
        found = np.zeros(days.size)
        hit = known.copy()
        hit[known] = self.days[place[known]] == days[known]
        found[hit] = self.events[place[hit]]
        return found


def events_of(curve: PrintedCurve, history: History, late: float) -> Events:
    """A history as events and numbers at risk by day."""
    return Events(np.array(curve.days), np.array([d for _, d in history]), at_risk_by_day(curve, history, late=late))


def log_rank_range(
    one: PrintedCurve, ones: Sequence[History], other: PrintedCurve, others: Sequence[History], complete: bool
) -> Range:
    """Log-rank p-value of two groups over pairs of histories, censorings early and late between two steps in each."""
    side = max(1, math.isqrt(PAIRS))
    first = [events_of(one, history, late) for history in spread(ones, side) for late in (1, 0)]
    second = [events_of(other, history, late) for history in spread(others, side) for late in (1, 0)]
    best = log_rank_p(events_of(one, ones[0], 0.5), events_of(other, others[0], 0.5))
    found = [log_rank_p(a, b) for a in first for b in second]
    seen = [value for value in (best, *found) if not math.isnan(value)]
    if not seen:
        return Range("log_rank_p", None, math.nan, math.nan, math.nan, "sample")
    whole = complete and len(ones) <= side and len(others) <= side
    return Range("log_rank_p", None, best, min(seen), max(seen), "all" if whole else "sample")


def spread(histories: Sequence[History], most: int) -> list[History]:
    """The best history and others evenly through the list."""
    if len(histories) <= most:
        return list(histories)
    return [histories[round(place)] for place in np.linspace(0, len(histories) - 1, most)]
