"""What a definition makes of the evidence: class, clocks, measure and times of every episode."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np

from caseseries.model.columns import RESPONSE_CLASSES
from caseseries.model.definition import Definition
from caseseries.model.results import NOT_EVALUABLE
from caseseries.response.classes import classify_evidence
from caseseries.response.clocks import Clocks, Times, first_event, no_clocks, run_clocks
from caseseries.response.evaluate import NO_CAUSE, View
from caseseries.response.measures import measure_evidence
from caseseries.response.recorded import lacking
from caseseries.response.series import Evidence

UNSTATED = 9
"""Cause of a class that is not evaluable because the source gives none; continues the causes of `evaluate`."""


@dataclass
class Outcome:
    """Result of one definition for every episode.

    `chosen` and `provisional` are positions in `labels`, -1 for not evaluable and for none; a measure has no labels:
    `evaluable` says where its `value` is known, `possible` holds least and greatest value of each episode.
    `otherwise` says for which episodes the class is that of those who meet none. `decided` is the class that what is
    recorded decides, also for an episode that is not evaluable since its record lacks a fact (`lacking`, codes of
    `recorded`).
    """

    labels: list[str]
    chosen: np.ndarray
    provisional: np.ndarray
    evaluable: np.ndarray
    value: np.ndarray
    possible: tuple[np.ndarray, np.ndarray] | None
    cause: np.ndarray
    rows: np.ndarray
    clocks: Clocks
    times: Times
    view: View
    otherwise: np.ndarray | None = None
    decided: np.ndarray = field(init=False)
    lacking: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.decided = self.chosen
        self.lacking = np.zeros(len(self.chosen), np.int8)

    def class_name(self, number: int) -> str | None:
        """Class of an episode; NE where not evaluable, None for a measure."""
        if not self.evaluable[number]:
            return NOT_EVALUABLE
        return self.labels[self.chosen[number]] if self.chosen[number] >= 0 else None

    def provisional_name(self, number: int) -> str | None:
        """Best class that remains possible above the class, None without one."""
        return self.labels[self.provisional[number]] if self.provisional[number] >= 0 else None


def assess(evidence: Evidence, definition: Definition, trace: bool = True) -> Outcome:
    """Run a definition on the evidence of a cohort: as `derive`, but nobody is evaluable whose record lacks a fact that
    the definition needs.
    """
    outcome = derive(evidence, definition, trace)
    if definition.reported:
        return outcome
    outcome.lacking = lacking(outcome.view)
    lacks = outcome.lacking > 0
    outcome.chosen = np.where(lacks, -1, outcome.chosen)
    outcome.evaluable = outcome.evaluable & ~lacks
    outcome.value = np.where(lacks, np.nan, outcome.value)
    for times in (outcome.clocks, outcome.times):
        for one in fields(times):
            if one.name != "cause":
                setattr(times, one.name, np.where(lacks, np.nan, getattr(times, one.name)))
    return outcome


def derive(evidence: Evidence, definition: Definition, trace: bool = True) -> Outcome:
    """Run a definition on the evidence by its own rules; without `trace` the deciding rows are not collected."""
    view = View(evidence, definition, trace)
    if definition.reported:
        return pass_through(view)
    if definition.measure is not None:
        return measure(view)
    classes = classify_evidence(view)
    clocks = run_clocks(view, classes)
    evaluable = classes.chosen >= 0
    observed = np.zeros(evidence.size, bool)
    if definition.ttr is not None:
        observed = evaluable | (classes.ended & view.admitted.counts.present)
        responded = np.isin(classes.chosen, [classes.labels.index(label) for label in definition.responses])
        observed &= ~(responded & np.isnan(clocks.onset))
    times = first_event(evidence, clocks.onset, clocks.onset_left, observed)
    outcome = Outcome(
        classes.labels,
        classes.chosen,
        classes.provisional,
        evaluable,
        np.full(evidence.size, np.nan),
        None,
        classes.cause,
        classes.rows,
        clocks,
        times,
        view,
        classes.otherwise,
    )
    if definition.else_ is not None:  # nobody outside is a responder, also in the bounds
        outcome.decided = np.where(view.outside, classes.labels.index(definition.else_), classes.chosen)
    return outcome


def no_times(size: int) -> Times:
    """Times of a definition that dates nothing."""
    nothing = np.full(size, np.nan)
    return Times(nothing, np.zeros(size, np.int64), nothing, nothing)


def measure(view: View) -> Outcome:
    """Outcome of a definition with a measure: a value where every visit or day is known."""
    size = view.evidence.size
    found = measure_evidence(view)
    evaluable = found.low == found.high
    none = np.full(size, -1, np.int64)
    cause = np.where(evaluable, NO_CAUSE, found.cause).astype(np.int8)
    value = np.where(evaluable, found.low, np.nan)
    return Outcome(
        [],
        none,
        none,
        evaluable,
        value,
        (found.low, found.high),
        cause,
        found.rows,
        no_clocks(size),
        no_times(size),
        view,
    )


def pass_through(view: View) -> Outcome:
    """The class and the time that the source gives; one who did not respond is observed to the end of follow-up.

    The class stays that of the source where something else came first: what came first is told by the days alone.
    """
    evidence, labels = view.evidence, view.definition.labels
    chosen = np.full(evidence.size, -1, np.int64)
    for position, label in enumerate(labels):
        chosen[evidence.reported == label] = position
    evaluable = chosen >= 0
    responded = np.isin(evidence.reported, RESPONSE_CLASSES)
    day = np.where(responded, evidence.reported_time, np.nan)
    clocks = no_clocks(evidence.size)
    clocks.onset = day
    clocks.onset_left = day
    observed = np.where(responded, ~np.isnan(day), evaluable & ~np.isnan(evidence.follow_up_end))
    times = first_event(evidence, day, day, observed)
    cause = np.where(evaluable, NO_CAUSE, UNSTATED).astype(np.int8)
    nothing = np.full(evidence.size, np.nan)
    rows = np.empty((evidence.size, 0), np.int64)
    return Outcome(
        labels, chosen, np.full(evidence.size, -1, np.int64), evaluable, nothing, None, cause, rows, clocks, times, view
    )
