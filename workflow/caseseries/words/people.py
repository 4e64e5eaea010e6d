"""Who the cases are, as sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, Noun
from caseseries.words.numbers import number, quantity, short_number
from caseseries.words.spelling import sentence


def say_people(episodes: float, persons: float, noun: Noun) -> str:
    """How many there are: "4 women", or "13 episodes of 12 women" where somebody has several."""
    if episodes == persons:
        return noun.count(persons)
    return f"{EPISODES.count(episodes)} of {noun.count(persons)}"


def say_middle(label: str, unit: str, values: Mapping[str, float], n: float, missing: float) -> str:
    """Median and range of a variable: "age 31 years (19 to 36; median and range; known for 12)".

    Of people who must not be told apart only what was told: the median alone, or nothing.
    """

    def between(name: str) -> str:
        low, high = values.get(f"{name}_from"), values.get(f"{name}_to")
        if low is None:
            return short_number(values[name])
        return quantity(low, float("inf") if high is None else high)

    known = f"; known for {number(n)}, unknown for {number(missing)}" if missing else ""
    unit = f" {unit}" if unit else ""
    if n == 1:
        return f"{label} {between('median')}{unit}{known}"
    if not {"median", "median_from"} & set(values):
        return ""
    known_range = {"minimum", "minimum_from"} & set(values)
    if n > 1 and not known_range:
        return f"{label} {between('median')}{unit} (median, rounded{known})"
    if between("minimum") == between("maximum"):
        return f"{label} {between('median')}{unit} (in all{known})"
    return f"{label} {between('median')}{unit} (median; {between('minimum')} to {between('maximum')}{known})"


def say_absent(things: Sequence[str], *, published: bool) -> str:
    """What a cohort has nothing of, in one line: "Not in the source: times, doses."; "" where it has all.

    `published`: the data were transcribed from a publication, else they were recorded.
    """
    where = "in the source" if published else "recorded"
    return sentence(f"not {where}: {', '.join(things)}") if things else ""


def say_nowhere_recorded(labels: Sequence[str]) -> str:
    """Variables that are empty in every case, in one sentence."""
    return sentence(f"not recorded for anybody: {listing(labels)}") if labels else ""
