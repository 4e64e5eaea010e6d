"""Outcomes other than response, as sentences: adverse events, deaths, newborns."""

from __future__ import annotations

from caseseries.words.intervals import level_text, percent_limit, rate
from caseseries.words.nouns import EPISODES, plural, verb
from caseseries.words.numbers import counts, number
from caseseries.words.spelling import sentence, words

PEOPLE = (("newborn", "newborns"), ("neonatal", "newborns"), ("neonate", "newborns"), ("maternal", "mothers"))


def outcome_words(name: str) -> str:
    """An outcome's name as words: `newborn_adverse_event` -> "adverse event in newborns"."""
    text = words(name)
    for prefix, people in PEOPLE:
        if text.startswith(prefix + " "):
            return f"{text.removeprefix(prefix + ' ')} in {people}"
    return text


def say_outcome(
    name: str,
    events: float,
    n: float,
    lower: float,
    upper: float,
    *,
    level: float = 0.95,
    method: str = "Clopper-Pearson",
    group: str = "",
) -> str:
    """A counted outcome: none at all with the upper bound, otherwise the share with its interval."""
    what = outcome_words(name) + (f" ({group})" if group else "")
    if not events:
        bound = f"upper bound {percent_limit(upper, n)} %"
        return sentence(f"no {what}: {counts(0, n)}, {bound} ({level_text(level)} interval, {method})")
    return sentence(f"{what}: {rate(events, n, lower, upper, method=method, level=level)}")


def say_adverse_events(events: int, episodes_with: int, episodes: int) -> str:
    """What was recorded of single cases; "" where nothing was, since that is no proof that nothing happened."""
    if not events:
        return ""
    return sentence(
        f"{plural(events, 'adverse event')} {verb(events, 'was', 'were')} recorded, in "
        f"{counts(episodes_with, episodes)} {EPISODES.of(episodes)}"
    )


def say_without_denominator(name: str, events: float) -> str:
    """A counted outcome whose source does not say among how many."""
    return f"{outcome_words(name)} in {number(events) if events else 'none'}"
