"""Who meets the count that a definition asks for before any treatment."""

from __future__ import annotations

from functools import reduce

import numpy as np

from caseseries.model import condition as conditions
from caseseries.model.predicate import AllOf, AnyOf, BleedLe, Point
from caseseries.response import truth
from caseseries.response.evaluate import View


def already_met(view: View) -> np.ndarray:
    """Episodes whose baseline meets the criterion of a response already, bleeding apart (bool).

    Under such a definition a count that never changed makes a responder. One that asks for a multiple of the baseline
    is met by no baseline; an unknown baseline meets nothing, and whoever the definition does not judge is none of its
    responders.
    """
    met = np.zeros(view.evidence.size, bool)
    for rule in view.definition.classes:
        if rule.label in view.definition.responses:
            met |= at_baseline(rule.when, view) == truth.TRUE
    return met & ~view.outside


def at_baseline(condition: conditions.Condition, view: View) -> np.ndarray:
    """Truth of a condition if the only count were the baseline: how often and when it must be met is left aside, and so
    is what it says of events and drugs.
    """
    if isinstance(condition, conditions.And):
        parts = [at_baseline(part, view) for part in condition.and_ if not isinstance(part, GUARDS)]
        return reduce(truth.both, parts, np.full(view.evidence.size, truth.TRUE if parts else truth.UNKNOWN))
    if isinstance(condition, conditions.Or):
        parts = [at_baseline(part, view) for part in condition.or_]
        return reduce(truth.either, parts, np.full(view.evidence.size, truth.FALSE))
    criterion = None if isinstance(condition, conditions.Negation) else conditions.criterion_of(condition)
    count = None if criterion is None else of_count(criterion)
    return np.full(view.evidence.size, truth.UNKNOWN) if count is None else view.at_baseline(count)


GUARDS = (conditions.NoneOf, conditions.Exposed)
"""Conditions that look at no count."""


def of_count(point: Point) -> Point | None:
    """What a criterion asks of the count alone, without bleeding; None where it asks for nothing else."""
    if isinstance(point, BleedLe):
        return None
    if isinstance(point, AllOf):
        parts = [part for part in map(of_count, point.all) if part is not None]
        return AllOf(all=parts) if parts else None
    if isinstance(point, AnyOf):
        parts = [part for part in map(of_count, point.any) if part is not None]
        return AnyOf(any=parts) if len(parts) == len(point.any) else None
    return point
