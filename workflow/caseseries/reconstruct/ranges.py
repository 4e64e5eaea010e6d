"""What follows from reconstructed histories, with its range over all of them: nothing here is certain but its ends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from caseseries.estimators.survival import EQUAL_SURVIVAL
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.search import History, levels_of


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
