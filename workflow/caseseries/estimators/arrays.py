"""What the estimators ask of their arrays, and how times are put in order.

Every fault is reported at once, by argument name and position, never by value: positions count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import ArrayLike

LONGEST_COUNTED = 1_000_000
"""Whole-number times up to this value are counted in bins instead of sorted."""

TIED_WITHIN = float(np.sqrt(np.finfo(float).eps))
"""Two times closer than this, absolutely or relative to the mean distinct time, are one time (`survival::aeqSurv`)."""


BLOCK = 4096
"""Elements that are worked on together where a curve is long: what is made on the way stays in the cache."""


class Arguments:
    """Collects the faults of a call's arguments, so that one error names them all."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.lengths: dict[str, int] = {}

    def times(self, name: str, values: ArrayLike, *, infinite: bool = False) -> np.ndarray:
        """Times as float: finite (unless `infinite`) and not negative."""
        array = self.numbers(name, values, "14")
        missing = np.isnan(array) if infinite else ~np.isfinite(array)
        self._fault(name, missing, "missing" if infinite else "missing or infinite", "14")
        self._fault(name, array < 0, "negative; times count from the start", "14")
        return array

    def codes(self, name: str, values: ArrayLike, *, largest: int | None = None) -> np.ndarray:
        """Event or cause codes as int: whole numbers from 0 (censored), up to `largest` where given."""
        given = np.asarray(values)
        top = np.inf if largest is None else largest
        example = "1 for the event, 0 for censored"
        if given.dtype.kind in "iub" and given.ndim == 1:
            self.lengths[name] = given.size
            array = given.astype(np.int64, copy=False)
            if not given.size or (array.min() >= 0 and array.max() <= top):
                return array
        numbers = self.numbers(name, values, example)
        missing = ~np.isfinite(numbers)
        self._fault(name, missing, "missing", example)
        whole = np.where(missing, 0, numbers)
        odd = (whole != np.floor(whole)) | (whole < 0) | (whole > top)
        self._fault(name, odd, "not a whole number from 0" + ("" if largest is None else f" to {largest}"), example)
        return np.where(odd, 0, whole).astype(np.int64)

    def require(self, fulfilled: bool, sentence: str) -> None:
        """Note a fault unless the condition is fulfilled."""
        if not fulfilled:
            self.faults.append(sentence)

    def done(self, *, at_least: int = 1) -> None:
        """Raise one ValueError with every fault, unequal lengths and too few rows included."""
        if len(set(self.lengths.values())) > 1:
            lengths = ", ".join(f"{name} has {length}" for name, length in self.lengths.items())
            self.faults.append(f"all arguments need one value per subject: {lengths}")
        elif self.lengths and min(self.lengths.values()) < at_least:
            names = ", ".join(self.lengths)
            self.faults.append(f"{names}: at least {at_least} subject{'s' if at_least > 1 else ''} needed")
        if self.faults:
            raise ValueError("; ".join(self.faults))

    def numbers(self, name: str, values: ArrayLike, example: str) -> np.ndarray:
        """Numbers as float, nan among them."""
        try:
            array = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            self.faults.append(f"{name}: must be numbers (for example: {example})")
            array = np.zeros(np.size(values))
        if array.ndim != 1:
            self.faults.append(f"{name}: must be one-dimensional (for example: [3, 7, 14])")
            array = array.ravel()
        self.lengths[name] = array.size
        return array

    def _fault(self, name: str, mask: np.ndarray, what: str, example: str) -> None:
        if mask.any():
            self.faults.append(f"{name}: {positions(mask)} {what} (for example: {example})")


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 event, 2 events."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def positions(mask: np.ndarray) -> str:
    """How many positions of a mask are set and which come first, for a message."""
    where = np.flatnonzero(mask)
    shown = ", ".join(str(i) for i in where[:5]) + (", ..." if where.size > 5 else "")
    return f"{where.size} of {mask.size} values (position{'s' if where.size > 1 else ''} {shown})"


NOTHING_VARIED = "no interval: nothing varied"
"""Note of an estimate whose standard error is 0: an interval without width would pass for certainty."""

NO_SPREAD = 1e-12
"""A variance below this, times the number of cases, is 0 but for rounding."""


def check_level(level: float) -> float:
    """A confidence level strictly between 0 and 1, such as 0.95."""
    if not 0 < level < 1:
        raise ValueError("level: must lie between 0 and 1 (for example: 0.95)")
    return float(level)


def in_blocks(function: Callable[..., tuple[np.ndarray, ...]], *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """Results of a function of single elements, worked out block by block along the last axis."""
    size = arrays[0].shape[-1]
    if size <= BLOCK:
        return function(*arrays)
    whole: tuple[np.ndarray, ...] = ()
    for start in range(0, size, BLOCK):
        found = function(*(array[..., start : start + BLOCK] for array in arrays))
        whole = whole or tuple(np.empty((*part.shape[:-1], size), part.dtype) for part in found)
        for result, part in zip(whole, found, strict=True):
            result[..., start : start + BLOCK] = part
    return whole


def merge_ties(times: Iterable[np.ndarray]) -> list[np.ndarray]:
    """Give times that differ by rounding only one value, the smallest of them.

    The rule is that of R's `survfit` (`timefix = TRUE`, `survival::aeqSurv`): neighbouring distinct times are one
    when their difference is at most 1.49e-8, absolutely or in units of the mean distinct time. Arrays given
    together (entry and exit times) are merged together. Infinite times stay.
    """
    arrays = list(times)
    joined = np.concatenate(arrays)
    distinct = np.unique(joined[np.isfinite(joined)])
    if distinct.size < 2:
        return arrays
    tied = _tied(distinct)
    if not tied.any():
        return arrays
    first = distinct[np.concatenate(([True], ~tied))]
    return [
        np.where(np.isfinite(a), first[np.searchsorted(first, np.where(np.isfinite(a), a, 0), "right") - 1], a)
        for a in arrays
    ]


def _tied(distinct: np.ndarray) -> np.ndarray:
    """Which ascending distinct times differ from the one before by rounding only; one shorter than the times."""
    gap = np.diff(distinct)
    nearest = max(TIED_WITHIN, TIED_WITHIN * float(np.abs(distinct).mean()))
    return gap <= nearest


def distinct_times(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct times in ascending order and, for each subject, the place of its time among them.

    Whole numbers are counted in bins, which takes linear time; others are merged (`merge_ties`) and sorted.
    """
    top = time.max(initial=0)
    if top <= LONGEST_COUNTED:
        whole = time.astype(np.int64)
        if (whole == time).all():
            seen = np.bincount(whole, minlength=1) > 0
            return np.flatnonzero(seen).astype(float), (np.cumsum(seen) - 1)[whole]
    order = np.argsort(time)  # which of equal times comes first has no bearing on their place
    ascending = time[order]
    place = np.empty(time.size, dtype=np.int64)
    if not _tied(ascending).any():
        place[order] = np.arange(time.size)
        return ascending, place
    starts = np.concatenate(([True], np.diff(ascending) > 0))
    distinct = ascending[starts]
    first = np.concatenate(([True], ~_tied(distinct)))
    place[order] = (np.cumsum(first) - 1)[np.cumsum(starts) - 1]
    return distinct[first], place


def at_risk(exit_place: np.ndarray, distinct: np.ndarray, entry: np.ndarray | None = None) -> np.ndarray:
    """Number at risk just before each distinct exit time; with `entry`, those who entered before it."""
    if distinct.size == exit_place.size:  # one at a time
        still = np.arange(distinct.size, 0, -1)
    else:
        still = np.bincount(exit_place, minlength=distinct.size)[::-1].cumsum()[::-1]
    if entry is None:
        return still
    return still - (entry.size - np.searchsorted(np.sort(entry), distinct, "left"))
