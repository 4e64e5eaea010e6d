"""Visits of a grid, and how those without a count are read (definition algebra, primitives 12 to 14 and 21).

Where visits were planned, one without a count was missed and is not met. In routine care nobody planned it: it is
unknown, but for a week whose counts an admission rule left out, and one after a recorded death.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caseseries.model.condition import Schedule
from caseseries.model.predicate import Point
from caseseries.response import truth
from caseseries.response.operators import MISSING, Slots
from caseseries.response.view import View


@dataclass(frozen=True)
class Visits:
    """Truth of a predicate on every visit of every episode (int8, shape (episodes, visits)).

    seen : MISSING where a visit has no count; `slots` are the counts that serve the others.
    read : as the rule reads it. ended : the same if what only the end of follow-up leaves open counts as not met.
    unseen : episodes in which a visit without a count leaves something open.
    """

    seen: np.ndarray
    slots: Slots
    read: np.ndarray
    ended: np.ndarray
    unseen: np.ndarray


def visits_of(grid: Schedule, point: Point, view: View) -> Visits:
    """Visits of a rule in which one without a count is FALSE, or UNKNOWN where nobody planned it."""
    seen, slots = seen_at(grid, point, view)
    missing = seen == MISSING
    unknown = missing & ~view.planned[:, None]
    if unknown.any():
        unknown &= ~after_death(grid, view) & ~left_out(grid, view)
    read = np.where(missing, truth.FALSE, seen)
    read[unknown] = truth.UNKNOWN
    late = unknown & after_last_count(grid, view)
    return as_ended(seen, slots, read, late, (unknown & ~(late & view.cut_short[:, None])).any(axis=1), view)


def visits_of_share(grid: Schedule, point: Point, view: View, least: int) -> Visits:
    """Visits of a rule that leaves those without a count out, and asks for at least so many with one."""
    seen, slots = seen_at(grid, point, view)
    missing = seen == MISSING
    few = (np.count_nonzero(~missing, axis=1) < least) & ~view.planned
    late = missing & few[:, None] & after_last_count(grid, view)
    return as_ended(seen, slots, seen, late, few, view)


def as_ended(
    seen: np.ndarray, slots: Slots, read: np.ndarray, late: np.ndarray, unseen: np.ndarray, view: View
) -> Visits:
    """Visits that the end of follow-up leaves open (`late`) are FALSE once that end decides, as after a cut."""
    ended = np.where(late, truth.FALSE, read)
    return Visits(seen, slots, np.where(view.cut_short[:, None], ended, read), ended, unseen)


def seen_at(grid: Schedule, point: Point, view: View) -> tuple[np.ndarray, Slots]:
    """Truth of a predicate on every visit, MISSING without a count, and the counts that serve the visits."""
    counts = view.admitted.counts
    slots = view.on_grid(grid, counts)
    return slots.spread(view.point(point, counts), MISSING), slots


def days_of(grid: Schedule, view: View) -> np.ndarray:
    """Day of each visit."""
    return grid.first_day(view.definition.week_origin) + grid.pace * np.arange(len(grid.visits))


def after_last_count(grid: Schedule, view: View) -> np.ndarray:
    """Visits after the last admitted count of their episode: those that the end of follow-up leaves open."""
    return days_of(grid, view) > view.last_day[:, None]


def after_death(grid: Schedule, view: View) -> np.ndarray:
    """Visits after a recorded death."""
    return days_of(grid, view) > view.evidence.events.of(["death"]).first_day(view.evidence.size)[:, None]


def left_out(grid: Schedule, view: View) -> np.ndarray:
    """Visits whose counts an admission rule left out. Counts after delivery are no such: leaving them out is a choice
    of the analysis, and says nothing of the patient.
    """
    slots = view.on_grid(grid, view.left_out)
    return slots.spread(np.ones(len(view.left_out), bool), False)
