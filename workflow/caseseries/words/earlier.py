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
