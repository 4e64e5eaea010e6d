"""Three-valued truth on arrays: int8 with TRUE = 1, UNKNOWN = 0, FALSE = -1.

Kleene's AND is the minimum, OR the maximum and NOT the sign change (Kleene 1952, section 64).
"""

from __future__ import annotations

import numpy as np

TRUE, UNKNOWN, FALSE = np.int8(1), np.int8(0), np.int8(-1)


def from_bool(condition: np.ndarray) -> np.ndarray:
    """TRUE where the condition holds, else FALSE (int8, same shape)."""
    return (condition.view(np.int8) << 1) - TRUE


def from_bounds(surely: np.ndarray, surely_not: np.ndarray) -> np.ndarray:
    """TRUE where it surely holds, FALSE where it surely does not, else UNKNOWN; both must not hold at once."""
    return surely.view(np.int8) - surely_not.view(np.int8)


def both(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Kleene's AND."""
    return np.minimum(left, right)


def either(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Kleene's OR."""
    return np.maximum(left, right)


def negate(truth: np.ndarray) -> np.ndarray:
    """Kleene's NOT."""
    return np.negative(truth)
