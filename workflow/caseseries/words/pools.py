"""Rates pooled over cohorts, as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.words.intervals import between, level_text, percent_interval
from caseseries.words.nouns import Noun, plural
from caseseries.words.numbers import counts, is_missing, percent
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
