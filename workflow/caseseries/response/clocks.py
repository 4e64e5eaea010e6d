"""Clocks: when a response began, was confirmed and was lost, and what came first (definition algebra, primitive 20).

Competing causes and their precedence on one day: response, delivery, rescue (or a transfusion while bleeding), stop of
the drug, death; then the end of observation.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from caseseries.model.definition import Loss, TimeToResponse
from caseseries.model.predicate import AnyOf, Point
from caseseries.model.results import CAUSES
from caseseries.response import operators, truth
from caseseries.response.classes import Classes
from caseseries.response.evaluate import View
from caseseries.response.series import Counts, Evidence, expand, join_key, within_days

COMPETING = CAUSES[2:]
"""Competing causes in order of precedence, each named as its kind of event; a platelet transfusion counts as rescue
where bleeding is recorded on its day."""


@dataclass
class Clocks:
    """Days of every episode, NaN where the clock does not apply.

    `onset` is the day that dates the response, which began in (`onset_left`, `onset`].
    """

    onset: np.ndarray
    onset_left: np.ndarray
    confirmed: np.ndarray
    complete: np.ndarray
    loss_complete: np.ndarray
    loss: np.ndarray


def run_clocks(view: View, classes: Classes) -> Clocks:
    """Clocks of every episode whose class is a response; all NaN for a definition without `ttr`."""
    definition, size, counts = view.definition, view.evidence.size, view.admitted.counts
    clock = definition.ttr
    if clock is None:
        return no_clocks(size)
    responded = has_class(classes, definition.responses)
    whole = AnyOf(any=clock.of)
    first, second = run_positions(view, clock, whole, responded)
    complete, complete_second = run_positions(view, clock, clock.of[0], responded & (definition.complete is not None))
    dated = second if clock.onset == "confirming" else first
    confirmed = np.full(size, np.nan) if clock.one_count else counts.days_at(second)
    return Clocks(
        counts.days_at(dated),
        day_before(counts, dated),
        confirmed,
        counts.days_at(complete),
        run_loss(view, definition.loss_cr, classes, complete_second),
        run_loss(view, definition.loss_r, classes, second),
    )


def no_clocks(size: int) -> Clocks:
    """Clocks of a definition that dates nothing."""
    return Clocks(*(np.full(size, np.nan) for _ in fields(Clocks)))


def has_class(classes: Classes, labels: list[str]) -> np.ndarray:
    """Where the class is one of some labels."""
    wanted = [position for position, label in enumerate(classes.labels) if label in labels]
    return np.isin(classes.chosen, wanted)


def run_positions(view: View, clock: TimeToResponse, point: Point, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and confirming count of the earliest run; the same count twice where the clock needs only one."""
    counts = view.admitted.counts
    if not wanted.any():
        none = np.full(view.evidence.size, -1, np.int64)
        return none, none
    if clock.n is not None:
        flag = view.point(point, counts) == truth.TRUE
        first, last = operators.consecutive_days(flag, counts, clock.n, clock.onset_in)
        return np.where(wanted, first, -1), np.where(wanted, last, -1)
    if clock.gap is None:
        first = np.where(wanted, counts.first_where(view.point(point, counts) == truth.TRUE), -1)
        return first, first
    r, found = view.confirmed(point, clock.gap, clock.between, clock.onset_in)
    first = np.where(wanted, found.onset, -1)
    return first, operators.confirming(r == truth.TRUE, counts, first, clock.gap)


def day_before(counts: Counts, position: np.ndarray) -> np.ndarray:
    """Day of the last count before that at a position, 0 if it is the first; NaN where the position is -1."""
    if not len(counts):
        return np.full(len(position), np.nan)
    previous = np.where(counts.first[position], 0, counts.day[np.maximum(position - 1, 0)])
    return np.where(position >= 0, previous, np.nan)


def run_loss(view: View, loss: Loss | None, classes: Classes, second: np.ndarray) -> np.ndarray:
    """Day of the confirmed loss after the confirming count at `second`."""
    size, counts = view.evidence.size, view.admitted.all_counts
    if loss is None:
        return np.full(size, np.nan)
    wanted = np.flatnonzero(has_class(classes, loss.classes) & (second >= 0))
    since = view.admitted.counts.days_at(second)
    later = counts.take(after_day(counts, wanted, since[wanted].astype(np.int64)))
    if not len(later):
        return np.full(size, np.nan)
    found = operators.confirm(view.point(loss.of, later), later, loss.gap, "all", None)
    return later.days_at(found.onset)


def after_day(counts: Counts, episode: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Positions of the counts of some episodes after a day of each."""
    last = np.zeros(counts.size, np.int64)
    last[counts.holders] = counts.ends
    start = np.searchsorted(counts.key, join_key(episode, day), side="right")
    return expand(start, last[episode] + 1)[1]


@dataclass
class Times:
    """Time to response of every episode with its cause (position in `results.CAUSES`), NaN without a time."""

    time: np.ndarray
    cause: np.ndarray
    left: np.ndarray
    right: np.ndarray


def first_event(evidence: Evidence, event_day: np.ndarray, event_left: np.ndarray, observed: np.ndarray) -> Times:
    """What came first: the response, a competing cause, or the end of observation.

    Parameters
    ----------
    event_day, event_left : day of the response and the last day before it; NaN where there is none.
    observed : episodes that may take part; the others get no time.
    """
    end, first_days = what_ends(evidence)
    time, cause = event_day.copy(), np.where(np.isnan(event_day), -1, CAUSES.index("response"))
    for name, day in zip(COMPETING, first_days, strict=True):
        earlier = np.isnan(time) & ~np.isnan(day) | (day < time)
        time, cause = np.where(earlier, day, time), np.where(earlier, CAUSES.index(name), cause)
    censored = cause < 0
    time, cause = np.where(censored, end, time), np.where(censored, CAUSES.index("censored"), cause)
    time = np.where(observed, time, np.nan)
    responded = cause == CAUSES.index("response")
    left = np.where(responded, event_left, time)
    right = np.where(responded, time, np.nan)
    return Times(time, cause, np.where(np.isnan(time), np.nan, left), np.where(np.isnan(time), np.nan, right))


def what_ends(evidence: Evidence) -> tuple[np.ndarray, list[np.ndarray]]:
    """End of observation of each episode, and the day of each competing cause up to it (NaN without one); remembered,
    as no definition changes them.
    """
    if "ends" not in evidence.memo:
        end = end_of_observation(evidence)
        days = [competing_day(evidence, name) for name in COMPETING]
        evidence.memo["ends"] = end, [np.where(day > end, np.nan, day) for day in days]
    return evidence.memo["ends"]


def competing_day(evidence: Evidence, cause: str) -> np.ndarray:
    """Day of the first event on or after day 0 that stands for a competing cause, NaN without one."""
    events = evidence.events
    chosen = events.kind == cause
    if cause == "rescue":
        chosen |= (events.kind == "platelet_transfusion") & bleeding_on_day(evidence)
    return events.where(chosen & (events.day >= 0)).first_day(evidence.size)


def bleeding_on_day(evidence: Evidence) -> np.ndarray:
    """For each event whether a spell of bleeding of grade 1 or more holds its day."""
    events, spells = evidence.events, evidence.bleeding
    order = Counts(evidence.size, events.episode, events.day, events.day, events.day, events.row)
    real = spells.value >= 1
    _, hit = within_days(order, spells.episode[real], spells.first[real], spells.last[real])
    result = np.zeros(len(events.day), bool)
    result[hit] = True
    return result


def end_of_observation(evidence: Evidence) -> np.ndarray:
    """The recorded end of follow-up, else the last dated count or event; never after loss to follow-up."""
    counts, events = evidence.counts, evidence.events
    last = np.full(evidence.size, np.nan)
    if len(counts):
        last[counts.holders] = counts.day[counts.ends]
    latest = np.full(evidence.size, np.nan)
    latest[events.episode] = events.day
    last = np.fmax(last, latest)
    last = np.where(last >= 0, last, np.nan)
    end = np.where(np.isnan(evidence.follow_up_end), last, evidence.follow_up_end)
    lost = events.of(["lost"])
    return np.fmin(end, lost.where(lost.day >= 0).first_day(evidence.size))
