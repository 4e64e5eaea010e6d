"""How fast, as sentences: who reached an outcome, the cumulative incidence, the median, the follow-up."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.words.intervals import day_interval, level_text, percent_interval
from caseseries.words.nouns import Noun, inflected
from caseseries.words.numbers import NOTHING, counts, is_missing, number, percent
from caseseries.words.spelling import sentence, words
from caseseries.words.units import day_number, days

SMALL = 10
"""Below this many people a curve is a handful of steps, and the report says so."""


def say_reached(
    what: str, events: float, n: float, noun: Noun, competing: Sequence[tuple[str, float]] = (), *, later: float = 0
) -> str:
    """Who reached an outcome, what came first in the others, and how many were watched without either.

    `competing` is each competing cause with the number in whom it came first; `later` is how many reached the outcome
    after the last day known to be before it, the day itself not known.
    """
    left = n - events - later - sum(count for _, count in competing)
    first = f"{counts(events, n)} {noun.of(n)} reached {what}{' by a known day' if later else ''}"
    others = [f"{number(later)} more reached it later, on a day that is not known"] if later else []
    others += [f"{words(cause)} came first in {number(count)}" for cause, count in competing if count]
    if left:
        others.append(f"{number(left)} {inflected(left, 'was', 'were')} observed to the end without it")
    return sentence("; ".join([first, *others]))


def say_incidence(
    what: str,
    share: float,
    lower: float,
    upper: float,
    day: float,
    n: float,
    *,
    level: float = 0.95,
    method: str = "Aalen-Johansen",
) -> str:
    """The cumulative incidence on the day of the last event; where nobody is left, the estimate has no interval."""
    limits = percent_interval(lower, upper, n)
    interval = "" if limits == NOTHING else f"{level_text(level)} interval {limits}, "
    return sentence(
        f"the cumulative incidence of {what} is {percent(share, n)} by day {number(day)} ({interval}{method})"
    )


def say_only_time(what: str, day: float) -> str:
    """The time of the one person whose time is known."""
    return sentence(f"the only known time to {what} is {days(day)}")


def say_median_time(
    what: str, median: float, lower: float, upper: float, *, level: float = 0.95, method: str, ends: str = ""
) -> str:
    """The median of a time of everybody, or that the curve does not reach it.

    `ends` is where the cumulative incidence ends, "30 %", if it is from this that the median is read.
    """
    if is_missing(median) or day_number(median) == "not reached":
        short = f": its incidence ends at {ends}" if ends else ""
        return sentence(f"the median time to {what} is not reached{short} ({method})")
    limits = day_interval(lower, upper)
    interval = "no interval can be given" if limits == NOTHING else f"{level_text(level)} interval {limits}"
    return sentence(f"the median time to {what} is {days(median)} ({interval}; {method})")


def say_times_of_events(what: str, median: float, first: float, last: float, events: float) -> str:
    """Median and range of the days of those who reached an outcome."""
    if events == 1:
        return sentence(f"the one with {what} reached it on day {number(median)}")
    span = f", days {number(first)} to {number(last)}" if first != last else ""
    return sentence(f"among the {number(events)} with {what} the median is {days(median)}{span}")


def say_small_curve(n: float) -> str:
    """What a curve from a handful of people is; "" from ten on."""
    if n >= SMALL:
        return ""
    people = "one person has one step" if n == 1 else f"{number(n)} people has at most {number(n)} steps"
    return f"A curve from {people} and a wide band: read the counts, not the shape."


def say_follow_up(median: float, n: float) -> str:
    """Median follow-up by reverse Kaplan-Meier."""
    if is_missing(median) or day_number(median) == "not reached":
        return ""
    return sentence(f"median follow-up is {days(median)} (reverse Kaplan-Meier, n = {number(n)})")
