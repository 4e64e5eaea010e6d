"""The sentence that decides: why an episode has its class, or why it cannot have one. No day, count or id in it."""

from __future__ import annotations

import numpy as np

from caseseries.model.cohort import Cohort
from caseseries.response import evaluate as causes
from caseseries.response import recorded
from caseseries.response.outcome import UNSTATED, Outcome
from caseseries.words.definitions import say_condition, say_measure
from caseseries.words.lists import listing
from caseseries.words.spelling import sentence

NO_DATED, ALL_LEFT_OUT, OPEN, BLEEDING, BASELINE, BOUND, ANCHOR, VISIT, SPAN, DAYS, WEEKS, UNGIVEN = range(1, 13)
CAUSE_WORDS = {
    NO_DATED: "no dated count after the first dose",
    ALL_LEFT_OUT: "every count after the first dose is left out by the definition",
    OPEN: "a qualifying count was not followed long enough to be confirmed",
    BLEEDING: "bleeding was not recorded",
    BASELINE: "the baseline count is not known",
    BOUND: "a count or the baseline is known only as a bound",
    ANCHOR: "the event from which the definition counts is not recorded",
    VISIT: "no count was taken near the day that the definition asks for",
    SPAN: "counts do not cover the whole span that the definition asks for",
    DAYS: "first or last day of the drug is not recorded",
    WEEKS: "weeks that the definition asks for have no count, and no visit was planned in them",
    UNGIVEN: "the source gives no class",
}
"""Why a class is not evaluable, in words; the keys refine the causes of `evaluate`."""

PLAIN = {
    causes.OPEN: OPEN,
    causes.ANCHOR: ANCHOR,
    causes.VISIT: VISIT,
    causes.SPAN: SPAN,
    causes.DAYS: DAYS,
    causes.WEEKS: WEEKS,
    UNSTATED: UNGIVEN,
}


FACTS = {recorded.BLEEDING: BLEEDING, recorded.BASELINE: BASELINE, recorded.EXPOSURE: DAYS}
"""A fact that the record lacks -> key of `CAUSE_WORDS`."""


def refine(outcome: Outcome) -> np.ndarray:
    """Key of `CAUSE_WORDS` for every episode that has an unknown condition above its class or none; 0 elsewhere."""
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


def reasons(outcome: Outcome) -> np.ndarray:
    """One plain sentence for every episode (object array of str)."""
    refined = refine(outcome)
    classes = np.where(outcome.evaluable, outcome.chosen, -1)
    codes = (classes + 1) * 10_000 + (outcome.provisional + 1) * 100 + refined
    codes = codes + np.where(outcome.evaluable, 0, 50_000_000 + 1_000_000 * (outcome.decided + 1))
    different, place = np.unique(codes, return_inverse=True)
    first = np.zeros(len(different), np.int64)
    first[place[::-1]] = np.arange(len(codes))[::-1]
    said = [reason_of(outcome, int(number), int(refined[number])) for number in first]
    return np.array(said, object)[place] if said else np.empty(0, object)


def reason_of(outcome: Outcome, number: int, refined: int) -> str:
    """The sentence for one episode."""
    definition = outcome.view.definition
    why = CAUSE_WORDS.get(refined, "")
    open_class = outcome.provisional_name(number)
    if not outcome.evaluable[number]:
        possible = open_class is not None and open_class != definition.else_
        remains = f"; {class_words(open_class)} remains possible" if possible else ""
        lacks = outcome.lacking[number] > 0 and outcome.decided[number] >= 0
        otherwise = f"; {class_words(outcome.labels[outcome.decided[number]])} by its counts alone" if lacks else ""
        return sentence(f"not evaluable: {why}{otherwise or remains}")
    if definition.reported:
        return sentence("as the source reports")
    if definition.measure is not None:
        return sentence(say_measure(definition.measure, definition))
    label = outcome.class_name(number)
    rule = next((rule for rule in definition.classes if rule.label == label), None)
    met = rule is not None and number_met(outcome, number, label)
    above = f"; {class_words(open_class)} remains possible: {why}" if open_class else ""
    if met:
        return sentence(f"{say_condition(rule.when, definition)}{above}")
    others = listing([class_words(rule.label) for rule in definition.classes if rule.label != definition.else_], "or")
    return sentence(f"no condition for {others} is met")


def number_met(outcome: Outcome, number: int, label: str) -> bool:
    """Whether an episode has its class because a condition of that class is met, and not because none is."""
    if label != outcome.view.definition.else_:
        return True
    return bool(outcome.otherwise is None or not outcome.otherwise[number])


def say_day_zero(cohort: Cohort) -> str:
    """Why no definition judges the counts of a cohort whose day 0 is not the first dose."""
    instead = "" if cohort.day_zero == "other" else f"{cohort.day_zero}, "
    return f"Not evaluable: day 0 of this cohort is {instead}not the first dose."
