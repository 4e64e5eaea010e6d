"""What the record of an episode can decide, whatever its counts turned out to be.

An episode for which a fact that a definition needs was not recorded is not evaluable under it, also where its counts
alone would decide the class: else those with low counts would enter the rate and those with high ones would not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from caseseries.model.condition import (
    At,
    Confirm,
    Exposed,
    LastBefore,
    Schedule,
    Some,
    Sustain,
    criterion_of,
    operators_in,
)
from caseseries.model.definition import Definition, TimeIn
from caseseries.model.predicate import AGAINST_BASELINE, BleedLe, Clause, FoldGe, FoldLe, Point, predicates_in
from caseseries.response import operators, truth
from caseseries.response.classes import classify_evidence
from caseseries.response.predicates import bleeding_recorded
from caseseries.response.series import Counts
from caseseries.response.view import View

BLEEDING, BASELINE, EXPOSURE = range(1, 4)
"""A fact that a definition needs and that was not recorded: bleeding up to the counts that it looks at, the baseline,
first and last day of a drug."""


def lacking(view: View) -> np.ndarray:
    """The first fact that the definition needs of each episode and that its record lacks; 0 where it lacks none, or
    where the definition does not judge it.
    """
    result = np.zeros(view.evidence.size, np.int8)
    facts = {BLEEDING: without_bleeding, BASELINE: without_baseline}
    for operator in operators_of(view.definition):
        if isinstance(operator, Exposed):
            result[(result == 0) & without_days(operator, view)] = EXPOSURE
        elif (criterion := criterion_of(operator)) is not None:
            predicates = list(predicates_in(criterion))
            for fact, without in facts.items():
                result[(result == 0) & without(operator, predicates, view)] = fact
    result[view.outside] = 0
    return result


def operators_of(definition: Definition) -> Iterator[Clause]:
    """The operators and guards that make the class, or the measure."""
    if definition.measure is not None:
        yield definition.measure
    for rule in definition.classes:
        yield from operators_in(rule.when)


def looked_at(operator: Clause, view: View) -> list[Counts]:
    """The counts whose values an operator asks for."""
    counts, everything = view.admitted.counts, view.admitted.all_counts
    match operator:
        case Some():
            return [counts, view.admitted.undated]
        case Confirm() | TimeIn():
            return [counts]
        case At():
            slots = operators.nearest(everything, operator.day, 2 * operator.tol + 1, 1, operator.tol)
            return [everything.take(slots.position)]
        case Schedule():
            return [counts.take(view.on_grid(operator, counts).position)]
        case Sustain():
            start = everything.spread(view.evidence.events.of([operator.start]).first_day(view.evidence.size))
            close = everything.first_where(everything.day >= start + operator.days)
            reached = np.where(close < 0, len(everything), close)
            inside = (everything.day >= start) & (np.arange(len(everything)) <= everything.spread(reached))
            return [everything.take(inside)]
        case LastBefore():
            day = view.evidence.events.of([operator.event]).first_day(view.evidence.size)
            position = operators.last_before(counts, day, operator.within)
            return [counts.take(position[position >= 0])]
    raise TypeError(f"not an operator on counts: {operator!r}")


def without_bleeding(operator: Clause, predicates: list[Point], view: View) -> np.ndarray:
    """Episodes in which bleeding was not recorded up to a count that the operator asks it of."""
    found = np.zeros(view.evidence.size, bool)
    if view.definition.choices.bleeding_unknown == "none" or not any(isinstance(p, BleedLe) for p in predicates):
        return found
    for counts in looked_at(operator, view):
        found[counts.episode[~bleeding_recorded(counts, view.evidence)]] = True
    return found


def without_baseline(operator: Clause, predicates: list[Point], view: View) -> np.ndarray:
    """Episodes with counts that the operator compares with a baseline that is not known."""
    found = np.zeros(view.evidence.size, bool)
    if not any(isinstance(p, AGAINST_BASELINE) for p in predicates):
        return found
    for counts in looked_at(operator, view):
        found[counts.episode] = True
    unknown = ~view.baseline.known
    if view.definition.choices.zero_baseline == "unknown" and any(isinstance(p, FoldGe | FoldLe) for p in predicates):
        unknown |= view.baseline.hi == 0
    return found & unknown


def without_days(guard: Exposed, view: View) -> np.ndarray:
    """Episodes with a course of the drug class whose first or last day is not known."""
    spells = view.evidence.exposures
    vague = (spells.value == guard.exposed) & (np.isnan(spells.first) | np.isnan(spells.last))
    found = np.zeros(view.evidence.size, bool)
    found[spells.episode[vague]] = True
    return found


def decidable(view: View) -> tuple[np.ndarray, np.ndarray]:
    """Episodes whose record could have shown a response, and those whose record could have shown that there was none:
    each had its counts all met the criteria, or all failed them, on the days on which they were taken.
    """
    responses = [view.definition.labels.index(label) for label in view.definition.responses]
    response = np.zeros(view.evidence.size, bool)
    failure = response.copy()
    for assumed in (truth.TRUE, truth.FALSE):
        chosen = classify_evidence(View(view.evidence, view.definition, False, assumed)).chosen
        responded = np.isin(chosen, responses)
        response |= responded
        failure |= ~responded & (chosen >= 0)
    return response, failure
