"""A curve that tells of no few people: time in blocks so long that each holds none or at least k of every kind."""

from __future__ import annotations

import numpy as np


def block_ends(day: np.ndarray, kind: np.ndarray, group: np.ndarray, threshold: int) -> np.ndarray:
    """Last days of the shortest blocks in which each kind of end befell nobody or at least k people of each group.

    The first block may begin anywhere; what is left over at the end joins the last block.

    Parameters
    ----------
    day : day on which each person's course ended, by the event or otherwise.
    kind, group : code of how it ended, and of the person's group, 0 and up.

    Returns
    -------
    Days, ascending; empty where not even one block over all days is allowed.
    """
    kinds, groups = int(kind.max()) + 1, int(group.max()) + 1
    cell = kind * groups + group
    waiting = np.zeros(kinds * groups, dtype=int)
    ends: list[float] = []
    for now in np.unique(day):
        waiting += np.bincount(cell[day == now], minlength=waiting.size)
        if not ((waiting > 0) & (waiting < threshold)).any():
            ends.append(float(now))
            waiting[:] = 0
    if not waiting.any():
        return np.array(ends)
    return _closed(day, cell, np.array(ends), threshold)


def _closed(day: np.ndarray, cell: np.ndarray, ends: np.ndarray, threshold: int) -> np.ndarray:
    """The ends, with the last blocks run together until what was left over is in one that is allowed."""
    last = float(day.max())
    while ends.size:
        start = ends[-2] if ends.size > 1 else -np.inf
        counted = np.bincount(cell[day > start])
        if not ((counted > 0) & (counted < threshold)).any():
            return np.append(ends[:-1], last)
        ends = ends[:-1]
    return ends


def in_blocks(day: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Each day moved to the end of its block."""
    return ends[np.searchsorted(ends, day)]
