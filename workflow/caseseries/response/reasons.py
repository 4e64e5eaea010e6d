"""The sentence that decides: why an episode has its class, or why it cannot have one. No day, count or id in it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model.codes import Codes
from caseseries.model.cohort import Cohort
from caseseries.model.results import BECAUSE
from caseseries.response import classes, recorded
from caseseries.response import evaluate as causes
from caseseries.response.outcome import UNSTATED, Outcome
from caseseries.words.definitions import say_condition, say_measure
from caseseries.words.lists import listing
from caseseries.words.response import BECAUSE_WORDS
from caseseries.words.spelling import sentence

NO_DATED, ALL_LEFT_OUT, OPEN, BLEEDING, BASELINE, BOUND, ANCHOR, VISIT, SPAN, DAYS, WEEKS, UNGIVEN, OUTSIDE = range(
    1, 14
)
"""Codes of why an episode is not evaluable: 1 + the place in `results.BECAUSE`; they refine those of `evaluate`."""

PLAIN = {
    causes.OPEN: OPEN,
    causes.ANCHOR: ANCHOR,
    causes.VISIT: VISIT,
    causes.SPAN: SPAN,
    causes.DAYS: DAYS,
    causes.WEEKS: WEEKS,
    UNSTATED: UNGIVEN,
    classes.OUTSIDE: OUTSIDE,
}


FACTS = {recorded.BLEEDING: BLEEDING, recorded.BASELINE: BASELINE, recorded.EXPOSURE: DAYS}
"""A fact that the record lacks -> code."""


def refine(outcome: Outcome) -> np.ndarray:
    """Code of why not for every episode with an unknown condition above its class or without a class; 0 elsewhere."""
    result = np.zeros(len(outcome.cause), np.int64)
    for cause, refined in PLAIN.items():
        result[outcome.cause == cause] = refined
    empty = outcome.cause == causes.NO_COUNT
    if empty.any():
        counts = outcome.view.evidence.counts
        taken = counts.last_where(counts.day >= 1) >= 0
        result[empty] = np.where(taken[empty], ALL_LEFT_OUT, NO_DATED)
    result[outcome.cause == causes.VALUE] = BOUND
    for fact, refined in FACTS.items():
        result[outcome.lacking == fact] = refined
    return result


def class_words(label: str) -> str:
    """A class as it stands in a sentence."""
    return {"yes": "a response", "no": "no response", "none": "no response"}.get(label, label)


def reasons(outcome: Outcome, refined: np.ndarray | None = None) -> Codes:
    """One plain sentence for every episode; `refined` is what `refine` makes of the outcome, where it is known."""
    refined = refine(outcome) if refined is None else refined
    chosen = np.where(outcome.evaluable, outcome.chosen, -1)
    codes = (chosen + 1) * 10_000 + (outcome.provisional + 1) * 100 + refined
    codes = codes + np.where(outcome.evaluable, 0, 50_000_000 + 1_000_000 * (outcome.decided + 1))
    if outcome.otherwise is not None:  # the class of those who meet none may have a condition of its own
        codes = np.where(outcome.otherwise, -codes - 1, codes)
    place, different = pd.factorize(codes)
    first = np.zeros(len(different), np.int64)
    first[place[::-1]] = np.arange(len(codes))[::-1]
    said = [reason_of(outcome, int(number), int(refined[number])) for number in first]
    return Codes.into(said, place)


def reason_of(outcome: Outcome, number: int, refined: int) -> str:
    """The sentence for one episode."""
    definition = outcome.view.definition
    why = BECAUSE_WORDS[BECAUSE[refined - 1]] if refined else ""
    open_class = outcome.provisional_name(number)
    if not outcome.evaluable[number]:
        possible = open_class if open_class != definition.else_ else None
        remains = f"; {class_words(possible)} remains possible" if possible is not None else ""
        lacks = outcome.lacking[number] > 0 and outcome.decided[number] >= 0
        otherwise = f"; {class_words(outcome.labels[outcome.decided[number]])} by its counts alone" if lacks else ""
        return sentence(f"not evaluable: {why}{otherwise or remains}")
    if definition.reported:
        return sentence("as the source reports")
    if definition.measure is not None:
        return sentence(say_measure(definition.measure, definition))
    label = outcome.class_name(number)
    rule = next((rule for rule in definition.classes if rule.label == label), None)
    above = f"; {class_words(open_class)} remains possible: {why}" if open_class else ""
    if rule is not None and number_met(outcome, number, rule.label):
        return sentence(f"{say_condition(rule.when, definition)}{above}")
    others = listing([class_words(rule.label) for rule in definition.classes if rule.label != definition.else_], "or")
    return sentence(f"no condition for {others} is met")


def number_met(outcome: Outcome, number: int, label: str) -> bool:
    """Whether an episode has its class because a condition of that class is met, and not because none is."""
    if label != outcome.view.definition.else_:
        return True
    return bool(outcome.otherwise is None or not outcome.otherwise[number])


def because(outcome: Outcome, refined: np.ndarray) -> Codes:
    """Why each episode is not evaluable (`results.BECAUSE`), "" where it is; `refined` as `refine` makes it."""
    return Codes.into(["", *BECAUSE], np.where(outcome.evaluable, 0, refined))


def because_of_day_zero(cohort: Cohort) -> str:
    """Why no definition judges the counts of a cohort whose day 0 is not the first dose (one of `results.BECAUSE`)."""
    return "counted_from_birth" if cohort.day_zero == "birth" else "counted_from_other_day"


def say_day_zero(cohort: Cohort) -> str:
    """The same as a sentence."""
    return sentence(f"not evaluable: {BECAUSE_WORDS[because_of_day_zero(cohort)]}")
