"""Which episode of a person came first."""

from __future__ import annotations

import numpy as np
import pandas as pd

TELLS_ORDER = ("episode_order", "age_years", "prior_lines")
"""Columns of episodes.csv that grow from one episode of a person to the next, the surest in front."""


def first_episodes(episodes: pd.DataFrame) -> pd.Series:
    """Mask of the first episode of each person.

    The order is told by the first of `TELLS_ORDER` that is known for all episodes of the person and differs between
    them; where none tells, the first row stands (`untold_order`).
    """
    left = _earliest(episodes)
    persons = episodes["patient_id"].to_numpy()
    first = np.zeros(len(episodes), dtype=bool)
    first[np.flatnonzero(left)[~pd.Series(persons[left]).duplicated().to_numpy()]] = True
    return pd.Series(first, index=episodes.index)


def untold_order(episodes: pd.DataFrame) -> pd.Series:
    """Mask of the episodes of which no column tells whether they were the first of their person."""
    left = _earliest(episodes)
    persons = episodes["patient_id"].to_numpy()
    untold = np.zeros(len(episodes), dtype=bool)
    untold[left] = pd.Series(persons[left]).duplicated(keep=False).to_numpy()
    return pd.Series(untold, index=episodes.index)


def _earliest(episodes: pd.DataFrame) -> np.ndarray:
    """Mask of the episodes of which none of the same person is known to be earlier."""
    left = np.ones(len(episodes), dtype=bool)
    several = episodes["patient_id"].duplicated(keep=False).to_numpy()
    for name in TELLS_ORDER if several.any() else ():
        if name in episodes:
            places = np.flatnonzero(several & left)
            persons = episodes["patient_id"].to_numpy()[places]
            values = pd.Series(episodes[name].to_numpy(dtype=float)[places])
            of_person = values.groupby(persons)
            complete = values.notna().groupby(persons).transform("all").to_numpy(dtype=bool)
            left[places] = ~(complete & (values > of_person.transform("min")).to_numpy())
    return left
