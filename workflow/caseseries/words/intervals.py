"""Intervals and levels: "15 to 85 %", "17 to 21 days", "on days 0 to 7"."""

from __future__ import annotations

import math
from collections.abc import Sequence

from caseseries.words.numbers import (
    NOTHING,
    counts,
    hundredfold,
    is_missing,
    number,
    percent_decimals,
    percent_of,
    short_number,
)
from caseseries.words.units import days


def percent_limit(limit: float, n: float | None = None) -> str:
    """One limit of an interval, bare: 0.15 -> "15".

    A limit that is not 0 or 100 % is never printed as such: it takes the decimals that keep it apart ("0.1").
    """
    value, decimals = hundredfold(limit), percent_decimals(n)
    text = number(value, decimals)
    while decimals < 4 and 0 < value < 100 and float(text) in (0.0, 100.0):
        decimals += 1
        text = number(value, decimals)
    return text


def percent_interval(lower: float | None, upper: float | None, n: float | None = None) -> str:
    """An interval of shares: (0.15, 0.85, 4) -> "15 to 85 %"; "–" where missing."""
    if is_missing(lower) or is_missing(upper):
        return NOTHING
    return f"{percent_limit(lower, n)} to {percent_limit(upper, n)} %"


def level_text(level: float) -> str:
    """A confidence level: 0.95 -> "95 %"."""
    return f"{short_number(hundredfold(level), 2)} %"


def rate(events: float, n: float, lower: float, upper: float, *, level: float = 0.95) -> str:
    """A rate in a sentence: "2 of 4, 50 % (95 % interval 15 to 85 %)"."""
    interval = f"{level_text(level)} interval {percent_interval(lower, upper, n)}"
    return f"{counts(events, n)}, {percent_of(events, n)} ({interval})"


def day_interval(lower: float | None, upper: float | None) -> str:
    """An interval of days: "17 to 21 days"; an end that the curve does not reach is said: "17 days to not reached"."""
    if is_missing(lower) and is_missing(upper):
        return NOTHING
    if is_missing(upper) or math.isinf(upper):
        return f"{days(lower)} to not reached"
    if is_missing(lower):
        return f"not reached to {days(upper)}"
    return f"{number(lower)} to {days(upper)}"


def number_interval(lower: float | None, upper: float | None, decimals: int = 2) -> str:
    """An interval of bare numbers: "0.41 to 1.20"; "–" where missing."""
    if is_missing(lower) or is_missing(upper):
        return NOTHING
    return f"{number(lower, decimals)} to {number(upper, decimals)}"


def number_range(lowest: float, highest: float) -> str:
    """The range of whole numbers: "3 to 7"; one alone where all are the same."""
    low, high = number(lowest), number(highest)
    return low if low == high else f"{low} to {high}"


def between(interval: str) -> str:
    """An interval within "lies between ...": "15 to 85 %" -> "15 and 85 %"."""
    return interval.replace(" to ", " and ")


def window(ends: Sequence[int | None]) -> str:
    """A window of days, both ends included; None is no limit: "on days 0 to 7", "from day 1 on"."""
    first, last = ends
    if first is None and last is None:
        return "on any day"
    if last is None:
        return f"from day {first} on"
    if first is None:
        return f"up to day {last}"
    return f"on days {first} to {last}" if first != last else f"on day {first}"
