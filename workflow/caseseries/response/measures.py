"""Numeric outcomes: visits that qualify, and the share of time (definition algebra, primitive 21)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseseries.model.definition import CountOf, TimeIn
from caseseries.response import truth
from caseseries.response.daily import fill_days
from caseseries.response.evaluate import View, visits_of


@dataclass
class Measured:
    """A numeric outcome: least and greatest possible value of every episode, NaN where it is not evaluable at all,
    and the rows that made it.
    """

    low: np.ndarray
    high: np.ndarray
    rows: np.ndarray


def measure_evidence(view: View) -> Measured:
    """`count_of` and `time_in` (primitive 21); an UNKNOWN visit or day makes low and high differ."""
    match view.definition.measure:
        case CountOf() as measure:
            visits, slots = visits_of(measure, measure.count_of, view)
            met = np.count_nonzero(visits == truth.TRUE, axis=1).astype(float)
            unknown = np.count_nonzero(visits == truth.UNKNOWN, axis=1)
            rows = np.empty((view.evidence.size, 0), np.int64)
            if view.trace:
                rows = view.admitted.counts.rows_at(np.where(visits == truth.TRUE, slots.positions(), -1))
            low, high = met, met + unknown
        case TimeIn() as measure:
            low, high = time_in(measure, view)
            rows = np.empty((view.evidence.size, 0), np.int64)
    present = view.admitted.counts.present
    return Measured(np.where(present, low, np.nan), np.where(present, high, np.nan), rows)


def time_in(measure: TimeIn, view: View) -> tuple[np.ndarray, np.ndarray]:
    """Least and greatest share of the days from first to last count on which the predicate holds."""
    daily = fill_days(view.admitted.counts, linear=measure.method == "linear")
    r = view.point(measure.time_in, daily)
    size = view.evidence.size
    days = np.bincount(daily.episode, minlength=size)
    met = np.bincount(daily.episode[r == truth.TRUE], minlength=size)
    open_ = np.bincount(daily.episode[r == truth.UNKNOWN], minlength=size)
    with np.errstate(invalid="ignore"):
        return met / days, (met + open_) / days
