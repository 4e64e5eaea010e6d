"""Response seen only at visits: Turnbull's estimate from intervals (left, right].

lifelines takes intervals as closed, so that neighbouring visits share a day and the answer changes; R's `survfit`
stops its iteration early (docs/numerics.md).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caseseries.estimators.arrays import Arguments, merge_ties

NO_MASS = 1e-9
"""Innermost intervals with less than this are given no mass (the bound of R's `interval::icfit`)."""

NO_GAIN = 1e-13
"""The iteration ends with the step that would raise the mean log-likelihood by less than this, which is rounding."""

MOST_ITERATIONS = 500

FIRST_STEPS = 30
"""Steps of self-consistency before the first Newton step, to find which intervals are likely to keep mass."""

LIKELY = 1e-3
"""Share of the largest mass from which an interval is first taken to keep its own."""

FEW = 60
"""Up to so many innermost intervals the least squares are solved here."""

PULL = 1e-13
"""A mass of 0 is let go where that improves the fit by more than rounding."""


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

    Examples
    --------
    >>> found = turnbull([0, 7, 7], [7, 14, float("inf")])
    >>> found.round(3).to_dict("records")
    [{'left': 0.0, 'right': 7.0, 'mass': 0.333}, {'left': 7.0, 'right': 14.0, 'mass': 0.667}]
    """
    given = Arguments()
    lefts, rights = given.times("left", left), given.times("right", right, infinite=True)
    if lefts.size == rights.size:
        given.require(not (lefts > rights).any(), "left: must not lie beyond right (for example: left 7, right 14)")
    given.done()
    lefts, rights = merge_ties([lefts, rights])
    lefts, rights, weight = _counted_pairs(lefts, rights)
    starts, ends, exact = _innermost(lefts, rights)
    low, high = lefts[:, None], rights[:, None]
    # An exact time lies in (l, r] where l < time <= r, or where the interval is that very time.
    holds = (low <= starts) & (ends <= high) & ~(exact & (starts == low) & (low < high))
    mass = _iterate(holds.astype(float), weight / weight.sum())
    kept = mass > NO_MASS
    return pd.DataFrame({"left": starts[kept], "right": ends[kept], "mass": mass[kept] / mass[kept].sum()})


def _counted_pairs(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Different intervals in the order of their ends, and how many there are of each."""
    lefts, first = np.unique(left, return_inverse=True)
    rights, second = np.unique(right, return_inverse=True)
    pairs, number = np.unique(first * rights.size + second, return_counts=True)
    return lefts[pairs // rights.size], rights[pairs % rights.size], number


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
    root = np.sqrt(weight)
    mass = np.full(holds.shape[1], 1 / holds.shape[1])
    for _ in range(FIRST_STEPS):
        mass *= (weight / (holds @ mass)) @ holds
    for _ in range(MOST_ITERATIONS):
        chance = holds @ mass
        slope = root[:, None] * (holds / chance[:, None] - 2)
        found = least_squares(np.vstack((slope, np.ones(mass.size))), np.append(np.zeros(root.size), 1.0), mass)
        direction = found / found.sum() - mass
        gain = (weight / chance) @ (holds @ direction)
        if gain < NO_GAIN:
            return np.asarray(mass + direction)
        step = 1.0
        while not _rises(holds @ (mass + step * direction), weight, weight @ np.log(chance), step * gain):
            step /= 2
        mass = mass + step * direction
    raise RuntimeError(f"turnbull: no convergence within {MOST_ITERATIONS} iterations")


def _rises(chance: np.ndarray, weight: np.ndarray, likelihood: float, gain: float) -> bool:
    return bool(chance.min() > 0 and weight @ np.log(chance) >= likelihood + gain / 3)


def least_squares(design: np.ndarray, target: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Least squares without negative coefficients; `guess` says which are likely to be 0.

    Many are left to `scipy.optimize.nnls`; a few are solved here by the same active set (Lawson and Hanson 1974), since
    importing scipy.optimize takes longer than all curves of a cohort.
    """
    if guess.size > FEW:
        from scipy.optimize import nnls

        solution: np.ndarray = nnls(design, target)[0]
        return solution
    return _active_set(design, target, guess)


def _active_set(design: np.ndarray, target: np.ndarray, guess: np.ndarray) -> np.ndarray:
    # As many rows as coefficients: the same fits.
    triangle = np.asarray(np.linalg.qr(np.column_stack((design, target)), mode="r"))
    design, target = triangle[:, :-1], triangle[:, -1]
    found = np.where(guess > LIKELY * guess.max(), guess, 0.0)
    free, tried, newest = found > 0, np.zeros(guess.size, bool), -1
    for _ in range(MOST_ITERATIONS + 10 * guess.size):
        best = np.zeros(guess.size)
        best[free] = np.linalg.lstsq(design[:, free], target)[0]
        if newest >= 0 and best[newest] <= 0:  # it was let go for nothing but rounding
            free[newest], tried[newest] = False, True
        elif best[free].min(initial=1.0) <= 0:
            # Walk towards the best until the first coefficient is 0, and hold that one.
            below = free & (best <= 0)
            share = np.where(below, found / np.where(below, found - best, 1.0), np.inf)
            found = np.maximum(found + share.min() * (best - found), 0.0)
            free &= share > share.min()
            newest = -1
            continue
        else:
            found, tried = best, np.zeros(guess.size, bool)
        pull = np.where(free | tried, 0.0, design.T @ (target - design @ found))
        if pull.max() <= PULL:
            return found
        newest = int(pull.argmax())
        free[newest] = True
    raise RuntimeError("turnbull: no convergence of the least squares")
