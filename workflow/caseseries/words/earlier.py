"""What earlier series say about a rate, as sentences."""

from __future__ import annotations

from caseseries.words.intervals import percent_interval
from caseseries.words.nouns import plural
from caseseries.words.numbers import number, percent, share
from caseseries.words.spelling import sentence

LINES = {"prior": "earlier series alone", "alone": "this series alone", "with_earlier": "both together"}
"""What each rate rests on."""

SURPRISING = 0.05
"""A result less likely than this, given the earlier series, contradicts them."""


def say_earlier(events: float, n: float, series: int, people: float) -> str:
    """What is set beside what."""
    return sentence(
        f"{share(events, n)} beside {plural(series, 'earlier series', 'earlier series')} of {number(people)}"
    )


def say_line(name: str, rate: float, lower: float, upper: float) -> str:
    """A rate with its interval, in a line."""
    return f"{LINES[name]:22}{percent(rate):>6}  ({percent_interval(lower, upper)})"


def say_conflict(size: float, vague_after: float, vague: float, chance: float) -> str:
    """What the earlier series are worth, and whether the new one contradicts them."""
    worth = f"what the earlier series say is worth about {plural(max(round(size), 0), 'case')}"
    odds = f"{percent(vague)} of the prior held nothing before this series, {percent(vague_after)} after it"
    conflict = chance < SURPRISING
    how = "contradicts them" if conflict else "does not contradict them"
    expected = percent(chance, 100 if conflict else None)
    told = f"this series {how}: so far out a result was to be expected in {expected} of series"
    return " ".join(map(sentence, (worth, told, odds)))


def say_new_series(
    label: str,
    counted: tuple[float, float],
    series: int,
    size: float,
    alone: tuple[float, float, float],
    both: tuple[float, float, float],
    chance: float,
) -> str:
    """A new series beside what earlier ones say, in a line.

    Parameters
    ----------
    label : of the new series; counted : its cases with the event, and all.
    series : earlier ones; size : the cases that they are worth.
    alone, both : rate with the ends of its interval without and with them.
    chance : how likely so far out a result was, given the earlier series.
    """
    events, n = counted
    told = [f"{percent(rate, n)} ({percent_interval(lower, upper, n)})" for rate, lower, upper in (alone, both)]
    conflict = chance < SURPRISING
    how = "contradicts" if conflict else "does not contradict"
    expected = percent(chance, 100 if conflict else None)
    return sentence(
        f"apart from these rates, and mixed into none: what {plural(series, 'other series', 'other series')} say of "
        f"{label} is worth about {plural(max(round(size), 0), 'case')}; with it {share(events, n)} there become "
        f"{told[1]}, without it {told[0]}; {label} {how} them ({expected} of series would lie so far out)"
    )
