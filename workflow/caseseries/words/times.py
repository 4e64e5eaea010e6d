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
    what: str, share: float, lower: float, upper: float, day: float, n: float, *, level: float = 0.95
) -> str:
    """The cumulative incidence on the day of the last event; where nobody is left, the estimate has no interval."""
    limits = percent_interval(lower, upper, n)
    interval = "" if limits == NOTHING else f" ({level_text(level)} interval {limits})"
    return sentence(f"the cumulative incidence of {what} is {percent(share, n)} by day {number(day)}{interval}")


def say_rate_and_curve(
    by_class: tuple[float, float],
    on_curve: tuple[float, float],
    class_alone: Sequence[tuple[str, float]],
    time_alone: Sequence[tuple[str, float]],
) -> str:
    """Why the rate and the curve do not count the same responders; "" where they do.

    `by_class` and `on_curve` are responders and people; `class_alone` is what the curve has of responders by class
    (what came first, `censored`, `no_day`) and of how many, `time_alone` what the rate has of responders by time
    (`non_event`, `not_evaluable`).
    """
    if not class_alone and not time_alone:
        return ""
    parts = [_class_alone(cause, count) for cause, count in class_alone]
    for role, count in time_alone:
        what = {"non_event": inflected(count, "is no responder", "are no responders")}.get(role, "cannot be judged")
        parts.append(f"{number(count)} with a day of response {what} by class")
    counted = f"the rate counts {counts(*by_class)} by class, the curve {counts(*on_curve)} by time"
    return sentence(f"{counted}: {'; '.join(parts)}")


def _class_alone(cause: str, count: float) -> str:
    """What the curve has of responders by class."""
    if cause == "censored":
        return f"{number(count)} with the class of a response {inflected(count, 'has', 'have')} none by the days given"
    if cause == "no_day":
        return f"of {number(count)} with the class of a response no day is known"
    return f"in {number(count)} with the class of a response {words(cause)} came first"


def say_total_and_curve(total: tuple[float, float], on_curve: tuple[float, float]) -> str:
    """Why a rate of totals in print and a curve of cases differ; "" where they do not."""
    if total == on_curve:
        return ""
    return sentence(
        f"the rate is of totals in print, {counts(*total)}; the curve is of the cases whose days are known, "
        f"{counts(*on_curve)}"
    )


def say_no_curve(what: str, failures: float, noun: Noun) -> str:
    """Why nothing is drawn of those with an outcome where nobody wrote how long the others were followed."""
    return sentence(
        f"no curve is drawn: how long the {noun.count(failures)} without {what} {inflected(failures, 'was', 'were')} "
        "followed is not recorded, and those with it alone do not show how soon it comes"
    )


def say_left_out(what: str, failures: float) -> str:
    """What a curve lacks that does not hold everybody who failed; "" where it does."""
    if not failures:
        return ""
    return sentence(
        f"the curve leaves out {number(failures)} without {what} of whom nobody wrote how long "
        f"{inflected(failures, 'that one was', 'they were')} followed, and so is too high"
    )


def say_only_time(what: str, day: float) -> str:
    """The time of the one person whose time is known."""
    return sentence(f"the only known time to {what} is {days(day)}")


def say_median_time(
    what: str, median: float, lower: float, upper: float, *, level: float = 0.95, ends: str = ""
) -> str:
    """The median of a time of everybody, or that the curve does not reach it.

    `ends` is where the cumulative incidence ends, "30 %", if it is from this that the median is read.
    """
    if is_missing(median) or day_number(median) == "not reached":
        short = f": its incidence ends at {ends}" if ends else ""
        return sentence(f"the median time to {what} is not reached{short}")
    limits = day_interval(lower, upper)
    interval = "no interval can be given" if limits == NOTHING else f"{level_text(level)} interval {limits}"
    return sentence(f"the median time to {what} is {days(median)} ({interval})")


def say_by_visits(what: str, day: float) -> str:
    """By which day half had reached an outcome, if it came between two visits and not on the day it was first seen."""
    return sentence(
        f"these days are those on which {what} was first seen; taken as lying between two visits, half had reached it "
        f"by day {number(day)}"
    )


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
    return f"A curve from {people}, and no band that says anything: read the counts, not the shape."


def say_follow_up(median: float, n: float) -> str:
    """Median follow-up of those observed."""
    if is_missing(median) or day_number(median) == "not reached":
        return ""
    return sentence(f"median follow-up is {days(median)} (n = {number(n)})")
