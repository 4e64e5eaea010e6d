"""Numeric outcomes: visits that qualify, and the share of time (definition algebra, primitive 21)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseseries.model.definition import CountOf, TimeIn
from caseseries.response import truth
from caseseries.response.daily import fill_days
from caseseries.response.evaluate import NO_COUNT, VALUE, WEEKS, View
from caseseries.response.visits import visits_of


@dataclass
class Measured:
    """A numeric outcome: least and greatest possible value of every episode, NaN where it is not evaluable at all,
    why the two differ, where they do, and the rows that made it.
    """

    low: np.ndarray
    high: np.ndarray
    cause: np.ndarray
    rows: np.ndarray


def measure_evidence(view: View) -> Measured:
    """`count_of` and `time_in` (primitive 21); an UNKNOWN visit or day makes low and high differ."""
    rows = np.empty((view.evidence.size, 0), np.int64)
    cause = np.full(view.evidence.size, VALUE, np.int8)
    match view.definition.measure:
        case CountOf() as measure:
            visits = visits_of(measure, measure.count_of, view)
            met = np.count_nonzero(visits.read == truth.TRUE, axis=1).astype(float)
            unknown = np.count_nonzero(visits.read == truth.UNKNOWN, axis=1)
            cause[visits.unseen] = WEEKS
            if view.trace:
                rows = view.admitted.counts.rows_at(np.where(visits.seen == truth.TRUE, visits.slots.positions(), -1))
            low, high = met, met + unknown
        case TimeIn() as measure:
            low, high = time_in(measure, view)
    present = view.admitted.counts.present
    cause[~present] = NO_COUNT
    return Measured(np.where(present, low, np.nan), np.where(present, high, np.nan), cause, rows)


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
