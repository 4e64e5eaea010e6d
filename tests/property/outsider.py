"""What an outsider can work out of the sums that a release tells, by linear programming.

The outsider knows the number of each told group of people, and, from what the definitions say, which two groups have
nobody in common and which holds which. A number follows where all assignments of people that agree with this give it
one and the same size.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

ROUNDS = 60
"""Most kinds of people that are added before a number counts as determined; more have never been needed."""


class Outsider:
    """The told groups of the same people.

    Parameters
    ----------
    told : masks over the people; everybody is among them.
    """

    def __init__(self, told: list[np.ndarray]):
        unique = {mask.tobytes(): mask for mask in told}
        self.told = np.array(list(unique.values()))
        self.sizes = self.told.sum(axis=1)
        _, values, rows = np.linalg.svd(self.told.astype(float), full_matrices=False)
        self.basis = rows[values > 1e-9 * values[0]]

    def follow(self, cells: np.ndarray) -> np.ndarray:
        """Which cells (masks over the people) are sums and differences of told groups."""
        cells = np.atleast_2d(cells).astype(float)
        return ((self.basis @ cells.T) ** 2).sum(axis=0) > cells.sum(axis=1) - 1e-6

    def range_of(self, cell: np.ndarray) -> tuple[int, int]:
        """Sizes between which a group of people must lie, of which it is known with which told ones it has somebody in
        common and which of them hold it.

        It is as narrow as for somebody who knows every kind of person that there is, in and out of each group; where
        that leaves one size, kinds are added of which the outsider cannot know that nobody is of them.
        """
        everybody = np.vstack([self.told, cell])
        kinds = np.unique(everybody, axis=1).astype(float)
        low, high = (self._end(kinds, sign) for sign in (1, -1))
        if low == high:
            clauses = _clauses(everybody)
            low, high = (self._end(kinds, sign, clauses) for sign in (1, -1))
        return low, high

    def _end(self, kinds: np.ndarray, sign: int, clauses: tuple[np.ndarray, np.ndarray] | None = None) -> int:
        """The smallest (1) or largest (-1) size."""
        for _ in range(ROUNDS if clauses else 1):
            found = linprog(sign * kinds[-1], A_eq=kinds[:-1], b_eq=self.sizes)
            assert found.success
            fresh = _cheaper_kind(found.eqlin.marginals, sign, clauses) if clauses else None
            if fresh is None:
                break
            kinds = np.column_stack([kinds, fresh])
        return int(np.ceil(found.fun - 1e-6)) if sign == 1 else int(np.floor(1e-6 - found.fun))


def _clauses(groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and lower limits of the conditions that no two groups be joined as nobody is."""
    rows, limits = [], []
    yes, no = groups.astype(int), 1 - groups.astype(int)
    for a, first in ((1, yes), (0, no)):
        for b, second in ((1, yes), (0, no)):
            for i, j in np.argwhere(first @ second.T == 0):
                if i < j:
                    row = np.zeros(len(groups))
                    row[i], row[j] = 1 - 2 * a, 1 - 2 * b
                    rows.append(row)
                    limits.append(1 - a - b)
    return np.array(rows).reshape(-1, len(groups)), np.array(limits, dtype=float)


def _cheaper_kind(prices: np.ndarray, sign: int, clauses: tuple[np.ndarray, np.ndarray]) -> np.ndarray | None:
    """A kind of person, in and out of each group, that would move the end further; None where none does."""
    cost = np.append(-prices, sign)
    limits = [LinearConstraint(*clauses, np.inf)] if len(clauses[0]) else []
    found = milp(cost, constraints=limits, integrality=np.ones(cost.size), bounds=Bounds(0, 1))
    return np.round(found.x) if found.fun < -1e-7 else None


def small_cells(told: np.ndarray, threshold: int) -> np.ndarray:
    """Every part of two or three told groups with somebody, but fewer than k people, in it; masks over the people."""
    sides = np.vstack([told, ~told])
    pairs = _distinct(np.vstack([sides[place + 1 :] & side for place, side in enumerate(sides)]))
    large = pairs[pairs.sum(axis=1) >= threshold]
    found = [pairs, *(_distinct(large & side) for side in sides)]
    return _distinct(np.vstack([cells[(cells.sum(axis=1) < threshold) & cells.any(axis=1)] for cells in found]))


def _distinct(masks: np.ndarray) -> np.ndarray:
    packed = np.packbits(masks, axis=1)
    _, first = np.unique(np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel(), return_index=True)
    return masks[first]
