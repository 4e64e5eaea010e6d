"""Medians and quartiles that are no single person's value."""

from __future__ import annotations

from itertools import count, takewhile

import numpy as np

STEPS = (1.0, 2.0, 5.0)
FINEST = -3
"""Power of ten of the finest step."""


def rounded_quantile(values: np.ndarray, share: float, threshold: int) -> float:
    """A quantile rounded so coarsely that at least k people's values round to the same number; nan where none does.

    The step is the first of 1, 2, 5 times a power of ten, from the finest, at
    which that holds.
    """
    if values.size < threshold:
        return float("nan")
    with np.errstate(invalid="ignore"):  # between two ends that nobody knows there is no number
        wanted = float(np.quantile(values, share))
    spread = float(np.ptp(values[np.isfinite(values)])) if np.isfinite(wanted) else 0.0
    sizes = (step * 10.0**power for power in count(FINEST) for step in STEPS)
    for size in takewhile(lambda size: size <= spread, sizes if spread else ()):
        if (_rounded(values, size) == _rounded(np.array([wanted]), size)).sum() >= threshold:
            return float(_rounded(np.array([wanted]), size)[0] * size)
    return float("nan")


def _rounded(values: np.ndarray, size: float) -> np.ndarray:
    return np.floor(values / size + 0.5)
