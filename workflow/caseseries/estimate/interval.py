"""Response seen only at visits: Turnbull's estimate from intervals (left, right].

lifelines takes intervals as closed, so that neighbouring visits share a day and the answer changes; R's `survfit`
stops its iteration early (docs/numerics.md).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caseseries.estimate.arrays import Arguments, merge_ties

NO_MASS = 1e-9
"""Innermost intervals with less than this are given no mass (the bound of R's `interval::icfit`)."""

NO_GAIN = 1e-13
"""The iteration ends with the step that would raise the mean log-likelihood by less than this, which is rounding."""

MOST_ITERATIONS = 500


def turnbull(left: ArrayLike, right: ArrayLike) -> pd.DataFrame:
    """Nonparametric maximum-likelihood distribution of a time known only to lie in an interval.

    Turnbull (1976, J R Stat Soc B), on the innermost intervals. How the mass lies inside
    an interval is unknown: the share with the event is known only at the right ends.

    Parameters
    ----------
    left, right : the event lies in (left, right]; right = inf where it was not seen by `left`; left = right where
        the time is exact.

    Returns
    -------
    `left`, `right`, `mass`: innermost intervals in ascending order with their probability, which sums to 1. An
    interval with left = right is a single time.

    Raises
    ------
    ValueError : missing, negative or unequally many ends, left beyond right.
    RuntimeError : no convergence.
    """
    given = Arguments()
    lefts, rights = given.times("left", left), given.times("right", right, infinite=True)
    if lefts.size == rights.size:
        given.require(not (lefts > rights).any(), "left: must not lie beyond right (for example: left 7, right 14)")
    given.done()
    lefts, rights = merge_ties([lefts, rights])
    starts, ends, exact = _innermost(lefts, rights)
    pairs, weight = np.unique(np.column_stack((lefts, rights)), axis=0, return_counts=True)
    low, high = pairs[:, :1], pairs[:, 1:]
    # An exact time lies in (l, r] where l < time <= r, or where the interval is that very time.
    holds = (low <= starts) & (ends <= high) & ~(exact & (starts == low) & (low < high))
    mass = _iterate(holds.astype(float), weight / weight.sum())
    kept = mass > NO_MASS
    return pd.DataFrame({"left": starts[kept], "right": ends[kept], "mass": mass[kept] / mass[kept].sum()})


def _innermost(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Intervals between a left end and the right end that follows it next, and whether each is a single time.

    At one value the left end of an exact time comes first, then right ends (closed), then open left ends.
    """
    value = np.concatenate((left, right))
    is_left = np.repeat([True, False], left.size)
    rank = np.where(is_left, np.where(np.concatenate((left == right, left == right)), 0, 2), 1)
    order = np.lexsort((rank, value))
    here, following = order[:-1], order[1:]
    found = is_left[here] & ~is_left[following]
    return value[here][found], value[following][found], rank[here][found] == 0


def _iterate(holds: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Masses with the largest likelihood, by constrained Newton steps with exact zeros.

    The log-likelihood is replaced by its second-order expansion, which is a least-squares problem in masses from 0
    (Wang 2007, J R Stat Soc B, with Dax's way to keep their sum 1); the step is halved until the
    likelihood rises. Self-consistency alone can creep for ever towards a mass of 0.
    """
    from scipy.optimize import nnls

    root = np.sqrt(weight)
    mass = np.full(holds.shape[1], 1 / holds.shape[1])
    for _ in range(MOST_ITERATIONS):
        chance = holds @ mass
        slope = root[:, None] * (holds / chance[:, None] - 2)
        found, _ = nnls(np.vstack((slope, np.ones(mass.size))), np.append(np.zeros(root.size), 1.0))
        direction = found / found.sum() - mass
        gain = (weight / chance) @ (holds @ direction)
        if gain < NO_GAIN:
            return mass + direction
        step = 1.0
        while not _rises(holds @ (mass + step * direction), weight, weight @ np.log(chance), step * gain):
            step /= 2
        mass = mass + step * direction
    raise RuntimeError(f"turnbull: no convergence within {MOST_ITERATIONS} iterations")


def _rises(chance: np.ndarray, weight: np.ndarray, likelihood: float, gain: float) -> bool:
    return bool(chance.min() > 0 and weight @ np.log(chance) >= likelihood + gain / 3)
