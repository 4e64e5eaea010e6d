"""Outcomes other than response, as sentences: adverse events, deaths, newborns."""

from __future__ import annotations

from collections.abc import Mapping

from caseseries.words.intervals import level_text, percent_limit, rate
from caseseries.words.lists import listing
from caseseries.words.nouns import EPISODES, inflected, plural
from caseseries.words.numbers import counts, number
from caseseries.words.spelling import sentence, words

PEOPLE = (("newborn", "newborns"), ("neonatal", "newborns"), ("neonate", "newborns"), ("maternal", "mothers"))

SUBJECTS = {"mother": "the mother", "neonate": "the newborn", "patient": "the patient"}
"""Who had an adverse event, as adverse_events.csv says it, within a sentence."""


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
    group: str = "",
    note: str = "",
) -> str:
    """A counted outcome: none at all with the upper bound, otherwise the share with its interval; `note` tells of a
    count that no source prints.
    """
    of_whom = "; ".join(text for text in (group, note) if text)
    what = outcome_words(name) + (f" ({of_whom})" if of_whom else "")
    if not events:
        bound = f"upper bound {percent_limit(upper, n)} %"
        return sentence(f"no {what}: {counts(0, n)}, {bound} ({level_text(level)} interval)")
    return sentence(f"{what}: {rate(events, n, lower, upper, level=level)}")


NEWBORN_GROUPS = ("neonates", "newborns", "infants")
"""First word of the groups of aggregates.csv that are of newborns."""


def of_newborns_by_name(group: str) -> bool:
    """Whether a group is of newborns: "neonates (review table)"."""
    return group.split(" ", 1)[0].lower() in NEWBORN_GROUPS


def subject_of(name: str) -> str:
    """Who has an outcome by its name, as adverse_events.csv says it: `newborn_adverse_event` -> "neonate"."""
    text = words(name)
    found = next((people for prefix, people in PEOPLE if text.startswith(f"{prefix} ")), "")
    return {"newborns": "neonate", "mothers": "mother"}.get(found, "")


def say_adverse_events(events: float, by_subject: Mapping[str, tuple[float, float]]) -> str:
    """What was recorded of single cases; "" where nothing was, since that is no proof that nothing happened.

    `by_subject` is the number of episodes with an event, and of all, by the subject of adverse_events.csv; mother and
    newborn are never summed.
    """
    if not events:
        return ""
    said = f"{plural(events, 'adverse event')} {inflected(events, 'was', 'were')} recorded"
    whom = [
        ("" if subject == "patient" else f"in {SUBJECTS[subject]} ") + f"in {counts(had, n)} {EPISODES.of(n)}"
        for subject, (had, n) in by_subject.items()
        if had
    ]
    return sentence(f"{said}{', ' if len(whom) == 1 else ': '}{listing(whom)}")


def say_without_denominator(name: str, events: float) -> str:
    """A counted outcome whose source does not say among how many."""
    return f"{outcome_words(name)} in {number(events) if events else 'none'}"
