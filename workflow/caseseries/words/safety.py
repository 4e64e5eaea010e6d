"""Harm in words: what each row of estimates.csv on safety counts, in whom, and what is assumed where none was seen."""

from __future__ import annotations

from collections.abc import Iterable

from caseseries.words.intervals import level_text, percent_limit, rate
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES
from caseseries.words.numbers import counts, number
from caseseries.words.outcomes import SUBJECTS
from caseseries.words.spelling import sentence, words
from caseseries.words.units import behind

COUNT_UNIT = "10^9/L"
ANY = {
    "any": "any adverse event",
    "any serious": "any serious adverse event",
    "any grade 3 or more": "any adverse event of grade 3 or more",
    "any not listed": "any adverse event that the texts of the drug do not list",
}
"""Causes of `adverse_event_rate` that are no name of one event."""

OF_COUNTS = {
    "neonatal_thrombocytopenia_rate": "count of the newborn",
    "delivery_count_rate": "last count before delivery",
    "overshoot_rate": "count after the first dose",
    "rebound_rate": "count after stopping, and below baseline,",
}
"""Statistics whose cause is a figure with its sign."""

SIGNS = {"<": "below", ">": "above", ">=": "of at least"}
OTHERS = {"rescue_rate": "rescue treatment", "transfusion_rate": "platelet transfusion"}


def harm_words(statistic: str, cause: str) -> str:
    """What a row counts: ("rebound_rate", "<10") -> "count after stopping, and below baseline, below 10 × 10⁹/L"."""
    if statistic == "adverse_event_rate":
        term = cause.partition("/")[2]
        return ANY.get(term, words(term))
    if cause == "<baseline":
        return "count after stopping below baseline"
    if statistic in OF_COUNTS:
        figure = cause.lstrip("<>=")
        sign = SIGNS[cause.removesuffix(figure)]
        return f"{OF_COUNTS[statistic]} {sign} {figure} {behind(COUNT_UNIT)}"
    if statistic == "bleeding_rate":
        return f"bleeding of WHO grade {cause.removeprefix('grade>=')} or more"
    return OTHERS[statistic]


def harmed(statistic: str, cause: str) -> str:
    """In whom it is: "mother", "newborn", "patient"; "" where that is the person treated, as of all others."""
    if statistic == "neonatal_thrombocytopenia_rate":
        return "newborn"
    if statistic != "adverse_event_rate":
        return ""
    return SUBJECTS[cause.partition("/")[0]].removeprefix("the ")


def say_harm(statistic: str, cause: str, events: float, n: float, lower: float, upper: float, level: float) -> str:
    """A harm with its share, within a sentence: "rash in 0 of 40, upper bound 9 %" where nobody had it."""
    whom = harmed(statistic, cause)
    what = harm_words(statistic, cause) + (f" in the {whom}" if statistic == "adverse_event_rate" else "")
    if not events:
        bound = f"upper bound {percent_limit(upper, n)} %"
        return f"{what} in {counts(0, n)}, {bound} ({level_text(level)} interval)"
    return f"{what} in {rate(events, n, lower, upper, level=level)}"


def say_assumed(n: float, whom: Iterable[str]) -> str:
    """What a count of harm takes for granted, where the record says that harm was looked for."""
    return sentence(
        f"this takes the record at its word that harm of {listing(list(whom))} was looked for in all {number(n)}"
    )


def say_source_looked(n: float) -> str:
    """What a count that a source prints takes for granted."""
    return sentence(f"this assumes that the source looked for it in all {number(n)}")


def say_unrecorded(whom: Iterable[str]) -> str:
    """Of whom nobody wrote whether harm was looked for; "" of nobody."""
    named = [SUBJECTS[one] for one in whom]
    if not named:
        return ""
    return sentence(f"whether harm of {listing(named)} was looked for is not recorded; none written does not mean none")


def say_on_record(events: float, n: float) -> str:
    """How many have an adverse event on record, where nobody wrote whether others were looked at."""
    return sentence(f"an adverse event is on record in {counts(events, n)} {EPISODES.of(n)}")


ASSUMED = (
    "Cases count where the record says that such harm was looked for, or holds what it is read from; of the others "
    "an event is on record or unknown."
)
NOT_RANDOMISED = (
    "Unless the source says so, nobody was assigned to these groups by chance: who got which treatment may explain a "
    "difference, and no test is made."
)
SELECTED_CASES = (
    "Cases in which it is on record; no share, because the cases were selected and one whose source is silent on harm "
    "is not one without."
)
WITHHELD = "Harm is withheld: it tells of few people."


def say_by_time(rate: float, lower: float, upper: float) -> str:
    """Cases per 100 weeks on the drug with their limits: "5.3 (1.4 to 13.6)"."""
    return f"{number(rate, 1)} ({number(lower, 1)} to {number(upper, 1)})"


def say_not_known(what: Iterable[str]) -> str:
    """Harms of which it is on record of nobody whether they happened; "" without any."""
    named = list(dict.fromkeys(what))
    return sentence(f"not recorded of anybody: {listing(named)}") if named else ""


EXPOSURES = {
    "days_on_drug": "days on the drug",
    "cumulative_dose": "cumulative dose",
    "days_followed": "days of follow-up",
}


def exposure_words(statistic: str, cause: str) -> str:
    """What a row on exposure measures: ("cumulative_dose", "rhtpo/U/kg") -> "cumulative dose of rhTPO (U/kg)"."""
    drug, _, unit = cause.partition("/")
    return EXPOSURES[statistic] + (f" of {words(drug)} ({unit})" if drug else "")
