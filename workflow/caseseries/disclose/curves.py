"""Curves of a restricted cohort, made again from time in blocks that tell of nobody alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from caseseries.disclose.grouped_time import block_ends, in_blocks
from caseseries.disclose.people import People
from caseseries.disclose.shown import Shown
from caseseries.model.groups import ALL
from caseseries.model.results import event_of

FEWEST_BLOCKS = 2
"""A curve of one step says no more than the rate does."""


def told_times(
    definitions: list[str], groups: list[str], people: People, shown: Shown
) -> tuple[pd.DataFrame, set[str]]:
    """Rows of times.csv with each day moved to the end of its block, empty where no curve may be told; and the
    definitions whose curves may be told by group.

    Estimators that read these rows see nothing finer than the blocks, so that neither steps, standard errors, limits,
    medians nor numbers at risk tell more. Blocks hold none or at least k people of each way to end, and of each group
    that is told.

    Parameters
    ----------
    definitions : whose curves are wanted, the most wanted first.
    groups : that are told beside everybody; where they cannot be, everybody alone is.
    """
    parts, by_group = [], set()
    for definition in definitions:
        times = people.times[people.times["definition"] == definition].set_index("episode_id")
        own = times.reindex(people.episodes["episode_id"])
        if own["time"].isna().any():  # known only within intervals, or not for everybody
            continue
        for wanted in [groups, []] if groups else [[]]:
            ends = _told_blocks(own, event_of(definition), wanted, people, shown)
            if ends.size:
                parts.append(_moved(own, ends, definition))
                by_group |= {definition} if wanted else set()
                break
    return (pd.concat(parts, ignore_index=True) if parts else people.times.iloc[:0]), by_group


def _told_blocks(own: pd.DataFrame, event: str, groups: list[str], people: People, shown: Shown) -> np.ndarray:
    """Ends of the finest blocks that may be told, run together two by two until they may; empty where none may."""
    day = own["time"].to_numpy(float)
    kind = pd.Categorical(own["cause"], categories=[event, *sorted(set(own["cause"]) - {event})]).codes.astype(int)
    group = np.zeros(day.size, dtype=int)
    for code, key in enumerate(groups, start=1):
        group[people.group(key)] = code
    ends = block_ends(day, kind, group, shown.threshold)
    while ends.size >= FEWEST_BLOCKS:
        masks = [
            cell & people.group(key) for cell in _sums(np.searchsorted(ends, day), kind) for key in groups or [ALL]
        ]
        if shown.tell(mask for mask in masks if mask.any()):
            return ends
        ends = ends[1::2] if ends.size % 2 == 0 else np.append(ends[1:-1:2], ends[-1])
    return ends[:0]


def _sums(block: np.ndarray, kind: np.ndarray) -> Iterator[np.ndarray]:
    """Those whom a curve counts: by how and in which block it ended, by then, and still at risk."""
    for last in range(int(block.max()) + 1):
        yield block >= last
        for one in range(int(kind.max()) + 1):
            yield (block == last) & (kind == one)
            yield (block <= last) & (kind == one)


def _moved(own: pd.DataFrame, ends: np.ndarray, definition: str) -> pd.DataFrame:
    time = in_blocks(own["time"].to_numpy(float), ends)
    return pd.DataFrame(
        {
            "episode_id": own.index,
            "definition": definition,
            "time": time,
            "cause": own["cause"].to_numpy(),
            "left": np.nan,
            "right": np.nan,
        }
    )
