"""Which groups of people a release has counted, and whether one more may be counted beside them.

The rule is that of a threshold with complementary suppression (ACRO's `safe_threshold`, OpenSAFELY's redaction of
small numbers), written for groups of the same people under many definitions: a count is never looked at alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Shown:
    """Groups of people whose number a release tells.

    Parameters
    ----------
    people : number of people in the cohort, which is told.
    threshold : k; no number from 1 to k - 1 may be told or follow from those that are.
    """

    people: int
    threshold: int
    groups: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.groups = np.ones((1, self.people), dtype=bool)

    def small(self, number: np.ndarray | int) -> np.ndarray:
        """Whether a number of people is from 1 to k - 1."""
        return (np.asarray(number) > 0) & (np.asarray(number) < self.threshold)

    def admits(self, new: Iterable[np.ndarray]) -> bool:
        """Whether all these groups may be told together, beside each other and those told before.

        Where one of the four cells of the cross table of two told groups is empty, and who knows the definitions
        often knows that it is, their sizes give the other three: each of these must be 0 or at least k.

        Parameters
        ----------
        new : masks over the people of the cohort, in their order.
        """
        told = self.groups
        for mask in new:
            both = (told & mask).sum(axis=1)
            size, sizes = int(mask.sum()), told.sum(axis=1)
            cells = np.stack([both, size - both, sizes - both, self.people - size - sizes + both])
            follows = (cells == 0).any(axis=0)
            if self.small(size) or (self.small(cells).any(axis=0) & follows).any():
                return False
            told = np.vstack([told, mask])
        return True

    def tell(self, new: Iterable[np.ndarray]) -> bool:
        """Take these groups in if they may be told; whether they were taken in."""
        masks = list(new)
        if not self.admits(masks):
            return False
        known = {row.tobytes() for row in self.groups}
        fresh = [mask for mask in masks if mask.tobytes() not in known]
        if fresh:
            self.groups = np.vstack([self.groups, *fresh])
        return True
