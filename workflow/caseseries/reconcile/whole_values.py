"""Whether so many whole numbers with a given sum and sum of squares exist: the question behind mean and SD.

Parity of sum and sum of squares is necessary and not enough: three whole numbers with sum 21 and sum of squares 151
or 157 do not exist. So they are looked for, exhaustively.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isqrt

MOST_STEPS = 200_000
"""Sums looked at before the search is given up; then nothing is called impossible."""


def exist(n: int, total: int, squares: Iterable[int], low: int | None = None, high: int | None = None) -> bool:
    """Whether some `n` whole numbers have the sum `total` and one of the sums of squares.

    Parameters
    ----------
    low, high : the numbers lie within, and both ends occur (a printed range); None where no range is known.

    Returns
    -------
    True also where `MOST_STEPS` did not settle it.
    """
    if low is None or high is None:
        return any(_found(n, total, square, None, None) for square in squares)
    if n == 1:
        return low == high == total and low * low in set(squares)
    rest = [square - low * low - high * high for square in squares]
    return any(_found(n - 2, total - low - high, square, low, high) for square in rest)


def _found(n: int, total: int, squares: int, low: int | None, high: int | None) -> bool:
    """Search over what is left when single numbers are taken away, those far from the mean first."""
    waiting, seen, steps = [(n, total, squares)], set(), 0
    while waiting:
        state = waiting.pop()
        if state in seen or not _possible(*state, low, high):
            continue
        seen.add(state)
        count, left, rest = state
        if count == 0 or rest in (least(count, left), most(count, left, low, high)):
            return True
        steps += 1
        if steps > MOST_STEPS:
            return True
        waiting += [(count - 1, left - x, rest - x * x) for x in _candidates(count, left, rest, low, high)]
    return False


def _possible(n: int, total: int, squares: int, low: int | None, high: int | None) -> bool:
    """What is necessary: parity, and a sum of squares between the least and the most."""
    if n == 0:
        return total == 0 and squares == 0
    if (total - squares) % 2 or squares < least(n, total):
        return False
    if low is None or high is None:
        return n > 1 or total * total == squares
    return low * n <= total <= high * n and squares <= (most(n, total, low, high) or 0)


def least(n: int, total: int) -> int:
    """Smallest sum of squares of n whole numbers with this sum: all alike, or one apart."""
    each, over = divmod(total, n)
    return (n - over) * each * each + over * (each + 1) ** 2


def most(n: int, total: int, low: int | None, high: int | None) -> int | None:
    """Largest sum of squares of n whole numbers between two ends with this sum: as many at the ends as can be."""
    if low is None or high is None:
        return None
    if low == high:
        return n * low * low
    above, rest = divmod(total - n * low, high - low)
    if above >= n:
        return n * high * high
    return above * high * high + (low + rest) ** 2 + (n - above - 1) * low * low


def _candidates(n: int, total: int, squares: int, low: int | None, high: int | None) -> Iterator[int]:
    """Values that one of the numbers may have, nearest to the mean first (the last one is looked at first)."""
    # |x - mean| of one of n numbers is at most the root of (n - 1)/n times the sum of squared deviations
    reach = isqrt((n * squares - total * total) * (n - 1)) // n + 1
    middle = total // n
    first, last = middle - reach, middle + reach + 1
    if low is not None and high is not None:
        first, last = max(first, low), min(last, high)
    return iter(sorted(range(first, last + 1), key=lambda x: (abs(n * x - total), x)))
