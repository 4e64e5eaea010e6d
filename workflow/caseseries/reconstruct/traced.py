"""Steps found in readings that follow the line of a curve, as digitising programs export them."""

from __future__ import annotations

import numpy as np

WINDOW = 5
"""Readings whose median is taken: a slip of one or two vanishes, a plateau of three stays."""

LOWEST_STEP = 0.7
"""A fall of less than this part of 1 / n is none. No step of a product-limit curve of n cases is lower than 1 / n;
the rest is left to the reading."""


def steps_of_line(days: list[int], levels: list[float], n: int) -> tuple[list[int], list[float]]:
    """Days and levels of the steps in a line that was followed.

    Neighbouring levels are joined, those nearest to each other first, until every fall may be a step of a curve of n
    cases. The day of a step is that of the first reading on the lower level, the level the median of its readings.

    Parameters
    ----------
    days : of the readings, in order. levels : shares without the event.
    """
    from scipy.ndimage import median_filter

    smooth = np.minimum.accumulate(median_filter(np.asarray(levels, dtype=float), size=WINDOW, mode="nearest"))
    starts = np.flatnonzero(np.diff(smooth, prepend=np.inf) < 0)
    plateaus = [smooth[a:b] for a, b in zip(starts, [*starts[1:], smooth.size], strict=True)]
    first = [days[start] for start in starts]
    while len(plateaus) > 1:
        heights = np.array([np.median(plateau) for plateau in plateaus])
        falls = -np.diff(heights)
        place = int(np.argmin(falls))
        if falls[place] >= LOWEST_STEP / n:
            break
        larger = len(plateaus[place]) >= len(plateaus[place + 1])
        plateaus[place : place + 2] = [np.concatenate(plateaus[place : place + 2])]
        first[place : place + 2] = [first[place] if larger or not place else first[place + 1]]
    found = [float(np.median(plateau)) for plateau in plateaus]
    begins = int(1 - found[0] < LOWEST_STEP / n)  # the line before the first step
    return first[begins:], found[begins:]
