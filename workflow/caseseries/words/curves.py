"""What a reconstructed curve says, as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.words.lists import listing
from caseseries.words.nouns import plural
from caseseries.words.numbers import NOTHING, is_missing, number, percent
from caseseries.words.spelling import sentence

NAMES = {
    "events": "events",
    "median_time": "median",
    "survival": "without the event on day {day}",
    "cumulative_incidence": "with the event by day {day}",
    "restricted_mean_time": "mean time without it to day {day}",
    "log_rank_p": "log-rank p",
}
"""What a reconstructed number is called, by its statistic."""

BASES = {
    "all": "over all that fit",
    "sample": "outer limits",
    "pairs": "over a sample",
    "simulated": "95 of 100 rereadings",
}
"""What a range goes over, by its basis."""


def name_of(statistic: str, time: float | None) -> str:
    """What a number is: "without the event on day 28"."""
    return NAMES[statistic].format(day=number(time))


def value_of(statistic: str, value: float, n: int) -> str:
    """A number of a curve of n cases: "26 days", "71 %"; a time that is not reached is called so."""
    if is_missing(value):
        return "not reached" if statistic == "median_time" else NOTHING
    if statistic in ("survival", "cumulative_incidence"):
        return percent(value, max(n, 100))
    if statistic == "log_rank_p":
        return number(value, 3) if value >= 0.001 else "< 0.001"
    if statistic == "restricted_mean_time":
        return f"{number(value, 1)} days"
    return f"{number(value)} days" if statistic == "median_time" else number(value)


def range_of(statistic: str, lower: float, upper: float, n: int) -> str:
    """A range: "26 to 27 days"; one value where both ends are the same."""
    low, high = value_of(statistic, lower, n), value_of(statistic, upper, n)
    if low == high:
        return low
    unit = next((unit for unit in (" days", " %") if low.endswith(unit) and high.endswith(unit)), "")
    return f"{low.removesuffix(unit)} to {high}"


def say_found(n: int, counted: int, exhausted: bool, listed: int, *, widened: float | None = None) -> str:
    """How many histories fit a curve, and how many are listed."""
    fit = "1 history fits" if counted == 1 and exhausted else f"{counted} histories fit"
    if not exhausted:
        told = f"more than {counted} histories fit; {listed} of them, drawn at random, are listed"
    elif listed < counted:
        told = f"{fit}; {listed} of them are listed"
    else:
        told = fit + ("" if counted == 1 else ", all are listed")
    wider = "" if widened is None else f" (none at the error given; at {number(widened, 4)})"
    return f"{plural(n, 'case')}; {told}{wider}"


def say_guyot(n: int, searched: bool) -> str:
    """Why one history by Guyot's algorithm stands for those that fit."""
    why = "no history fits what is printed" if searched else "too many cases to search"
    return f"{plural(n, 'case')}; {why}: one history by Guyot's algorithm, which need not fit"


def say_settling(settling: Sequence[tuple[float | None, int]], histories: int) -> str:
    """Which further printed numbers would tell histories apart: (day, or None for the total of events, most left)."""
    told = [
        f"the {'total of events' if day is None else f'number at risk on day {number(day)}'} would leave "
        f"{'one history' if left == 1 else f'at most {left}'}"
        for day, left in settling
    ]
    return sentence(f"of {histories} histories, {listing(told)}") if told else ""
