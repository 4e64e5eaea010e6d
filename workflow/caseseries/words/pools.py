"""Rates pooled over cohorts, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from caseseries.words.intervals import between, level_text, percent_interval, percent_limit
from caseseries.words.lists import listing
from caseseries.words.nouns import Noun, plural
from caseseries.words.numbers import counts, fraction, is_missing, number, p_value, percent, plain
from caseseries.words.spelling import sentence

PREDICTION_FROM = 5
"""Fewest cohorts from which a prediction interval is given (Nagashima 2019: poor coverage with few studies)."""


def say_pooled(
    cohorts: int, events: float, n: float, share: float, lower: float, upper: float, *, noun: Noun, level: float = 0.95
) -> str:
    """The pooled rate beside the plain sum of its cohorts."""
    interval = f"{level_text(level)} interval {percent_interval(lower, upper, n)}"
    return sentence(
        f"over {plural(cohorts, 'cohort')}, {counts(events, n)} {noun.of(n)} responded; the pooled "
        f"rate is {percent(share, n)} ({interval})"
    )


def say_prediction(cohorts: int, lower: float | None = None, upper: float | None = None, *, level: float = 0.95) -> str:
    """Where the rate of a further cohort may lie, or why that is not said."""
    if cohorts < PREDICTION_FROM or is_missing(lower):
        return sentence(
            f"with {plural(cohorts, 'cohort')} it cannot be said how far a further cohort may lie from "
            f"these; no prediction interval is given"
        )
    limits = between(percent_interval(lower, upper))
    interval = f"{level_text(level)} prediction interval"
    return sentence(f"a further cohort is predicted to lie between {limits} ({interval})")


def say_sensitivity(n: float, left_out: Sequence[tuple[str, float]], inverse_variance: float | None) -> str:
    """How far the pooled rate moves when a cohort is left out or the weights are others."""
    parts = []
    if len(left_out) > 1:
        low, high = min(left_out, key=lambda row: row[1]), max(left_out, key=lambda row: row[1])
        parts.append(
            f"leaving out one cohort at a time, the pooled rate lies between {percent(low[1], n)} "
            f"(without {low[0]}) and {percent(high[1], n)} (without {high[0]})"
        )
    if not is_missing(inverse_variance):
        parts.append(f"weighting by inverse variance gives {percent(inverse_variance, n)}")
    return sentence("; ".join(parts))


def say_spread(tau2: float, i2: float) -> str:
    """How far the rates of a pool's cohorts lie apart."""
    return f"Between cohorts: variance of the logits (τ²) {number(tau2, 2)}; share of the variance (I²) {percent(i2)}"


def say_q(q: float, df: float, p: float, n: float) -> str:
    """Whether they differ by more than chance: "Q 3.80 on 2 degrees of freedom, p = 0.15"."""
    test = p_value(p, n)
    return f"Q {number(q, 2)} on {plural(int(df), 'degree')} of freedom" + (f", {test}" if test else "")


NOT_KNOWN = "not known"


def say_printed_percent(value: float) -> str:
    """A percentage that stands in print without its count: "63.2 %, no count printed"."""
    return f"{plain(value)} %, no count printed"


def say_rule_of_source(rule: str, counted: str, note: str) -> str:
    """By what a source judged response; what is counted in place of it, and that no source prints the count."""
    instead = f"counted here: {counted}" if counted else ""
    return "; ".join(part for part in (rule, instead, note) if part)


def say_harm_beside(what: str, events: float, n: float, upper: float, note: str = "") -> str:
    """A harm among a source's people: "rash 1/31"; of none the limit: "thrombosis 0/33, at most 11 %"."""
    bound = "" if events or is_missing(upper) else f", at most {percent_limit(upper, n)} %"
    return f"{what} {fraction(events, n)}{bound}" + (f" ({note})" if note else "")


def say_harm_alone(what: str, events: float) -> str:
    """A harm whose source does not say among how many: "thrombocytopenia in newborns 9, of how many not printed"."""
    return f"{what} {number(events)}, of how many not printed"


def say_overlaps(known: Iterable[str], unknown: Iterable[str]) -> str:
    """Sources that may share patients, and those of which no source says: "Michel 2020; not said: Lin 2023"."""
    parts = [listing(list(known)), f"no source says: {listing(found)}" if (found := list(unknown)) else ""]
    return "; ".join(part for part in parts if part) or "none known"


def say_rules_differ(sources: int) -> str:
    """Why the table of the literature has no pooled row."""
    return (
        f"No pooled row: the {number(sources)} sources judged response by different rules or do not state them, so "
        "that their sum has no meaning of its own; the pooled rate beside it is arithmetic over published counts."
    )


def say_one_rule(rule: str) -> str:
    """Why the table of the literature has a pooled row."""
    return f"The pooled row stands because every source judged response by one rule, {rule}."


def say_why_beside(source: str, why: str) -> str:
    """Why a source stands beside the pool."""
    return f"{source} is not pooled: {why.rstrip('.')}."
