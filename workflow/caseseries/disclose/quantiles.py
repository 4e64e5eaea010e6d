"""Medians and quartiles that are no single person's value."""

from __future__ import annotations

import numpy as np

STEPS = (1.0, 2.0, 5.0)


def rounded_quantile(values: np.ndarray, share: float, threshold: int) -> float:
    """A quantile rounded so coarsely that at least k people's values round to the same number; nan where none does.

    The step is the first of 1, 2, 5 times a power of ten, from the finest with which the values are written, at
    which that holds.
    """
    if values.size < threshold:
        return float("nan")
    with np.errstate(invalid="ignore"):  # between two ends that nobody knows there is no number
        wanted = float(np.quantile(values, share))
    spread = float(np.ptp(values[np.isfinite(values)])) if np.isfinite(wanted) else 0.0
    if spread == 0:
        return float("nan")
    for power in range(-3, int(np.ceil(np.log10(spread))) + 1):
        for step in STEPS:
            size = step * 10.0**power
            if size > spread:
                return float("nan")
            if (_rounded(values, size) == _rounded(np.array([wanted]), size)).sum() >= threshold:
                return float(_rounded(np.array([wanted]), size)[0] * size)
    return float("nan")


def _rounded(values: np.ndarray, size: float) -> np.ndarray:
    return np.floor(values / size + 0.5)
