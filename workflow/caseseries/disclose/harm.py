"""Which rates of harm of a restricted cohort may be told: never one that tells of few people, in no part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown
from caseseries.estimate.exposure import first_by_group
from caseseries.estimate.harms import Outcome
from caseseries.model.groups import primary_episodes
from caseseries.model.methods import EXACT
from caseseries.response import truth

Told = set[tuple[str, str, str]]


def tell_harms(outcomes: Iterable[Outcome], groups: list[str], people: People, shown: Shown) -> Told:
    """(statistic, cause, group) of each rate of harm that may be told; those that may are counted as told in `shown`.

    As for response, a rate of nobody or of everybody is not told, and the groups of an outcome are told together or
    not at all. A name that fewer people than the threshold stand with as written is not told either.
    """
    told: Told = set()
    if people.cohort.selected:
        return told
    rare = rare_terms(people, shown)
    members = dict(first_by_group(people.cohort, people.records))
    first = primary_episodes(people.cohort, people.records["episodes"]).to_numpy()
    for outcome in outcomes:
        if any(term in outcome.cause.casefold() for term in rare):
            continue
        judged = {group: outcome.looked_at & among(members[group], first) for group in groups if group in members}
        wanted = [group for group, mine in judged.items() if mine.any()]
        masks = [mask[first] for group in wanted for mask in parts(outcome, judged[group])]
        if (
            wanted
            and all(varied(outcome, judged[group]) for group in wanted)
            and shown.tell(m for m in masks if m.any())
        ):
            told |= {(outcome.statistic, outcome.cause, group) for group in wanted}
    return told


def among(numbers: np.ndarray, episodes: np.ndarray) -> np.ndarray:
    """Mask, as long as `episodes`, of those with some numbers."""
    mask = np.zeros(len(episodes), bool)
    mask[numbers] = True
    return mask


def varied(outcome: Outcome, mine: np.ndarray) -> bool:
    """Whether somebody in the rate, of a mask of episodes, had the event and somebody did not.

    A rate of nobody is not told either: its bounds would say that nobody is known to have had the event.
    """
    return len(np.unique(outcome.happened[mine & outcome.in_rate])) == 2


def parts(outcome: Outcome, mine: np.ndarray) -> Iterator[np.ndarray]:
    """Masks of the episodes whom the rate, its bounds and its numbers count, part by part, and as they are summed."""
    inside, outside, happened = mine & outcome.in_rate, mine & ~outcome.in_rate, outcome.happened
    yield mine
    yield inside
    yield mine & (happened == truth.TRUE)
    yield mine & (happened != truth.FALSE)
    yield from (inside & (happened == found) for found in (truth.TRUE, truth.FALSE))
    yield outside
    yield from (outside & (happened == found) for found in (truth.TRUE, truth.UNKNOWN, truth.FALSE))


def rare_terms(people: People, shown: Shown) -> set[str]:
    """Terms of adverse events that stand with few people, in small letters."""
    events, episodes = people.records["adverse_events"], people.records["episodes"]
    person = events["episode_id"].map(episodes.set_index("episode_id")["patient_id"])
    sizes = person.groupby(events["term"].str.casefold()).nunique()
    return {term for term, size in sizes.items() if shown.small(size)}


def told_harms(estimates: pd.DataFrame, told: Told) -> pd.DataFrame:
    """The rows of estimates.csv whose rates of harm may be told, with their bounds.

    No count of events, median, range or rate by time is among them: they tell of single people, or of none.
    """
    base = estimates["statistic"].str.replace(r"_(?:best|worst)_case$", "", regex=True)
    keys = zip(base, estimates["cause"], estimates["group"], strict=True)
    named = pd.Series([key in told for key in keys], index=estimates.index, dtype=bool)
    return estimates[named & (estimates["analysis"] == "primary") & (estimates["method"] == EXACT)]
